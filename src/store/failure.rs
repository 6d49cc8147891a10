//! The database's own failures, as a caller may hear of them.
//!
//! A collision is run again by the store itself. A database that is away, full or read-only is no fault of the request: 503, with
//! a line in the log that says what to mend, and the same request succeeds once it is mended. All else is a fault of ours.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

use crate::error::{Code, Problem};
use crate::locale::{Language, text};

/// After how many seconds a caller may try again while the database is away.
pub(super) const AWAY_RETRY_S: u64 = 2;
/// The same while it has no room, which somebody has to make.
const FULL_RETRY_S: u64 = 30;

/// What kind of failure it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum DatabaseFailure {
    /// Two transactions could not both be: the one that lost is run again.
    Collision,
    /// Nothing can be stored: the disk is full.
    Full,
    /// Nothing can be stored, for another reason: a read-only file system, a replica, a failing disk.
    Unwritable,
    /// The server is gone, ends or begins.
    Away,
    /// Others hold what is wanted for too long.
    Busy,
}

/// What the databases say when they fail. Their texts are all that tells most of these apart; where a server answers in
/// another language, its kinds still do.
const MESSAGE_PATTERNS: &[(&str, DatabaseFailure)] = &[
    ("deadlock detected", DatabaseFailure::Collision),
    ("disk is full", DatabaseFailure::Full),
    ("No space left on device", DatabaseFailure::Full),
    ("disk I/O error", DatabaseFailure::Unwritable),
    ("readonly database", DatabaseFailure::Unwritable),
    ("unable to open database file", DatabaseFailure::Unwritable),
    ("read-only transaction", DatabaseFailure::Unwritable),
    ("terminating connection", DatabaseFailure::Away),
    ("server closed the connection", DatabaseFailure::Away),
    ("could not receive data from server", DatabaseFailure::Away),
    ("could not send data to server", DatabaseFailure::Away),
    ("no connection to the server", DatabaseFailure::Away),
    ("the database system is", DatabaseFailure::Away),
    ("database is locked", DatabaseFailure::Busy),
    ("due to lock timeout", DatabaseFailure::Busy),
    ("due to statement timeout", DatabaseFailure::Busy),
];

impl DatabaseFailure {
    fn of(kind: &DatabaseErrorKind, message: &str) -> Option<Self> {
        match kind {
            DatabaseErrorKind::SerializationFailure => Some(Self::Collision),
            DatabaseErrorKind::ReadOnlyTransaction => Some(Self::Unwritable),
            DatabaseErrorKind::ClosedConnection => Some(Self::Away),
            // The kinds first: they say the same in every language of the server.
            _ => MESSAGE_PATTERNS.iter().find(|(words, _)| message.contains(words)).map(|(_, failure)| *failure),
        }
    }

    fn problem(self) -> Problem {
        match self {
            Self::Collision => Problem::transient(),
            // None of them says that nothing was changed: it may be the commit that failed, and its answer that was lost.
            Self::Full => unavailable("errors-no-room", FULL_RETRY_S),
            Self::Unwritable => unavailable("errors-not-stored", FULL_RETRY_S),
            Self::Away => unavailable("errors-database-away", AWAY_RETRY_S),
            Self::Busy => unavailable("errors-database-busy", AWAY_RETRY_S),
        }
    }
}

/// Whether others hold what is wanted, so that trying again may help.
pub(super) fn is_busy(error: &DieselError) -> bool {
    matches!(error, DieselError::DatabaseError(kind, information)
        if DatabaseFailure::of(kind, information.message()) == Some(DatabaseFailure::Busy))
}

/// The server cannot do it now, in the words of the message `key`, and when to come back.
pub(super) fn unavailable(key: &'static str, retry_after_s: u64) -> Problem {
    let mut problem = Problem::new(Code::Unavailable, text(Language::English, key));
    problem.retry_after_s = Some(retry_after_s);
    problem
}

impl From<DieselError> for Problem {
    fn from(error: DieselError) -> Self {
        let failure = match &error {
            DieselError::DatabaseError(kind, information) => DatabaseFailure::of(kind, information.message()),
            // diesel says so of a connection that was cut in the middle of a transaction.
            DieselError::BrokenTransactionManager => Some(DatabaseFailure::Away),
            _ => None,
        };
        match failure {
            Some(DatabaseFailure::Collision) => DatabaseFailure::Collision.problem(),
            Some(failure) => failure.problem().caused_by(error),
            None => Problem::internal(error).during("database"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(kind: DatabaseErrorKind, message: &str) -> Problem {
        Problem::from(DieselError::DatabaseError(kind, Box::new(message.to_owned())))
    }

    #[test]
    fn database_failures_are_503_and_all_else_is_a_fault_of_ours() {
        let cases = [
            (DatabaseErrorKind::Unknown, "database or disk is full", Code::Unavailable),
            (DatabaseErrorKind::Unknown, "attempt to write a readonly database", Code::Unavailable),
            (DatabaseErrorKind::Unknown, "terminating connection due to administrator command", Code::Unavailable),
            (DatabaseErrorKind::ClosedConnection, "Verbindung geschlossen", Code::Unavailable),
            (DatabaseErrorKind::ReadOnlyTransaction, "nur lesen", Code::Unavailable),
            (DatabaseErrorKind::Unknown, "no such table: jobs", Code::Internal),
            (DatabaseErrorKind::ForeignKeyViolation, "FOREIGN KEY constraint failed", Code::Internal),
        ];
        for (kind, message, code) in cases {
            let problem = problem(kind, message);
            assert_eq!((problem.code, problem.is_transient()), (code, false), "{message}");
            assert_eq!(problem.retry_after_s.is_some(), code == Code::Unavailable, "{message}");
            // It may be the commit that failed, and then everything was.
            assert!(!problem.detail.to_lowercase().contains("nothing was changed"), "{message}: {}", problem.detail);
        }
        assert!(problem(DatabaseErrorKind::SerializationFailure, "").is_transient());
        assert!(problem(DatabaseErrorKind::Unknown, "deadlock detected").is_transient());
    }
}
