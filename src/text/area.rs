//! Lists that are typed into a text area: a line, or what stands between commas, is one item. They become the JSON that the API takes, so that
//! one check serves both.

use serde_json::{Map, Value};

/// The lines that say something, without spaces around them.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// The items between commas or on lines of their own.
pub fn items(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '\n']).map(str::trim).filter(|item| !item.is_empty())
}

/// A list of texts as JSON.
pub fn to_list<'a>(items: impl Iterator<Item = &'a str>) -> Value {
    Value::Array(items.map(Value::from).collect())
}

/// The parts of a line between semicolons, by name; what comes too much stays with the last name and is refused there.
pub fn to_object(line: &str, names: &[&str]) -> Value {
    let texts = line.splitn(names.len(), ';').map(str::trim);
    let named = names.iter().zip(texts).filter(|(_, text)| !text.is_empty());
    let mut members: Map<String, Value> = named.map(|(name, text)| ((*name).to_owned(), text.into())).collect();
    // A line without its first part is a mistake at that part, not somewhere else.
    members.entry(names[0]).or_insert_with(|| "".into());
    Value::Object(members)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn items_stand_between_commas_or_on_lines() {
        assert_eq!(items(" NL, DE\nFR,, ").collect::<Vec<_>>(), ["NL", "DE", "FR"]);
    }
}
