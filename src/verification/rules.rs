//! What a level needs, how long evidence counts, and when a company is reminded; without I/O.

use chrono::{Days, NaiveDate};

use crate::companies::evidence::EvidenceKind;
use crate::companies::{Form, Verification};
use crate::error::{FieldCode, Problem};
use crate::locale::{Language, Message, text};

/// Days for which evidence counts at most, whatever its documents say.
pub const MAX_DAYS: u64 = 3 * 366;
/// Days for which it counts where neither a moderator nor its documents name an earlier day.
pub const DEFAULT_DAYS: u64 = 365;
/// Days before the end of evidence on which its company is reminded, the earliest first.
// A month, in which an office can be got to answer, and a week for who forgot.
pub const REMINDERS: &[i32] = &[30, 7];

/// What a request has to carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Needs {
    /// An entry in a register.
    Register,
    /// Documents of the company.
    Documents,
    /// An identity document of an individual.
    Identity,
    /// A third party's report.
    Report,
}

impl Needs {
    /// The kind of evidence that an accepted request becomes.
    pub fn evidence(self) -> EvidenceKind {
        match self {
            Self::Register => EvidenceKind::Register,
            Self::Documents => EvidenceKind::Documents,
            Self::Identity => EvidenceKind::Identity,
            Self::Report => EvidenceKind::Report,
        }
    }

    /// Whether it has to say who made the document.
    pub fn an_issuer(self) -> bool {
        matches!(self, Self::Identity | Self::Report)
    }
}

/// What a request for the level has to carry.
///
/// # Errors
/// `invalid` for a level that the company cannot apply for.
pub fn needs(level: Verification, form: Form) -> Result<Needs, Problem> {
    let refused = |message: &str| Err(Problem::invalid_field("/level", FieldCode::Range, message));
    match (level, form) {
        (Verification::Registered, _) => refused(text(Language::English, "verification-level-unknown")),
        (Verification::Identified, Form::Individual) => refused(text(Language::English, "verification-individual")),
        (Verification::Identified, _) => Ok(Needs::Register),
        // A person has no papers of a company: the passport stands in for both steps.
        (Verification::Documented, Form::Individual) => Ok(Needs::Identity),
        (Verification::Documented, _) => Ok(Needs::Documents),
        (Verification::Audited, _) => Ok(Needs::Report),
    }
}

/// Why a company cannot apply for a level yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestRefusal {
    /// It names no identifier with valid check digits that is not refused.
    NoIdentifier,
    /// The level below, which it has to reach first.
    LevelMissing(Verification),
}

impl From<RequestRefusal> for Problem {
    fn from(refusal: RequestRefusal) -> Self {
        Problem::conflict(match refusal {
            RequestRefusal::NoIdentifier => text(Language::English, "verification-no-identifier").to_owned(),
            RequestRefusal::LevelMissing(level) => {
                Message::new("verification-level-missing").with("level", level.to_string()).text(Language::English)
            }
        })
    }
}

/// Whether a company of the level may apply; `can_be_identified` says whether it names an identifier by which its entry can be looked up.
///
/// # Errors
/// When the level below or the identifier is missing.
pub fn may_request(needs: Needs, level: Verification, can_be_identified: bool) -> Result<(), RequestRefusal> {
    match needs {
        Needs::Register if !can_be_identified => Err(RequestRefusal::NoIdentifier),
        Needs::Documents if level < Verification::Identified => {
            Err(RequestRefusal::LevelMissing(Verification::Identified))
        }
        Needs::Report if level < Verification::Documented => {
            Err(RequestRefusal::LevelMissing(Verification::Documented))
        }
        _ => Ok(()),
    }
}

/// The last day of evidence that is accepted today: the day that the moderator names, else a year, never past the documents' own last day.
///
/// # Errors
/// When the day has passed, is past the documents' own, or more than three years ahead.
pub fn last_day(
    needs: Needs,
    today: NaiveDate,
    named: Option<NaiveDate>,
    documents_end: Option<NaiveDate>,
) -> Result<Option<NaiveDate>, &'static str> {
    if needs == Needs::Register {
        // Whether the entry is still there is asked at the register by whoever wants to know; we do not look again.
        return if named.is_none() { Ok(None) } else { Err(text(Language::English, "verification-no-expiry")) };
    }
    let usual = today.checked_add_days(Days::new(DEFAULT_DAYS)).unwrap_or(NaiveDate::MAX);
    let most = today.checked_add_days(Days::new(MAX_DAYS)).unwrap_or(NaiveDate::MAX);
    // Documents may be valid for ten years; what they show of a company is not. Hence a year unless a moderator says otherwise.
    let day = named.unwrap_or_else(|| documents_end.map_or(usual, |documents_end| documents_end.min(usual)));
    if day < today {
        Err(text(Language::English, "verification-has-passed"))
    } else if documents_end.is_some_and(|documents_end| day > documents_end) {
        Err(text(Language::English, "verification-after-documents"))
    } else if day > most {
        Err(text(Language::English, "verification-three-years"))
    } else {
        Ok(Some(day))
    }
}

/// The reminder that is due, as days before the end; `None` when it was sent already (`sent`) or none is due.
pub fn due_reminder(today: NaiveDate, last: NaiveDate, sent: Option<i32>) -> Option<i32> {
    let left = (last - today).num_days();
    // The latest reminder that fits: a worker that was down for weeks sends one, not all that it missed.
    let due = REMINDERS.iter().copied().filter(|days| left <= i64::from(*days)).min()?;
    (sent.is_none_or(|sent| sent > due) && left >= 0).then_some(due)
}

/// The name of a kind of evidence for the middle of a sentence.
pub fn evidence_label(kind: EvidenceKind) -> &'static str {
    match kind {
        EvidenceKind::Register => text(Language::English, "verification-kind-register"),
        EvidenceKind::Documents => "documents",
        EvidenceKind::Identity => text(Language::English, "verification-kind-identity"),
        EvidenceKind::Report => text(Language::English, "verification-kind-report"),
    }
}

/// The name of a level as a title: "Apply for Identified".
pub fn level_name(level: Verification) -> &'static str {
    match level {
        Verification::Registered => text(Language::English, "verification-level-registered"),
        Verification::Identified => text(Language::English, "verification-level-identified"),
        Verification::Documented => text(Language::English, "verification-level-documented"),
        Verification::Audited => text(Language::English, "verification-level-audited"),
    }
}
