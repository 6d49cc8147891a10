//! Statistics: what counts, what is hidden, and the forms it is published in.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::disclosure::Equation;
use super::suppression::hide_secondary;
use super::*;
use crate::ids::{CompanyId, RecordId};
use crate::money::{Micros, Sum};
use crate::partnerships::eligibility::{ExclusionReason, TradeFact};
use crate::units::{Quantity, Unit};

fn fact(number: i64) -> TradeFact {
    TradeFact {
        record: RecordId(number),
        direction: Direction::Export,
        reporter: "CN".parse().unwrap(),
        partner: "NL".parse().unwrap(),
        heading: "7304".into(),
        customs_date: "2026-10-05".parse().unwrap(),
        value: Micros::from_units(100),
        net_kg: Micros::from_units(10),
        quantity: Quantity::new(Micros::from_units(10), Unit::KILOGRAM),
        supplier: CompanyId(number),
        buyer: CompanyId(100 + number),
    }
}

fn cube(facts: &[TradeFact]) -> Cube {
    Cube::build(facts, &SuppressionRule::default())
}

fn sum(units: i32) -> Sum {
    let mut sum = Sum::default();
    sum.add(Micros::from_units(units));
    sum
}

#[test]
fn cell_with_fewer_than_three_companies_on_a_side_is_hidden() {
    let mut facts: Vec<TradeFact> = (1..=3).map(fact).collect();
    let cells = cube(&facts).at(&[GroupBy::Hs2, GroupBy::Partner]);
    let figures = cells[0].figures.unwrap();
    assert_eq!((figures.value, figures.net_kg, figures.records), (sum(300), sum(30), 3));
    assert_eq!((figures.suppliers, figures.buyers), (3, 3));
    assert_eq!(figures.quantity, Some(Quantity::new(Micros::from_units(30), Unit::KILOGRAM)));
    facts[2].buyer = facts[1].buyer;
    let cells = cube(&facts).at(&[GroupBy::Hs2]);
    assert_eq!((cells[0].hidden, cells[0].figures), (Some(Hidden::Primary), None));
}

#[test]
fn totals_beyond_the_largest_amount_are_exact() {
    let mut facts: Vec<TradeFact> = (1..=4).map(fact).collect();
    facts.iter_mut().for_each(|fact| fact.value = Micros(i64::MAX));
    let figures = cube(&facts).at(&[])[0].figures.unwrap();
    assert_eq!(figures.value.to_string(), "36893488147419.103228");
}

#[test]
fn company_with_three_quarters_of_the_value_hides_the_cell() {
    let rule = SuppressionRule::default();
    assert!(rule.shows_a_company([75, 15, 10].into_iter()));
    assert!(!rule.shows_a_company([74, 15, 11].into_iter()));
    assert!(rule.shows_a_company([50, 50].into_iter()) && rule.shows_a_company(std::iter::empty()));
}

#[test]
fn units_that_do_not_convert_give_no_quantity() {
    let mut facts: Vec<TradeFact> = (1..=3).map(fact).collect();
    facts[0].quantity = Quantity::new(Micros::from_units(1), "TNE".parse().unwrap());
    let quantity = cube(&facts).at(&[])[0].figures.unwrap().quantity.unwrap();
    assert_eq!(quantity.to_unit(Unit::KILOGRAM).unwrap().value, Micros::from_units(1_020));
    facts[0].quantity.unit = "XCT".parse().unwrap();
    assert_eq!(cube(&facts).at(&[])[0].figures.unwrap().quantity, None);
}

#[test]
fn cell_that_discloses_a_hidden_one_is_hidden() {
    let mut facts: Vec<TradeFact> = (1..=9).map(fact).collect();
    for (fact, (partner, value)) in facts.iter_mut().zip([
        ("NL", 100),
        ("NL", 100),
        ("DE", 50),
        ("DE", 60),
        ("DE", 70),
        ("FR", 300),
        ("FR", 300),
        ("FR", 300),
        ("FR", 300),
    ]) {
        fact.partner = partner.parse().unwrap();
        fact.value = Micros::from_units(value);
    }
    let shown: Vec<(String, Option<Hidden>)> = cube(&facts)
        .at(&[GroupBy::Partner])
        .into_iter()
        .map(|cell| (cell.key.partner.unwrap().to_string(), cell.hidden))
        .collect();
    let expected = [("DE", Some(Hidden::Secondary)), ("FR", None), ("NL", Some(Hidden::Primary))];
    assert_eq!(shown, expected.map(|(name, hidden)| (name.to_owned(), hidden)));
    assert!(cube(&facts).at(&[])[0].figures.is_some(), "the total is published");
}

#[test]
fn levels_add_up_and_exports_are_never_added_to_imports() {
    let mut facts: Vec<TradeFact> = (1..=40).map(fact).collect();
    for (place, fact) in facts.iter_mut().enumerate() {
        fact.partner = ["NL", "DE"][place % 2].parse().unwrap();
        fact.heading = ["7304", "6109"][place / 2 % 2].into();
        if place % 4 == 3 {
            fact.direction = Direction::Import;
            fact.value = Micros::from_units(7);
        }
    }
    let cube = cube(&facts);
    let total = |group: &[GroupBy], flow| -> i128 {
        cube.at(group).iter().filter(|cell| cell.key.flow == flow).map(|cell| cell.figures.unwrap().value.0).sum()
    };
    for group in [&[GroupBy::Partner][..], &[GroupBy::Hs4], &[GroupBy::Hs2, GroupBy::Partner], &[GroupBy::Period]] {
        assert_eq!(total(group, Direction::Export), total(&[], Direction::Export));
    }
    assert_eq!(total(&[], Direction::Import), sum(70).0);
    assert_eq!(cube.at(&[GroupBy::Flow]), cube.at(&[]));
}

#[test]
fn table_has_its_metadata_and_is_written_as_csv() {
    let facts: Vec<TradeFact> = (1..=3).map(fact).collect();
    let excluded = BTreeMap::from([(ExclusionReason::NoReference, 2)]);
    let metadata = Metadata::new(&SuppressionRule::default(), "2026-11-23T00:00:00Z".parse().unwrap());
    let reporter = Some("CN".parse().unwrap());
    let table = Table::of(&cube(&facts), &[GroupBy::Hs2], reporter, metadata, 3, &excluded);
    assert_eq!(table.group, [GroupBy::Reporter, GroupBy::Flow, GroupBy::Hs2]);
    assert_eq!((table.rows.len(), table.totals.len()), (1, 1));
    assert!(table.metadata.suppression_rule.contains("75 %"));
    assert_eq!((table.not_counted[0].records, table.not_counted[0].sentence.as_str()), (2, "no customs reference"));
    assert_eq!(
        table.to_csv().unwrap(),
        "flow,reporter,partner,hs,period,value,currency,net_kg,quantity,unit,records,suppliers,buyers,hidden\n\
         export,CN,all,73,all,300.00,USD,30,30,KGM,3,3,3,\n\
         export,CN,all,all,all,300.00,USD,30,30,KGM,3,3,3,\n"
    );
}

fn comtrade(facts: &[TradeFact], group: &[GroupBy]) -> Vec<BTreeMap<String, String>> {
    let names = comtrade::Names {
        country_code: &|country| if country.as_str() == "CN" { 156 } else { 528 },
        commodity: &|code| format!("label of {code}"),
    };
    let text = comtrade::to_csv(&cube(facts), group, None, &names).unwrap();
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    assert_eq!(reader.headers().unwrap().iter().collect::<Vec<_>>(), comtrade::COLUMNS);
    reader.deserialize().map(Result::unwrap).collect()
}

#[test]
fn comtrade_rows_have_47_columns_and_its_codes() {
    let facts: Vec<TradeFact> = (1..=3).map(fact).collect();
    let rows = comtrade(&facts, &[GroupBy::Hs2, GroupBy::Partner, GroupBy::Period]);
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
        ("qtyUnitCode", "8"),
        ("qty", "30"),
        ("altQty", ""),
        ("netWgt", "30"),
        ("cifvalue", ""),
        ("fobvalue", "300.00"),
        ("primaryValue", "300.00"),
        ("isAggregate", "true"),
    ] {
        assert_eq!(rows[0][column], value, "{column}");
    }
}

#[test]
fn comtrade_has_codes_for_years_world_and_hidden_cells() {
    let yearly = comtrade(&(1..=3).map(fact).collect::<Vec<_>>(), &[]);
    assert_eq!((yearly[0]["freqCode"].as_str(), yearly[0]["refMonth"].as_str()), ("A", "52"));
    assert_eq!((yearly[0]["partnerISO"].as_str(), yearly[0]["cmdCode"].as_str()), ("W00", "TOTAL"));
    assert_eq!((yearly[0]["period"].as_str(), yearly[0]["refPeriodId"].as_str()), ("2026", "20260101"));
    let hidden = comtrade(&[fact(1)], &[]);
    assert_eq!((hidden[0]["primaryValue"].as_str(), hidden[0]["netWgt"].as_str()), ("", ""));
}

prop_compose! {
    fn any_fact()(
        number in 1i64..100_000, partner in 0usize..4, hs in 0usize..4, month in 1u32..4, supplier in 0i64..7, buyer in 0i64..7,
        reporter in 0usize..2, value in 1i32..500, is_import in any::<bool>(),
    ) -> TradeFact {
        let mut fact = fact(number);
        fact.reporter = ["CN", "TR"][reporter].parse().unwrap();
        fact.partner = ["NL", "DE", "FR", "BR"][partner].parse().unwrap();
        fact.heading = ["7304", "7305", "6109", "8504"][hs].into();
        fact.customs_date = chrono::NaiveDate::from_ymd_opt(2026, month, 9).unwrap();
        fact.direction = if is_import { Direction::Import } else { Direction::Export };
        fact.value = Micros::from_units(value);
        fact.supplier = CompanyId(supplier);
        fact.buyer = CompanyId(100 + buyer);
        fact
    }
}

/// The cell that a reader adds a cell to, along one of the four columns of the published key.
fn reader_adds_to(key: &Key, column: usize) -> Option<Key> {
    let mut wider = key.clone();
    match column {
        0 => wider.reporter = key.reporter.map(|_| None)?,
        1 => wider.partner = key.partner.map(|_| None)?,
        2 => wider.hs = key.hs.as_ref().map(|code| (code.len() > 2).then(|| code[..2].to_owned()))?,
        _ => {
            wider.period = key.period.map(|period| match period {
                Period::Month(year, _) => Some(Period::Year(year)),
                Period::Year(_) => None,
            })?;
        }
    }
    Some(wider)
}

/// What a reader can write down: every published total with its parts, as unknown cells only.
fn unknowns(cells: &[Cell]) -> Vec<Vec<usize>> {
    let place: BTreeMap<&Key, usize> = cells.iter().enumerate().map(|(place, cell)| (&cell.key, place)).collect();
    let mut sums: BTreeMap<(usize, usize), Vec<usize>> = BTreeMap::new();
    for (part, cell) in cells.iter().enumerate() {
        for column in 0..4 {
            if let Some(total) = reader_adds_to(&cell.key, column) {
                sums.entry((place[&total], column)).or_default().push(part);
            }
        }
    }
    let is_hidden = |member: &usize| cells[*member].figures.is_none();
    sums.into_iter().map(|((total, _), parts)| parts.into_iter().chain([total]).filter(is_hidden).collect()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_hidden_value_follows_from_one_sum(facts in proptest::collection::vec(any_fact(), 0..120)) {
        let cells = cube(&facts).all();
        for unknown in unknowns(&cells) {
            prop_assert!(unknown.len() != 1, "{:?}", cells[unknown[0]].key);
        }
    }

    #[test]
    fn no_published_cell_shows_a_company(facts in proptest::collection::vec(any_fact(), 0..120)) {
        for cell in cube(&facts).all() {
            if let Some(figures) = cell.figures {
                prop_assert!(figures.suppliers >= 3 && figures.buyers >= 3);
            }
        }
    }

    #[test]
    fn secondary_suppression_ends_with_no_lone_unknown(
        values in proptest::collection::vec(1i128..1_000, 12), first in proptest::collection::vec(any::<bool>(), 20),
    ) {
        // A table of three rows and four columns with its seven margins and the grand total.
        let cell = |row: usize, column: usize| row * 4 + column;
        let mut all: Vec<i128> = values.clone();
        let mut equations = Vec::new();
        for row in 0..3 {
            equations.push(Equation { total: all.len(), parts: (0..4).map(|column| cell(row, column)).collect() });
            all.push((0..4).map(|column| values[cell(row, column)]).sum());
        }
        for column in 0..4 {
            equations.push(Equation { total: all.len(), parts: (0..3).map(|row| cell(row, column)).collect() });
            all.push((0..3).map(|row| values[cell(row, column)]).sum());
        }
        equations.push(Equation { total: 19, parts: vec![12, 13, 14] });
        equations.push(Equation { total: 19, parts: vec![15, 16, 17, 18] });
        all.push(values.iter().sum());
        let mut hidden: Vec<Option<Hidden>> = first.iter().map(|hide| hide.then_some(Hidden::Primary)).collect();
        prop_assert!(hide_secondary(&all, &equations, &mut hidden).is_ok());
        for equation in &equations {
            let unknown = equation.parts.iter().chain([&equation.total]).filter(|member| hidden[**member].is_some()).count();
            prop_assert!(unknown != 1);
        }
        let kept = first.iter().zip(&hidden).all(|(first, hidden)| !first || *hidden == Some(Hidden::Primary));
        prop_assert!(kept, "what was hidden stays hidden");
    }
}

/// Hidden cells that follow from all equations together, by elimination over a prime field.
fn solvable(cells: &[Cell]) -> Vec<usize> {
    const PRIME: i128 = 2_147_483_647;
    let inverse = |value: i128| {
        let (mut result, mut base, mut power) = (1, value.rem_euclid(PRIME), PRIME - 2);
        while power > 0 {
            if power & 1 == 1 {
                result = result * base % PRIME;
            }
            base = base * base % PRIME;
            power >>= 1;
        }
        result
    };
    let mut rows: Vec<BTreeMap<usize, i128>> = Vec::new();
    let place: BTreeMap<&Key, usize> = cells.iter().enumerate().map(|(place, cell)| (&cell.key, place)).collect();
    let mut sums: BTreeMap<(usize, usize), BTreeMap<usize, i128>> = BTreeMap::new();
    for (part, cell) in cells.iter().enumerate() {
        for column in 0..4 {
            let Some(total) = reader_adds_to(&cell.key, column).map(|key| place[&key]) else { continue };
            let sum = sums.entry((total, column)).or_default();
            if cells[total].figures.is_none() {
                sum.insert(total, PRIME - 1);
            }
            if cell.figures.is_none() {
                sum.insert(part, 1);
            }
        }
    }
    rows.extend(sums.into_values().filter(|row| !row.is_empty()));
    let mut reduced: BTreeMap<usize, BTreeMap<usize, i128>> = BTreeMap::new();
    let subtract = |row: &mut BTreeMap<usize, i128>, other: &BTreeMap<usize, i128>, factor: i128| {
        for (column, value) in other {
            let entry = row.entry(*column).or_default();
            *entry = (*entry - factor * value).rem_euclid(PRIME);
        }
        row.retain(|_, value| *value != 0);
    };
    for mut row in rows {
        for pivot in row.keys().copied().collect::<Vec<_>>() {
            if let (Some(other), Some(factor)) = (reduced.get(&pivot), row.get(&pivot).copied()) {
                subtract(&mut row, other, factor);
            }
        }
        let Some((&pivot, &lead)) = row.iter().next() else { continue };
        let scale = inverse(lead);
        row.values_mut().for_each(|value| *value = *value * scale % PRIME);
        for other in reduced.values_mut() {
            if let Some(factor) = other.get(&pivot).copied() {
                subtract(other, &row, factor);
            }
        }
        reduced.insert(pivot, row);
    }
    reduced.into_iter().filter(|(_, row)| row.len() == 1).map(|(pivot, _)| pivot).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_hidden_value_follows_from_all_sums_together(facts in proptest::collection::vec(any_fact(), 0..150)) {
        let cells = cube(&facts).all();
        let found: Vec<&Key> = solvable(&cells).into_iter().map(|place| &cells[place].key).collect();
        prop_assert!(found.is_empty(), "{found:?}");
    }
}
