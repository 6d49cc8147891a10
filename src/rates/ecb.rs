//! The euro reference rates of the European Central Bank, as it publishes them: XML (`eurofxref-daily.xml`, `-hist-90d.xml`,
//! `-hist.xml`) and CSV (`eurofxref.csv`, `eurofxref-hist.csv`). Each rate is how much of the currency one euro is worth.

use std::collections::HashMap;
use std::str::FromStr;

use chrono::NaiveDate;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use rust_decimal::Decimal;

use super::DatedRates;
use crate::error::{FieldCode, Problem, Result};
use crate::money::{Currency, Micros};

/// Who published them.
const SOURCE: &str = "ECB";
const BASE: &str = "EUR";

/// Reads a file in either form. Currencies that are no longer in ISO 4217 are left out.
///
/// # Errors
/// `invalid` at `/file`, naming the line or the element that is wrong.
pub fn read(bytes: &[u8]) -> Result<Vec<DatedRates>> {
    let text = std::str::from_utf8(bytes).map_err(|_| wrong("must be text in UTF-8"))?;
    let text = text.trim_start_matches('\u{feff}').trim_start();
    // By the content and not by the name: the ECB offers both, and people rename what they load.
    if text.starts_with('<') { read_xml(text) } else { read_csv(text) }
}

fn wrong(message: impl Into<String>) -> Problem {
    Problem::invalid_field("/file", FieldCode::Format, message)
}

fn day_of(date: NaiveDate) -> Result<DatedRates> {
    let base = BASE.parse::<Currency>().map_err(Problem::internal)?;
    Ok(DatedRates { source: SOURCE.to_owned(), date, base, per_base: HashMap::new() })
}

/// A rate that is above 0 and within the range of an amount.
fn rate(text: &str, place: &str) -> Result<Decimal> {
    let rate = Decimal::from_str(text).ok();
    let rate = rate.filter(|rate| Micros::from_decimal(*rate).is_some_and(Micros::is_positive));
    rate.ok_or_else(|| wrong(format!("{place}: {text} is no rate; it must be a decimal above 0, like 1.0832")))
}

fn read_xml(text: &str) -> Result<Vec<DatedRates>> {
    let mut reader = Reader::from_str(text);
    let mut days: Vec<DatedRates> = Vec::new();
    loop {
        let event = reader.read_event().map_err(|error| wrong(format!("is no XML: {error}")))?;
        match event {
            Event::Eof => return Ok(days),
            Event::Start(element) | Event::Empty(element) if element.local_name().as_ref() == "Cube" => {
                read_cube(&element, &mut days)?;
            }
            _ => {}
        }
    }
}

/// `<Cube time='2026-11-20'>` begins a day, `<Cube currency='USD' rate='1.0555'/>` is a rate of it.
fn read_cube(element: &BytesStart<'_>, days: &mut Vec<DatedRates>) -> Result<()> {
    let attribute = |name: &str| -> Result<Option<String>> {
        let found = element.try_get_attribute(name).map_err(|error| wrong(format!("is no XML: {error}")))?;
        Ok(found.map(|attribute| attribute.value.into_owned()))
    };
    if let Some(time) = attribute("time")? {
        days.push(day_of(date(&time, "Cube")?)?);
    }
    if let (Some(currency), Some(text)) = (attribute("currency")?, attribute("rate")?) {
        let day = days.last_mut().ok_or_else(|| wrong("a rate stands before the first day"))?;
        let rate = rate(&text, &format!("{} {currency}", day.date))?;
        // Currencies that are no more (the mark, the Cypriot pound) stand in the history; nothing here is priced in them.
        if let Ok(currency) = currency.parse::<Currency>() {
            day.per_base.insert(currency, rate);
        }
    }
    Ok(())
}

fn date(text: &str, place: &str) -> Result<NaiveDate> {
    let forms = ["%Y-%m-%d", "%d %B %Y"];
    let date = forms.iter().find_map(|form| NaiveDate::parse_from_str(text.trim(), form).ok());
    date.ok_or_else(|| wrong(format!("{place}: {text} is no date; it must be like 2026-11-20")))
}

fn read_csv(text: &str) -> Result<Vec<DatedRates>> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).flexible(true).from_reader(text.as_bytes());
    let header = reader.headers().map_err(|error| wrong(format!("line 1: {error}")))?.clone();
    if header.get(0) != Some("Date") {
        return Err(wrong("line 1: must begin with Date and name a currency in each further column"));
    }
    let mut days = Vec::new();
    for (index, line) in reader.records().enumerate() {
        let place = format!("line {}", index + 2);
        let line = line.map_err(|error| wrong(format!("{place}: {error}")))?;
        let mut day = day_of(date(line.get(0).unwrap_or_default(), &place)?)?;
        for (code, text) in header.iter().zip(line.iter()).skip(1) {
            // `N/A` where it was not quoted that day, and a comma at the end of each line.
            let is_quoted = !code.is_empty() && !text.is_empty() && text != "N/A";
            if let Some(currency) = code.parse::<Currency>().ok().filter(|_| is_quoted) {
                day.per_base.insert(currency, rate(text, &format!("{place}, {code}"))?);
            }
        }
        days.push(day);
    }
    Ok(days)
}
