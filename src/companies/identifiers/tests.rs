//! The vectors of each kind of identifier, and that no input panics.

use proptest::prelude::*;

use super::*;

fn outcome(kind: IdentifierKind, value: &str) -> Outcome {
    check(kind, value, None).outcome
}

fn country(code: &str) -> Option<Country> {
    Some(code.parse().unwrap())
}

#[test]
fn numbers_whose_check_digits_hold_are_valid() {
    use IdentifierKind::{Cnpj, Gln, Gstin, Gtin, JpCorporate, Lei, Uscc, Vat};
    for (kind, values) in [
        (
            Uscc,
            &[
                "91110000600037341L",
                "91440300708461136T",
                "91330100799655058B",
                "914403007489068220",
                "914403007903289230",
                "911100008401107040",
                " 9111 0000 6000 3734 1l ",
            ][..],
        ),
        (
            Vat,
            &[
                "DE136695976",
                "FR40303265045",
                "NL004495445B01",
                "BE0403019261",
                "IT00743110157",
                "ESB58378431",
                "PL8567346215",
                "ATU13585627",
                "SE123456789701",
                "EL094259216",
                "GR094259216",
                "IE6433435F",
                "GB980780684",
                "XI980780684",
                "DE 136.695.976",
            ],
        ),
        (
            Lei,
            &[
                "5493001KJTIIGC8Y1R12",
                "HWUPKR0MPOU8FGXBT394",
                "529900T8BM49AURSDO55",
                "213800WAVVOPS85N2205",
                "213800KUD8LAJWSQ9D15",
                "INR2EJN1ERAN0W5ZP974",
            ],
        ),
        (Gtin, &["4006381333931", "5901234123457", "73513537", "614141000036", "10614141000415"]),
        (Gln, &["0614141000012", "9506000134345"]),
        (Gstin, &["27AAPFU0939F1ZV"]),
        (Cnpj, &["11222333000181", "11.222.333/0001-81", "12ABC34501DE35"]),
        (JpCorporate, &["5835678256246", "5-8356-7825-6246"]),
    ] {
        for value in values {
            let checked = check(kind, value, None);
            assert_eq!(checked.outcome, Outcome::Valid, "{kind} {value}: {:?}", checked.reason);
        }
    }
}

/// Live numbers that were refused, and numbers that look alike.
#[test]
fn every_series_of_a_register_is_known() {
    use IdentifierKind::{Gstin, JpCorporate, Vat};
    for (kind, value, valid) in [
        (Vat, "BE1000000417", true),
        (Vat, "BE2403019261", false),
        (Vat, "CY10259033P", true),
        (Vat, "CY10259033Z", false),
        (Vat, "CY12259033P", false),
        (Vat, "IE6433435F", true),
        (Vat, "IE6433435OA", true),
        (Vat, "IE6433435FW", true),
        (Vat, "IE6433435FX", false),
        (Vat, "IE8D79739I", true),
        (Vat, "FR40303265045", true),
        (Vat, "FR84323140391", false),
        (Vat, "FRK7399859412", true),
        (Vat, "FRK6399859412", false),
        (Vat, "FRO7399859412", false),
        (Vat, "FI20774740", true),
        (Vat, "FI20774741", false),
        (Vat, "NL123456782B90", true),
        (Vat, "NL000099995B57", true),
        (Vat, "NL004495445B00", false),
        (Vat, "PL8567346215", true),
        (Vat, "PL8567346216", false),
        (Vat, "BR11222333000181", true),
        (Vat, "BR11222333000182", false),
        (Gstin, "38AAPFU0939F1ZS", true),
        (Gstin, "45AAPFU0939F1ZV", false),
        (JpCorporate, "T5835678256246", true),
    ] {
        let checked = check(kind, value, None);
        assert_eq!(checked.outcome == Outcome::Valid, valid, "{kind} {value}: {:?}", checked.reason);
    }
    assert_eq!(outcome(Vat, "EU372022452"), Outcome::ValidFormOnly);
    assert_eq!(outcome(Vat, "EU000022452"), Outcome::Invalid);
}

/// A wrong check character is told the right one, and with that the number holds.
#[test]
fn right_check_character_is_named_and_holds() {
    use IdentifierKind::{Cnpj, Gstin, JpCorporate, Vat};
    for (kind, wrong, at) in [
        (Vat, "BE1000000400", 10),
        (Vat, "CY60259033A", 10),
        (Vat, "IE6433435BB", 9),
        (Vat, "FI20774741", 9),
        (Vat, "PL8567346216", 11),
        (Gstin, "38AAPFU0939F1Z0", 14),
        (Gstin, "97AAPFU0939F1Z0", 14),
        (Cnpj, "12ABC34501DE00", 12),
        (JpCorporate, "1835678256246", 0),
    ] {
        let reason = check(kind, wrong, None).reason.unwrap();
        let named = reason.rsplit(' ').next().unwrap();
        let right = format!("{}{named}{}", &wrong[..at], &wrong[at + named.len()..]);
        assert_eq!(outcome(kind, &right), Outcome::Valid, "{kind} {wrong}: {reason}");
    }
}

#[test]
fn lei_whose_check_digits_nobody_computes_is_invalid() {
    // 98 less the remainder is never 00, 01 or 99.
    for body in ["5493001KJTIIGC8Y1R", "213800KUD8LAJWSQ9D", "00000000000000000A"] {
        for digits in 0..100 {
            let number = format!("{body}{digits:02}");
            let is_valid = outcome(IdentifierKind::Lei, &number) == Outcome::Valid;
            assert!(!is_valid || (2..=98).contains(&digits), "{number}");
        }
    }
}

#[test]
fn numbers_without_a_check_digit_are_valid_in_form_only() {
    use IdentifierKind::{Duns, Eori, Iec, Vat};
    for (kind, value) in [
        (Eori, "GB123456789000"),
        (Eori, "XI123456789000"),
        (Eori, "NL001234567"),
        (Eori, "FR12345678901234"),
        (Duns, "150483782"),
        (Duns, "15-048-3782"),
        (Duns, "006273905"),
        (Duns, "804735132"),
        (Iec, "AAPFU0939F"),
        (Iec, "0588012345"),
        (Vat, "AU53004085616"),
    ] {
        assert_eq!(outcome(kind, value), Outcome::ValidFormOnly, "{kind} {value}");
    }
}

#[test]
fn wrong_numbers_are_invalid_and_say_why() {
    use IdentifierKind::{Cnpj, Duns, Eori, Gln, Gstin, Gtin, Iec, JpCorporate, Lei, Uscc, Vat};
    for (kind, value) in [
        (Uscc, "91110000600037341M"),
        (Uscc, "9111000060003734IL"),
        (Uscc, "9111000060003734L"),
        (Vat, "DE136695978"),
        (Vat, "GB802311781"),
        (Vat, "136695976"),
        (Vat, "DE"),
        (Vat, "DE\u{661}\u{662}\u{663}\u{664}\u{665}\u{666}\u{667}\u{668}\u{669}"),
        (Eori, "GB12345678900"),
        (Eori, "123456789000"),
        (Eori, "DE"),
        (Eori, "US123456789"),
        (Lei, "213800KUD8LXJWSQ9D15"),
        (Lei, "5493001KJTIIGC8Y1R13"),
        (Duns, "15048378"),
        (Duns, "15048378A"),
        (Duns, "000000000"),
        (Duns, "999999999"),
        (Gtin, "4006381333932"),
        (Gtin, "40063813339"),
        (Gtin, "00000000"),
        (Gln, "0614141000013"),
        (Gln, "73513537"),
        (Gstin, "27AAPFU0939F1ZA"),
        (Cnpj, "11222333000182"),
        (Cnpj, "00000000000000"),
        (JpCorporate, "2835678256246"),
        (Iec, "AAPF0939F"),
    ] {
        let checked = check(kind, value, None);
        assert_eq!(checked.outcome, Outcome::Invalid, "{kind} {value}");
        assert!(checked.reason.is_some_and(|reason| !reason.is_empty()), "{kind} {value}");
    }
}

#[test]
fn the_expected_check_digit_is_named() {
    let reason = |kind, value| check(kind, value, None).reason.unwrap();
    assert_eq!(reason(IdentifierKind::Lei, "5493001KJTIIGC8Y1R13"), "the check digits should be 12");
    assert_eq!(reason(IdentifierKind::Gtin, "4006381333932"), "the check digit should be 1");
    assert_eq!(reason(IdentifierKind::Uscc, "91110000600037341M"), "the check digit should be L");
}

#[test]
fn a_vat_number_may_come_without_its_prefix_when_the_country_is_known() {
    let with = |value, code| check(IdentifierKind::Vat, value, country(code));
    assert_eq!(with("136695976", "DE").canonical, "DE136695976");
    assert_eq!(with("094259216", "GR").canonical, "EL094259216");
    assert_eq!(with("B58378431", "ES").canonical, "ESB58378431");
    assert_eq!(with("53004085616", "AU").canonical, "AU53004085616");
    let foreign = with("DE136695976", "NL");
    assert_eq!(foreign.outcome, Outcome::Valid);
    assert!(foreign.reason.unwrap().contains("DE"));
}

#[test]
fn canonical_forms_make_one_number_one_text() {
    assert_eq!(gtin_canonical("73513537").as_deref(), Some("00000073513537"));
    assert_eq!(gtin_canonical("400638-1333931").as_deref(), Some("04006381333931"));
    assert_eq!(gtin_canonical("4006381333932"), None);
    let duns = check(IdentifierKind::Duns, "150483782", None);
    assert_eq!((duns.canonical.as_str(), duns.display.as_str()), ("150483782", "15-048-3782"));
    let cnpj = check(IdentifierKind::Cnpj, "11222333000181", None);
    assert_eq!(cnpj.display, "11.222.333/0001-81");
}

#[test]
fn a_register_of_another_country_is_suspicious() {
    let checked = check(IdentifierKind::Uscc, "91110000600037341L", country("DE"));
    assert_eq!(checked.outcome, Outcome::Suspicious);
}

proptest! {
    #[test]
    fn no_text_makes_a_check_panic(text in "\\PC{0,40}|[A-Z]{2}[0-9A-Z]{0,18}|[0-9]{0,20}|[A-Z]{2}\\d{5,12}", code in "DE|CN|CH|GR|AU|GB") {
        for kind in IdentifierKind::ALL {
            for country in [None, country(&code)] {
                let checked = check(*kind, &text, country);
                prop_assert!(checked.outcome <= Outcome::ValidFormOnly || checked.reason.is_some());
            }
        }
    }

    #[test]
    fn no_vat_number_makes_its_check_panic(place in 0..36_usize, rest in "[0-9]{5,14}|[A-Z]?[0-9]{6,12}[A-Z]{0,3}[0-9]{0,2}") {
        let prefixes = ["AD", "AT", "BE", "BG", "BR", "CHE", "CY", "CZ", "DE", "DK", "EE", "EL", "ES", "EU", "FI", "FR", "GB", "HR", "HU",
            "IE", "IT", "LT", "LU", "LV", "MT", "NL", "NO", "PL", "PT", "RO", "RS", "RU", "SE", "SI", "SK", "XI"];
        check(IdentifierKind::Vat, &format!("{}{rest}", prefixes[place]), None);
    }
}
