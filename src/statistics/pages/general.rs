//! The page of general trade: a release, the rows of one of its tables with the filters in its address, and what was not counted.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use serde::Deserialize;

use super::links::{DEFAULT_TABLE, Links, ROWS};
use crate::app::App;
use crate::customs::Direction;
use crate::error::Result;
use crate::locale::{Language, Message, grouped, text};
use crate::reference::codes::Country;
use crate::reference::hs;
use crate::statistics::actions::{self, Question, parse_group};
use crate::statistics::store::CellFilter;
use crate::statistics::table::Cell;
use crate::statistics::{Figures, ReleaseView, Table, calendar};
use crate::web::answer::html;
use crate::web::envelope::page_of;
use crate::web::input::{Query, parse};
use crate::web::layout::{Form, Page, Pager, Section};
use crate::web::run;

const LANGUAGE: Language = Language::English;
/// The chart's width in its own units.
const CHART_WIDTH: f64 = 480.0;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Params {
    #[serde(default)]
    release: String,
    #[serde(default)]
    by: String,
    #[serde(default)]
    flow: String,
    #[serde(default)]
    reporter: String,
    #[serde(default)]
    partner: String,
    #[serde(default)]
    hs: String,
    #[serde(default)]
    page: String,
}

struct Row {
    flow: &'static str,
    reporter: String,
    partner: String,
    goods: String,
    period: String,
    value: String,
    net_kg: String,
    suppliers: String,
    buyers: String,
    /// The earlier release that drew the figures, in words; empty for the one that is shown.
    drawn: String,
    /// The length of its bar against the largest of the page.
    width: f64,
}

#[derive(Template)]
#[template(path = "statistics/templates/statistics.html")]
struct StatisticsPage {
    page: Page,
    form: Form,
    table: Table,
    releases: Vec<ReleaseView>,
    shown: Option<ReleaseView>,
    next_release: String,
    totals: Vec<Row>,
    rows: Vec<Row>,
    hidden: usize,
    pager: Pager,
    csv: String,
    xlsx: String,
    comtrade: String,
    sdmx: String,
    json: String,
}

#[get("/statistics")]
pub(super) async fn statistics(
    http: HttpRequest,
    app: Data<App>,
    Query(params): Query<Params>,
) -> Result<HttpResponse> {
    let question = question(&params)?;
    let number: usize = given("page", &params.page)?.unwrap_or(1);
    let next = calendar::next_release(app.clock.today(), app.config.statistics.release_day).to_string();
    let (table, releases) =
        run(&app, move |app| Ok((actions::table(app, &question)?, actions::list_releases(app)?))).await?;
    let page = page_of(&http, text(LANGUAGE, "statistics-title")).under(Section::Statistics);
    html(&view(page, &params, number, table, releases, next))
}

pub(super) fn given<T: std::str::FromStr>(name: &str, text: &str) -> Result<Option<T>>
where
    T::Err: std::fmt::Display,
{
    (!text.is_empty()).then(|| parse(name, text)).transpose()
}

fn question(params: &Params) -> Result<Question> {
    let by = if params.by.is_empty() { DEFAULT_TABLE } else { &params.by };
    Ok(Question {
        release: given("release", &params.release)?,
        group: parse_group(by)?,
        filter: CellFilter {
            flow: given::<Direction>("flow", &params.flow)?,
            reporter: given::<Country>("reporter", &params.reporter)?,
            partner: given::<Country>("partner", &params.partner)?,
            hs: (!params.hs.is_empty()).then(|| params.hs.clone()),
            period: None,
        },
    })
}

fn view(
    page: Page,
    params: &Params,
    number: usize,
    table: Table,
    releases: Vec<ReleaseView>,
    next_release: String,
) -> StatisticsPage {
    let mut cells: Vec<(&Cell, &Figures)> =
        table.rows.iter().filter_map(|cell| Some((cell, cell.figures.as_ref()?))).collect();
    let hidden = table.rows.len() - cells.len();
    // The latest first, and in each period what is largest: what a reader looks for.
    cells.sort_by(|(a, left), (b, right)| {
        b.key.period.cmp(&a.key.period).then(right.value.cmp(&left.value)).then(a.key.cmp(&b.key))
    });
    let links = links(params);
    let pager = links.pager(number, cells.len());
    let on_page = cells.iter().skip((number.max(1) - 1) * ROWS).take(ROWS);
    let rows = rows(&on_page.copied().collect::<Vec<_>>(), table.release);
    let totals: Vec<(&Cell, &Figures)> =
        table.totals.iter().filter_map(|cell| Some((cell, cell.figures.as_ref()?))).collect();
    StatisticsPage {
        page,
        form: form(params),
        totals: self::rows(&totals, table.release),
        shown: releases.iter().find(|release| Some(release.number) == table.release).cloned(),
        releases,
        next_release,
        rows,
        hidden,
        pager,
        csv: links.download("csv"),
        xlsx: links.download("xlsx"),
        comtrade: links.download("comtrade"),
        sdmx: links.download("sdmx-csv"),
        json: links.download("json"),
        table,
    }
}

fn form(params: &Params) -> Form {
    let labels = [
        ("release", text(LANGUAGE, "statistics-release")),
        ("by", text(LANGUAGE, "statistics-by")),
        ("flow", text(LANGUAGE, "statistics-flow")),
        ("reporter", text(LANGUAGE, "statistics-reporter")),
        ("partner", text(LANGUAGE, "statistics-partner")),
        ("hs", text(LANGUAGE, "statistics-chapter")),
    ];
    Form::new(&labels)
        .with("release", &params.release)
        .with("by", if params.by.is_empty() { DEFAULT_TABLE } else { &params.by })
        .with("flow", &params.flow)
        .with("reporter", &params.reporter)
        .with("partner", &params.partner)
        .with("hs", &params.hs)
}

/// The addresses of the same question.
fn links(params: &Params) -> Links<'_> {
    let filters = vec![
        ("release", params.release.as_str()),
        ("flow", &params.flow),
        ("reporter", &params.reporter),
        ("partner", &params.partner),
        ("hs", &params.hs),
    ];
    Links { page: "/statistics", tables: "/statistics/general-trade", by: &params.by, filters }
}

fn rows(cells: &[(&Cell, &Figures)], release: Option<u32>) -> Vec<Row> {
    let most = cells.iter().map(|(_, figures)| figures.value.to_f64()).fold(1.0_f64, f64::max);
    let drawn = |cell: &Cell| match Some(cell.vintage) == release {
        true => String::new(),
        false => Message::new("statistics-of-release").with("number", cell.vintage).text(LANGUAGE),
    };
    cells.iter().map(|(cell, figures)| Row { drawn: drawn(cell), ..row(cell, figures, most) }).collect()
}

fn row(cell: &Cell, figures: &Figures, most: f64) -> Row {
    let all = || text(LANGUAGE, "statistics-all").to_owned();
    let is_export = cell.key.flow == Direction::Export;
    Row {
        flow: if is_export { text(LANGUAGE, "statistics-export") } else { text(LANGUAGE, "statistics-import") },
        reporter: cell.key.reporter.map_or_else(all, Country::name),
        partner: cell.key.partner.map_or_else(all, Country::name),
        goods: cell.key.hs.as_deref().map_or_else(all, goods),
        period: cell.key.period.to_string(),
        value: grouped(&figures.value.display(0)),
        net_kg: grouped(&figures.net_kg.display(0)),
        suppliers: figures.suppliers.to_string(),
        buyers: figures.buyers.to_string(),
        drawn: String::new(),
        width: (figures.value.to_f64() / most * CHART_WIDTH).max(1.0).round(),
    }
}

/// A chapter or heading with its label.
pub(super) fn goods(code: &str) -> String {
    let label = hs::label(code, LANGUAGE.tag()).unwrap_or_default();
    format!("{code} {label}")
}

/// The flows to choose from.
pub(crate) fn flows() -> [(&'static str, &'static str); 2] {
    [("export", text(LANGUAGE, "statistics-exports")), ("import", text(LANGUAGE, "statistics-imports"))]
}

/// The tables to choose from on the page; the API has every one.
pub(crate) fn tables() -> [(&'static str, &'static str); 7] {
    [
        (DEFAULT_TABLE, text(LANGUAGE, "statistics-by-chapter-year")),
        ("hs2,period", text(LANGUAGE, "statistics-by-chapter-month")),
        ("hs4,year", text(LANGUAGE, "statistics-by-heading-year")),
        ("partner,year", text(LANGUAGE, "statistics-by-partner-year")),
        ("reporter,year", text(LANGUAGE, "statistics-by-reporter-year")),
        ("period", text(LANGUAGE, "statistics-by-month")),
        ("reporter,partner,hs2,period", text(LANGUAGE, "statistics-by-all")),
    ]
}

/// The releases to choose from.
pub(crate) fn release_options(releases: &[ReleaseView]) -> Vec<(String, String)> {
    releases
        .iter()
        .map(|release| (release.number.to_string(), format!("{} ({})", release.number, release.covers)))
        .collect()
}

/// The chapters to choose from.
pub(crate) fn chapters() -> Vec<(String, String)> {
    hs::chapters()
        .iter()
        .map(|chapter| (chapter.code.to_string(), format!("{} {}", chapter.code, chapter.label)))
        .collect()
}

/// The months that a release revises, in words.
pub(crate) fn revised(release: &ReleaseView) -> String {
    let months = release.revised.iter().map(|revision| format!("{} {}", revision.flow, revision.period));
    months.collect::<Vec<_>>().join(", ")
}
