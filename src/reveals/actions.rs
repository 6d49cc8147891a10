//! Use cases of contact reveals: revealing, listing who viewed one's own contacts, notifying owners.

use chrono::Duration;

use super::rules::{self, Quota, Usage};
use super::{DisclosureBasis, Reveal, notifications, store};
use crate::accounts::actions::{Sender, notify_company};
use crate::actor::{Actor, Permission, Scope};
use crate::app::App;
use crate::clock::Time;
use crate::companies::contacts::{self, Contact};
use crate::companies::{self, Company};
use crate::error::{Problem, Result};
use crate::ids::CompanyId;
use crate::locale::{Language, Message, text};
use crate::mail::Stream;
use crate::moderation::{self, ReportKind};
use crate::store::cursor::{ListPage, Paging};
use crate::store::{Conn, SWEEP_BATCH, Tx, sweep_rows};

/// Hours for which a reveal keeps the contacts open: viewing them again in that time is not another one.
const OPEN_HOURS: i64 = 24;

/// The contacts of a company, disclosed to another one.
#[derive(Clone, Debug)]
pub struct Disclosure {
    /// The company that the contacts belong to.
    pub company: Company,
    /// Its contact people.
    pub contacts: Vec<Contact>,
    /// Why the viewer may see them.
    pub basis: DisclosureBasis,
    /// Reveals on request that the viewer has left; `None` without a limit.
    pub left: Option<i64>,
}

/// What a reveal would come to, before it is made and the owner is notified.
#[derive(Clone, Debug)]
pub struct RevealPreview {
    /// The company that the contacts belong to.
    pub company: Company,
    /// Why the viewer may see them.
    pub basis: DisclosureBasis,
    /// Reveals on request that the viewer has left; `None` without a limit.
    pub left: Option<i64>,
}

fn quota(app: &App) -> Quota {
    let limits = &app.config.limits;
    Quota { per_day: limits.reveals_per_day, per_month: limits.reveals_per_month }
}

fn usage_of(conn: &mut Conn, viewer: CompanyId, now: Time) -> Result<Usage> {
    Ok(Usage {
        day: store::count_requested_since(conn, viewer, now - Duration::days(1))?,
        month: store::count_requested_since(conn, viewer, now - Duration::days(30))?,
    })
}

fn find_other(app: &App, actor: &Actor, scope: Scope, id: CompanyId) -> Result<Company> {
    // Through the action and not the store: a suspended company has no contacts for anybody.
    let company = companies::actions::find(app, actor, id)?;
    if scope.company() == id {
        return Err(Problem::conflict(text(Language::English, "reveals-own")));
    }
    Ok(company)
}

fn basis_for(
    conn: &mut Conn,
    scope: Scope,
    owner: CompanyId,
    quota: Quota,
    now: Time,
) -> Result<(DisclosureBasis, Usage)> {
    let viewer = companies::store::find(conn, scope.company())?.ok_or_else(|| Problem::not_found("company"))?;
    let has_quote = store::has_quote_between(conn, viewer.id, owner)?;
    let usage = usage_of(conn, viewer.id, now)?;
    Ok((rules::basis(has_quote, viewer.verification, quota, usage)?, usage))
}

/// What revealing a company's contacts would come to; nothing is written.
///
/// # Errors
/// As [`reveal`].
pub fn preview(app: &App, actor: &Actor, id: CompanyId) -> Result<RevealPreview> {
    let scope = actor.authorize(Permission::ContactsReveal)?;
    let company = find_other(app, actor, scope, id)?;
    let (quota, now) = (quota(app), app.clock.now());
    let (basis, usage) = app.db.read(|conn| basis_for(conn, scope, id, quota, now))?;
    Ok(RevealPreview { company, basis, left: quota.left(usage) })
}

/// Reveals the contacts of another company. The reveal is logged and the owner notified; within 24 hours a second one is the same.
///
/// # Errors
/// `not_found` for a company that does not exist or is suspended; `conflict` for one's own; `forbidden` without a shortlisted quote and
/// below `documented`; `too_many_requests` when the quota is used up.
pub fn reveal(app: &App, actor: &Actor, id: CompanyId) -> Result<Disclosure> {
    let scope = actor.authorize(Permission::ContactsReveal)?;
    let company = find_other(app, actor, scope, id)?;
    let quota = quota(app);
    app.db.write(|tx| {
        let now = tx.now();
        if let Some(basis) = open_basis(tx.conn(), scope, id, now)? {
            let left = quota.left(usage_of(tx.conn(), scope.company(), now)?);
            return disclose(tx.conn(), company.clone(), basis, left);
        }
        let (basis, _) = basis_for(tx.conn(), scope, id, quota, now)?;
        store::insert(tx, id, scope, actor.user(), basis)?;
        let after = usage_of(tx.conn(), scope.company(), now)?;
        // At the last reveal, not at the first refusal: who harvests contacts stops just there.
        if basis == DisclosureBasis::Request && quota.left(after) == Some(0) {
            alert_moderators(tx, scope.company(), after)?;
        }
        disclose(tx.conn(), company.clone(), basis, quota.left(after))
    })
}

/// The contacts that a reveal of the last 24 hours keeps open; nothing is written.
///
/// # Errors
/// `not_found` where there is no such reveal.
pub fn find_open(app: &App, actor: &Actor, id: CompanyId) -> Result<Disclosure> {
    let scope = actor.authorize(Permission::ContactsReveal)?;
    let company = find_other(app, actor, scope, id)?;
    let (quota, now) = (quota(app), app.clock.now());
    app.db.read(|conn| {
        let basis = open_basis(conn, scope, id, now)?.ok_or_else(|| Problem::not_found("contact_reveal"))?;
        let left = quota.left(usage_of(conn, scope.company(), now)?);
        disclose(conn, company.clone(), basis, left)
    })
}

fn open_basis(conn: &mut Conn, scope: Scope, owner: CompanyId, now: Time) -> Result<Option<DisclosureBasis>> {
    let since = now - Duration::hours(OPEN_HOURS);
    if !store::has_revealed_since(conn, scope.company(), owner, since)? {
        return Ok(None);
    }
    let has_quote = store::has_quote_between(conn, scope.company(), owner)?;
    Ok(Some(if has_quote { DisclosureBasis::Quote } else { DisclosureBasis::Request }))
}

fn disclose(conn: &mut Conn, company: Company, basis: DisclosureBasis, left: Option<i64>) -> Result<Disclosure> {
    Ok(Disclosure { contacts: contacts::list_of(conn, company.id)?, company, basis, left })
}

/// Reports to the moderators, and to the log, that a company has used up its quota.
fn alert_moderators(tx: &mut Tx, viewer: CompanyId, usage: Usage) -> Result<()> {
    log::warn!("{viewer} has used up its contact reveals: {} in 24 hours, {} in 30 days", usage.day, usage.month);
    let message =
        Message::new("reveals-alert").with("day", usage.day).with("month", usage.month).text(Language::English);
    moderation::actions::report_by_platform(tx, viewer, ReportKind::ContactQuota, &message)
}

/// A page of the reveals of one's own contacts with the viewers' names, newest first.
pub fn list_own(app: &App, actor: &Actor, paging: Paging) -> Result<ListPage<(Reveal, String)>> {
    let scope = actor.authorize(Permission::AccountRead)?;
    app.db.read(|conn| {
        let slice = store::list_own(conn, scope, paging)?;
        let ids: Vec<i64> = slice.items.iter().map(|reveal| reveal.viewer.0).collect();
        let names = companies::store::names(conn, &ids)?;
        Ok(slice.map(|reveal| {
            let name = names.get(&reveal.viewer.0).cloned().unwrap_or_default();
            (reveal, name)
        }))
    })
}

/// Notifies the owners whose contacts were viewed on the days before today, one e-mail each; answers how many owners. Running it again on
/// the same day changes nothing. An owner who cannot be notified is logged and keeps nobody else waiting.
///
/// # Errors
/// When the owners cannot be listed.
pub fn notify_owners(app: &App) -> Result<usize> {
    let today = app.clock.today().and_time(chrono::NaiveTime::MIN).and_utc();
    // By owner, not by reveal: a batch of reveals that ends in the middle of an owner's day marked the rest as notified by a second e-mail, which
    // the outbox then dropped as the same event.
    sweep_rows(
        &app.db,
        "notifying of reveals",
        |conn, after: Option<&CompanyId>| {
            store::list_owners_to_notify(conn, today, after.copied().unwrap_or(CompanyId(0)), SWEEP_BATCH)
        },
        |owner| *owner,
        |owner| app.db.write(|tx| notify_owner(tx, *owner, today)),
    )
}

fn notify_owner(tx: &mut Tx, owner: CompanyId, before: Time) -> Result<bool> {
    let Some(summary) = store::summarize_unnotified(tx.conn(), owner, before)? else { return Ok(false) };
    let named = store::list_unnotified_viewers(tx.conn(), owner, before, notifications::NAMED)?;
    store::mark_notified(tx, owner, before)?;
    let content = notifications::contacts_viewed(Language::English, summary.viewers, &named);
    // Named by the newest reveal and not by the day: a reveal that was committed late, just after midnight's run, is another e-mail.
    let event = format!("contacts seen {owner} {}", summary.newest);
    notify_company(tx, Sender::Platform, owner, Stream::Transactional, &event, &content)?;
    Ok(true)
}
