//! Customs numbers: one file for each country's; here the way to the right file, and the checks that all of them share. [`table`] lists the
//! schemes.

use chrono::NaiveDate;

use self::dates::is_future;
use self::verdict::NumberVerdict;
use super::{CheckRequest, CheckResult, Evidence, Scheme};
use crate::locale::{self, Language, Message};
use crate::reference::outcome::{Outcome, Verdict};

mod asia;
mod brazil;
mod china;
mod dates;
mod europe;
mod india;
mod other;
mod table;
mod uk;
mod us;
mod verdict;

pub use table::{SchemeInfo, schemes};

/// Checks a customs number by the rules of its scheme. `today` decides which years and dates lie in the future.
pub fn check(request: &CheckRequest, today: NaiveDate) -> CheckResult {
    let found = match request.scheme {
        Scheme::CnDeclaration => china::check(request, today, Evidence::Declaration),
        Scheme::CnPreliminary => china::check(request, today, Evidence::Preliminary),
        Scheme::EuMrn => europe::check_eu(request, today),
        Scheme::UkMrn => europe::check_uk(request, today),
        Scheme::UkDucr => NumberVerdict::supporting(uk::ducr(&request.number)),
        Scheme::UkMucr => NumberVerdict::supporting(uk::mucr(&request.number)),
        Scheme::UsEntry => NumberVerdict::declaration(us::entry(&request.number)),
        Scheme::UsItn => NumberVerdict::declaration(us::itn(request, today)),
        Scheme::InShippingBill | Scheme::InBillOfEntry => NumberVerdict::declaration(india::check(request, today)),
        Scheme::BrDuimp => NumberVerdict::declaration(brazil::duimp(request, today)),
        Scheme::BrDue => NumberVerdict::declaration(brazil::due(request, today)),
        Scheme::BrDi => NumberVerdict::declaration(brazil::di(request, today)),
        Scheme::JpDeclaration => NumberVerdict::declaration(asia::japan(&request.number)),
        Scheme::KrDeclaration => NumberVerdict::declaration(asia::korea(request, today)),
        Scheme::Other => NumberVerdict::declaration(other::check(request)),
    };
    conclude(request, today, found)
}

/// The checks that every scheme shares: only direction, issuing country, date and item of the request against the number.
fn conclude(request: &CheckRequest, today: NaiveDate, found: NumberVerdict) -> CheckResult {
    let NumberVerdict { mut verdict, evidence, item } = found;
    // What cannot be a number at all is said alone: that its date is odd as well would bury the reason.
    if verdict.outcome != Outcome::Invalid {
        for reason in [wrong_direction(request), wrong_country(request), future_date(request, today)] {
            verdict = reason.into_iter().fold(verdict, Verdict::suspicious);
        }
        verdict = match (request.item, item) {
            (Some(0), _) => verdict.refused(locale::text(Language::English, "customs-item-from-1")),
            (Some(given), Some(own)) if given != own => verdict.suspicious(
                Message::new("customs-item-other")
                    .with("own", own.to_string())
                    .with("given", given.to_string())
                    .text(Language::English),
            ),
            _ => verdict,
        };
    }
    let Verdict { outcome, reason, canonical, display, parts } = verdict;
    CheckResult { outcome, reason, canonical, display, evidence, parts, item: item.or(request.item) }
}

fn wrong_direction(request: &CheckRequest) -> Option<String> {
    let info = request.scheme.info();
    let only = info.direction.filter(|only| *only != request.direction)?;
    Some(
        Message::new("customs-wrong-direction")
            .with("scheme", info.name)
            .with("only", only.as_str())
            .with("direction", request.direction.as_str())
            .text(Language::English),
    )
}

fn wrong_country(request: &CheckRequest) -> Option<String> {
    let (given, issuer) = (request.country?, request.scheme.info().country?);
    (given.as_str() != issuer).then(|| {
        Message::new("customs-wrong-country")
            .with("issuer", issuer)
            .with("given", given.to_string())
            .text(Language::English)
    })
}

fn future_date(request: &CheckRequest, today: NaiveDate) -> Option<String> {
    let date = request.date.filter(|date| is_future(*date, today))?;
    Some(Message::new("customs-future-date").with("date", date.to_string()).text(Language::English))
}
