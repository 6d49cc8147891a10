//! The messages, read once when the first text is asked for.

use std::sync::LazyLock;

use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use fluent_syntax::ast::Entry;
use rustc_hash::FxHashMap;
use unic_langid::LanguageIdentifier;

use super::{Language, grouped};

/// One line for each file of the folder, so that the compiler sees a change of any of them.
macro_rules! files {
    ($folder:literal: $($name:literal)*) => {
        &[$(($name, include_str!(concat!($folder, "/", $name, ".ftl"))),)*]
    };
}

const ENGLISH: &[(&str, &str)] = files!("en":
    "accounts" "alerts" "classification" "companies" "customs" "dashboard" "discovery" "documents" "errors" "events" "exports" "imports" "layout" "listings" "mail" "matching" "messages"
    "moderation" "partnerships" "quotes" "reference" "retail" "reveals" "rfqs" "site" "statistics" "verification" "webhooks");

/// The messages of one language.
pub(super) struct Catalogue {
    bundle: FluentBundle<FluentResource>,
    /// The messages that take no arguments, formatted already: nearly all that a page shows.
    fixed: FxHashMap<String, String>,
}

static IN_ENGLISH: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(Language::English, ENGLISH));

/// The catalogue of a language.
pub(super) fn of(language: Language) -> &'static Catalogue {
    match language {
        Language::English => &IN_ENGLISH,
    }
}

/// The text of a message without arguments; the key itself where there is none, which the tests do not let pass.
pub fn text(language: Language, key: &'static str) -> &'static str {
    of(language).fixed(key).unwrap_or(key)
}

/// The name of an enum's value: the message `family-value`; the value's own text where there is none.
pub fn label(language: Language, family: &str, value: &'static str) -> &'static str {
    of(language).fixed(&format!("{family}-{value}")).unwrap_or(value)
}

impl Catalogue {
    fn new(language: Language, files: &[(&str, &str)]) -> Self {
        let tag = language.tag();
        let identifier: LanguageIdentifier = tag.parse().unwrap_or_default();
        let mut bundle = FluentBundle::new_concurrent(vec![identifier]);
        // Isolation marks (U+2068, U+2069) are invisible characters in addresses, tables and copied text; no language of ours runs right to left.
        bundle.set_use_isolating(false);
        bundle.set_formatter(Some(|value, _| match value {
            FluentValue::Number(number) => Some(grouped(&number.as_string())),
            _ => None,
        }));
        let mut keys = Vec::new();
        for (name, source) in files {
            let resource = read(name, source);
            keys.extend(resource.entries().filter_map(|entry| match entry {
                Entry::Message(message) => Some(message.id.name.to_owned()),
                _ => None,
            }));
            if let Err(errors) = bundle.add_resource(resource) {
                log::error!("locale/{tag}/{name}.ftl: {errors:?}");
            }
        }
        let mut catalogue = Self { bundle, fixed: FxHashMap::default() };
        let formatted = |key: String| catalogue.format(&key, None).map(|text| (key, text));
        catalogue.fixed = keys.into_iter().filter_map(formatted).collect();
        catalogue
    }

    /// The text of a message that takes no arguments.
    pub(super) fn fixed(&self, key: &str) -> Option<&str> {
        self.fixed.get(key).map(String::as_str)
    }

    /// The text of a message with these arguments; `None` where there is no such message, or one of its arguments is missing.
    pub(super) fn format(&self, key: &str, arguments: Option<&FluentArgs<'_>>) -> Option<String> {
        let message = self.bundle.get_message(key)?;
        let mut errors = Vec::new();
        let text = self.bundle.format_pattern(message.value()?, arguments, &mut errors).into_owned();
        errors.is_empty().then_some(text)
    }
}

/// A file's messages. What does not parse is left out, and no test lets it pass.
fn read(name: &str, source: &str) -> FluentResource {
    match FluentResource::try_new(source.to_owned()) {
        Ok(resource) => resource,
        Err((resource, errors)) => {
            log::error!("{name}.ftl: {errors:?}");
            resource
        }
    }
}
