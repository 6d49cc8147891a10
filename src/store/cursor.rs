//! Cursors of lists: opaque, signed, bound to who asked, stable under inserts.

use chrono::NaiveDateTime;
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::actor::Actor;
use crate::error::{Code, Problem, Result};
use crate::locale::{self, Language};
use crate::secrets::{Purpose, Secrets};

/// The cursor's text: what list it is of, for whom, and where to go on.
pub fn encode<T: Serialize>(secrets: &Secrets, list: &str, actor: &Actor, position: &T) -> Result<String> {
    let payload = serde_json::to_vec(&(list, actor.binding(), position))
        .map_err(|error| Problem::internal(error).during("a cursor does not serialise"))?;
    Ok(secrets.sign(Purpose::Cursor, &payload))
}

/// The position in a cursor that [`encode`] made for the same list and the same company.
pub fn decode<T: DeserializeOwned>(secrets: &Secrets, list: &str, actor: &Actor, text: &str) -> Result<T> {
    let refused = || Problem::new(Code::BadCursor, locale::text(Language::English, "errors-cursor"));
    let payload = secrets.verify(Purpose::Cursor, text).ok_or_else(refused)?;
    let (of_list, binding, position): (String, String, T) = serde_json::from_slice(&payload).map_err(|_| refused())?;
    if of_list == list && binding == actor.binding() { Ok(position) } else { Err(refused()) }
}

/// Where a page of a list begins. Most lists are newest first, by id, which is then the key; one that is ordered otherwise has all that it
/// is ordered by in its key, the id last.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, serde::Deserialize)]
pub enum Position<K = i64> {
    /// At the first item.
    #[default]
    Start,
    /// Behind the key in the list's order: older than the id.
    Before(K),
    /// In front of the key: newer than the id.
    After(K),
}

/// The part of a list that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paging<K = i64> {
    /// How many items, 1 to 100.
    pub limit: i64,
    /// Where to begin.
    pub position: Position<K>,
}

/// A page of a list, in its order, and where the pages beside it begin.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListPage<T, K = i64> {
    /// The items.
    pub items: Vec<T>,
    /// Where the next ones begin, if there are any.
    pub next: Option<Position<K>>,
    /// Where the ones before begin, if this is not the first page.
    pub prev: Option<Position<K>>,
}

impl<K: Copy> Paging<K> {
    /// The first `limit` items.
    pub fn first(limit: i64) -> Self {
        Self { limit, position: Position::Start }
    }

    /// Cuts the rows of [`page_rows!`](crate::page_rows) (one more than the limit, to know whether there are more) to a page.
    pub fn page<T>(&self, mut rows: Vec<T>, key: impl Fn(&T) -> K) -> ListPage<T, K> {
        let limit = usize::try_from(self.limit).unwrap_or(1);
        let more = rows.len() > limit;
        rows.truncate(limit);
        let backwards = matches!(self.position, Position::After(_));
        if backwards {
            rows.reverse();
        }
        let last = rows.last().map(|row| Position::Before(key(row)));
        let first = rows.first().map(|row| Position::After(key(row)));
        let next = if backwards || more { last } else { None };
        let prev = match self.position {
            Position::Start => None,
            Position::Before(_) => first,
            Position::After(_) => first.filter(|_| more),
        };
        ListPage { items: rows, next, prev }
    }
}

impl<T, K> ListPage<T, K> {
    /// The same page with every item turned into something else.
    pub fn map<U>(self, turn: impl FnMut(T) -> U) -> ListPage<U, K> {
        ListPage { items: self.items.into_iter().map(turn).collect(), next: self.next, prev: self.prev }
    }
}

/// The place of a row in a list by the time of the last change: that time, and its id.
pub type UpdatedKey = (NaiveDateTime, i64);

/// Where a page begins in one of the two orders of a list that somebody keeps a copy of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderedPosition {
    /// Newest first.
    Newest(Position),
    /// The one whose last change is the longest ago first.
    Updated(Position<UpdatedKey>),
}

/// The key of a row, whose type says the order of the list.
pub trait RowKey: Copy {
    /// The place in the order that goes with this key.
    fn ordered(position: Position<Self>) -> OrderedPosition;
    /// The key of a row that was last changed at the time.
    fn of(updated_at: NaiveDateTime, id: i64) -> Self;
}

impl RowKey for i64 {
    fn ordered(position: Position<Self>) -> OrderedPosition {
        OrderedPosition::Newest(position)
    }

    fn of(_: NaiveDateTime, id: i64) -> Self {
        id
    }
}

impl RowKey for UpdatedKey {
    fn ordered(position: Position<Self>) -> OrderedPosition {
        OrderedPosition::Updated(position)
    }

    fn of(updated_at: NaiveDateTime, id: i64) -> Self {
        (updated_at, id)
    }
}

/// Loads a page of a boxed query in the order of its paging's key: `ordered_rows!(query.into_boxed(), rfqs::updated_at, rfqs::id, paging, conn)`.
#[macro_export]
macro_rules! ordered_rows {
    ($query:expr, $at:expr, $id:expr, $paging:expr, $conn:expr) => {{
        let query = $query.limit($paging.limit + 1);
        match $crate::store::cursor::RowKey::ordered($paging.position) {
            $crate::store::cursor::OrderedPosition::Newest($crate::store::cursor::Position::Start) => {
                query.order($id.desc()).load($conn)
            }
            $crate::store::cursor::OrderedPosition::Newest($crate::store::cursor::Position::Before(id)) => {
                query.filter($id.lt(id)).order($id.desc()).load($conn)
            }
            $crate::store::cursor::OrderedPosition::Newest($crate::store::cursor::Position::After(id)) => {
                query.filter($id.gt(id)).order($id.asc()).load($conn)
            }
            $crate::store::cursor::OrderedPosition::Updated($crate::store::cursor::Position::Start) => {
                query.order(($at.asc(), $id.asc())).load($conn)
            }
            $crate::store::cursor::OrderedPosition::Updated($crate::store::cursor::Position::Before((at, last))) => {
                query.filter($at.gt(at).or($at.eq(at).and($id.gt(last)))).order(($at.asc(), $id.asc())).load($conn)
            }
            $crate::store::cursor::OrderedPosition::Updated($crate::store::cursor::Position::After((at, first))) => {
                query.filter($at.lt(at).or($at.eq(at).and($id.lt(first)))).order(($at.desc(), $id.desc())).load($conn)
            }
        }
    }};
}

/// Loads a page of a boxed query, newest first by the id column: `page_rows!(query.into_boxed(), rfqs::id, paging, conn)`.
#[macro_export]
macro_rules! page_rows {
    ($query:expr, $id:expr, $paging:expr, $conn:expr) => {{
        let query = $query.limit($paging.limit + 1);
        match $paging.position {
            $crate::store::cursor::Position::Start => query.order($id.desc()).load($conn),
            $crate::store::cursor::Position::Before(id) => query.filter($id.lt(id)).order($id.desc()).load($conn),
            $crate::store::cursor::Position::After(id) => query.filter($id.gt(id)).order($id.asc()).load($conn),
        }
    }};
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(all: &[i64], paging: Paging) -> ListPage<i64> {
        let mut rows: Vec<i64> = all.to_vec();
        match paging.position {
            Position::Start => rows.sort_by_key(|id| -id),
            Position::Before(before) => {
                rows.retain(|id| *id < before);
                rows.sort_by_key(|id| -id);
            }
            Position::After(after) => {
                rows.retain(|id| *id > after);
                rows.sort_unstable();
            }
        }
        rows.truncate(usize::try_from(paging.limit).unwrap() + 1);
        paging.page(rows, |id| *id)
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
                Some(position) => paging.position = position,
                None => break slice,
            }
        };
        assert_eq!(seen, [7, 6, 5, 4, 3, 2, 1]);
        let mut back = Vec::new();
        while let Some(position) = last.prev {
            last = page(&all, Paging { limit: 3, position });
            back.push(last.items.clone());
        }
        assert_eq!(back, [vec![4, 3, 2], vec![7, 6, 5]]);
    }
}
