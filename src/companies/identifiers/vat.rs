//! VAT numbers: the country's form and check where they are known, the general form elsewhere.

use vat_id_validator::check_vat_by_country;

use super::judged::judged;
use super::national::{self, Check};
use crate::locale::{self, Language, Message};
use crate::reference::codes::Country;
use crate::reference::outcome::Verdict;
use crate::reference::plain::{has_shape, is_alphanumeric};

/// Prefixes whose numbers are checked. `XI` numbers are British ones; `EL` is Greece; `EU` marks the one-stop shop.
const CHECKED: [&str; 36] = [
    "AD", "AT", "BE", "BG", "BR", "CH", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "EU", "FI", "FR", "GB", "HR", "HU",
    "IE", "IT", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "RS", "RU", "SE", "SI", "SK", "XI",
];

/// Checks a number whose separators are gone already, with the company's country where it is known.
pub(super) fn check(text: &str, country: Option<Country>) -> Verdict {
    // The crate behind the algorithms counts on ASCII digits, so nothing else may pass here.
    if !is_alphanumeric(text) || !(4..=20).contains(&text.len()) {
        return Verdict::invalid(text, locale::text(Language::English, "companies-check-vat"));
    }
    let own = country.map(|country| prefix_of(country.as_str()).to_owned());
    let candidates = candidates(text, own.as_deref());
    match candidates.iter().find(|number| holds(number)).or(candidates.last()) {
        Some(number) => note_country(verdict(number), number, own.as_deref()),
        None => Verdict::invalid(text, locale::text(Language::English, "companies-check-vat-country")),
    }
}

/// The numbers that the text can mean, each with its prefix; the text as it stands comes last, so that its fault is reported when none holds.
fn candidates(text: &str, own: Option<&str>) -> Vec<String> {
    let typed = typed_prefix(text);
    let as_typed = typed.map(|prefix| normal(&format!("{}{}", prefix_of(prefix), &text[2..])));
    let completed = own.filter(|own| typed.is_none_or(|typed| prefix_of(typed) != *own)).map(|own| {
        // A Swiss number has three letters before its digits.
        normal(&if own == "CH" { format!("CHE{text}") } else { format!("{own}{text}") })
    });
    completed.into_iter().chain(as_typed).collect()
}

fn prefix_of(country: &str) -> &str {
    if country == "GR" { "EL" } else { country }
}

fn typed_prefix(text: &str) -> Option<&str> {
    let prefix = text.get(..2).filter(|prefix| has_shape(prefix, "AA"))?;
    (CHECKED.contains(&prefix) || prefix.parse::<Country>().is_ok()).then_some(prefix)
}

/// Without the tax word that Swiss and Norwegian numbers may end in, so that one number has one form.
fn normal(number: &str) -> String {
    let words: &[&str] = match number.get(..2) {
        Some("CH") => &["MWST", "TVA", "IVA"],
        Some("NO") => &["MVA"],
        _ => &[],
    };
    words.iter().find_map(|word| number.strip_suffix(word)).unwrap_or(number).to_owned()
}

fn is_checked(number: &str) -> bool {
    number.get(..2).is_some_and(|prefix| CHECKED.contains(&prefix))
}

fn holds(number: &str) -> bool {
    let national = number.get(..2).and_then(|prefix| national::vat(prefix, &number[2..]));
    match national {
        Some(check) => matches!(check, Check::Holds | Check::FormOnly),
        None => is_checked(number) && crate_answer(number).0,
    }
}

/// Whether the number is valid, and whether at least its form is.
fn crate_answer(number: &str) -> (bool, bool) {
    let (prefix, rest) = number.split_at(2);
    let answer = match prefix {
        "XI" => check_vat_by_country(&format!("GB{rest}"), "GB"),
        "EL" => check_vat_by_country(number, "GR"),
        _ => check_vat_by_country(number, prefix),
    };
    (answer.is_valid, answer.is_valid_format)
}

fn verdict(number: &str) -> Verdict {
    let (prefix, rest) = number.split_at(2);
    if !is_checked(number) {
        return Verdict::form_only(number)
            .with_note(Message::new("companies-check-vat-unknown").with("prefix", prefix).text(Language::English))
            .part("country", prefix, locale::text(Language::English, "companies-part-issuing-country"))
            .part("number", rest, locale::text(Language::English, "companies-part-national-number"));
    }
    if let Some(check) = national::vat(prefix, rest) {
        let form = Message::new("companies-check-vat-form").with("prefix", prefix).text(Language::English);
        return judged(number, check, &form)
            .part("country", prefix, locale::text(Language::English, "companies-part-issuing-country"))
            .part("number", rest, locale::text(Language::English, "companies-part-national-number"));
    }
    match crate_answer(number) {
        (true, _) => Verdict::valid(number)
            .part("country", prefix, locale::text(Language::English, "companies-part-issuing-country"))
            .part("number", rest, locale::text(Language::English, "companies-part-national-number")),
        (false, true) => Verdict::invalid(
            number,
            Message::new("companies-check-vat-digits").with("prefix", prefix).text(Language::English),
        ),
        (false, false) => Verdict::invalid(
            number,
            Message::new("companies-check-vat-form").with("prefix", prefix).text(Language::English),
        ),
    }
}

fn note_country(verdict: Verdict, number: &str, own: Option<&str>) -> Verdict {
    let prefix = &number[..2];
    match own {
        Some(own) if own != prefix && !(own == "GB" && prefix == "XI") => verdict.with_note(
            Message::new("companies-check-vat-given-by")
                .with("prefix", prefix)
                .with("own", own)
                .text(Language::English),
        ),
        _ => verdict,
    }
}
