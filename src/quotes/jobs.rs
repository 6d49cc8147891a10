//! Reactions of quotes: what a company that closed leaves undecided.

use super::actions;
use crate::app::App;
use crate::companies::events::CompanyClosed;
use crate::outbox::{Job, JobError, Run};
use crate::{listings, rfqs};

impl Job for CompanyClosed {
    type Context = App;
    const KIND: &'static str = "company_closed";

    /// Withdraws the company's RFQs and quotes; what nobody else has ever seen is forgotten. Run again, it finds none and changes nothing.
    fn run(self, app: &App, _: &Run) -> std::result::Result<(), JobError> {
        if self.was_unconfirmed {
            listings::actions::forget_all_of(app, self.company)?;
            rfqs::actions::forget_all_of(app, self.company)?;
        }
        rfqs::actions::withdraw_all_of(app, self.company)?;
        actions::withdraw_all_of(app, self.company)?;
        Ok(())
    }
}
