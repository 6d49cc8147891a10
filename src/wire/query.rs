//! Query strings into types, with every wrong parameter named.

use serde::de::DeserializeOwned;
use serde_path_to_error::Segment;
use url::form_urlencoded;

use crate::error::{Code, FieldCode, FieldError, Problem};
use crate::locale::{Language, Message, text};

/// Reads a query string.
///
/// # Errors
/// `bad_request` naming the parameters that are unknown, missing, given twice or of a wrong kind.
pub fn read_query<T: DeserializeOwned>(query: &str) -> Result<T, Problem> {
    let mut pairs: Vec<_> = form_urlencoded::parse(query.as_bytes()).collect();
    let mut errors: Vec<FieldError> = Vec::new();
    loop {
        let rest = form_urlencoded::Serializer::new(String::new()).extend_pairs(&pairs).finish();
        let deserializer = serde_urlencoded::Deserializer::new(form_urlencoded::parse(rest.as_bytes()));
        let error = match serde_path_to_error::deserialize::<_, T>(deserializer) {
            Ok(read) if errors.is_empty() => return Ok(read),
            Ok(_) => return Err(refused(errors)),
            Err(error) => error,
        };
        let says = error.inner().to_string();
        let named = error.path().iter().find_map(|segment| match segment {
            Segment::Map { key } => Some(key.clone()),
            _ => None,
        });
        let (name, found) = explain(named.as_deref(), &says);
        let before = pairs.len();
        pairs.retain(|(known, _)| *known != name);
        // A parameter that is missing because its wrong value was taken out has been named already.
        if errors.iter().all(|earlier| earlier.pointer != found.pointer) {
            errors.push(found);
        }
        if pairs.len() == before {
            return Err(refused(errors));
        }
    }
}

fn refused(errors: Vec<FieldError>) -> Problem {
    let names: Vec<&str> = errors.iter().map(|error| error.pointer.trim_start_matches('/')).collect();
    let message = Message::new("errors-query").with("parameters", names.join(", ")).text(Language::English);
    let mut problem = Problem::new(Code::BadRequest, message);
    problem.fields = errors;
    problem
}

/// The parameter that is wrong, and why, from what serde says.
fn explain(named: Option<&str>, says: &str) -> (String, FieldError) {
    let mut quoted = says.split('`').skip(1).step_by(2);
    let mut first = || quoted.next().unwrap_or_default().to_owned();
    let at = |name: &str| format!("/{}", super::json::pointer_part(name));
    if says.starts_with("unknown field") {
        let name = first();
        let known: Vec<&str> = quoted.collect();
        let message = Message::new("errors-query-unknown").with("known", known.join(", ")).text(Language::English);
        let error = FieldError::new(at(&name), FieldCode::Unknown, message);
        return (name, error);
    }
    if says.starts_with("missing field") {
        let name = first();
        let error = FieldError::required(at(&name));
        return (name, error);
    }
    if says.starts_with("duplicate field") {
        let name = first();
        let error = FieldError::new(at(&name), FieldCode::Format, text(Language::English, "errors-query-twice"));
        return (name, error);
    }
    let name = named.unwrap_or_default().to_owned();
    // Numbers of the standard library say what is wrong with the digits, not what would be right.
    let message = match says {
        says if says.contains("digit") || says.starts_with("number too") || says.contains("empty string") => {
            text(Language::English, "errors-whole-number")
        }
        "provided string was not `true` or `false`" => text(Language::English, "errors-true-or-false"),
        says => says,
    };
    let error = FieldError::new(at(&name), FieldCode::Format, message);
    (name, error)
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Default, PartialEq, Eq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct ListQuery {
        limit: Option<u32>,
        q: Option<String>,
        #[serde(default)]
        all: bool,
    }

    fn wrong(query: &str) -> Vec<(String, FieldCode)> {
        let problem = read_query::<ListQuery>(query).unwrap_err();
        assert_eq!(problem.code, Code::BadRequest);
        problem.fields.into_iter().map(|error| (error.pointer, error.code)).collect()
    }

    #[test]
    fn every_wrong_parameter_is_named_at_once() {
        let read = read_query::<ListQuery>("limit=5&q=a+b%26c").unwrap();
        assert_eq!(read, ListQuery { limit: Some(5), q: Some("a b&c".to_owned()), all: false });
        assert_eq!(read_query::<ListQuery>("").unwrap(), ListQuery::default());
        for limit in ["abc", "-1", "99999999999", "", "1.5"] {
            assert_eq!(wrong(&format!("limit={limit}")), [("/limit".to_owned(), FieldCode::Format)], "{limit}");
        }
        let mut all = wrong("limit=abc&foo=1&all=maybe&b/r=2&q=x&q=y");
        all.sort_by(|one, other| one.0.cmp(&other.0));
        let names: Vec<&str> = all.iter().map(|(pointer, _)| pointer.as_str()).collect();
        assert_eq!(names, ["/all", "/b~1r", "/foo", "/limit", "/q"]);
    }
}
