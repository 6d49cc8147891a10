//! Errors: one type for what a caller did wrong or could not have, one table of its public codes.
//!
//! Which error lives where: `rules.rs` and the parsing of input return small values of their own or [`FieldError`]s;
//! `actions.rs` and `store.rs` return [`Problem`]; `web/` turns a `Problem` into an RFC 9457 answer or an error page. A fault
//! of ours (database, disk, index) is [`Problem::internal`]: it carries its cause as its `source`, which is logged once, at the boundary that
//! answers (with the request's id), and never shown to the caller.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use crate::locale::{Language, Message, label, text};

/// Declares the codes with their HTTP status; the same rows make the documentation page of every `type` URL.
macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $status:literal;)*) => {
        /// The public error codes. A code is never renamed or given another status.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $name,)* }

        impl Code {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// The code as the API writes it.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $code,)* }
            }

            /// The HTTP status it answers with.
            pub fn status(self) -> u16 {
                match self { $(Code::$name => $status,)* }
            }

            /// A short title, the same for every occurrence.
            pub fn title(self, language: Language) -> &'static str {
                label(language, "error", self.as_str())
            }
        }
    };
}

codes! {
    /// The request could not be read: not JSON, a wrong type, an unknown field or parameter.
    BadRequest = "bad_request", 400;
    /// A cursor is not one that this server gave to this caller.
    BadCursor = "bad_cursor", 400;
    /// No key, or one that is unknown, expired or revoked.
    Unauthenticated = "unauthenticated", 401;
    /// The key lacks the scope, or the person's role the right.
    Forbidden = "forbidden", 403;
    /// The person has not confirmed their e-mail address yet; until then they look around and prepare drafts.
    Unconfirmed = "email_unconfirmed", 403;
    /// It does not exist, or it belongs to someone else.
    NotFound = "not_found", 404;
    /// The address exists, but not with this method.
    MethodNotAllowed = "method_not_allowed", 405;
    /// The client was too slow in sending the request.
    RequestTimeout = "request_timeout", 408;
    /// A request with this idempotency key was carried out; what it made was deleted since, or is over.
    Gone = "gone", 410;
    /// The thing is in a state that does not allow this.
    Conflict = "conflict", 409;
    /// Something with this name, number or key exists already.
    Duplicate = "duplicate", 409;
    /// `If-Match` names an older version.
    Stale = "stale", 412;
    /// The body or an uploaded file is too large.
    TooLarge = "too_large", 413;
    /// The address with its query is too long.
    UriTooLong = "uri_too_long", 414;
    /// The body's media type is not one that this address takes.
    UnsupportedMediaType = "unsupported_media_type", 415;
    /// Fields were read but what they say cannot be; `errors` names each.
    Invalid = "invalid", 422;
    /// The idempotency key was used before with another body.
    IdempotencyMismatch = "idempotency_mismatch", 422;
    /// PATCH and DELETE need `If-Match`.
    PreconditionRequired = "precondition_required", 428;
    /// The head of the request, with its cookies, is larger than any of ours.
    HeadTooLarge = "head_too_large", 431;
    /// Over a rate limit or quota.
    TooManyRequests = "too_many_requests", 429;
    /// A fault of the server; the log holds the cause under the request id.
    Internal = "internal", 500;
    /// The server cannot do this at the moment: starting, overloaded or out of disk.
    Unavailable = "unavailable", 503;
}

crate::shown_by!(title: Code, &Code, &&Code);

/// The public codes of single fields, in `errors[].code`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FieldCode {
    /// The field is needed and absent.
    Required,
    /// The field is not known here.
    Unknown,
    /// The value does not have the right form.
    Format,
    /// Too long, too many, too large or too small.
    Range,
    /// The value is well-formed but names nothing that exists.
    UnknownValue,
    /// The value contradicts another one.
    Contradiction,
    /// Contact details in a public text.
    ContactDetails,
    /// A check digit does not hold.
    CheckDigit,
}

impl FieldCode {
    /// The code as the API writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::Unknown => "unknown_field",
            Self::Format => "format",
            Self::Range => "range",
            Self::UnknownValue => "unknown_value",
            Self::Contradiction => "contradiction",
            Self::ContactDetails => "contact_details",
            Self::CheckDigit => "check_digit",
        }
    }
}

/// One field that is wrong: where it is, what is wrong and what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FieldError {
    /// An RFC 6901 JSON pointer into the input: `/price/min/currency`.
    pub pointer: String,
    /// What kind of mistake.
    pub code: FieldCode,
    /// A sentence without the field's name: "must be a UN/ECE Rec 20 unit code".
    pub message: String,
}

impl FieldError {
    /// An error at the pointer.
    pub fn new(pointer: impl Into<String>, code: FieldCode, message: impl Into<String>) -> Self {
        Self { pointer: pointer.into(), code, message: message.into() }
    }

    /// The field is needed and absent.
    pub fn required(pointer: impl Into<String>) -> Self {
        Self::new(pointer, FieldCode::Required, text(Language::English, "errors-required"))
    }
}

/// Why a use case was refused or failed; what the API answers and a page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The public code.
    pub code: Code,
    /// A sentence for this occurrence, safe to show to the caller.
    pub detail: String,
    /// The fields that are wrong, if it is about fields.
    pub fields: Vec<FieldError>,
    /// After how many seconds a retry makes sense (429, 503, and 409 of a request that still runs).
    pub retry_after_s: Option<u64>,
    transient: bool,
    cause: Cause,
}

/// What an error comes from, if that is known.
#[derive(Clone, Debug, Default)]
struct Cause(Option<Arc<dyn Error + Send + Sync>>);

impl Cause {
    fn as_error(&self) -> Option<&(dyn Error + 'static)> {
        self.0.as_ref().map(|cause| &**cause as &(dyn Error + 'static))
    }
}

/// Two problems are equal when a caller cannot tell them apart; no caller sees the cause.
impl PartialEq for Cause {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Cause {}

/// A cause with a few words of what was being done.
#[derive(Debug)]
struct During {
    what: String,
    cause: Cause,
}

impl fmt::Display for During {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

impl Error for During {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_error()
    }
}

/// What use cases return.
pub type Result<T> = std::result::Result<T, Problem>;

/// What was read, unless more is wrong with it: then all that is wrong at once.
///
/// # Errors
/// `invalid` with these errors beside those of the reading; another problem of the reading as it is.
pub fn with_errors<T>(read: Result<T>, errors: Vec<FieldError>) -> Result<T> {
    match read {
        Ok(_) if !errors.is_empty() => Err(Problem::invalid(errors)),
        Err(mut problem) if problem.code == Code::Invalid => {
            problem.fields.extend(errors);
            Err(problem)
        }
        read => read,
    }
}

impl Problem {
    /// A problem with a code and a sentence.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self {
            code,
            detail: detail.into(),
            fields: Vec::new(),
            retry_after_s: None,
            transient: false,
            cause: Cause::default(),
        }
    }

    /// Absent, or not the caller's: the same answer for both. `what` is what the message `errors-absent-{what}` says of it.
    pub fn not_found(what: &'static str) -> Self {
        Self::new(Code::NotFound, label(Language::English, "errors-absent", what))
    }

    /// The thing's state does not allow it; the sentence says which state would.
    pub fn conflict(detail: impl Into<String>) -> Self {
        Self::new(Code::Conflict, detail)
    }

    /// The caller may not do this; the sentence says what would be needed.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(Code::Forbidden, detail)
    }

    /// Fields that are wrong, in the order of the input.
    pub fn invalid(fields: Vec<FieldError>) -> Self {
        let detail = match fields.as_slice() {
            [one] => format!("{} {}.", one.pointer.trim_start_matches('/'), one.message),
            many => Message::new("errors-many-fields").with("count", many.len()).text(Language::English),
        };
        Self { code: Code::Invalid, detail, fields, retry_after_s: None, transient: false, cause: Cause::default() }
    }

    /// One field that is wrong.
    pub fn invalid_field(pointer: &str, code: FieldCode, message: impl Into<String>) -> Self {
        Self::invalid(vec![FieldError::new(pointer, code, message)])
    }

    /// A fault of ours: the caller learns only that there was one.
    pub fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        // Whether anything was changed is not known here: the fault may be that of a commit whose answer was lost.
        Self::new(Code::Internal, text(Language::English, "errors-internal")).caused_by(cause)
    }

    /// The same problem with what it comes from, for the log.
    #[must_use]
    pub fn caused_by(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let cause: Box<dyn Error + Send + Sync> = cause.into();
        self.cause = Cause(Some(Arc::from(cause)));
        self
    }

    /// The same problem with a few words of what was being done, for the log: "reading the rates".
    #[must_use]
    pub fn during(mut self, what: impl Into<String>) -> Self {
        let cause = std::mem::take(&mut self.cause);
        self.caused_by(During { what: what.into(), cause })
    }

    /// Logs the cause under the request's id and lets go of it, so that no boundary further out logs it again.
    #[must_use]
    pub fn logged(mut self, request_id: &str) -> Self {
        // Once, at the boundary, with the request's id; after that the cause is gone, so that nothing writes it a second time.
        if self.cause.0.is_some() {
            log::error!(request = request_id; "{self}");
            self.cause = Cause::default();
        }
        self
    }

    /// The database asked for the transaction to be run again; the store does so, and no caller sees this.
    pub(crate) fn transient() -> Self {
        let mut problem = Self::new(Code::Unavailable, text(Language::English, "errors-collided"));
        problem.transient = true;
        problem
    }

    /// Whether running the transaction again may succeed.
    pub(crate) fn is_transient(&self) -> bool {
        self.transient
    }

    /// The same problem with every field's pointer set below `prefix` (`/lines/3`).
    #[must_use]
    pub fn below(mut self, prefix: &str) -> Self {
        for field in &mut self.fields {
            field.pointer.insert_str(0, prefix);
        }
        self
    }
}

/// For the log and the command line: with the causes, which no answer shows.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code.as_str(), self.detail)?;
        // One field stands in the detail already.
        for field in self.fields.iter().filter(|_| self.fields.len() > 1) {
            write!(f, " {} {}.", field.pointer, field.message)?;
        }
        let mut cause = self.source();
        while let Some(error) = cause {
            write!(f, " Cause: {error}.")?;
            cause = error.source();
        }
        Ok(())
    }
}

impl Error for Problem {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.cause.as_error()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_keeps_its_causes_and_tells_the_caller_none() {
        let io = std::io::Error::other("disk on fire");
        let problem = Problem::internal(io).during("writing the index");
        assert_eq!(problem.detail, "The request could not be completed.");
        let first = problem.source().unwrap();
        assert_eq!(
            (first.to_string().as_str(), first.source().unwrap().to_string().as_str()),
            ("writing the index", "disk on fire")
        );
        assert!(problem.to_string().ends_with("Cause: writing the index. Cause: disk on fire."), "{problem}");
        assert!(problem.logged("1").source().is_none());
    }
}
