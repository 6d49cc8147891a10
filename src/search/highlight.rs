//! Marks the words of the query in a hit's texts, as escaped HTML.

use std::collections::HashSet;

use super::analyzers::Language;

use super::analyzers::{self, Word};
use super::answer::Highlight;
use super::units::measures;

/// Length of the fragment of a description, in bytes, about.
const FRAGMENT: usize = 220;

/// Marks a name as a whole and the best fragment of a body.
pub(super) fn highlight(name: &str, body: &str, marks: &HashSet<String>, languages: &[Language]) -> Highlight {
    let marked = |text: &str| -> Vec<Word> {
        let is_marked = |word: &Word| {
            marks.contains(&word.text) || languages.iter().any(|l| marks.contains(&analyzers::stem(&word.text, *l)))
        };
        let mut found: Vec<Word> = analyzers::words(text).into_iter().filter(is_marked).collect();
        let measures = measures(text).into_iter().filter(|measure| marks.contains(&measure.term));
        found.extend(measures.map(|measure| Word { text: measure.term, start: measure.start, end: measure.end }));
        found.sort_by_key(|word| (word.start, std::cmp::Reverse(word.end)));
        found
    };
    let in_body = marked(body);
    let (from, to) = window(body, &in_body);
    let description = (!in_body.is_empty()).then(|| {
        let (before, after) = (if from > 0 { "… " } else { "" }, if to < body.len() { " …" } else { "" });
        format!("{before}{}{after}", mark(body, from, to, &in_body))
    });
    Highlight { name: mark(name, 0, name.len(), &marked(name)), description }
}

/// The stretch of the text with the most marked words, cut at spaces.
fn window(text: &str, words: &[Word]) -> (usize, usize) {
    let best = words.iter().enumerate().map(|(i, word)| {
        let inside = words[i..].iter().take_while(|other| other.end <= word.start + FRAGMENT - 40).count();
        (inside, word.start)
    });
    let start = best.max_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1))).map_or(0, |(_, start)| start);
    let from = if start < 40 { 0 } else { space_before(text, start.saturating_sub(30), start) };
    let to = text.floor_char_boundary((from + FRAGMENT).min(text.len()));
    let to = if to == text.len() { to } else { text[from..to].rfind(' ').map_or(to, |at| (from + at).max(start + 1)) };
    (from, text.ceil_char_boundary(to))
}

fn space_before(text: &str, least: usize, start: usize) -> usize {
    let least = text.ceil_char_boundary(least).min(start);
    text[least..start].find(' ').map_or(start, |at| least + at + 1)
}

fn mark(text: &str, from: usize, to: usize, words: &[Word]) -> String {
    let mut out = String::with_capacity(to - from + 16);
    let mut at = from;
    for word in words.iter().filter(|word| word.start >= from && word.end <= to) {
        if word.start < at {
            continue;
        }
        escape(&text[at..word.start], &mut out);
        out.push_str("<mark>");
        escape(&text[word.start..word.end], &mut out);
        out.push_str("</mark>");
        at = word.end;
    }
    escape(&text[at..to.max(at)], &mut out);
    out
}

fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            c => out.push(c),
        }
    }
}
