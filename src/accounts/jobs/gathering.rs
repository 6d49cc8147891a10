//! What one company makes the people of another be mailed: the one place that bounds it.
//!
//! An item waits a moment, so that repeats become one e-mail. A reader gets so many of these e-mails a day, of one company fewer, and a
//! company makes others be sent so many; what is over that waits for the reader's digest, one e-mail the next morning. Matched RFQs do not
//! wait at first: a supplier who reads of one later quotes later.

use chrono::{Days, Duration, NaiveTime};
use serde::{Deserialize, Serialize};

use super::sending::deliver_to;
use crate::accounts::events::SendEmail;
use crate::accounts::store::{self, MailItem, NewMailItem};
use crate::app::App;
use crate::clock::Time;
use crate::error::Result;
use crate::ids::{CompanyId, JobId, UserId};
use crate::locale::Language;
use crate::mail::Stream;
use crate::mail::rules::{DIGEST, gather_key, gathered, lane};
use crate::outbox::{Job, JobError, Options, Run, enqueue};
use crate::store::Tx;

/// So many items are in one e-mail; the others wait for the next one.
const MOST_ITEMS: i64 = 200;
/// The time of day of digests, in hours of UTC.
const DIGEST_HOUR: u32 = 6;
/// How long it is kept that something was mailed.
const RETENTION: Duration = Duration::days(30);

/// Sends what waits for a reader under a key as one e-mail.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SendGathered {
    person: UserId,
    gather_key: String,
}

/// Takes an item that a company causes; it is sent now or gathered.
pub(super) fn receive(app: &App, email: SendEmail, sender: CompanyId, run: &Run) -> std::result::Result<(), JobError> {
    let gather_key = gather_key(email.stream, &email.event, sender);
    let SendEmail { person, stream, event, content, .. } = email;
    let gathered = SendGathered { person, gather_key };
    app.db.write(|tx| {
        let key = gathered.gather_key.as_str();
        store::insert_mail_item(
            tx,
            &NewMailItem { person, sender, gather_key: key, stream, event: &event, content: &content },
        )?;
        if stream == Stream::Matches { Ok(()) } else { enqueue_for_first(app, tx, &gathered, run.id) }
    })?;
    if stream == Stream::Matches { gathered.send(app, run.id) } else { Ok(()) }
}

/// The oldest item that waits has the job for all that come before it runs.
fn enqueue_for_first(app: &App, tx: &mut Tx, gathered: &SendGathered, own: JobId) -> Result<()> {
    let waiting = store::list_mail_items(tx.conn(), gathered.person, &gathered.gather_key, own, 1)?;
    let Some(first) = waiting.first() else { return Ok(()) };
    let at = first.created_at + Duration::seconds(app.config.limits.mail_gather_s);
    enqueue_at(tx, gathered, first.sender, format!("gathered {}", first.id), at)
}

fn enqueue_at(tx: &mut Tx, gathered: &SendGathered, sender: CompanyId, key: String, at: Time) -> Result<()> {
    let options = Options { not_before: Some(at), ..Options::once(key) };
    enqueue(tx, gathered, options.on_queue(lane(Some(sender))))
}

impl Job for SendGathered {
    type Context = App;
    const KIND: &'static str = "send_gathered";

    fn run(self, app: &App, run: &Run) -> std::result::Result<(), JobError> {
        self.send(app, run.id)
    }
}

impl SendGathered {
    fn send(&self, app: &App, batch: JobId) -> std::result::Result<(), JobError> {
        let items = app.db.write(|tx| self.take(app, tx, batch))?;
        let Some(first) = items.first() else { return Ok(()) };
        // An e-mail of several streams cannot be refused as one of them.
        let is_of_one = items.iter().all(|item| item.stream == first.stream);
        let stream = if is_of_one { first.stream } else { Stream::Transactional };
        let (event, content) = match items.as_slice() {
            [one] => (one.event.clone(), one.content.clone()),
            many => {
                let texts: Vec<_> = many.iter().map(|item| &item.content).collect();
                (format!("gathered {}", first.id), gathered(Language::English, &texts))
            }
        };
        deliver_to(app, self.person, stream, &event, content, None)?;
        Ok(app.db.write(|tx| store::clear_mail_batch(tx, batch))?)
    }

    /// The items of the e-mail that may be sent now.
    fn take(&self, app: &App, tx: &mut Tx, batch: JobId) -> Result<Vec<MailItem>> {
        let items = store::list_mail_items(tx.conn(), self.person, &self.gather_key, batch, MOST_ITEMS)?;
        let Some(first) = items.first() else { return Ok(items) };
        if self.gather_key != DIGEST && self.is_over(app, tx, first.sender)? {
            for item in &items {
                store::move_mail_item(tx, item.id, DIGEST)?;
            }
            self.enqueue_digest(tx, first.sender)?;
            return Ok(Vec::new());
        }
        for item in &items {
            store::set_mail_batch(tx, item.id, batch)?;
        }
        // Those behind them have no job of their own.
        if i64::try_from(items.len()).is_ok_and(|taken| taken == MOST_ITEMS) {
            let at = tx.now() + Duration::seconds(app.config.limits.mail_gather_s);
            enqueue_at(tx, self, first.sender, format!("gathered after {batch}"), at)?;
        }
        Ok(items)
    }

    fn is_over(&self, app: &App, tx: &mut Tx, sender: CompanyId) -> Result<bool> {
        let (limits, since, person) = (&app.config.limits, tx.now() - Duration::hours(24), self.person);
        let (to_person, of_pair) = (limits.mails_per_person_day, limits.mails_per_pair_day);
        let of_company = limits.mails_per_company_day;
        let conn = tx.conn();
        Ok(limits.is_reached(to_person, store::count_mails_to(conn, person, None, since, to_person)?)
            || limits.is_reached(of_pair, store::count_mails_to(conn, person, Some(sender), since, of_pair)?)
            || limits.is_reached(of_company, store::count_mails_of(conn, sender, since, of_company)?))
    }

    fn enqueue_digest(&self, tx: &mut Tx, sender: CompanyId) -> Result<()> {
        let day = tx.now().date_naive() + Days::new(1);
        let at = day.and_time(NaiveTime::MIN) + Duration::hours(i64::from(DIGEST_HOUR));
        let digest = Self { person: self.person, gather_key: DIGEST.to_owned() };
        enqueue_at(tx, &digest, sender, format!("digest {} {day}", self.person), at.and_utc())
    }
}

/// Forgets what was mailed long ago; answers how many items.
pub fn purge(app: &App) -> Result<usize> {
    app.db.write(|tx| {
        let before = tx.now() - RETENTION;
        store::purge_mail_items(tx, before)
    })
}
