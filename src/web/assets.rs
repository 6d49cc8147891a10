//! The site's own stylesheet, script, icons and favicon: embedded in the binary, served under names that carry their content's hash.
//!
//! A name changes whenever the content does, so browsers may keep a file for ever. A page of an older version may still ask for
//! an older hash after an update; it then gets the present file, which is not to be kept.

use std::borrow::Cow;
use std::sync::LazyLock;

use actix_web::http::header;
use actix_web::{HttpResponse, web};
use rust_embed::RustEmbed;

use crate::hex;

#[derive(RustEmbed)]
#[folder = "src/web/assets/"]
struct Files;

struct Asset {
    /// The file's name in the folder: `site.css`.
    name: String,
    /// The name it is served under: `site.0123456789ab.css`.
    hashed: String,
    /// The address: `/assets/site.0123456789ab.css`.
    path: String,
    content: Cow<'static, [u8]>,
}

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| Files::iter().filter_map(|name| Asset::read(&name)).collect());

impl Asset {
    fn read(name: &str) -> Option<Self> {
        let file = Files::get(name)?;
        let hash = hex::encode(&file.metadata.sha256_hash()[..6]);
        let (stem, extension) = name.rsplit_once('.')?;
        let hashed = format!("{stem}.{hash}.{extension}");
        Some(Self { name: name.to_owned(), path: format!("/assets/{hashed}"), hashed, content: file.data })
    }

    fn content_type(&self) -> &'static str {
        match self.name.rsplit('.').next() {
            Some("css") => "text/css; charset=utf-8",
            Some("js") => "text/javascript; charset=utf-8",
            Some("svg") => "image/svg+xml",
            _ => "application/octet-stream",
        }
    }
}

/// The address of an asset for templates: `asset_path("site.css")` is `/assets/site.0123456789ab.css`; empty for an unknown name.
pub fn asset_path(name: &str) -> &'static str {
    ASSETS.iter().find(|asset| asset.name == name).map_or("", |asset| &asset.path)
}

/// Every asset as its file name in the folder, its address and its bytes.
pub fn all() -> impl Iterator<Item = (&'static str, &'static str, &'static [u8])> {
    ASSETS.iter().map(|asset| (asset.name.as_str(), asset.path.as_str(), asset.content.as_ref()))
}

/// Adds `GET /assets/{name}`.
pub fn routes(config: &mut web::ServiceConfig) {
    config.route("/assets/{name}", web::get().to(asset));
}

async fn asset(name: web::Path<String>) -> HttpResponse {
    let exact = ASSETS.iter().find(|asset| asset.hashed == *name);
    let (found, caching) = match exact {
        Some(asset) => (Some(asset), "public, max-age=31536000, immutable"),
        None => (ASSETS.iter().find(|asset| is_other_version(asset, &name)), "no-cache"),
    };
    match found {
        Some(asset) => HttpResponse::Ok()
            .insert_header((header::CONTENT_TYPE, asset.content_type()))
            .insert_header((header::CACHE_CONTROL, caching))
            .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .body(asset.content.as_ref()),
        None => HttpResponse::NotFound().content_type("text/plain; charset=utf-8").body("There is no such asset.\n"),
    }
}

/// Whether `asked` is the asset under the hash of another version, or under its plain name.
fn is_other_version(asset: &Asset, asked: &str) -> bool {
    let Some((stem, extension)) = asset.name.rsplit_once('.') else { return false };
    asked == asset.name
        || asked
            .strip_prefix(stem)
            .and_then(|rest| rest.strip_prefix('.'))
            .and_then(|rest| rest.strip_suffix(extension))
            .and_then(|rest| rest.strip_suffix('.'))
            .is_some_and(|hash| hash.len() == 12 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::App;
    use actix_web::test as http;

    #[test]
    fn every_asset_has_a_hashed_address() {
        for name in ["site.css", "enhance.js", "icons.svg", "favicon.svg"] {
            let (stem, extension) = name.rsplit_once('.').unwrap();
            let path = asset_path(name);
            assert!(path.starts_with(&format!("/assets/{stem}.")) && path.ends_with(extension), "{path}");
        }
        assert_eq!(asset_path("absent.css"), "");
    }

    #[test]
    fn the_script_and_the_stylesheet_stay_small() {
        let size = |name: &str| Files::get(name).unwrap().data.len();
        assert!(size("enhance.js") < 10_000, "{}", size("enhance.js"));
        assert!(size("site.css") < 24_000, "{}", size("site.css"));
    }

    #[actix_web::test]
    async fn only_the_exact_name_may_be_kept_for_ever() {
        let app = http::init_service(App::new().configure(routes)).await;
        for (path, status, caching) in [
            (asset_path("site.css"), 200, "public, max-age=31536000, immutable"),
            ("/assets/site.000000000000.css", 200, "no-cache"),
            ("/assets/site.css", 200, "no-cache"),
            ("/assets/other.css", 404, ""),
            ("/assets/site.zz0000000000.css", 404, ""),
        ] {
            let answer = http::call_service(&app, http::TestRequest::get().uri(path).to_request()).await;
            assert_eq!(answer.status().as_u16(), status, "{path}");
            let header = answer.headers().get(header::CACHE_CONTROL).map_or("", |value| value.to_str().unwrap());
            assert_eq!(header, caching, "{path}");
        }
    }
}
