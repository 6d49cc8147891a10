//! Rows of `listings`.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{Array, BigInt, Text};

use super::images::Image;
use super::rules::OwnFilter;
use super::{Listing, ListingFields, ListingState};
use crate::actor::Scope;
use crate::clock::Time;
use crate::error::{Code, FieldCode, FieldError, Problem, Result};
use crate::ids::{CompanyId, ListingId};
use crate::locale::{Language, text};
use crate::on_each;
use crate::secrets::sha256_hex;
use crate::store::cursor::{ListPage, Paging, RowKey};
use crate::store::schema::listings;
use crate::store::{Conn, Tx, from_json, from_text, in_chunks, or_duplicate, to_json};
use crate::{due_rows, ordered_rows, page_rows};

#[derive(Queryable, Selectable)]
#[diesel(table_name = listings)]
struct ListingRow {
    id: i64,
    company_id: i64,
    state: String,
    content: String,
    version: i64,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
    published_at: Option<NaiveDateTime>,
    expires_at: Option<NaiveDateTime>,
    removed_reason: Option<String>,
    images: String,
}

impl TryFrom<ListingRow> for Listing {
    type Error = Problem;
    fn try_from(row: ListingRow) -> Result<Self> {
        Ok(Self {
            id: ListingId(row.id),
            company: CompanyId(row.company_id),
            state: from_text(&row.state)?,
            fields: from_json(&row.content)?,
            version: row.version,
            created_at: row.created_at.and_utc(),
            updated_at: row.updated_at.and_utc(),
            published_at: row.published_at.map(|time| time.and_utc()),
            expires_at: row.expires_at.map(|time| time.and_utc()),
            removed_reason: row.removed_reason,
            images: from_json(&row.images)?,
        })
    }
}

fn all(rows: Vec<ListingRow>) -> Result<Vec<Listing>> {
    rows.into_iter().map(Listing::try_from).collect()
}

/// One listing, whatever its state.
pub fn find(conn: &mut Conn, id: ListingId) -> Result<Option<Listing>> {
    let row: Option<ListingRow> = listings::table.find(id.0).select(ListingRow::as_select()).first(conn).optional()?;
    row.map(Listing::try_from).transpose()
}

/// The company's listing with this SKU, removed ones too.
pub fn find_by_sku(conn: &mut Conn, company: CompanyId, sku: &str) -> Result<Option<Listing>> {
    let row: Option<ListingRow> = listings::table
        .filter(listings::company_id.eq(company.0))
        .filter(listings::sku.eq(sku))
        .select(ListingRow::as_select())
        .first(conn)
        .optional()?;
    row.map(Listing::try_from).transpose()
}

/// How many more listings the company may have of `most`, as far as `wanted` goes; removed ones count, for their rows stay.
pub(super) fn room(conn: &mut Conn, company: CompanyId, most: i64, wanted: i64) -> Result<i64> {
    // What lies behind the last row that leaves room for all that is wanted: a few ids, and not as many as the company has.
    let over: Vec<i64> = listings::table
        .filter(listings::company_id.eq(company.0))
        .order(listings::id)
        .offset((most - wanted).max(0))
        .limit(wanted)
        .select(listings::id)
        .load(conn)?;
    Ok(wanted.min(most) - i64::try_from(over.len()).unwrap_or(i64::MAX).min(wanted.min(most)))
}

/// The listings of the ids, in no order.
pub fn load(conn: &mut Conn, ids: &[i64]) -> Result<Vec<Listing>> {
    all(in_chunks(ids, |part| {
        listings::table.filter(listings::id.eq_any(part)).select(ListingRow::as_select()).load(conn)
    })?)
}

/// The next listings after the id, by id; for going through all of them.
pub fn load_after(conn: &mut Conn, after: i64, most: i64) -> Result<Vec<Listing>> {
    let rows: Vec<ListingRow> = listings::table
        .filter(listings::id.gt(after))
        .order(listings::id)
        .limit(most)
        .select(ListingRow::as_select())
        .load(conn)?;
    all(rows)
}

/// The company's first listings, at most `most`.
pub(super) fn list_first(conn: &mut Conn, company: CompanyId, most: i64) -> Result<Vec<Listing>> {
    let rows: Vec<ListingRow> = listings::table
        .filter(listings::company_id.eq(company.0))
        .order(listings::id)
        .limit(most)
        .select(ListingRow::as_select())
        .load(conn)?;
    all(rows)
}

/// Removes the row of a listing that nobody else has seen.
pub(super) fn delete(tx: &mut Tx, id: ListingId) -> Result<()> {
    diesel::delete(listings::table.find(id.0)).execute(tx.conn())?;
    Ok(())
}

/// The next published listings of the companies, as pairs of company and id in the order of these, at most `most`: what shows a company's name and
/// country.
/// The companies are in ascending order; `after` is the last pair of the part before.
pub fn published_of_companies(
    conn: &mut Conn,
    companies: &[i64],
    after: Option<(i64, i64)>,
    most: i64,
) -> Result<Vec<(i64, i64)>> {
    use listings::{company_id, id};
    let done = after.map_or(0, |(last, _)| companies.partition_point(|company| *company < last));
    let rest = companies.get(done..).unwrap_or_default();
    let mut query = listings::table
        .filter(company_id.eq_any(rest))
        .filter(listings::state.eq(ListingState::Published.as_str()))
        .into_boxed();
    if let Some((last_company, last_id)) = after {
        query = query.filter(company_id.gt(last_company).or(id.gt(last_id)));
    }
    Ok(query.order((company_id, id)).limit(most).select((company_id, id)).load(conn)?)
}

/// The company's own next listings after the id, by id, whatever their state but removed; for going through all of them.
pub fn load_own_after(conn: &mut Conn, scope: Scope, after: ListingId, most: i64) -> Result<Vec<Listing>> {
    let rows: Vec<ListingRow> = listings::table
        .filter(listings::company_id.eq(scope.company().0))
        .filter(listings::id.gt(after.0))
        .filter(listings::state.ne(ListingState::Removed.as_str()))
        .order(listings::id)
        .limit(most)
        .select(ListingRow::as_select())
        .load(conn)?;
    all(rows)
}

/// The company's own listings that the filter leaves, as a boxed query.
macro_rules! own_listings {
    ($scope:expr, $filter:expr) => {{
        let mine = listings::table.filter(listings::company_id.eq($scope.company().0)).select(ListingRow::as_select());
        let mut wanted = match $filter.state {
            Some(state) => mine.into_boxed().filter(listings::state.eq(state.as_str())),
            None => mine.into_boxed().filter(listings::state.ne(ListingState::Removed.as_str())),
        };
        if let Some(sku) = &$filter.sku {
            wanted = wanted.filter(listings::sku.eq(sku.clone()));
        }
        if let Some(since) = $filter.updated_since {
            wanted = wanted.filter(listings::updated_at.ge(since.naive_utc()));
        }
        wanted
    }};
}

/// A page of the company's own listings, newest first, or by the time of their last change.
pub(super) fn list_own<K: RowKey>(
    conn: &mut Conn,
    scope: Scope,
    filter: &OwnFilter,
    paging: Paging<K>,
) -> Result<ListPage<Listing, K>> {
    let query = own_listings!(scope, filter);
    let rows: Vec<ListingRow> = ordered_rows!(query, listings::updated_at, listings::id, paging, conn)?;
    Ok(paging.page(all(rows)?, |listing| K::of(listing.updated_at.naive_utc(), listing.id.0)))
}

/// A page of the company's published listings, newest first.
pub fn list_published(conn: &mut Conn, company: CompanyId, paging: Paging) -> Result<ListPage<Listing>> {
    let public = listings::table
        .filter(listings::company_id.eq(company.0))
        .filter(listings::state.eq(ListingState::Published.as_str()))
        .select(ListingRow::as_select())
        .into_boxed();
    let rows: Vec<ListingRow> = page_rows!(public, listings::id, paging, conn)?;
    Ok(paging.page(all(rows)?, |listing| listing.id.0))
}

/// How many listings the company has in each state.
pub(super) fn count_by_state(conn: &mut Conn, scope: Scope) -> Result<HashMap<ListingState, i64>> {
    let rows: Vec<(String, i64)> = listings::table
        .filter(listings::company_id.eq(scope.company().0))
        .group_by(listings::state)
        .select((listings::state, diesel::dsl::count_star()))
        .load(conn)?;
    rows.into_iter().map(|(state, count)| Ok((from_text(&state)?, count))).collect()
}

/// How many bytes the images of the company's listings have together.
pub(super) fn sum_image_bytes(conn: &mut Conn, scope: Scope) -> Result<u64> {
    // The databases answer the sum of whole numbers in different types.
    let sum = diesel::dsl::sql::<BigInt>("CAST(COALESCE(SUM(image_bytes), 0) AS BIGINT)");
    let bytes: i64 = listings::table
        .filter(listings::company_id.eq(scope.company().0))
        .filter(listings::image_bytes.gt(0))
        .select(sum)
        .first(conn)?;
    Ok(u64::try_from(bytes).unwrap_or_default())
}

/// The published and paused listings whose end has come, longest ago first.
pub(super) fn list_due(
    conn: &mut Conn,
    now: Time,
    after: Option<&(NaiveDateTime, i64)>,
) -> Result<Vec<(NaiveDateTime, i64)>> {
    let due = listings::table
        .filter(listings::state.eq_any([ListingState::Published.as_str(), ListingState::Paused.as_str()]))
        .filter(listings::expires_at.le(now.naive_utc()));
    Ok(due_rows!(due.into_boxed(), listings::expires_at, listings::id, after, conn)?)
}

/// What a bulk load needs to know of a row: enough to see that nothing changed without reading its document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Known {
    pub id: ListingId,
    pub state: ListingState,
    pub hash: String,
}

#[derive(QueryableByName)]
#[diesel(table_name = listings)]
struct KnownRow {
    company_id: i64,
    sku: String,
    id: i64,
    state: String,
    content_hash: String,
}

/// What is there under the SKUs of the companies. PostgreSQL is asked once; to SQLite, which is in the same process, a question costs
/// little, and one for each company stays on the index.
pub(super) fn find_known(conn: &mut Conn, wanted: &[(CompanyId, &str)]) -> Result<HashMap<(CompanyId, String), Known>> {
    let rows: Vec<KnownRow> = match conn {
        Conn::Postgres(c) => {
            let companies: Vec<i64> = wanted.iter().map(|(company, _)| company.0).collect();
            let skus: Vec<&str> = wanted.iter().map(|(_, sku)| *sku).collect();
            diesel::sql_query(
                "SELECT l.company_id, l.sku, l.id, l.state, l.content_hash FROM unnest($1, $2) AS wanted (company_id, sku) \
                 JOIN listings l ON l.company_id = wanted.company_id AND l.sku = wanted.sku",
            )
            .bind::<Array<BigInt>, _>(companies)
            .bind::<Array<Text>, _>(skus)
            .load(c)?
        }
        Conn::Sqlite(c) => {
            // The pairs as JSON: one statement whatever their number, which goes through them and not through the table.
            let pairs: Vec<(i64, &str)> = wanted.iter().map(|(company, sku)| (company.0, *sku)).collect();
            diesel::sql_query(
                "SELECT l.company_id, l.sku, l.id, l.state, l.content_hash FROM json_each(?) AS wanted CROSS JOIN listings l \
                 ON l.company_id = json_extract(wanted.value, '$[0]') AND l.sku = json_extract(wanted.value, '$[1]')",
            )
            .bind::<Text, _>(to_json(&pairs)?)
            .load(c)?
        }
    };
    let known = |row: KnownRow| {
        let known = Known { id: ListingId(row.id), state: from_text(&row.state)?, hash: row.content_hash };
        Ok(((CompanyId(row.company_id), row.sku), known))
    };
    rows.into_iter().map(known).collect()
}

/// The content of a listing as it is stored, and the hash by which an unchanged document is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Document {
    content: String,
    /// SHA-256 of the content, hexadecimal.
    pub hash: String,
}

impl Document {
    pub fn of(fields: &ListingFields) -> Result<Self> {
        let content = to_json(fields)?;
        let hash = sha256_hex(content.as_bytes());
        Ok(Self { content, hash })
    }
}

#[derive(Insertable)]
#[diesel(table_name = listings, treat_none_as_default_value = false)]
struct NewRow {
    id: i64,
    company_id: i64,
    sku: String,
    name: String,
    state: &'static str,
    content: String,
    content_hash: String,
    version: i64,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
    published_at: Option<NaiveDateTime>,
    expires_at: Option<NaiveDateTime>,
}

impl NewRow {
    fn of((listing, document): (Listing, Document)) -> Self {
        Self {
            id: listing.id.0,
            company_id: listing.company.0,
            sku: listing.fields.sku,
            name: listing.fields.name,
            state: listing.state.as_str(),
            content: document.content,
            content_hash: document.hash,
            version: listing.version,
            created_at: listing.created_at.naive_utc(),
            updated_at: listing.updated_at.naive_utc(),
            published_at: listing.published_at.map(|time| time.naive_utc()),
            expires_at: listing.expires_at.map(|time| time.naive_utc()),
        }
    }
}

/// Stores a new listing.
pub(super) fn insert(tx: &mut Tx, new: &Listing) -> Result<()> {
    let document = Document::of(&new.fields)?;
    insert_all(tx, vec![(new.clone(), document)])
}

/// Stores new listings in one statement; at most 1 000, so that SQLite's limit on parameters holds.
pub(super) fn insert_all(tx: &mut Tx, new: Vec<(Listing, Document)>) -> Result<()> {
    if new.is_empty() {
        return Ok(());
    }
    let rows: Vec<NewRow> = new.into_iter().map(NewRow::of).collect();
    let inserted = on_each!(tx.conn(), |c| diesel::insert_into(listings::table).values(rows).execute(c));
    or_duplicate(inserted, duplicate_sku)?;
    Ok(())
}

/// Writes a listing back with the next version; answers it as it is now.
pub(super) fn update(tx: &mut Tx, listing: &Listing) -> Result<Listing> {
    let now = tx.now();
    let listing = Listing { version: listing.version + 1, updated_at: now, ..listing.clone() };
    let document = Document::of(&listing.fields)?;
    let image_bytes: u64 = listing.images.iter().map(Image::bytes).sum();
    let updated = diesel::update(listings::table.find(listing.id.0))
        .set((
            listings::sku.eq(&listing.fields.sku),
            listings::name.eq(&listing.fields.name),
            listings::state.eq(listing.state.as_str()),
            listings::content_hash.eq(document.hash),
            listings::content.eq(document.content),
            listings::version.eq(listing.version),
            listings::updated_at.eq(now.naive_utc()),
            listings::published_at.eq(listing.published_at.map(|time| time.naive_utc())),
            listings::expires_at.eq(listing.expires_at.map(|time| time.naive_utc())),
            listings::removed_reason.eq(&listing.removed_reason),
            listings::images.eq(to_json(&listing.images)?),
            listings::image_bytes.eq(i64::try_from(image_bytes).map_err(Problem::internal)?),
        ))
        .execute(tx.conn());
    or_duplicate(updated, duplicate_sku)?;
    Ok(listing)
}

/// Lets another listing have the SKU of a removed one; the removed one's document keeps saying what it was.
pub(super) fn release_sku(tx: &mut Tx, removed: &Listing) -> Result<()> {
    diesel::update(listings::table.find(removed.id.0))
        .filter(listings::state.eq(ListingState::Removed.as_str()))
        .set(listings::sku.eq(format!("{} {}", removed.fields.sku, removed.id)))
        .execute(tx.conn())?;
    Ok(())
}

/// The refusal of a SKU that another listing of the company has.
pub(super) fn duplicate_sku() -> Problem {
    let message = text(Language::English, "listings-sku-taken-field");
    let mut problem = Problem::new(Code::Duplicate, text(Language::English, "listings-sku-taken"));
    problem.fields.push(FieldError::new("/sku", FieldCode::Contradiction, message));
    problem
}

/// How many listings are published.
pub fn count_published(conn: &mut Conn) -> Result<u64> {
    let count: i64 =
        listings::table.filter(listings::state.eq(ListingState::Published.as_str())).count().get_result(conn)?;
    Ok(u64::try_from(count).unwrap_or(0))
}
