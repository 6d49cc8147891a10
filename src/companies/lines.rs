//! Lists in a text field of a form: a line, or a word between commas, is one item. Turned into the JSON that the API takes, so that one
//! check serves both; pure.

use serde_json::{Map, Value, json};

use super::{Certification, CompanyIdentifier};

/// The lines that say something, without spaces around them.
pub fn lines(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

/// The words between commas or on lines of their own.
pub fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split([',', '\n']).map(str::trim).filter(|word| !word.is_empty())
}

/// A list of texts as JSON.
pub fn texts<'a>(items: impl Iterator<Item = &'a str>) -> Value {
    Value::Array(items.map(Value::from).collect())
}

/// Certificates, one a line: `ISO 9001; number; issuer; 2028-05-31`, of which only the first is needed.
pub fn certifications(text: &str) -> Value {
    Value::Array(lines(text).map(|line| parts(line, &["scheme", "number", "issuer", "valid_until"])).collect())
}

/// The lines that [`certifications`] reads.
pub fn certification_lines(certifications: &[Certification]) -> String {
    let line = |one: &Certification| {
        let until = one.valid_until.map(|day| day.to_string()).unwrap_or_default();
        let all =
            [one.scheme.as_str(), one.number.as_deref().unwrap_or(""), one.issuer.as_deref().unwrap_or(""), &until];
        all.join("; ").trim_end_matches([';', ' ']).to_owned()
    };
    certifications.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The same patch with the copies of the certificates that stay: a line cannot say which document is the copy of its certificate.
pub fn with_copies(mut patch: Value, before: &[Certification]) -> Value {
    let text = |certificate: &Value, name: &str| certificate[name].as_str().unwrap_or_default().to_owned();
    for certificate in patch["certifications"].as_array_mut().into_iter().flatten() {
        let (scheme, number) = (text(certificate, "scheme"), text(certificate, "number"));
        let same = |one: &&Certification| one.is_scheme(&scheme) && one.number.as_deref().unwrap_or("") == number;
        if let Some(document) = before.iter().find(same).and_then(|one| one.document) {
            certificate["document"] = json!(document);
        }
    }
    patch
}

/// The parts of a line between semicolons, by name; what comes too much stays with the last name and is refused there.
fn parts(line: &str, names: &[&str]) -> Value {
    let texts = line.splitn(names.len(), ';').map(str::trim);
    let named = names.iter().zip(texts).filter(|(_, text)| !text.is_empty());
    let mut members: Map<String, Value> = named.map(|(name, text)| ((*name).to_owned(), text.into())).collect();
    // A line without its first part is a mistake at that part, not somewhere else.
    members.entry(names[0]).or_insert_with(|| "".into());
    Value::Object(members)
}

/// Register numbers, one a line: the kind, the number and, where the kind does not say it, the country: `vat NL001234567B01`.
pub fn identifiers(text: &str) -> Value {
    let identifier = |line: &str| {
        let (kind, rest) = line.split_once([' ', ':']).unwrap_or((line, ""));
        let rest = rest.trim_start_matches(':').trim();
        let (value, country) = match rest.rsplit_once(' ') {
            Some((value, last)) if is_country(last) => (value.trim(), Some(last)),
            _ => (rest, None),
        };
        json!({"kind": kind.trim().to_lowercase(), "value": value, "country": country})
    };
    Value::Array(lines(text).map(identifier).collect())
}

fn is_country(text: &str) -> bool {
    text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// The lines that [`identifiers`] reads.
pub fn identifier_lines(identifiers: &[CompanyIdentifier]) -> String {
    let line = |one: &CompanyIdentifier| match one.country {
        Some(country) => format!("{} {} {country}", one.kind, one.value),
        None => format!("{} {}", one.kind, one.value),
    };
    identifiers.iter().map(line).collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn certificates_survive_the_form() {
        let text = "ISO 9001; NB-1; Nordkap; 2028-05-31\nCE\nPED; ; Tekvera";
        let read: Vec<Certification> = serde_json::from_value(certifications(text)).unwrap();
        assert_eq!(read.len(), 3);
        assert_eq!((read[1].number.as_deref(), read[2].issuer.as_deref()), (None, Some("Tekvera")));
        assert_eq!(certification_lines(&read), text);
    }

    #[test]
    fn a_certificate_that_stays_keeps_its_copy() {
        let with_copy = json!([{"scheme": "ISO 9001", "number": "NB-1", "document": "doc_0000000000001"}]);
        let before: Vec<Certification> = serde_json::from_value(with_copy).unwrap();
        let patch = json!({"certifications": certifications("iso9001; NB-1; Nordkap\nISO 9001; NB-2")});
        let kept = with_copies(patch, &before);
        assert_eq!(kept["certifications"][0]["document"], "doc_0000000000001");
        assert!(kept["certifications"][1].get("document").is_none());
    }

    #[test]
    fn identifiers_survive_the_form() {
        let text = "vat NL001234567B01\nuscc 91330304MA82597939 CN";
        let read: Vec<CompanyIdentifier> = serde_json::from_value(identifiers(text)).unwrap();
        assert_eq!(read[1].value, "91330304MA82597939");
        assert_eq!(identifier_lines(&read), text);
        let spaced: Vec<CompanyIdentifier> = serde_json::from_value(identifiers("VAT: NL 0012 34567B01")).unwrap();
        assert_eq!((spaced[0].kind.as_str(), spaced[0].value.as_str()), ("vat", "NL 0012 34567B01"));
    }

    #[test]
    fn words_stand_between_commas_or_on_lines() {
        assert_eq!(words(" NL, DE\nFR,, ").collect::<Vec<_>>(), ["NL", "DE", "FR"]);
    }
}
