//! Cursors of lists: opaque, signed, bound to who asked, stable under inserts.

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::actor::Actor;
use crate::error::{Code, Problem, Result};
use crate::secrets::{Purpose, Secrets};

/// The cursor's text: what list it is of, for whom, and where to go on.
pub fn seal<T: Serialize>(secrets: &Secrets, list: &str, actor: &Actor, position: &T) -> Result<String> {
    let payload = serde_json::to_vec(&(list, actor.binding(), position))
        .map_err(|error| Problem::internal(format!("a cursor does not serialise: {error}")))?;
    Ok(secrets.sign(Purpose::Cursor, &payload))
}

/// The position in a cursor that [`seal`] made for the same list and the same company.
pub fn open<T: DeserializeOwned>(secrets: &Secrets, list: &str, actor: &Actor, text: &str) -> Result<T> {
    let refused = || Problem::new(Code::BadCursor, "The cursor must be one that this list answered to you before.");
    let payload = secrets.verify(Purpose::Cursor, text).ok_or_else(refused)?;
    let (of_list, binding, position): (String, String, T) = serde_json::from_slice(&payload).map_err(|_| refused())?;
    if of_list == list && binding == actor.binding() { Ok(position) } else { Err(refused()) }
}
