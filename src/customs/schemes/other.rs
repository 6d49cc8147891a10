//! Any other country's number: form, country and the date of the document are all that can be asked for.

use super::table::schemes;
use crate::customs::CheckRequest;
use crate::locale::{self, Language, Message};
use crate::reference::check_digits::is_container_number;
use crate::reference::codes::Country;
use crate::reference::countries;
use crate::reference::outcome::Verdict;
use crate::reference::plain::plain;

pub(super) fn check(request: &CheckRequest) -> Verdict {
    let text = plain(&request.number);
    let Some(country) = request.country else {
        return Verdict::invalid(text, locale::text(Language::English, "customs-other-needs-country"));
    };
    let fits = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase() || matches!(byte, b'/' | b'.' | b'-');
    if !(4..=35).contains(&text.len()) || !text.bytes().all(fits) {
        return Verdict::invalid(text, locale::text(Language::English, "customs-other-form"));
    }
    let mut verdict = Verdict::form_only(format!("{country}:{text}"))
        .shown(format!("{country} {text}"))
        .part("country", country.as_str(), country.name())
        .part("number", text.as_str(), locale::text(Language::English, "customs-other-number"));
    if request.date.is_none() {
        verdict = verdict.suspicious(locale::text(Language::English, "customs-other-needs-date"));
    }
    if has_own_scheme(country) {
        verdict = verdict.suspicious(
            Message::new("customs-other-own-scheme").with("country", country.to_string()).text(Language::English),
        );
    }
    if is_container_number(&text) {
        verdict = verdict.suspicious(locale::text(Language::English, "customs-other-container"));
    }
    verdict
}

fn has_own_scheme(country: Country) -> bool {
    countries::is_eu_member(country) || schemes().iter().any(|scheme| scheme.country == Some(country.as_str()))
}
