//! Rows of `api_key_origins`: the web origins from which scripts may use a key.

use std::collections::HashMap;

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::error::Result;
use crate::ids::ApiKeyId;
use crate::store::schema::{api_key_origins, api_keys};
use crate::store::{Conn, Tx, in_chunks};

pub(in crate::accounts) fn insert_origins(tx: &mut Tx, key: ApiKeyId, origins: &[String]) -> Result<()> {
    for origin in origins {
        let row = (api_key_origins::api_key_id.eq(key.0), api_key_origins::origin.eq(origin));
        diesel::insert_into(api_key_origins::table).values(row).execute(tx.conn())?;
    }
    Ok(())
}

/// The origins of each of the keys, in the order of the alphabet.
pub(in crate::accounts) fn list_origins(conn: &mut Conn, keys: &[i64]) -> Result<HashMap<i64, Vec<String>>> {
    let rows: Vec<(i64, String)> = in_chunks(keys, |part| {
        api_key_origins::table
            .filter(api_key_origins::api_key_id.eq_any(part))
            // As the primary key has them, so that nothing is sorted and no other index is walked through.
            .order((api_key_origins::api_key_id, api_key_origins::origin))
            .select((api_key_origins::api_key_id, api_key_origins::origin))
            .load(conn)
    })?;
    let mut origins: HashMap<i64, Vec<String>> = HashMap::new();
    for (key, origin) in rows {
        origins.entry(key).or_default().push(origin);
    }
    Ok(origins)
}

/// Whether the key lists the origin; without a key, whether any does that is good at `now`.
pub(in crate::accounts) fn is_origin_listed(
    conn: &mut Conn,
    key: Option<ApiKeyId>,
    origin: &str,
    now: NaiveDateTime,
) -> Result<bool> {
    let mut listing = api_key_origins::table
        .inner_join(api_keys::table)
        .filter(api_key_origins::origin.eq(origin))
        .filter(api_keys::revoked_at.is_null())
        .filter(api_keys::expires_at.is_null().or(api_keys::expires_at.gt(now)))
        .select(api_keys::id)
        .into_boxed();
    if let Some(key) = key {
        listing = listing.filter(api_keys::id.eq(key.0));
    }
    let found: Option<i64> = listing.first(conn).optional()?;
    Ok(found.is_some())
}
