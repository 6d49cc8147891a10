//! Putting marks in the place of contact details in a text, so that the rest of it can be read.

use super::contact::{ContactKind, continues_contact, find_contact};

/// A text with more contact details than this in one line is not picked apart: the whole line is masked.
// Each costs some twenty readings of the line, and nobody writes so many who writes about goods.
const MOST_IN_LINE: usize = 20;

/// A text without its contact details.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaskedText {
    /// The text, with a mark in the place of each.
    pub text: String,
    /// What was masked, each kind once.
    pub kinds: Vec<ContactKind>,
}

/// The text without its contact details; `None` when it holds none. `mark` gives what stands in the place of one and must hold none itself.
/// [`find_contact`] finds nothing in the result.
pub fn mask_contact(text: &str, mark: impl Fn(ContactKind) -> &'static str) -> Option<MaskedText> {
    let on_one_line = |text: &str| find_contact(text).or_else(|| find_contact(&text.replace('\n', " ")));
    on_one_line(text)?;
    let mut kinds = Vec::new();
    let lines: Vec<String> = text.split('\n').map(|line| mask_line(line, &mark, &mut kinds)).collect();
    let mut masked = lines.join("\n");
    // Details that go over a line's end: the lines become one.
    if on_one_line(&masked).is_some() {
        masked = mask_line(&masked.replace('\n', " "), &mark, &mut kinds);
    }
    // Whatever the words could not show: better nothing of the text than an address in it.
    if let Some(kind) = find_contact(&masked) {
        note(&mut kinds, kind);
        mark(kind).clone_into(&mut masked);
    }
    Some(MaskedText { text: masked, kinds })
}

fn note(kinds: &mut Vec<ContactKind>, kind: ContactKind) {
    if !kinds.contains(&kind) {
        kinds.push(kind);
    }
}

/// The words of a line as ranges of bytes. The signs that end a clause in Chinese end a word too, which no space does there.
fn words_of(line: &str) -> Vec<(usize, usize)> {
    let parts = |c: char| c.is_whitespace() || matches!(c, '，' | '。' | '；' | '！' | '？' | '、');
    let start_of = |part: &str| part.as_ptr() as usize - line.as_ptr() as usize;
    line.split(parts)
        .filter(|word| !word.is_empty())
        .map(|word| (start_of(word), start_of(word) + word.len()))
        .collect()
}

fn mask_line(line: &str, mark: &impl Fn(ContactKind) -> &'static str, kinds: &mut Vec<ContactKind>) -> String {
    let mut masked = String::with_capacity(line.len());
    let mut rest = line;
    for _ in 0..MOST_IN_LINE {
        let Some((start, end, kind)) = first_in(rest) else { break };
        note(kinds, kind);
        masked.push_str(&rest[..start]);
        masked.push_str(mark(kind));
        rest = &rest[end..];
    }
    if let Some(kind) = find_contact(rest) {
        note(kinds, kind);
        return mark(kind).to_owned();
    }
    masked + rest
}

/// Where the first contact details of the line are, in bytes.
fn first_in(line: &str) -> Option<(usize, usize, ContactKind)> {
    find_contact(line)?;
    let words = words_of(line);
    let slice = |from: usize, to: usize| &line[words[from].0..words[to - 1].1];
    // Halving finds a boundary even where more words can take away what fewer showed: on its one side there is something, on the other nothing.
    let (mut without, mut with) = (0, words.len());
    while with - without > 1 {
        let middle = usize::midpoint(without, with);
        if find_contact(slice(0, middle)).is_some() { with = middle } else { without = middle }
    }
    let mut end = with;
    let (mut first, mut past) = (0, end);
    while past - first > 1 {
        let middle = usize::midpoint(first, past);
        if find_contact(slice(middle, end)).is_some() { first = middle } else { past = middle }
    }
    let mut start = first;
    let kind = find_contact(slice(start, end))?;
    // The shortest piece that is a number need not be the whole number.
    while end < words.len() && continues_contact(kind, slice(end - 1, end), slice(end, end + 1)) {
        end += 1;
    }
    while start > 0 && continues_contact(kind, slice(start - 1, start), slice(start - 1, start)) {
        start -= 1;
    }
    Some((words[start].0, words[end - 1].1, kind))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mark(kind: ContactKind) -> &'static str {
        match kind {
            ContactKind::Email => "[hidden mail]",
            ContactKind::Phone => "[hidden number]",
            ContactKind::Messenger => "[hidden name]",
        }
    }

    fn masked(text: &str) -> String {
        mask_contact(text, mark).map_or_else(|| text.to_owned(), |masked| masked.text)
    }

    #[test]
    fn contact_details_are_masked_and_the_rest_stays() {
        for (text, wanted) in [
            ("Please write to anna@acme.com today", "Please write to [mail] today"),
            ("Call +86 138 0013 8000 or +49 40 7043200 now", "Call [number] or [number] now"),
            ("a@acme.com, b@acme.com", "[mail] [mail]"),
            ("a@acme.com 500 pcs", "[mail] 500 pcs"),
            ("WhatsApp: +86 138 0013 8000, 500 pcs", "WhatsApp: [number] 500 pcs"),
            ("First line\nTel: 0755 8888 1234\nLast line", "First line\n[number]\nLast line"),
            ("WeChat: anna88 is fine", "[name] is fine"),
            ("call ＋８６ １３８ ００１３ ８０００ please", "call [number] please"),
            ("see =?utf-8?b?YW5uYUBhY21lLmNvbQ==?= there", "see [mail] there"),
            ("see =?UTF-8?Q?anna=40acme.com?= there", "see [mail] there"),
            ("s a l e s @ a c m e . c o m", "[mail]"),
            ("请加微信anna8812，谢谢", "[name]，谢谢"),
            ("one three eight double zero one three eight zero zero zero ok", "[number] ok"),
        ] {
            assert_eq!(masked(text).replace("[hidden ", "["), wanted, "{text}");
        }
    }

    #[test]
    fn words_of_trade_are_left_alone() {
        for text in ["5000 pcs @ 3.50 USD, DN20, RX+20031234", "Motor 10kW@50.Hz", "HS 8481.80, ISO 9001:2015", ""] {
            assert_eq!(mask_contact(text, mark), None, "{text}");
        }
    }

    #[test]
    fn nothing_is_found_in_what_was_masked() {
        let many = "x@acme.com ".repeat(60);
        for text in [
            many.as_str(),
            "+86\n138\n0013\n8000",
            "anna\n@\nacme.com",
            "tel 0755\n8888 1234",
            "anna (at) acme (dot) com",
            "=?utf-8?b?YW5uYUBh?= =?utf-8?b?Y21lLmNvbQ==?=",
        ] {
            let masked = mask_contact(text, mark).expect(text);
            assert_eq!(find_contact(&masked.text), None, "{text} became {}", masked.text);
            assert!(!masked.kinds.is_empty());
        }
    }

    #[test]
    fn kinds_are_named_once_each() {
        let masked = mask_contact("a@acme.com b@acme.com +86 138 0013 8000", mark).unwrap();
        assert_eq!(masked.kinds, [ContactKind::Email, ContactKind::Phone]);
    }
}
