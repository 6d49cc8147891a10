//! The language of who reads, as their browser or program states it.

use actix_web::HttpRequest;
use actix_web::http::header::{AcceptLanguage, Header};

use crate::reference::codes::Language;

/// The most wanted of the languages in `Accept-Language`, if the request names one.
pub fn reader_language(request: &HttpRequest) -> Option<Language> {
    let wanted = AcceptLanguage::parse(request).ok()?.ranked();
    let code = |range: &str| range.get(..2).map(str::to_ascii_lowercase);
    wanted.iter().filter_map(|range| code(&range.to_string())?.parse().ok()).next()
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn read(header: &str) -> Option<String> {
        let request = TestRequest::default().insert_header(("accept-language", header)).to_http_request();
        reader_language(&request).map(|language| language.to_string())
    }

    #[test]
    fn the_most_wanted_language() {
        assert_eq!(read("es-MX,es;q=0.9,en;q=0.8").as_deref(), Some("es"));
        assert_eq!(read("en;q=0.2, de-AT;q=0.7").as_deref(), Some("de"));
        assert_eq!(read("*"), None);
        assert_eq!(read("§§"), None);
        assert_eq!(reader_language(&TestRequest::default().to_http_request()), None);
    }
}
