//! The message catalogue: every text that a person reads, by key. `locale/en/*.ftl` holds them in Fluent syntax, a file for each feature.
//!
//! **A text.** In `locale/en/rfqs.ftl`: `rfqs-open = Open RFQs`. In Rust `text(language, "rfqs-open")`, in a template
//! `{{ crate::locale::tr("rfqs-open") }}`: both are `&'static str`, so a text may be handed to a macro.
//!
//! **With arguments.** `rfqs-quotes = { $count -> [one] { $count } quote *[other] { $count } quotes } for { $product }` (each variant on a
//! line of its own). In Rust `Message::new("rfqs-quotes").with("count", n).with("product", &name).text(language)`, in a template
//! `{{ crate::locale::tr(crate::locale::Message::new("rfqs-quotes").with("count", n).with("product", name)) }}`; a `String`. Counts are
//! passed as integers, so that plurals are chosen and thousands grouped (`12 500`); everything else as a text that is formatted already
//! (money, dates, codes: `.to_string()`).
//!
//! **With markup.** `join-terms = By joining you accept the <a href="/about/terms">terms</a>, { $name }.` shown by `tr_html` in the place of
//! `tr`: the message's own markup stands, the values are escaped. With `tr` a template escapes the whole text as always.
//!
//! **States and other enums.** `labelled!(RfqState, "rfq-state")` beside a [`wire_enum!`](crate::wire_enum) gives `RfqState::label(language)`
//! and `{{ crate::locale::tr(state) }}` from the keys `rfq-state-open`, `rfq-state-awarded`, ... (the value's text as it is on the wire,
//! underscores kept).
//!
//! **Which language.** Errors and pages: the reader's; mails: the recipient's. Pass on the [`Language`] that you were given; at the edge, where
//! nobody asks yet, [`Language::English`]. A template learns it from [`in_language`].
//!
//! **Keys** begin with the name of their file's feature, are written out as literals where they are used, and are not put together.
//! `tests/it/tidy/catalogue.rs` holds: each key that is used exists, each that exists is used, the arguments are those of the message.
//! `tests/it/tidy/literal_text.rs` holds: templates have no text of their own.

mod catalogue;
mod language;
mod message;
mod numbers;
mod render;
#[cfg(test)]
mod tests;

pub use catalogue::{label, text};
pub use language::Language;
pub use message::{Argument, Message, Shown};
pub use numbers::grouped;
pub use render::{in_language, tr, tr_html};

/// Gives an enum of [`wire_enum!`](crate::wire_enum) the function `label(language)`, whose texts are the messages `family-value`.
#[macro_export]
macro_rules! labelled {
    ($name:ident, $family:literal) => {
        impl $name {
            /// Its name for people, in their language.
            pub fn label(self, language: $crate::locale::Language) -> &'static str {
                $crate::locale::label(language, $family, self.as_str())
            }
        }

        $crate::shown_by!(label: $name, &$name, &&$name);
    };
}

/// Lets templates show a value by a function of its own, by value and by reference, for templates hand variables on by reference.
#[doc(hidden)]
#[macro_export]
macro_rules! shown_by {
    ($function:ident: $($name:ty),*) => {
        $(impl $crate::locale::Shown for $name {
            type Text = &'static str;

            fn shown(self, language: $crate::locale::Language) -> &'static str {
                self.$function(language)
            }
        })*
    };
}
