//! The query of a saved search: its canonical form, and what is wrong with one that has none; and what makes a change news. Pure.

use chrono::{Datelike, Days, Duration, NaiveTime, Weekday};
use serde::Serialize;

use super::{AlertFrequency, SearchedKind};
use crate::clock::Time;
use crate::discovery::hits::{CompanyHit, ListingHit, RfqHit};
use crate::discovery::rules::{self as search, found_by};
use crate::error::FieldCode;
use crate::locale::{Language, Message, text};
use crate::search::Kind;
use crate::secrets::sha256_hex;

/// The preview shows what came in so many days.
pub const PREVIEW_DAYS: i64 = 7;
/// So many finds of them, the newest, are shown.
pub const PREVIEW_ROWS: usize = 25;

/// So long between two e-mails of one search.
pub const INSTANT_GAP: Duration = Duration::minutes(15);
/// The time of day of digests, in hours of UTC: no time zone is known of a person.
pub const DIGEST_HOUR: i64 = 7;

/// When the next digest is due in which finds of such a search are: in the morning, of a weekly one on Monday.
pub fn next_digest(now: Time, frequency: AlertFrequency) -> Time {
    let hour = Duration::hours(DIGEST_HOUR);
    let on = |days: u64| (now.date_naive() + Days::new(days)).and_time(NaiveTime::MIN).and_utc() + hour;
    let is_day = |at: &Time| frequency != AlertFrequency::Weekly || at.weekday() == Weekday::Mon;
    // One of eight days is a Monday whose morning is still to come.
    (0..=7).map(on).find(|at| *at > now && is_day(at)).unwrap_or(now)
}

/// What is wrong with a query: the code and the words.
pub type QueryFault = (FieldCode, String);

/// The parameters of a query string.
pub fn pairs_of(query: &str) -> Vec<(String, String)> {
    serde_urlencoded::from_str(query.trim_start_matches('?')).unwrap_or_default()
}

/// The query string of what decides which documents are found, in one order: two that find the same by the same parameters are one text.
///
/// # Errors
/// Everything that search would refuse, and a query that asks for nothing.
pub fn canonical_query(kind: Kind, query: &str) -> Result<String, Vec<QueryFault>> {
    let pairs = pairs_of(query);
    if let Err(problem) = search::ensure_known(kind, &pairs) {
        return Err(vec![(FieldCode::Unknown, problem.detail)]);
    }
    // Neither the time nor the rates decide whether a parameter can be understood.
    let faults = search::read(kind, &pairs, Time::default(), None).errors;
    if !faults.is_empty() {
        let named = |pointer: &str, message: &str| {
            let parameter = pointer.trim_start_matches('/');
            Message::new("alerts-parameter").with("name", parameter).with("what", message).text(Language::English)
        };
        return Err(faults.iter().map(|fault| (fault.code, named(&fault.pointer, &fault.message))).collect());
    }
    let deciding = found_by(kind, &pairs);
    // `literal` alone asks for nothing either.
    if deciding.iter().all(|(name, _)| *name == "literal") {
        return Err(vec![(FieldCode::Required, text(Language::English, "alerts-query-empty").to_owned())]);
    }
    serde_urlencoded::to_string(&deciding).map_err(|error| vec![(FieldCode::Format, error.to_string())])
}

/// What was published so long before its change was logged is not new, only seen for the first time.
pub fn new_for(kind: SearchedKind) -> Duration {
    match kind {
        SearchedKind::Listings | SearchedKind::Rfqs => Duration::hours(1),
        // A company is shown when its first person confirms their address, for which they have 30 days.
        SearchedKind::Companies => Duration::days(30),
    }
}

/// A listing is news again when its name, classification, price, MOQ, lead time, terms, origin or certificates change.
pub fn class_of_listing(hit: &ListingHit) -> String {
    let terms = (&hit.price, &hit.moq, &hit.lead_time_days, &hit.incoterms);
    class_of(&(&hit.name, &hit.hs_code, &hit.category, terms, &hit.origin_country, &hit.certifications))
}

/// A company is news again when its name, country, form, verification, markets or certificates change.
pub fn class_of_company(hit: &CompanyHit) -> String {
    let company = &hit.company;
    let known = (&company.name, &company.country, &company.form, &company.verification);
    class_of(&(known, &hit.markets, &hit.certifications))
}

/// An RFQ is news again when its title, classification, quantity, target price, destination, terms, certificates or deadline change.
pub fn class_of_rfq(hit: &RfqHit) -> String {
    let goods = (&hit.title, &hit.hs_code, &hit.category, &hit.quantity, &hit.frequency, &hit.required_certifications);
    let terms = (&hit.target_price, &hit.incoterm, &hit.destination_country, &hit.destination_place, &hit.deadline);
    class_of(&(goods, terms))
}

/// Half of a SHA-256 in hexadecimal: long enough that no two versions of one thing share it.
fn class_of(parts: &impl Serialize) -> String {
    let json = serde_json::to_vec(parts).unwrap_or_default();
    let mut digest = sha256_hex(&json);
    digest.truncate(32);
    digest
}
