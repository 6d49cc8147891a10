//! The filters of templates: `"key"|t`, `"key"|with("name", value)|t`, and `|html` in the place of `|t`.

#![allow(missing_docs, reason = "askama's attribute drops the comments of the functions it makes structs of")]

use askama::Values;

use super::{Argument, Language, Message, Shown};
use crate::markup::Markup;

/// The language of the page or mail, from askama's runtime values; English where none was given.
fn language(values: &dyn Values) -> Language {
    askama::get_value::<Language>(values, "language").copied().unwrap_or_default()
}

/// The text of a key or message.
///
/// # Errors
/// None; askama asks for the type.
#[askama::filter_fn]
pub fn t<M: Shown>(message: M, values: &dyn Values) -> askama::Result<M::Text> {
    Ok(message.shown(language(values)))
}

/// The text of a key or message that brings markup; its values are escaped.
///
/// # Errors
/// None; askama asks for the type.
#[askama::filter_fn]
pub fn html<M: Shown>(message: M, values: &dyn Values) -> askama::Result<Markup> {
    Ok(message.shown_html(language(values)))
}

/// The message with one more argument.
///
/// # Errors
/// None; askama asks for the type.
#[askama::filter_fn]
pub fn with<M: Into<Message>, V: Argument>(
    message: M,
    _: &dyn Values,
    name: &'static str,
    value: V,
) -> askama::Result<Message> {
    Ok(message.into().with(name, value))
}
