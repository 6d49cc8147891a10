//! REST of statistics.

use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;

use super::Table;
use super::actions::{PublicationCache, parse_group};
use crate::app::App;
use crate::error::Result;
use crate::reference::codes::Country;
use crate::web::input::{Query, parse};
use crate::web::run;
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
    }
}

/// Which table, and in which form.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TableParams {
    /// Only this reporting country, ISO 3166-1 alpha-2; all together without it.
    #[param(example = "CN")]
    pub reporter: Option<String>,
    /// What to group by, separated by commas: reporter, flow, partner, hs2, hs4, period, year. The flow always is.
    #[param(example = "hs2,partner,flow,period")]
    pub group: Option<String>,
    /// json (default), csv or comtrade.
    pub format: Option<String>,
}

/// The tables' default grouping.
const DEFAULT_GROUP: &str = "hs2,partner,flow,period";

/// Published general-trade statistics: exports FOB, imports CIF, with suppressed cells marked and everything that was not counted
/// listed by reason.
#[utoipa::path(tag = "statistics", params(TableParams), responses((status = 200, body = Table)))]
#[get("/statistics/general-trade")]
async fn general_trade(
    app: Data<App>,
    cache: Data<PublicationCache>,
    Query(params): Query<TableParams>,
) -> Result<HttpResponse> {
    let group = parse_group(params.group.as_deref().unwrap_or(DEFAULT_GROUP))?;
    let reporter: Option<Country> = params.reporter.as_deref().map(|text| parse("reporter", text)).transpose()?;
    let format: Format = params.format.as_deref().map_or(Ok(Format::Json), |text| parse("format", text))?;
    run(&app, move |app| {
        let publication = cache.publication(app)?;
        Ok(match format {
            Format::Json => HttpAnswer::Json(
                serde_json::to_string(&publication.table(&group, reporter)).map_err(crate::error::Problem::internal)?,
            ),
            Format::Csv => HttpAnswer::Csv(publication.table(&group, reporter).to_csv()?),
            Format::Comtrade => HttpAnswer::Csv(publication.comtrade(&group, reporter)?),
        })
    })
    .await
    .map(HttpAnswer::answer)
}

enum HttpAnswer {
    Json(String),
    Csv(String),
}

impl HttpAnswer {
    fn answer(self) -> HttpResponse {
        match self {
            Self::Json(body) => HttpResponse::Ok().content_type("application/json").body(body),
            Self::Csv(body) => HttpResponse::Ok()
                .content_type("text/csv; charset=utf-8")
                .insert_header((header::CONTENT_DISPOSITION, "attachment; filename=\"general-trade.csv\""))
                .body(body),
        }
    }
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(general_trade);
}
