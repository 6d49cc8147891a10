//! Who sees an RFQ, its buyer's name and its quotes. Every page, call and notification asks here.

use super::RfqRefusal;
use crate::companies::CompanyState;
use crate::rfqs::{RfqState, Visibility};

/// What somebody is to an RFQ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// Someone of the buyer's company, or a moderator.
    Owner,
    /// A supplier that its buyer has invited.
    Invited,
    /// A supplier that was matched to it or quoted.
    Participant,
    /// Anyone else, signed in or not.
    Anyone,
}

/// Whether the viewer may see the RFQ: the owner always, a participant once it was posted, everyone until it is decided or withdrawn; one that
/// is for invited suppliers only these. Of a buyer that is not active, nobody but the owner sees anything.
pub fn is_visible(state: RfqState, visibility: Visibility, buyer: CompanyState, viewer: Viewer) -> bool {
    let is_posted = state != RfqState::Draft;
    let is_shown = match (viewer, visibility) {
        (Viewer::Owner, _) => return true,
        (Viewer::Invited, _) | (Viewer::Participant, Visibility::Public) => is_posted,
        // What is decided or withdrawn leaves the public: it would show who buys from whom, and search engines would keep it.
        (Viewer::Anyone, Visibility::Public) => matches!(state, RfqState::Open | RfqState::Closed),
        // Matching suggests suppliers to the buyer of such an RFQ, and tells them nothing.
        (Viewer::Participant | Viewer::Anyone, Visibility::Invited) => false,
    };
    // Suppliers who quoted lose sight of it too: they are notified when the buyer is suspended, and see it again if it returns.
    is_shown && buyer == CompanyState::Active
}

/// Whether it stands in the lists of open RFQs, and is found: everyone sees it, and it takes quotes.
pub fn is_listed(state: RfqState, visibility: Visibility) -> bool {
    state == RfqState::Open && is_visible(state, visibility, CompanyState::Active, Viewer::Anyone)
}

/// Who may see it after a change, where that is possible: what everyone saw cannot be hidden afterwards, and what was asked among the invited is
/// shown to nobody else. `questions` is how many were asked.
///
/// # Errors
/// When a published RFQ is to be for invited suppliers only, or one that these have asked about is to be public.
pub fn change(state: RfqState, before: Visibility, after: Visibility, questions: usize) -> Result<(), RfqRefusal> {
    match (before, after) {
        (Visibility::Public, Visibility::Invited) if state != RfqState::Draft => Err(RfqRefusal::SeenByAll),
        (Visibility::Invited, Visibility::Public) if questions > 0 => Err(RfqRefusal::AskedAmongInvited),
        _ => Ok(()),
    }
}

/// Whether the viewer may see who asks. What a quote opens to its supplier is for
/// [`supplier_knows_buyer`](crate::quotes::rules::supplier_knows_buyer).
pub fn buyer_is_shown_to(show_buyer_name: bool, viewer: Viewer) -> bool {
    show_buyer_name || viewer == Viewer::Owner
}

/// Whether the buyer may read the quotes: sealed ones only once no more can come.
pub fn quotes_are_readable(state: RfqState, sealed: bool) -> bool {
    // Closed is enough: no new version can come, so nobody can be undercut by what the buyer passes on.
    !sealed || !matches!(state, RfqState::Draft | RfqState::Open)
}
