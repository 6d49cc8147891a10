//! Which fields differ.

use serde::Serialize;
use serde_json::Value;

/// The names of the top-level fields in which the two differ, in the order of the alphabet.
pub fn changed_fields<T: Serialize>(before: &T, after: &T) -> Vec<String> {
    let (Ok(Value::Object(before)), Ok(Value::Object(after))) =
        (serde_json::to_value(before), serde_json::to_value(after))
    else {
        return Vec::new();
    };
    let mut names: Vec<String> = before.keys().chain(after.keys()).cloned().collect();
    names.sort_unstable();
    names.dedup();
    // Absent and null are the same to who reads the resource.
    names.retain(|name| before.get(name).unwrap_or(&Value::Null) != after.get(name).unwrap_or(&Value::Null));
    names
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn changed_fields_are_those_that_differ_and_no_values() {
        let before = json!({"title": "Valves", "moq": null, "price": {"amount": "1"}, "gone": 1});
        let after = json!({"title": "Pipes", "price": {"amount": "1"}, "made": [], "gone": null});
        assert_eq!(changed_fields(&before, &after), ["gone", "made", "title"]);
        assert!(changed_fields(&before, &before).is_empty());
    }
}
