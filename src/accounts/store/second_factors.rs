//! Rows of `second_factors` and `recovery_codes`.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::error::Result;
use crate::ids::UserId;
use crate::store::schema::{recovery_codes, second_factors};
use crate::store::{Conn, Tx};

/// A person's authenticator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::accounts) struct Factor {
    pub sealed_key: String,
    pub confirmed: bool,
}

pub(in crate::accounts) fn find_factor(conn: &mut Conn, person: UserId) -> Result<Option<Factor>> {
    let row: Option<(String, Option<NaiveDateTime>)> = second_factors::table
        .find(person.0)
        .select((second_factors::sealed_key, second_factors::confirmed_at))
        .first(conn)
        .optional()?;
    Ok(row.map(|(sealed_key, confirmed)| Factor { sealed_key, confirmed: confirmed.is_some() }))
}

/// Stores a key that is not confirmed yet, in place of an earlier one.
pub(in crate::accounts) fn replace_factor(tx: &mut Tx, person: UserId, sealed_key: &str) -> Result<()> {
    delete_factor(tx, person)?;
    let row = (
        second_factors::user_id.eq(person.0),
        second_factors::sealed_key.eq(sealed_key),
        second_factors::last_step.eq(0_i64),
        second_factors::created_at.eq(tx.now_db()),
    );
    diesel::insert_into(second_factors::table).values(row).execute(tx.conn())?;
    Ok(())
}

/// Puts the key sealed anew in the place of the same key as it was sealed before; where another has come meanwhile, that one stays.
pub(in crate::accounts) fn reseal_factor(tx: &mut Tx, person: UserId, before: &str, sealed_key: &str) -> Result<()> {
    let same = second_factors::table.find(person.0).filter(second_factors::sealed_key.eq(before));
    diesel::update(same).set(second_factors::sealed_key.eq(sealed_key)).execute(tx.conn())?;
    Ok(())
}

/// People behind the given one and their sealed keys, by id.
pub(in crate::accounts) fn list_sealed_keys(
    conn: &mut Conn,
    after: UserId,
    most: i64,
) -> Result<Vec<(UserId, String)>> {
    let rows: Vec<(i64, String)> = second_factors::table
        .filter(second_factors::user_id.gt(after.0))
        .order(second_factors::user_id)
        .limit(most)
        .select((second_factors::user_id, second_factors::sealed_key))
        .load(conn)?;
    Ok(rows.into_iter().map(|(person, sealed)| (UserId(person), sealed)).collect())
}

pub(in crate::accounts) fn mark_factor_confirmed(tx: &mut Tx, person: UserId) -> Result<()> {
    let now = tx.now_db();
    diesel::update(second_factors::table.find(person.0))
        .set(second_factors::confirmed_at.eq(now))
        .execute(tx.conn())?;
    Ok(())
}

/// Takes the code of a time step; of many who try at once exactly one does, and no earlier step is taken afterwards.
pub(in crate::accounts) fn use_step(tx: &mut Tx, person: UserId, step: i64) -> Result<bool> {
    let fresh = second_factors::table.find(person.0).filter(second_factors::last_step.lt(step));
    Ok(diesel::update(fresh).set(second_factors::last_step.eq(step)).execute(tx.conn())? == 1)
}

/// Forgets the authenticator and its recovery codes.
pub(in crate::accounts) fn delete_factor(tx: &mut Tx, person: UserId) -> Result<()> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::user_id.eq(person.0))).execute(tx.conn())?;
    diesel::delete(second_factors::table.find(person.0)).execute(tx.conn())?;
    Ok(())
}

/// Puts new recovery codes in the place of all earlier ones.
pub(in crate::accounts) fn replace_recovery_codes(tx: &mut Tx, person: UserId, hashes: &[String]) -> Result<()> {
    diesel::delete(recovery_codes::table.filter(recovery_codes::user_id.eq(person.0))).execute(tx.conn())?;
    for hash in hashes {
        let row = (recovery_codes::user_id.eq(person.0), recovery_codes::code_hash.eq(hash));
        diesel::insert_into(recovery_codes::table).values(row).execute(tx.conn())?;
    }
    Ok(())
}

/// Uses a recovery code up; of many who try at once exactly one does.
pub(in crate::accounts) fn use_recovery_code(tx: &mut Tx, person: UserId, hash: &str) -> Result<bool> {
    let now = tx.now_db();
    let open = recovery_codes::table.find((person.0, hash)).filter(recovery_codes::used_at.is_null());
    Ok(diesel::update(open).set(recovery_codes::used_at.eq(now)).execute(tx.conn())? == 1)
}

pub(in crate::accounts) fn count_recovery_codes(conn: &mut Conn, person: UserId) -> Result<i64> {
    Ok(recovery_codes::table
        .filter(recovery_codes::user_id.eq(person.0))
        .filter(recovery_codes::used_at.is_null())
        .count()
        .get_result(conn)?)
}
