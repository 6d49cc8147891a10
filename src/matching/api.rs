//! REST of matching: `/rfqs/{id}/matches`, `/rfqs/{id}/why-not`, `/matches`.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions::{self, MatchExplanation, MatchWithRfq, MatchWithSupplier};
use super::rules::{MatchStatus, Unearned};
use super::store::InboxFilter;
use super::{DismissReason, Gap, ItemFit, MatchState, Reason, display};
use crate::actor::Actor;
use crate::app::App;
use crate::clock::Time;
use crate::companies::{Form, Verification};
use crate::error::{FieldCode, Problem, Result};
use crate::ids::{CompanyId, ListingId, MatchId, RfqId};
use crate::locale::{Language, Message};
use crate::reference::codes::Country;
use crate::rfqs::RfqState;
use crate::store::cursor::{ListPage, Paging, RowKey, UpdatedKey};
use crate::units::Quantity;
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{self, ListParams, Page};
use crate::web::input::{Expected, Id, Input, Json, Query};
use crate::web::paged::paged;
use crate::web::run;
use crate::web::since::{SinceParams, paged_since};

const INBOX: &str = "matches";

/// A matched supplier, as the buyer sees it.
#[derive(Serialize, ToSchema)]
pub struct MatchedSupplier {
    /// The match.
    pub id: MatchId,
    /// The supplier.
    pub company: SupplierSummary,
    /// At most 1, with four decimals; the sum of the shares of reasons and gaps.
    pub score: f64,
    /// 0 to 1, with four decimals: how likely it is that a supplier of this score sells what is asked for.
    pub probability: f64,
    /// The parts of the score, largest first.
    pub reasons: Vec<Reason>,
    /// What stands against it.
    pub gaps: Vec<Gap>,
    /// Its listings that fit best, best first.
    pub best_listings: Vec<ListingId>,
    /// How it fits each item that it has anything for, in the order of their numbers; empty where the RFQ has no items.
    pub items: Vec<ItemFit>,
    /// Where it stands.
    pub state: MatchState,
}

/// A supplier in a few words.
#[derive(Serialize, ToSchema)]
pub struct SupplierSummary {
    /// The id.
    pub id: CompanyId,
    /// The name.
    pub name: String,
    /// Where it is registered.
    pub country: Country,
    /// What kind of business it is.
    pub form: Form,
    /// How far its claims were checked.
    pub verification: Verification,
}

impl From<MatchWithSupplier> for MatchedSupplier {
    fn from(item: MatchWithSupplier) -> Self {
        let (matched, company) = (item.matched, item.supplier);
        let (reasons, gaps) = display::evidence(matched.score, &matched.evidence.reasons, &matched.evidence.gaps);
        Self {
            id: matched.id,
            company: SupplierSummary {
                id: company.id,
                name: company.fields.name,
                country: company.fields.country,
                form: company.fields.form,
                verification: company.verification,
            },
            score: display::rounded(matched.score),
            probability: display::rounded(item.probability),
            reasons,
            gaps,
            best_listings: matched.evidence.best_listings,
            items: rounded_fits(matched.evidence.items),
            state: matched.state,
        }
    }
}

/// The fits as they are shown: scores with four decimals.
fn rounded_fits(fits: Vec<ItemFit>) -> Vec<ItemFit> {
    fits.into_iter().map(|fit| ItemFit { score: display::rounded(fit.score), ..fit }).collect()
}

/// The suppliers matched to one's own RFQ, best first.
#[utoipa::path(tag = "rfqs", params(("id" = RfqId, Path), ListParams), responses((status = 200, body = Page<MatchedSupplier>)), security(("api_key" = ["rfqs:read"])))]
#[get("/rfqs/{id}/matches")]
async fn list_matched_suppliers(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
    Query(params): Query<ListParams>,
) -> Result<HttpResponse> {
    paged(&http, &app, format!("matches of {id}"), actor, params, move |app, actor, paging| {
        Ok(actions::list_for_rfq(app, actor, id, paging)?.map(MatchedSupplier::from))
    })
    .await
}

/// A match, as the supplier sees it.
#[derive(Serialize, ToSchema)]
pub struct InboxMatch {
    /// The match.
    pub id: MatchId,
    /// What is asked for.
    pub rfq: RfqSummary,
    /// At most 1, with four decimals; the sum of the shares of reasons and gaps.
    pub score: f64,
    /// The parts of the score, largest first.
    pub reasons: Vec<Reason>,
    /// What stands against it.
    pub gaps: Vec<Gap>,
    /// One's own listings that fit best, best first.
    pub best_listings: Vec<ListingId>,
    /// How one's own company fits each item that it has anything for, in the order of their numbers; empty where the RFQ has no items.
    pub items: Vec<ItemFit>,
    /// Where it stands.
    pub state: MatchState,
    /// Why it was dismissed, if it was.
    pub dismissed_reason: Option<DismissReason>,
    /// Grows with every change.
    pub version: i64,
    /// When it was found.
    pub created_at: DateTime<Utc>,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// When one's people were notified by e-mail.
    pub notified_at: Option<DateTime<Utc>>,
}

/// An RFQ in a few words.
#[derive(Serialize, ToSchema)]
pub struct RfqSummary {
    /// The id.
    pub id: RfqId,
    /// What is wanted.
    pub title: String,
    /// Where the goods go.
    pub destination_country: Option<Country>,
    /// How much is wanted.
    pub quantity: Option<Quantity>,
    /// When it stops taking quotes.
    pub deadline: Option<DateTime<Utc>>,
    /// Where it stands.
    pub state: RfqState,
}

impl From<MatchWithRfq> for InboxMatch {
    fn from(item: MatchWithRfq) -> Self {
        let (matched, rfq) = (item.matched, item.rfq);
        let (reasons, gaps) = display::evidence(matched.score, &matched.evidence.reasons, &matched.evidence.gaps);
        Self {
            id: matched.id,
            rfq: RfqSummary {
                id: rfq.id,
                title: rfq.fields.title,
                destination_country: rfq.fields.destination_country,
                quantity: rfq.fields.quantity,
                deadline: rfq.deadline,
                state: rfq.state,
            },
            score: display::rounded(matched.score),
            reasons,
            gaps,
            best_listings: matched.evidence.best_listings,
            items: rounded_fits(matched.evidence.items),
            state: matched.state,
            dismissed_reason: matched.dismissed_reason,
            version: matched.version,
            created_at: matched.created_at,
            updated_at: matched.updated_at,
            notified_at: matched.notified_at,
        }
    }
}

fn inbox_views<K: RowKey>(
    app: &App,
    actor: &Actor,
    since: Option<Time>,
    paging: Paging<K>,
) -> Result<ListPage<InboxMatch, K>> {
    Ok(actions::list_inbox(app, actor, InboxFilter::All, since, paging)?.map(InboxMatch::from))
}

/// The RFQs that one's company is matched to, newest first, or by the time of their last change. Reading the list marks nothing. Invitations
/// to quote are a list of their own: `/rfq-invitations`.
#[utoipa::path(tag = "matches", params(SinceParams), responses((status = 200, body = Page<InboxMatch>)), security(("api_key" = ["rfqs:read"])))]
#[get("/matches")]
async fn list_matches(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(params): Query<SinceParams>,
) -> Result<HttpResponse> {
    let asked = params.read()?;
    let since = asked.1.updated_since;
    let newest = move |app: &App, actor: &Actor, paging: Paging| inbox_views(app, actor, since, paging);
    let updated = move |app: &App, actor: &Actor, paging: Paging<UpdatedKey>| inbox_views(app, actor, since, paging);
    paged_since(&http, &app, INBOX.to_owned(), actor, asked, newest, updated).await
}

/// Why a match is dismissed.
#[derive(Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Dismissal {
    /// The reason; it makes later matches better and is not shown to the buyer.
    #[serde(default)]
    #[schema(required = true, value_type = DismissReason)]
    pub reason: Option<DismissReason>,
}

impl Input for Dismissal {}

impl Dismissal {
    /// The reason, which must be there.
    pub fn checked(&self) -> Result<DismissReason> {
        let missing = || {
            let message = Message::new("matching-reason-required")
                .with("reasons", DismissReason::TEXTS.join(", "))
                .text(Language::English);
            Problem::invalid_field("/reason", FieldCode::Required, message)
        };
        self.reason.ok_or_else(missing)
    }
}

/// Dismisses a match of one's own inbox.
#[utoipa::path(tag = "matches", params(Expected, ("id" = MatchId, Path)), request_body = Dismissal, responses((status = 200, body = InboxMatch)), security(("api_key" = ["rfqs:write"])))]
#[post("/matches/{id}/dismiss")]
async fn dismiss_match(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<MatchId>,
    Expected(expected): Expected,
    body: Json<Dismissal>,
) -> Result<HttpResponse> {
    let reason = body.0.checked()?;
    let view = run(&app, move |app| actions::dismiss(app, &actor, id, expected, reason).map(InboxMatch::from)).await?;
    Ok(answer::changed(&view, view.version))
}

/// Where one's own company stands towards an RFQ, and why.
#[derive(Serialize, ToSchema)]
pub struct WhyNotView {
    /// The RFQ.
    pub rfq: RfqId,
    /// The company it is about: one's own.
    pub company: CompanyId,
    /// The match, if there is one.
    pub r#match: Option<MatchId>,
    /// The state of the match, if there is one.
    pub state: Option<MatchState>,
    /// The status of the company among all suppliers scored.
    pub standing: MatchStatus,
    /// That in a sentence.
    pub sentence: String,
    /// The company's score as it would be now; null when it is no candidate.
    pub score: Option<f64>,
    /// The company's place among all scored, from 1.
    pub rank: Option<usize>,
    /// The lowest score that is kept.
    pub needed: f64,
    /// What was not earned of what the RFQ asks for, largest first.
    pub unearned: Vec<Unearned>,
    /// What stands against a match.
    pub gaps: Vec<Gap>,
}

impl WhyNotView {
    fn new(rfq: RfqId, company: CompanyId, explained: MatchExplanation) -> Self {
        let why = explained.why;
        let rounded = |part: Unearned| Unearned { could_add: display::rounded(part.could_add), ..part };
        Self {
            rfq,
            company,
            r#match: explained.matched.as_ref().map(|matched| matched.id),
            state: explained.matched.as_ref().map(|matched| matched.state),
            standing: why.status,
            sentence: why.sentence,
            score: why.score.map(display::rounded),
            rank: why.rank,
            needed: display::rounded(why.needed),
            unearned: why.unearned.into_iter().map(rounded).collect(),
            gaps: why.gaps,
        }
    }
}

/// Why one's own company is, or is not, matched to the RFQ.
#[utoipa::path(tag = "matches", params(("id" = RfqId, Path)), responses((status = 200, body = WhyNotView), (status = 409)), security(("api_key" = ["rfqs:read"])))]
#[get("/rfqs/{id}/why-not")]
async fn explain_why_not(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<RfqId>,
) -> Result<HttpResponse> {
    let view = run(&app, move |app| {
        let explained = actions::explain(app, &actor, id)?;
        let company = actor.company().ok_or_else(|| Problem::not_found("company"))?;
        Ok(WhyNotView::new(id, company, explained))
    })
    .await?;
    Ok(HttpResponse::Ok().json(view))
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_matched_suppliers).service(explain_why_not).service(list_matches).service(dismiss_match);
}
