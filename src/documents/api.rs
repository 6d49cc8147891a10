//! REST of documents: uploading, reading, deleting.

use actix_web::http::header::{self, Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse, delete, get, post};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{AccessPolicies, Document, MediaType, actions};
use crate::actor::Permission;
use crate::app::App;
use crate::error::Result;
use crate::ids::DocumentId;
use crate::store::ensure_version;
use crate::web::actor::AuthenticatedActor;
use crate::web::answer::{self, ListParams, Page};
use crate::web::input::{Expected, Id, IdempotencyHeader, Query};
use crate::web::paged::paged;
use crate::web::upload::{SentFile, receive};
use crate::web::{queued, run};

/// A document never changes.
const VERSION: i64 = 1;

/// What a browser may do with a document that it opens after all: nothing.
const SANDBOX: &str = "default-src 'none'; sandbox";

/// A document.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct DocumentView {
    /// The id; the `attachments` of RFQs and quotes, certificates and trade records name it.
    pub id: DocumentId,
    /// Its file name.
    pub name: String,
    /// What it is, by its content.
    pub media_type: MediaType,
    /// How many bytes.
    pub bytes: u64,
    /// The SHA-256 of its bytes, 64 hexadecimal digits.
    pub sha256: String,
    /// When it was uploaded.
    pub created_at: DateTime<Utc>,
}

impl From<Document> for DocumentView {
    fn from(document: Document) -> Self {
        Self {
            id: document.id,
            name: document.name,
            media_type: document.media_type,
            bytes: document.bytes,
            sha256: document.blob.sha256,
            created_at: document.created_at,
        }
    }
}

/// What an upload takes.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct UploadParams {
    /// The file name, where `Content-Disposition` does not say it; up to 200 characters.
    pub name: Option<String>,
}

/// Uploads a document: the file is the body (or the first file of a multipart one). PDF, PNG, JPEG, WebP, XLSX, DOCX, ODT, TXT or CSV by its
/// content, up to 10 MiB. It is private until something has it attached, and deleted when nothing has for 30 days.
#[utoipa::path(tag = "documents", params(IdempotencyHeader, UploadParams), request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The bytes of the document: PDF, PNG, JPEG, WebP, XLSX, DOCX, ODT, TXT or CSV"),
    responses((status = 201, body = DocumentView), (status = 413), (status = 422), (status = 503, description = "Too many documents are being inspected; `Retry-After` says when to come back")), security(("api_key" = ["documents:write"])))]
#[post("/documents")]
async fn upload_document(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    once: IdempotencyHeader,
    Query(params): Query<UploadParams>,
    payload: Payload,
) -> Result<HttpResponse> {
    let owner = actor.authorize(Permission::DocumentsWrite)?.company();
    // A full queue refuses the file before it is sent.
    app.document_queue.ensure_free(owner.0)?;
    let SentFile { name, received, .. } = receive(&http, &app, payload.into_inner(), params.name).await?;
    let key = once.over(&(&name, &received.sha256));
    let slot = app.document_queue.reserve(owner.0)?;
    let file = queued(&http, &app, slot.run(move || actions::inspect(&name, received))).await?;
    let (view, once) = run(&app, move |app| {
        let _slot = slot;
        let once = actions::upload(app, &actor, &file, key.as_ref())?;
        Ok((DocumentView::from(once.shown(actions::find_written(app, &actor, once.id()))?), once))
    })
    .await?;
    Ok(answer::created(&format!("/documents/{}", once.id()), &view, VERSION, &once))
}

/// The documents of one's own company, newest first.
#[utoipa::path(tag = "documents", params(ListParams), responses((status = 200, body = Page<DocumentView>)), security(("api_key" = ["documents:read"])))]
#[get("/documents")]
async fn list_documents(
    http: HttpRequest,
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Query(params): Query<ListParams>,
) -> Result<HttpResponse> {
    paged(&http, &app, "documents".to_owned(), actor, params, |app, actor, paging| {
        Ok(actions::list(app, actor, paging)?.map(DocumentView::from))
    })
    .await
}

/// What is known of a document, without its bytes: one's own, or one attached to something that one may see.
#[utoipa::path(tag = "documents", params(("id" = DocumentId, Path)), responses((status = 200, body = DocumentView)), security((), ("api_key" = ["documents:read"])))]
#[get("/documents/{id}")]
async fn get_document(
    http: HttpRequest,
    app: Data<App>,
    policies: Data<AccessPolicies>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<DocumentId>,
) -> Result<HttpResponse> {
    let view = run(&app, move |app| actions::find(app, &policies, &actor, id).map(DocumentView::from)).await?;
    Ok(answer::resource(&http, &view, VERSION))
}

/// The file itself, as an attachment.
#[utoipa::path(tag = "documents", params(("id" = DocumentId, Path)), responses((status = 200, description = "The bytes, under the media type that they were found to be of.", content((Vec<u8> = "application/octet-stream"), (Vec<u8> = "*/*")))), security((), ("api_key" = ["documents:read"])))]
#[get("/documents/{id}/content")]
async fn get_document_content(
    app: Data<App>,
    policies: Data<AccessPolicies>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<DocumentId>,
) -> Result<HttpResponse> {
    let document = run(&app, move |app| actions::find(app, &policies, &actor, id)).await?;
    content(&app, &document).await
}

/// The bytes of a document that was found for its reader: to be saved, never to be shown in the site's own name.
pub async fn content(app: &Data<App>, document: &Document) -> Result<HttpResponse> {
    let pieces = actions::read(app, document).await?;
    Ok(HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, document.media_type.as_str()))
        .insert_header((header::CONTENT_DISPOSITION, disposition(&document.name)))
        .insert_header((header::CONTENT_SECURITY_POLICY, SANDBOX))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        // What is packed already is not packed again, and its length is known.
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .no_chunking(document.bytes)
        .streaming(pieces))
}

/// RFC 6266: a name of ASCII for old clients, and the whole one in RFC 8187's form.
fn disposition(name: &str) -> ContentDisposition {
    let plain = |c: char| if c.is_ascii() && !c.is_ascii_control() && !matches!(c, '"' | '\\') { c } else { '_' };
    let mut parameters = vec![DispositionParam::Filename(name.chars().map(plain).collect())];
    if name.chars().any(|c| plain(c) != c) {
        let extended =
            ExtendedValue { charset: Charset::Ext("UTF-8".to_owned()), language_tag: None, value: name.into() };
        parameters.push(DispositionParam::FilenameExt(extended));
    }
    ContentDisposition { disposition: DispositionType::Attachment, parameters }
}

/// Deletes a document of one's own that nothing has attached.
#[utoipa::path(tag = "documents", params(Expected, ("id" = DocumentId, Path)), responses((status = 204), (status = 409, description = "Something has it attached")), security(("api_key" = ["documents:write"])))]
#[delete("/documents/{id}")]
async fn delete_document(
    app: Data<App>,
    AuthenticatedActor(actor): AuthenticatedActor,
    Id(id): Id<DocumentId>,
    expected: Expected,
) -> Result<HttpResponse> {
    actor.authorize(Permission::DocumentsWrite)?;
    let version = expected.required()?;
    run(&app, move |app| {
        actions::find_written(app, &actor, id)?;
        ensure_version(Some(version), VERSION)?;
        actions::delete(app, &actor, id)
    })
    .await?;
    Ok(HttpResponse::NoContent().finish())
}

/// The routes.
pub fn routes(cfg: &mut ServiceConfig) {
    cfg.service(upload_document)
        .service(list_documents)
        .service(get_document)
        .service(get_document_content)
        .service(delete_document);
}
