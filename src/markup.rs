//! Markup that was escaped already, and texts with marks in them: the one way round askama's escaping.

use std::fmt;
use std::ops::Range;

/// A piece of HTML in which everything that a person wrote is escaped. Templates show it as it is.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Markup(String);

impl Markup {
    /// Takes HTML of our own, in which every value went through [`push_escaped`].
    pub(crate) fn of_escaped(html: String) -> Self {
        Self(html)
    }
}

impl fmt::Display for Markup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Markup {}

/// The entity of a character that could begin a tag, an attribute's end or an entity; empty for every other character.
fn entity_of(c: char) -> &'static str {
    match c {
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&quot;",
        '\'' => "&#39;",
        '&' => "&amp;",
        _ => "",
    }
}

/// Appends the text so that it reads as text in HTML.
pub(crate) fn push_escaped(html: &mut String, text: &str) {
    for c in text.chars() {
        match entity_of(c) {
            "" => html.push(c),
            entity => html.push_str(entity),
        }
    }
}

/// A text with `<mark>` around what matched, safe to show: everything but the marks is escaped.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Highlighted(String);

impl Highlighted {
    /// Escapes the text and puts `<mark>` around the byte ranges, which must be in order; ranges that overlap, or that do not
    /// fall between characters, are left out.
    pub fn from_ranges(text: &str, ranges: &[Range<usize>]) -> Self {
        let mut html = String::with_capacity(text.len() + ranges.len() * 13);
        let mut done = 0;
        for range in ranges {
            let (Some(before), Some(inside)) = (text.get(done..range.start), text.get(range.clone())) else { continue };
            push_escaped(&mut html, before);
            html.push_str("<mark>");
            push_escaped(&mut html, inside);
            html.push_str("</mark>");
            done = range.end;
        }
        push_escaped(&mut html, text.get(done..).unwrap_or(""));
        Self(html)
    }

    /// Takes markup of which `<mark>` and `</mark>` are kept; every other character that could begin a tag or an entity of its
    /// own is escaped, and marks that do not pair up are dropped. Entities that are already written (`&lt;`, `&#39;`) stay.
    pub fn from_marked(markup: &str) -> Self {
        let mut html = String::with_capacity(markup.len());
        let mut open = false;
        let mut rest = markup;
        while let Some(at) = rest.find(['<', '>', '"', '\'', '&']) {
            html.push_str(&rest[..at]);
            rest = &rest[at..];
            let (taken, written) = take_piece(rest, &mut open);
            html.push_str(written);
            rest = &rest[taken..];
        }
        html.push_str(rest);
        if open {
            html.push_str("</mark>");
        }
        Self(html)
    }

    /// A text without marks, escaped.
    pub fn plain(text: &str) -> Self {
        Self::from_ranges(text, &[])
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Highlighted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Highlighted {}

/// The piece at the front of `rest` (its first character is special): how many bytes it takes and what is written for it.
fn take_piece(rest: &str, open: &mut bool) -> (usize, &'static str) {
    const ENTITIES: &[&str] =
        &["&amp;", "&lt;", "&gt;", "&quot;", "&#39;", "&#x27;", "&#34;", "&#60;", "&#62;", "&#38;"];
    for (tag, opens) in [("<mark>", true), ("</mark>", false)] {
        if rest.starts_with(tag) {
            let fits = *open != opens;
            *open = opens;
            return (tag.len(), if fits { tag } else { "" });
        }
    }
    if let Some(entity) = ENTITIES.iter().find(|entity| rest.starts_with(**entity)) {
        return (entity.len(), entity);
    }
    (1, rest.chars().next().map_or("", entity_of))
}
