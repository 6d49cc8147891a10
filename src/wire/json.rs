//! JSON into types: whole bodies and RFC 7396 merge patches, with all wrong fields named by pointer.
//!
//! Serde stops at the first mistake. Here the member that holds the mistake is taken out and the rest is read again, so that a
//! caller hears of one mistake for each member of the top level at once.

use std::collections::HashSet;
use std::fmt;

use serde::de::{DeserializeOwned, Error as _, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use serde_path_to_error::{Path, Segment};
use utoipa::PartialSchema;
use utoipa::openapi::{RefOr, Schema};

use crate::error::{Code, FieldCode, FieldError, Problem};
use crate::locale::{Language, Message};

/// So many mistakes are named at most; an input with more is not one that a person will mend by the list.
const MAX_ERRORS: usize = 50;

/// Reads a whole body. Members in `read_only` (those of the resource that only the server sets) are ignored, and a null
/// counts as absent.
///
/// # Errors
/// `bad_request` when it is not JSON; `invalid` naming the fields that are unknown, missing or of a wrong type.
pub fn read<T: DeserializeOwned>(body: &[u8], read_only: &[&str]) -> Result<T, Problem> {
    read_value(parse(body)?, read_only)
}

/// Reads a value that is JSON already: a line of a file, or a body that was parsed to look at it.
///
/// # Errors
/// `invalid` naming the fields that are unknown, missing or of a wrong type.
pub fn read_value<T: DeserializeOwned>(value: Value, read_only: &[&str]) -> Result<T, Problem> {
    let mut members = object(value)?;
    for name in read_only {
        members.remove(*name);
    }
    read_members(members, Vec::new())
}

/// The same for a type whose schema says what it needs: all that is missing is named at once.
///
/// # Errors
/// As [`read_value`].
pub fn read_input<T: DeserializeOwned + PartialSchema>(value: Value, read_only: &[&str]) -> Result<T, Problem> {
    let members = value.as_object().into_iter().flatten();
    let sent: HashSet<String> = members.filter(|(_, sent)| !sent.is_null()).map(|(name, _)| name.clone()).collect();
    read_value(value, read_only).map_err(|problem| with_missing(problem, &required_of(&T::schema()), &sent))
}

/// Serde names the first member that is missing, and none where something else is wrong.
fn with_missing(mut problem: Problem, required: &[String], sent: &HashSet<String>) -> Problem {
    if problem.code != Code::Invalid {
        return problem;
    }
    for name in required {
        let pointer = format!("/{}", pointer_part(name));
        let is_named =
            problem.fields.iter().any(|known| known.pointer == pointer || is_below(&known.pointer, &pointer));
        if !sent.contains(name) && !is_named {
            problem.fields.push(FieldError::required(pointer));
        }
    }
    problem
}

/// The members that a schema says are needed.
fn required_of(schema: &RefOr<Schema>) -> Vec<String> {
    match schema {
        RefOr::T(Schema::Object(object)) => object.required.clone(),
        RefOr::T(Schema::AllOf(parts)) => parts.items.iter().flat_map(required_of).collect(),
        _ => Vec::new(),
    }
}

/// The current value changed by a JSON merge patch (RFC 7396): a null clears a field to its default, an absent one is kept,
/// objects merge, lists are replaced. Members in `read_only` are ignored.
///
/// `T` writes all its fields, empty ones as null, so that what it does not write is a field that it does not know.
///
/// # Errors
/// `invalid` naming the fields that are unknown, of a wrong type, or cleared though they are needed.
pub fn merge_patch<T: Serialize + DeserializeOwned>(
    current: &T,
    patch: Value,
    read_only: &[&str],
) -> Result<T, Problem> {
    let mut members = object(serde_json::to_value(current).map_err(Problem::internal)?)?;
    let mut errors = Vec::new();
    for (name, change) in object(patch)? {
        if read_only.contains(&name.as_str()) {
            continue;
        }
        match members.get_mut(&name) {
            None => errors.push(unknown(&format!("/{}", pointer_part(&name)), members.keys().map(String::as_str))),
            Some(_) if change.is_null() => {
                members.remove(&name);
            }
            Some(member) => merge(member, change),
        }
    }
    read_members(members, errors)
}

/// The text of a type's JSON, as it is stored.
///
/// # Errors
/// `internal` when the type cannot be written, which is a fault of ours.
pub fn to_json<T: Serialize>(value: &T) -> Result<String, Problem> {
    serde_json::to_string(value).map_err(Problem::internal)
}

/// A pointer's part for an object's key: `~` and `/` escaped as RFC 6901 says.
pub fn pointer_part(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

/// The JSON of a body.
///
/// # Errors
/// `bad_request` with the line and column where it ceases to be JSON, or where an object has a name twice.
pub fn parse(body: &[u8]) -> Result<Value, Problem> {
    // Programs of Windows begin a text with the mark of its encoding.
    let body = body.strip_prefix("\u{feff}".as_bytes()).unwrap_or(body);
    serde_json::from_slice::<Unambiguous>(body).map(|read| read.0).map_err(|error| {
        Problem::new(
            Code::BadRequest,
            Message::new("errors-not-json").with("error", error.to_string()).text(Language::English),
        )
    })
}

/// JSON whose objects have each name once. Of two values under one name readers take different ones, which is how a request says one thing
/// to whoever checks it and another to whoever does it.
struct Unambiguous(Value);

impl<'de> Deserialize<'de> for Unambiguous {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Members).map(Self)
    }
}

struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Unambiguous(item)) = items.next_element()? {
            list.push(item);
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            if object.contains_key(&name) {
                return Err(A::Error::custom(
                    Message::new("errors-name-twice").with("name", name).text(Language::English),
                ));
            }
            let Unambiguous(value) = members.next_value()?;
            object.insert(name, value);
        }
        Ok(Value::Object(object))
    }
}

fn object(value: Value) -> Result<Map<String, Value>, Problem> {
    match value {
        Value::Object(members) => Ok(members),
        other => {
            let message = format!("must be an object, not {}", kind(&other));
            Err(Problem::invalid(vec![FieldError::new("", FieldCode::Format, message)]))
        }
    }
}

fn merge(target: &mut Value, change: Value) {
    let Value::Object(changes) = change else {
        *target = change;
        return;
    };
    if !target.is_object() {
        *target = Value::Object(Map::new());
    }
    let Value::Object(members) = target else { return };
    for (name, change) in changes {
        if change.is_null() {
            members.remove(&name);
        } else {
            merge(members.entry(name).or_insert(Value::Null), change);
        }
    }
}

fn read_members<T: DeserializeOwned>(members: Map<String, Value>, mut errors: Vec<FieldError>) -> Result<T, Problem> {
    let mut value = Value::Object(members);
    loop {
        let error = match serde_path_to_error::deserialize::<_, T>(&value) {
            Ok(read) if errors.is_empty() => return Ok(read),
            Ok(_) => return Err(Problem::invalid(errors)),
            Err(error) => error,
        };
        let pointer = pointer_of(error.path());
        let found = explain(&pointer, &error.inner().to_string(), value.pointer(&pointer));
        let is_null = value.pointer(&pointer).is_some_and(Value::is_null) && found.code != FieldCode::Unknown;
        if is_null && take_out(&mut value, &pointer) {
            continue;
        }
        let member = top_level(&pointer);
        // A field that is missing because its wrong value was taken out before has been named already.
        let is_new = errors
            .iter()
            .all(|earlier| earlier.pointer != found.pointer && !is_below(&earlier.pointer, &found.pointer));
        if is_new {
            errors.push(found);
        }
        if errors.len() >= MAX_ERRORS || member.is_none_or(|member| !take_out(&mut value, &member)) {
            return Err(Problem::invalid(errors));
        }
    }
}

fn is_below(pointer: &str, above: &str) -> bool {
    pointer.strip_prefix(above).is_some_and(|rest| rest.starts_with('/'))
}

fn pointer_of(path: &Path) -> String {
    let mut pointer = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => pointer.push_str(&format!("/{index}")),
            Segment::Map { key } => pointer.push_str(&format!("/{}", pointer_part(key))),
            Segment::Enum { .. } | Segment::Unknown => {}
        }
    }
    pointer
}

fn top_level(pointer: &str) -> Option<String> {
    pointer.split('/').nth(1).map(|first| format!("/{first}"))
}

/// Takes the member at the pointer out of its object; says whether it was there and in an object.
fn take_out(value: &mut Value, pointer: &str) -> bool {
    let Some((parent, name)) = pointer.rsplit_once('/') else { return false };
    let name = name.replace("~1", "/").replace("~0", "~");
    match value.pointer_mut(parent) {
        Some(Value::Object(members)) => members.remove(&name).is_some(),
        _ => false,
    }
}

/// The field error for what serde says of the value at the pointer.
fn explain(pointer: &str, serde_says: &str, value: Option<&Value>) -> FieldError {
    let quoted = |text: &str| text.split('`').nth(1).unwrap_or_default().to_owned();
    if let Some(rest) = serde_says.strip_prefix("missing field ") {
        return FieldError::required(format!("{pointer}/{}", pointer_part(&quoted(rest))));
    }
    if let Some(rest) = serde_says.strip_prefix("unknown field ") {
        let name = pointer_part(&quoted(rest));
        let at = if pointer.ends_with(&format!("/{name}")) { pointer.to_owned() } else { format!("{pointer}/{name}") };
        return unknown(&at, rest.split('`').skip(3).step_by(2));
    }
    let found = value.map_or("what was sent", kind);
    match serde_says.split_once(", expected ") {
        Some((before, expected)) if before.starts_with("invalid ") => {
            let code = if before.starts_with("invalid value") { FieldCode::Range } else { FieldCode::Format };
            let not = if code == FieldCode::Format { format!(", not {found}") } else { String::new() };
            FieldError::new(pointer, code, format!("must be {}{not}", in_words(expected)))
        }
        _ => of_a_code(pointer, serde_says),
    }
}

/// Our own types say themselves what would be right; chrono does not.
fn of_a_code(pointer: &str, says: &str) -> FieldError {
    const CHRONO: &[&str] = &["input", "premature end", "trailing input", "no possible date", "a day is out"];
    if says.starts_with("must be one of") {
        return FieldError::new(pointer, FieldCode::UnknownValue, says);
    }
    if CHRONO.iter().any(|start| says.starts_with(start)) {
        let form = "must be a date like 2027-03-31, or a UTC time like 2027-03-31T12:00:00Z where a time is asked for";
        return FieldError::new(pointer, FieldCode::Format, form);
    }
    FieldError::new(pointer, FieldCode::Format, says)
}

fn unknown<'a>(pointer: &str, known: impl Iterator<Item = &'a str>) -> FieldError {
    let known: Vec<&str> = known.collect();
    let message = match known.as_slice() {
        [] => "is not a field here".to_owned(),
        known => format!("is not a field here; the fields are {}", known.join(", ")),
    };
    FieldError::new(pointer, FieldCode::Unknown, message)
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// Serde's name of a type, as a caller in any language understands it.
fn in_words(expected: &str) -> String {
    match expected {
        "a string" | "a borrowed string" | "str" | "string" => "a string".to_owned(),
        "a boolean" => "true or false".to_owned(),
        "a sequence" => "a list".to_owned(),
        "a map" => "an object".to_owned(),
        "u8" => format!("a whole number from 0 to {}", u8::MAX),
        "u16" => format!("a whole number from 0 to {}", u16::MAX),
        "u32" => format!("a whole number from 0 to {}", u32::MAX),
        "u64" | "usize" => "a whole number from 0".to_owned(),
        "i16" | "i32" | "i64" => "a whole number".to_owned(),
        "a formatted date string" => "a date like 2027-03-31".to_owned(),
        other if other.contains("formatted date and time") => "a time like 2027-03-31T12:00:00Z".to_owned(),
        other if other.starts_with("struct ") => "an object".to_owned(),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;
    use crate::units::Quantity;

    #[derive(Debug, Default, PartialEq, Serialize, Deserialize)]
    #[serde(default, deny_unknown_fields)]
    struct Thing {
        name: String,
        days: Option<u16>,
        moq: Option<Quantity>,
        tags: Vec<String>,
        made_on: Option<chrono::NaiveDate>,
        attributes: std::collections::BTreeMap<String, String>,
    }

    #[derive(Debug, Serialize, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Strict {
        country: crate::reference::codes::Country,
    }

    fn errors_of(problem: Problem) -> Vec<(String, FieldCode)> {
        assert_eq!(problem.code, Code::Invalid);
        problem.fields.into_iter().map(|e| (e.pointer, e.code)).collect()
    }

    fn errors(value: Value) -> Vec<(String, FieldCode)> {
        errors_of(read_value::<Thing>(value, &["id"]).unwrap_err())
    }

    #[test]
    fn what_is_not_json_is_a_bad_request_with_its_place() {
        let problem = read::<Thing>(b"{\"name\": ", &[]).unwrap_err();
        assert_eq!(problem.code, Code::BadRequest);
        assert!(problem.detail.contains("line 1 column"), "{}", problem.detail);
        assert_eq!(read::<Thing>(b"\xff", &[]).unwrap_err().code, Code::BadRequest);
        assert_eq!(errors_of(read::<Thing>(b"[1]", &[]).unwrap_err()), [(String::new(), FieldCode::Format)]);
    }

    #[test]
    fn every_wrong_member_is_named_with_its_pointer() {
        let input = json!({"name": 5, "colour": "red", "days": 70000, "moq": {"value": 5, "unit": "KGM"},
            "tags": ["a", 1], "made_on": "31.3.2027", "attributes": {"a/b": 1}, "id": "x"});
        let mut found = errors(input);
        found.sort_by(|a, b| a.0.cmp(&b.0));
        let wanted = [
            ("/attributes/a~1b", FieldCode::Format),
            ("/colour", FieldCode::Unknown),
            ("/days", FieldCode::Range),
            ("/made_on", FieldCode::Format),
            ("/moq/value", FieldCode::Format),
            ("/name", FieldCode::Format),
            ("/tags/1", FieldCode::Format),
        ];
        assert_eq!(found, wanted.map(|(pointer, code)| (pointer.to_owned(), code)));
    }

    #[test]
    fn deep_unknown_and_missing_fields_are_named() {
        assert_eq!(errors(json!({"moq": {"value": "5"}})), [("/moq/unit".to_owned(), FieldCode::Required)]);
        assert_eq!(
            errors(json!({"moq": {"value": "5", "unit": "KGM", "per": "day"}})),
            [("/moq/per".to_owned(), FieldCode::Unknown)]
        );
        assert_eq!(errors(json!({"moq": "5 kg"})), [("/moq".to_owned(), FieldCode::Format)]);
    }

    #[test]
    fn messages_say_what_would_be_right() {
        for (input, message) in [
            (json!({"name": 5}), "must be a string, not a number"),
            (json!({"days": -1}), "must be a whole number from 0 to 65535"),
            (json!({"days": "ten"}), "must be a whole number from 0 to 65535, not a string"),
            (json!({"tags": "a"}), "must be a list, not a string"),
            (json!({"moq": "5 kg"}), "must be an object, not a string"),
            (json!({"moq": {"value": "5", "unit": "PCS"}}), "must be a UN/ECE Rec 20 unit code"),
            (json!({"made_on": "soon"}), "must be a date like 2027-03-31"),
            (json!({"made_on": 5}), "must be a date like 2027-03-31, not a number"),
            (json!({"color": 1}), "is not a field here; the fields are"),
        ] {
            let problem = read_value::<Thing>(input.clone(), &[]).unwrap_err();
            assert!(problem.fields[0].message.starts_with(message), "{input}: {}", problem.fields[0].message);
        }
    }

    #[test]
    fn null_counts_as_absent_but_hides_no_unknown_field() {
        let thing: Thing =
            read(br#"{"name":null,"days":null,"tags":null,"attributes":{"a":null,"b":"c"}}"#, &[]).unwrap();
        assert_eq!((thing.name.as_str(), thing.attributes.len()), ("", 1));
        assert_eq!(errors(json!({"colour": null})), [("/colour".to_owned(), FieldCode::Unknown)]);
    }

    #[test]
    fn everything_that_is_missing_is_named_at_once() {
        #[derive(Debug, Deserialize, utoipa::ToSchema)]
        #[serde(deny_unknown_fields)]
        #[expect(dead_code, reason = "only read")]
        struct Shipment {
            goods: String,
            pieces: u32,
            #[serde(default)]
            note: Option<String>,
            port: String,
        }
        let named = |value: Value| {
            let problem = read_input::<Shipment>(value, &[]).unwrap_err();
            problem.fields.into_iter().map(|field| field.pointer).collect::<Vec<_>>()
        };
        assert_eq!(named(json!({})), ["/goods", "/pieces", "/port"]);
        assert_eq!(named(json!({"pieces": "many", "goods": null})), ["/pieces", "/goods", "/port"]);
        assert_eq!(named(json!({"goods": "pipe", "pieces": 1, "port": "X", "colour": "red"})), ["/colour"]);
    }

    #[test]
    fn a_required_member_that_is_wrong_is_named_once() {
        let wrong = read::<Strict>(br#"{"country":"Holland"}"#, &[]).unwrap_err();
        assert_eq!(errors_of(wrong), [("/country".to_owned(), FieldCode::Format)]);
        let missing = read::<Strict>(b"{}", &[]).unwrap_err();
        assert_eq!(errors_of(missing), [("/country".to_owned(), FieldCode::Required)]);
    }

    fn thing() -> Thing {
        read(br#"{"name":"Bolt","days":5,"moq":{"value":"5","unit":"KGM"},"tags":["a","b"],"attributes":{"x":"1","y":"2"}}"#, &[])
            .unwrap()
    }

    #[test]
    fn a_patch_keeps_clears_merges_and_replaces() {
        let patch = json!({"days": null, "moq": {"value": "7.5"}, "tags": ["c"], "attributes": {"x": null, "z": "3"},
            "id": "ignored"});
        let changed = merge_patch(&thing(), patch, &["id"]).unwrap();
        let wanted = r#"{"name":"Bolt","days":null,"moq":{"value":"7.5","unit":"KGM"},"tags":["c"],"made_on":null,"attributes":{"y":"2","z":"3"}}"#;
        assert_eq!(to_json(&changed).unwrap(), wanted);
        assert_eq!(merge_patch(&thing(), json!({}), &[]).unwrap(), thing());
        assert_eq!(merge_patch(&thing(), json!({"tags": null, "name": null}), &[]).unwrap().tags, Vec::<String>::new());
    }

    #[test]
    fn a_patch_names_what_it_may_not_do() {
        let refused = |patch: Value| errors_of(merge_patch(&thing(), patch, &[]).unwrap_err());
        assert_eq!(refused(json!({"colour": null})), [("/colour".to_owned(), FieldCode::Unknown)]);
        assert_eq!(refused(json!({"moq": {"unit": null}})), [("/moq/unit".to_owned(), FieldCode::Required)]);
        assert_eq!(refused(json!({"colour": 1, "days": "x"})).len(), 2);
        assert_eq!(refused(json!([1])), [(String::new(), FieldCode::Format)]);
        let strict: Strict = read(br#"{"country":"NL"}"#, &[]).unwrap();
        let cleared = merge_patch(&strict, json!({"country": null}), &[]).unwrap_err();
        assert_eq!(errors_of(cleared), [("/country".to_owned(), FieldCode::Required)]);
    }
}
