//! From what a national rule came to to what is said of the identifier.

use super::national::Check;
use crate::locale::{self, Language, Message};
use crate::reference::outcome::Verdict;

/// What a national rule came to; `form` says what is wrong where it is the form.
pub(super) fn judged(text: &str, check: Check, form: &str) -> Verdict {
    match check {
        Check::Holds => Verdict::valid(text),
        Check::FormOnly => Verdict::form_only(text),
        Check::Expected(expected) => {
            let several = expected.len() > 1;
            let key = if several { "companies-check-digits-expected" } else { "companies-check-digit-expected" };
            Verdict::invalid(text, Message::new(key).with("expected", expected).text(Language::English))
        }
        Check::NotIssued => Verdict::invalid(text, locale::text(Language::English, "companies-check-not-issued")),
        Check::Form => Verdict::invalid(text, form),
    }
}
