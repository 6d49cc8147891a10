//! What a file of synonyms may say.

use proptest::prelude::*;

use super::rules::{Fault, Rule, Term, read};

fn expansions(line: &str) -> Vec<(String, Term)> {
    let rule = Rule::read(line).unwrap().unwrap();
    rule.expansions().map(|(name, expansion)| (name.to_owned(), expansion)).collect()
}

fn words(name: &str, found: &str) -> (String, Term) {
    (name.to_owned(), Term::Name(found.to_owned()))
}

fn goods(name: &str, code: &str) -> (String, Term) {
    (name.to_owned(), Term::Hs(code.to_owned()))
}

#[test]
fn equal_names_find_each_other_and_the_goods() {
    assert_eq!(expansions("spanner, wrench"), [words("spanner", "wrench"), words("wrench", "spanner")]);
    assert_eq!(
        expansions("butterfly valve, 蝶阀, hs:8481.80"),
        [
            words("butterfly valve", "蝶阀"),
            goods("butterfly valve", "848180"),
            words("蝶阀", "butterfly valve"),
            goods("蝶阀", "848180"),
        ]
    );
    assert_eq!(expansions("lamp , HS:9405"), [goods("lamp", "9405")]);
}

#[test]
fn names_left_of_the_arrow_find_those_on_the_right() {
    assert_eq!(
        expansions("cell phone, handy => mobile phone, hs:851713"),
        [
            words("cell phone", "mobile phone"),
            goods("cell phone", "851713"),
            words("handy", "mobile phone"),
            goods("handy", "851713"),
        ]
    );
}

#[test]
fn commas_in_names() {
    assert_eq!(expansions("\"nuts, bolts\", fasteners")[0], words("nuts,bolts", "fasteners"));
    assert_eq!(expansions("fasteners, \"nuts, bolts\"").len(), 2);
    assert_eq!(expansions(r"nuts\, bolts, fasteners")[0], words("nuts,bolts", "fasteners"));
    assert_eq!(expansions("½\" pipe, half-inch pipe")[0].0, "½\" pipe");
}

#[test]
fn bad_lines_are_told_by_number_and_reason() {
    let file = "\u{feff}# tools\n\nspanner, wrench\nalone\na => b => c\n=> b\na =>\nhs:8481, hs:8482\nhs:84 => b\na, hs:7712\r\n\
                a, 316L\na, ---\n3d printer, additive printer\n";
    let faults = read(file.as_bytes()).unwrap_err();
    let lines: Vec<usize> = faults.iter().map(|fault| fault.line).collect();
    assert_eq!(lines, [4, 5, 6, 7, 8, 9, 10, 11, 12]);
    let told =
        |line: usize| faults.iter().find(|fault| fault.line == line).map(|fault| fault.message.as_str()).unwrap();
    assert!(told(4).starts_with("must hold two names"));
    assert_eq!(told(10), "hs:'7712' is no beginning of an HS code; it must be 2 to 10 digits, like hs:848180");
    assert_eq!(told(11), "'316L' is a code or a number, and these are found only as they are written");
    let long = format!("a, {}", "b".repeat(81));
    assert!(Rule::read(&long).unwrap_err().ends_with("a name has at most 80 characters"));
    assert!(Rule::read(&"a,".repeat(1001)).unwrap_err().contains("2000 characters"));
    let many: Vec<String> = (0..51).map(|n| format!("name{}", "x".repeat(n))).collect();
    assert!(Rule::read(&many.join(", ")).is_err());
    assert_eq!(read(b"a, b\n\xff, c").unwrap_err(), [Fault { line: 2, message: "is not text in UTF-8".to_owned() }]);
}

proptest! {
    #[test]
    fn no_line_is_too_much(line in "[a-zé蝶阀0-9,\"\\\\=> #:hs.\\t-]{0,60}") {
        if let Ok(Some(rule)) = Rule::read(&line) {
            let again = Rule::read(&rule.text).unwrap().unwrap();
            prop_assert_eq!(again, rule);
        }
    }
}
