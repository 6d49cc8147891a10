//! The pages about ranking, verification and statistics.

use actix_web::web::{Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, get};
use askama::Template;

use crate::app::App;
use crate::error::Result;
use crate::locale::{self, Language};
use crate::matching::ReasonKind;
use crate::matching::score::WEIGHTS;
use crate::partnerships::eligibility::ExclusionReason;
use crate::search::Weights;
use crate::statistics::SuppressionRule;
use crate::statistics::jobs::rule;
use crate::web::answer::html;
use crate::web::envelope::page_of;
use crate::web::layout::{Page, Section};

#[derive(Template)]
#[template(path = "site/about/templates/ranking.html")]
pub(super) struct RankingPage {
    page: Page,
    prior_percent: String,
    reasons: Vec<(&'static str, &'static str, String)>,
}

impl RankingPage {
    /// With the weights that the program really uses.
    pub(super) fn new(page: Page) -> Self {
        let reason =
            |(kind, weight): &(ReasonKind, f64)| (kind.label(Language::English), compared(*kind), percent(*weight));
        let prior_percent = percent(f64::from(Weights::default().prior));
        Self { page, prior_percent, reasons: WEIGHTS.iter().map(reason).collect() }
    }
}

/// A part of one as percent, without needless zeros.
fn percent(part: f64) -> String {
    let text = format!("{:.1}", part * 100.0);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

fn compared(kind: ReasonKind) -> &'static str {
    match kind {
        ReasonKind::Terms => locale::text(Language::English, "site-ranking-compares-terms"),
        ReasonKind::Goods => locale::text(Language::English, "site-ranking-compares-goods"),
        ReasonKind::Class => locale::text(Language::English, "site-ranking-compares-class"),
        ReasonKind::Breadth => locale::text(Language::English, "site-ranking-compares-breadth"),
        ReasonKind::Hs => locale::text(Language::English, "site-ranking-compares-hs"),
        ReasonKind::Category => locale::text(Language::English, "site-ranking-compares-category"),
        ReasonKind::Destination => locale::text(Language::English, "site-ranking-compares-destination"),
        ReasonKind::Moq => locale::text(Language::English, "site-ranking-compares-moq"),
        ReasonKind::Price => locale::text(Language::English, "site-ranking-compares-price"),
        ReasonKind::LeadTime => locale::text(Language::English, "site-ranking-compares-lead-time"),
        ReasonKind::Certification => locale::text(Language::English, "site-ranking-compares-certificates"),
        ReasonKind::Incoterm => locale::text(Language::English, "site-ranking-compares-incoterm"),
        ReasonKind::Prior => locale::text(Language::English, "site-ranking-compares-supplier"),
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
    pub revisions: String,
    pub reasons: Vec<&'static str>,
}

impl StatisticsPage {
    /// With the rule that the releases really follow.
    pub(super) fn new(page: Page, rule: SuppressionRule) -> Self {
        let reasons = ExclusionReason::ALL.iter().map(|reason| reason.sentence()).collect();
        Self { page, rule: rule.sentence(), revisions: rule.revision_sentence(), reasons }
    }
}

#[get("/about/ranking")]
async fn ranking(http: HttpRequest) -> Result<HttpResponse> {
    html(&RankingPage::new(page_of(&http, locale::text(Language::English, "site-ranking-title"))))
}

#[get("/about/verification")]
async fn verification(http: HttpRequest) -> Result<HttpResponse> {
    html(&VerificationPage { page: page_of(&http, locale::text(Language::English, "site-verification-title")) })
}

#[get("/about/statistics")]
async fn statistics(http: HttpRequest, app: Data<App>) -> Result<HttpResponse> {
    let page = page_of(&http, locale::text(Language::English, "site-statistics-title")).under(Section::Statistics);
    html(&StatisticsPage::new(page, rule(&app)))
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(ranking).service(verification).service(statistics);
}
