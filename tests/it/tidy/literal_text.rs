//! No template of a page or e-mail holds a text of its own: what a person reads stands in the catalogue, where it is reworded and translated.

use super::catalogue::{messages, templates};
use super::none;
use super::source::{bracketed, files_below, places, root, sources};

/// Names that read the same in every language.
const NAMES: &[&str] = &["Tradepost", "SHA-256", "CSV", "Comtrade CSV", "SDMX-CSV", "XLSX", "JSON"];

/// The classes that macros of pages take as texts.
const CLASSES: &[&str] = &["button", "second", "small", "danger", "plain"];

/// The attributes that a person reads or hears.
const READ_ATTRIBUTES: &[&str] = &["title", "placeholder", "aria-label", "alt", "data-label"];

/// A piece of a template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Piece<'t> {
    /// Between tags.
    Text(&'t str),
    /// `<a title="...">`
    Tag(&'t str),
    /// `{{ ... }}` or `{% ... %}`
    Code(&'t str),
}

const CODE: [(&str, &str); 3] = [("{{", "}}"), ("{%", "%}"), ("{#", "#}")];

/// How long the code is that begins here; 0 where none does.
fn code_length(text: &str) -> usize {
    let Some((_, end)) = CODE.iter().find(|(start, _)| text.starts_with(start)) else { return 0 };
    text.find(end).map_or(text.len(), |at| at + end.len())
}

/// How long the tag is that begins here, whose attributes may hold code with `>` and quotes in it.
fn tag_length(text: &str) -> usize {
    let (mut at, mut quoted) = (1, false);
    while at < text.len() {
        let code = code_length(&text[at..]);
        if code > 0 {
            at += code;
            continue;
        }
        let c = text[at..].chars().next().unwrap();
        at += c.len_utf8();
        match c {
            '"' => quoted = !quoted,
            '>' if !quoted => return at,
            _ => {}
        }
    }
    at
}

fn begins_tag(text: &str) -> bool {
    text.starts_with('<') && text[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!')
}

fn pieces(template: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut rest) = (Vec::new(), template);
    while !rest.is_empty() {
        let code = code_length(rest);
        let (piece, length) = match code {
            0 if begins_tag(rest) => (Piece::Tag(&rest[..tag_length(rest)]), tag_length(rest)),
            0 => {
                let ends = |at: &usize| code_length(&rest[*at..]) > 0 || begins_tag(&rest[*at..]);
                let length = rest.char_indices().map(|(at, _)| at).skip(1).find(ends).unwrap_or(rest.len());
                (Piece::Text(&rest[..length]), length)
            }
            length => (Piece::Code(&rest[..length]), length),
        };
        pieces.push(piece);
        rest = &rest[length..];
    }
    pieces
}

/// Whether somebody could read it as a word: two letters together that are no entity (`&nbsp;`).
fn has_word(text: &str) -> bool {
    let mut rest = text.to_owned();
    while let Some((before, after)) = rest.split_once('&').map(|(before, after)| (before.to_owned(), after.to_owned()))
    {
        let entity =
            after.split_once(';').filter(|(name, _)| name.chars().all(|c| c.is_ascii_alphanumeric() || c == '#'));
        rest = format!("{before} {}", entity.map_or(after.as_str(), |(_, behind)| behind));
    }
    rest.as_bytes().windows(2).any(|two| two.iter().all(u8::is_ascii_alphabetic))
}

/// The value of the attribute without its code.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let value = tag.split_once(&format!(" {name}=\""))?.1;
    let (mut shown, mut at) = (String::new(), 0);
    while at < value.len() && !value[at..].starts_with('"') {
        let code = code_length(&value[at..]);
        if code > 0 {
            at += code;
            continue;
        }
        let c = value[at..].chars().next().unwrap();
        shown.push(c);
        at += c.len_utf8();
    }
    Some(shown)
}

/// The literals in code that are shown as they stand: no key, no address, no name of a field or kind.
fn shown_literals(code: &str) -> Vec<&str> {
    if code.starts_with("{#") {
        return Vec::new();
    }
    let mut pieces = code.split('"');
    pieces.next();
    let mut shown = Vec::new();
    while let (Some(literal), Some(_)) = (pieces.next(), pieces.next()) {
        let is_sentence = literal.contains(' ') || literal.starts_with(|c: char| c.is_ascii_uppercase());
        // `class: str = "button second"` is the default of a macro's argument.
        let is_classes = literal.split(' ').all(|class| CLASSES.contains(&class));
        if is_sentence && has_word(literal) && !literal.starts_with('/') && !is_classes {
            shown.push(literal);
        }
    }
    shown
}

/// A text without `name="..."`: macros write attributes too.
fn without_attributes(text: &str) -> String {
    let mut pieces = text.split("=\"").map(str::to_owned).collect::<Vec<_>>();
    let last = pieces.len() - 1;
    for piece in &mut pieces[..last] {
        piece.truncate(piece.trim_end_matches(|c: char| c.is_ascii_alphabetic() || c == '-').len());
    }
    for piece in &mut pieces[1..] {
        *piece = piece.split_once('"').map_or("", |(_, behind)| behind).to_owned();
    }
    pieces.concat()
}

/// Every text of the template that is no text of the catalogue.
fn literal_texts(template: &str) -> Vec<String> {
    let mut found = Vec::new();
    for piece in pieces(template) {
        match piece {
            Piece::Text(text) => found.push(without_attributes(text).trim().to_owned()),
            Piece::Tag(tag) => found.extend(READ_ATTRIBUTES.iter().filter_map(|name| attribute(tag, name))),
            Piece::Code(code) => found.extend(shown_literals(code).into_iter().map(str::to_owned)),
        }
    }
    found.retain(|text| has_word(text) && !NAMES.contains(&text.trim_matches([' ', '·'])));
    found
}

#[test]
fn templates_hold_no_text_of_their_own() {
    let texts = templates().into_iter().flat_map(|(path, template)| {
        let found = literal_texts(&template).into_iter();
        found.map(move |text| format!("{path} holds a text of its own: {text}")).collect::<Vec<_>>()
    });
    none(&texts.collect::<Vec<_>>());
}

/// What the operator reads in a terminal or in the log is English, and so is what serde says of the form of JSON.
const NOT_TRANSLATED: &[&str] = &["app", "cli", "config", "indexing", "mail", "rates", "store", "wire"];

/// Functions that take what a person reads: titles of pages, notices, errors, what is wrong with a number.
const SHOW: &[&str] = &[
    "page_of",
    "Problem::conflict",
    "Problem::forbidden",
    "Problem::new",
    "Problem::invalid_field",
    "FieldError::new",
    "Verdict::invalid",
    ".asks_reason",
    ".happens",
    ".notifies",
    ".refused",
    ".suspicious",
    ".with_note",
    ".with_notice",
];

/// The literals of Rust code, without their quotation marks.
fn literals(code: &str) -> impl Iterator<Item = &str> {
    let marks: Vec<usize> =
        code.match_indices('"').map(|(at, _)| at).filter(|at| !code[..*at].ends_with('\\')).collect();
    let pairs: Vec<(usize, usize)> = marks.chunks_exact(2).map(|pair| (pair[0] + 1, pair[1])).collect();
    pairs.into_iter().map(|(start, end)| &code[start..end])
}

/// Whether a literal is a sentence or a part of one, and no path or key.
fn is_sentence(literal: &str) -> bool {
    literal.contains(' ') && has_word(literal) && !literal.starts_with('/')
}

/// The texts that code shows without the catalogue.
fn shown_in_code(path: &str, code: &str) -> Vec<String> {
    let calls = SHOW.iter().flat_map(|name| places(code, name).map(|at| &code[at + name.len()..]));
    let arguments = calls.filter(|call| call.starts_with('(')).flat_map(|call| literals(bracketed(call)));
    let mut found: Vec<String> = arguments.filter(|text| is_sentence(text)).map(str::to_owned).collect();
    if path.ends_with("notifications.rs") {
        // Names of events (`quote accepted 1`) are small and read by nobody.
        let is_text = |text: &&str| is_sentence(text) && text.starts_with(|c: char| c.is_ascii_uppercase());
        found.extend(literals(code).filter(is_text).map(str::to_owned));
    }
    found
}

#[test]
fn code_shows_no_text_of_its_own() {
    let of_people = sources().into_iter().filter(|file| !file.is_in(NOT_TRANSLATED));
    let texts = of_people.flat_map(|file| {
        let found = shown_in_code(&file.path, &file.code).into_iter();
        found.map(move |text| format!("{} shows a text of its own: {text}", file.path)).collect::<Vec<_>>()
    });
    none(&texts.collect::<Vec<_>>());
}

/// Keys stand in tables and arguments too, where the checks of the uses do not see them.
#[test]
fn every_literal_that_looks_like_a_key_is_one() {
    let (messages, _) = messages("en");
    let is_part = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    let files = files_below(&root().join("src/locale/en"), "ftl");
    let families: Vec<&str> = files.iter().map(|(file, _)| file.trim_end_matches(".ftl")).collect();
    let mut complaints = Vec::new();
    let code =
        sources().into_iter().filter(|file| !file.path.starts_with("locale/")).map(|file| (file.path, file.code));
    for (path, text) in code.chain(templates()) {
        for literal in text.split('"').filter(|literal| literal.chars().all(is_part)) {
            let looks_like_a_key = literal.split_once('-').is_some_and(|(family, _)| families.contains(&family));
            let family = format!("{literal}-");
            let is_family = messages.range(family.clone()..).next().is_some_and(|(key, _)| key.starts_with(&family));
            if looks_like_a_key && !messages.contains_key(literal) && !is_family {
                complaints.push(format!("{path}: there is no message {literal}"));
            }
        }
    }
    none(&complaints);
}

/// The checks above see what they look for.
#[test]
fn literal_texts_are_recognised() {
    let template = "{# ui::a comment \"In quotes\" #}<p title=\"{{ crate::locale::tr(\"a-b\") }}\" class=\"soft\">{{ name }} · &nbsp; 12 %</p>\
                    <a href=\"/a b\" aria-label=\"Up {{ x }}\">{% if n > 1 %}Read{% endif %}</a> · Tradepost\
                    {% macro m() %} aria-describedby=\"{{ x }}\"{% endmacro %}{% let word = \"Two words\" %}\
                    {{ ui::text(form, \"name\", \"Your name\", kind=\"email\", class=\"button second\", hint=crate::locale::tr(\"a-hint\")) }}";
    assert_eq!(literal_texts(template), ["Up ", "Read", "Two words", "Your name"]);
    let code = r#"Problem::conflict(format!("It is {x}.")); page_of(&http, text(l, "a-b")); f("Not shown"); x.fail("/a b", "must be")"#;
    assert_eq!(shown_in_code("a/b.rs", code), ["It is {x}."]);
    assert_eq!(shown_in_code("a/notifications.rs", "f(\"An e-mail\", \"event of {}\")"), ["An e-mail"]);
}
