//! Company and product identifiers, each checked by its own algorithm.
//!
//! [`check`] normalises what was typed, splits the number into its parts and tests form and check digit. `valid` means that the check digit
//! holds, `valid_form_only` that the kind has none; neither means that the number was ever issued.

use crate::locale::{self, Language, Message};
use crate::reference::check_digits::{gs1, last_digit, mod97};
use crate::reference::codes::Country;
use crate::reference::countries;
use crate::reference::outcome::{Outcome, Verdict};
use crate::reference::plain::{compact, has_shape, is_alphanumeric, is_digits};
use crate::{labelled, wire_enum};

use self::judged::judged;

mod judged;
mod national;
mod vat;

#[cfg(test)]
mod tests;

wire_enum! {
    /// Whose register an identifier is of.
    pub enum IdentifierKind {
        /// China: unified social credit code.
        Uscc = "uscc",
        /// Value-added tax number.
        Vat = "vat",
        /// European Union and United Kingdom: economic operator number.
        Eori = "eori",
        /// Legal entity identifier, ISO 17442.
        Lei = "lei",
        /// D-U-N-S number.
        Duns = "duns",
        /// GS1 location number, 13 digits.
        Gln = "gln",
        /// GS1 item number, 8, 12, 13 or 14 digits.
        Gtin = "gtin",
        /// India: importer-exporter code.
        Iec = "iec",
        /// India: goods and services tax number.
        Gstin = "gstin",
        /// Brazil: company register number.
        Cnpj = "cnpj",
        /// Japan: corporate number.
        JpCorporate = "jp_corporate",
    }
}

labelled!(IdentifierKind, "companies-identifier");

/// The answer of [`check`]; the same shape as that of a customs check.
pub type IdentifierCheck = Verdict;

const SEPARATORS: [char; 3] = ['-', '.', '/'];

impl IdentifierKind {
    /// The country whose register it is; none where several countries or a world body give it.
    pub fn country(self) -> Option<&'static str> {
        match self {
            Self::Uscc => Some("CN"),
            Self::Iec | Self::Gstin => Some("IN"),
            Self::Cnpj => Some("BR"),
            Self::JpCorporate => Some("JP"),
            Self::Vat | Self::Eori | Self::Lei | Self::Duns | Self::Gln | Self::Gtin => None,
        }
    }
}

/// Checks an identifier. The country is needed only for a VAT number that does not begin with one; given for others, it must agree.
pub fn check(kind: IdentifierKind, value: &str, country: Option<Country>) -> IdentifierCheck {
    let text = compact(value, &SEPARATORS);
    let verdict = match kind {
        IdentifierKind::Uscc => uscc(&text),
        IdentifierKind::Vat => vat::check(&text, country),
        IdentifierKind::Eori => eori(&text, country),
        IdentifierKind::Lei => lei(&text),
        IdentifierKind::Duns => duns(&text),
        IdentifierKind::Gln => gln(&text),
        IdentifierKind::Gtin => gtin(&text),
        IdentifierKind::Iec => iec(&text),
        IdentifierKind::Gstin => gstin(&text),
        IdentifierKind::Cnpj => cnpj(&text),
        IdentifierKind::JpCorporate => jp_corporate(&text),
    };
    match (kind.country(), country) {
        (Some(own), Some(given)) if own != given.as_str() => verdict.suspicious(
            Message::new("companies-check-other-register")
                .with("own", own)
                .with("given", given.to_string())
                .text(Language::English),
        ),
        _ => verdict,
    }
}

/// The GTIN padded to 14 digits, the form in which GTINs are stored and compared; `None` when it is none.
pub fn gtin_canonical(text: &str) -> Option<String> {
    let verdict = gtin(&compact(text, &SEPARATORS));
    (verdict.outcome == Outcome::Valid).then_some(verdict.canonical)
}

fn wrong_check_digit(verdict: Verdict, expected: impl std::fmt::Display) -> Verdict {
    verdict.refused(
        Message::new("companies-check-digit-expected").with("expected", expected.to_string()).text(Language::English),
    )
}

// ---- China -----------------------------------------------------------------------------------------------------------------------------

const USCC_ALPHABET: &[u8; 31] = b"0123456789ABCDEFGHJKLMNPQRTUWXY";
const USCC_WEIGHTS: [usize; 17] = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const ORGANISATION_WEIGHTS: [u32; 8] = [3, 7, 9, 10, 5, 8, 4, 2];

fn uscc(text: &str) -> Verdict {
    if !text.is_ascii() || text.len() != 18 {
        return Verdict::invalid(
            text,
            Message::new("companies-check-uscc-length").with("count", text.chars().count()).text(Language::English),
        );
    }
    if let Some(odd) = text.bytes().find(|byte| !USCC_ALPHABET.contains(byte)) {
        return Verdict::invalid(
            text,
            Message::new("companies-check-uscc-letters")
                .with("character", char::from(odd).to_string())
                .text(Language::English),
        );
    }
    if !is_digits(&text[2..8]) {
        return Verdict::invalid(text, locale::text(Language::English, "companies-check-uscc-region"));
    }
    let verdict = Verdict::valid(text)
        .part("authority", &text[..1], authority_meaning(&text[..1]))
        .part(
            "entity_type",
            &text[1..2],
            if &text[..2] == "91" {
                "enterprise"
            } else {
                locale::text(Language::English, "companies-part-entity-kind")
            },
        )
        .part("region", &text[2..8], locale::text(Language::English, "companies-part-place"))
        .part("organisation", &text[8..17], locale::text(Language::English, "companies-part-organisation"))
        .part("check_digit", &text[17..], locale::text(Language::English, "companies-part-over-17"));
    match uscc_check_character(&text[..17]) {
        Some(expected) if text.ends_with(expected) => note_organisation_code(verdict, &text[8..17]),
        expected => wrong_check_digit(verdict, expected.unwrap_or('0')),
    }
}

fn authority_meaning(code: &str) -> &'static str {
    match code {
        "9" => locale::text(Language::English, "companies-part-market-regulation"),
        "5" => locale::text(Language::English, "companies-part-civil-affairs"),
        "1" => locale::text(Language::English, "companies-part-public-institutions"),
        _ => locale::text(Language::English, "companies-part-other-authority"),
    }
}

fn uscc_check_character(body: &str) -> Option<char> {
    let sum = body.bytes().zip(USCC_WEIGHTS).try_fold(0, |sum, (byte, weight)| {
        let index = USCC_ALPHABET.iter().position(|letter| *letter == byte)?;
        Some(sum + index * weight)
    })?;
    // The outer remainder matters: a sum that 31 divides has the check character 0.
    USCC_ALPHABET.get((31 - sum % 31) % 31).map(|byte| char::from(*byte))
}

/// The organisation code inside has a check character of its own, of an older standard: a difference is reported but does not decide.
fn note_organisation_code(verdict: Verdict, code: &str) -> Verdict {
    match organisation_check_character(&code[..8]) {
        Some(expected) if !code.ends_with(expected) => verdict.with_note(
            Message::new("companies-check-uscc-inside").with("expected", expected.to_string()).text(Language::English),
        ),
        _ => verdict,
    }
}

fn organisation_check_character(body: &str) -> Option<char> {
    let sum =
        body.chars().zip(ORGANISATION_WEIGHTS).try_fold(0, |sum, (c, weight)| Some(sum + c.to_digit(36)? * weight))?;
    match 11 - sum % 11 {
        10 => Some('X'),
        11 => Some('0'),
        digit => char::from_digit(digit, 10),
    }
}

// ---- Europe ----------------------------------------------------------------------------------------------------------------------------

fn eori(text: &str, country: Option<Country>) -> Verdict {
    if !text.is_ascii() || !(3..=17).contains(&text.len()) || !is_alphanumeric(text) || !has_shape(&text[..2], "AA") {
        return Verdict::invalid(text, locale::text(Language::English, "companies-check-eori"));
    }
    let (prefix, rest) = text.split_at(2);
    let is_eu = prefix.parse::<Country>().is_ok_and(countries::is_eu_member);
    let is_uk = matches!(prefix, "GB" | "XI");
    if !is_eu && !is_uk {
        return Verdict::invalid(
            text,
            Message::new("companies-check-eori-country").with("prefix", prefix).text(Language::English),
        );
    }
    if is_uk && !has_shape(rest, "999999999999") && !has_shape(rest, "999999999999999") {
        return Verdict::invalid(text, locale::text(Language::English, "companies-check-eori-gb"));
    }
    let verdict = Verdict::form_only(text)
        .part("country", prefix, locale::text(Language::English, "companies-part-issuing-country"))
        .part("number", rest, locale::text(Language::English, "companies-part-national-number"));
    match country {
        Some(given) if given.as_str() != prefix && !(prefix == "XI" && given.as_str() == "GB") => verdict.with_note(
            Message::new("companies-check-given-by")
                .with("prefix", prefix)
                .with("given", given.to_string())
                .text(Language::English),
        ),
        _ => verdict,
    }
}

// ---- The world -------------------------------------------------------------------------------------------------------------------------

fn lei(text: &str) -> Verdict {
    if !has_shape(text, "NNNNNNNNNNNNNNNNNN99") {
        return Verdict::invalid(text, locale::text(Language::English, "companies-check-lei"));
    }
    let verdict = Verdict::valid(text)
        .part("issuer", &text[..4], locale::text(Language::English, "companies-part-issuer"))
        .part("entity", &text[4..18], locale::text(Language::English, "companies-part-entity"))
        .part("check_digits", &text[18..], locale::text(Language::English, "companies-part-over-18"));
    // The check digits run from 02 to 98: 00, 01 and 99 leave the same remainders, but no issuer computes them.
    let is_computed = !["00", "01", "99"].contains(&&text[18..]);
    if is_computed && mod97(text) == Some(1) {
        return verdict;
    }
    let rest = mod97(&format!("{}00", &text[..18])).unwrap_or(0);
    verdict.refused(
        Message::new("companies-check-digits-expected")
            .with("expected", format!("{:02}", 98 - rest))
            .text(Language::English),
    )
}

fn duns(text: &str) -> Verdict {
    if !has_shape(text, "999999999") {
        return Verdict::invalid(text, locale::text(Language::English, "companies-check-duns"));
    }
    // What people type into a field that they must not leave empty.
    if text == "000000000" || text == "999999999" {
        return Verdict::invalid(text, locale::text(Language::English, "companies-check-filler"));
    }
    Verdict::form_only(text).shown(format!("{}-{}-{}", &text[..2], &text[2..5], &text[5..]))
}

fn gln(text: &str) -> Verdict {
    if !has_shape(text, "9999999999999") {
        return Verdict::invalid(text, locale::text(Language::English, "companies-check-gln"));
    }
    gs1_number(text, text)
}

fn gtin(text: &str) -> Verdict {
    if !is_digits(text) || !matches!(text.len(), 8 | 12 | 13 | 14) {
        return Verdict::invalid(text, locale::text(Language::English, "companies-check-gtin"));
    }
    gs1_number(text, &format!("{text:0>14}")).part("form", text.len().to_string(), format!("GTIN-{}", text.len()))
}

fn gs1_number(text: &str, canonical: &str) -> Verdict {
    let (body, digit) = text.split_at(text.len() - 1);
    let verdict = Verdict::valid(canonical).shown(text).part(
        "check_digit",
        digit,
        locale::text(Language::English, "companies-part-over-before"),
    );
    if text.bytes().all(|byte| byte == b'0') {
        return verdict.refused(locale::text(Language::English, "companies-check-filler"));
    }
    match gs1(body) {
        expected if expected == last_digit(text) => verdict,
        expected => wrong_check_digit(verdict, expected.unwrap_or(0)),
    }
}

// ---- India, Brazil, Japan --------------------------------------------------------------------------------------------------------------

fn iec(text: &str) -> Verdict {
    if has_shape(text, "AAAAA9999A") {
        Verdict::form_only(text).part("pan", text, locale::text(Language::English, "companies-part-pan"))
    } else if has_shape(text, "9999999999") {
        Verdict::form_only(text).with_note(locale::text(Language::English, "companies-check-iec-old"))
    } else {
        Verdict::invalid(text, locale::text(Language::English, "companies-check-iec"))
    }
}

fn gstin(text: &str) -> Verdict {
    if !is_alphanumeric(text) || text.len() != 15 {
        return Verdict::invalid(text, locale::text(Language::English, "companies-check-gstin"));
    }
    judged(text, national::gstin(text), locale::text(Language::English, "companies-check-gstin-parts"))
        .part("state", &text[..2], locale::text(Language::English, "companies-part-state"))
        .part("pan", &text[2..12], locale::text(Language::English, "companies-part-pan"))
        .part("check_digit", &text[14..], locale::text(Language::English, "companies-part-over-14"))
}

fn cnpj(text: &str) -> Verdict {
    if !has_shape(text, "NNNNNNNNNNNN99") {
        return Verdict::invalid(text, locale::text(Language::English, "companies-check-cnpj"));
    }
    let display = format!("{}.{}.{}/{}-{}", &text[..2], &text[2..5], &text[5..8], &text[8..12], &text[12..]);
    judged(text, national::cnpj(text), locale::text(Language::English, "companies-check-filler"))
        .shown(display)
        .part("root", &text[..8], locale::text(Language::English, "companies-part-company"))
        .part("branch", &text[8..12], locale::text(Language::English, "companies-part-establishment"))
        .part("check_digits", &text[12..], locale::text(Language::English, "companies-part-over-12"))
}

fn jp_corporate(text: &str) -> Verdict {
    // The number of a qualified invoice is the corporate number after a T.
    let text = text.strip_prefix('T').unwrap_or(text);
    if !has_shape(text, "9999999999999") {
        return Verdict::invalid(text, locale::text(Language::English, "companies-check-jp"));
    }
    judged(text, national::jp_corporate(text), locale::text(Language::English, "companies-check-jp"))
        .part("check_digit", &text[..1], locale::text(Language::English, "companies-part-over-12-after"))
        .part("number", &text[1..], locale::text(Language::English, "companies-part-registration"))
}
