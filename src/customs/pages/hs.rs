//! The pages on which anybody looks goods up: a name in any language of the glossary leads to HS codes, their names in two languages and the
//! listings under them.

use actix_web::web::{Data, Path, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use crate::app::App;
use crate::customs::actions::{self, HsDetail, HsEntry};
use crate::error::{Code, FieldCode, Problem, Result};
use crate::formats::hs_dotted;
use crate::locale::{Language, Message, text};
use crate::reference::codes::HsCode;
use crate::reference::glossary;
use crate::web::answer::{html, refused_html};
use crate::web::envelope::page_of;
use crate::web::input::Query;
use crate::web::layout::{Form, Page};
use crate::web::run;

/// Rows that are shown: who finds nothing among them types another word.
const ROWS: usize = 40;

/// A line with its label in the second language.
struct Row {
    entry: HsEntry,
    second: &'static str,
}

impl Row {
    fn new(entry: HsEntry, language: &str) -> Self {
        Self { second: glossary::exact_label(&entry.code, language).unwrap_or_default(), entry }
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
    rows: Vec<Row>,
}

impl HsPage {
    fn languages(&self) -> Vec<(&'static str, &'static str)> {
        language_options()
    }

    fn is_asked(&self) -> bool {
        !self.asked.is_empty()
    }
}

#[derive(Template)]
#[template(path = "customs/templates/hs_code.html")]
struct HsCodePage {
    page: Page,
    detail: HsDetail,
    above: Vec<Row>,
    below: Vec<Row>,
    neighbours: Vec<Row>,
}

impl HsCodePage {
    fn language_name(&self, code: &str) -> &'static str {
        language_options().into_iter().find(|(known, _)| *known == code).map_or("", |(_, name)| name)
    }

    fn terms(&self, terms: &[&'static str]) -> String {
        terms.join(" · ")
    }
}

/// The code with its dots, as people read it.
fn dotted(code: &str) -> String {
    code.parse::<HsCode>().map_or_else(|_| code.to_owned(), |code| hs_dotted(&code))
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
    // Most that is looked up is looked up by whoever trades with China, in either direction.
    let second = glossary::LANGUAGES.into_iter().find(|code| *code == value("language")).unwrap_or("zh");
    let page = page_of(&http, text(Language::English, "customs-hs-title"));
    let fields = [
        ("q", text(Language::English, "customs-hs-goods")),
        ("language", text(Language::English, "customs-hs-second")),
    ];
    let form =
        Form::new(&fields).typed(vec![("q".to_owned(), asked.clone()), ("language".to_owned(), second.to_owned())]);
    let mut view = HsPage { page, form, asked: asked.clone(), second, rows: Vec::new() };
    if asked.is_empty() {
        return html(&view);
    }
    let is_code = asked.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ' ');
    let found = run(&app, move |app| {
        let (prefix, words) = if is_code { (asked.as_str(), "") } else { ("", asked.as_str()) };
        actions::find_hs(app, prefix, words, "en")
    });
    match found.await {
        Ok(found) => {
            view.rows = found.into_iter().take(ROWS).map(|entry| Row::new(entry, second)).collect();
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

#[get("/hs/{code}")]
async fn code_page(http: HttpRequest, app: Data<App>, code: Path<String>) -> Result<HttpResponse> {
    let detail = run(&app, move |app| actions::describe_hs(app, &code, "en")).await?;
    let title = Message::new("customs-hs-code-title")
        .with("code", dotted(&detail.entry.code))
        .with("label", &detail.entry.label)
        .text(Language::English);
    let rows = |entries: &[HsEntry]| entries.iter().cloned().map(|entry| Row::new(entry, "zh")).collect();
    html(&HsCodePage {
        page: page_of(&http, &title),
        above: rows(&detail.above),
        below: rows(&detail.below),
        neighbours: rows(&detail.neighbours),
        detail,
    })
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(look_up_page).service(code_page);
}
