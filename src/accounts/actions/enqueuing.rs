//! How the jobs of accounts are enqueued: under which key, and how soon they run.

use crate::accounts::audit::AuditEvent;
use crate::accounts::events::{AccountRequest, AccountRequested, SendTokenEmail};
use crate::app::App;
use crate::error::Result;
use crate::mail::rules::ACCOUNT_LANE;
use crate::outbox::{Options, enqueue};
use crate::secrets::Purpose;
use crate::store::{Tx, to_json};

impl SendTokenEmail {
    /// Enqueues the e-mail, once for the row that holds the address; somebody waits for it.
    pub(super) fn enqueue(&self, tx: &mut Tx) -> Result<()> {
        enqueue(tx, self, Options::once(format!("letter {}", self.to)).on_queue(ACCOUNT_LANE).urgent())
    }
}

impl AccountRequest {
    /// Enqueues the request, for as soon as there is a worker.
    pub(super) fn enqueue(&self, app: &App, event: AuditEvent) -> Result<()> {
        let plain = to_json(self)?;
        let sealed = app.secrets.seal(Purpose::Asked, &event.request_id, plain.as_bytes())?;
        let job = AccountRequested { sealed, event };
        app.db.write(|tx| enqueue(tx, &job, Options::default().urgent()))
    }
}
