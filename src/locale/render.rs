//! The texts of templates: `{{ crate::locale::tr("key") }}`.

use std::cell::Cell;

use super::{Language, Message, Shown};
use crate::markup::Markup;

thread_local! {
    // A page or mail is rendered on one thread from its beginning to its end. Filters would get the language from askama's runtime values,
    // but each use of a filter becomes a builder with types of its own, which takes the compiler twice as long to check.
    static READER: Cell<Language> = const { Cell::new(Language::English) };
}

/// The text of a key or message, in the language that is rendered in.
pub fn tr<M: Shown>(message: M) -> M::Text {
    message.shown(READER.get())
}

/// The text of a key or message that brings markup; its values are escaped.
pub fn tr_html(message: impl Into<Message>) -> Markup {
    message.into().html(READER.get())
}

/// Renders in a language; outside of it texts are in English.
pub fn in_language<T>(language: Language, render: impl FnOnce() -> T) -> T {
    /// Puts the language before back also when rendering panics.
    struct Before(Language);
    impl Drop for Before {
        fn drop(&mut self) {
            READER.set(self.0);
        }
    }
    let _before = Before(READER.replace(language));
    render()
}
