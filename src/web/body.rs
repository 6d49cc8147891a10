//! Bodies of requests as they arrive: at most so large, within a deadline, and never slower than the throughput.
//!
//! Every kind of body is read here: [`read_whole`] for what fits in memory (JSON, forms), [`BodyReader`] for what is read
//! piece by piece.

use std::time::Duration;

use actix_web::HttpRequest;
use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::http::header;
use actix_web::web::{Bytes, Data};

use super::throughput::{Throughput, TooSlow, Transfer};
use crate::app::App;
use crate::config::Limits;
use crate::error::{Code, Problem, Result};
use crate::locale::{Language, Message, text};

/// What a body may be; a size or time of 0 is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BodyLimits {
    /// The most bytes.
    pub bytes: usize,
    /// How long it may take in all.
    pub whole: Duration,
    /// How slow it may be.
    pub throughput: Throughput,
}

impl BodyLimits {
    /// For JSON and forms.
    pub fn of_bodies(limits: &Limits) -> Self {
        Self {
            bytes: limits.body_bytes,
            whole: Duration::from_millis(limits.body_ms),
            throughput: Throughput::new(limits.grace_ms, limits.body_rate),
        }
    }

    fn admits(&self, bytes: usize) -> Result<()> {
        if self.bytes == 0 || bytes <= self.bytes {
            return Ok(());
        }
        Err(Problem::new(
            Code::TooLarge,
            Message::new("errors-body-too-large").with("most", self.bytes.to_string()).text(Language::English),
        ))
    }
}

/// Reads a body as it arrives.
pub struct BodyReader {
    payload: Payload,
    limits: BodyLimits,
    transfer: Transfer,
}

impl BodyReader {
    /// The body of the request, refused at once when its head says that it cannot be read.
    pub fn open(request: &HttpRequest, payload: &mut Payload, limits: BodyLimits) -> Result<Self> {
        ensure_plain(request)?;
        limits.admits(announced(request))?;
        Ok(Self { payload: payload.take(), limits, transfer: Transfer::begin(limits.whole, limits.throughput) })
    }

    /// The next part; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Bytes>> {
        let chunk = self.transfer.next(&mut self.payload).await.map_err(|TooSlow| too_slow())?;
        let Some(chunk) = chunk.transpose().map_err(|error| self.unreadable(&error))? else { return Ok(None) };
        self.transfer.add(chunk.len());
        self.limits.admits(usize::try_from(self.transfer.received()).unwrap_or(usize::MAX))?;
        Ok(Some(chunk))
    }

    fn unreadable(&self, error: &PayloadError) -> Problem {
        match error {
            PayloadError::Overflow => Problem::new(
                Code::TooLarge,
                Message::new("errors-body-too-large")
                    .with("most", self.limits.bytes.to_string())
                    .text(Language::English),
            ),
            // The framework's own words name its types.
            PayloadError::Incomplete(_) => Problem::new(Code::BadRequest, text(Language::English, "errors-body-ended")),
            _ => Problem::new(Code::BadRequest, text(Language::English, "errors-body-broken")),
        }
    }
}

/// Reads a body of the usual kind into memory.
pub async fn read_whole(request: &HttpRequest, payload: &mut Payload) -> Result<Bytes> {
    let Some(app) = request.app_data::<Data<App>>() else {
        return Err(Problem::internal("a body was read outside the application"));
    };
    let mut reader = BodyReader::open(request, payload, BodyLimits::of_bodies(&app.config.limits))?;
    let mut body = Vec::with_capacity(announced(request).min(64 << 10));
    while let Some(chunk) = reader.next().await? {
        body.extend_from_slice(&chunk);
    }
    Ok(Bytes::from(body))
}

/// Refuses a body that is packed: unpacked it may be any size.
pub fn ensure_plain(request: &HttpRequest) -> Result<()> {
    let mut codings = request.headers().get_all(header::CONTENT_ENCODING);
    if codings.all(|coding| coding.as_bytes().eq_ignore_ascii_case(b"identity")) {
        return Ok(());
    }
    Err(Problem::new(Code::UnsupportedMediaType, text(Language::English, "errors-body-encoded")))
}

/// The length that the head promises; 0 where it promises none.
pub fn announced(request: &HttpRequest) -> usize {
    let length = request.headers().get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    length.and_then(|length| length.parse().ok()).unwrap_or(0)
}

fn too_slow() -> Problem {
    Problem::new(Code::RequestTimeout, text(Language::English, "errors-body-slow"))
}
