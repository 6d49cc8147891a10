//! What a level needs, how long evidence counts, and when a company is reminded; without I/O.

use chrono::{Days, NaiveDate};

use crate::companies::evidence::EvidenceKind;
use crate::companies::{Form, Verification};
use crate::error::{FieldCode, Problem};

/// Evidence counts for so many days at most, whatever its papers say.
pub const MOST_DAYS: u64 = 3 * 366;
/// And for so many where a moderator names no day and the papers do not end earlier.
pub const USUAL_DAYS: u64 = 365;
/// A company is reminded so many days before its evidence ends, the longest time first.
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
/// `invalid` for a level that cannot be asked for.
pub fn needs(level: Verification, form: Form) -> Result<Needs, Problem> {
    let refused = |message: &str| Err(Problem::invalid_field("/level", FieldCode::Range, message));
    match (level, form) {
        (Verification::Registered, _) => refused("must be identified, documented or audited"),
        (Verification::Identified, Form::Individual) => {
            refused("must be documented for an individual, who stands in no register: send an identity document")
        }
        (Verification::Identified, _) => Ok(Needs::Register),
        (Verification::Documented, Form::Individual) => Ok(Needs::Identity),
        (Verification::Documented, _) => Ok(Needs::Documents),
        (Verification::Audited, _) => Ok(Needs::Report),
    }
}

/// Why a company cannot ask for a level yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestRefusal {
    /// It holds no number whose check digits hold.
    NoNumber,
    /// The level before has to be reached first.
    LevelBefore(Verification),
}

impl From<RequestRefusal> for Problem {
    fn from(refusal: RequestRefusal) -> Self {
        Problem::conflict(match refusal {
            RequestRefusal::NoNumber => {
                "Your company holds no register number whose check digits hold; add one to its profile first."
                    .to_owned()
            }
            RequestRefusal::LevelBefore(level) => format!("Each level stands on the one before: be {level} first."),
        })
    }
}

/// Whether a company of the level, which holds a number with check digits or not, may ask for this.
///
/// # Errors
/// When the level before is missing.
pub fn may_ask(needs: Needs, level: Verification, holds_number: bool) -> Result<(), RequestRefusal> {
    match needs {
        Needs::Register if !holds_number => Err(RequestRefusal::NoNumber),
        Needs::Documents if level < Verification::Identified => {
            Err(RequestRefusal::LevelBefore(Verification::Identified))
        }
        Needs::Report if level < Verification::Documented => Err(RequestRefusal::LevelBefore(Verification::Documented)),
        _ => Ok(()),
    }
}

/// The last day of evidence that is accepted today: the day the moderator names, else a year, never past the papers' own last day.
///
/// # Errors
/// When the day has passed, lies past the papers' own, or more than three years ahead.
pub fn last_day(
    needs: Needs,
    today: NaiveDate,
    named: Option<NaiveDate>,
    papers: Option<NaiveDate>,
) -> Result<Option<NaiveDate>, &'static str> {
    if needs == Needs::Register {
        return if named.is_none() { Ok(None) } else { Err("must be empty: a register entry does not expire") };
    }
    let usual = today.checked_add_days(Days::new(USUAL_DAYS)).unwrap_or(NaiveDate::MAX);
    let most = today.checked_add_days(Days::new(MOST_DAYS)).unwrap_or(NaiveDate::MAX);
    let day = named.unwrap_or_else(|| papers.map_or(usual, |papers| papers.min(usual)));
    if day < today {
        Err("must not have passed")
    } else if papers.is_some_and(|papers| day > papers) {
        Err("must not be after the last day that the papers name")
    } else if day > most {
        Err("must be within three years")
    } else {
        Ok(Some(day))
    }
}

/// The reminder that is due: so many days before the end, if none as late was sent before.
pub fn due_reminder(today: NaiveDate, last: NaiveDate, sent: Option<i32>) -> Option<i32> {
    let left = (last - today).num_days();
    let due = REMINDERS.iter().copied().filter(|days| left <= i64::from(*days)).min()?;
    (sent.is_none_or(|sent| sent > due) && left >= 0).then_some(due)
}
