//! Statistics: the lattice of cells, the primary rule, and the forms it is published in.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::cube::{all_tables, table_group, table_name};
use super::table::{ExcludedRecords, excluded_records, release_hash};
use super::*;
use crate::money::Sum;
use crate::partnerships::eligibility::ExclusionReason;

fn key(partner: Option<&str>, hs: Option<&str>, period: &str) -> Key {
    Key {
        flow: Direction::Export,
        reporter: Some("CN".parse().unwrap()),
        partner: partner.map(|code| code.parse().unwrap()),
        hs: hs.map(str::to_owned),
        period: period.parse().unwrap(),
    }
}

fn sum(units: i32) -> Sum {
    let mut sum = Sum::default();
    sum.add(Micros::from_units(units));
    sum
}

fn cell(key: Key, value: Option<i32>) -> Cell {
    let figures = value.map(|value| Figures {
        value: sum(value),
        net_kg: sum(2_000),
        records: CountClass::UpTo10,
        suppliers: CountClass::UpTo5,
        buyers: CountClass::UpTo5,
    });
    Cell { key, hidden: value.is_none().then_some(Hidden::Primary), figures, vintage: 1 }
}

#[test]
fn every_wider_cell_stands_in_one_of_the_tables() {
    let wider = key(Some("NL"), Some("7304"), "2026-10").and_wider();
    let different: BTreeSet<&Key> = wider.iter().collect();
    assert_eq!((wider.len(), different.len()), (24, 24));
    let tables: BTreeSet<String> = wider.iter().map(|key| table_name(&key.group())).collect();
    assert_eq!(tables, all_tables().into_iter().collect());
    assert!(wider.iter().all(|key| key.period.year() == 2026), "years are never added up");
}

#[test]
fn question_without_a_month_is_answered_by_years() {
    let name = |asked: &[GroupBy]| table_name(&table_group(asked));
    assert_eq!(name(&[GroupBy::Flow]), "year");
    assert_eq!(name(&[GroupBy::Period, GroupBy::Hs2, GroupBy::Partner]), "partner,hs2,period");
    assert_eq!(name(&[GroupBy::Hs4, GroupBy::Hs2, GroupBy::Year, GroupBy::Period]), "hs4,period");
}

#[test]
fn period_is_a_month_or_a_year() {
    assert_eq!("2026-10".parse(), Ok(Period::Month(2026, 10)));
    assert_eq!("2026".parse(), Ok(Period::Year(2026)));
    for wrong in ["2026-13", "2026-1", "26", "2026-10-01", "x", ""] {
        assert!(wrong.parse::<Period>().is_err(), "{wrong}");
    }
}

#[test]
fn sum_shows_a_company_by_number_and_by_the_p_rule() {
    let rule = SuppressionRule::default();
    for (parts, shows) in [
        (vec![], true),
        (vec![100], true),
        (vec![50, 50], true),
        (vec![34, 33, 33], false),
        (vec![100, 50, 14], true),
        (vec![100, 50, 15], false),
        (vec![100, 80, 5, 5, 4], true),
        (vec![100, 80, 5, 5, 5], false),
    ] {
        assert_eq!(rule.shows_a_company(parts.iter().copied()), shows, "{parts:?}");
    }
    let one_company_twice = [(1, 40), (1, 40), (2, 40), (3, 40)];
    assert!(!rule.shows_one_of(one_company_twice.into_iter()));
    assert!(rule.shows_one_of([(1, 40), (1, 40), (2, 40)].into_iter()));
}

proptest! {
    /// Sums of safe sums are safe: what the rule allows apart, it allows together.
    #[test]
    fn union_of_safe_sums_is_safe(
        a in proptest::collection::vec((0i64..6, 1i128..500), 6..24), b in proptest::collection::vec((0i64..6, 1i128..500), 6..24),
    ) {
        let rule = SuppressionRule::default();
        let shows = |parts: &[(i64, i128)]| rule.shows_one_of(parts.iter().copied());
        prop_assume!(!shows(&a) && !shows(&b));
        prop_assert!(!shows(&[a, b].concat()));
    }
}

#[test]
fn table_has_its_metadata_and_is_written_as_csv() {
    let metadata = Metadata::new(&SuppressionRule::default(), "2026-11-23T00:00:00Z".parse().unwrap());
    assert!(metadata.suppression_rule.contains("within 15 %") && metadata.rounding.contains("never finer"));
    let not_counted = excluded_records(&BTreeMap::from([(ExclusionReason::NoReference, 2)]));
    assert_eq!(
        not_counted,
        [ExcludedRecords {
            reason: ExclusionReason::NoReference,
            sentence: "no customs reference".into(),
            records: CountClass::UpTo2
        }]
    );
    let table = Table {
        release: Some(1),
        hash: Some("ab".into()),
        in_preparation: "2026-11".into(),
        metadata,
        group: vec![GroupBy::Reporter, GroupBy::Flow, GroupBy::Hs2, GroupBy::Period],
        rows: vec![cell(key(None, Some("73"), "2026-10"), Some(300_000)), cell(key(None, Some("85"), "2026-10"), None)],
        totals: vec![cell(key(None, None, "2026"), Some(312_000))],
        counted: CountClass::UpTo10,
        not_counted,
    };
    assert_eq!(
        table.to_csv().unwrap(),
        "flow,reporter,partner,hs,period,value,currency,net_kg,records,suppliers,buyers,hidden,vintage\n\
         export,CN,all,73,2026-10,300000,USD,2000,6-10,3-5,3-5,,1\n\
         export,CN,all,85,2026-10,,USD,,,,,primary,1\n\
         export,CN,all,all,2026,312000,USD,2000,6-10,3-5,3-5,,1\n"
    );
}

#[test]
fn hash_of_a_release_holds_every_cell_and_the_release_before() {
    let cells = [cell(key(None, Some("73"), "2026-10"), Some(300_000)), cell(key(None, None, "2026"), Some(312_000))];
    let hash = release_hash("", 1, "2026-10", &cells, &[]);
    let turned = [cells[1].clone(), cells[0].clone()];
    assert_eq!(hash, release_hash("", 1, "2026-10", &turned, &[]), "the order of the rows is not part of it");
    let mut other = cells.clone();
    other[0].figures.as_mut().unwrap().value = sum(301_000);
    let others = [
        release_hash(&hash, 1, "2026-10", &cells, &[]),
        release_hash("", 2, "2026-10", &cells, &[]),
        release_hash("", 1, "2026-11", &cells, &[]),
        release_hash("", 1, "2026-10", &other, &[]),
        release_hash("", 1, "2026-10", &cells[..1], &[]),
    ];
    assert!(!others.contains(&hash));
}

fn comtrade(cells: &[Cell]) -> Vec<BTreeMap<String, String>> {
    let names = comtrade::Names {
        country_code: &|country| if country.as_str() == "CN" { 156 } else { 528 },
        commodity: &|code| format!("label of {code}"),
    };
    let text = comtrade::to_csv(cells, &names).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), comtrade::COLUMNS);
    reader.deserialize().map(Result::unwrap).collect()
}

#[test]
fn comtrade_rows_have_47_columns_and_its_codes() {
    let rows = comtrade(&[cell(key(Some("NL"), Some("73"), "2026-10"), Some(300_000))]);
    assert_eq!(comtrade::COLUMNS.len(), 47);
    for (column, value) in [
        ("typeCode", "C"),
        ("freqCode", "M"),
        ("refPeriodId", "20261001"),
        ("refMonth", "10"),
        ("period", "202610"),
        ("reporterCode", "156"),
        ("reporterISO", "CHN"),
        ("flowCode", "X"),
        ("partnerCode", "528"),
        ("partnerISO", "NLD"),
        ("partner2Code", "0"),
        ("partner2ISO", "W00"),
        ("classificationCode", "H6"),
        ("cmdCode", "73"),
        ("cmdDesc", "label of 73"),
        ("aggrLevel", "2"),
        ("customsCode", "C03"),
        ("motCode", "0"),
        ("qtyUnitCode", "-1"),
        ("qty", ""),
        ("altQty", ""),
        ("netWgt", "2000"),
        ("cifvalue", ""),
        ("fobvalue", "300000"),
        ("primaryValue", "300000"),
        ("isAggregate", "true"),
    ] {
        assert_eq!(rows[0][column], value, "{column}");
    }
}

#[test]
fn comtrade_has_codes_for_years_world_and_hidden_cells() {
    let yearly = comtrade(&[cell(key(None, None, "2026"), Some(5_000))]);
    assert_eq!((yearly[0]["freqCode"].as_str(), yearly[0]["refMonth"].as_str()), ("A", "52"));
    assert_eq!((yearly[0]["partnerISO"].as_str(), yearly[0]["cmdCode"].as_str()), ("W00", "TOTAL"));
    assert_eq!((yearly[0]["period"].as_str(), yearly[0]["refPeriodId"].as_str()), ("2026", "20260101"));
    let hidden = comtrade(&[cell(key(None, None, "2026"), None)]);
    assert_eq!((hidden[0]["primaryValue"].as_str(), hidden[0]["netWgt"].as_str()), ("", ""));
}

#[test]
fn tables_of_retail_have_names_of_their_own_and_end_at_chapters() {
    for family in Family::ALL {
        for name in super::cube::all_tables() {
            let group: Vec<GroupBy> = name.split(',').map(|by| by.parse().unwrap()).collect();
            assert_eq!(Family::of_table(&family.table(&group)), family, "{name}");
        }
        assert_eq!(Family::of(family.parties()), family);
    }
    let chapter = Key {
        flow: Direction::Export,
        reporter: "CN".parse().ok(),
        partner: "DE".parse().ok(),
        hs: Some("61".to_owned()),
        period: Period::Month(2026, 10),
    };
    assert_eq!(chapter.and_wider().len(), 16);
    let retail = [(Family::B2c, cell(key(None, Some("61"), "2026-10"), Some(300_000)))];
    let other = [(Family::C2c, retail[0].1.clone())];
    let hashes: std::collections::BTreeSet<String> =
        [&[][..], &retail, &other].iter().map(|retail| release_hash("", 1, "2026-10", &[], retail)).collect();
    assert_eq!(hashes.len(), 3, "what is of retail is part of the hash, with its form of parties");
}
