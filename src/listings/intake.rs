//! A listing as catalogues bring it, of an operator's file or a company's own: what is usual in them and no mistake is mended and noted, then it
//! is read and checked like any other.
//!
//! * An empty text means that there is nothing, in every field.
//! * Control characters, which old systems leave in texts, are dropped.
//! * HTML in a description becomes plain text with its line breaks and lists.

use serde_json::{Map, Value};

use super::{ListingFields, READ_ONLY};
use crate::error::{FieldError, Problem, Result};
use crate::text::html;
use crate::wire::{pointer_part, read_value};
use crate::{labelled, wire_enum};

wire_enum! {
    /// What was mended in a field.
    pub enum Mending {
        /// Control characters were dropped.
        ControlCharacters = "control_characters",
        /// HTML became plain text.
        Html = "html",
        /// A price without a unit is for one piece.
        UnitAssumed = "unit_assumed",
    }
}

labelled!(Mending, "listings-mended");

/// A field that was mended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The JSON pointer of the field.
    pub pointer: String,
    /// What was done.
    pub mending: Mending,
}

/// A listing that was taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Its fields, checked.
    pub fields: ListingFields,
    /// What was mended in them.
    pub notes: Vec<Note>,
}

/// Reads a listing of a catalogue.
///
/// # Errors
/// `invalid` naming each field that is wrong.
pub fn read(members: Map<String, Value>) -> Result<Taken> {
    let mut value = Value::Object(members);
    let mut notes = Vec::new();
    mend(&mut value, "", &mut notes);
    if let Some(Value::String(text)) = value.get_mut("description")
        && html::is_html(text)
    {
        *text = html::to_text(text);
        notes.push(Note { pointer: "/description".to_owned(), mending: Mending::Html });
    }
    let fields = checked(value)?;
    Ok(Taken { fields, notes })
}

/// The fields, or all that is wrong with them: what cannot be read keeps the rest from being checked nowhere.
fn checked(value: Value) -> Result<ListingFields> {
    let unread = match read_value::<ListingFields>(value.clone(), READ_ONLY) {
        Ok(mut fields) => return fields.check().map(|()| fields),
        Err(problem) => problem,
    };
    let mut rest = value;
    if let Some(members) = rest.as_object_mut() {
        members.retain(|name, _| !unread.fields.iter().any(|error| member_of(error) == pointer_part(name)));
    }
    let mut errors = unread.fields;
    if let Ok(mut fields) = read_value::<ListingFields>(rest, READ_ONLY)
        && let Err(problem) = fields.check()
    {
        // A member that was taken out has been named already.
        let is_new = |error: &FieldError| !errors.iter().any(|known| member_of(known) == member_of(error));
        let others: Vec<FieldError> = problem.fields.into_iter().filter(is_new).collect();
        errors.extend(others);
    }
    Err(Problem::invalid(errors))
}

/// The member of the top level that the error is in, as pointers write it.
fn member_of(error: &FieldError) -> &str {
    error.pointer.split('/').nth(1).unwrap_or_default()
}

/// Drops control characters, and empty texts with what consists of nothing else; answers whether something is left.
fn mend(value: &mut Value, pointer: &str, notes: &mut Vec<Note>) -> bool {
    match value {
        Value::String(text) => {
            // NEL and its like are what a wrong character set leaves of dashes and quotes; the check makes spaces of them.
            let is_dropped = |c: char| c.is_ascii_control() && !matches!(c, '\n' | '\r' | '\t');
            if text.contains(is_dropped) {
                text.retain(|c| !is_dropped(c));
                notes.push(Note { pointer: pointer.to_owned(), mending: Mending::ControlCharacters });
            }
            !text.trim().is_empty()
        }
        Value::Array(items) => {
            let mut place = 0;
            items.retain_mut(|item| {
                place += 1;
                mend(item, &format!("{pointer}/{}", place - 1), notes)
            });
            // A list that was sent empty says that there are none, which is the same.
            !items.is_empty()
        }
        Value::Object(members) => {
            let was_empty = members.is_empty();
            members.retain(|name, member| mend(member, &format!("{pointer}/{}", pointer_part(name)), notes));
            was_empty || !members.is_empty()
        }
        Value::Null => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn taken(value: Value) -> Result<Taken> {
        let Value::Object(members) = value else { panic!("no object") };
        read(members)
    }

    #[test]
    fn empty_texts_are_absent_in_every_field() {
        let listing = json!({"sku": "A-1", "name": "Pipe", "description": " ", "language": "", "hs_code": "", "gtin": "",
            "origin_country": "", "price": {"min": {"amount": "", "currency": ""}, "unit": "", "tiers": []}, "moq": {"value": "", "unit": ""},
            "lead_time_days": null, "incoterms": [{"rule": "", "place": ""}], "keywords": ["", "steel"], "expires_on": "", "attributes": {"Grade": ""}});
        let taken = taken(listing).unwrap();
        let wanted = ListingFields {
            sku: "A-1".to_owned(),
            name: "Pipe".to_owned(),
            keywords: vec!["steel".to_owned()],
            ..ListingFields::default()
        };
        assert_eq!((taken.fields, taken.notes), (wanted, Vec::new()));
    }

    #[test]
    fn what_was_mended_is_noted_at_its_field() {
        let listing = json!({"sku": "A-1\u{0}", "name": "Pi\u{1b}pe", "description": "<p>One</p><ul><li>two</li></ul>",
            "attributes": {"Grade": "316L\u{7}", "Use": "<b>outside</b>"}});
        let taken = taken(listing).unwrap();
        assert_eq!((taken.fields.sku.as_str(), taken.fields.name.as_str()), ("A-1", "Pipe"));
        assert_eq!(taken.fields.description.as_deref(), Some("One\n- two"));
        assert_eq!(taken.fields.attributes["Use"], "<b>outside</b>");
        let mut noted: Vec<String> =
            taken.notes.iter().map(|note| format!("{} {}", note.pointer, note.mending)).collect();
        noted.sort();
        assert_eq!(
            noted,
            [
                "/attributes/Grade control_characters",
                "/description html",
                "/name control_characters",
                "/sku control_characters"
            ]
        );
    }

    #[test]
    fn wrong_fields_are_named_as_everywhere() {
        let refused =
            taken(json!({"sku": "", "name": "Pipe", "hs_code": "77", "colour": "red", "gtin": "1"})).unwrap_err();
        let mut pointers: Vec<&str> = refused.fields.iter().map(|field| field.pointer.as_str()).collect();
        pointers.sort_unstable();
        assert_eq!(pointers, ["/colour", "/gtin", "/hs_code", "/sku"]);
        assert_eq!(taken(json!({"sku": "", "name": "Pipe"})).unwrap_err().fields[0].pointer, "/sku");
    }
}
