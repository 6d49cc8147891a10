//! A message with its arguments, before its language is known.

use std::borrow::Cow;

use fluent_bundle::{FluentArgs, FluentValue};

use super::catalogue::{self, text};
use super::language::Language;
use crate::markup::{Markup, push_escaped};

/// A message of the catalogue with its arguments; it becomes a text once the reader's language is known.
#[derive(Debug)]
pub struct Message {
    key: &'static str,
    arguments: FluentArgs<'static>,
}

impl Message {
    /// The message of that key, without arguments yet.
    pub fn new(key: &'static str) -> Self {
        Self { key, arguments: FluentArgs::new() }
    }

    /// The same message with one more argument.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Argument) -> Self {
        self.arguments.set(name, value.into_value());
        self
    }

    /// The text in the language; the key itself where the message or an argument is missing.
    pub fn text(&self, language: Language) -> String {
        let text = catalogue::of(language).format(self.key, Some(&self.arguments));
        text.unwrap_or_else(|| {
            log::error!("the message {} is missing or lacks an argument", self.key);
            self.key.to_owned()
        })
    }

    /// The message's own markup with the values escaped in it.
    pub fn html(&self, language: Language) -> Markup {
        let escaped = self.arguments.iter().map(|(name, value)| (name.to_owned(), escaped(value)));
        let escaped = Self { key: self.key, arguments: escaped.collect() };
        Markup::of_escaped(escaped.text(language))
    }
}

fn escaped(value: &FluentValue<'_>) -> FluentValue<'static> {
    let FluentValue::String(text) = value else { return value.clone().into_owned() };
    let mut html = String::with_capacity(text.len());
    push_escaped(&mut html, text);
    FluentValue::String(Cow::Owned(html))
}

impl From<&'static str> for Message {
    fn from(key: &'static str) -> Self {
        Self::new(key)
    }
}

/// What a template shows: a key, a message with arguments, or a value that has a label.
pub trait Shown {
    /// `&'static str` for what stands in the catalogue as it is, `String` with arguments.
    type Text;

    /// Its text.
    fn shown(self, language: Language) -> Self::Text;
}

impl Shown for &'static str {
    type Text = &'static str;

    fn shown(self, language: Language) -> &'static str {
        text(language, self)
    }
}

// Templates hand variables on by reference, and each depth is written out. A rule for any number of references (`&&T` where `&T`) made the
// compiler try ever longer types wherever one was not known yet.
impl Shown for &&'static str {
    type Text = &'static str;

    fn shown(self, language: Language) -> &'static str {
        text(language, self)
    }
}

impl Shown for &&&'static str {
    type Text = &'static str;

    fn shown(self, language: Language) -> &'static str {
        text(language, self)
    }
}

impl Shown for Message {
    type Text = String;

    fn shown(self, language: Language) -> String {
        self.text(language)
    }
}

/// What a message takes as an argument: integers, which choose plurals, and texts.
pub trait Argument {
    /// The value as Fluent knows it.
    fn into_value(self) -> FluentValue<'static>;
}

impl Argument for String {
    fn into_value(self) -> FluentValue<'static> {
        FluentValue::String(Cow::Owned(self))
    }
}

impl Argument for &str {
    fn into_value(self) -> FluentValue<'static> {
        self.to_owned().into_value()
    }
}

impl Argument for &String {
    fn into_value(self) -> FluentValue<'static> {
        self.clone().into_value()
    }
}

impl Argument for Cow<'_, str> {
    fn into_value(self) -> FluentValue<'static> {
        self.into_owned().into_value()
    }
}

impl Argument for &&str {
    fn into_value(self) -> FluentValue<'static> {
        (*self).into_value()
    }
}

impl Argument for &&&str {
    fn into_value(self) -> FluentValue<'static> {
        (**self).into_value()
    }
}

impl Argument for &&String {
    fn into_value(self) -> FluentValue<'static> {
        (*self).into_value()
    }
}

macro_rules! integers {
    ($($name:ty)*) => {
        $(impl Argument for $name {
            fn into_value(self) -> FluentValue<'static> {
                self.into()
            }
        }

        impl Argument for &$name {
            fn into_value(self) -> FluentValue<'static> {
                (*self).into()
            }
        }

        impl Argument for &&$name {
            fn into_value(self) -> FluentValue<'static> {
                (**self).into()
            }
        })*
    };
}

integers! { u8 u16 u32 u64 usize i32 i64 }
