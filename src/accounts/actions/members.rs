//! Use cases: who belongs to a company and as what, and for which of their companies a person acts.

use crate::accounts::actions::notify_user;
use crate::accounts::rules::require_user;
use crate::accounts::sessions::{self, NewSession};
use crate::accounts::{Member, notifications, rules, store};
use crate::actor::{Actor, Permission, Role, Scope};
use crate::app::App;
use crate::companies::store::find as find_company;
use crate::error::{Problem, Result};
use crate::ids::{CompanyId, SessionId, UserId};
use crate::locale::{Language, text};
use crate::store::{Conn, Tx, ensure_version};

/// The scope of the actor, if the company is theirs; any other company is not there for them.
pub(super) fn own(actor: &Actor, company: CompanyId, permission: Permission) -> Result<Scope> {
    let scope = actor.authorize(permission)?;
    if scope.company() == company { Ok(scope) } else { Err(Problem::not_found("company")) }
}

/// The person whom an actor acts for in its company: for a key the one who made it, and for a key of the operator's the owner of the longest
/// standing.
///
/// # Errors
/// `conflict` for a key of a company that has no people.
pub fn acting_person(conn: &mut Conn, actor: &Actor, scope: Scope) -> Result<UserId> {
    if let Some(user) = actor.user() {
        return Ok(user);
    }
    let maker = match actor {
        Actor::Key { key, .. } => store::find_key_maker(conn, *key)?,
        _ => None,
    };
    let members = store::list_members(conn, scope)?;
    let is_maker = |member: &&Member| Some(member.id) == maker;
    let owner = || members.iter().find(|member| member.role == Role::Owner);
    let person = members.iter().find(is_maker).or_else(owner).map(|member| member.id);
    person.ok_or_else(|| Problem::conflict(text(Language::English, "accounts-nobody-there")))
}

/// The owner in whose name something is made that reads all of a company: the one who asks; for a key its maker, as long as they are an owner,
/// or else the owner of the longest standing.
///
/// # Errors
/// `conflict` for a key of a company that has no owner.
pub fn owner_asking(conn: &mut Conn, actor: &Actor, scope: Scope) -> Result<UserId> {
    let person = acting_person(conn, actor, scope)?;
    let members = store::list_members(conn, scope)?;
    let mut owners = members.iter().filter(|member| member.role == Role::Owner).map(|member| member.id);
    let longest = owners.clone().next();
    let found = owners.find(|owner| *owner == person).or(longest);
    found.ok_or_else(|| Problem::conflict(text(Language::English, "accounts-nobody-there")))
}

/// The owner again, for a job that only reads what they may read; none once they are no owner of the company.
pub fn owner_reading(conn: &mut Conn, company: CompanyId, person: UserId) -> Result<Option<Actor>> {
    let scope = Scope::of_operator(&Actor::Operator, company)?;
    let members = store::list_members(conn, scope)?;
    let is_owner = members.iter().any(|member| member.id == person && member.role == Role::Owner);
    // No session and no moderator: what they may do elsewhere is not what the company has.
    let owner = || Actor::Member {
        user: person,
        company,
        role: Role::Owner,
        session: SessionId(0),
        moderator: false,
        suspended: false,
        confirmed: true,
    };
    Ok(is_owner.then(owner))
}

/// The people of one's own company, without addresses, oldest member first.
pub fn list_members(app: &App, actor: &Actor, company: CompanyId) -> Result<Vec<Member>> {
    let scope = own(actor, company, Permission::AccountRead)?;
    app.db.read(|conn| store::list_members(conn, scope))
}

/// Gives a member another role. A key makes nobody an owner, because an owner can do more than it.
///
/// # Errors
/// `stale` when the membership has another version; `conflict` when the company would be left without an owner.
pub fn change_role(
    app: &App,
    actor: &Actor,
    company: CompanyId,
    person: UserId,
    expected: Option<i64>,
    role: Role,
) -> Result<Member> {
    let scope = own(actor, company, Permission::AccountWrite)?;
    ensure_may_grant(actor, role)?;
    app.db.write(|tx| {
        let members = store::list_members(tx.conn(), scope)?;
        let before = find(&members, person)?;
        ensure_version(expected, before.version)?;
        let mut version = before.version;
        if before.role != role {
            version += 1;
            rules::ensure_owner_stays(&members, person, Some(role)).map_err(Problem::conflict)?;
            store::update_role(tx, scope, person, role)?;
            // A right that grows or shrinks begins with a new session.
            store::delete_sessions_for(tx, person, company)?;
            let name = company_name(tx, company)?;
            notify_user(
                tx,
                person,
                &event(tx, "role", person),
                &notifications::role_changed(Language::English, &name, role),
            )?;
        }
        Ok(Member { role, version, ..before.clone() })
    })
}

/// What becomes of the API keys that a member made who goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberKeys {
    /// They end: their secret is the member's.
    End,
    /// The owner who takes the member out keeps them, and they end with that owner.
    Keep,
}

/// Takes somebody out of the company; their sessions for it end at once. A member may leave by themselves, which ends their keys.
///
/// # Errors
/// As in [`change_role`].
pub fn remove_member(
    app: &App,
    actor: &Actor,
    company: CompanyId,
    person: UserId,
    expected: Option<i64>,
    keys: MemberKeys,
) -> Result<()> {
    let leaves = actor.user() == Some(person);
    // Everybody may leave; to remove others is a right.
    let needed = if leaves { Permission::AccountRead } else { Permission::AccountWrite };
    let scope = own(actor, company, needed)?;
    app.db.write(|tx| {
        let members = store::list_members(tx.conn(), scope)?;
        ensure_version(expected, find(&members, person)?.version)?;
        rules::ensure_owner_stays(&members, person, None).map_err(Problem::conflict)?;
        store::delete_member(tx, scope, person)?;
        store::delete_sessions_for(tx, person, company)?;
        match (keys, actor.user()) {
            (MemberKeys::Keep, Some(owner)) if !leaves => store::hand_keys_over(tx, scope, person, owner)?,
            _ => store::revoke_keys_of_member(tx, scope, person)?,
        }
        let name = company_name(tx, company)?;
        notify_user(tx, person, &event(tx, "removed", person), &notifications::removed(Language::English, &name))
    })
}

/// One member of one's own company.
pub fn find_member(app: &App, actor: &Actor, company: CompanyId, person: UserId) -> Result<Member> {
    find(&list_members(app, actor, company)?, person).cloned()
}

fn find(members: &[Member], person: UserId) -> Result<&Member> {
    members.iter().find(|member| member.id == person).ok_or_else(|| Problem::not_found("member"))
}

pub(super) fn ensure_may_grant(actor: &Actor, role: Role) -> Result<()> {
    match actor {
        Actor::Key { .. } if role == Role::Owner => {
            Err(Problem::forbidden(text(Language::English, "accounts-key-makes-no-owner")))
        }
        _ => Ok(()),
    }
}

fn company_name(tx: &mut Tx, company: CompanyId) -> Result<String> {
    let company = find_company(tx.conn(), company)?.ok_or_else(|| Problem::not_found("company"))?;
    Ok(company.fields.name)
}

/// A name for what happened now, so that the same event later makes an e-mail of its own.
fn event(tx: &Tx, what: &str, person: UserId) -> String {
    format!("{what} {person} {}", tx.now().timestamp_micros())
}

/// Goes on for another of one's companies, in a session of its own.
pub fn act_for(app: &App, actor: &Actor, company: CompanyId, user_agent: &str) -> Result<NewSession> {
    let person = require_user(actor, Permission::AccountRead)?;
    let memberships = app.db.read(|conn| store::list_memberships(conn, person))?;
    let is_member = memberships.iter().any(|membership| membership.company == company);
    if !is_member {
        return Err(Problem::not_found("company"));
    }
    sessions::rotate_session(app, actor, company, user_agent)
}
