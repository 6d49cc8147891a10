//! The plain error answers of the framework to what is no request, replaced by a problem as everywhere else.
//!
//! A head that cannot be read, is too large or does not arrive is refused before the application hears of it, by a status line and
//! no word. No other answer lacks the request id, and such a one is written just before the connection ends. It is put into form
//! where it is written alone; right behind the answer to a request that came before it, it stays plain, for to look for it there
//! would be to look through bodies.

use actix_web::http::StatusCode;

use crate::error::{Code, Problem};
use crate::locale::{Language, text};
use crate::web::headers::{ALWAYS, HSTS, make_request_id};
use crate::web::problem::{ProblemBody, of_status};

/// The longest plain answer, in bytes.
// What the framework writes of itself is a status line and three headers; what is longer is an answer of ours.
const MAX_BYTES: usize = 300;

/// The problem to send in place of a plain error answer; `None` for everything else. `site` is the address of the platform.
pub fn problem_in_place_of(written: &[u8], site: &str) -> Option<Vec<u8>> {
    if written.len() > MAX_BYTES || !written.starts_with(b"HTTP/1.1 ") {
        return None;
    }
    let head = std::str::from_utf8(written).ok()?.strip_suffix("\r\n\r\n")?;
    let status = head.strip_prefix("HTTP/1.1 ")?.get(..3)?.parse().ok()?;
    let status =
        StatusCode::from_u16(status).ok().filter(|status| status.is_client_error() || status.is_server_error())?;
    let is_plain =
        // Every answer of ours has a request id; only what never reached our code has none.
        head.contains("\r\ncontent-length: 0") && !head.contains("\r\n\r\n") && !head.contains("x-request-id");
    is_plain.then(|| render(status, &problem_of(status), site))
}

fn problem_of(status: StatusCode) -> Problem {
    match status.as_u16() {
        400 => Problem::new(Code::BadRequest, text(Language::English, "errors-not-http")),
        408 => Problem::new(Code::RequestTimeout, text(Language::English, "errors-head-slow")),
        431 => Problem::new(Code::HeadTooLarge, text(Language::English, "errors-head-large")),
        _ => of_status(status),
    }
}

fn render(status: StatusCode, problem: &Problem, site: &str) -> Vec<u8> {
    let id = make_request_id();
    let body = serde_json::to_string(&ProblemBody::new(problem, site, &id)).unwrap_or_default();
    let guards: String = ALWAYS.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let is_https = site.starts_with("https://");
    let hsts = if is_https { format!("strict-transport-security: {HSTS}\r\n") } else { String::new() };
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-length: {}\r\ncontent-type: application/problem+json\r\nconnection: close\r\n\
         x-request-id: {id}\r\n{guards}{hsts}\r\n",
        body.len()
    );
    [head, body].concat().into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_refusals_become_problems() {
        let plain = b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\ndate: Thu, 01 Jan 1970 00:00:00 GMT\r\n\r\n";
        let whole = String::from_utf8(problem_in_place_of(plain, "https://trade.example").unwrap()).unwrap();
        let (head, body) = whole.split_once("\r\n\r\n").unwrap();
        assert!(
            head.starts_with("HTTP/1.1 400 Bad Request\r\n") && head.contains("\r\nconnection: close\r\n"),
            "{head}"
        );
        assert!(head.contains(&format!("content-length: {}\r\n", body.len())), "{head}");
        assert!(body.contains("https://trade.example/api/problems#bad_request"), "{body}");
        assert!(problem_in_place_of(&whole.into_bytes(), "").is_none(), "it is not plain any more");
    }

    #[test]
    fn nothing_else_is_touched() {
        for written in [
            "HTTP/1.1 100 Continue\r\n\r\n",
            "HTTP/1.1 204 No Content\r\ncontent-length: 0\r\n\r\n",
            "HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nx-request-id: a\r\n\r\n",
            "HTTP/1.1 404 Not Found\r\ncontent-length: 5\r\n\r\n",
            "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\nrest",
            "a body",
            "",
        ] {
            assert!(problem_in_place_of(written.as_bytes(), "").is_none(), "{written:?}");
        }
    }
}
