//! Requests forged by other sites: unsafe methods of the site are refused unless they come from its own pages.
//!
//! The browser says where a request comes from (`Sec-Fetch-Site`, or `Origin` from older ones); one that says nothing at all is
//! refused too. Every form carries a token as a second line: of signed-in people the session's ([`super::input::FormData`]), of others
//! that of a cookie of its own ([`super::anonymous_form`]). The API is
//! exempt because it takes no cookies; the one-click unsubscribe is exempt because mail programs send it, with a signed token.

use actix_web::Error;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::web::Data;

use super::actor::is_api;
use crate::app::App;
use crate::error::{Code, Problem};
use crate::locale::{Language, text};

/// The routes that other programs post to, each with a signature of its own.
const EXEMPT: &[&str] = &["/unsubscribe/"];

/// The middleware.
pub async fn guard<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let exempt = is_api(request.path()) || EXEMPT.iter().any(|prefix| request.path().starts_with(prefix));
    if !request.method().is_safe() && !exempt && !is_same_origin(&request) {
        return Err(Problem::new(Code::Forbidden, text(Language::English, "errors-form-elsewhere")).into());
    }
    next.call(request).await
}

fn is_same_origin(request: &ServiceRequest) -> bool {
    let text = |name: header::HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
    // No script can set this header, so where it is there it decides alone: an `Origin` that fits does not outweigh `cross-site`.
    if let Some(site) = text(header::HeaderName::from_static("sec-fetch-site")) {
        return matches!(site, "same-origin" | "none");
    }
    // A browser that says nothing is from before about 2020; it is refused rather than believed, and `Referer` may be left out by anybody.
    let Some(origin) = text(header::ORIGIN) else { return false };
    let public = request.app_data::<Data<App>>().map(|app| app.config.server.public_url.clone()).unwrap_or_default();
    // The host that the browser used is as good as the configured one, but nobody vouches for what plain http says of an https site.
    let host = text(header::HOST).unwrap_or_default();
    let is_plain = public.starts_with("http://") && origin == format!("http://{host}");
    origin == public || origin == format!("https://{host}") || is_plain
}
