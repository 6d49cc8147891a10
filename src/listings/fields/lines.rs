//! Lists of a listing as lines of text: what people type into a text area or into a cell of a table.

use serde_json::{Value, json};

use super::{Attributes, IncotermOffer};
use crate::reference::codes::Locode;

/// Properties, one a line: `name: value`. A line that begins with a space goes on with the value before.
pub fn attributes(text: &str) -> Value {
    let mut all: Vec<(String, String)> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        match all.last_mut() {
            Some((_, value)) if line.starts_with([' ', '\t']) => {
                value.push('\n');
                value.push_str(line.trim());
            }
            _ => {
                let (name, value) = line.split_once(": ").or_else(|| line.split_once(':')).unwrap_or((line, ""));
                all.push((name.trim().to_owned(), value.trim().to_owned()));
            }
        }
    }
    Value::Object(all.into_iter().map(|(name, value)| (name, value.into())).collect())
}

/// The lines that [`attributes`] reads.
pub fn attribute_lines(attributes: &Attributes) -> String {
    let line = |(name, value): (&String, &String)| format!("{name}: {}", value.replace('\n', "\n  "));
    attributes.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// A delivery term as JSON: `FOB Ningbo CNNGB`, the rule, the place and its UN/LOCODE.
pub fn incoterm(line: &str) -> Value {
    let (rule, rest) = line.split_once(' ').unwrap_or((line, ""));
    let rest = rest.trim();
    let (place, locode) = match rest.rsplit_once(' ') {
        Some((place, last)) if is_locode(last) => (place.trim(), Some(last)),
        None if is_locode(rest) => ("", Some(rest)),
        _ => (rest, None),
    };
    let place = Some(place).filter(|place| !place.is_empty());
    json!({"rule": rule.to_uppercase(), "place": place, "locode": locode})
}

fn is_locode(text: &str) -> bool {
    text.parse::<Locode>().is_ok()
}

/// The line that [`incoterm`] reads.
pub fn incoterm_line(offer: &IncotermOffer) -> String {
    let locode = offer.locode.map(|code| code.to_string()).unwrap_or_default();
    let parts = [offer.rule.as_str(), offer.place.as_deref().unwrap_or_default(), &locode];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}
