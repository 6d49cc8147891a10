//! This program as one of the peers: a search of [`limit`] or [`fts`] behind actix-web.

use std::net::SocketAddr;

use actix_web::web::{self, Query};
use actix_web::{App, HttpResponse, HttpServer, rt};
use serde::Deserialize;

use crate::server::SearchFn;
use crate::{fts, limit};

#[derive(Deserialize)]
struct SearchParams {
    q: String,
}

/// Serves as a peer until it is killed.
pub fn serve(peer: &str, place: &str) {
    let address: SocketAddr = std::env::var("ADDRESS").unwrap().parse().unwrap();
    let (peer, place) = (peer.to_owned(), place.to_owned());
    let server = HttpServer::new(move || {
        let search: SearchFn = match peer.as_str() {
            "limit" => limit::open(place.as_ref()),
            "SQLite FTS5" => fts::open_sqlite(&place),
            _ => fts::open_postgres(&place),
        };
        let search = std::rc::Rc::new(search);
        App::new().app_data(search).route("/search", web::get().to(answer))
    });
    rt::System::new().block_on(server.workers(2).bind(address).unwrap().run()).unwrap();
}

async fn answer(request: actix_web::HttpRequest, Query(params): Query<SearchParams>) -> HttpResponse {
    let search = request.app_data::<std::rc::Rc<SearchFn>>().unwrap();
    HttpResponse::Ok().content_type("application/json").body(search(&params.q))
}
