//! What moderators are shown by the platform itself: names that pass for another company's.

use super::ReportKind;
use super::actions::report_by_platform;
use crate::app::App;
use crate::companies::events::DoubtfulName;
use crate::companies::names::NameDoubt;
use crate::companies::store as companies;
use crate::locale::{Language, Message};
use crate::outbox::{Job, JobError, Run};

impl Job for DoubtfulName {
    type Context = App;
    const KIND: &'static str = "doubtful_name";

    /// Reports the company, unless such a report is open.
    fn run(self, app: &App, _: &Run) -> std::result::Result<(), JobError> {
        app.db.write(|tx| {
            let message = match self.doubt {
                NameDoubt::MixedScripts => Message::new("moderation-name-mixed").with("name", &self.name),
                NameDoubt::LooksLike { other } => {
                    let like = companies::find(tx.conn(), other)?.map(|other| other.fields.name).unwrap_or_default();
                    Message::new("moderation-name-like")
                        .with("name", &self.name)
                        .with("like", like)
                        .with("id", other.to_string())
                }
            };
            report_by_platform(tx, self.company, ReportKind::LookAlike, &message.text(Language::English))
        })?;
        Ok(())
    }
}
