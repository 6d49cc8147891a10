//! Pure decisions of accounts: how long links hold and how many are sent.

use chrono::Duration;

use super::LinkPurpose;

/// How long a link in a letter holds.
pub const LINK_HOLDS: Duration = Duration::minutes(60);

/// In which time letters with links are counted.
pub const LINKS_COUNTED_IN: Duration = Duration::hours(24);

/// How many links a person is sent within [`LINKS_COUNTED_IN`], so that nobody fills another's mailbox.
pub fn most_links(purpose: LinkPurpose) -> i64 {
    match purpose {
        LinkPurpose::ResetPassword => 3,
        LinkPurpose::ConfirmEmail | LinkPurpose::ChangeEmail => 5,
    }
}
