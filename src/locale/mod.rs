//! The message catalogue: every text that a person reads, by key. `locale/en/*.ftl` holds them in Fluent syntax, a file for each feature.
//!
//! **A text.** In `locale/en/rfqs.ftl`: `rfqs-open = Open RFQs`. In Rust `text(language, "rfqs-open")`, in a template `{{ "rfqs-open"|t }}`:
//! both are `&'static str`, so a text may be handed to a macro: `{{ ui::row("rfqs-closes"|t, when) }}`.
//!
//! **With arguments.** `rfqs-quotes = { $count -> [one] { $count } quote *[other] { $count } quotes } for { $product }` (each variant on a
//! line of its own). In Rust `Message::new("rfqs-quotes").with("count", n).with("product", &name).text(language)`, in a template
//! `{{ "rfqs-quotes"|with("count", n)|with("product", name)|t }}`; a `String`. Counts are passed as integers, so that plurals are chosen and
//! thousands grouped (`12 500`); everything else as a text that is formatted already (money, dates, codes: `.to_string()`).
//!
//! **With markup.** `join-terms = By joining you accept the <a href="/about/terms">terms</a>, { $name }.` shown by `|html` in the place of
//! `|t`: the message's own markup stands, the values are escaped. Without `|html` a template escapes the whole text as always.
//!
//! **States and other enums.** `labelled!(RfqState, "rfq-state")` beside a [`wire_enum!`](crate::wire_enum) gives `RfqState::label(language)`
//! and `{{ state|t }}` from the keys `rfq-state-open`, `rfq-state-awarded`, ... (the value's text as it is on the wire, underscores kept).
//!
//! **Which language.** Errors and pages: the reader's; mails: the recipient's. Pass on the [`Language`] that you were given; at the edge, where
//! nobody asks yet, [`Language::English`]. A template learns it from askama's runtime value `language`.
//!
//! **In page files** `use crate::locale::filters;` brings `t`, `with` and `html` to the templates of that file. Templates that others extend or
//! import name them in full (`{{ "ui-optional"|crate::locale::filters::t }}`), as do files that have another `filters` in scope.
//!
//! **Keys** begin with the name of their file's feature, are written out as literals where they are used, and are not put together.
//! `tests/it/tidy/catalogue.rs` holds: each key that is used exists, each that exists is used, the arguments are those of the message.

mod catalogue;
pub mod filters;
mod language;
mod message;
mod numbers;
#[cfg(test)]
mod tests;

pub use catalogue::{label, text};
pub use language::Language;
pub use message::{Argument, Message, Shown};
pub use numbers::grouped;

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

        impl $crate::locale::Shown for &$name {
            type Text = &'static str;

            fn shown(self, language: $crate::locale::Language) -> &'static str {
                self.label(language)
            }

            fn shown_html(self, language: $crate::locale::Language) -> $crate::markup::Markup {
                $crate::locale::Shown::shown_html(self.label(language), language)
            }
        }
    };
}
