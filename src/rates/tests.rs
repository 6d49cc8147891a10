//! Reading, converting, and which day's rate stands.

use chrono::NaiveDate;
use rust_decimal::Decimal;

use super::*;
use crate::money::{Currency, Micros, Money};

const DAILY: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">
  <gesmes:subject>Reference rates</gesmes:subject>
  <Cube><Cube time='2026-11-20'><Cube currency='USD' rate='1.0832'/><Cube currency='JPY' rate='163.52'/></Cube>
  <Cube time="2026-11-19"><Cube currency="USD" rate="1.0800"/></Cube></Cube>
</gesmes:Envelope>"#;

fn currency(code: &str) -> Currency {
    code.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn money(text: &str) -> Money {
    let (code, amount) = text.split_once(' ').unwrap();
    Money::new(Micros::parse(amount).unwrap(), currency(code))
}

#[test]
fn the_forms_of_the_file() {
    let daily = ecb::read(DAILY.as_bytes()).unwrap();
    assert_eq!(daily.iter().map(|rates| rates.date).collect::<Vec<_>>(), [day("2026-11-20"), day("2026-11-19")]);
    assert_eq!(daily[0].per_base(currency("JPY")), Some(Decimal::new(16352, 2)));
    let csv = "Date, USD, JPY, CYP, \n20 November 2026, 1.0832, 163.52, N/A, \n";
    assert_eq!(ecb::read(csv.as_bytes()).unwrap(), daily[..1]);
    let history = "Date,USD,JPY,\n2026-11-20,1.0832,163.52,\n2026-11-19,1.0800,N/A,\n";
    assert_eq!(ecb::read(history.as_bytes()).unwrap(), daily);
}

#[test]
fn what_is_wrong_is_named() {
    for (text, part) in [
        ("Day,USD\n2026-11-20,1.08\n", "line 1"),
        ("Date,USD\n20/11/2026,1.08\n", "line 2: 20/11/2026 is no date"),
        ("Date,USD\n2026-11-20,0\n", "line 2, USD: 0 is no rate"),
        ("Date,USD\n2026-11-20,-1\n", "line 2, USD"),
        ("<Cube currency='USD' rate='1.08'/>", "before the first day"),
        ("<Cube time='2026-11-20'><Cube currency='USD' rate='x'/></Cube>", "2026-11-20 USD: x is no rate"),
        ("<Cube time='2026", "is no XML"),
    ] {
        let problem = ecb::read(text.as_bytes()).unwrap_err();
        assert!(problem.fields[0].message.contains(part), "{text}: {problem:?}");
    }
}

#[test]
fn amounts_are_converted_at_the_rate_that_stands() {
    let history: History = ecb::read(DAILY.as_bytes()).unwrap().into_iter().collect();
    let convert = |on: &str, text: &str, to: &str| history.convert_on(day(on), money(text), currency(to));
    assert_eq!(convert("2026-11-20", "EUR 100", "USD"), Some(money("USD 108.32")));
    assert_eq!(convert("2026-11-19", "USD 108", "EUR"), Some(money("EUR 100")));
    assert_eq!(convert("2026-11-20", "JPY 163.52", "USD"), Some(money("USD 1.0832")));
    assert_eq!(convert("2026-11-27", "EUR 100", "USD"), Some(money("USD 108.32")), "a week later it stands");
    assert_eq!(convert("2026-11-28", "EUR 100", "USD"), None, "after more than a week it does not");
    assert_eq!(convert("2026-11-18", "EUR 100", "USD"), None, "a later rate says nothing of an earlier day");
    assert_eq!(convert("1999-01-01", "USD 5", "USD"), Some(money("USD 5")));
    assert_eq!(convert("2026-11-19", "JPY 5", "USD"), None);
}
