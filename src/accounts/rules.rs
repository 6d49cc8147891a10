//! Pure decisions of accounts: how long links hold and how many are sent, who stays an owner, what a browser calls itself.

use chrono::Duration;

use super::{LinkPurpose, Member};
use crate::actor::{Actor, Permission, Role};
use crate::error::{FieldCode, FieldError, Problem, Result};
use crate::ids::UserId;
use crate::locale::{self, Language, Message};

/// How long a link in an e-mail holds.
// An hour is enough for a slow mailbox, and little for who finds the e-mail later.
pub const LINK_TTL: Duration = Duration::minutes(60);

/// How long a right password waits for the code.
pub const PENDING_SECOND_FACTOR_TTL: Duration = Duration::minutes(10);

/// In which time e-mails with links are counted.
pub const LINK_QUOTA_WINDOW: Duration = Duration::hours(24);

/// Who asks for a link, as far as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Requester {
    /// Anybody.
    Stranger,
    /// A device that the person signed in with.
    KnownDevice,
}

/// How many links a person is sent within [`LINK_QUOTA_WINDOW`], so that nobody fills another's mailbox.
/// A known device has three links for a new password of its own: strangers who ask for all of theirs do not keep the owner out.
pub fn link_quota(purpose: LinkPurpose, by: Requester) -> i64 {
    match purpose {
        // Anybody who knows an address can ask for these: few, so that nobody fills another's mailbox.
        LinkPurpose::ResetPassword if by == Requester::KnownDevice => 6,
        LinkPurpose::ResetPassword => 3,
        LinkPurpose::ConfirmEmail | LinkPurpose::ChangeEmail => 5,
        LinkPurpose::AccountClosed => 0,
    }
}

/// How long failures count against an account.
pub const FAILURE_WINDOW: Duration = Duration::hours(24);

/// How often a network that failed often has another try.
pub const NETWORK_REFILL: Duration = Duration::seconds(60);

/// How long a browser is known after somebody signed in with it.
pub const DEVICE_TTL: Duration = Duration::days(180);

/// How many users of one browser are known; who signed in longest ago is forgotten first.
pub const MOST_USERS_OF_DEVICE: usize = 4;

/// How many networks that a user signed in from are known, the last used ones.
pub const MOST_NETWORKS_OF_USER: i64 = 5;

/// How long a network is known after the last sign-in from it.
pub const NETWORK_RETENTION: Duration = Duration::days(90);

/// The longest that an account's next try waits.
pub const MAX_WAIT: Duration = Duration::minutes(15);

/// How long what happened to accounts is kept.
pub const AUDIT_RETENTION: Duration = Duration::days(90);

/// How long an account's next try waits after so many failures, of which the first `free` cost nothing: 1 s, 2 s, 4 s and so on.
pub fn wait_after(failures: i32, free: u32) -> Duration {
    let attempt = i64::from(failures) - i64::from(free);
    match u32::try_from(attempt) {
        // Ten doublings are past the longest wait.
        Ok(doublings) if doublings < 10 => Duration::seconds(1 << doublings).min(MAX_WAIT),
        Ok(_) => MAX_WAIT,
        Err(_) => Duration::zero(),
    }
}

/// How long after signing in a person needs no password to make an API key.
pub const FRESH_SIGN_IN: Duration = Duration::minutes(10);

/// How many valid API keys a company has at most.
pub const MOST_KEYS: i64 = 100;

/// How long an account waits for its address to be confirmed before it is deleted.
pub const UNCONFIRMED_RETENTION: Duration = Duration::days(30);

/// How long an invitation holds.
pub const INVITATION_TTL: Duration = Duration::days(7);

/// How many invitations a company sends within [`LINK_QUOTA_WINDOW`].
pub const INVITATION_QUOTA: i64 = 50;

/// How many invitations all companies together send to one address within [`LINK_QUOTA_WINDOW`].
pub const INVITATIONS_TO_ADDRESS: i64 = 20;

/// Refuses what would leave the company without an owner: `person` gets `role`, or goes where it is `None`.
pub fn ensure_owner_stays(
    members: &[Member],
    person: UserId,
    role: Option<Role>,
) -> std::result::Result<(), &'static str> {
    let others = members.iter().any(|member| member.id != person && member.role == Role::Owner);
    let was_owner = members.iter().any(|member| member.id == person && member.role == Role::Owner);
    if others || role == Some(Role::Owner) || !was_owner {
        return Ok(());
    }
    Err("This is the last owner of the company. Make somebody else an owner first.")
}

/// The signed-in user who may do this. What belongs to a user (their password, their sessions) is no matter of an API key.
pub fn require_user(actor: &Actor, permission: Permission) -> Result<UserId> {
    actor.authorize_draft(permission)?;
    actor.user().ok_or_else(|| Problem::forbidden(locale::text(Language::English, "errors-person-only")))
}

/// The permissions of the names; each unknown one is refused at its place.
pub fn parse_permissions(names: &[impl AsRef<str>]) -> Result<Vec<Permission>> {
    let known: Vec<&str> = Permission::ALL.iter().map(|(_, name)| *name).collect();
    let mut wrong = Vec::new();
    let mut permissions = Vec::new();
    for (index, name) in names.iter().enumerate() {
        match Permission::parse(name.as_ref().trim()) {
            Some(permission) => permissions.push(permission),
            None => {
                let message = Message::new("errors-one-of").with("values", known.join(", ")).text(Language::English);
                wrong.push(FieldError::new(format!("/scopes/{index}"), FieldCode::UnknownValue, message));
            }
        }
    }
    if wrong.is_empty() { Ok(permissions) } else { Err(Problem::invalid(wrong)) }
}

/// Browser and system of a `User-Agent`, in words: "Firefox on Linux".
pub fn device(user_agent: &str) -> String {
    let first = |names: &[(&str, &'static str)]| {
        names.iter().find(|(token, _)| user_agent.contains(token)).map(|(_, name)| *name)
    };
    // The order matters: most browsers name those whose pages they can show too.
    let browser = first(&[
        ("Edg", "Edge"),
        ("OPR", "Opera"),
        ("SamsungBrowser", "Samsung Internet"),
        ("Firefox", "Firefox"),
        ("FxiOS", "Firefox"),
        ("Chrome", "Chrome"),
        ("CriOS", "Chrome"),
        ("Safari", "Safari"),
    ]);
    let system = first(&[
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ]);
    match (browser, system) {
        (Some(browser), Some(system)) => format!("{browser} on {system}"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "another program".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(id: i64, role: Role) -> Member {
        Member {
            id: UserId(id),
            name: format!("Person {id}"),
            role,
            since: "2026-11-25T00:00:00Z".parse().unwrap(),
            version: 1,
        }
    }

    #[test]
    fn an_account_waits_longer_with_every_failure_and_never_for_ever() {
        let seconds: Vec<i64> = (1..=17).map(|failures| wait_after(failures, 5).num_seconds()).collect();
        assert_eq!(seconds, [0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
        assert_eq!(wait_after(i32::MAX, 5), MAX_WAIT);
        // Who tries without a pause for an hour has so many attempts checked.
        let tries = (1..).scan(0, |at, failures| {
            let now = *at;
            *at += wait_after(failures, 5).num_seconds();
            Some(now)
        });
        assert!(tries.take_while(|at| *at < 3_600).count() <= 20);
    }

    #[test]
    fn a_company_keeps_an_owner() {
        let one = [member(1, Role::Owner), member(2, Role::Trader)];
        let two = [member(1, Role::Owner), member(2, Role::Owner)];
        let owner = UserId(1);
        assert!(ensure_owner_stays(&one, owner, None).is_err());
        assert!(ensure_owner_stays(&one, owner, Some(Role::Viewer)).is_err());
        assert!(ensure_owner_stays(&one, owner, Some(Role::Owner)).is_ok());
        assert!(ensure_owner_stays(&one, UserId(2), None).is_ok());
        assert!(ensure_owner_stays(&two, owner, None).is_ok());
    }

    #[test]
    fn a_device_is_told_by_its_names() {
        let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:142.0) Gecko/20100101 Firefox/142.0";
        let edge = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36 Edg/140.0";
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1";
        assert_eq!(device(firefox), "Firefox on Linux");
        assert_eq!(device(edge), "Edge on Windows");
        assert_eq!(device(phone), "Safari on iPhone");
        assert_eq!(device("curl/8.5.0"), "another program");
        assert_eq!(device("<script>alert(1)</script>"), "another program");
    }
}
