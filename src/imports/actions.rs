//! Use cases of imports and exports: sending a file, looking at how far it is, and taking the catalogue out.

use chrono::Duration;

use super::events::RunImport;
use super::rules::columns::{ADDED, check_mapping};
use super::rules::{EXPORTED, KEPT_DAYS, MERCHANT, MOST_WAITING, row_of};
use super::store::{self, NewImport};
use super::{Import, ImportFormat, KeptRow, Order, RowKind};
use crate::actor::{Actor, Permission, Scope};
use crate::app::App;
use crate::blobs::{self, Blob, ReceivedFile};
use crate::error::{FieldCode, Problem, Result};
use crate::ids::{ImportId, ListingId};
use crate::listings::actions::ensure_may_publish;
use crate::listings::{Listing, store as listings};
use crate::locale::{Language, Message, text};
use crate::outbox::{Options, enqueue};
use crate::spreadsheet::{Cell, Spreadsheet};
use crate::store::cursor::{ListPage, Paging};
use crate::store::{Conn, IdempotencyKey, Idempotent, Tx, sweep_rows};
use crate::text::Checker;

/// So many listings or rows are read at once for a file that goes out.
const PART: i64 = 200;
/// So many of its kept rows an import shows itself.
const SHOWN: i64 = 20;
/// So many kept rows are forgotten in one transaction.
const FORGOTTEN: i64 = 1_000;

fn absent() -> Problem {
    Problem::not_found("import")
}

/// Takes a file in: it is stored, and a job reads it when it is its turn.
///
/// # Errors
/// 401 and 403; `invalid` for an empty file, its name or its mapping; `conflict` when too many wait; what publishing is refused for.
pub fn create(
    app: &App,
    actor: &Actor,
    name: &str,
    received: &ReceivedFile,
    mut order: Order,
    once: Option<&IdempotencyKey>,
) -> Result<Idempotent<ImportId>> {
    let scope = actor.authorize(Permission::CatalogWrite)?;
    let name = check(&mut order, name)?;
    if received.bytes == 0 {
        let message = text(Language::English, "imports-empty-file");
        return Err(Problem::invalid_field("/content", FieldCode::Required, message));
    }
    // Outside the transaction: a slow disk must not keep the database's writers waiting.
    let blob = Blob { id: app.blobs.put(&app.db, received)?, sha256: received.sha256.clone() };
    let new = NewImport { name: &name, bytes: received.bytes, blob: &blob, order: &order };
    app.db.write_idempotent(once, |tx| insert(tx, scope, &new))
}

/// Takes the file of an earlier import again, with another order: after a dry run, or with its columns put right.
///
/// # Errors
/// As [`create`]; `not_found`.
pub fn repeat(app: &App, actor: &Actor, id: ImportId, mut order: Order) -> Result<ImportId> {
    let scope = actor.authorize(Permission::CatalogWrite)?;
    check(&mut order, "")?;
    app.db.write(|tx| {
        let import = find_in(tx.conn(), scope, id)?;
        let new = NewImport { name: &import.name, bytes: import.bytes, blob: &import.blob, order: &order };
        insert(tx, scope, &new)
    })
}

/// Checks what is to be done with a file; answers its cleaned name.
fn check(order: &mut Order, name: &str) -> Result<String> {
    let mut name = name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    let mut checker = Checker::new();
    checker.text("/name", &mut name, 0..=200);
    for header in order.mapping.keys() {
        let is_short = header.chars().count() <= 200 && !header.chars().any(char::is_control);
        checker.ensure(is_short, "/mapping", FieldCode::Range, text(Language::English, "imports-header-long"));
    }
    checker.finish()?;
    check_mapping(&order.mapping)?;
    Ok(name)
}

fn insert(tx: &mut Tx, scope: Scope, new: &NewImport<'_>) -> Result<ImportId> {
    let company = scope.company();
    if new.order.publish {
        ensure_may_publish(tx, company)?;
    }
    if store::count_waiting(tx.conn(), company, MOST_WAITING)? >= MOST_WAITING {
        let message = Message::new("imports-too-many").with("most", MOST_WAITING).text(Language::English);
        return Err(Problem::conflict(message));
    }
    let id = store::insert(tx, company, new)?;
    blobs::retain(tx, new.blob.id)?;
    if !new.order.mapping.is_empty() {
        store::remember(tx, company, &new.order.mapping)?;
    }
    enqueue_run(tx, id, "")?;
    Ok(id)
}

/// Enqueues the work of an import; `why` tells the times apart.
pub(super) fn enqueue_run(tx: &mut Tx, id: ImportId, why: &str) -> Result<()> {
    // A destination of its own: imports are long, and must leave threads to those who wait for less.
    enqueue(tx, &RunImport { import: id }, Options::once(format!("import {id}{why}")).on_queue("imports"))
}

fn find_in(conn: &mut Conn, scope: Scope, id: ImportId) -> Result<Import> {
    store::find(conn, id)?.filter(|import| import.company == scope.company()).ok_or_else(absent)
}

/// An import of the actor's company.
pub fn find(app: &App, actor: &Actor, id: ImportId) -> Result<Import> {
    let scope = actor.authorize(Permission::CatalogWrite)?;
    app.db.read(|conn| find_in(conn, scope, id))
}

/// An import with the first rows that were refused, and the first in which something was mended.
pub struct Shown {
    /// The import.
    pub import: Import,
    /// Refused rows, the first twenty.
    pub refused: Vec<KeptRow>,
    /// Rows that were mended, the first twenty.
    pub noted: Vec<KeptRow>,
}

/// An import of the actor's company, with its first rows of which something is to be said.
pub fn show(app: &App, actor: &Actor, id: ImportId) -> Result<Shown> {
    let scope = actor.authorize(Permission::CatalogWrite)?;
    app.db.read(|conn| {
        let import = find_in(conn, scope, id)?;
        let refused = store::load_rows(conn, id, RowKind::Refused, 0, SHOWN)?;
        let noted = store::load_rows(conn, id, RowKind::Noted, 0, SHOWN)?;
        Ok(Shown { import, refused, noted })
    })
}

/// The imports of the actor's company, newest first.
pub fn list(app: &App, actor: &Actor, paging: Paging) -> Result<ListPage<Import>> {
    let scope = actor.authorize(Permission::CatalogWrite)?;
    app.db.read(|conn| store::list_own(conn, scope, paging))
}

/// A part of a file that goes out, and behind what the next one begins; none at the end.
pub type Part = (Vec<u8>, Option<i64>);

/// A part of the file of an import's errors: the original rows, and behind them what is wrong. Mended, it is a file to be imported.
///
/// # Errors
/// 401, 403, `not_found`.
pub fn errors_part(app: &App, actor: &Actor, id: ImportId, after: Option<i64>) -> Result<Part> {
    let scope = actor.authorize(Permission::CatalogWrite)?;
    let (import, rows) = app.db.read(|conn| {
        let import = find_in(conn, scope, id)?;
        let rows = store::load_rows(conn, id, RowKind::Refused, after.unwrap_or(0), PART)?;
        Ok((import, rows))
    })?;
    let mut table = Csv::new(b',');
    let headers: Vec<String> = match import.order.format {
        ImportFormat::Ndjson => vec!["listing_json".to_owned()],
        _ => import
            .reading
            .map(|reading| reading.columns.into_iter().map(|column| column.header).collect())
            .unwrap_or_default(),
    };
    // A file that is mended brings what was added to it along once more.
    let kept: Vec<usize> = (0..headers.len()).filter(|at| !ADDED.contains(&headers[*at].as_str())).collect();
    if after.is_none() {
        table.begin(kept.iter().map(|at| headers[*at].as_str()).chain(ADDED))?;
    }
    let next = (i64::try_from(rows.len()) == Ok(PART)).then(|| rows.last().map(|row| row.number)).flatten();
    for row in rows {
        let said = |part: fn(&super::RowFault) -> &str| row.faults.iter().map(part).collect::<Vec<_>>().join(" | ");
        let faults = [said(|one| &one.column), said(|one| &one.code), said(|one| &one.value), said(|one| &one.message)];
        let cells = kept.iter().map(|at| row.cells.get(*at).map_or("", String::as_str));
        table.row(cells.chain(faults.iter().map(String::as_str)))?;
    }
    Ok((table.finish()?, next))
}

/// A part of the catalogue of the actor's company: all listings that were not removed, in the order in which they were made.
///
/// # Errors
/// 401, 403; `invalid` for a format that none goes out in.
pub fn catalog_part(app: &App, actor: &Actor, format: ImportFormat, after: Option<i64>) -> Result<Part> {
    let scope = actor.authorize(Permission::CatalogRead)?;
    let from = ListingId(after.unwrap_or(0));
    let listings = app.db.read(|conn| listings::load_own_after(conn, scope, from, PART))?;
    let next = (i64::try_from(listings.len()) == Ok(PART)).then(|| listings.last().map(|last| last.id.0)).flatten();
    let bytes = match format {
        ImportFormat::Ndjson => lines_of(&listings)?,
        ImportFormat::Csv => table_of(&listings, EXPORTED, b',', after.is_none())?,
        ImportFormat::Merchant => table_of(&listings, MERCHANT, b'\t', after.is_none())?,
        // A workbook is one zip: it goes out whole.
        ImportFormat::Xlsx => return Err(Problem::internal("a workbook has no parts")),
    };
    Ok((bytes, next))
}

/// A workbook for the same catalogue, in the columns of the CSV, still without a row.
///
/// # Errors
/// 401, 403.
pub fn begin_catalog(app: &App, actor: &Actor) -> Result<Spreadsheet> {
    actor.authorize(Permission::CatalogRead)?;
    let mut book = Spreadsheet::new(app.clock.now());
    book.begin("catalog", EXPORTED)?;
    Ok(book)
}

/// Writes the listings behind this one into the workbook, as many as are read at once; answers the last, if more may follow.
///
/// # Errors
/// 401, 403; `invalid` where a text or the catalogue is too long for a spreadsheet.
pub fn write_catalog(
    app: &App,
    actor: &Actor,
    mut book: Spreadsheet,
    after: ListingId,
) -> Result<(Spreadsheet, Option<ListingId>)> {
    let scope = actor.authorize(Permission::CatalogRead)?;
    let listings = app.db.read(|conn| listings::load_own_after(conn, scope, after, PART))?;
    for listing in &listings {
        // Text, numbers too: it is read back as it was written.
        book.row(&row_of(listing, EXPORTED)?.into_iter().map(Cell::Text).collect::<Vec<_>>())?;
    }
    let is_full = i64::try_from(listings.len()) == Ok(PART);
    Ok((book, listings.last().filter(|_| is_full).map(|last| last.id)))
}

fn lines_of(listings: &[Listing]) -> Result<Vec<u8>> {
    let mut bytes = Vec::new();
    for listing in listings {
        let mut line = serde_json::to_value(&listing.fields).map_err(Problem::internal)?;
        line["id"] = serde_json::json!(listing.id);
        line["state"] = serde_json::json!(listing.state);
        serde_json::to_writer(&mut bytes, &line).map_err(Problem::internal)?;
        bytes.push(b'\n');
    }
    Ok(bytes)
}

fn table_of(listings: &[Listing], columns: &[&str], delimiter: u8, is_first: bool) -> Result<Vec<u8>> {
    let mut table = Csv::new(delimiter);
    if is_first {
        table.begin(columns.iter().copied())?;
    }
    for listing in listings {
        table.row(row_of(listing, columns)?.iter().map(String::as_str))?;
    }
    table.finish()
}

/// A piece of a table as text.
struct Csv {
    writer: csv::Writer<Vec<u8>>,
    marked: bool,
}

impl Csv {
    fn new(delimiter: u8) -> Self {
        let writer = csv::WriterBuilder::new().delimiter(delimiter).flexible(true).from_writer(Vec::new());
        Self { writer, marked: false }
    }

    /// Writes the header of the file.
    fn begin<'c>(&mut self, headers: impl Iterator<Item = &'c str>) -> Result<()> {
        self.marked = true;
        self.row(headers)
    }

    fn row<'c>(&mut self, cells: impl Iterator<Item = &'c str>) -> Result<()> {
        self.writer.write_record(cells).map_err(Problem::internal)
    }

    fn finish(self) -> Result<Vec<u8>> {
        let rows = self.writer.into_inner().map_err(|error| Problem::internal(error.to_string()))?;
        // With the mark spreadsheets see that it is UTF-8.
        Ok(if self.marked { [crate::wire::lines::BOM, &rows].concat() } else { rows })
    }
}

/// Forgets imports and their files after thirty days; answers how many.
pub fn purge(app: &App) -> Result<usize> {
    let before = app.clock.now() - Duration::days(KEPT_DAYS);
    let id = |(_, id): &(_, i64)| ImportId(*id);
    sweep_rows(
        &app.db,
        "forgetting imports",
        |conn, after| store::list_older(conn, before, after),
        id,
        |row| forget(app, id(row)),
    )
}

fn forget(app: &App, id: ImportId) -> Result<bool> {
    loop {
        let is_gone = app.db.write(|tx| {
            let Some(import) = store::find(tx.conn(), id)? else { return Ok(true) };
            let is_gone = store::delete(tx, id, FORGOTTEN)?;
            if is_gone {
                blobs::release(tx, import.blob.id)?;
            }
            Ok(is_gone)
        })?;
        if is_gone {
            return Ok(true);
        }
    }
}
