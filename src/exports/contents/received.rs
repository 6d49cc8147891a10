//! Documents that another company attached to a message, a quote or a record that the company sees.

use super::Writing;
use super::kinds::DocumentLine;
use crate::documents::actions as documents;
use crate::error::{Code, Result};
use crate::web::routes::access_policies;

impl Writing<'_> {
    /// Writes those of the documents that were named and are another company's, as far as the owner may open each.
    pub(super) fn received_documents(&mut self) -> Result<()> {
        let policies = access_policies();
        for id in std::mem::take(&mut self.attached) {
            self.ensure_running()?;
            // Each by itself: what it hangs on decides whether it is shown, as when somebody opens it.
            let document = match documents::find(self.app, &policies, self.actor, id) {
                Ok(document) if document.company == self.company => continue,
                Ok(document) => document,
                Err(problem) if problem.code == Code::NotFound => continue,
                Err(problem) => return Err(problem),
            };
            let file = self.file_of(&document.blob, document.media_type);
            self.archive.line(&DocumentLine { document: document.into(), file })?;
        }
        Ok(())
    }
}
