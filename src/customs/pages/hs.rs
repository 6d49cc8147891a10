//! The pages on which anybody looks goods up: a name in any language of the glossary leads to HS codes, their names in two languages and the
//! listings under them.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use serde::Deserialize;

use crate::app::App;
use crate::customs::actions::{self, HsDetail, HsEntry, HsNames};
use crate::error::{Code, FieldCode, Problem, Result};
use crate::formats::hs_dotted;
use crate::locale::{Language, Message, text};
use crate::reference::codes::HsCode;
use crate::reference::{glossary, hs};
use crate::web::answer::{html, refused_html};
use crate::web::envelope::page_of;
use crate::web::input::Query;
use crate::web::language::reader_language;
use crate::web::layout::{Form, Page};
use crate::web::run;

/// Rows that are shown: who finds nothing among them types another word.
const ROWS: usize = 40;

/// A line with its label in the second language.
struct Row {
    entry: HsEntry,
    second: &'static str,
    /// The second language, ISO 639-1.
    language: &'static str,
}

impl Row {
    fn new(entry: HsEntry, language: &'static str) -> Self {
        // Of a code that only the imported nomenclature has, no label rather than that of the code above: the rows would read alike.
        Self { second: hs::exact_label(&entry.code, language).unwrap_or_default(), entry, language }
    }

    fn all(entries: &[HsEntry], language: &'static str) -> Vec<Self> {
        entries.iter().cloned().map(|entry| Self::new(entry, language)).collect()
    }

    fn dotted(&self) -> String {
        dotted(&self.entry.code)
    }

    fn is_found_by_name(&self) -> bool {
        self.entry.because.is_some()
    }

    fn because(&self) -> String {
        self.entry.because.clone().unwrap_or_default()
    }

    /// Its page, in the same second language.
    fn href(&self) -> String {
        format!("/hs/{}?language={}", self.entry.code, self.language)
    }
}

/// A code with what stands around it and how much is listed under it.
struct Around {
    row: Row,
    above: Vec<Row>,
    below: Vec<Row>,
    neighbours: Vec<Row>,
    listings: u64,
}

impl Around {
    fn find(app: &App, code: &str, second: &'static str) -> Result<(Self, HsDetail)> {
        let detail = actions::describe_hs(app, code, Language::English.tag())?;
        let around = Self {
            row: Row::new(detail.entry.clone(), second),
            above: Row::all(&detail.above, second),
            below: Row::all(&detail.below, second),
            neighbours: Row::all(&detail.neighbours, second),
            listings: actions::count_listings(app, &detail.entry.code)?,
        };
        Ok((around, detail))
    }

    fn code(&self) -> &str {
        &self.row.entry.code
    }

    /// The whole description, where the nomenclature has another than our label.
    fn description(&self) -> &str {
        let HsEntry { description, label, .. } = &self.row.entry;
        if description == label { "" } else { description }
    }
}

#[derive(Template)]
#[template(path = "customs/templates/hs.html")]
struct HsPage {
    page: Page,
    form: Form,
    /// What was typed; empty before that.
    asked: String,
    /// ISO 639-1.
    second: &'static str,
    /// The likeliest code.
    best: Option<Around>,
    /// The others.
    rows: Vec<Row>,
}

impl HsPage {
    fn languages(&self) -> Vec<(&'static str, &'static str)> {
        language_options()
    }

    fn is_vain(&self) -> bool {
        !self.asked.is_empty() && self.best.is_none() && self.rows.is_empty()
    }
}

#[derive(Template)]
#[template(path = "customs/templates/hs_code.html")]
struct HsCodePage {
    page: Page,
    form: Form,
    around: Around,
    names: Vec<HsNames>,
}

impl HsCodePage {
    fn languages(&self) -> Vec<(&'static str, &'static str)> {
        language_options()
    }

    fn language_name(&self, code: &str) -> &'static str {
        language_options().into_iter().find(|(known, _)| *known == code).map_or("", |(_, name)| name)
    }

    fn terms(&self, terms: &[&'static str]) -> String {
        terms.join(" · ")
    }
}

/// The second language: the one that was chosen, or the reader's own where it is not the page's.
fn second_language(http: &HttpRequest, chosen: &str) -> &'static str {
    let reader = reader_language(http).map(|language| language.to_string());
    let wanted = [Some(chosen.to_owned()), reader.filter(|code| code != Language::English.tag())];
    let known = |code: &String| glossary::LANGUAGES.into_iter().find(|known| known == code);
    // Most who trade across a language that they do not read trade with China.
    wanted.into_iter().flatten().find_map(|code| known(&code)).unwrap_or("zh")
}

/// The code with its dots, as people read it.
fn dotted(code: &str) -> String {
    code.parse::<HsCode>().map_or_else(|_| code.to_owned(), |code| hs_dotted(&code))
}

/// The digits of a code that was typed, without national ones.
fn digits(asked: &str) -> String {
    asked.chars().filter(char::is_ascii_digit).take(6).collect()
}

/// Each language by its own name: whoever looks for theirs reads it.
fn language_options() -> Vec<(&'static str, &'static str)> {
    let names = ["Deutsch", "English", "Español", "Français", "Italiano", "Português", "Русский", "中文"];
    glossary::LANGUAGES.into_iter().zip(names).collect()
}

#[get("/hs")]
async fn look_up_page(
    http: HttpRequest,
    app: Data<App>,
    Query(typed): Query<Vec<(String, String)>>,
) -> Result<HttpResponse> {
    let value = |name: &str| typed.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.trim());
    let asked = value("q").to_owned();
    let second = second_language(&http, value("language"));
    let page = page_of(&http, text(Language::English, "customs-hs-title"));
    let fields = [
        ("q", text(Language::English, "customs-hs-goods")),
        ("language", text(Language::English, "customs-hs-second")),
    ];
    let form =
        Form::new(&fields).typed(vec![("q".to_owned(), asked.clone()), ("language".to_owned(), second.to_owned())]);
    let mut view = HsPage { page, form, asked: asked.clone(), second, best: None, rows: Vec::new() };
    if asked.is_empty() {
        return html(&view);
    }
    let is_code = asked.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ' ');
    let found = run(&app, move |app| {
        let (prefix, words) = if is_code { (asked.as_str(), "") } else { ("", asked.as_str()) };
        let found = actions::find_hs(app, prefix, words, Language::English.tag())?;
        // A code that was typed in part may be any of those that begin so; a name means the likeliest.
        let is_told = |entry: &&HsEntry| if is_code { entry.code == digits(&asked) } else { entry.because.is_some() };
        let best = found.iter().find(is_told).map(|entry| Around::find(app, &entry.code, second)).transpose()?;
        Ok((best.map(|(best, _)| best), found))
    });
    match found.await {
        Ok((best, mut found)) => {
            found.retain(|entry| best.as_ref().is_none_or(|best| best.code() != entry.code));
            found.truncate(ROWS);
            view.rows = Row::all(&found, second);
            view.best = best;
            html(&view)
        }
        Err(problem) if problem.code == Code::Invalid => {
            // The field is called `prefix` in the API.
            let message = problem.fields.first().map_or_else(String::new, |error| error.message.clone());
            view.form = view.form.refused(&Problem::invalid_field("/q", FieldCode::Format, message));
            refused_html(&view, &view.form)
        }
        Err(problem) => Err(problem),
    }
}

#[derive(Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct CodeParams {
    /// The second language.
    language: String,
}

#[get("/hs/{code}")]
async fn code_page(
    http: HttpRequest,
    app: Data<App>,
    code: Path<String>,
    Query(params): Query<CodeParams>,
) -> Result<HttpResponse> {
    let second = second_language(&http, &params.language);
    let (around, detail) = run(&app, move |app| Around::find(app, &code, second)).await?;
    let title = Message::new("customs-hs-code-title")
        .with("code", around.row.dotted())
        .with("label", &around.row.entry.label)
        .text(Language::English);
    let form = Form::new(&[("language", text(Language::English, "customs-hs-second"))]).with("language", second);
    html(&HsCodePage { page: page_of(&http, &title), form, around, names: detail.names })
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(look_up_page).service(code_page);
}
