//! Customs numbers, regimes and the checks between them.

use proptest::prelude::*;

use super::regimes::*;
use super::rules::*;
use super::*;
use crate::reference::codes::Country;

fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 23).unwrap()
}

fn request(scheme: Scheme, number: &str, direction: Direction) -> CheckRequest {
    CheckRequest { scheme, number: number.to_owned(), direction, date: None, item: None, country: None, port: None }
}

fn country(code: &str) -> Country {
    code.parse().unwrap()
}

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn checked(scheme: Scheme, number: &str, direction: Direction) -> CheckResult {
    check(&request(scheme, number, direction), today())
}

use Direction::{Export, Import};

#[test]
fn published_example_numbers_have_their_outcomes() {
    use Outcome::{Invalid, Suspicious, Valid, ValidFormOnly as Form};
    use Scheme::*;
    for (scheme, number, direction, expected) in [
        (CnDeclaration, "020220080525641690", Export, Form),
        (CnDeclaration, "531620261234567890", Import, Form),
        (CnDeclaration, "310420250123456789", Export, Form),
        (CnDeclaration, "42272026E000012345", Export, Form),
        (CnDeclaration, "310420250123456789002", Export, Form),
        (CnDeclaration, " \u{ff15}316 2026 1 234567890", Import, Form),
        (CnDeclaration, "310420252123456789", Export, Invalid),
        (CnDeclaration, "31042025012345678", Export, Invalid),
        (CnDeclaration, "310419850123456789", Export, Invalid),
        (CnDeclaration, "310420280123456789", Export, Invalid),
        (CnDeclaration, "5316202612345678A0", Import, Invalid),
        (CnDeclaration, "2248202600001234560", Export, Invalid),
        (CnDeclaration, "310420250123456789000", Export, Invalid),
        (CnDeclaration, "025123456", Export, Invalid),
        (CnDeclaration, "310420250123456789", Import, Invalid),
        (CnPreliminary, "531620261234567890", Import, Form),
        (EuMrn, "06DE586600006143E1", Export, Valid),
        (EuMrn, "99IT9876AB88901209", Export, Valid),
        (EuMrn, "24DE586612345678A4", Export, Valid),
        (EuMrn, "25NL000510ABC123B4", Export, Valid),
        (EuMrn, "26FRD1230ABCDEF4J2", Export, Valid),
        (EuMrn, "25PL445566778899R0", Import, Valid),
        (EuMrn, "24BE000000012345T0", Import, Valid),
        (EuMrn, "25BEE228F219E9CBA0", Export, Valid),
        (EuMrn, "24de 5866 1234 5678 a4", Export, Valid),
        (EuMrn, "25PL445566778899R0", Export, Suspicious),
        (EuMrn, "24DE586612345678A4", Import, Suspicious),
        (EuMrn, "97IT9876AB88901235", Export, Invalid),
        (EuMrn, "06RO9876AB88901235", Export, Invalid),
        (EuMrn, "24DE586612345678A5", Export, Invalid),
        (EuMrn, "24DE586612345687A4", Export, Invalid),
        (EuMrn, "24DE58661234567A4", Export, Invalid),
        (EuMrn, "24D1586612345678A4", Export, Invalid),
        (EuMrn, "24CN586612345678A4", Export, Invalid),
        (EuMrn, "25DE58661234567898", Export, Suspicious),
        (EuMrn, "22GB02I89012847596", Export, Suspicious),
        (EuMrn, "22GB02I89012847598", Export, Valid),
        (UkMrn, "22GB02I89012847596", Export, Suspicious),
        (UkMrn, "22GB02I89012847598", Export, Valid),
        (UkMrn, "24DE586612345678A4", Export, Invalid),
        (UkDucr, "9GB123456789012-ABC1234", Export, Form),
        (UkDucr, "6GB987654321000-PO(77)", Export, Form),
        (UkDucr, "6DE1234567-ORDER/9", Export, Form),
        (UkDucr, "GB987654321000-PO77", Export, Invalid),
        (UkDucr, "66GB987654321000-PO77", Export, Invalid),
        (UkDucr, "6GB987654321000-", Export, Invalid),
        (UkMucr, "A:12312345678", Export, Form),
        (UkMucr, "GB/ABC1-12345", Export, Form),
        (UkMucr, "GB/123456789012-X1", Export, Form),
        (UkMucr, "C:ABC123", Export, Form),
        (UkMucr, "A/12312345678", Export, Invalid),
        (UkMucr, "GB/AB-12345", Export, Invalid),
        (UsEntry, "B76-0324527-8", Import, Valid),
        (UsEntry, "B7603245278", Import, Valid),
        (UsEntry, "316-2509314-6", Import, Valid),
        (UsEntry, "595-5663812-6", Import, Valid),
        (UsEntry, "316-0000504-0", Import, Valid),
        (UsEntry, "9CE-1234567-4", Import, Valid),
        (UsEntry, "EE4-7654321-4", Import, Valid),
        (UsEntry, "EE4-7654321-4", Export, Suspicious),
        (UsEntry, "316-7975871-4", Import, Invalid),
        (UsEntry, "B76-0324527-7", Import, Invalid),
        (UsEntry, "B7-60324527-8", Import, Invalid),
        (UsEntry, "000-0000000-0", Import, Invalid),
        (UsEntry, "257700030", Import, Invalid),
        (UsItn, "X20190308366903", Export, Form),
        (UsItn, "X20060914000001", Export, Form),
        (UsItn, "X20260115004321", Export, Form),
        (UsItn, "AES X20190308366903", Export, Form),
        (UsItn, "X20190308366903", Import, Suspicious),
        (UsItn, "X20190231366903", Export, Invalid),
        (UsItn, "20190308366903", Export, Invalid),
        (UsItn, "X2019030836690", Export, Invalid),
        (UsItn, "X20261225000001", Export, Invalid),
        (InShippingBill, "INNSA1/7896542/2026-04-10", Export, Form),
        (InShippingBill, "INDEL4/0004321/2026-01-15", Export, Form),
        (InBillOfEntry, "INMAA1/1234567/2025-12-01", Import, Form),
        (InBillOfEntry, "INMAA1/1234567/2025-12-01", Export, Suspicious),
        (InShippingBill, "INNSA/7896542/2026-04-10", Export, Invalid),
        (InShippingBill, "INNSA1/78965421/2026-04-10", Export, Invalid),
        (InShippingBill, "INNSA1/7896542", Export, Invalid),
        (InShippingBill, "7896542", Export, Invalid),
        (InShippingBill, "INNSA1/7896542/2027-04-10", Export, Invalid),
        (BrDuimp, "19BR00000004677", Import, Valid),
        (BrDuimp, "24BR00001234563", Import, Valid),
        (BrDuimp, "25BR00012345670", Import, Valid),
        (BrDuimp, "19BR00000004678", Import, Invalid),
        (BrDuimp, "19BR0000000467", Import, Invalid),
        (BrDue, "26BR0001234567", Export, Form),
        (BrDue, "26BR0001234567", Import, Suspicious),
        (BrDue, "26BR000123456", Export, Invalid),
        (BrDi, "24/1234567-8", Import, Form),
        (BrDi, "241234567", Import, Invalid),
        (JpDeclaration, "123 4567 8901", Import, Form),
        (JpDeclaration, "1234567890", Import, Invalid),
        (KrDeclaration, "12345-26-123456X", Export, Form),
        (KrDeclaration, "12345-26-123456X", Import, Suspicious),
        (KrDeclaration, "12345-26-12345", Export, Invalid),
        (Other, "10234567/2026", Export, Invalid),
    ] {
        let result = checked(scheme, number, direction);
        assert_eq!(result.outcome, expected, "{scheme} {number} {direction}: {:?}", result.reason);
        assert!(result.outcome <= Outcome::ValidFormOnly || result.reason.is_some(), "{scheme} {number}");
    }
}

#[test]
fn the_item_of_the_21_character_form_is_split_off() {
    let result = checked(Scheme::CnDeclaration, "310420250123456789002", Export);
    assert_eq!((result.canonical.as_str(), result.item), ("310420250123456789", Some(2)));
    let mut other_item = request(Scheme::CnDeclaration, "310420250123456789002", Export);
    other_item.item = Some(3);
    assert_eq!(check(&other_item, today()).outcome, Outcome::Suspicious);
    other_item.number = "310420250123456789".to_owned();
    assert_eq!(check(&other_item, today()).item, Some(3));
    other_item.item = Some(0);
    assert_eq!(check(&other_item, today()).outcome, Outcome::Invalid);
}

#[test]
fn evidence_of_a_number_is_limited_by_its_scheme() {
    for (scheme, number, direction, evidence) in [
        (Scheme::CnDeclaration, "531620261234567890", Import, Evidence::Declaration),
        (Scheme::CnPreliminary, "531620261234567890", Import, Evidence::Preliminary),
        (Scheme::EuMrn, "26FRD1230ABCDEF4J2", Export, Evidence::Transit),
        (Scheme::EuMrn, "24BE000000012345T0", Import, Evidence::Supporting),
        (Scheme::EuMrn, "24DE586612345678A4", Export, Evidence::Declaration),
        (Scheme::UkDucr, "6GB987654321000-PO(77)", Export, Evidence::Supporting),
        (Scheme::UkMucr, "A:12312345678", Export, Evidence::Supporting),
    ] {
        assert_eq!(checked(scheme, number, direction).evidence, evidence, "{scheme} {number}");
    }
}

#[test]
fn number_is_decoded_into_its_parts() {
    let result = checked(Scheme::CnDeclaration, "531620261234567890", Import);
    let parts: Vec<_> = result.parts.iter().map(|part| (part.name, part.value.as_str())).collect();
    assert_eq!(parts, [("office", "5316"), ("year", "2026"), ("flow", "1"), ("serial", "234567890")]);
    assert_eq!(result.display, "5316 2026 1 234567890");
    assert_eq!(checked(Scheme::UsEntry, "b7603245278", Import).display, "B76-0324527-8");
    assert_eq!(checked(Scheme::UsEntry, "B76-0324527-8", Import).canonical, "B7603245278");
    let reason = checked(Scheme::EuMrn, "24DE586612345678A5", Export).reason.unwrap();
    assert_eq!(reason, "the check digit should be 4");
    assert!(checked(Scheme::UsEntry, "257700052", Import).reason.unwrap().contains("in-bond"));
}

#[test]
fn fields_that_contradict_the_number_make_it_suspicious() {
    let mut cn = request(Scheme::CnDeclaration, "310420250123456789", Export);
    cn.date = Some(date("2025-06-01"));
    assert_eq!(check(&cn, today()).outcome, Outcome::ValidFormOnly);
    cn.date = Some(date("2026-06-01"));
    assert_eq!(check(&cn, today()).outcome, Outcome::Suspicious);
    cn.date = None;
    cn.country = Some(country("VN"));
    assert_eq!(check(&cn, today()).outcome, Outcome::Suspicious);

    let mut bill = request(Scheme::InShippingBill, "4321", Export);
    assert_eq!(check(&bill, today()).outcome, Outcome::Invalid);
    bill.port = Some("indel4".to_owned());
    assert_eq!(check(&bill, today()).outcome, Outcome::Invalid);
    bill.date = Some(date("2026-01-15"));
    assert_eq!(check(&bill, today()).canonical, "INDEL4/0004321/2026-01-15");
    bill.number = "INDEL4/4321/2026-01-16".to_owned();
    assert_eq!(check(&bill, today()).outcome, Outcome::Suspicious);

    let mut other = request(Scheme::Other, "10234567/2026", Export);
    other.country = Some(country("VN"));
    assert_eq!(check(&other, today()).outcome, Outcome::Suspicious);
    other.date = Some(date("2026-03-01"));
    let result = check(&other, today());
    assert_eq!((result.outcome, result.canonical.as_str()), (Outcome::ValidFormOnly, "VN:10234567/2026"));
    other.number = "CSQU3054383".to_owned();
    assert_eq!(check(&other, today()).outcome, Outcome::Suspicious);
}

#[test]
fn every_scheme_is_listed_with_an_example_that_passes() {
    assert_eq!(schemes().len(), Scheme::ALL.len());
    for scheme in Scheme::ALL {
        let info = scheme.info();
        assert_eq!(info.code, *scheme);
        let fits = |direction| {
            let mut request = request(*scheme, info.example, direction);
            if *scheme == Scheme::Other {
                (request.country, request.date) = (Some(country("VN")), Some(date("2026-03-01")));
            }
            check(&request, today()).outcome
        };
        let outcomes = [fits(Import), fits(Export)];
        assert!(outcomes.iter().any(|outcome| *outcome <= Outcome::ValidFormOnly), "{scheme}: {outcomes:?}");
        assert_eq!(outcomes.contains(&Outcome::Valid), info.has_check_digit, "{scheme}");
    }
}

fn regime(system: RegimeSystem, code: &str) -> Regime {
    Regime::new(system, code).unwrap()
}

fn cn(code: &str) -> Regime {
    regime(RegimeSystem::CnSupervision, code)
}

fn eu(code: &str) -> Regime {
    regime(RegimeSystem::EuProcedure, code)
}

#[test]
fn default_regimes_are_general_trade() {
    for (place, direction, expected) in [
        ("CN", Import, "cn_supervision:0110"),
        ("CN", Export, "cn_supervision:0110"),
        ("DE", Import, "eu_procedure:4000"),
        ("DE", Export, "eu_procedure:1000"),
        ("US", Import, "us_entry_type:01"),
        ("US", Export, "un_procedure:C03"),
        ("VN", Import, "un_procedure:C01"),
        ("GB", Export, "un_procedure:C03"),
    ] {
        let regime = default_regime(country(place), direction);
        assert_eq!(format!("{regime:?}"), expected);
        assert!(is_general_trade(&regime, direction) && is_general_trade_group(&regime, direction), "{expected}");
        assert!(regime.row().is_some(), "{expected}");
    }
}

#[test]
fn general_trade_is_strict_and_its_group_is_wider() {
    for (code, group, strict, statistical) in [
        ("0110", Some(10), true, true),
        ("9710", Some(10), false, true),
        ("9810", Some(10), false, true),
        ("1210", Some(10), false, true),
        ("3010", Some(10), false, true),
        ("0615", Some(15), false, false),
        ("0715", Some(15), false, false),
        ("2600", None, false, false),
        ("0654", None, false, false),
        ("0844", None, false, false),
        ("8810", Some(10), false, true),
    ] {
        let mode = cn(code);
        assert_eq!(mode.stat_group(), group, "{code}");
        assert_eq!(is_general_trade(&mode, Export), strict, "{code}");
        assert_eq!(is_general_trade_group(&mode, Export), statistical, "{code}");
    }
    assert!(is_general_trade(&eu("4051"), Import) && !is_general_trade(&eu("4000"), Export));
    assert!(!is_general_trade(&eu("4200"), Import) && is_general_trade_group(&eu("4200"), Import));
}

#[test]
fn regimes_map_to_the_procedures_of_the_united_nations() {
    for (regime, direction, procedure) in [
        (cn("0110"), Import, "C01"),
        (cn("0110"), Export, "C03"),
        (cn("0214"), Export, "C06"),
        (cn("1427"), Export, "C07"),
        (cn("1233"), Import, "C04"),
        (cn("5034"), Import, "C05"),
        (cn("3612"), Import, "C15"),
        (cn("1300"), Import, "C20"),
        (eu("10 00"), Export, "C03"),
        (eu("5100"), Import, "C06"),
        (eu("7100"), Import, "C04"),
        (regime(RegimeSystem::UsEntryType, "21"), Import, "C04"),
        (regime(RegimeSystem::UnProcedure, "C13"), Import, "C13"),
        (regime(RegimeSystem::UnProcedure, "C77"), Import, "C20"),
    ] {
        assert_eq!(regime.un_procedure(direction), procedure, "{regime:?}");
    }
}

#[test]
fn chinese_modes_follow_the_rule_of_their_last_two_digits() {
    for row in rows() {
        assert!(Regime::new(row.system, row.code).is_ok(), "{}", row.code);
        if let Some(group) = row.stat_group {
            assert_eq!(row.code[2..].parse::<u8>().unwrap(), group, "{}", row.code);
            assert!(STAT_GROUPS.iter().any(|known| known.code == group), "{}", row.code);
        }
    }
}

#[test]
fn unknown_regime_is_allowed_and_malformed_one_refused() {
    assert!(!cn("8888").info().known && cn("0110").info().known);
    for (system, code) in [
        (RegimeSystem::CnSupervision, "110"),
        (RegimeSystem::EuProcedure, "40"),
        (RegimeSystem::UsEntryType, "1"),
        (RegimeSystem::UnProcedure, "01"),
    ] {
        assert!(Regime::new(system, code).is_err(), "{code}");
    }
    let typed = r#"{"system":"eu_procedure","code":"40 00"}"#;
    assert_eq!(serde_json::from_str::<Regime>(typed).unwrap(), eu("4000"));
    assert_eq!(serde_json::to_string(&eu("4000")).unwrap(), r#"{"system":"eu_procedure","code":"4000"}"#);
    assert!(serde_json::from_str::<Regime>(r#"{"system":"eu_procedure","code":"4"}"#).is_err());
}

fn offline_b2b(direction: Direction) -> Axes {
    Axes {
        direction,
        party_form: PartyForm::B2b,
        deal_channel: DealChannel::Offline,
        goods_route: GoodsRoute::GeneralCargo,
        declarant_role: Some(DeclarantRole::Broker),
    }
}

#[test]
fn ordinary_record_has_no_contradictions() {
    for (place, direction) in
        [("CN", Export), ("CN", Import), ("DE", Import), ("DE", Export), ("US", Import), ("VN", Export)]
    {
        let regime = default_regime(country(place), direction);
        assert_eq!(contradictions(&offline_b2b(direction), &regime), Vec::<String>::new(), "{regime:?}");
    }
    let platform = Axes { deal_channel: DealChannel::Platform, ..offline_b2b(Export) };
    assert!(contradictions(&platform, &cn("9710")).is_empty());
    let warehouse = Axes { goods_route: GoodsRoute::OverseasWarehouse, ..platform };
    assert!(contradictions(&warehouse, &cn("9810")).is_empty());
    let retail = Axes { party_form: PartyForm::B2c, goods_route: GoodsRoute::AirParcel, ..platform };
    assert!(contradictions(&retail, &cn("9610")).is_empty());
}

#[test]
fn every_contradiction_is_named() {
    let offline = offline_b2b(Export);
    let platform = Axes { deal_channel: DealChannel::Platform, ..offline };
    for (axes, regime, word) in [
        (offline, cn("9710"), "offline"),
        (offline, cn("9810"), "offline"),
        (Axes { direction: Import, ..platform }, cn("9710"), "exports only"),
        (Axes { party_form: PartyForm::B2c, ..platform }, cn("9710"), "between businesses"),
        (platform, cn("9810"), "overseas warehouse"),
        (platform, cn("9610"), "retail"),
        (platform, cn("1210"), "bonded place"),
        (offline, cn("1233"), "did not go through"),
        (Axes { goods_route: GoodsRoute::BondedWarehouse, ..offline }, cn("0110"), "no bonded place"),
        (platform, cn("0110"), "9710 or 9810"),
        (Axes { party_form: PartyForm::C2c, ..offline }, cn("0110"), "consumers"),
        (offline, eu("4000"), "of an import"),
        (offline_b2b(Import), eu("1000"), "of an export"),
        (Axes { declarant_role: Some(DeclarantRole::PostalOperator), ..offline }, cn("0110"), "by post"),
        (Axes { declarant_role: Some(DeclarantRole::EcommerceFirm), ..offline }, cn("0110"), "e-commerce firm"),
    ] {
        let found = contradictions(&axes, &regime);
        assert!(found.iter().any(|sentence| sentence.contains(word)), "{regime:?} {word}: {found:?}");
    }
}

#[test]
fn record_falls_in_the_first_trade_class_that_applies() {
    let base = offline_b2b(Export);
    for (axes, regime, expected) in [
        (Axes { party_form: PartyForm::C2c, ..base }, cn("0110"), TradeClass::C2c),
        (
            Axes { party_form: PartyForm::B2c, goods_route: GoodsRoute::BondedWarehouse, ..base },
            cn("1210"),
            TradeClass::B2c,
        ),
        (Axes { goods_route: GoodsRoute::OverseasWarehouse, ..base }, cn("0110"), TradeClass::BondedOrWarehouse),
        (base, cn("9810"), TradeClass::BondedOrWarehouse),
        (base, cn("1233"), TradeClass::BondedOrWarehouse),
        (offline_b2b(Import), eu("4071"), TradeClass::BondedOrWarehouse),
        (base, cn("0110"), TradeClass::GeneralTrade),
        (base, eu("1000"), TradeClass::GeneralTrade),
        (base, cn("9710"), TradeClass::OtherGeneralGroup),
        (offline_b2b(Import), eu("4200"), TradeClass::OtherGeneralGroup),
        (base, cn("0615"), TradeClass::Other),
        (base, eu("4000"), TradeClass::Other),
    ] {
        assert_eq!(trade_class(&axes, &regime), expected, "{regime:?}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_a_check_panic(
        number in "\\PC{0,45}|[0-9A-Z]{0,24}|[0-9]{2}[A-Z]{2}[0-9A-Z]{13}[0-9]|[A-Z]{1,6}[:/-]?[0-9A-Z/-]{0,30}|X[0-9]{14}",
        port in proptest::option::of("\\PC{0,8}|IN[A-Z]{3}[0-9]"),
        item in proptest::option::of(0..100_u16),
    ) {
        for scheme in Scheme::ALL {
            for direction in Direction::ALL {
                let request = CheckRequest {
                    port: port.clone(),
                    item,
                    country: Some(country("VN")),
                    date: Some(date("2026-01-01")),
                    ..request(*scheme, &number, *direction)
                };
                let result = check(&request, today());
                prop_assert!(result.outcome <= Outcome::ValidFormOnly || result.reason.is_some());
                // What was found well formed stays so in its canonical form.
                if result.outcome <= Outcome::ValidFormOnly && *scheme != Scheme::Other {
                    let again = check(&CheckRequest { number: result.canonical.clone(), ..request }, today());
                    prop_assert_eq!(again.canonical, result.canonical);
                }
            }
        }
    }

    #[test]
    fn no_text_makes_a_regime_panic(code in "\\PC{0,12}|[0-9]{4}|C[0-9]{2}") {
        for system in RegimeSystem::ALL {
            if let Ok(regime) = Regime::new(*system, &code) {
                let axes = offline_b2b(Export);
                prop_assert!(TradeClass::ALL.contains(&trade_class(&axes, &regime)));
                prop_assert!(contradictions(&axes, &regime).iter().all(|sentence| !sentence.is_empty()));
                prop_assert!(!regime.info().meaning.is_empty() && !regime.to_string().is_empty());
            }
        }
    }
}
