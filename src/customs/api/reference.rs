//! REST of reference data: the codes of trade, each list whole. No key is needed.

use actix_web::web::{Data, Path};
use actix_web::{HttpResponse, get};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::app::App;
use crate::customs::actions::{self, HsDetail, HsEntry};
use crate::customs::regimes::{self, Regime, RegimeInfo};
use crate::error::Result;
use crate::money::{Currency, Micros};
use crate::rates::DatedRates;
use crate::reference::countries::CountryInfo;
use crate::reference::currencies::CurrencyInfo;
use crate::reference::incoterms::IncotermInfo;
use crate::reference::locodes::Port;
use crate::reference::payment_terms::PaymentTermInfo;
use crate::reference::transport::TransportInfo;
use crate::reference::units::UnitInfo;
use crate::reference::{countries, currencies, incoterms, locodes, payment_terms, transport, units};
use crate::web::input::Query;
use crate::web::run;

/// Compiled lists change with a release only.
const DAY: &str = "public, max-age=86400";
/// What is imported or counted may change at any time.
const MINUTES: &str = "public, max-age=300";

/// A whole list.
#[derive(Serialize, ToSchema)]
pub struct All<T: ToSchema> {
    /// The items.
    pub data: Vec<T>,
}

/// A category that published listings are in.
#[derive(Serialize, ToSchema)]
pub struct CategoryView {
    /// The path, `A / B / C`, as a filter takes it.
    pub path: String,
    /// How many published listings are in it or below.
    pub listings: usize,
}

/// What part of the Harmonized System is asked for.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct HsParams {
    /// The beginning of the code, with or without dots.
    #[serde(default)]
    prefix: String,
    /// The name of goods, in any language of the glossary, or words of the nomenclature.
    #[serde(default)]
    q: String,
    /// The language of the labels: `de`, `en`, `es`, `fr`, `it`, `pt`, `ru` or `zh`.
    #[serde(default = "english")]
    language: String,
}

/// In which language a code is labelled.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct HsCodeParams {
    /// The language of the labels: `de`, `en`, `es`, `fr`, `it`, `pt`, `ru` or `zh`.
    #[serde(default = "english")]
    language: String,
}

fn english() -> String {
    "en".to_owned()
}

fn all<T: Serialize + ToSchema + Clone>(max_age: &'static str, items: &[T]) -> HttpResponse {
    HttpResponse::Ok().insert_header(("Cache-Control", max_age)).json(All { data: items.to_vec() })
}

/// The Harmonized System: lines by the name of goods, the most likely first, or by the beginning of the code; at most 500. Headings and the
/// subheadings that traders keep apart are compiled in; the operator may import the whole nomenclature beside them.
#[utoipa::path(tag = "reference", params(HsParams), responses((status = 200, body = All<HsEntry>)))]
#[get("/reference/hs")]
async fn hs(app: Data<App>, Query(params): Query<HsParams>) -> Result<HttpResponse> {
    let found = run(&app, move |app| actions::find_hs(app, &params.prefix, &params.q, &params.language)).await?;
    Ok(all(MINUTES, &found))
}

/// One code of the Harmonized System: what goods of it are called in each language, and the lines around it.
#[utoipa::path(tag = "reference", params(HsCodeParams), responses((status = 200, body = HsDetail)))]
#[get("/reference/hs/{code}")]
async fn hs_code(app: Data<App>, code: Path<String>, Query(params): Query<HsCodeParams>) -> Result<HttpResponse> {
    let detail = run(&app, move |app| actions::describe_hs(app, &code, &params.language)).await?;
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", MINUTES)).json(detail))
}

/// Countries: ISO 3166-1 with the numbers that statistics use.
#[utoipa::path(tag = "reference", responses((status = 200, body = All<CountryInfo>)))]
#[get("/reference/countries")]
async fn list_countries() -> HttpResponse {
    all(DAY, countries::all())
}

/// Currencies: ISO 4217.
#[utoipa::path(tag = "reference", responses((status = 200, body = All<CurrencyInfo>)))]
#[get("/reference/currencies")]
async fn list_currencies() -> HttpResponse {
    all(DAY, currencies::all())
}

/// Units: UN/ECE Recommendation 20, and packages of Recommendation 21 as X-codes.
#[utoipa::path(tag = "reference", responses((status = 200, body = All<UnitInfo>)))]
#[get("/reference/units")]
async fn list_units() -> HttpResponse {
    all(DAY, units::all())
}

/// The Incoterms 2020 rules.
#[utoipa::path(tag = "reference", responses((status = 200, body = All<IncotermInfo>)))]
#[get("/reference/incoterms")]
async fn list_incoterms() -> HttpResponse {
    all(DAY, incoterms::all())
}

/// The customs regimes that are known, each with the procedure of the United Nations that it counts as.
#[utoipa::path(tag = "reference", responses((status = 200, body = All<RegimeInfo>)))]
#[get("/reference/regimes")]
async fn list_regimes() -> HttpResponse {
    let known = regimes::rows().iter().filter_map(|row| Regime::new(row.system, row.code).ok());
    let infos: Vec<RegimeInfo> = known.map(|regime| regime.info()).collect();
    all(DAY, &infos)
}

/// The categories in use, with the number of published listings in each. Comes from the search index of the server that answers: while
/// that is filled anew (searches then say `incomplete`), the numbers are too small.
#[utoipa::path(tag = "reference", responses((status = 200, body = All<CategoryView>)))]
#[get("/reference/categories")]
async fn list_categories(app: Data<App>) -> Result<HttpResponse> {
    let found = run(&app, actions::categories).await?;
    let data = found.into_iter().map(|value| CategoryView { path: value.value, listings: value.count }).collect();
    Ok(HttpResponse::Ok().insert_header(("Cache-Control", MINUTES)).json(All { data }))
}

/// The day of the rates.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct RatesParams {
    /// The day on which they stood, like `2026-11-20`; without it the newest.
    on: Option<NaiveDate>,
}

/// One rate.
#[derive(Serialize, ToSchema)]
pub struct RateView {
    /// The currency, ISO 4217.
    pub currency: Currency,
    /// How much of it one unit of the base is worth.
    pub per_base: Micros,
}

/// Reference rates of exchange of one day.
#[derive(Default, Serialize, ToSchema)]
pub struct RatesView {
    /// The rates by currency, the base itself left out; empty when none are loaded for the day.
    pub data: Vec<RateView>,
    /// Who published them.
    pub source: Option<String>,
    /// The day they are of.
    pub date: Option<NaiveDate>,
    /// The currency they are quoted against.
    pub base: Option<Currency>,
}

impl From<&DatedRates> for RatesView {
    fn from(rates: &DatedRates) -> Self {
        let quoted = rates.currencies().into_iter().filter(|currency| *currency != rates.base);
        let view = |currency: Currency| {
            Some(RateView { currency, per_base: rates.per_base(currency).and_then(Micros::from_decimal)? })
        };
        Self {
            data: quoted.filter_map(view).collect(),
            source: Some(rates.source.clone()),
            date: Some(rates.date),
            base: Some(rates.base),
        }
    }
}

/// Reference rates of exchange, as the operator has imported them. A rate stands for up to a week after its day.
#[utoipa::path(tag = "reference", params(RatesParams), responses((status = 200, body = RatesView)))]
#[get("/reference/rates")]
async fn list_rates(app: Data<App>, Query(params): Query<RatesParams>) -> HttpResponse {
    let history = app.rates.history();
    let rates = match params.on {
        Some(day) => history.on(day),
        None => history.latest(),
    };
    let view = rates.as_deref().map(RatesView::from).unwrap_or_default();
    HttpResponse::Ok().insert_header(("Cache-Control", MINUTES)).json(view)
}

/// The payment terms.
#[utoipa::path(tag = "reference", responses((status = 200, body = All<PaymentTermInfo>)))]
#[get("/reference/payment-terms")]
async fn list_payment_terms() -> HttpResponse {
    all(DAY, payment_terms::all())
}

/// The modes of transport with their numbers in other code lists.
#[utoipa::path(tag = "reference", responses((status = 200, body = All<TransportInfo>)))]
#[get("/reference/transport-modes")]
async fn list_transport_modes() -> HttpResponse {
    all(DAY, transport::all())
}

/// The main ports by UN/LOCODE; any well-formed code is accepted elsewhere.
#[utoipa::path(tag = "reference", responses((status = 200, body = All<Port>)))]
#[get("/reference/ports")]
async fn list_ports() -> HttpResponse {
    all(DAY, locodes::all())
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(hs)
        .service(hs_code)
        .service(list_countries)
        .service(list_currencies)
        .service(list_units)
        .service(list_incoterms)
        .service(list_regimes)
        .service(list_categories)
        .service(list_rates)
        .service(list_payment_terms)
        .service(list_transport_modes)
        .service(list_ports);
}
