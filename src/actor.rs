//! Who is asking: the `Actor` of every use case and the `Scope` of every query on private rows.
//!
//! An `Actor` is made in one place, from a checked session or API key (`accounts`), or by the operator's own command line. A
//! [`Scope`] is made only from an `Actor`, so no handler can build one from what a request says.

use crate::error::{Code, Problem, Result};
use crate::ids::{ApiKeyId, CompanyId, SessionId, UserId};
use crate::locale::{self, Language, Message};
use crate::{labelled, wire_enum};

/// What an API key may do; a session of the site may do all that the person's role allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Permission {
    /// Read one's own listings.
    CatalogRead,
    /// Write listings and run imports.
    CatalogWrite,
    /// Reveal the contacts of other companies.
    ContactsReveal,
    /// Report RFQs, listings, quotes and companies to the moderators.
    ReportsWrite,
    /// Read RFQs, matches and questions.
    RfqsRead,
    /// Write RFQs, questions and dismissals.
    RfqsWrite,
    /// Read quotes.
    QuotesRead,
    /// Submit, revise, decide on quotes.
    QuotesWrite,
    /// Read threads and which companies are blocked.
    MessagesRead,
    /// Write messages, archive and assign threads, block companies.
    MessagesWrite,
    /// Read partnerships, records and references.
    PartnershipsRead,
    /// Propose, confirm, declare.
    PartnershipsWrite,
    /// Read one's own documents.
    DocumentsRead,
    /// Upload and delete documents.
    DocumentsWrite,
    /// Read saved searches and what they would find.
    AlertsRead,
    /// Write saved searches.
    AlertsWrite,
    /// Webhook endpoints.
    WebhooksWrite,
    /// The event feed.
    EventsRead,
    /// Read the company's account.
    AccountRead,
    /// Change the company's account and keys.
    AccountWrite,
}

impl Permission {
    // Whoever reports follows what came of it. `messages:read` is what read reports before they had a scope of their own: keys made then
    // keep working, and no new one is offered it for that.
    /// Each of these reads the company's own reports.
    pub const READING_REPORTS: [Permission; 3] = [Self::AccountRead, Self::ReportsWrite, Self::MessagesRead];

    /// Every permission with its name in the API.
    pub const ALL: &'static [(Permission, &'static str)] = &[
        (Self::CatalogRead, "catalog:read"),
        (Self::CatalogWrite, "catalog:write"),
        (Self::ContactsReveal, "contacts:reveal"),
        (Self::ReportsWrite, "reports:write"),
        (Self::RfqsRead, "rfqs:read"),
        (Self::RfqsWrite, "rfqs:write"),
        (Self::QuotesRead, "quotes:read"),
        (Self::QuotesWrite, "quotes:write"),
        (Self::MessagesRead, "messages:read"),
        (Self::MessagesWrite, "messages:write"),
        (Self::PartnershipsRead, "partnerships:read"),
        (Self::PartnershipsWrite, "partnerships:write"),
        (Self::DocumentsRead, "documents:read"),
        (Self::DocumentsWrite, "documents:write"),
        (Self::AlertsRead, "alerts:read"),
        (Self::AlertsWrite, "alerts:write"),
        (Self::WebhooksWrite, "webhooks:write"),
        (Self::EventsRead, "events:read"),
        (Self::AccountRead, "account:read"),
        (Self::AccountWrite, "account:write"),
    ];

    /// The name in the API.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(permission, _)| *permission == self).map_or("", |(_, name)| name)
    }

    /// The permission of that name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(permission, _)| *permission)
    }

    fn only_reads(self) -> bool {
        self.as_str().ends_with(":read")
    }
}

wire_enum! {
    /// A person's role in a company.
    pub enum Role {
        /// Everything, members and keys included.
        Owner = "owner",
        /// Trades: listings, RFQs, quotes, partnerships.
        Trader = "trader",
        /// Only reads.
        Viewer = "viewer",
    }
}

labelled!(Role, "accounts-role");

impl Role {
    fn allows(self, permission: Permission) -> bool {
        match self {
            Self::Owner => true,
            Self::Trader => permission != Permission::AccountWrite,
            Self::Viewer => permission.only_reads(),
        }
    }
}

/// Who is asking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// Nobody we know.
    Anonymous,
    /// A person signed in on the site, acting for one of their companies.
    Member {
        /// The user.
        user: UserId,
        /// The company they act for.
        company: CompanyId,
        /// Their role there.
        role: Role,
        /// The session, to end it or to bind form tokens to it.
        session: SessionId,
        /// Whether the person is a moderator of the platform.
        moderator: bool,
        /// Whether the company is suspended: it reads and writes nothing.
        suspended: bool,
        /// Whether they have confirmed their address; until then they look around and prepare.
        confirmed: bool,
    },
    /// A program that holds an API key of a company.
    Key {
        /// The key.
        key: ApiKeyId,
        /// The key's company.
        company: CompanyId,
        /// What the key may do.
        permissions: Vec<Permission>,
        /// Whether the company is suspended: it reads and writes nothing.
        suspended: bool,
    },
    /// The operator at the command line.
    Operator,
}

/// The company whose private rows a query may see. Cannot be built but by [`Actor::authorize`] and [`Scope::of_operator`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope {
    company: CompanyId,
}

impl Scope {
    /// The company.
    pub fn company(self) -> CompanyId {
        self.company
    }

    /// The scope of one company for the operator's own commands and for jobs, which no request can reach.
    pub fn of_operator(actor: &Actor, company: CompanyId) -> Result<Scope> {
        match actor {
            Actor::Operator => Ok(Scope { company }),
            _ => Err(Problem::forbidden(locale::text(Language::English, "errors-operator-only"))),
        }
    }
}

/// A moderator at work. Cannot be built but by [`Actor::as_moderator`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moderator {
    user: UserId,
    company: CompanyId,
}

impl Moderator {
    /// Who it is, for the history.
    pub fn user(self) -> UserId {
        self.user
    }

    /// The company they belong to, about which they decide nothing.
    pub fn company(self) -> CompanyId {
        self.company
    }
}

impl Actor {
    /// The scope of the actor's company, if the actor may do this there: 401 for nobody, 403 without the right, and 403 for everything but
    /// reading while the company is suspended. A person who has not confirmed their address only reads; what others never see goes by
    /// [`Actor::authorize_draft`].
    pub fn authorize(&self, permission: Permission) -> Result<Scope> {
        let scope = self.authorize_draft(permission)?;
        match self {
            Self::Member { confirmed: false, .. } if !permission.only_reads() => {
                Err(Problem::new(Code::Unconfirmed, locale::text(Language::English, "errors-unconfirmed")))
            }
            _ => Ok(scope),
        }
    }

    /// Like [`Actor::authorize`] for whoever holds one of the permissions; the refusal names the first.
    pub fn authorize_any(&self, permissions: [Permission; 3]) -> Result<Scope> {
        let held = permissions.into_iter().find(|permission| self.is_allowed(*permission).is_ok());
        self.authorize(held.unwrap_or(permissions[0]))
    }

    /// Like [`Actor::authorize`], for what nobody else sees: drafts, and the profile of a company that is not public yet.
    pub fn authorize_draft(&self, permission: Permission) -> Result<Scope> {
        let scope = self.is_allowed(permission)?;
        if self.is_suspended() && !permission.only_reads() {
            return Err(Problem::forbidden(locale::text(Language::English, "errors-suspended")));
        }
        Ok(scope)
    }

    /// The moderator that the actor is; for everybody else the pages of moderators do not exist.
    pub fn as_moderator(&self) -> Result<Moderator> {
        match self {
            Self::Member { user, company, moderator: true, .. } => Ok(Moderator { user: *user, company: *company }),
            _ => Err(Problem::not_found("page")),
        }
    }

    /// Whether it is a person who has not confirmed their address.
    pub fn is_unconfirmed(&self) -> bool {
        matches!(self, Self::Member { confirmed: false, .. })
    }

    /// Whether the actor's company is suspended.
    pub fn is_suspended(&self) -> bool {
        matches!(self, Self::Member { suspended: true, .. } | Self::Key { suspended: true, .. })
    }

    fn is_allowed(&self, permission: Permission) -> Result<Scope> {
        match self {
            Self::Anonymous => {
                Err(Problem::new(Code::Unauthenticated, locale::text(Language::English, "errors-needs-sign-in")))
            }
            Self::Operator => Err(Problem::forbidden(locale::text(Language::English, "errors-operator-by-name"))),
            Self::Member { company, role, .. } if role.allows(permission) => Ok(Scope { company: *company }),
            Self::Member { role, .. } => {
                Err(Problem::forbidden(Message::new("errors-role").with("role", role.as_str()).text(Language::English)))
            }
            Self::Key { company, permissions, .. } if permissions.contains(&permission) => {
                Ok(Scope { company: *company })
            }
            Self::Key { .. } => Err(Problem::forbidden(
                Message::new("errors-scope").with("scope", permission.as_str()).text(Language::English),
            )),
        }
    }

    /// The company the actor acts for, if any: to show one's own things on public pages, never to decide on rights.
    pub fn company(&self) -> Option<CompanyId> {
        match self {
            Self::Member { company, .. } | Self::Key { company, .. } => Some(*company),
            Self::Anonymous | Self::Operator => None,
        }
    }

    /// The person at the keyboard, if there is one.
    pub fn user(&self) -> Option<UserId> {
        match self {
            Self::Member { user, .. } => Some(*user),
            _ => None,
        }
    }

    /// Whether the actor is a moderator of the platform.
    pub fn is_moderator(&self) -> bool {
        matches!(self, Self::Member { moderator: true, .. })
    }

    /// A stable text that cursors are bound to.
    pub fn binding(&self) -> String {
        self.company().map_or_else(|| "public".to_owned(), |company| company.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn member(role: Role, confirmed: bool) -> Actor {
        let (user, company, session) = (UserId(1), CompanyId(2), SessionId(3));
        Actor::Member { user, company, role, session, moderator: false, suspended: false, confirmed }
    }

    #[test]
    fn an_unconfirmed_person_reads_and_prepares_but_does_nothing_that_others_see() {
        let founder = member(Role::Owner, false);
        for (permission, name) in Permission::ALL {
            assert!(founder.authorize_draft(*permission).is_ok());
            let outcome = founder.authorize(*permission).map_err(|problem| problem.code);
            let wanted = if name.ends_with(":read") { Ok(()) } else { Err(Code::Unconfirmed) };
            assert_eq!(outcome.map(|_| ()), wanted, "{name}");
        }
    }

    #[test]
    fn a_role_is_a_set_of_permissions() {
        for (permission, name) in Permission::ALL {
            let may = |role| member(role, true).authorize(*permission).is_ok();
            assert!(may(Role::Owner), "{name}");
            assert_eq!(may(Role::Trader), *name != "account:write", "{name}");
            assert_eq!(may(Role::Viewer), name.ends_with(":read"), "{name}");
        }
    }
}
