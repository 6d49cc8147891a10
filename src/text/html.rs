//! HTML in texts that should have none, as shop systems export them: told from plain text, and turned into it with its line breaks and lists.
//!
//! This reads tag soup and builds no tree: what is made of it is text, which pages escape like any other, so nothing depends on its being right.

use quick_xml::escape::resolve_html5_entity;

/// Tags that begin a line of their own and end it.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "dd",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "tbody",
    "tfoot",
    "thead",
    "tr",
    "ul",
];
/// Tags within a line.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "big", "br", "center", "code", "em", "font", "i", "img", "ins", "del", "mark", "s", "small",
    "span", "strike", "strong", "sub", "sup", "td", "th", "tt", "u", "style", "script",
];
/// Tags whose content nobody reads.
const UNREAD: &[&str] = &["script", "style"];
/// The longest entity's name, with room to spare.
const MOST_ENTITY: usize = 40;

/// A tag in a text: its name in lower case, and the bytes after it.
struct Tag<'t> {
    name: String,
    closes: bool,
    rest: &'t str,
}

/// The tag that the text begins with, which is behind its `<`.
fn tag(text: &str) -> Option<Tag<'_>> {
    let (closes, named) = text.strip_prefix('/').map_or((false, text), |named| (true, named));
    let length = named.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(named.len());
    let name = named[..length].to_ascii_lowercase();
    if !BLOCKS.contains(&name.as_str()) && !INLINE.contains(&name.as_str()) {
        return None;
    }
    let mut quoted = None;
    for (at, c) in named[length..].char_indices() {
        match (quoted, c) {
            (None, '>') => {
                let attributes = named[length..length + at].trim();
                // `a<b and c>d` has no tag: what stands in one has the form `name=value`.
                let is_meant = attributes.is_empty() || attributes == "/" || attributes.contains('=');
                return is_meant.then(|| Tag { name, closes, rest: &named[length + at + 1..] });
            }
            // A second opening: this one is the sign of "less than".
            (None, '<') => return None,
            (None, '"' | '\'') => quoted = Some(c),
            (Some(open), c) if open == c => quoted = None,
            _ => {}
        }
    }
    None
}

/// Whether the text holds a tag that its author meant for a browser. `a < b` and `<1 %` hold none.
pub fn is_html(text: &str) -> bool {
    text.match_indices('<').any(|(at, _)| tag(&text[at + 1..]).is_some())
}

/// The text of the HTML: a line for each paragraph, row and line break, list items behind a dash or their number, entities as characters.
pub fn to_text(html: &str) -> String {
    // Where the author marked up no lines, those that the text has are the lines.
    let keeps_lines = !html
        .match_indices('<')
        .any(|(at, _)| tag(&html[at + 1..]).is_some_and(|tag| tag.name == "br" || BLOCKS.contains(&tag.name.as_str())));
    let mut writer = Writer { text: String::with_capacity(html.len()), lists: Vec::new(), keeps_lines };
    let mut rest = html;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        rest = match c {
            '<' => {
                match after.strip_prefix("!--").map(|comment| comment.split_once("-->").map_or("", |(_, rest)| rest)) {
                    Some(behind) => behind,
                    None => match tag(after) {
                        Some(tag) => writer.tag(tag),
                        None => {
                            writer.push('<');
                            after
                        }
                    },
                }
            }
            '&' => match entity(after) {
                Some((characters, behind)) => {
                    characters.chars().for_each(|c| writer.push(c));
                    behind
                }
                None => {
                    writer.push('&');
                    after
                }
            },
            c => {
                writer.push(c);
                after
            }
        };
    }
    writer.finish()
}

/// The characters of the entity that the text begins with, which is behind its `&`, and what follows it.
fn entity(text: &str) -> Option<(String, &str)> {
    let end = text.bytes().take(MOST_ENTITY).position(|byte| byte == b';')?;
    let (name, rest) = (text.get(..end)?, &text[end + 1..]);
    let characters = match name.strip_prefix('#') {
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?.to_string()
        }
        None => resolve_html5_entity(name)?.to_owned(),
    };
    Some((characters, rest))
}

struct Writer {
    text: String,
    /// The lists that are open, each with the number of its last item where they are numbered.
    lists: Vec<Option<u32>>,
    keeps_lines: bool,
}

impl Writer {
    fn push(&mut self, c: char) {
        match c {
            '\n' if self.keeps_lines => self.text.push('\n'),
            c if c.is_whitespace() => {
                if !self.text.ends_with([' ', '\n']) {
                    self.text.push(' ');
                }
            }
            c => self.text.push(c),
        }
    }

    fn line(&mut self) {
        let length = self.text.trim_end_matches(' ').len();
        self.text.truncate(length);
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }

    /// Writes what stands for the tag; answers what follows it.
    fn tag<'t>(&mut self, tag: Tag<'t>) -> &'t str {
        let name = tag.name.as_str();
        if UNREAD.contains(&name) && !tag.closes {
            let end = format!("</{name}");
            // ASCII lowering keeps every byte where it is.
            let found = tag.rest.to_ascii_lowercase().find(&end);
            return found.map_or("", |at| tag.rest[at..].split_once('>').map_or("", |(_, rest)| rest));
        }
        match name {
            "br" => {
                self.text.truncate(self.text.trim_end_matches(' ').len());
                self.text.push('\n');
            }
            "td" | "th" => self.push(' '),
            _ if BLOCKS.contains(&name) => self.line(),
            _ => {}
        }
        match (name, tag.closes) {
            ("ul", false) => self.lists.push(None),
            ("ol", false) => self.lists.push(Some(0)),
            ("ul" | "ol", true) => drop(self.lists.pop()),
            ("li", false) => match self.lists.last_mut() {
                Some(Some(number)) => {
                    *number += 1;
                    self.text.push_str(&format!("{number}. "));
                }
                _ => self.text.push_str("- "),
            },
            _ => {}
        }
        tag.rest
    }

    fn finish(self) -> String {
        let mut lines: Vec<&str> = Vec::new();
        for line in self.text.lines().map(str::trim) {
            // One empty line between paragraphs at most.
            if !line.is_empty() || lines.last().is_some_and(|last| !last.is_empty()) {
                lines.push(line);
            }
        }
        lines.join("\n").trim().to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_told_from_signs() {
        for html in ["<p>Steel", "a<br/>b", "<UL><LI>x</UL>", "<a href='x>y'>z</a>", "<b>x</b>"] {
            assert!(is_html(html), "{html}");
        }
        for text in ["a < b > c", "<1 % Si", "i<j and j>k", "a<b and c>d", "<3", "x <y> z", "<p", "Al<br and other<b"] {
            assert!(!is_html(text), "{text}");
        }
    }

    #[test]
    fn lines_lists_and_entities_survive() {
        for (html, text) in [
            ("<p>Seamless  pipe</p><p>DN 50 &amp; DN&nbsp;80</p>", "Seamless pipe\nDN 50 & DN 80"),
            ("One<br>two<br/><br>three", "One\ntwo\n\nthree"),
            ("<ul><li>red</li><li>blue</li></ul>End", "- red\n- blue\nEnd"),
            ("<ol><li>cut<li>weld</ol>", "1. cut\n2. weld"),
            (
                "<table><tr><td>Grade</td><td>316L</td></tr><tr><td>Size</td><td>DN50</td></tr></table>",
                "Grade 316L\nSize DN50",
            ),
            ("<style>p { x }</style><p>A</p><!-- <b> --><script>alert('<p>')</script>B", "A\nB"),
            ("first\nsecond <b>bold</b> &#60;5&#x20AC; &bogus;", "first\nsecond bold <5€ &bogus;"),
            ("<p>a < b</p>", "a < b"),
        ] {
            assert_eq!(to_text(html), text, "{html}");
            assert!(!is_html(&to_text(html)), "{html}");
        }
    }

    #[test]
    fn any_soup_ends() {
        for html in [
            "<",
            "<p",
            "</",
            "<!--",
            "<script>",
            "&",
            "&#;",
            "&#x110000;",
            "<p <p>",
            "<a href=\"",
            "<li></li></ul></ul>",
        ] {
            to_text(html);
        }
        to_text(&"<p>&amp;<".repeat(10_000));
    }
}
