//! Lists for whoever keeps a copy of them: what was changed since the last time, in the order of the changes.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::ListParams;
use super::input::{parse, parse_time};
use super::paged::paged;
use crate::actor::Actor;
use crate::app::App;
use crate::clock::Time;
use crate::error::{Problem, Result};
use crate::store::cursor::{ListPage, Paging, UpdatedKey};
use crate::wire_enum;

wire_enum! {
    /// In which order a list comes.
    pub enum ListOrder {
        /// The newest first.
        Newest = "newest",
        /// The one whose last change is the longest ago first.
        Updated = "updated",
    }
}

/// The parameters of a list that has no others.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SinceParams {
    /// How many items, 1 to 100; 25 without it.
    #[param(minimum = 1, maximum = 100)]
    pub limit: Option<u32>,
    /// A cursor of an earlier answer.
    pub cursor: Option<String>,
    /// Only those that were changed at this time or later.
    #[param(example = "2026-11-30T00:00:00Z")]
    pub updated_since: Option<String>,
    /// `updated`: by the time of their last change, the longest ago first, to keep a copy up to date; without it the newest come first.
    pub sort: Option<String>,
}

impl SinceParams {
    /// What is asked for, and which part of it.
    ///
    /// # Errors
    /// As [`Since::read`].
    pub fn read(self) -> Result<(ListParams, Since)> {
        let since = Since::read(self.updated_since.as_deref(), self.sort.as_deref())?;
        Ok((ListParams { limit: self.limit, cursor: self.cursor }, since))
    }
}

/// Which items of a list are asked for by their last change, and in which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Since {
    /// Those that were changed at this time or later; all without it.
    pub updated_since: Option<Time>,
    /// Their order.
    pub order: ListOrder,
}

impl Since {
    /// From the parameters.
    ///
    /// # Errors
    /// `invalid`, which names each parameter that is wrong.
    pub fn read(updated_since: Option<&str>, sort: Option<&str>) -> Result<Self> {
        let since = updated_since.map(|text| parse_time("updated_since", text)).transpose();
        let order = sort.map_or(Ok(ListOrder::Newest), |text| parse("sort", text));
        match (since, order) {
            (Ok(updated_since), Ok(order)) => Ok(Self { updated_since, order }),
            (Err(since), Err(order)) => Err(Problem::invalid([since.fields, order.fields].concat())),
            (Err(problem), _) | (_, Err(problem)) => Err(problem),
        }
    }
}

/// Answers the part of the list `name` that is asked for, in its order: by `newest` or by `updated`.
///
/// # Errors
/// As [`paged`].
pub async fn paged_since<T>(
    http: &HttpRequest,
    app: &Data<App>,
    name: String,
    actor: Actor,
    (asked, since): (ListParams, Since),
    newest: impl FnOnce(&App, &Actor, Paging) -> Result<ListPage<T>> + Send + 'static,
    updated: impl FnOnce(&App, &Actor, Paging<UpdatedKey>) -> Result<ListPage<T, UpdatedKey>> + Send + 'static,
) -> Result<HttpResponse>
where
    T: Serialize + ToSchema + Send + 'static,
{
    // A cursor is of one order and one time, and of no other.
    let name = format!("{name} {} {:?}", since.order, since.updated_since);
    match since.order {
        ListOrder::Newest => paged(http, app, name, actor, asked, newest).await,
        ListOrder::Updated => paged(http, app, name, actor, asked, updated).await,
    }
}
