//! The page of retail: the same releases, headed as what it is, which is not general trade.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use serde::Deserialize;

use super::general::{given, goods};
use super::links::{DEFAULT_TABLE, Links, ROWS};
use crate::app::App;
use crate::customs::Direction;
use crate::customs::rules::PartyForm;
use crate::error::Result;
use crate::locale::{Language, grouped, text};
use crate::reference::codes::Country;
use crate::statistics::actions::{self, Question, parse_group};
use crate::statistics::retail::{RetailCell, RetailFigures, RetailTable};
use crate::statistics::store::CellFilter;
use crate::statistics::{ReleaseView, calendar};
use crate::web::answer::html;
use crate::web::envelope::page_of;
use crate::web::input::Query;
use crate::web::layout::{Form, Page, Pager, Section};
use crate::web::run;

const LANGUAGE: Language = Language::English;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Params {
    #[serde(default)]
    release: String,
    #[serde(default)]
    by: String,
    #[serde(default)]
    party_form: String,
    #[serde(default)]
    flow: String,
    #[serde(default)]
    reporter: String,
    #[serde(default)]
    partner: String,
    #[serde(default)]
    page: String,
}

struct Row {
    parties: &'static str,
    flow: &'static str,
    reporter: String,
    consumer: String,
    goods: String,
    period: String,
    value: String,
    net_kg: String,
    sellers: String,
}

#[derive(Template)]
#[template(path = "statistics/templates/retail.html")]
struct RetailPage {
    page: Page,
    form: Form,
    table: RetailTable,
    releases: Vec<ReleaseView>,
    shown: Option<ReleaseView>,
    next_release: String,
    totals: Vec<Row>,
    rows: Vec<Row>,
    hidden: usize,
    pager: Pager,
    csv: String,
    json: String,
}

impl RetailPage {
    /// The totals and the rows, each under its heading.
    fn tables(&self) -> [(&'static str, &[Row]); 2] {
        [(text(LANGUAGE, "statistics-totals"), &self.totals), (text(LANGUAGE, "statistics-figures"), &self.rows)]
    }
}

/// The tables to choose from on the page; the API has every one.
pub(crate) fn retail_tables() -> [(&'static str, &'static str); 6] {
    [
        (DEFAULT_TABLE, text(LANGUAGE, "statistics-by-chapter-year")),
        ("hs2,period", text(LANGUAGE, "statistics-by-chapter-month")),
        ("partner,year", text(LANGUAGE, "statistics-retail-by-consumer")),
        ("reporter,year", text(LANGUAGE, "statistics-by-reporter-year")),
        ("period", text(LANGUAGE, "statistics-by-month")),
        ("reporter,partner,hs2,period", text(LANGUAGE, "statistics-by-all")),
    ]
}

#[get("/statistics/retail")]
pub(super) async fn retail_statistics(
    http: HttpRequest,
    app: Data<App>,
    Query(params): Query<Params>,
) -> Result<HttpResponse> {
    let by = if params.by.is_empty() { DEFAULT_TABLE } else { &params.by };
    let question = Question {
        release: given("release", &params.release)?,
        group: parse_group(by)?,
        filter: CellFilter {
            flow: given::<Direction>("flow", &params.flow)?,
            reporter: given::<Country>("reporter", &params.reporter)?,
            partner: given::<Country>("partner", &params.partner)?,
            ..CellFilter::default()
        },
    };
    let parties = given::<PartyForm>("party_form", &params.party_form)?;
    let number: usize = given("page", &params.page)?.unwrap_or(1);
    let next = calendar::next_release(app.clock.today(), app.config.statistics.release_day).to_string();
    let (table, releases) =
        run(&app, move |app| Ok((actions::retail_table(app, &question, parties)?, actions::list_releases(app)?)))
            .await?;
    let page = page_of(&http, text(LANGUAGE, "statistics-retail-title")).under(Section::Statistics);
    html(&view(page, &params, number, table, releases, next))
}

fn view(
    page: Page,
    params: &Params,
    number: usize,
    table: RetailTable,
    releases: Vec<ReleaseView>,
    next_release: String,
) -> RetailPage {
    let shown = |cells: &[RetailCell]| -> Vec<Row> { cells.iter().filter_map(row).collect() };
    let mut cells: Vec<RetailCell> = table.rows.iter().filter(|cell| cell.figures.is_some()).cloned().collect();
    let hidden = table.rows.len() - cells.len();
    let value = |cell: &RetailCell| cell.figures.map(|figures| figures.value);
    cells.sort_by(|a, b| b.key.period.cmp(&a.key.period).then(value(b).cmp(&value(a))).then(a.key.cmp(&b.key)));
    let links = links(params);
    let pager = links.pager(number, cells.len());
    let on_page: Vec<RetailCell> = cells.into_iter().skip((number.max(1) - 1) * ROWS).take(ROWS).collect();
    RetailPage {
        page,
        form: form(params),
        totals: shown(&table.totals),
        rows: shown(&on_page),
        shown: releases.iter().find(|release| Some(release.number) == table.release).cloned(),
        releases,
        next_release,
        hidden,
        pager,
        csv: links.download("csv"),
        json: links.download("json"),
        table,
    }
}

fn row(cell: &RetailCell) -> Option<Row> {
    let RetailFigures { value, net_kg, sellers, .. } = cell.figures?;
    let all = || text(LANGUAGE, "statistics-all").to_owned();
    Some(Row {
        parties: cell.party_form.label(LANGUAGE),
        flow: match cell.key.flow {
            Direction::Export => text(LANGUAGE, "statistics-retail-export"),
            Direction::Import => text(LANGUAGE, "statistics-retail-import"),
        },
        reporter: cell.key.reporter.map_or_else(all, Country::name),
        consumer: cell.key.partner.map_or_else(all, Country::name),
        goods: cell.key.hs.as_deref().map_or_else(all, goods),
        period: cell.key.period.to_string(),
        value: grouped(&value.display(0)),
        net_kg: grouped(&net_kg.display(0)),
        sellers: sellers.to_string(),
    })
}

fn form(params: &Params) -> Form {
    let labels = [
        ("release", "statistics-release"),
        ("by", "statistics-by"),
        ("party_form", "statistics-retail-parties"),
        ("flow", "statistics-flow"),
        ("reporter", "statistics-reporter"),
        ("partner", "statistics-retail-consumer"),
    ];
    Form::new(&labels)
        .with("release", &params.release)
        .with("by", if params.by.is_empty() { DEFAULT_TABLE } else { &params.by })
        .with("party_form", &params.party_form)
        .with("flow", &params.flow)
        .with("reporter", &params.reporter)
        .with("partner", &params.partner)
}

/// The addresses of the same question.
fn links(params: &Params) -> Links<'_> {
    let filters = vec![
        ("release", params.release.as_str()),
        ("party_form", &params.party_form),
        ("flow", &params.flow),
        ("reporter", &params.reporter),
        ("partner", &params.partner),
    ];
    Links { page: "/statistics/retail", tables: "/statistics/retail", by: &params.by, filters }
}
