//! Who may do what to a partnership and to its records, and what that makes of them.

use super::states::{EvidenceGrade, PartnershipState, RecordState, Side};
use crate::customs::rules::PartyForm;
use crate::error::Problem;
use crate::locale::{Language, Message, text};
use crate::wire_enum;

wire_enum! {
    /// What is done to a partnership.
    pub enum PartnershipStep {
        /// The other side agrees.
        Confirm = "confirm",
        /// The other side says no.
        Decline = "decline",
        /// Either side ends it; the proposer may withdraw a proposal.
        End = "end",
    }
}

wire_enum! {
    /// What is done to a trade record.
    pub enum RecordStep {
        /// The other side agrees.
        Confirm = "confirm",
        /// The other side disagrees.
        Dispute = "dispute",
        /// A new record is put in its place.
        Correct = "correct",
    }
}

/// Why a step is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartnershipRefusal {
    /// Nobody confirms, declines or disputes what they declared themselves.
    OwnDeclaration,
    /// What the other side declared is disputed, not corrected.
    NotYourDeclaration,
    /// The proposal is the other side's: it is declined, not ended.
    DeclineInstead,
    /// The partnership's state does not allow it.
    Partnership(PartnershipState),
    /// The record's state does not allow it.
    Record(RecordState),
    /// The other side of a consumer's record is not on the platform, so nobody can confirm it.
    NoCounterparty,
}

/// The partnership after `step` by `by`, when `proposer` had proposed it.
pub fn step_partnership(
    state: PartnershipState,
    proposer: Side,
    step: PartnershipStep,
    by: Side,
) -> Result<PartnershipState, PartnershipRefusal> {
    use PartnershipState::{Active, Declined, Ended, Proposed};
    match (step, state) {
        (PartnershipStep::Confirm | PartnershipStep::Decline, Proposed) if by == proposer => {
            Err(PartnershipRefusal::OwnDeclaration)
        }
        (PartnershipStep::Confirm, Proposed) => Ok(Active),
        (PartnershipStep::Decline, Proposed) => Ok(Declined),
        // Both would close the proposal; the ledger has to say who did not want it.
        (PartnershipStep::End, Proposed) if by != proposer => Err(PartnershipRefusal::DeclineInstead),
        (PartnershipStep::End, Proposed | Active) => Ok(Ended),
        _ => Err(PartnershipRefusal::Partnership(state)),
    }
}

/// Whether the step was taken already, by this side where it matters: whoever heard no answer may ask again, and that changes nothing.
pub fn is_partnership_step_taken(state: PartnershipState, proposer: Side, step: PartnershipStep, by: Side) -> bool {
    match step {
        PartnershipStep::Confirm => state == PartnershipState::Active && by != proposer,
        PartnershipStep::Decline => state == PartnershipState::Declined && by != proposer,
        PartnershipStep::End => state == PartnershipState::Ended,
    }
}

/// The same of a step of a record.
pub fn is_record_step_taken(facts: &RecordFacts, step: RecordStep, by: Side) -> bool {
    let reached = match step {
        RecordStep::Confirm => facts.state == RecordState::Confirmed,
        RecordStep::Dispute => facts.state == RecordState::Disputed,
        RecordStep::Correct => false,
    };
    reached && by != facts.declarer
}

/// Whether a new record may be declared: the partnership is active, or has ended and the record corrects one of its own.
pub fn may_declare(state: PartnershipState, corrects: Option<RecordState>) -> Result<(), PartnershipRefusal> {
    match (state, corrects) {
        // A mistake in an old record would otherwise stay in totals and statistics for ever.
        (PartnershipState::Active, _) | (PartnershipState::Ended, Some(_)) => Ok(()),
        _ => Err(PartnershipRefusal::Partnership(state)),
    }
}

/// A trade record as a step on it sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordFacts {
    /// Its state.
    pub state: RecordState,
    /// Who declared it.
    pub declarer: Side,
    /// Between whom.
    pub party_form: PartyForm,
}

/// The state of the record after `step` by `by`.
///
/// A correction takes the place of a record that only one side had declared at once, and of a confirmed one when it is itself
/// confirmed, which makes every record that it corrects superseded: until then what both agreed on stays in force.
pub fn step_record(facts: &RecordFacts, step: RecordStep, by: Side) -> Result<RecordState, PartnershipRefusal> {
    use RecordState::{Confirmed, Declared, Disputed, Superseded};
    let is_own = by == facts.declarer;
    match (step, facts.state) {
        // Asked first: a consumer on the other side has no account that could confirm.
        (RecordStep::Confirm | RecordStep::Dispute, _) if facts.party_form != PartyForm::B2b => {
            Err(PartnershipRefusal::NoCounterparty)
        }
        (RecordStep::Confirm, Declared | Disputed) | (RecordStep::Dispute, Declared) if is_own => {
            Err(PartnershipRefusal::OwnDeclaration)
        }
        (RecordStep::Confirm, Declared | Disputed) => Ok(Confirmed),
        (RecordStep::Dispute, Declared) => Ok(Disputed),
        (RecordStep::Correct, Declared | Disputed) if !is_own => Err(PartnershipRefusal::NotYourDeclaration),
        (RecordStep::Correct, Declared | Disputed) => Ok(Superseded),
        // What both sides agreed on stays in force until they agree on the correction.
        (RecordStep::Correct, Confirmed) => Ok(Confirmed),
        (_, state) => Err(PartnershipRefusal::Record(state)),
    }
}

/// What evidence there is for a record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Both sides said so.
    pub is_confirmed: bool,
    /// Documents attached by their SHA-256.
    pub documents: u32,
    /// An operator reviewed a document.
    pub is_reviewed: bool,
}

/// The grade of the evidence. Each grade needs those below it: the documents of a record that the other side never confirmed
/// remain one side's statement.
pub fn grade(evidence: Evidence) -> EvidenceGrade {
    match evidence {
        // Documents of one side alone raise nothing: they are as one-sided as the declaration.
        Evidence { is_confirmed: false, .. } => EvidenceGrade::SelfDeclared,
        Evidence { documents: 0, .. } => EvidenceGrade::CounterpartyConfirmed,
        Evidence { is_reviewed: false, .. } => EvidenceGrade::DocumentAttached,
        Evidence { is_reviewed: true, .. } => EvidenceGrade::OperatorReviewed,
    }
}

impl From<PartnershipRefusal> for Problem {
    fn from(refusal: PartnershipRefusal) -> Self {
        match refusal {
            PartnershipRefusal::OwnDeclaration => {
                Self::forbidden(text(Language::English, "partnerships-only-other-side"))
            }
            PartnershipRefusal::NotYourDeclaration => {
                Self::forbidden(text(Language::English, "partnerships-only-declarant"))
            }
            PartnershipRefusal::DeclineInstead => {
                Self::conflict(text(Language::English, "partnerships-decline-instead"))
            }
            PartnershipRefusal::Partnership(state) => Self::conflict(
                Message::new("partnerships-wrong-state")
                    .with("state", state.pill().label(Language::English))
                    .text(Language::English),
            ),
            PartnershipRefusal::Record(state) => Self::conflict(
                Message::new("partnerships-wrong-record-state")
                    .with("state", state.pill().label(Language::English))
                    .text(Language::English),
            ),
            PartnershipRefusal::NoCounterparty => {
                Self::conflict(text(Language::English, "partnerships-consumer-alone"))
            }
        }
    }
}
