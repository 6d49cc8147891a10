//! How things travel and are stored: enumerations as texts, and JSON read so that every wrong field is named.
//!
//! [`wire_enum!`](crate::wire_enum) declares an enum with one text for each value, the same in JSON, in the database and on pages: `ALL`, `as_str`,
//! `parse`, `Display`, `FromStr`, serde and its OpenAPI schema; what is not one of its texts is refused with the list of those that are.
//! [`read`], [`read_value`] and [`merge_patch`] turn JSON, and [`read_query`] a query string, into a type of `serde` or into a [`Problem`](crate::error::Problem).

mod json;
pub mod lines;
mod query;

use crate::locale::{Language, Message, text};
use std::fmt;

pub use json::{merge_patch, parse, pointer_part, read, read_input, read_value, to_json};
pub use query::read_query;

/// Reads the number of an item, which counts from 1: `#[serde(default, deserialize_with = "from_one")]`.
///
/// # Errors
/// For 0, and what is no such number.
pub fn from_one<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<u16>, D::Error> {
    match <Option<u16> as serde::Deserialize>::deserialize(deserializer)? {
        Some(0) => Err(serde::de::Error::custom(text(Language::English, "errors-from-one"))),
        number => Ok(number),
    }
}

/// Why a text is none of an enum's values; names those that are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotOneOf(pub &'static [&'static str]);

impl fmt::Display for NotOneOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = Message::new("errors-one-of").with("values", self.0.join(", "));
        f.write_str(&message.text(Language::English))
    }
}

impl std::error::Error for NotOneOf {}

/// Declares an enum whose values have one text each.
///
/// ```
/// tradepost::wire_enum! {
///     /// How often the goods are wanted.
///     pub enum Frequency {
///         /// A single delivery.
///         Once = "once",
///         /// Every month.
///         Monthly = "monthly",
///     }
/// }
/// assert_eq!(Frequency::parse("once"), Some(Frequency::Once));
/// assert_eq!("never".parse::<Frequency>().unwrap_err().to_string(), "must be one of once, monthly");
/// ```
#[macro_export]
macro_rules! wire_enum {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$doc:meta])* $value:ident = $text:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$doc])* $value,)* }

        impl $name {
            /// Every value, in order.
            pub const ALL: &'static [$name] = &[$($name::$value,)*];
            /// Every text, in the same order.
            pub const TEXTS: &'static [&'static str] = &[$($text,)*];

            /// The text of the value.
            pub const fn as_str(self) -> &'static str {
                match self { $($name::$value => $text,)* }
            }

            /// The value of the text.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some($name::$value),)* _ => None }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl ::std::str::FromStr for $name {
            type Err = $crate::wire::NotOneOf;
            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                Self::parse(text).ok_or($crate::wire::NotOneOf(Self::TEXTS))
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, serializer: S) -> ::std::result::Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(deserializer: D) -> ::std::result::Result<Self, D::Error> {
                let text = <::std::borrow::Cow<'de, str> as ::serde::Deserialize<'de>>::deserialize(deserializer)?;
                text.parse().map_err(::serde::de::Error::custom)
            }
        }

        impl ::utoipa::PartialSchema for $name {
            fn schema() -> ::utoipa::openapi::RefOr<::utoipa::openapi::schema::Schema> {
                ::utoipa::openapi::ObjectBuilder::new()
                    .schema_type(::utoipa::openapi::schema::Type::String)
                    .enum_values(Some(Self::TEXTS.iter().copied()))
                    .into()
            }
        }

        impl ::utoipa::ToSchema for $name {}
    };
}
