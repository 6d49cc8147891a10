//! The ids of what is public, in parts by id.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::companies::CompanyState;
use crate::error::Result;
use crate::listings::ListingState;
use crate::rfqs::{RfqState, Visibility};
use crate::store::Conn;
use crate::store::schema::{companies, listings, rfqs};
use crate::wire_enum;

wire_enum! {
    /// What has sitemaps.
    pub enum Kind {
        /// Supplier pages.
        Companies = "companies",
        /// Listing pages.
        Listings = "listings",
        /// Pages of open RFQs.
        Rfqs = "rfqs",
    }
}

/// So many rows are looked at for a part; the public ones among them are its addresses. Sitemaps may hold 50 000.
// Rows and not addresses: where a part begins is read off the index of the ids, whatever is public of them.
const PART_ROWS: i64 = 20_000;
/// So many parts are listed: two hundred million rows.
const MOST_PARTS: usize = 10_000;

/// The id after which each part begins.
pub(super) fn list_parts(conn: &mut Conn, kind: Kind) -> Result<Vec<i64>> {
    let mut parts = vec![0];
    while let Some(last) = last_of_part(conn, kind, parts[parts.len() - 1])? {
        parts.push(last);
        if parts.len() == MOST_PARTS {
            break;
        }
    }
    Ok(parts)
}

/// The last id of the part that begins after this one; `None` for the last part.
fn last_of_part(conn: &mut Conn, kind: Kind, after: i64) -> Result<Option<i64>> {
    macro_rules! last {
        ($table:ident) => {
            $table::table
                .filter($table::id.gt(after))
                .order($table::id)
                .offset(PART_ROWS - 1)
                .limit(1)
                .select($table::id)
                .first(conn)
                .optional()?
        };
    }
    Ok(match kind {
        Kind::Companies => last!(companies),
        Kind::Listings => last!(listings),
        Kind::Rfqs => last!(rfqs),
    })
}

/// The public things of the part, each with its last change.
pub(super) fn list_public(conn: &mut Conn, kind: Kind, after: i64) -> Result<Vec<(i64, NaiveDateTime)>> {
    let last = last_of_part(conn, kind, after)?.unwrap_or(i64::MAX);
    let active = companies::state.eq(CompanyState::Active.as_str());
    Ok(match kind {
        Kind::Companies => companies::table
            .filter(active)
            .filter(companies::id.gt(after).and(companies::id.le(last)))
            .order(companies::id)
            .select((companies::id, companies::updated_at))
            .load(conn)?,
        Kind::Listings => listings::table
            .inner_join(companies::table)
            .filter(active)
            .filter(listings::state.eq(ListingState::Published.as_str()))
            .filter(listings::id.gt(after).and(listings::id.le(last)))
            .order(listings::id)
            .select((listings::id, listings::updated_at))
            .load(conn)?,
        Kind::Rfqs => rfqs::table
            .inner_join(companies::table)
            .filter(active)
            .filter(rfqs::state.eq(RfqState::Open.as_str()))
            .filter(rfqs::visibility.eq(Visibility::Public.as_str()))
            .filter(rfqs::id.gt(after).and(rfqs::id.le(last)))
            .order(rfqs::id)
            .select((rfqs::id, rfqs::updated_at))
            .load(conn)?,
    })
}
