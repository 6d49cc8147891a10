//! Rows of `statistics_releases`, `statistics_facts`, `statistics_retail_facts` and `statistics_cells`: releases, the records that they hold,
//! and their cells.
//!
//! Nothing of a release is changed afterwards: a cell's row says from which release on it stands and until which, a record's row alike.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

use super::release::Published;
use super::table::{Cell, ExcludedRecords, ExcludedRetail, Metadata, ReleaseView, RetailSummary};
use super::vintages::Revision;
use super::{Contribution, CountClass, Family, Figures, Key};
use crate::companies::IdentifierState;
use crate::customs::Direction;
use crate::error::{Problem, Result};
use crate::ids::CompanyId;
use crate::money::{Micros, Sum};
use crate::on_each;
use crate::reference::codes::Country;
use crate::store::schema::{
    company_identifiers, company_members, statistics_cells, statistics_facts, statistics_releases,
    statistics_retail_facts,
};
use crate::store::{Conn, Tx, from_json, from_text, in_chunks, or_duplicate, to_json};

/// Rows that go into one statement.
const BATCH: usize = 500;
const MICROS_PER_UNIT: i128 = 1_000_000;

#[derive(Queryable, Selectable)]
#[diesel(table_name = statistics_releases)]
struct ReleaseRow {
    number: i32,
    covers: String,
    published_at: NaiveDateTime,
    previous_hash: String,
    hash: String,
    content: String,
}

#[derive(Serialize, Deserialize)]
struct ReleaseContent {
    revised: Vec<Revision>,
    counted: CountClass,
    not_counted: Vec<ExcludedRecords>,
    #[serde(default)]
    retail: Vec<RetailSummary>,
    #[serde(default)]
    retail_not_counted: Vec<ExcludedRetail>,
    metadata: Metadata,
}

impl TryFrom<ReleaseRow> for ReleaseView {
    type Error = Problem;
    fn try_from(row: ReleaseRow) -> Result<Self> {
        let content: ReleaseContent = from_json(&row.content)?;
        Ok(Self {
            number: number(row.number)?,
            covers: row.covers,
            published_at: row.published_at.and_utc(),
            hash: row.hash,
            previous_hash: row.previous_hash,
            revised: content.revised,
            counted: content.counted,
            not_counted: content.not_counted,
            retail: content.retail,
            retail_not_counted: content.retail_not_counted,
            metadata: content.metadata,
        })
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = statistics_facts)]
struct FactRow {
    record_id: i64,
    entered: i32,
    left_in: Option<i32>,
    flow: String,
    reporter: String,
    partner: String,
    heading: String,
    year: i32,
    month: i32,
    value: i64,
    net_kg: i64,
    supplier_id: i64,
    buyer_id: i64,
}

impl TryFrom<FactRow> for Contribution {
    type Error = Problem;
    fn try_from(row: FactRow) -> Result<Self> {
        Ok(Self {
            record: row.record_id,
            flow: from_text(&row.flow)?,
            reporter: from_text(&row.reporter)?,
            partner: from_text(&row.partner)?,
            heading: row.heading,
            year: row.year,
            month: number(row.month)?,
            value: Micros(row.value),
            net_kg: Micros(row.net_kg),
            supplier: CompanyId(row.supplier_id),
            buyer: CompanyId(row.buyer_id),
            entered: number(row.entered)?,
            left: row.left_in.map(number).transpose()?,
        })
    }
}

impl TryFrom<&Contribution> for FactRow {
    type Error = Problem;
    fn try_from(one: &Contribution) -> Result<Self> {
        Ok(Self {
            record_id: one.record,
            entered: column(one.entered)?,
            left_in: one.left.map(column).transpose()?,
            flow: one.flow.to_string(),
            reporter: one.reporter.to_string(),
            partner: one.partner.to_string(),
            heading: one.heading.clone(),
            year: one.year,
            month: column(one.month)?,
            value: one.value.0,
            net_kg: one.net_kg.0,
            supplier_id: one.supplier.0,
            buyer_id: one.buyer.0,
        })
    }
}

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = statistics_retail_facts)]
struct RetailFactRow {
    record_id: i64,
    entered: i32,
    left_in: Option<i32>,
    party_form: String,
    flow: String,
    reporter: String,
    consumer: String,
    chapter: String,
    year: i32,
    month: i32,
    value: i64,
    net_kg: i64,
    seller_id: i64,
}

impl TryFrom<RetailFactRow> for Contribution {
    type Error = Problem;
    fn try_from(row: RetailFactRow) -> Result<Self> {
        Ok(Self {
            record: row.record_id,
            flow: from_text(&row.flow)?,
            reporter: from_text(&row.reporter)?,
            partner: from_text(&row.consumer)?,
            heading: row.chapter,
            year: row.year,
            month: number(row.month)?,
            value: Micros(row.value),
            net_kg: Micros(row.net_kg),
            supplier: CompanyId(row.seller_id),
            buyer: CompanyId(row.seller_id),
            entered: number(row.entered)?,
            left: row.left_in.map(number).transpose()?,
        })
    }
}

fn retail_row(family: Family, one: &Contribution) -> Result<RetailFactRow> {
    Ok(RetailFactRow {
        record_id: one.record,
        entered: column(one.entered)?,
        left_in: one.left.map(column).transpose()?,
        party_form: family.parties().to_string(),
        flow: one.flow.to_string(),
        reporter: one.reporter.to_string(),
        consumer: one.partner.to_string(),
        chapter: one.heading.clone(),
        year: one.year,
        month: column(one.month)?,
        value: one.value.0,
        net_kg: one.net_kg.0,
        seller_id: one.supplier.0,
    })
}

/// A cell from one release on; a dimension that it does not name is an empty text.
#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = statistics_cells)]
struct CellRow {
    table_name: String,
    flow: String,
    reporter: String,
    partner: String,
    hs: String,
    period: String,
    from_release: i32,
    until_release: Option<i32>,
    vintage: i32,
    hidden: Option<String>,
    value_units: i64,
    net_kg_units: i64,
    records: String,
    suppliers: String,
    buyers: String,
}

impl TryFrom<CellRow> for Cell {
    type Error = Problem;
    fn try_from(row: CellRow) -> Result<Self> {
        let hidden = row.hidden.as_deref().map(from_text).transpose()?;
        let figures = || -> Result<Figures> {
            Ok(Figures {
                value: Sum(i128::from(row.value_units) * MICROS_PER_UNIT),
                net_kg: Sum(i128::from(row.net_kg_units) * MICROS_PER_UNIT),
                records: from_text(&row.records)?,
                suppliers: from_text(&row.suppliers)?,
                buyers: from_text(&row.buyers)?,
            })
        };
        let key = key_of(&row.flow, &row.reporter, &row.partner, &row.hs, &row.period)?;
        let figures = if hidden.is_none() { Some(figures()?) } else { None };
        Ok(Self { key, hidden, figures, vintage: number(row.vintage)? })
    }
}

fn key_of(flow: &str, reporter: &str, partner: &str, hs: &str, period: &str) -> Result<Key> {
    let country = |text: &str| -> Result<Option<Country>> { (!text.is_empty()).then(|| from_text(text)).transpose() };
    Ok(Key {
        flow: from_text(flow)?,
        reporter: country(reporter)?,
        partner: country(partner)?,
        hs: (!hs.is_empty()).then(|| hs.to_owned()),
        period: from_text(period)?,
    })
}

fn row_of(family: Family, cell: &Cell, release: u32) -> Result<CellRow> {
    let text = |country: Option<Country>| country.map(|country| country.to_string()).unwrap_or_default();
    let units = |read: fn(&Figures) -> Sum| -> Result<i64> {
        let sum = cell.figures.as_ref().map(read).unwrap_or_default();
        i64::try_from(sum.0 / MICROS_PER_UNIT).map_err(Problem::internal)
    };
    let class = |read: fn(&Figures) -> CountClass| cell.figures.as_ref().map(read).map(|class| class.to_string());
    Ok(CellRow {
        table_name: family.table(&cell.key.group()),
        flow: cell.key.flow.to_string(),
        reporter: text(cell.key.reporter),
        partner: text(cell.key.partner),
        hs: cell.key.hs.clone().unwrap_or_default(),
        period: cell.key.period.to_string(),
        from_release: column(release)?,
        until_release: None,
        vintage: column(cell.vintage)?,
        hidden: cell.hidden.map(|hidden| hidden.to_string()),
        value_units: units(|figures| figures.value)?,
        net_kg_units: units(|figures| figures.net_kg)?,
        records: class(|figures| figures.records).unwrap_or_default(),
        suppliers: class(|figures| figures.suppliers).unwrap_or_default(),
        buyers: class(|figures| figures.buyers).unwrap_or_default(),
    })
}

fn number(column: i32) -> Result<u32> {
    u32::try_from(column).map_err(Problem::internal)
}

fn column(number: u32) -> Result<i32> {
    i32::try_from(number).map_err(Problem::internal)
}

/// The releases, newest first, at most so many.
pub(super) fn list_releases(conn: &mut Conn, most: i64) -> Result<Vec<ReleaseView>> {
    let rows: Vec<ReleaseRow> = statistics_releases::table
        .order(statistics_releases::number.desc())
        .limit(most)
        .select(ReleaseRow::as_select())
        .load(conn)?;
    rows.into_iter().map(ReleaseView::try_from).collect()
}

/// One release.
pub(super) fn find_release(conn: &mut Conn, release: u32) -> Result<Option<ReleaseView>> {
    let row: Option<ReleaseRow> =
        statistics_releases::table.find(column(release)?).select(ReleaseRow::as_select()).first(conn).optional()?;
    row.map(ReleaseView::try_from).transpose()
}

/// Every record that a release ever held, by family.
pub(super) fn load_contributions(conn: &mut Conn) -> Result<BTreeMap<Family, Vec<Contribution>>> {
    let mut held = BTreeMap::from([(Family::GeneralTrade, load_general_trade(conn)?)]);
    let rows: Vec<RetailFactRow> = statistics_retail_facts::table
        .order((statistics_retail_facts::record_id, statistics_retail_facts::entered))
        .select(RetailFactRow::as_select())
        .load(conn)?;
    for row in rows {
        let family = Family::of(from_text(&row.party_form)?);
        held.entry(family).or_default().push(Contribution::try_from(row)?);
    }
    Ok(held)
}

fn load_general_trade(conn: &mut Conn) -> Result<Vec<Contribution>> {
    let rows: Vec<FactRow> = statistics_facts::table
        .order((statistics_facts::record_id, statistics_facts::entered))
        .select(FactRow::as_select())
        .load(conn)?;
    rows.into_iter().map(Contribution::try_from).collect()
}

/// Every figure that a release ever showed, by family.
pub(super) fn load_published(conn: &mut Conn) -> Result<BTreeMap<Family, Vec<Published>>> {
    type Row = (String, String, String, String, String, String, i32);
    let columns = (
        statistics_cells::table_name,
        statistics_cells::flow,
        statistics_cells::reporter,
        statistics_cells::partner,
        statistics_cells::hs,
        statistics_cells::period,
        statistics_cells::vintage,
    );
    let rows: Vec<Row> =
        statistics_cells::table.filter(statistics_cells::hidden.is_null()).select(columns).distinct().load(conn)?;
    let mut published: BTreeMap<Family, Vec<Published>> = BTreeMap::new();
    for (table, flow, reporter, partner, hs, period, vintage) in rows {
        let figure = Published { key: key_of(&flow, &reporter, &partner, &hs, &period)?, release: number(vintage)? };
        published.entry(Family::of_table(&table)).or_default().push(figure);
    }
    Ok(published)
}

/// The cells of the newest release, by family and key.
pub(super) fn load_newest_cells(conn: &mut Conn) -> Result<BTreeMap<Family, BTreeMap<Key, Cell>>> {
    let rows: Vec<CellRow> = statistics_cells::table
        .filter(statistics_cells::until_release.is_null())
        .select(CellRow::as_select())
        .load(conn)?;
    let mut cells: BTreeMap<Family, BTreeMap<Key, Cell>> = BTreeMap::new();
    for row in rows {
        let family = Family::of_table(&row.table_name);
        let cell = Cell::try_from(row)?;
        cells.entry(family).or_default().insert(cell.key.clone(), cell);
    }
    Ok(cells)
}

/// Which cells of a table are wanted; what is not named may be anything.
#[derive(Clone, Debug, Default)]
pub struct CellFilter {
    /// Exports or imports.
    pub flow: Option<Direction>,
    /// The country that the records are for.
    pub reporter: Option<Country>,
    /// The other country.
    pub partner: Option<Country>,
    /// The chapter or heading.
    pub hs: Option<String>,
    /// The month or year.
    pub period: Option<String>,
}

/// The cells of a table of a release, in the order of their keys.
pub(super) fn list_cells(conn: &mut Conn, release: u32, table: &str, filter: &CellFilter) -> Result<Vec<Cell>> {
    let release = column(release)?;
    let mut query = statistics_cells::table
        .filter(statistics_cells::table_name.eq(table))
        .filter(statistics_cells::from_release.le(release))
        .filter(statistics_cells::until_release.is_null().or(statistics_cells::until_release.gt(release)))
        .select(CellRow::as_select())
        .into_boxed();
    if let Some(flow) = filter.flow {
        query = query.filter(statistics_cells::flow.eq(flow.as_str()));
    }
    if let Some(reporter) = filter.reporter {
        query = query.filter(statistics_cells::reporter.eq(reporter.to_string()));
    }
    if let Some(partner) = filter.partner {
        query = query.filter(statistics_cells::partner.eq(partner.to_string()));
    }
    if let Some(hs) = &filter.hs {
        query = query.filter(statistics_cells::hs.eq(hs));
    }
    if let Some(period) = &filter.period {
        query = query.filter(statistics_cells::period.eq(period));
    }
    let rows: Vec<CellRow> = query.load(conn)?;
    let mut cells = rows.into_iter().map(Cell::try_from).collect::<Result<Vec<_>>>()?;
    cells.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(cells)
}

/// What a new release changes.
pub(super) struct Change<'a> {
    pub release: &'a ReleaseView,
    pub parts: &'a [FamilyChange<'a>],
}

/// What it changes of one family.
pub(super) struct FamilyChange<'a> {
    pub family: Family,
    pub entered: &'a [Contribution],
    pub left: &'a [(i64, u32)],
    /// The cells that stand as they are no longer.
    pub ended: Vec<Key>,
    pub begun: Vec<Cell>,
}

/// Stores a release; `false` when another process stored one of that number in the meantime.
pub(super) fn insert(tx: &mut Tx, change: &Change) -> Result<bool> {
    let release = change.release;
    let newest = list_releases(tx.conn(), 1)?.first().map_or(0, |newest| newest.number);
    if newest + 1 != release.number {
        return Ok(false);
    }
    insert_release(tx, release)?;
    for part in change.parts {
        insert_facts(tx, part, release.number)?;
        for key in &part.ended {
            end_cell(tx, part.family, key, release.number)?;
        }
        let rows = part.begun.iter().map(|cell| row_of(part.family, cell, release.number));
        let rows = rows.collect::<Result<Vec<_>>>()?;
        for rows in rows.chunks(BATCH) {
            on_each!(tx.conn(), |c| diesel::insert_into(statistics_cells::table).values(rows).execute(c))?;
        }
    }
    Ok(true)
}

fn insert_facts(tx: &mut Tx, part: &FamilyChange, release: u32) -> Result<()> {
    if part.family != Family::GeneralTrade {
        return insert_retail_facts(tx, part, release);
    }
    let rows = part.entered.iter().map(FactRow::try_from).collect::<Result<Vec<_>>>()?;
    for rows in rows.chunks(BATCH) {
        on_each!(tx.conn(), |c| diesel::insert_into(statistics_facts::table).values(rows).execute(c))?;
    }
    for (record, entered) in part.left {
        diesel::update(statistics_facts::table.find((*record, column(*entered)?)))
            .set(statistics_facts::left_in.eq(column(release)?))
            .execute(tx.conn())?;
    }
    Ok(())
}

fn insert_retail_facts(tx: &mut Tx, part: &FamilyChange, release: u32) -> Result<()> {
    let rows = part.entered.iter().map(|one| retail_row(part.family, one)).collect::<Result<Vec<_>>>()?;
    for rows in rows.chunks(BATCH) {
        on_each!(tx.conn(), |c| diesel::insert_into(statistics_retail_facts::table).values(rows).execute(c))?;
    }
    for (record, entered) in part.left {
        diesel::update(statistics_retail_facts::table.find((*record, column(*entered)?)))
            .set(statistics_retail_facts::left_in.eq(column(release)?))
            .execute(tx.conn())?;
    }
    Ok(())
}

fn insert_release(tx: &mut Tx, release: &ReleaseView) -> Result<()> {
    let content = ReleaseContent {
        revised: release.revised.clone(),
        counted: release.counted,
        not_counted: release.not_counted.clone(),
        retail: release.retail.clone(),
        retail_not_counted: release.retail_not_counted.clone(),
        metadata: release.metadata.clone(),
    };
    let row = (
        statistics_releases::number.eq(column(release.number)?),
        statistics_releases::covers.eq(&release.covers),
        statistics_releases::published_at.eq(release.published_at.naive_utc()),
        statistics_releases::previous_hash.eq(&release.previous_hash),
        statistics_releases::hash.eq(&release.hash),
        statistics_releases::content.eq(to_json(&content)?),
    );
    // Two processes make the same release: the second runs again and finds that it is there.
    or_duplicate(diesel::insert_into(statistics_releases::table).values(row).execute(tx.conn()), Problem::transient)
        .map(drop)
}

fn end_cell(tx: &mut Tx, family: Family, key: &Key, release: u32) -> Result<()> {
    let text = |country: Option<Country>| country.map(|country| country.to_string()).unwrap_or_default();
    diesel::update(
        statistics_cells::table
            .filter(statistics_cells::table_name.eq(family.table(&key.group())))
            .filter(statistics_cells::flow.eq(key.flow.as_str()))
            .filter(statistics_cells::reporter.eq(text(key.reporter)))
            .filter(statistics_cells::partner.eq(text(key.partner)))
            .filter(statistics_cells::hs.eq(key.hs.clone().unwrap_or_default()))
            .filter(statistics_cells::period.eq(key.period.to_string()))
            .filter(statistics_cells::until_release.is_null()),
    )
    .set(statistics_cells::until_release.eq(column(release)?))
    .execute(tx.conn())?;
    Ok(())
}

/// What ties companies to each other: the people who own them and the numbers that they name, each with its companies.
pub(super) fn ties(conn: &mut Conn, companies: &[i64]) -> Result<Vec<(String, CompanyId)>> {
    let owners: Vec<(i64, i64)> = in_chunks(companies, |part| {
        company_members::table
            .filter(company_members::company_id.eq_any(part))
            .filter(company_members::role.eq(crate::actor::Role::Owner.as_str()))
            .select((company_members::user_id, company_members::company_id))
            .load(conn)
    })?;
    let numbers: Vec<(String, String, i64)> = in_chunks(companies, |part| {
        company_identifiers::table
            .filter(company_identifiers::company_id.eq_any(part))
            .filter(company_identifiers::state.ne(IdentifierState::Refused.as_str()))
            .select((company_identifiers::kind, company_identifiers::value, company_identifiers::company_id))
            .load(conn)
    })?;
    let owners = owners.into_iter().map(|(person, company)| (format!("owner {person}"), CompanyId(company)));
    let numbers = numbers.into_iter().map(|(kind, value, company)| (format!("{kind} {value}"), CompanyId(company)));
    Ok(owners.chain(numbers).collect())
}
