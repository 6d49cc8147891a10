//! Use cases of statistics: the published tables.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::{Cube, GroupBy, Metadata, Partition, SuppressionRule, Table, comtrade};
use crate::app::App;
use crate::clock::Time;
use crate::error::{FieldCode, FieldError, Problem, Result};
use crate::ids::RecordId;
use crate::locale::{Language, Message};
use crate::partnerships;
use crate::partnerships::eligibility::ExclusionReason;
use crate::rates::rules::History;
use crate::reference::codes::Country;
use crate::reference::{countries, hs};
use crate::store::change_log::{last_change, speaks_of_after};
use crate::store::{Conn, Entity};

/// Everything that is published, cut from the records of one moment.
pub struct Publication {
    /// The newest change of the snapshot that it was made from.
    seen: i64,
    rates: Arc<History>,
    cube: Cube,
    counted: u32,
    excluded: BTreeMap<ExclusionReason, u32>,
    as_of: Time,
}

/// Keeps the latest publication of this process; it is made anew when a record or the exchange rates have changed.
#[derive(Default)]
pub struct PublicationCache {
    held: Mutex<Option<Held>>,
}

struct Held {
    publication: Arc<Publication>,
    /// Up to this change the log was looked through, and no ledger changed.
    seen: i64,
}

impl PublicationCache {
    /// The publication of the records as they are now.
    pub fn publication(&self, app: &App) -> Result<Arc<Publication>> {
        // Not under the lock: while the database is away each request would wait for its own failure, one after the other.
        let seen = self.lock().as_ref().map(|held| held.seen);
        let (newest, has_changed) = app.db.read(|conn| {
            let has_changed = seen.map_or(Ok(true), |seen| speaks_of_after(conn, seen, Entity::Ledger))?;
            Ok((last_change(conn)?, has_changed))
        })?;
        // Requests that come while it is made wait for it: making it twice at once would take twice the memory for the same tables.
        let mut held = self.lock();
        let rates = app.rates.history();
        if let Some(held) = held.as_mut().filter(|held| Arc::ptr_eq(&held.publication.rates, &rates)) {
            if !has_changed {
                // The next request begins here, so each change of the log is looked at once.
                held.seen = held.seen.max(newest);
            }
            if held.seen >= newest {
                return Ok(Arc::clone(&held.publication));
            }
        }
        let publication = Arc::new(make(app, rates)?);
        *held = Some(Held { seen: publication.seen, publication: Arc::clone(&publication) });
        Ok(publication)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Held>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn make(app: &App, rates: Arc<History>) -> Result<Publication> {
    let (seen, Partition { facts, excluded, .. }) =
        app.db.read(|conn| Ok((last_change(conn)?, partition(conn, &rates)?)))?;
    let cube = Cube::build(&facts, &SuppressionRule::default());
    Ok(Publication {
        seen,
        rates,
        cube,
        counted: u32::try_from(facts.len()).map_err(Problem::internal)?,
        excluded,
        as_of: app.clock.now(),
    })
}

/// Every record that there is, in pieces: only what counts stays in memory.
fn partition(conn: &mut Conn, rates: &History) -> Result<Partition> {
    let mut partition = Partition::default();
    let mut after = RecordId(0);
    loop {
        let records = partnerships::store::load_records_after(conn, after)?;
        let Some(last) = records.last() else { return Ok(partition) };
        // By id and not by pages of an offset, which would read all rows before the page again each time.
        after = last.id;
        let ids: Vec<i64> = records.iter().map(|record| record.id.0).collect();
        let references = partnerships::store::references_by_record(conn, &ids)?;
        for record in &records {
            partition.add(record, references.get(&record.id).map_or(&[], Vec::as_slice), rates);
        }
    }
}

impl Publication {
    /// A table for one reporter, or for all together.
    pub fn table(&self, group: &[GroupBy], reporter: Option<Country>) -> Table {
        let metadata = Metadata::new(&SuppressionRule::default(), self.as_of);
        Table::of(&self.cube, group, reporter, metadata, self.counted, &self.excluded)
    }

    /// The same cells in the 47 columns of UN Comtrade.
    pub fn comtrade(&self, group: &[GroupBy], reporter: Option<Country>) -> Result<String> {
        let country_code = |country: &Country| countries::find(*country).and_then(|info| info.comtrade).unwrap_or(0);
        let commodity = |code: &str| hs::label(code, "en").unwrap_or_default().to_owned();
        let names = comtrade::Names { country_code: &country_code, commodity: &commodity };
        comtrade::to_csv(&self.cube, group, reporter, &names)
    }
}

/// The groups of a parameter like `hs2,partner,flow,period`.
pub fn parse_group(text: &str) -> Result<Vec<GroupBy>> {
    let mut group = Vec::new();
    for name in text.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let by = name.parse::<GroupBy>().map_err(|error| {
            Problem::invalid(vec![FieldError::new(
                "/group",
                FieldCode::UnknownValue,
                Message::new("statistics-group-separated").with("error", error.to_string()).text(Language::English),
            )])
        })?;
        group.push(by);
    }
    Ok(group)
}
