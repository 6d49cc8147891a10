//! Reading retail records: each with its correction, and which table it enters.

use std::collections::{HashMap, HashSet};

use super::rules::counted;
use super::{RetailDetail, RetailFilter, RetailRecord, store};
use crate::actor::{Actor, Permission, Scope};
use crate::app::App;
use crate::companies::{self, Verification};
use crate::error::{Problem, Result};
use crate::ids::{CompanyId, RetailRecordId};
use crate::partnerships::eligibility::Circumstances;
use crate::store::Conn;
use crate::store::cursor::{ListPage, Paging};

/// One record of the actor's company.
///
/// # Errors
/// 401 and 403 without the right; `not_found`.
pub fn find(app: &App, actor: &Actor, id: RetailRecordId) -> Result<RetailDetail> {
    find_in_scope(app, actor.authorize(Permission::PartnershipsRead)?, id)
}

/// A record after a write; a key that may only write sees what became of it.
///
/// # Errors
/// As [`find`].
pub fn find_written(app: &App, actor: &Actor, id: RetailRecordId) -> Result<RetailDetail> {
    find_in_scope(app, actor.authorize(Permission::PartnershipsWrite)?, id)
}

fn find_in_scope(app: &App, scope: Scope, id: RetailRecordId) -> Result<RetailDetail> {
    app.db.read(|conn| {
        let record = find_record(conn, scope, id)?;
        let details = details_of(app, conn, vec![record])?;
        details.into_iter().next().ok_or_else(|| Problem::internal("a retail record is without its details"))
    })
}

pub(super) fn find_record(conn: &mut Conn, scope: Scope, id: RetailRecordId) -> Result<RetailRecord> {
    store::find(conn, scope, id)?.ok_or_else(|| Problem::not_found("retail_record"))
}

/// The records of the actor's company that the filter leaves, newest first.
///
/// # Errors
/// 401 and 403 without the right.
pub fn list(app: &App, actor: &Actor, filter: &RetailFilter, paging: &Paging) -> Result<ListPage<RetailDetail>> {
    let scope = actor.authorize(Permission::PartnershipsRead)?;
    app.db.read(|conn| {
        let ListPage { items, next, prev } = store::list(conn, scope, filter, paging)?;
        Ok(ListPage { items: details_of(app, conn, items)?, next, prev })
    })
}

/// The records with what belongs to each, in their order, by one query for each kind of thing.
fn details_of(app: &App, conn: &mut Conn, records: Vec<RetailRecord>) -> Result<Vec<RetailDetail>> {
    let ids: Vec<i64> = records.iter().map(|record| record.id.0).collect();
    let corrections: HashMap<_, _> = store::list_corrections(conn, &ids)?.into_iter().collect();
    let released = store::released(conn, &ids)?;
    let identified = identified_sellers(conn, &records)?;
    let history = app.rates.history();
    let circumstances = Circumstances { rates: &history, identified: &identified };
    let detail = |record: RetailRecord| RetailDetail {
        corrected_by: corrections.get(&record.id).copied(),
        counted: counted(&record, circumstances),
        is_released: released.contains(&record.id),
        record,
    };
    Ok(records.into_iter().map(detail).collect())
}

/// Those of the sellers of the records that are identified at least.
///
/// # Errors
/// Those of the database.
pub fn identified_sellers(conn: &mut Conn, records: &[RetailRecord]) -> Result<HashSet<CompanyId>> {
    let sellers: HashSet<i64> = records.iter().map(|record| record.seller.0).collect();
    let levels = companies::store::load_form_and_verification(conn, &sellers.into_iter().collect::<Vec<_>>())?;
    let identified = levels.into_iter().filter(|(_, _, level)| *level >= Verification::Identified);
    Ok(identified.map(|(company, ..)| company).collect())
}
