//! Making a release: what the sweep does on the day of the calendar, and the operator by a command.

use std::collections::{BTreeMap, BTreeSet};

use super::calendar;
use super::release::{Decided, Published, decide};
use super::table::{Cell, Metadata, ReleaseView, excluded_records, release_hash};
use super::vintages::{Intake, Making, Owners, owners_of, take_in};
use super::{Contribution, CountClass, Key, Partition, Period, SuppressionRule, store};
use crate::app::App;
use crate::error::{FieldCode, Problem, Result};
use crate::ids::RecordId;
use crate::locale::{Language, Message, text};
use crate::partnerships::eligibility::{Circumstances, TradeFact};
use crate::partnerships::records::identified_sides;
use crate::partnerships::{self};
use crate::rates::rules::History;
use crate::store::Conn;

const LANGUAGE: Language = Language::English;

/// Everything that a release is made of, read at one moment.
struct Material {
    newest: Option<ReleaseView>,
    partition: Partition,
    held: Vec<Contribution>,
    published: Vec<Published>,
    cells: BTreeMap<Key, Cell>,
    owners: Owners,
}

/// The rule of the configuration.
pub fn rule(app: &App) -> SuppressionRule {
    let settings = &app.config.statistics;
    SuppressionRule { min_companies: settings.min_companies, p_percent: settings.p_percent }
}

/// Makes the release that is due by the calendar; `None` when it is there already or there is nothing to publish yet.
pub fn publish_due(app: &App) -> Result<Option<u32>> {
    let due = calendar::due(app.clock.today(), app.config.statistics.release_day);
    let (newest, is_any) = app
        .db
        .read(|conn| Ok((store::list_releases(conn, 1)?.pop(), partnerships::store::is_anything_confirmed(conn)?)))?;
    let is_there = newest.as_ref().is_some_and(|newest| covered(newest).is_ok_and(|covered| covered >= due));
    // A platform without trade needs no numbered releases of empty tables.
    if is_there || (newest.is_none() && !is_any) {
        return Ok(None);
    }
    let material = app.db.read(|conn| read_material(conn, &app.rates.history()))?;
    make(app, material, due).map(|release| Some(release.number))
}

/// Makes a release that covers the months up to `covers`, or up to the last one that is closed.
///
/// # Errors
/// `invalid` at `/period` for a month that is not over or lies before what is published; `conflict` when the proof fails or another process
/// makes a release.
pub fn make_release(app: &App, covers: Option<Period>) -> Result<ReleaseView> {
    let closed = calendar::last_closed(app.clock.today());
    let covers = covers.unwrap_or(closed);
    let refuse = |message: String| Err(Problem::invalid_field("/period", FieldCode::Range, message));
    if matches!(covers, Period::Year(_)) {
        return refuse(text(LANGUAGE, "statistics-month-only").to_owned());
    }
    if covers > closed {
        return refuse(Message::new("statistics-not-closed").with("month", closed.to_string()).text(LANGUAGE));
    }
    let material = app.db.read(|conn| read_material(conn, &app.rates.history()))?;
    if let Some(newest) = material.newest.as_ref().filter(|newest| covered(newest).is_ok_and(|last| last > covers)) {
        let message = Message::new("statistics-covered")
            .with("month", newest.covers.as_str())
            .with("release", newest.number.to_string());
        return refuse(message.text(LANGUAGE));
    }
    make(app, material, covers)
}

fn covered(release: &ReleaseView) -> Result<Period> {
    release.covers.parse().map_err(|_| Problem::internal("a release covers no month"))
}

fn make(app: &App, material: Material, covers: Period) -> Result<ReleaseView> {
    let rule = rule(app);
    let covered = material.newest.as_ref().map(covered).transpose()?;
    let number = material.newest.as_ref().map_or(1, |newest| newest.number + 1);
    let making = Making { number, covers, covered };
    let intake = take_in(material.held, &material.partition.facts, making, &rule, &material.owners);
    let owned: Vec<Contribution> = intake.contributions.iter().map(|one| one.by_owner(&material.owners)).collect();
    let decided = decide(&owned, &material.published, number, &rule).map_err(|faults| {
        let cells: Vec<String> = faults.iter().map(|fault| format!("{:?}", fault.0)).collect();
        Problem::conflict(text(LANGUAGE, "statistics-not-proved"))
            .caused_by(format!("not protected: {}", cells.join("; ")))
    })?;
    let cells: Vec<Cell> = decided.into_iter().map(cell_of).collect();
    let previous = material.newest.as_ref().map(|newest| newest.hash.clone()).unwrap_or_default();
    let active = intake.contributions.iter().filter(|one| one.left.is_none()).count();
    let release = ReleaseView {
        number,
        covers: covers.to_string(),
        published_at: app.clock.now(),
        hash: release_hash(&previous, number, &covers.to_string(), &cells),
        previous_hash: previous,
        revised: intake.revised.clone(),
        counted: CountClass::of(active),
        not_counted: excluded_records(&material.partition.excluded),
        metadata: Metadata::new(&rule, app.clock.now()),
    };
    save(app, &release, &intake, &material.cells, &cells)?;
    Ok(release)
}

fn cell_of(decided: Decided) -> Cell {
    let Decided { key, hidden, drawn, figures } = decided;
    Cell { key, hidden, figures, vintage: drawn }
}

fn save(app: &App, release: &ReleaseView, intake: &Intake, before: &BTreeMap<Key, Cell>, after: &[Cell]) -> Result<()> {
    // A hidden cell has nothing that could change; its row stands, whichever release looked at it last.
    let is_same = |old: &Cell, new: &Cell| old == new || (old.hidden.is_some() && old.hidden == new.hidden);
    let stands = |cell: &&Cell| before.get(&cell.key).is_some_and(|old| is_same(old, cell));
    let standing: BTreeSet<&Key> = after.iter().filter(stands).map(|cell| &cell.key).collect();
    let ended: Vec<Key> = before.keys().filter(|key| !standing.contains(key)).cloned().collect();
    let begun: Vec<Cell> = after.iter().filter(|cell| !standing.contains(&cell.key)).cloned().collect();
    let change = store::Change { release, entered: &intake.entered, left: &intake.left, ended: &ended, begun: &begun };
    match app.db.write(|tx| store::insert(tx, &change))? {
        true => Ok(()),
        false => Err(Problem::conflict(text(LANGUAGE, "statistics-made-twice"))),
    }
}

fn read_material(conn: &mut Conn, rates: &History) -> Result<Material> {
    let partition = partition(conn, rates)?;
    let held = store::load_contributions(conn)?;
    let facts = partition.facts.iter().flat_map(|fact: &TradeFact| [fact.supplier.0, fact.buyer.0]);
    let companies: BTreeSet<i64> = facts.chain(held.iter().flat_map(|one| [one.supplier.0, one.buyer.0])).collect();
    let ties = store::ties(conn, &companies.into_iter().collect::<Vec<_>>())?;
    Ok(Material {
        newest: store::list_releases(conn, 1)?.pop(),
        partition,
        held,
        published: store::load_published(conn)?,
        cells: store::load_newest_cells(conn)?,
        owners: owners_of(ties),
    })
}

/// Every record that there is, in pieces: only what counts stays in memory.
fn partition(conn: &mut Conn, rates: &History) -> Result<Partition> {
    let mut partition = Partition::default();
    let mut after = RecordId(0);
    loop {
        let records = partnerships::store::load_records_after(conn, after)?;
        let Some(last) = records.last() else { return Ok(partition) };
        after = last.id;
        let ids: Vec<i64> = records.iter().map(|record| record.id.0).collect();
        let references = partnerships::store::references_by_record(conn, &ids)?;
        let identified = identified_sides(conn, &records)?;
        let circumstances = Circumstances { rates, identified: &identified };
        for record in &records {
            partition.add(record, references.get(&record.id).map_or(&[], Vec::as_slice), circumstances);
        }
    }
}
