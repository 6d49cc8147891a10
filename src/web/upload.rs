//! Uploads: files that come as a raw body or in a form, written to disk piece by piece while they arrive.
//!
//! An upload may take long, but not for ever and not for nothing: after its first seconds it has to keep up a least rate, and there is a
//! limit for the whole, and for how many slow ones a company has at once. A file is never in memory at once.

use std::pin::Pin;
use std::time::Duration;

use actix_multipart::{Field, Multipart};
use actix_web::dev::Payload;
use actix_web::http::header::{self, ContentDisposition};
use actix_web::rt::time::{Instant, timeout};
use actix_web::web::{Bytes, Data};
use actix_web::{FromRequest, HttpRequest};
use futures_util::Stream;

use super::actor::identity;
use super::body::{announced, ensure_plain};
use super::input::{FormData, ensure_token, is_media_type};
use super::slow_uploads::{OfCompany, SlowPermit, SlowUploads};
use super::throughput::{Throughput, TooSlow, Transfer};
use crate::app::App;
use crate::blobs::{ReceivedFile, too_large};
use crate::config::Limits;
use crate::error::{Code, FieldCode, Problem, Result};
use crate::locale::{self, Language, Message};

/// So much is gathered before it is written to the file.
// Pieces come in by some kilobytes: to hand each to another thread would cost more than to write it.
const WRITE_BYTES: usize = 256 << 10;
/// An upload that comes at this rate is not slow, however long it is. In bytes a second.
const STEADY_RATE: u64 = 100_000;
/// When whoever has too many slow uploads may come back, in seconds.
const SLOW_RETRY_S: u64 = 30;
/// The most files in one form.
const MOST_FILES: usize = 10;

/// A file that was sent, and what its sender calls it.
pub struct SentFile {
    /// The form's field, or nothing for a raw body.
    pub field: String,
    /// The name, as sent.
    pub name: String,
    /// The bytes, on disk.
    pub received: ReceivedFile,
}

/// A form of the site with files in it, sent by somebody who is signed in; plain forms are taken too. The session's token was checked.
pub struct FormWithFiles {
    /// What was typed.
    pub form: FormData,
    /// The files, in their order; fields in which none was chosen are left out.
    pub files: Vec<SentFile>,
}

/// The same with one file, which may be as large as a catalogue.
pub struct FormWithImport(pub FormWithFiles);

/// An upload on its way. It may take longer than other bodies: its grace is the time that a whole body of another kind has. One that has not
/// come at [`STEADY_RATE`] by then is slow, and a company has few of these at once: each occupies a connection and a file for a long time.
struct Upload {
    transfer: Transfer,
    slow: SlowUpload,
    begun: Instant,
    bytes: u64,
    grace: Duration,
    /// How many slow ones a company may have.
    most: u32,
}

/// Whether an upload counts among the slow ones of its company.
enum SlowUpload {
    /// Not yet; it will from then on.
    From(Instant, OfCompany),
    /// It does.
    Counted { _permit: SlowPermit },
    /// It never will: nobody in particular sends it, or there is no limit.
    Never,
}

impl Upload {
    fn begin(http: &HttpRequest, limits: &Limits) -> Self {
        let throughput = Throughput::new(limits.body_ms, limits.upload_rate);
        let transfer = Transfer::begin(Duration::from_millis(limits.upload_ms), throughput);
        let grace = Duration::from_millis(limits.grace_ms);
        let most = limits.slow_uploads_per_company;
        let slow = match (http.app_data::<Data<SlowUploads>>(), identity(http).actor.company()) {
            (Some(uploads), Some(company)) if limits.enabled && most > 0 => {
                SlowUpload::From(Instant::now() + grace, uploads.of(company, most))
            }
            _ => SlowUpload::Never,
        };
        Self { transfer, slow, begun: Instant::now(), bytes: 0, grace, most }
    }

    /// The next piece; `None` at the end.
    async fn next<T>(&mut self, stream: &mut (impl Stream<Item = T> + Unpin)) -> Result<Option<T>> {
        while let SlowUpload::From(at, _) = &self.slow {
            let left = at.saturating_duration_since(Instant::now());
            if let Ok(piece) = timeout(left, self.transfer.next(stream)).await {
                return piece.map_err(too_slow);
            }
            self.look_at_rate()?;
        }
        self.transfer.next(stream).await.map_err(too_slow)
    }

    /// Counts the upload among the slow ones where it is one, else looks again later: long is not slow.
    fn look_at_rate(&mut self) -> Result<()> {
        let rate = self.bytes.checked_div(self.begun.elapsed().as_secs()).unwrap_or(u64::MAX);
        self.slow = match std::mem::replace(&mut self.slow, SlowUpload::Never) {
            SlowUpload::From(_, uploads) if rate >= STEADY_RATE => {
                SlowUpload::From(Instant::now() + self.grace, uploads)
            }
            SlowUpload::From(_, uploads) => {
                SlowUpload::Counted { _permit: uploads.acquire().ok_or_else(|| too_many_slow(self.most))? }
            }
            other => other,
        };
        Ok(())
    }

    fn add(&mut self, bytes: usize) {
        self.bytes += u64::try_from(bytes).unwrap_or(u64::MAX);
        self.transfer.add(bytes);
    }
}

fn too_slow(_: TooSlow) -> Problem {
    Problem::new(Code::RequestTimeout, locale::text(Language::English, "errors-upload-slow"))
}

fn too_many_slow(most: u32) -> Problem {
    let message = Message::new("errors-uploads-slow").with("most", most).with("rate", STEADY_RATE / 1_000);
    let mut problem = Problem::new(Code::TooManyRequests, message.text(Language::English));
    problem.retry_after_s = Some(SLOW_RETRY_S);
    problem
}

/// A raw body, or the first file of a multipart one; `name` is what the address calls it, which goes before the headers.
///
/// # Errors
/// `too_large`, `request_timeout`; `invalid` naming `/content` for a multipart body without a file.
pub async fn receive(http: &HttpRequest, app: &Data<App>, payload: Payload, name: Option<String>) -> Result<SentFile> {
    receive_at_most(http, app, payload, name, app.config.limits.upload_bytes).await
}

/// The same for files that may have another size.
///
/// # Errors
/// As [`receive`].
pub async fn receive_at_most(
    http: &HttpRequest,
    app: &Data<App>,
    mut payload: Payload,
    name: Option<String>,
    most: u64,
) -> Result<SentFile> {
    let mut upload = Upload::begin(http, &app.config.limits);
    ensure_plain(http)?;
    let mut sent = if is_media_type(http, &["multipart/form-data"]) {
        let mut reader = FormReader::new(app, http, payload, most);
        reader.read(&mut upload, |_| Ok(())).await?;
        let first = reader.files.into_iter().next();
        first.ok_or_else(|| {
            Problem::invalid_field("/content", FieldCode::Required, locale::text(Language::English, "errors-a-file"))
        })?
    } else {
        ensure_fits(http, most)?;
        let received = gather(app, &mut upload, &mut payload, most).await?;
        SentFile { field: String::new(), name: disposition_name(http).unwrap_or_default(), received }
    };
    if let Some(name) = name {
        sent.name = name;
    }
    Ok(sent)
}

/// Refuses at once what its head already says is too large, before a byte of it is read.
fn ensure_fits(http: &HttpRequest, most: u64) -> Result<()> {
    if announced(http) as u64 > most { Err(too_large(most)) } else { Ok(()) }
}

/// The file name of the `Content-Disposition` header; RFC 8187's `filename*` goes before `filename`.
fn disposition_name(http: &HttpRequest) -> Option<String> {
    let disposition = ContentDisposition::from_raw(http.headers().get(header::CONTENT_DISPOSITION)?).ok()?;
    let extended = disposition.get_filename_ext().map(|name| String::from_utf8_lossy(&name.value).into_owned());
    extended.or_else(|| disposition.get_filename().map(str::to_owned))
}

/// Writes the pieces to a file as they come.
async fn gather<E: std::fmt::Display>(
    app: &Data<App>,
    upload: &mut Upload,
    pieces: &mut (impl Stream<Item = std::result::Result<Bytes, E>> + Unpin),
    most: u64,
) -> Result<ReceivedFile> {
    let mut incoming = app.blobs.receive(most)?;
    let mut waiting = Vec::new();
    loop {
        let piece = upload.next(pieces).await?.transpose().map_err(|error| unreadable(&error))?;
        let is_end = piece.is_none();
        if let Some(piece) = piece {
            upload.add(piece.len());
            waiting.extend_from_slice(&piece);
        }
        if waiting.len() >= WRITE_BYTES || (is_end && !waiting.is_empty()) {
            let full = std::mem::take(&mut waiting);
            // Never on the event loop: a slow disk would stop all requests of the thread.
            let written = actix_web::web::block(move || incoming.take(&full).map(|()| incoming)).await;
            incoming = written.map_err(Problem::internal)??;
        }
        if is_end {
            return Ok(incoming.finish());
        }
    }
}

fn unreadable(error: &impl std::fmt::Display) -> Problem {
    Problem::new(
        Code::BadRequest,
        Message::new("errors-upload-unread").with("error", error.to_string()).text(Language::English),
    )
}

/// Reads a multipart form, field by field.
struct FormReader {
    app: Data<App>,
    body: Multipart,
    form: FormData,
    files: Vec<SentFile>,
    typed_bytes: usize,
    /// The most bytes of one file.
    most: u64,
}

impl FormReader {
    fn new(app: &Data<App>, http: &HttpRequest, payload: Payload, most: u64) -> Self {
        let body = Multipart::new(http.headers(), payload);
        Self { app: Data::clone(app), body, form: FormData::default(), files: Vec::new(), typed_bytes: 0, most }
    }

    /// Reads all fields; `may` is asked before the first file is taken, with what was typed above it.
    async fn read(&mut self, upload: &mut Upload, may: impl Fn(&FormData) -> Result<()>) -> Result<()> {
        while let Some(field) = upload.next(&mut self.body).await? {
            let mut field = field.map_err(|error| unreadable(&error))?;
            let name = field.name().unwrap_or_default().to_owned();
            let file_name = field.content_disposition().and_then(|it| it.get_filename().map(str::to_owned));
            match file_name {
                Some(file_name) => {
                    may(&self.form)?;
                    let received = gather(&self.app, upload, &mut field, self.most).await?;
                    self.add_file(name, file_name, received)?;
                }
                None => {
                    let typed = self.read_text(upload, &mut field).await?;
                    self.form.0.push((name, typed));
                }
            }
        }
        may(&self.form)
    }

    /// A browser sends a field in which no file was chosen as an empty file without a name.
    fn add_file(&mut self, field: String, name: String, received: ReceivedFile) -> Result<()> {
        if name.is_empty() && received.bytes == 0 {
            return Ok(());
        }
        if self.files.len() == MOST_FILES {
            let message = Message::new("errors-files").with("most", MOST_FILES).text(Language::English);
            return Err(Problem::invalid_field(&format!("/{field}"), FieldCode::Range, message));
        }
        self.files.push(SentFile { field, name, received });
        Ok(())
    }

    async fn read_text(&mut self, upload: &mut Upload, field: &mut Field) -> Result<String> {
        let most = self.app.config.limits.body_bytes;
        let mut text = Vec::new();
        while let Some(piece) = upload.next(field).await? {
            let piece = piece.map_err(|error| unreadable(&error))?;
            upload.add(piece.len());
            self.typed_bytes += piece.len();
            if self.typed_bytes > most {
                return Err(Problem::new(
                    Code::TooLarge,
                    Message::new("errors-typed-long").with("most", most.to_string()).text(Language::English),
                ));
            }
            text.extend_from_slice(&piece);
        }
        String::from_utf8(text)
            .map_err(|_| Problem::new(Code::BadRequest, locale::text(Language::English, "errors-form-unread")))
    }
}

impl FromRequest for FormWithFiles {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        read_form(request, payload, |limits| limits.upload_bytes, MOST_FILES)
    }
}

impl FromRequest for FormWithImport {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let form = read_form(request, payload, |limits| limits.import_bytes, 1);
        Box::pin(async move { form.await.map(Self) })
    }
}

/// Reads a form with files of at most `most_bytes`, of which `most_files` fit.
fn read_form(
    request: &HttpRequest,
    payload: &mut Payload,
    most_bytes: fn(&Limits) -> u64,
    most_files: usize,
) -> Pin<Box<dyn Future<Output = Result<FormWithFiles>>>> {
    if !is_media_type(request, &["multipart/form-data"]) {
        let plain = FormData::from_request(request, payload);
        return Box::pin(async move { Ok(FormWithFiles { form: plain.await?, files: Vec::new() }) });
    }
    let (request, payload) = (request.clone(), payload.take());
    Box::pin(async move {
        if identity(&request).actor.company().is_none() {
            return Err(Problem::new(
                Code::Unauthenticated,
                locale::text(Language::English, "errors-sign-in-for-files"),
            ));
        }
        let Some(app) = request.app_data::<Data<App>>() else {
            return Err(Problem::internal("a form came before there was an application"));
        };
        ensure_plain(&request)?;
        let limits = &app.config.limits;
        let most = most_bytes(limits);
        ensure_fits(&request, most * most_files as u64 + limits.body_bytes as u64)?;
        let mut upload = Upload::begin(&request, limits);
        let mut reader = FormReader::new(app, &request, payload, most);
        reader.read(&mut upload, |form| ensure_token(&request, form)).await?;
        Ok(FormWithFiles { form: reader.form, files: reader.files })
    })
}
