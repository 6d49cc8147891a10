//! The part of a form that helps with the HS code: codes that the name of the goods suggests, as buttons that fill the field.
//!
//! The buttons send the form as it is; it comes back with the code or the suggestions in it and nothing is stored, so it works without script.

use askama::Template;

use super::HsSuggestion;
use super::queries::suggest_hs;
use crate::app::App;
use crate::locale::Language;
use crate::markup::Markup;
use crate::web::input::FormData;

/// The field that holds the code, in every form.
const FIELD: &str = "hs_code";
/// What the button sends that asks for suggestions.
const SUGGEST: &str = "suggest_hs";
/// What the button of a suggestion sends, with the code.
const USE: &str = "use_hs";

/// The suggestions beside the field of a form.
#[derive(Default)]
pub struct HsHelp {
    codes: Vec<HsSuggestion>,
    is_asked: bool,
}

#[derive(Template)]
#[template(path = "classification/templates/hs_help.html")]
struct HelpPart<'a> {
    help: &'a HsHelp,
    action: &'a str,
    first: &'a str,
}

impl HsHelp {
    /// What the name suggests, where no code was given.
    pub fn of(app: &App, name: &str, code: &str) -> Self {
        let codes = if code.is_empty() { suggest_hs(app, name, Language::English.tag()) } else { Vec::new() };
        Self { codes, is_asked: false }
    }

    /// The help for a form that was sent, and its values as they are shown again.
    pub fn answering(app: &App, sent: &FormData, name_field: &str) -> (Self, Vec<(String, String)>) {
        let mut typed = sent.typed();
        if let Some(code) = sent.text(USE) {
            typed.retain(|(field, _)| field != FIELD);
            typed.push((FIELD.to_owned(), code.to_owned()));
        }
        let (is_asked, name) = (sent.text(SUGGEST).is_some(), sent.text(name_field).unwrap_or_default());
        // Who asks wants to see others too.
        let given = typed.iter().find(|(field, _)| field == FIELD).map_or("", |(_, code)| code.trim());
        (Self { is_asked, ..Self::of(app, name, if is_asked { "" } else { given }) }, typed)
    }

    /// The codes that fill the field.
    pub fn complete(&self) -> impl Iterator<Item = &HsSuggestion> {
        self.codes.iter().filter(|code| code.is_complete())
    }

    /// The headings of which a subheading must be chosen first.
    pub fn headings(&self) -> impl Iterator<Item = &HsSuggestion> {
        self.codes.iter().filter(|code| !code.is_complete())
    }

    /// Whether somebody asked and nothing was found.
    pub fn is_vain(&self) -> bool {
        self.is_asked && self.codes.is_empty()
    }

    /// The part as it stands in a form that goes to `action`; `first` are the words of the button that saves.
    ///
    /// # Errors
    /// None that a page can mend: those of writing into memory.
    pub fn part(&self, action: &str, first: &str) -> askama::Result<Markup> {
        Ok(Markup::of_escaped(HelpPart { help: self, action, first }.render()?))
    }

    /// Whether there are suggestions.
    pub fn is_filled(&self) -> bool {
        !self.codes.is_empty()
    }
}

/// Whether a form was sent to be helped with its code, and not to be saved.
pub fn asks_for_help(sent: &FormData) -> bool {
    sent.text(SUGGEST).or(sent.text(USE)).is_some()
}
