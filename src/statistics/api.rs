//! REST of statistics.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions::{self, Question, parse_group};
use super::cube::all_tables;
use super::retail::RetailTable;
use super::sdmx::{self, Structure};
use super::store::CellFilter;
use super::{GroupBy, Period, ReleaseView, Table, calendar};
use crate::app::App;
use crate::customs::Direction;
use crate::customs::rules::PartyForm;
use crate::error::{FieldCode, Problem, Result};
use crate::locale::{self, Language};
use crate::partnerships::YearTotal;
use crate::partnerships::actions::own_totals;
use crate::reference::codes::Country;
use crate::spreadsheet::MEDIA_TYPE;
use crate::web::actor::AuthenticatedActor;
use crate::web::input::{Query, parse};
use crate::web::run;
use crate::web::streamed::{attachment, file};
use crate::wire::NotOneOf;
use crate::wire_enum;

wire_enum! {
    /// The form of a table.
    pub enum Format {
        /// JSON with metadata.
        Json = "json",
        /// CSV with a header.
        Csv = "csv",
        /// CSV in the 47 columns of UN Comtrade.
        Comtrade = "comtrade",
        /// SDMX-CSV 2.0; `/statistics/structure` has its data structure.
        SdmxCsv = "sdmx-csv",
        /// A workbook: the table, what was not counted, and how to read it.
        Xlsx = "xlsx",
    }
}

/// Which rows of which table, and in which form.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TableParams {
    /// The number of a release; the newest without it.
    pub release: Option<u32>,
    /// Only exports or imports.
    #[param(example = "export")]
    pub flow: Option<String>,
    /// Only this reporting country, ISO 3166-1 alpha-2; all together without it.
    #[param(example = "CN")]
    pub reporter: Option<String>,
    /// Only this partner country.
    pub partner: Option<String>,
    /// Only this HS chapter (2 digits) or heading (4).
    #[param(example = "73")]
    pub hs: Option<String>,
    /// Only this month or year.
    #[param(example = "2026-10")]
    pub period: Option<String>,
    /// What to group by, separated by commas: reporter, flow, partner, hs2, hs4, period, year. The flow always is, and years where no month is
    /// asked for; a filter groups by what it names.
    #[param(example = "hs2,partner,flow,period")]
    pub group: Option<String>,
    /// json (default) or xlsx, neither at the address that ends in .csv; csv, comtrade or sdmx-csv.
    pub format: Option<String>,
}

/// The tables' default grouping.
const DEFAULT_GROUP: &str = "hs2,partner,flow,period";

impl TableParams {
    fn question(&self) -> Result<Question> {
        let country = |name: &str, text: &Option<String>| -> Result<Option<Country>> {
            text.as_deref().map(|text| parse(name, text)).transpose()
        };
        let filter = CellFilter {
            flow: self.flow.as_deref().map(|text| parse::<Direction>("flow", text)).transpose()?,
            reporter: country("reporter", &self.reporter)?,
            partner: country("partner", &self.partner)?,
            hs: self.hs.as_deref().map(hs_code).transpose()?,
            period: self
                .period
                .as_deref()
                .map(|text| parse::<Period>("period", text))
                .transpose()?
                .map(|period| period.to_string()),
        };
        let group = parse_group(self.group.as_deref().unwrap_or(DEFAULT_GROUP))?;
        Ok(Question { release: self.release, group, filter })
    }

    fn format(&self) -> Result<Option<Format>> {
        self.format.as_deref().map(|text| parse("format", text)).transpose()
    }
}

fn hs_code(text: &str) -> Result<String> {
    let is_code = [2, 4].contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    let message = locale::text(Language::English, "statistics-hs-code");
    if is_code { Ok(text.to_owned()) } else { Err(Problem::invalid_field("/hs", FieldCode::Format, message)) }
}

/// Published general-trade statistics: rows of a table of a release, exports FOB, imports CIF, with hidden cells marked and everything that
/// was not counted listed by reason.
#[utoipa::path(tag = "statistics", params(TableParams), responses((status = 200, description = "A table; as CSV or a workbook where `format` asks for it.", content((Table = "application/json"), (String = "text/csv"), (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"))), (status = 404)))]
#[get("/statistics/general-trade")]
async fn general_trade(app: Data<App>, Query(params): Query<TableParams>) -> Result<HttpResponse> {
    let question = params.question()?;
    answer(&app, question, params.format()?.unwrap_or(Format::Json)).await
}

/// The same table as CSV, at an address of its own: generated clients know one form for each.
#[utoipa::path(tag = "statistics", params(TableParams), responses((status = 200, description = "A table as CSV, in the columns of UN Comtrade or of SDMX where `format` is `comtrade` or `sdmx-csv`.", content_type = "text/csv", body = String), (status = 404)))]
#[get("/statistics/general-trade.csv")]
async fn general_trade_csv(app: Data<App>, Query(params): Query<TableParams>) -> Result<HttpResponse> {
    let question = params.question()?;
    match params.format()?.unwrap_or(Format::Csv) {
        Format::Json | Format::Xlsx => {
            const OTHERS: &[&str] = &[Format::Csv.as_str(), Format::Comtrade.as_str(), Format::SdmxCsv.as_str()];
            Err(Problem::invalid_field("/format", FieldCode::Format, NotOneOf(OTHERS).to_string()))
        }
        format => answer(&app, question, format).await,
    }
}

async fn answer(app: &Data<App>, question: Question, format: Format) -> Result<HttpResponse> {
    let csv = match format {
        Format::Json => return Ok(HttpResponse::Ok().json(run(app, move |app| actions::table(app, &question)).await?)),
        Format::Csv => run(app, move |app| actions::table(app, &question)?.to_csv()).await?,
        Format::Comtrade => run(app, move |app| actions::comtrade(app, &question)).await?,
        Format::SdmxCsv => run(app, move |app| actions::sdmx(app, &question)).await?,
        Format::Xlsx => {
            let book = run(app, move |app| actions::workbook(app, &question)).await?;
            return Ok(attachment(MEDIA_TYPE, "general-trade.xlsx").streaming(file(app, book)));
        }
    };
    Ok(csv_answer("general-trade.csv", csv))
}

/// The data structure of the tables as SDMX-CSV, an SDMX-JSON 2.0 structure message.
#[utoipa::path(tag = "statistics", responses((status = 200, body = Structure, content_type = "application/vnd.sdmx.structure+json")))]
#[get("/statistics/structure")]
async fn get_structure() -> Result<HttpResponse> {
    Ok(HttpResponse::Ok().content_type("application/vnd.sdmx.structure+json; version=2.0.0").json(sdmx::structure()))
}

/// Which rows of which retail table, and in which form.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct RetailTableParams {
    /// The number of a release; the newest without it.
    pub release: Option<u32>,
    /// Only exports or imports.
    #[param(example = "export")]
    pub flow: Option<String>,
    /// Only `b2c` or `c2c`; both, never added up, without it.
    #[param(example = "b2c")]
    pub party_form: Option<String>,
    /// Only this reporting country, ISO 3166-1 alpha-2; all together without it.
    #[param(example = "CN")]
    pub reporter: Option<String>,
    /// Only this country of the consumers.
    pub partner: Option<String>,
    /// Only this HS chapter (2 digits).
    #[param(example = "61")]
    pub hs: Option<String>,
    /// Only this month or year.
    #[param(example = "2026-10")]
    pub period: Option<String>,
    /// What to group by, separated by commas: party_form, reporter, flow, partner, hs2, period, year. Form of the parties and flow always are,
    /// and years where no month is asked for; a filter groups by what it names.
    #[param(example = "party_form,hs2,partner,flow,period")]
    pub group: Option<String>,
    /// json (default) or csv.
    pub format: Option<String>,
}

impl RetailTableParams {
    /// The question, but for the form of the parties.
    fn question(&self) -> Result<Question> {
        let message = locale::text(Language::English, "statistics-retail-chapter");
        if self.hs.as_deref().is_some_and(|hs| hs.len() != 2) {
            return Err(Problem::invalid_field("/hs", FieldCode::Format, message));
        }
        let asked = self.group.as_deref().unwrap_or(DEFAULT_GROUP).split(',').map(str::trim);
        let group: Vec<&str> = asked.filter(|name| *name != "party_form").collect();
        let params = TableParams {
            release: self.release,
            flow: self.flow.clone(),
            reporter: self.reporter.clone(),
            partner: self.partner.clone(),
            hs: self.hs.clone(),
            period: self.period.clone(),
            group: Some(group.join(",")),
            format: None,
        };
        let question = params.question()?;
        if question.group.contains(&GroupBy::Hs4) {
            return Err(Problem::invalid_field("/group", FieldCode::UnknownValue, message));
        }
        Ok(question)
    }

    fn parties(&self) -> Result<Option<PartyForm>> {
        let Some(text) = self.party_form.as_deref() else { return Ok(None) };
        match parse("party_form", text)? {
            PartyForm::B2b => {
                const FORMS: &[&str] = &[PartyForm::B2c.as_str(), PartyForm::C2c.as_str()];
                Err(Problem::invalid_field("/party_form", FieldCode::UnknownValue, NotOneOf(FORMS).to_string()))
            }
            parties => Ok(Some(parties)),
        }
    }
}

/// Published statistics of retail e-commerce (B2C and C2C), as sellers recorded it: not general trade, and in none of its figures. Rows of a
/// table of a release, by the same rule and rounding, with hidden cells marked and everything that was not counted listed by reason.
#[utoipa::path(tag = "statistics", params(RetailTableParams), responses((status = 200, description = "A table; as CSV where `format` asks for it.", content((RetailTable = "application/json"), (String = "text/csv"))), (status = 404)))]
#[get("/statistics/retail")]
async fn retail(app: Data<App>, Query(params): Query<RetailTableParams>) -> Result<HttpResponse> {
    let (question, parties) = (params.question()?, params.parties()?);
    let format = params.format.as_deref().map_or(Ok(Format::Json), |text| parse("format", text))?;
    let table = run(&app, move |app| actions::retail_table(app, &question, parties)).await?;
    match format {
        Format::Json => Ok(HttpResponse::Ok().json(table)),
        Format::Csv => Ok(csv_answer("retail.csv", table.to_csv()?)),
        Format::Comtrade | Format::SdmxCsv | Format::Xlsx => {
            const FORMS: &[&str] = &[Format::Json.as_str(), Format::Csv.as_str()];
            Err(Problem::invalid_field("/format", FieldCode::UnknownValue, NotOneOf(FORMS).to_string()))
        }
    }
}

fn csv_answer(name: &str, csv: String) -> HttpResponse {
    attachment("text/csv; charset=utf-8", name).body(csv)
}

/// The releases and the calendar.
#[derive(Debug, Serialize, ToSchema)]
struct Releases {
    /// The releases, newest first.
    data: Vec<ReleaseView>,
    /// The day of the next one.
    #[schema(value_type = String, format = Date)]
    next_release_on: chrono::NaiveDate,
    /// The tables that each consists of, by what they are grouped by; every one for exports and imports.
    tables: Vec<String>,
}

/// The releases of the general-trade statistics, newest first, and the day of the next. A release never changes.
#[utoipa::path(tag = "statistics", responses((status = 200, body = Releases)))]
#[get("/statistics/releases")]
async fn list_releases(app: Data<App>) -> Result<HttpResponse> {
    let next_release_on = calendar::next_release(app.clock.today(), app.config.statistics.release_day);
    let data = run(&app, actions::list_releases).await?;
    Ok(HttpResponse::Ok().json(Releases { data, next_release_on, tables: all_tables() }))
}

/// A release: what it covers, its hash, what it revises and how to read its tables.
#[utoipa::path(tag = "statistics", params(("number" = u32, Path)), responses((status = 200, body = ReleaseView)))]
#[get("/statistics/releases/{number}")]
async fn find_release(app: Data<App>, number: Path<String>) -> Result<HttpResponse> {
    let number: u32 = number.parse().map_err(|_| Problem::not_found("release"))?;
    Ok(HttpResponse::Ok().json(run(&app, move |app| actions::find_release(app, number)).await?))
}

/// What one's own company confirmed.
#[derive(Debug, Serialize, ToSchema)]
struct OwnTotals {
    /// By year, direction and currency, the latest year first: invoice values under their Incoterms, exact and as of now.
    data: Vec<YearTotal>,
}

/// What one's own company confirmed with its partners, live and exact: by year, direction and currency.
#[utoipa::path(tag = "statistics", responses((status = 200, body = OwnTotals)), security(("api_key" = ["partnerships:read"])))]
#[get("/statistics/own")]
async fn own(app: Data<App>, AuthenticatedActor(actor): AuthenticatedActor) -> Result<HttpResponse> {
    let data = run(&app, move |app| own_totals(app, &actor)).await?;
    Ok(HttpResponse::Ok().json(OwnTotals { data }))
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(general_trade)
        .service(general_trade_csv)
        .service(get_structure)
        .service(retail)
        .service(list_releases)
        .service(find_release)
        .service(own);
}
