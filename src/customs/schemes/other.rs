//! Any other country's number: form, country and the date of the document are all that can be asked for.

use super::table::schemes;
use crate::customs::CheckRequest;
use crate::reference::check_digits::is_container_number;
use crate::reference::codes::Country;
use crate::reference::countries;
use crate::reference::outcome::Verdict;
use crate::reference::plain::plain;

pub(super) fn check(request: &CheckRequest) -> Verdict {
    let text = plain(&request.number);
    let Some(country) = request.country else {
        return Verdict::invalid(text, "needs the country whose customs office gave it");
    };
    let fits = |byte: u8| byte.is_ascii_digit() || byte.is_ascii_uppercase() || matches!(byte, b'/' | b'.' | b'-');
    if !(4..=35).contains(&text.len()) || !text.bytes().all(fits) {
        return Verdict::invalid(text, "must be 4 to 35 letters, digits and / . -");
    }
    let mut verdict = Verdict::form_only(format!("{country}:{text}"))
        .shown(format!("{country} {text}"))
        .part("country", country.as_str(), country.name())
        .part("number", text.as_str(), "as the document gives it");
    if request.date.is_none() {
        verdict = verdict.suspicious("needs the date of the document to be distinguished from other numbers");
    }
    if has_own_scheme(country) {
        verdict = verdict.suspicious(format!("numbers of {country} have a scheme of their own, which checks more"));
    }
    if is_container_number(&text) {
        verdict = verdict.suspicious("this is a container number, not a declaration");
    }
    verdict
}

fn has_own_scheme(country: Country) -> bool {
    countries::is_eu_member(country) || schemes().iter().any(|scheme| scheme.country == Some(country.as_str()))
}
