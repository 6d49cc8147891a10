//! The pages about ranking, verification and statistics.

use actix_web::web::ServiceConfig;
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use crate::error::Result;
use crate::matching::ReasonKind;
use crate::matching::score::WEIGHTS;
use crate::partnerships::eligibility::ExclusionReason;
use crate::search::Weights;
use crate::statistics::SuppressionRule;
use crate::web::answer::html;
use crate::web::envelope::page_of;
use crate::web::layout::{Page, Section};

#[derive(Template)]
#[template(path = "site/about/templates/ranking.html")]
pub(super) struct RankingPage {
    page: Page,
    prior_percent: String,
    reasons: Vec<(String, &'static str, String)>,
}

impl RankingPage {
    /// With the weights that the program really uses.
    pub(super) fn new(page: Page) -> Self {
        let reason = |(kind, weight): &(ReasonKind, f64)| (name_of(*kind), compared(*kind), percent(*weight));
        let prior_percent = percent(f64::from(Weights::default().prior));
        Self { page, prior_percent, reasons: WEIGHTS.iter().map(reason).collect() }
    }
}

/// A part of one as percent, without needless zeros.
fn percent(part: f64) -> String {
    let text = format!("{:.1}", part * 100.0);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn name_of(kind: ReasonKind) -> String {
    match kind {
        ReasonKind::Terms => "words".to_owned(),
        ReasonKind::Hs => "HS code".to_owned(),
        ReasonKind::Moq => "MOQ".to_owned(),
        ReasonKind::Goods => "names of the goods".to_owned(),
        ReasonKind::Prior => "the supplier".to_owned(),
        other => other.as_str().replace('_', " "),
    }
}

fn compared(kind: ReasonKind) -> &'static str {
    match kind {
        ReasonKind::Terms => {
            "the words of the RFQ with those of the listing, in one language or over the glossary's bridge between two"
        }
        ReasonKind::Goods => "the names that the trade glossary has for the goods asked for",
        ReasonKind::Class => {
            "attribute names, category and name with those of the goods that the market lists under the words"
        }
        ReasonKind::Breadth => "how many of the supplier's listings fit",
        ReasonKind::Hs => "the digits that the two codes have in common",
        ReasonKind::Category => "the steps that the two paths have in common",
        ReasonKind::Destination => "whether the supplier names the destination among its markets",
        ReasonKind::Moq => "whether the quantity wanted reaches it",
        ReasonKind::Price => "the price with the target, in the same currency",
        ReasonKind::LeadTime => "whether the goods can be there when they are wanted",
        ReasonKind::Certification => "the certificates required with those stated",
        ReasonKind::Incoterm => "whether the one parsed for is offered",
        ReasonKind::Prior => "how far it was verified, and how often it answered RFQs before",
    }
}

#[derive(Template)]
#[template(path = "site/about/templates/verification.html")]
pub(super) struct VerificationPage {
    pub page: Page,
}

#[derive(Template)]
#[template(path = "site/about/templates/statistics.html")]
pub(super) struct StatisticsPage {
    pub page: Page,
    pub rule: String,
    pub reasons: Vec<&'static str>,
}

impl StatisticsPage {
    pub(super) fn new(page: Page) -> Self {
        let reasons = ExclusionReason::ALL.iter().map(|reason| reason.sentence()).collect();
        Self { page, rule: SuppressionRule::default().sentence(), reasons }
    }
}

#[get("/about/ranking")]
async fn ranking(http: HttpRequest) -> Result<HttpResponse> {
    html(&RankingPage::new(page_of(&http, "How ranking works")))
}

#[get("/about/verification")]
async fn verification(http: HttpRequest) -> Result<HttpResponse> {
    html(&VerificationPage { page: page_of(&http, "What verification means") })
}

#[get("/about/statistics")]
async fn statistics(http: HttpRequest) -> Result<HttpResponse> {
    html(&StatisticsPage::new(page_of(&http, "What statistics count").under(Section::Statistics)))
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(ranking).service(verification).service(statistics);
}
