//! Use cases of contact reveals: looking, seeing who looked, telling owners.

use chrono::Duration;

use super::rules::{self, Quota, Used};
use super::{Ground, Reveal, notifications, store};
use crate::actor::{Actor, Permission, Scope};
use crate::app::App;
use crate::clock::Time;
use crate::companies::contacts::{self, Contact};
use crate::companies::{self, Company};
use crate::error::{Problem, Result};
use crate::ids::CompanyId;
use crate::moderation;
use crate::store::cursor::{Paging, Slice};
use crate::store::{Conn, Tx};

/// A look is good for so many hours: opening the page again is not another one.
const LOOK_HOURS: i64 = 24;
/// Owners that are read at once; each is notified in a transaction of its own.
const OWNERS_PER_BATCH: i64 = 500;

/// The contacts of a company as another one sees them.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The company.
    pub company: Company,
    /// Its contact people.
    pub contacts: Vec<Contact>,
    /// On what ground they are shown.
    pub ground: Ground,
    /// How many further looks of its own asking the viewer has; none without a limit.
    pub left: Option<i64>,
}

/// What a look would come to, before anybody is told.
#[derive(Clone, Debug)]
pub struct Outlook {
    /// The company.
    pub company: Company,
    /// On what ground its contacts would be shown.
    pub ground: Ground,
    /// How many looks the viewer has left.
    pub left: Option<i64>,
}

fn quota(app: &App) -> Quota {
    let limits = &app.config.limits;
    Quota { per_day: limits.reveals_per_day, per_month: limits.reveals_per_month }
}

fn used(conn: &mut Conn, viewer: CompanyId, now: Time) -> Result<Used> {
    Ok(Used {
        day: store::count_asked_since(conn, viewer, now - Duration::days(1))?,
        month: store::count_asked_since(conn, viewer, now - Duration::days(30))?,
    })
}

fn foreign(app: &App, actor: &Actor, scope: Scope, id: CompanyId) -> Result<Company> {
    let company = companies::actions::find(app, actor, id)?;
    if scope.company() == id {
        return Err(Problem::conflict("These are the contacts of your own company; its profile shows them."));
    }
    Ok(company)
}

fn ground(conn: &mut Conn, scope: Scope, owner: CompanyId, quota: Quota, now: Time) -> Result<(Ground, Used)> {
    let viewer = companies::store::find(conn, scope.company())?.ok_or_else(|| Problem::not_found("company"))?;
    let has_quote = store::has_quote_between(conn, viewer.id, owner)?;
    let used = used(conn, viewer.id, now)?;
    Ok((rules::ground(has_quote, viewer.verification, quota, used)?, used))
}

/// What looking at a company's contacts would come to; nothing is written.
///
/// # Errors
/// As [`reveal`].
pub fn outlook(app: &App, actor: &Actor, id: CompanyId) -> Result<Outlook> {
    let scope = actor.may(Permission::MessagesWrite)?;
    let company = foreign(app, actor, scope, id)?;
    let (quota, now) = (quota(app), app.clock.now());
    let (ground, used) = app.db.read(|conn| ground(conn, scope, id, quota, now))?;
    Ok(Outlook { company, ground, left: quota.left(used) })
}

/// Looks at the contacts of another company. The look is logged, and the owner learns of it; looking again within 24 hours is the same look.
///
/// # Errors
/// `not_found` for a company that is not there or suspended; `conflict` for one's own; `forbidden` without a shortlisted quote and without
/// documents; `too_many_requests` when the quota is used up.
pub fn reveal(app: &App, actor: &Actor, id: CompanyId) -> Result<Seen> {
    let scope = actor.may(Permission::MessagesWrite)?;
    let company = foreign(app, actor, scope, id)?;
    let quota = quota(app);
    app.db.write(|tx| {
        let now = tx.now();
        if let Some(ground) = standing_look(tx.conn(), scope, id, now)? {
            let left = quota.left(used(tx.conn(), scope.company(), now)?);
            return seen(tx.conn(), company.clone(), ground, left);
        }
        let (ground, _) = ground(tx.conn(), scope, id, quota, now)?;
        store::insert(tx, id, scope, actor.person(), ground)?;
        let after = used(tx.conn(), scope.company(), now)?;
        if ground == Ground::Asked && quota.left(after) == Some(0) {
            raise_alarm(tx, scope.company(), after)?;
        }
        seen(tx.conn(), company.clone(), ground, quota.left(after))
    })
}

/// The contacts that a look of the last 24 hours, or a quote between the two, keeps open; nothing is written.
///
/// # Errors
/// `not_found` where no look is open.
pub fn find_open(app: &App, actor: &Actor, id: CompanyId) -> Result<Seen> {
    let scope = actor.may(Permission::MessagesWrite)?;
    let company = foreign(app, actor, scope, id)?;
    let (quota, now) = (quota(app), app.clock.now());
    app.db.read(|conn| {
        let ground =
            standing_look(conn, scope, id, now)?.ok_or_else(|| Problem::not_found("look at these contacts"))?;
        let left = quota.left(used(conn, scope.company(), now)?);
        seen(conn, company.clone(), ground, left)
    })
}

fn standing_look(conn: &mut Conn, scope: Scope, owner: CompanyId, now: Time) -> Result<Option<Ground>> {
    let since = now - Duration::hours(LOOK_HOURS);
    if !store::has_looked_since(conn, scope.company(), owner, since)? {
        return Ok(None);
    }
    let has_quote = store::has_quote_between(conn, scope.company(), owner)?;
    Ok(Some(if has_quote { Ground::Quote } else { Ground::Asked }))
}

fn seen(conn: &mut Conn, company: Company, ground: Ground, left: Option<i64>) -> Result<Seen> {
    Ok(Seen { contacts: contacts::list_of(conn, company.id)?, company, ground, left })
}

/// Tells the operator's log and the moderators that a company has used its quota up.
fn raise_alarm(tx: &mut Tx, viewer: CompanyId, used: Used) -> Result<()> {
    log::warn!("{viewer} has used up its contact reveals: {} in 24 hours, {} in 30 days", used.day, used.month);
    let words =
        format!("It looked at the contacts of {} companies in 24 hours and of {} in 30 days.", used.day, used.month);
    moderation::actions::note_contact_quota(tx, viewer, &words)
}

/// A page of who looked at one's own contacts, with their names, newest first.
pub fn list_seen(app: &App, actor: &Actor, paging: Paging) -> Result<Slice<(Reveal, String)>> {
    let scope = actor.may(Permission::AccountRead)?;
    app.db.read(|conn| {
        let slice = store::list_seen(conn, scope, paging)?;
        let ids: Vec<i64> = slice.items.iter().map(|reveal| reveal.viewer.0).collect();
        let names = companies::store::names(conn, &ids)?;
        Ok(slice.map(|reveal| {
            let name = names.get(&reveal.viewer.0).cloned().unwrap_or_default();
            (reveal, name)
        }))
    })
}

/// Notifies the owners whose contacts were seen on the days before today, one e-mail each; answers how many owners. Running it again on
/// the same day changes nothing. An owner who cannot be notified is logged and keeps nobody else waiting.
///
/// # Errors
/// When the owners cannot be listed.
pub fn notify_owners(app: &App) -> Result<usize> {
    let today = app.clock.today().and_time(chrono::NaiveTime::MIN).and_utc();
    let (mut notified, mut after) = (0, CompanyId(0));
    loop {
        // By owner, not by reveal: a batch of reveals that ends in the middle of an owner's day marked the rest as told in a second e-mail,
        // which the outbox then dropped as the same event.
        let owners = app.db.read(|conn| store::list_owners_to_notify(conn, today, after, OWNERS_PER_BATCH))?;
        let Some(last) = owners.last() else { return Ok(notified) };
        after = *last;
        for owner in owners {
            match app.db.write(|tx| notify_owner(tx, owner, today)) {
                Ok(done) => notified += usize::from(done),
                Err(problem) => log::error!("{owner} could not be notified of contact reveals: {problem}"),
            }
        }
    }
}

fn notify_owner(tx: &mut Tx, owner: CompanyId, before: Time) -> Result<bool> {
    let Some(summary) = store::summarize_unnotified(tx.conn(), owner, before)? else { return Ok(false) };
    let named = store::list_unnotified_viewers(tx.conn(), owner, before, notifications::NAMED)?;
    store::mark_notified(tx, owner, before)?;
    notifications::seen(tx, owner, &named, &summary)?;
    Ok(true)
}
