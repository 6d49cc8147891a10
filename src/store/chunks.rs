//! Lists of ids in statements: cut to parts that every database takes.

use diesel::result::QueryResult;

use crate::error::Result;

/// Ids that go into one statement. SQLite takes 32 766 bound values in one; a thousand is as fast for each id as any larger number, and
/// leaves room for the other values of the statement.
pub const MOST_IDS: usize = 1_000;

/// Loads the rows of the ids, however many there are: `load` is asked for at most [`MOST_IDS`] at a time. The rows come in the order of
/// the parts, so a list that needs another order is sorted afterwards.
///
/// # Errors
/// The first of `load`.
pub fn in_chunks<I, T>(ids: &[I], mut load: impl FnMut(&[I]) -> QueryResult<Vec<T>>) -> Result<Vec<T>> {
    let mut all = Vec::with_capacity(ids.len());
    for part in ids.chunks(MOST_IDS) {
        all.extend(load(part)?);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_ids_are_asked_for_in_parts_and_none_not_at_all() {
        let ids: Vec<usize> = (0..MOST_IDS * 2 + 5).collect();
        let mut asked = Vec::new();
        let loaded = in_chunks(&ids, |part| {
            asked.push(part.len());
            Ok(part.to_vec())
        });
        assert_eq!((loaded.unwrap(), asked), (ids, vec![MOST_IDS, MOST_IDS, 5]));
        let none = in_chunks(&[], |_: &[i64]| -> QueryResult<Vec<i64>> { panic!("there is nothing to ask for") });
        assert!(none.unwrap().is_empty());
    }
}
