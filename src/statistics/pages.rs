//! The page of the statistics: one table with the filters in its address, a chart of the same numbers, and what was not counted.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;
use serde::Deserialize;

use super::actions::{Publication, PublicationCache};
use super::{Cell, GroupBy, Table};
use crate::app::App;
use crate::customs::Direction;
use crate::error::Result;
use crate::locale::{Language, grouped, text};
use crate::reference::codes::Country;
use crate::reference::hs;
use crate::web::answer::html;
use crate::web::envelope::page_of;
use crate::web::input::{Query, parse};
use crate::web::layout::{Form, Page, Section};
use crate::web::run;

const FIELDS: &[(&str, &str)] = &[
    ("flow", "statistics-flow"),
    ("reporter", "statistics-reporter"),
    ("partner", "statistics-partner"),
    ("hs", "statistics-hs-chapter"),
];
/// The chart's width and bar height in its own units.
const CHART_WIDTH: f64 = 480.0;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Params {
    #[serde(default)]
    flow: String,
    #[serde(default)]
    reporter: String,
    #[serde(default)]
    partner: String,
    #[serde(default)]
    hs: String,
}

struct Row {
    flow: &'static str,
    reporter: String,
    partner: String,
    hs: String,
    chapter: String,
    period: String,
    value: String,
    net_kg: String,
    records: String,
    suppliers: String,
    buyers: String,
}

struct Bar {
    label: String,
    value: String,
    width: f64,
}

#[derive(Template)]
#[template(path = "statistics/templates/statistics.html")]
struct StatisticsPage {
    page: Page,
    form: Form,
    table: Table,
    rows: Vec<Row>,
    bars: Vec<Bar>,
    csv: String,
    comtrade: String,
    json: String,
}

#[get("/statistics")]
async fn statistics(
    http: HttpRequest,
    app: Data<App>,
    cache: Data<PublicationCache>,
    Query(params): Query<Params>,
) -> Result<HttpResponse> {
    let filter = Filter::parse(&params)?;
    let publication = run(&app, move |app| cache.publication(app)).await?;
    let page = page_of(&http, text(Language::English, "statistics-title")).under(Section::Statistics);
    html(&view(page, &params, &filter, &publication))
}

/// What the reader wants to see of the table.
struct Filter {
    flow: Option<Direction>,
    reporter: Option<Country>,
    partner: Option<Country>,
    hs: Option<String>,
}

impl Filter {
    fn parse(params: &Params) -> Result<Self> {
        fn given<T: std::str::FromStr>(name: &str, text: &str) -> Result<Option<T>>
        where
            T::Err: std::fmt::Display,
        {
            (!text.is_empty()).then(|| parse(name, text)).transpose()
        }
        Ok(Self {
            flow: given("flow", &params.flow)?,
            reporter: given("reporter", &params.reporter)?,
            partner: given("partner", &params.partner)?,
            hs: (!params.hs.is_empty()).then(|| params.hs.clone()),
        })
    }

    fn shows(&self, cell: &Cell) -> bool {
        let same = |wanted: Option<Country>, is: Option<Country>| wanted.is_none() || wanted == is;
        self.flow.is_none_or(|flow| flow == cell.key.flow)
            && same(self.reporter, cell.key.reporter)
            && same(self.partner, cell.key.partner)
            && (self.hs.is_none() || self.hs == cell.key.hs)
    }
}

fn view(page: Page, params: &Params, filter: &Filter, publication: &Publication) -> StatisticsPage {
    let group = [GroupBy::Reporter, GroupBy::Partner, GroupBy::Hs2, GroupBy::Period];
    let table = publication.table(&group, filter.reporter);
    let mut cells: Vec<&Cell> = table.rows.iter().filter(|cell| filter.shows(cell)).collect();
    cells.sort_by(|a, b| b.key.period.cmp(&a.key.period).then(a.key.cmp(&b.key)));
    let bars = bars(&cells);
    let rows = cells.into_iter().map(row).collect();
    let address = |format: &str| {
        let mut query = vec![("group", "reporter,partner,hs2,flow,period"), ("format", format)];
        if !params.reporter.is_empty() {
            query.push(("reporter", &params.reporter));
        }
        format!("/api/v1/statistics/general-trade?{}", serde_urlencoded::to_string(query).unwrap_or_default())
    };
    let form = Form::new(FIELDS)
        .with("flow", &params.flow)
        .with("reporter", &params.reporter)
        .with("partner", &params.partner)
        .with("hs", &params.hs);
    let (csv, comtrade, json) = (address("csv"), address("comtrade"), address("json"));
    StatisticsPage { page, form, rows, bars, csv, comtrade, json, table }
}

fn row(cell: &Cell) -> Row {
    let figure =
        |read: fn(&super::cube::Figures) -> String| cell.figures.as_ref().map_or_else(|| "(c)".to_owned(), read);
    let code = cell.key.hs.clone().unwrap_or_default();
    Row {
        flow: if cell.key.flow == Direction::Export {
            text(Language::English, "statistics-export-fob")
        } else {
            text(Language::English, "statistics-import-cif")
        },
        reporter: cell.key.reporter.map(Country::name).unwrap_or_default(),
        partner: cell.key.partner.map(Country::name).unwrap_or_default(),
        chapter: hs::label(&code, Language::English.tag()).unwrap_or_default().to_owned(),
        hs: code,
        period: cell.key.period.map(|period| period.to_string()).unwrap_or_default(),
        value: figure(|figures| grouped(&figures.value.display(0))),
        net_kg: figure(|figures| grouped(&figures.net_kg.display(0))),
        records: figure(|figures| figures.records.to_string()),
        suppliers: figure(|figures| figures.suppliers.to_string()),
        buyers: figure(|figures| figures.buyers.to_string()),
    }
}

/// The largest published cells as bars; the table beside them holds the same numbers.
fn bars(cells: &[&Cell]) -> Vec<Bar> {
    let mut shown: Vec<(&Cell, f64)> =
        cells.iter().filter_map(|cell| cell.figures.as_ref().map(|figures| (*cell, figures.value.to_f64()))).collect();
    shown.sort_by(|a, b| b.1.total_cmp(&a.1));
    let most = shown.first().map_or(1.0, |(_, value)| value.max(1.0));
    let label = |cell: &Cell| {
        let code = |country: Option<Country>| country.map(|country| country.to_string()).unwrap_or_default();
        let arrow = if cell.key.flow == Direction::Export { "\u{2192}" } else { "\u{2190}" };
        let period = cell.key.period.map(|period| period.to_string()).unwrap_or_default();
        let hs = cell.key.hs.clone().unwrap_or_default();
        format!("{period} {} {arrow} {}, HS {hs}", code(cell.key.reporter), code(cell.key.partner))
    };
    let bar = |(cell, value): (&Cell, f64)| Bar {
        label: label(cell),
        value: cell.figures.as_ref().map(|figures| grouped(&figures.value.display(0))).unwrap_or_default(),
        width: (value / most * CHART_WIDTH).max(1.0).round(),
    };
    shown.into_iter().take(8).map(bar).collect()
}

/// The flows to choose from.
fn flows() -> [(&'static str, &'static str); 2] {
    [
        ("export", text(Language::English, "statistics-exports")),
        ("import", text(Language::English, "statistics-imports")),
    ]
}

/// The chapters to choose from.
fn chapters() -> Vec<(String, String)> {
    hs::chapters()
        .iter()
        .map(|chapter| (chapter.code.to_string(), format!("{} {}", chapter.code, chapter.label)))
        .collect()
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(statistics);
}
