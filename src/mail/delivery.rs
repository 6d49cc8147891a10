//! Delivery: sends an e-mail, and remembers what mail servers say of its address.
//!
//! | the server's word | what becomes of the e-mail | what becomes of the address |
//! |---|---|---|
//! | 250 | it is sent | what was held against it is forgotten |
//! | no connection, no answer in time, 4xx | tried again, after seconds at first, after a day at last | nothing |
//! | 450, 452, 552: the mailbox is busy or full | tried again in the same way | a *soft* bounce |
//! | 550, 551, 553, 556: there is no such address | given up | a *hard* bounce |
//! | 530 to 538: the server does not know us | tried again: the operator has to mend it | nothing |
//! | any other 5xx, and 5.7.x of RFC 3463: not this e-mail | given up | nothing |
//!
//! After one hard bounce, or soft bounces of three e-mails within a week, no e-mail that could be refused goes to the address for a
//! while ([`rules`](super::rules)). An e-mail that belongs to a deal or an account is tried all the same: its reader waits for it, and
//! if it arrives the address is well again. One address never delays another.

use super::rules::{BounceKind, is_suppressed};
use super::{Email, Mailer, SendFault, store};
use crate::error::Result;
use crate::outbox::JobError;
use crate::secrets::sha256_hex;
use crate::store::Db;

/// Sends the e-mail, unless it could be refused and its address is suppressed; then nothing happens, and that is no fault.
pub fn deliver(db: &Db, mailer: &Mailer, email: &Email) -> std::result::Result<(), JobError> {
    let address = address_hash(&email.to_address);
    let bounces = db.read(|conn| store::list_bounces(conn, &address))?;
    if email.is_refusable() && is_suppressed(&bounces, db.clock().now()) {
        // Without the address: no log holds one.
        log::info!("an e-mail was not sent: its address is suppressed after bounces");
        return Ok(());
    }
    match mailer.send(email) {
        Ok(()) if bounces.is_empty() => Ok(()),
        // The e-mail is sent, and a second try would send it again: what cannot be forgotten now is forgotten another time.
        Ok(()) => {
            log_failure(db.write(|tx| store::delete_bounces(tx, &address)));
            Ok(())
        }
        Err(fault) => {
            if let Some(kind) = fault.bounce() {
                log_failure(db.write(|tx| store::record_bounce(tx, &address, &email.message_id, kind)));
            }
            Err(match fault {
                SendFault::Temporary(text) | SendFault::Mailbox(text) => JobError::Retryable(text),
                SendFault::Permanent(text) | SendFault::NoSuchAddress(text) => JobError::Permanent(text),
            })
        }
    }
}

impl SendFault {
    fn bounce(&self) -> Option<BounceKind> {
        match self {
            Self::Mailbox(_) => Some(BounceKind::Soft),
            Self::NoSuchAddress(_) => Some(BounceKind::Hard),
            Self::Temporary(_) | Self::Permanent(_) => None,
        }
    }
}

fn log_failure(outcome: Result<()>) {
    if let Err(problem) = outcome {
        log::warn!("the answer of a mail server about an address could not be stored: {problem}");
    }
}

/// What bounces are kept under: the table holds no address.
fn address_hash(address: &str) -> String {
    sha256_hex(address.trim().to_lowercase().as_bytes())
}
