//! Input: the syntax of a request, read once, with the field named where it is wrong.

use std::future::{Ready, ready};
use std::str::FromStr;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::{Bytes, Data};
use actix_web::{FromRequest, HttpRequest};
use serde::de::DeserializeOwned;
use utoipa::PartialSchema;

use super::ExtractorFuture;
use super::actor::identity;
use super::body;
use crate::app::App;
use crate::clock::Time;
use crate::error::{Code, FieldCode, Problem, Result};
use crate::locale::{Language, Message, text};
use crate::secrets;
use crate::store::{ANY_VERSION, IdempotencyKey};
use crate::wire;

/// A resource that may be sent back as it was answered: its read-only fields are ignored.
pub trait Input: DeserializeOwned + PartialSchema {
    /// Fields of the resource that only the platform sets.
    const READ_ONLY: &'static [&'static str] = &[];
}

/// A JSON body.
pub struct Json<T>(pub T);

/// The body of an RFC 7396 merge patch.
pub struct Patch(pub serde_json::Value);

/// The body of an action without parameters: `{}` or no body at all.
pub struct NoParameters;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Empty {}

/// A raw body with its media type.
pub struct Body(pub Bytes);

/// The query string; an unknown parameter is refused by name.
pub struct Query<T>(pub T);

/// The one id in the path; a text that is no id of that kind names nothing, so it answers 404.
pub struct Id<I>(pub I);

/// The two parts of a path: a thing's id, and the id of what belongs to it or what is done to it; text that is none of the kind is not found.
pub struct Ids<A, B>(pub A, pub B);

/// `If-Match`: the version that the client has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Expected(pub Option<i64>);

/// `Idempotency-Key`, bound to company, method, path and body.
pub struct IdempotencyHeader(Option<String>);

/// A form of the site: names and values as typed. The session's token was checked.
#[derive(Clone, Debug, Default)]
pub struct FormData(pub Vec<(String, String)>);

impl Expected {
    /// The version; refused when the client sent none.
    pub fn required(self) -> Result<i64> {
        self.0.ok_or_else(|| Problem::new(Code::PreconditionRequired, text(Language::English, "errors-if-match")))
    }
}

impl IdempotencyHeader {
    /// The key for the store, with the fingerprint of the body.
    pub fn of(&self, body: &[u8]) -> Option<IdempotencyKey> {
        self.0.as_ref().map(|key| IdempotencyKey { key: key.clone(), fingerprint: secrets::sha256_hex(body) })
    }

    /// The key for a body that was parsed already; its canonical JSON is the fingerprint.
    pub fn over<T: serde::Serialize>(&self, body: &T) -> Option<IdempotencyKey> {
        self.of(&serde_json::to_vec(body).unwrap_or_default())
    }
}

impl FormData {
    /// What was typed into the field, without spaces around it; `None` when it is empty.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// Everything sent under the name that is not empty.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.0
            .iter()
            .filter(|(known, _)| known == name)
            .map(|(_, value)| value.trim())
            .filter(|v| !v.is_empty())
            .collect()
    }

    /// What was typed into a password field, to the character; empty when nothing was.
    pub fn secret(&self, name: &str) -> &str {
        self.0.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// Whether the checkbox was ticked.
    pub fn is_ticked(&self, name: &str) -> bool {
        self.text(name).is_some()
    }

    /// The values to show again, as typed, without the token and passwords.
    pub fn typed(&self) -> Vec<(String, String)> {
        self.0.iter().filter(|(name, _)| name != "csrf" && !name.ends_with("password")).cloned().collect()
    }
}

/// Whether the body says that it is of one of these media types.
pub(super) fn is_media_type(request: &HttpRequest, wanted: &[&str]) -> bool {
    let sent = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let sent = sent.split(';').next().unwrap_or_default().trim();
    wanted.iter().any(|kind| sent.eq_ignore_ascii_case(kind))
}

async fn read_json_bytes(request: &HttpRequest, payload: &mut Payload, kinds: &[&str]) -> Result<Bytes> {
    let bytes = body::read_whole(request, payload).await?;
    if bytes.is_empty() {
        return Ok(Bytes::from_static(b"{}"));
    }
    ensure_media_type(request, kinds)?;
    Ok(bytes)
}

/// Refuses a body that says it is of none of these media types; the refusal names the first.
pub fn ensure_media_type(request: &HttpRequest, kinds: &[&str]) -> Result<()> {
    if is_media_type(request, kinds) {
        return Ok(());
    }
    let wanted = kinds.first().copied().unwrap_or_default();
    let says = Message::new("errors-media-type").with("kind", wanted).text(Language::English);
    Err(Problem::new(Code::UnsupportedMediaType, says))
}

impl<T: Input + 'static> FromRequest for Json<T> {
    type Error = Problem;
    type Future = ExtractorFuture<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let bytes = read_json_bytes(&request, &mut payload, &["application/json"]).await?;
            wire::read_input(wire::parse(&bytes)?, T::READ_ONLY).map(Self)
        })
    }
}

impl FromRequest for NoParameters {
    type Error = Problem;
    type Future = ExtractorFuture<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let bytes = read_json_bytes(&request, &mut payload, &["application/json"]).await?;
            wire::read::<Empty>(&bytes, &[]).map(|Empty {}| Self)
        })
    }
}

impl FromRequest for Patch {
    type Error = Problem;
    type Future = ExtractorFuture<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let kinds = ["application/merge-patch+json", "application/json"];
            let bytes = read_json_bytes(&request, &mut payload, &kinds).await?;
            wire::read(&bytes, &[]).map(Self)
        })
    }
}

impl FromRequest for Body {
    type Error = Problem;
    type Future = ExtractorFuture<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move { body::read_whole(&request, &mut payload).await.map(Self) })
    }
}

impl<T: DeserializeOwned> FromRequest for Query<T> {
    type Error = Problem;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(wire::read_query(request.query_string()).map(Self))
    }
}

impl<I: FromStr + 'static> FromRequest for Id<I> {
    type Error = Problem;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let id = request.match_info().get("id").and_then(|text| text.parse().ok());
        ready(id.map(Self).ok_or_else(|| Problem::not_found("resource")))
    }
}

impl<A: FromStr + 'static, B: FromStr + 'static> FromRequest for Ids<A, B> {
    type Error = Problem;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let mut texts = request.match_info().iter().map(|(_, text)| text);
        let first = texts.next().and_then(|text| text.parse().ok());
        let second = texts.next().and_then(|text| text.parse().ok());
        ready(
            first.zip(second).map(|(first, second)| Self(first, second)).ok_or_else(|| Problem::not_found("resource")),
        )
    }
}

impl FromRequest for Expected {
    type Error = Problem;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(sent) = request.headers().get(header::IF_MATCH) else { return ready(Ok(Self(None))) };
        let sent = sent.to_str().unwrap_or_default();
        if sent.trim() == "*" {
            return ready(Ok(Self(Some(ANY_VERSION))));
        }
        // Of several tags one must be the present one. Versions only grow, so it can be none but the newest that the client has seen.
        let version = sent.split(',').filter_map(version_of_etag).max();
        // A tag that we never gave is the tag of no version that exists.
        ready(Ok(Self(Some(version.unwrap_or(-1)))))
    }
}

/// The version in an ETag like `"v3"`, or `"v3.0123456789abcdef"` of a view that shows more than its version.
pub fn version_of_etag(tag: &str) -> Option<i64> {
    let text = tag.trim().trim_start_matches("W/").strip_prefix("\"v")?.strip_suffix('"')?;
    text.split('.').next()?.parse().ok().filter(|version: &i64| *version >= 0)
}

impl FromRequest for IdempotencyHeader {
    type Error = Problem;
    type Future = Ready<Result<Self>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(sent) = request.headers().get("idempotency-key") else { return ready(Ok(Self(None))) };
        let valid = |key: &&str| (1..=255).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
        let Some(key) = sent.to_str().ok().filter(valid) else {
            let problem = Problem::new(Code::BadRequest, text(Language::English, "errors-idempotency-key"));
            return ready(Err(problem));
        };
        let actor = identity(request).actor.binding();
        ready(Ok(Self(Some(format!("{actor} {} {} {key}", request.method(), request.path())))))
    }
}

/// Every field is a piece of memory of its own; a form has so many and no more.
fn admit_fields(request: &HttpRequest, form: &[u8]) -> Result<()> {
    let most = request.app_data::<Data<App>>().map_or(0, |app| app.config.limits.form_fields);
    let fields = 1 + form.iter().filter(|byte| **byte == b'&').count();
    if most == 0 || fields <= most {
        return Ok(());
    }
    Err(Problem::new(
        Code::TooLarge,
        Message::new("errors-form-fields").with("most", most.to_string()).text(Language::English),
    ))
}

impl FromRequest for FormData {
    type Error = Problem;
    type Future = ExtractorFuture<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, mut payload) = (request.clone(), payload.take());
        Box::pin(async move {
            let bytes = body::read_whole(&request, &mut payload).await?;
            admit_fields(&request, &bytes)?;
            let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(&bytes)
                .map_err(|_| Problem::new(Code::BadRequest, text(Language::English, "errors-form-unread")))?;
            let form = Self(pairs);
            ensure_token(&request, &form)?;
            Ok(form)
        })
    }
}

/// Refuses a form of a signed-in person that does not carry their session's token.
pub(super) fn ensure_token(request: &HttpRequest, form: &FormData) -> Result<()> {
    let token = identity(request).csrf;
    if token.is_empty() || secrets::equal(form.text("csrf").unwrap_or_default(), &token) {
        return Ok(());
    }
    Err(Problem::new(Code::Forbidden, text(Language::English, "errors-form-old")))
}

/// A parameter that must be of a kind: `parse("limit", "abc")` names the parameter in its refusal.
pub fn parse<T: FromStr>(name: &str, text: &str) -> Result<T>
where
    T::Err: std::fmt::Display,
{
    text.parse()
        .map_err(|error: T::Err| Problem::invalid_field(&format!("/{name}"), FieldCode::Format, error.to_string()))
}

/// A parameter that must be a moment (RFC 3339), in any zone.
///
/// # Errors
/// `invalid` naming the parameter.
pub fn parse_time(name: &str, given: &str) -> Result<Time> {
    let message = || text(Language::English, "errors-a-moment");
    given.parse().map_err(|_| Problem::invalid_field(&format!("/{name}"), FieldCode::Format, message()))
}

impl Input for serde_json::Value {}
