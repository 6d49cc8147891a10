//! The message catalogue: each text that is used is there, each that is there is used, and both agree on the arguments.

use std::collections::{BTreeMap, BTreeSet};

use fluent_syntax::ast::{CallArguments, Entry, Expression, InlineExpression, Pattern, PatternElement};

use super::none;
use super::source::{bracketed, files_below, places, root, sources};

/// A message: the names of its arguments, and whether it brings markup.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Known {
    arguments: BTreeSet<String>,
    has_markup: bool,
}

/// Every message of one language, and what is wrong with the files.
pub(super) fn messages(language: &str) -> (BTreeMap<String, Known>, Vec<String>) {
    let (mut messages, mut complaints) = (BTreeMap::new(), Vec::new());
    let registered = std::fs::read_to_string(root().join("src/locale/catalogue.rs")).unwrap();
    for (file, text) in files_below(&root().join("src/locale").join(language), "ftl") {
        if !registered.contains(&format!("\"{}\"", file.trim_end_matches(".ftl"))) {
            complaints.push(format!("{file} is not named in locale/catalogue.rs"));
        }
        let resource = fluent_syntax::parser::parse(text.as_str()).unwrap_or_else(|(resource, errors)| {
            complaints.extend(errors.iter().map(|error| format!("{file}: {error}")));
            resource
        });
        for entry in resource.body {
            let Entry::Message(message) = entry else { continue };
            let Some(value) = &message.value else { continue };
            let mut known = Known { arguments: BTreeSet::new(), has_markup: false };
            look_at(value, &mut known);
            if messages.insert(message.id.name.to_owned(), known).is_some() {
                complaints.push(format!("{file}: {} is there twice", message.id.name));
            }
        }
    }
    assert!(messages.len() > 20, "the catalogue was not read");
    (messages, complaints)
}

fn look_at(pattern: &Pattern<&str>, known: &mut Known) {
    for element in &pattern.elements {
        match element {
            PatternElement::TextElement { value } => known.has_markup |= value.contains('<'),
            PatternElement::Placeable { expression } => look_into(expression, known),
        }
    }
}

fn look_into(expression: &Expression<&str>, known: &mut Known) {
    match expression {
        Expression::Inline(inline) => look_inline(inline, known),
        Expression::Select { selector, variants } => {
            look_inline(selector, known);
            variants.iter().for_each(|variant| look_at(&variant.value, known));
        }
    }
}

fn look_inline(inline: &InlineExpression<&str>, known: &mut Known) {
    match inline {
        InlineExpression::VariableReference { id } => drop(known.arguments.insert(id.name.to_owned())),
        InlineExpression::Placeable { expression } => look_into(expression, known),
        InlineExpression::FunctionReference { arguments, .. } => look_at_call(arguments, known),
        _ => {}
    }
}

fn look_at_call(arguments: &CallArguments<&str>, known: &mut Known) {
    arguments.positional.iter().for_each(|inline| look_inline(inline, known));
}

/// One use of a message: where, which, with which arguments, and whether it ends in a text or in markup.
#[derive(Debug, PartialEq, Eq)]
struct Use {
    path: String,
    key: String,
    arguments: BTreeSet<String>,
    end: End,
}

#[derive(Debug, PartialEq, Eq)]
enum End {
    Text,
    Markup,
    /// It is passed on; what else is added to it is not seen here.
    Open,
}

/// The text of a literal that begins at the start of `text`, and what follows it.
fn literal(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix('"')?;
    rest.split_once('"')
}

/// The arguments of a chain of `.with("name", value)`, and what follows the chain.
fn chain(mut rest: &str) -> (BTreeSet<String>, &str) {
    let mut names = BTreeSet::new();
    loop {
        let trimmed = rest.trim_start();
        let after = trimmed.strip_prefix('.');
        let Some(call) = after.and_then(|step| step.strip_prefix("with")).filter(|call| call.starts_with('(')) else {
            return (names, trimmed);
        };
        let inside = bracketed(call);
        if let Some((name, _)) = literal(inside.trim_start()) {
            names.insert(name.to_owned());
        }
        rest = &call[inside.len() + 2..];
    }
}

fn uses_in_rust(path: &str, code: &str) -> Vec<Use> {
    let mut uses = Vec::new();
    for at in places(code, "Message::new").filter(|_| code.contains("locale::")) {
        let call = &code[at + "Message::new".len()..];
        let inside = bracketed(call);
        let Some((key, "")) = literal(inside.trim()) else { continue };
        let (arguments, rest) = chain(&call[inside.len() + 2..]);
        let end = match rest {
            rest if rest.starts_with(".text(") => End::Text,
            rest if rest.starts_with(".html(") => End::Markup,
            _ => End::Open,
        };
        uses.push(Use { path: path.to_owned(), key: key.to_owned(), arguments, end });
    }
    let imported = code.contains("crate::locale") && places(code, "text").next().is_some();
    for at in places(code, "text").filter(|_| imported) {
        let is_method = code[..at].ends_with('.') || code[..at].ends_with("fn ");
        let call = &code[at + "text".len()..];
        if is_method || !call.starts_with('(') {
            continue;
        }
        let Some((_, last)) = bracketed(call).rsplit_once(", ") else { continue };
        let Some((key, "")) = literal(last.trim()) else { continue };
        uses.push(Use { path: path.to_owned(), key: key.to_owned(), arguments: BTreeSet::new(), end: End::Text });
    }
    uses
}

fn uses_in_template(path: &str, text: &str) -> Vec<Use> {
    let mut uses = Vec::new();
    for (function, end) in [("tr", || End::Text), ("tr_html", || End::Markup)] as [(&str, fn() -> End); 2] {
        for at in places(text, function) {
            let call = &text[at + function.len()..];
            if !text[..at].ends_with("locale::") || !call.starts_with('(') {
                continue;
            }
            let inside = bracketed(call).trim();
            let message = inside.strip_prefix("crate::locale::Message::new");
            let (argument, rest) =
                message.map_or((inside, ""), |call| (bracketed(call), &call[bracketed(call).len() + 2..]));
            let Some((key, "")) = literal(argument.trim()) else { continue };
            uses.push(Use { path: path.to_owned(), key: key.to_owned(), arguments: chain(rest).0, end: end() });
        }
    }
    uses
}

/// Every template of the source: pages and mails.
pub(super) fn templates() -> Vec<(String, String)> {
    let both = ["html", "txt"].into_iter().flat_map(|kind| files_below(&root().join("src"), kind));
    both.filter(|(path, _)| path.contains("templates/")).collect()
}

fn all_uses() -> Vec<Use> {
    let rust = sources().into_iter().filter(|file| !file.path.starts_with("locale/"));
    let mut uses: Vec<Use> = rust.flat_map(|file| uses_in_rust(&file.path, &file.code)).collect();
    uses.extend(templates().iter().flat_map(|(path, text)| uses_in_template(path, text)));
    assert!(uses.len() > 20, "the uses were not read");
    uses
}

#[test]
fn every_text_that_is_used_is_in_the_catalogue_with_its_arguments() {
    let (messages, mut complaints) = messages("en");
    for used in all_uses() {
        let Use { path, key, arguments, end } = &used;
        let Some(known) = messages.get(key) else {
            complaints.push(format!("{path}: there is no message {key}"));
            continue;
        };
        let fits = match end {
            End::Open => arguments.is_subset(&known.arguments),
            End::Text | End::Markup => *arguments == known.arguments,
        };
        if !fits {
            complaints.push(format!("{path}: {key} takes {:?} and is given {arguments:?}", known.arguments));
        }
        if *end == End::Text && known.has_markup {
            complaints.push(format!("{path}: {key} brings markup, which only tr_html shows"));
        }
    }
    none(&complaints);
}

/// The values of every `wire_enum!`, by its file and its name.
fn wire_enums() -> BTreeMap<(String, String), Vec<String>> {
    let mut enums = BTreeMap::new();
    for file in sources() {
        for at in file.code.match_indices("wire_enum! {").map(|(at, _)| at) {
            let body = file.code[at..].split("\n}").next().unwrap();
            let body = body.split("    }").next().unwrap();
            let Some(name) = body.split("pub enum ").nth(1).map(super::source::leading_name) else { continue };
            let values = body.split(" = \"").skip(1).filter_map(|rest| rest.split('"').next());
            enums.insert((file.path.clone(), name.to_owned()), values.map(str::to_owned).collect());
        }
    }
    enums
}

/// The keys of `labelled!(Enum, "family")`, and the families that `label(language, "family", ...)` asks for.
fn labels() -> (Vec<(String, String)>, Vec<String>) {
    let enums = wire_enums();
    let (mut keys, mut families) = (Vec::new(), Vec::new());
    for file in sources().iter().filter(|file| !file.path.starts_with("locale/")) {
        let calls =
            ["labelled!", "states!"].iter().flat_map(|call| places(&file.code, call).map(move |at| at + call.len()));
        for inside in calls.map(|at| bracketed(&file.code[at..])).filter(|inside| !inside.is_empty()) {
            let (name, family) = inside.split_once(", ").unwrap();
            let family = family.split('"').nth(1).unwrap();
            let values = enums
                .get(&(file.path.clone(), name.to_owned()))
                .unwrap_or_else(|| panic!("{}: {name} is no wire_enum", file.path));
            keys.extend(values.iter().map(|value| (file.path.clone(), format!("{family}-{value}"))));
        }
        for at in places(&file.code, "label").filter(|_| file.code.contains("crate::locale")) {
            let call = &file.code[at + "label".len()..];
            let family = call.starts_with('(').then(|| bracketed(call).split('"').nth(1)).flatten();
            families.extend(family.map(|family| format!("{family}-")));
        }
    }
    (keys, families)
}

#[test]
fn every_value_that_has_a_label_is_in_the_catalogue() {
    let (messages, _) = messages("en");
    let (keys, _) = labels();
    assert!(!keys.is_empty(), "the labels were not read");
    let missing = keys.iter().filter(|(_, key)| messages.get(key).is_none_or(|known| !known.arguments.is_empty()));
    let complaints: Vec<String> = missing.map(|(path, key)| format!("{path}: there is no message {key}")).collect();
    none(&complaints);
    for code in tradepost::error::Code::ALL {
        assert!(messages.contains_key(&format!("error-{}", code.as_str())), "{code:?} has no title");
    }
    for file in sources() {
        for at in places(&file.code, "not_found") {
            let Some((what, _)) = literal(bracketed(&file.code[at + "not_found".len()..]).trim()) else { continue };
            assert!(
                messages.contains_key(&format!("errors-absent-{what}")),
                "{}: nothing says that no {what} is there",
                file.path
            );
        }
    }
}

#[test]
fn every_text_of_the_catalogue_is_used() {
    let (messages, _) = messages("en");
    let (keys, families) = labels();
    let mut used: BTreeSet<String> = keys.into_iter().map(|(_, key)| key).collect();
    let mut add = |text: &str| {
        used.extend(text.split('"').map(str::to_owned).filter(|piece| messages.contains_key(piece)));
    };
    sources().iter().filter(|file| !file.path.starts_with("locale/")).for_each(|file| add(&file.code));
    templates().iter().for_each(|(_, text)| add(text));
    let is_unused =
        |key: &&String| !used.contains(*key) && !families.iter().any(|family| key.starts_with(family.as_str()));
    let complaints: Vec<String> = messages.keys().filter(is_unused).map(|key| format!("nothing shows {key}")).collect();
    none(&complaints);
}

/// The checks above see what they look for.
#[test]
fn uses_are_recognised() {
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    let rust = "use crate::locale::text; f(text(language, \"a-b\")); Message::new(\"c\")\n  .with(\"n\", f(1)).with(\"m\", x).text(l);";
    let found = uses_in_rust("x.rs", rust);
    let seen: Vec<_> = found.iter().map(|used| (used.key.as_str(), &used.arguments, &used.end)).collect();
    assert_eq!(seen, [("c", &names(&["n", "m"]), &End::Text), ("a-b", &names(&[]), &End::Text)]);
    let template = r#"<a title="{{ crate::locale::tr("d") }}">{{ crate::locale::tr_html(crate::locale::Message::new("e").with("n", x.len())) }}</a>"#;
    let found = uses_in_template("x.html", template);
    let seen: Vec<_> = found.iter().map(|used| (used.key.as_str(), &used.arguments, &used.end)).collect();
    assert_eq!(seen, [("d", &names(&[]), &End::Text), ("e", &names(&["n"]), &End::Markup)]);
}
