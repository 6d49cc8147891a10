//! What a page promises by ids: each is there once, and every label and reference points at one.

use std::collections::BTreeSet;

/// Attributes that name other elements of the page by their ids.
const REFERENCES: &[&str] = &[
    "for",
    "aria-activedescendant",
    "aria-controls",
    "aria-describedby",
    "aria-details",
    "aria-errormessage",
    "aria-flowto",
    "aria-labelledby",
    "aria-owns",
    "form",
    "headers",
    "list",
];
/// What a label can be of.
const LABELLED: &[&str] = &["input", "select", "textarea", "button", "meter", "output", "progress"];

struct Tag<'p> {
    name: &'p str,
    head: &'p str,
}

impl<'p> Tag<'p> {
    fn attribute(&self, wanted: &str) -> Option<&'p str> {
        let (_, after) = self.head.split_once(&format!(" {wanted}=\""))?;
        after.split('"').next()
    }
}

fn tags(page: &str) -> impl Iterator<Item = Tag<'_>> {
    page.split('<').skip(1).filter(|tag| tag.starts_with(|c: char| c.is_ascii_alphabetic())).map(|tag| {
        let head = tag.split('>').next().unwrap_or(tag);
        Tag { name: head.split_whitespace().next().unwrap_or_default(), head }
    })
}

/// What is wrong with the ids of the page and with what refers to them; empty when nothing is.
pub fn faults(page: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut ids = BTreeSet::new();
    let mut labelled = BTreeSet::new();
    for tag in tags(page) {
        let Some(id) = tag.attribute("id") else { continue };
        if id.is_empty() || id.contains(char::is_whitespace) {
            faults.push(format!("{id:?} is no id"));
        }
        if !ids.insert(id) {
            faults.push(format!("id {id:?} stands twice"));
        }
        if LABELLED.contains(&tag.name) {
            labelled.insert(id);
        }
    }
    for tag in tags(page) {
        for attribute in REFERENCES {
            let named = tag.attribute(attribute).unwrap_or_default();
            for id in named.split_whitespace().filter(|id| !ids.contains(id)) {
                faults.push(format!("{attribute}={id:?} of {} points nowhere", tag.name));
            }
            if *attribute == "for" && !named.is_empty() && ids.contains(named) && !labelled.contains(named) {
                faults.push(format!("the label for {named:?} is of no field"));
            }
        }
        let anchor = tag.attribute("href").and_then(|href| href.strip_prefix('#')).filter(|anchor| !anchor.is_empty());
        if let Some(anchor) = anchor.filter(|anchor| !ids.contains(anchor)) {
            faults.push(format!("the link to #{anchor} points nowhere"));
        }
    }
    faults
}

#[test]
fn a_repeated_id_and_a_reference_to_nothing_are_found() {
    let good = r##"<label for="f-a">A</label><input id="f-a" aria-describedby="h-a e-a"><p id="h-a"></p><p id="e-a"></p><a href="#f-a">A</a>"##;
    assert_eq!(faults(good), Vec::<String>::new());
    let twice = r#"<input id="f-a" value="1"><input id="f-a" value="2">"#;
    assert_eq!(faults(twice), ["id \"f-a\" stands twice"]);
    let nowhere = r##"<label for="f-b">B</label><div id="f-a" aria-describedby="h-a"></div><label for="f-a">A</label><a href="#c">C</a>"##;
    assert_eq!(faults(nowhere).len(), 4, "{:?}", faults(nowhere));
}
