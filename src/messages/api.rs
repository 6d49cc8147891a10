//! REST of messages: threads, their messages, and blocked companies.

use std::future::{Ready, ready};
use std::io::Read;

use actix_web::web::{Data, Payload};
use actix_web::{FromRequest, HttpRequest, HttpResponse, delete, get, post};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::actions::{self, Block, NewMessage};
use super::queries;
use super::receiving::{self, Receipt};
use super::replies::Automatic;
use super::store::ThreadFilter;
use super::views::{BlockView, MessageView, StartedThreadView, ThreadDetailView, ThreadView};
use super::{Subject, SubjectKind};
use crate::actor::{Actor, Permission};
use crate::app::App;
use crate::error::{Code, FieldCode, Problem, Result};
use crate::ids::{CompanyId, DocumentId, MessageId, ThreadId, UserId};
use crate::locale::{Language, text};
use crate::secrets::equal;
use crate::store::ensure_version;
use crate::text::Checker;
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{self, ListParams, Page};
use crate::web::input::{Expected, Id, IdempotencyHeader, Input, Json, Query, ensure_media_type};
use crate::web::paged::paged;
use crate::web::run;
use crate::web::upload::receive_at_most;
use crate::wire_enum;

/// A search of one's own messages is this long, in characters.
const WORDS: std::ops::RangeInclusive<usize> = 2..=100;

/// What one writes about.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SubjectInput {
    /// What kind of thing.
    pub kind: SubjectKind,
    /// Its id.
    pub id: String,
}

/// A first message about a thing.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StartThread {
    /// What it is about: a listing or a company (goes to its owner), an RFQ of another company, or a quote, a partnership or a record of
    /// one's own company (goes to the other party).
    pub subject: SubjectInput,
    /// The text. Contact data in it is masked for the other side until a quote is shortlisted or accepted, or a partnership active.
    #[schema(min_length = 1, max_length = 5000)]
    pub text: String,
    /// Documents of one's own company.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub attachments: Vec<DocumentId>,
}

impl Input for StartThread {}

impl StartThread {
    /// All that is wrong with it at once.
    fn read(&self) -> Result<(Subject, NewMessage)> {
        let mut checker = Checker::new();
        let mut new = NewMessage { text: self.text.clone(), attachments: self.attachments.clone() };
        let subject = Subject::parse(self.subject.kind, &self.subject.id);
        if let Err(error) = &subject {
            checker.fail("/subject/id", FieldCode::Format, error.to_string());
        }
        new.check(&mut checker);
        checker.finish()?;
        Ok((subject.map_err(Problem::internal)?, new))
    }
}

/// A message of a conversation.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteMessage {
    /// The text. Contact data in it is masked for the other side until a quote is shortlisted or accepted, or a partnership active.
    #[schema(min_length = 1, max_length = 5000)]
    pub text: String,
    /// Documents of one's own company.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub attachments: Vec<DocumentId>,
}

impl Input for WriteMessage {}

/// An action without parameters: `{}` or no body at all.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ThreadAction {}

impl Input for ThreadAction {}

/// Who answers a conversation.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AssignThread {
    /// An owner or trader of one's own company; null for nobody in particular.
    pub member: Option<UserId>,
}

impl Input for AssignThread {}

/// A company to be blocked.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BlockCompany {
    /// Its id.
    pub company: CompanyId,
}

impl Input for BlockCompany {}

/// Which conversations are listed.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ThreadParams {
    /// Those that are put away, instead of the others.
    pub archived: Option<bool>,
    /// Only those with these words in a message, 2 to 100 characters; capital and small letters are the same. Contact data is not searched.
    #[param(min_length = 2, max_length = 100)]
    pub q: Option<String>,
    /// How many items, 1 to 100; 25 without it.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// A cursor of an earlier answer.
    pub cursor: Option<String>,
}

/// What is listed, by the parameters of a list or a page.
pub(super) fn filter_of(archived: bool, words: Option<&str>) -> Result<ThreadFilter> {
    let words = words.map(str::trim).filter(|words| !words.is_empty()).map(str::to_lowercase);
    if words.as_ref().is_some_and(|words| !WORDS.contains(&words.chars().count())) {
        return Err(Problem::invalid_field("/q", FieldCode::Range, text(Language::English, "messages-search-length")));
    }
    Ok(ThreadFilter { is_archived: archived, words })
}

/// The conversations of one's own company, the one with the newest message first.
#[utoipa::path(tag = "messages", params(ThreadParams), responses((status = 200, body = Page<ThreadView>)), security(("api_key" = ["messages:read"])))]
#[get("/threads")]
async fn list_threads(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(params): Query<ThreadParams>,
) -> Result<HttpResponse> {
    let ThreadParams { archived, q, limit, cursor } = params;
    let name = format!("threads {archived:?} {q:?}");
    paged(&http, &app, name, actor, ListParams { limit, cursor }, move |app, actor, paging| {
        let filter = filter_of(archived.unwrap_or_default(), q.as_deref())?;
        Ok(queries::list(app, actor, &filter, paging)?.map(ThreadView::from))
    })
    .await
}

/// Writes about a thing. Where one's own company and the other one have a conversation about it already, the message is its next one and the
/// answer 200. The other company is notified.
#[utoipa::path(tag = "messages", params(IdempotencyHeader), request_body = StartThread, responses((status = 201, body = StartedThreadView),
    (status = 200, body = StartedThreadView), (status = 409), (status = 422), (status = 429)), security(("api_key" = ["messages:write"])))]
#[post("/threads")]
async fn start_thread(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    once: IdempotencyHeader,
    Json(input): Json<StartThread>,
) -> Result<HttpResponse> {
    let key = once.over(&input);
    let (view, is_first, made) = run(&app, move |app| {
        let (subject, new) = input.read()?;
        let made = actions::start(app, &actor, subject, &new, key.as_ref())?;
        let written = made.shown(queries::find_written_message(app, &actor, made.id()))?;
        let is_first = queries::is_first(app, &actor, &written.message)?;
        let thread = queries::find_written(app, &actor, written.message.thread)?;
        Ok((StartedThreadView { thread: thread.into(), message: written.into() }, is_first, made))
    })
    .await?;
    let version = view.thread.thread.version;
    Ok(if is_first {
        answer::created(&format!("/threads/{}", view.thread.thread.id), &view, version, &made)
    } else {
        answer::added(&view, version, &made)
    })
}

/// A conversation of one's own company.
#[utoipa::path(tag = "messages", params(("id" = ThreadId, Path)), responses((status = 200, body = ThreadDetailView)), security(("api_key" = ["messages:read"])))]
#[get("/threads/{id}")]
async fn get_thread(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ThreadId>,
) -> Result<HttpResponse> {
    let view = run(&app, move |app| queries::find(app, &actor, id).map(ThreadDetailView::from)).await?;
    answer::overview(&http, &view, view.thread.version)
}

/// The messages of a conversation, newest first.
#[utoipa::path(tag = "messages", params(("id" = ThreadId, Path), ListParams), responses((status = 200, body = Page<MessageView>)), security(("api_key" = ["messages:read"])))]
#[get("/threads/{id}/messages")]
async fn list_messages(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ThreadId>,
    Query(params): Query<ListParams>,
) -> Result<HttpResponse> {
    paged(&http, &app, format!("messages {id}"), actor, params, move |app, actor, paging| {
        Ok(queries::list_messages(app, actor, id, paging)?.map(MessageView::from))
    })
    .await
}

/// Answers in a conversation; the other company is notified.
#[utoipa::path(tag = "messages", params(IdempotencyHeader, ("id" = ThreadId, Path)), request_body = WriteMessage, responses((status = 201, body = MessageView),
    (status = 409), (status = 422), (status = 429)), security(("api_key" = ["messages:write"])))]
#[post("/threads/{id}/messages")]
async fn write_message(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ThreadId>,
    once: IdempotencyHeader,
    Json(input): Json<WriteMessage>,
) -> Result<HttpResponse> {
    let key = once.over(&input);
    let (view, made) = run(&app, move |app| {
        let new = NewMessage { text: input.text, attachments: input.attachments };
        let made = actions::reply(app, &actor, id, &new, key.as_ref())?;
        Ok((MessageView::from(made.shown(queries::find_written_message(app, &actor, made.id()))?), made))
    })
    .await?;
    // A message is written once.
    Ok(answer::created(&format!("/threads/{id}/messages"), &view, 1, &made))
}

async fn after_step(
    app: &Data<App>,
    actor: Actor,
    id: ThreadId,
    step: impl FnOnce(&App, &Actor) -> Result<()> + Send + 'static,
) -> Result<HttpResponse> {
    let view = run(app, move |app| {
        step(app, &actor)?;
        queries::find_written(app, &actor, id).map(ThreadDetailView::from)
    })
    .await?;
    Ok(answer::changed(&view, view.thread.version))
}

/// Marks a conversation as read up to its newest message: for the person who is signed in, or for the programs of the company.
#[utoipa::path(tag = "messages", params(("id" = ThreadId, Path)), request_body = ThreadAction, responses((status = 200, body = ThreadDetailView)), security(("api_key" = ["messages:read"])))]
#[post("/threads/{id}/read")]
async fn read_thread(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ThreadId>,
    _: Json<ThreadAction>,
) -> Result<HttpResponse> {
    let view = run(&app, move |app| {
        actions::read(app, &actor, id)?;
        queries::find(app, &actor, id).map(ThreadDetailView::from)
    })
    .await?;
    Ok(answer::changed(&view, view.thread.version))
}

/// Puts a conversation away; a new message of the other side takes it out again.
#[utoipa::path(tag = "messages", params(Expected, ("id" = ThreadId, Path)), request_body = ThreadAction, responses((status = 200, body = ThreadDetailView), (status = 412)), security(("api_key" = ["messages:write"])))]
#[post("/threads/{id}/archive")]
async fn archive_thread(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ThreadId>,
    Expected(expected): Expected,
    _: Json<ThreadAction>,
) -> Result<HttpResponse> {
    after_step(&app, actor, id, move |app, actor| actions::set_archived(app, actor, id, expected, true)).await
}

/// Takes a conversation out again.
#[utoipa::path(tag = "messages", params(Expected, ("id" = ThreadId, Path)), request_body = ThreadAction, responses((status = 200, body = ThreadDetailView), (status = 412)), security(("api_key" = ["messages:write"])))]
#[post("/threads/{id}/unarchive")]
async fn unarchive_thread(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ThreadId>,
    Expected(expected): Expected,
    _: Json<ThreadAction>,
) -> Result<HttpResponse> {
    after_step(&app, actor, id, move |app, actor| actions::set_archived(app, actor, id, expected, false)).await
}

/// Gives a conversation to a colleague, who alone is mailed of its messages from then on.
#[utoipa::path(tag = "messages", params(Expected, ("id" = ThreadId, Path)), request_body = AssignThread, responses((status = 200, body = ThreadDetailView), (status = 412)), security(("api_key" = ["messages:write"])))]
#[post("/threads/{id}/assign")]
async fn assign_thread(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<ThreadId>,
    Expected(expected): Expected,
    Json(input): Json<AssignThread>,
) -> Result<HttpResponse> {
    after_step(&app, actor, id, move |app, actor| actions::assign(app, actor, id, expected, input.member)).await
}

impl From<Block> for BlockView {
    fn from(block: Block) -> Self {
        Self { id: block.company, name: block.name, blocked_at: block.at }
    }
}

/// The companies from which one's own takes no messages, the youngest company first.
#[utoipa::path(tag = "messages", params(ListParams), responses((status = 200, body = Page<BlockView>)), security(("api_key" = ["messages:read"])))]
#[get("/blocked-companies")]
async fn list_blocked(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(params): Query<ListParams>,
) -> Result<HttpResponse> {
    paged(&http, &app, "blocked companies".to_owned(), actor, params, |app, actor, paging| {
        Ok(actions::list_blocks(app, actor, paging)?.map(BlockView::from))
    })
    .await
}

/// Takes no messages from a company any more; when it writes, it is told that and nothing more.
#[utoipa::path(tag = "messages", params(IdempotencyHeader), request_body = BlockCompany, responses((status = 201, body = BlockView)), security(("api_key" = ["messages:write"])))]
#[post("/blocked-companies")]
async fn block_company(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    once: IdempotencyHeader,
    Json(input): Json<BlockCompany>,
) -> Result<HttpResponse> {
    let key = once.over(&input);
    let (view, made) = run(&app, move |app| {
        let made = actions::block(app, &actor, input.company, key.as_ref())?;
        Ok((BlockView::from(made.shown(actions::find_block(app, &actor, made.id()))?), made))
    })
    .await?;
    Ok(answer::created("/blocked-companies", &view, BLOCK_VERSION, &made))
}

/// A block is never changed, so it has one version.
const BLOCK_VERSION: i64 = 1;

/// Takes messages from a company again.
#[utoipa::path(tag = "messages", params(Expected, ("id" = CompanyId, Path)), responses((status = 204)), security(("api_key" = ["messages:write"])))]
#[delete("/blocked-companies/{id}")]
async fn unblock_company(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<CompanyId>,
    expected: Expected,
) -> Result<HttpResponse> {
    run(&app, move |app| {
        actor.authorize(Permission::MessagesWrite)?;
        ensure_version(Some(expected.required()?), BLOCK_VERSION)?;
        actions::unblock(app, &actor, id)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Where an e-mail was delivered to.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct InboundParams {
    /// The envelope's recipient; without it the headers `Delivered-To`, `X-Original-To`, `To` and `Cc` are looked at.
    pub recipient: Option<String>,
}

wire_enum! {
    /// What became of an e-mail.
    pub enum InboundOutcome {
        /// It is a message of the conversation.
        Delivered = "delivered",
        /// It was written by a program, and dropped.
        Ignored = "ignored",
    }
}

/// An e-mail that was taken in.
#[derive(Debug, Serialize, ToSchema)]
pub struct InboundMailView {
    /// What became of it.
    pub outcome: InboundOutcome,
    /// Why it was ignored; null where it was not.
    pub reason: Option<Automatic>,
    /// Its conversation; null where it was ignored.
    pub thread: Option<ThreadId>,
    /// Its message; null where it was ignored.
    pub message: Option<MessageId>,
}

impl From<Receipt> for InboundMailView {
    fn from(receipt: Receipt) -> Self {
        match receipt {
            Receipt::Delivered { thread, message } => {
                Self { outcome: InboundOutcome::Delivered, reason: None, thread: Some(thread), message: Some(message) }
            }
            Receipt::Ignored(reason) => {
                Self { outcome: InboundOutcome::Ignored, reason: Some(reason), thread: None, message: None }
            }
        }
    }
}

/// Takes an e-mail from the operator's mail server: the answer to one that this platform sent becomes a message of its conversation, without what it
/// answers and without its signature, and its attachments become documents. An answer of 4xx is final: the server should return the e-mail to its
/// sender; after 429 and 503 it tries again. The same `Message-ID` twice is one message.
#[utoipa::path(tag = "messages", params(InboundParams), request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The message as it came, RFC 5322; also as `message/rfc822`"),
    responses((status = 200, body = InboundMailView), (status = 409, description = "The other company takes no messages from the writer's"), (status = 413), (status = 415), (status = 422)), security(("inbound_secret" = [])))]
#[post("/inbound/mail")]
async fn receive_mail(
    _: MailServer,
    http: HttpRequest,
    app: Data<App>,
    Query(params): Query<InboundParams>,
    payload: Payload,
) -> Result<HttpResponse> {
    ensure_media_type(&http, &["message/rfc822", "application/octet-stream"])?;
    let most = app.config.limits.inbound_mail_bytes;
    let sent = receive_at_most(&http, &app, payload.into_inner(), None, most).await?;
    let slot = app.document_queue.reserve(MAIL_OWNER)?;
    let receipt = slot.run(move || {
        let mut raw = Vec::new();
        sent.received.reader()?.read_to_end(&mut raw).map_err(Problem::internal)?;
        receiving::receive(&app, &raw, params.recipient.as_deref())
    });
    Ok(HttpResponse::Ok().json(InboundMailView::from(receipt.await?)))
}

/// The mail server among those who have slots of the document queue; companies have higher numbers.
const MAIL_OWNER: i64 = 0;

/// The operator's mail server, by its secret: asked for before anything else of the request is looked at.
struct MailServer;

impl FromRequest for MailServer {
    type Error = Problem;
    type Future = Ready<Result<Self>>;

    fn from_request(http: &HttpRequest, _: &mut actix_web::dev::Payload) -> Self::Future {
        let secret =
            http.app_data::<Data<App>>().map(|app| app.config.mail.inbound.secret.as_str()).unwrap_or_default();
        let shown = http.headers().get("Inbound-Secret").and_then(|value| value.to_str().ok()).unwrap_or_default();
        // Without a secret nobody is the mail server.
        let is_shown = !secret.is_empty() && equal(secret, shown);
        let refusal = || Problem::new(Code::Unauthenticated, text(Language::English, "messages-inbound-secret"));
        ready(if is_shown { Ok(Self) } else { Err(refusal()) })
    }
}

/// The routes, relative to the API's root.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(list_threads)
        .service(start_thread)
        .service(get_thread)
        .service(list_messages)
        .service(write_message)
        .service(read_thread)
        .service(archive_thread)
        .service(unarchive_thread)
        .service(assign_thread)
        .service(list_blocked)
        .service(block_company)
        .service(unblock_company)
        .service(receive_mail);
}
