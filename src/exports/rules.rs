//! Pure decisions of exports: who sees them and who takes one, how often a run is tried, and for how long an export is remembered.

use crate::actor::{Actor, Permission, Role, Scope};
use crate::error::{Code, Problem, Result};
use crate::locale::{Language, Message, text};

/// After so many tries an export has failed.
pub const MOST_TRIES: u32 = 5;

/// Hours after which an export that is still under way is given up for another one: its job is dead, or was lost.
pub const MOST_HOURS: i64 = 24;

/// Days after which an export is forgotten, its archive being long gone.
pub const KEPT_DAYS: i64 = 90;

/// What a key must be allowed to read, all of it, to take an export.
// Not the account alone: a key that reads nothing but that would come to every message and quote by way of an archive.
pub const READING: [Permission; 8] = [
    Permission::AccountRead,
    Permission::AlertsRead,
    Permission::CatalogRead,
    Permission::DocumentsRead,
    Permission::MessagesRead,
    Permission::PartnershipsRead,
    Permission::QuotesRead,
    Permission::RfqsRead,
];

/// The company of whoever may see which exports there are: its owners, and its keys that read the account. Reading only, so that a suspended
/// company has its data too.
///
/// # Errors
/// 401 and 403.
pub fn ensure_sees(actor: &Actor) -> Result<Scope> {
    match actor {
        Actor::Member { role, .. } if *role != Role::Owner => {
            Err(Problem::forbidden(Message::new("errors-role").with("role", role.as_str()).text(Language::English)))
        }
        _ => actor.authorize(Permission::AccountRead),
    }
}

/// The company of whoever may take what is in an archive: its owners, and its keys that may read everything by themselves.
///
/// # Errors
/// 401 and 403, which names the first scope that is missing.
pub fn ensure_takes(actor: &Actor) -> Result<Scope> {
    let scope = ensure_sees(actor)?;
    for permission in READING {
        actor.authorize(permission)?;
    }
    Ok(scope)
}

/// The company of whoever may have an archive made: who may take it, and has an address that is theirs, for an e-mail goes there.
///
/// # Errors
/// 401 and 403.
pub fn ensure_asks(actor: &Actor) -> Result<Scope> {
    let scope = ensure_takes(actor)?;
    if actor.is_unconfirmed() {
        return Err(Problem::new(Code::Unconfirmed, text(Language::English, "errors-unconfirmed")));
    }
    Ok(scope)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{ApiKeyId, CompanyId, SessionId, UserId};

    fn member(role: Role, confirmed: bool, suspended: bool) -> Actor {
        let (user, company, session) = (UserId(1), CompanyId(2), SessionId(3));
        Actor::Member { user, company, role, session, moderator: false, suspended, confirmed }
    }

    fn key(permissions: Vec<Permission>) -> Actor {
        Actor::Key { key: ApiKeyId(1), company: CompanyId(2), permissions, suspended: false }
    }

    #[test]
    fn only_owners_and_keys_that_read_everything_take_an_archive() {
        let may = |actor: &Actor| [ensure_sees(actor), ensure_takes(actor), ensure_asks(actor)].map(|one| one.is_ok());
        assert_eq!(may(&member(Role::Owner, true, false)), [true; 3]);
        assert_eq!(may(&member(Role::Owner, true, true)), [true; 3], "a suspended company has its data too");
        assert_eq!(may(&member(Role::Owner, false, false)), [true, true, false]);
        for role in [Role::Trader, Role::Viewer] {
            assert_eq!(may(&member(role, true, false)), [false; 3]);
        }
        assert_eq!(may(&key(READING.to_vec())), [true; 3]);
        assert_eq!(may(&Actor::Anonymous), [false; 3]);
        for missing in READING {
            let rest = READING.into_iter().filter(|permission| *permission != missing).collect();
            assert_eq!(may(&key(rest)), [missing != Permission::AccountRead, false, false]);
        }
    }
}
