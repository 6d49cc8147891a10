//! Answers that are made while they are sent: a file as large as a company's catalogue is never in memory at once.

use std::future::ready;
use std::sync::Arc;

use actix_web::web::{Bytes, Data};
use futures_util::stream::{self, Stream, StreamExt};

use super::run;
use crate::app::App;
use crate::error::Result;

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
