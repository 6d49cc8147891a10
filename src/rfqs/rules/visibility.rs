//! Who sees an RFQ, its buyer's name and its quotes. Every page, call and notification asks here.

use crate::companies::CompanyState;
use crate::rfqs::RfqState;

/// What somebody is to an RFQ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Viewer {
    /// Someone of the buyer's company, or a moderator.
    Owner,
    /// A supplier that was matched to it or quoted.
    Participant,
    /// Anyone else, signed in or not.
    Anyone,
}

/// Whether the viewer may see the RFQ: the owner always, a participant once it was posted, everyone until it is decided or withdrawn.
/// Of a buyer that is not active, nobody but the owner sees anything.
pub fn is_visible(state: RfqState, buyer: CompanyState, viewer: Viewer) -> bool {
    if viewer == Viewer::Owner {
        return true;
    }
    let is_public = match viewer {
        Viewer::Owner | Viewer::Participant => state != RfqState::Draft,
        // What is decided or withdrawn leaves the public: it would show who buys from whom, and search engines would keep it.
        Viewer::Anyone => matches!(state, RfqState::Open | RfqState::Closed),
    };
    // Suppliers who quoted lose sight of it too: they are notified when the buyer is suspended, and see it again if it returns.
    is_public && buyer == CompanyState::Active
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
