//! Cursors of lists: opaque, signed, bound to who asked, stable under inserts.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::actor::Actor;
use crate::error::{Code, Problem, Result};
use crate::secrets::{Purpose, Secrets};

/// The cursor's text: what list it is of, for whom, and where to go on.
pub fn seal<T: Serialize>(secrets: &Secrets, list: &str, actor: &Actor, position: &T) -> Result<String> {
    let payload = serde_json::to_vec(&(list, actor.binding(), position))
        .map_err(|error| Problem::internal(error).during("a cursor does not serialise"))?;
    Ok(secrets.sign(Purpose::Cursor, &payload))
}

/// The position in a cursor that [`seal`] made for the same list and the same company.
pub fn open<T: DeserializeOwned>(secrets: &Secrets, list: &str, actor: &Actor, text: &str) -> Result<T> {
    let refused = || Problem::new(Code::BadCursor, "The cursor must be one that this list answered to you before.");
    let payload = secrets.verify(Purpose::Cursor, text).ok_or_else(refused)?;
    let (of_list, binding, position): (String, String, T) = serde_json::from_slice(&payload).map_err(|_| refused())?;
    if of_list == list && binding == actor.binding() { Ok(position) } else { Err(refused()) }
}

/// Where a page of a list begins; lists are newest first, by id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
pub enum Place {
    /// At the newest.
    #[default]
    Start,
    /// Older than the id.
    Before(i64),
    /// Newer than the id.
    After(i64),
}

/// The part of a list that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paging {
    /// How many items, 1 to 100.
    pub limit: i64,
    /// Where to begin.
    pub place: Place,
}

/// A page of a list, newest first, and where the pages beside it begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where older ones begin, if there are any.
    pub next: Option<Place>,
    /// Where newer ones begin, if this is not the first page.
    pub prev: Option<Place>,
}

impl Paging {
    /// The first `limit` items.
    pub fn first(limit: i64) -> Self {
        Self { limit, place: Place::Start }
    }

    /// Cuts the rows of [`page_rows!`](crate::page_rows) (one more than the limit, to know whether there are more) to a page.
    pub fn cut<T>(&self, mut rows: Vec<T>, id: impl Fn(&T) -> i64) -> Slice<T> {
        let limit = usize::try_from(self.limit).unwrap_or(1);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let backwards = matches!(self.place, Place::After(_));
        if backwards {
            rows.reverse();
        }
        let last = rows.last().map(|row| Place::Before(id(row)));
        let first = rows.first().map(|row| Place::After(id(row)));
        let next = if backwards || more { last } else { None };
        let prev = match self.place {
            Place::Start => None,
            Place::Before(_) => first,
            Place::After(_) => first.filter(|_| more),
        };
        Slice { items: rows, next, prev }
    }
}

impl<T> Slice<T> {
    /// The same page with every item turned into something else.
    pub fn map<U>(self, turn: impl FnMut(T) -> U) -> Slice<U> {
        Slice { items: self.items.into_iter().map(turn).collect(), next: self.next, prev: self.prev }
    }
}

/// Loads a page of a boxed query, newest first by the id column: `page_rows!(query.into_boxed(), rfqs::id, paging, conn)`.
#[macro_export]
macro_rules! page_rows {
    ($query:expr, $id:expr, $paging:expr, $conn:expr) => {{
        let query = $query.limit($paging.limit + 1);
        match $paging.place {
            $crate::store::cursor::Place::Start => query.order($id.desc()).load($conn),
            $crate::store::cursor::Place::Before(id) => query.filter($id.lt(id)).order($id.desc()).load($conn),
            $crate::store::cursor::Place::After(id) => query.filter($id.gt(id)).order($id.asc()).load($conn),
        }
    }};
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(all: &[i64], paging: Paging) -> Slice<i64> {
        let mut rows: Vec<i64> = all.to_vec();
        match paging.place {
            Place::Start => rows.sort_by_key(|id| -id),
            Place::Before(before) => {
                rows.retain(|id| *id < before);
                rows.sort_by_key(|id| -id);
            }
            Place::After(after) => {
                rows.retain(|id| *id > after);
                rows.sort_unstable();
            }
        }
        rows.truncate(usize::try_from(paging.limit).unwrap() + 1);
        paging.cut(rows, |id| *id)
    }

    #[test]
    fn pages_there_and_back_are_the_whole_list_once() {
        let all: Vec<i64> = (1..=7).collect();
        let mut seen = Vec::new();
        let mut paging = Paging::first(3);
        let mut last = loop {
            let slice = page(&all, paging);
            seen.extend(slice.items.clone());
            match slice.next {
                Some(place) => paging.place = place,
                None => break slice,
            }
        };
        assert_eq!(seen, [7, 6, 5, 4, 3, 2, 1]);
        let mut back = Vec::new();
        while let Some(place) = last.prev {
            last = page(&all, Paging { limit: 3, place });
            back.push(last.items.clone());
        }
        assert_eq!(back, [vec![4, 3, 2], vec![7, 6, 5]]);
    }
}
