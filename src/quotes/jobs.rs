//! Reactions of quotes: what a company that closed leaves undecided.

use super::actions;
use crate::app::App;
use crate::companies::events::CompanyClosed;
use crate::outbox::{Job, JobError, Run};
use crate::rfqs;

impl Job for CompanyClosed {
    type Context = App;
    const KIND: &'static str = "company_closed";

    /// Withdraws the company's RFQs and quotes. Run again, it finds none and changes nothing.
    fn run(self, app: &App, _: &Run) -> std::result::Result<(), JobError> {
        rfqs::actions::withdraw_all_of(app, self.company)?;
        actions::withdraw_all_of(app, self.company)?;
        Ok(())
    }
}
