//! Making a release: what the sweep does on the day of the calendar, and the operator by a command.

use std::collections::{BTreeMap, BTreeSet};

use super::calendar;
use super::release::{Decided, Published, decide};
use super::retail::RetailPartition;
use super::table::{Cell, Metadata, ReleaseView, RetailSummary, excluded_records, release_hash};
use super::vintages::{Intake, Making, Owners, owners_of, take_in};
use super::{Contribution, CountClass, Family, Key, Partition, Period, SuppressionRule, store};
use crate::app::App;
use crate::error::{FieldCode, Problem, Result};
use crate::ids::{RecordId, RetailRecordId};
use crate::locale::{Language, Message, text};
use crate::partnerships::eligibility::{Circumstances, TradeFact};
use crate::partnerships::records::identified_sides;
use crate::partnerships::{self};
use crate::rates::rules::History;
use crate::retail;
use crate::retail::queries::identified_sellers;
use crate::store::Conn;

const LANGUAGE: Language = Language::English;

/// Everything that a release is made of, read at one moment.
struct Material {
    newest: Option<ReleaseView>,
    partition: Partition,
    retail: RetailPartition,
    held: BTreeMap<Family, Vec<Contribution>>,
    published: BTreeMap<Family, Vec<Published>>,
    cells: BTreeMap<Family, BTreeMap<Key, Cell>>,
    owners: Owners,
}

impl Material {
    /// The records of a family that count now, as the release takes them in.
    fn counting(&self, family: Family, release: u32) -> Vec<Contribution> {
        match family {
            Family::GeneralTrade => self.partition.facts.iter().map(|fact| Contribution::of(fact, release)).collect(),
            Family::B2c | Family::C2c => self.retail.of(family, release),
        }
    }
}

/// What a release makes of a family.
struct Part {
    family: Family,
    intake: Intake,
    cells: Vec<Cell>,
}

impl Part {
    /// Takes in what is new of the family and decides its cells.
    ///
    /// # Errors
    /// `conflict` when the proof fails.
    fn make(material: &mut Material, family: Family, making: Making, rule: &SuppressionRule) -> Result<Self> {
        let counting = material.counting(family, making.number);
        let held = material.held.remove(&family).unwrap_or_default();
        let published = material.published.remove(&family).unwrap_or_default();
        let intake = take_in(held, &counting, making, rule, &material.owners);
        let owned: Vec<Contribution> = intake.contributions.iter().map(|one| one.by_owner(&material.owners)).collect();
        let decided = decide(&owned, &published, making.number, rule).map_err(|faults| {
            let cells: Vec<String> = faults.iter().map(|fault| format!("{:?}", fault.0)).collect();
            Problem::conflict(text(LANGUAGE, "statistics-not-proved"))
                .caused_by(format!("not protected: {}", cells.join("; ")))
        })?;
        Ok(Self { family, intake, cells: decided.into_iter().map(cell_of).collect() })
    }

    /// How many records its tables are made of.
    fn counted(&self) -> CountClass {
        CountClass::of(self.intake.contributions.iter().filter(|one| one.left.is_none()).count())
    }

    fn summary(&self) -> RetailSummary {
        let revised = self.intake.revised.clone();
        RetailSummary { party_form: self.family.parties(), counted: self.counted(), revised }
    }
}

/// The rule of the configuration.
pub fn rule(app: &App) -> SuppressionRule {
    let settings = &app.config.statistics;
    SuppressionRule { min_companies: settings.min_companies, p_percent: settings.p_percent }
}

/// Makes the release that is due by the calendar; `None` when it is there already or there is nothing to publish yet.
pub fn publish_due(app: &App) -> Result<Option<u32>> {
    let due = calendar::due(app.clock.today(), app.config.statistics.release_day);
    // Whether it is there is asked of the moment that the material is of: between two, another process may have made it, and what came out
    // of the material would be a second release of the same months.
    let material = app.db.read(|conn| {
        let newest = store::list_releases(conn, 1)?.pop();
        let is_there = newest.as_ref().is_some_and(|newest| covered(newest).is_ok_and(|covered| covered >= due));
        // A platform without trade needs no numbered releases of empty tables.
        let is_due = !is_there && (newest.is_some() || is_anything_stored(conn)?);
        is_due.then(|| read_material(conn, &app.rates.history())).transpose()
    })?;
    material.map(|material| make(app, material, due).map(|release| release.number)).transpose()
}

fn is_anything_stored(conn: &mut Conn) -> Result<bool> {
    Ok(partnerships::store::is_anything_confirmed(conn)? || retail::store::is_anything_recorded(conn)?)
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

fn make(app: &App, mut material: Material, covers: Period) -> Result<ReleaseView> {
    let rule = rule(app);
    let covered = material.newest.as_ref().map(covered).transpose()?;
    let number = material.newest.as_ref().map_or(1, |newest| newest.number + 1);
    let making = Making { number, covers, covered };
    let general = Part::make(&mut material, Family::GeneralTrade, making, &rule)?;
    let mut retail = Vec::new();
    for family in [Family::B2c, Family::C2c] {
        retail.push(Part::make(&mut material, family, making, &rule)?);
    }
    let previous = material.newest.as_ref().map(|newest| newest.hash.clone()).unwrap_or_default();
    let of_retail = retail.iter().flat_map(|part| part.cells.iter().map(|cell| (part.family, cell.clone())));
    let of_retail: Vec<(Family, Cell)> = of_retail.collect();
    let release = ReleaseView {
        number,
        covers: covers.to_string(),
        published_at: app.clock.now(),
        hash: release_hash(&previous, number, &covers.to_string(), &general.cells, &of_retail),
        previous_hash: previous,
        revised: general.intake.revised.clone(),
        counted: general.counted(),
        not_counted: excluded_records(&material.partition.excluded),
        retail: retail.iter().map(Part::summary).collect(),
        retail_not_counted: material.retail.not_counted(),
        metadata: Metadata::new(&rule, app.clock.now()),
    };
    retail.insert(0, general);
    save(app, &release, &retail, &material.cells)?;
    Ok(release)
}

fn cell_of(decided: Decided) -> Cell {
    let Decided { key, hidden, drawn, figures } = decided;
    Cell { key, hidden, figures, vintage: drawn }
}

fn save(
    app: &App,
    release: &ReleaseView,
    parts: &[Part],
    before: &BTreeMap<Family, BTreeMap<Key, Cell>>,
) -> Result<()> {
    let none = BTreeMap::new();
    let change = |part| change_of(part, before.get(&part.family).unwrap_or(&none));
    let parts: Vec<store::FamilyChange> = parts.iter().map(change).collect();
    let change = store::Change { release, parts: &parts };
    match app.db.write(|tx| store::insert(tx, &change))? {
        true => Ok(()),
        false => Err(Problem::conflict(text(LANGUAGE, "statistics-made-twice"))),
    }
}

/// What a release changes of the cells that stood before.
fn change_of<'a>(part: &'a Part, before: &BTreeMap<Key, Cell>) -> store::FamilyChange<'a> {
    // A hidden cell has nothing that could change; its row stands, whichever release looked at it last.
    let is_same = |old: &Cell, new: &Cell| old == new || (old.hidden.is_some() && old.hidden == new.hidden);
    let stands = |cell: &&Cell| before.get(&cell.key).is_some_and(|old| is_same(old, cell));
    let standing: BTreeSet<&Key> = part.cells.iter().filter(stands).map(|cell| &cell.key).collect();
    store::FamilyChange {
        family: part.family,
        entered: &part.intake.entered,
        left: &part.intake.left,
        ended: before.keys().filter(|key| !standing.contains(key)).cloned().collect(),
        begun: part.cells.iter().filter(|cell| !standing.contains(&cell.key)).cloned().collect(),
    }
}

fn read_material(conn: &mut Conn, rates: &History) -> Result<Material> {
    let partition = partition(conn, rates)?;
    let held = store::load_contributions(conn)?;
    let retail = retail_partition(conn, rates)?;
    let facts = partition.facts.iter().flat_map(|fact: &TradeFact| [fact.supplier.0, fact.buyer.0]);
    let sellers = retail.facts.iter().map(|fact| fact.seller.0);
    let earlier = held.values().flatten().flat_map(|one| [one.supplier.0, one.buyer.0]);
    let companies: BTreeSet<i64> = facts.chain(sellers).chain(earlier).collect();
    let ties = store::ties(conn, &companies.into_iter().collect::<Vec<_>>())?;
    Ok(Material {
        newest: store::list_releases(conn, 1)?.pop(),
        partition,
        retail,
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

/// The same of retail.
fn retail_partition(conn: &mut Conn, rates: &History) -> Result<RetailPartition> {
    let mut partition = RetailPartition::default();
    let mut after = RetailRecordId(0);
    loop {
        let records = retail::store::load_after(conn, after)?;
        let Some(last) = records.last() else { return Ok(partition) };
        after = last.id;
        let identified = identified_sellers(conn, &records)?;
        let circumstances = Circumstances { rates, identified: &identified };
        records.iter().for_each(|record| partition.add(record, circumstances));
    }
}
