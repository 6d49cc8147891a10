//! Answers that are made while they are sent: a file as large as a company's catalogue is never in memory at once.

use std::fs::File;
use std::future::ready;
use std::io::Read;
use std::sync::Arc;

use actix_web::http::header;
use actix_web::web::{Bytes, Data};
use actix_web::{HttpResponse, HttpResponseBuilder};
use futures_util::stream::{self, Stream, StreamExt};

use super::run;
use crate::app::App;
use crate::error::{Problem, Result};

/// Bytes of a file that are sent at once.
const PIECE: u64 = 256 << 10;

/// Bytes, and behind what the next ones begin; none at the end.
pub type Part = (Vec<u8>, Option<i64>);

/// The parts that `load` reads, each behind the one before.
///
/// # Errors
/// Those of the first part, which is read before the answer begins. A later one breaks the answer off.
pub async fn parts<L>(app: &Data<App>, load: L) -> Result<impl Stream<Item = Result<Bytes>> + use<L>>
where
    L: Fn(&App, Option<i64>) -> Result<Part> + Send + Sync + 'static,
{
    let load = Arc::new(load);
    let first = Arc::clone(&load);
    let (bytes, next) = run(app, move |app| first(app, None)).await?;
    let app = Data::clone(app);
    let later = stream::try_unfold(next, move |after| {
        let (app, load) = (Data::clone(&app), Arc::clone(&load));
        async move {
            let Some(after) = after else { return Ok(None) };
            let (bytes, next) = run(&app, move |app| load(app, Some(after))).await?;
            Ok(Some((Bytes::from(bytes), next)))
        }
    });
    Ok(stream::once(ready(Ok(Bytes::from(bytes)))).chain(later))
}

/// The file from where it stands, piece by piece; a fault breaks the answer off.
pub fn file(app: &Data<App>, file: File) -> impl Stream<Item = Result<Bytes>> + use<> {
    let app = Data::clone(app);
    stream::try_unfold(Some(file), move |file| {
        let app = Data::clone(&app);
        async move {
            let Some(mut file) = file else { return Ok(None) };
            let (piece, file) = run(&app, move |_| {
                let mut piece = Vec::new();
                Read::by_ref(&mut file).take(PIECE).read_to_end(&mut piece).map_err(Problem::internal)?;
                Ok((piece, file))
            })
            .await?;
            Ok((!piece.is_empty()).then(|| (Bytes::from(piece), Some(file))))
        }
    })
}

/// The beginning of an answer that is a file to be kept under the name.
pub fn attachment(kind: &str, name: &str) -> HttpResponseBuilder {
    let mut answer = HttpResponse::Ok();
    answer.insert_header((header::CONTENT_TYPE, kind));
    answer.insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")));
    answer.insert_header((header::CACHE_CONTROL, "no-store"));
    answer
}
