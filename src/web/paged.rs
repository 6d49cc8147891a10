//! A page of a list as the API answers it: the part that the parameters ask for, under a cursor that is bound to the list's name.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;
use serde::de::DeserializeOwned;
use utoipa::ToSchema;

use super::answer::{self, ListParams};
use super::run;
use crate::actor::Actor;
use crate::app::App;
use crate::error::Result;
use crate::store::cursor::{ListPage, Paging};

/// Answers the part of the list `name` that `params` ask for, as `load` reads it.
///
/// # Errors
/// Those of `load`; `invalid` for a limit or a cursor that is none of this list.
pub async fn paged<T, K>(
    http: &HttpRequest,
    app: &Data<App>,
    name: String,
    actor: Actor,
    params: ListParams,
    load: impl FnOnce(&App, &Actor, Paging<K>) -> Result<ListPage<T, K>> + Send + 'static,
) -> Result<HttpResponse>
where
    T: Serialize + ToSchema + Send + 'static,
    K: Serialize + DeserializeOwned + Send + 'static,
{
    let (list, viewer) = (name.clone(), actor.clone());
    let page = run(app, move |app| load(app, &viewer, params.paging(app, &list, &viewer)?)).await?;
    answer::list(http, app, &name, &actor, page)
}
