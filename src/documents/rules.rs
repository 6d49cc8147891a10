//! Pure decisions about documents: how they are called, how long they wait.

use super::MediaType;
use crate::error::Problem;
use crate::text::Checker;

/// The longest file name, in characters.
pub const MAX_NAME: usize = 200;
/// A document that nothing has attached for so many days is deleted.
pub const UNATTACHED_DAYS: i64 = 30;

/// The name that a sent file gets: without folders and without the characters that turn the direction of writing, and with an ending that
/// fits what it is, so that a text called `price.exe` becomes `price.exe.txt`.
///
/// # Errors
/// `invalid` naming `/name` when nothing is left of it, or it is too long or holds control characters.
pub fn name_of(sent: &str, kind: MediaType) -> Result<String, Problem> {
    // Some browsers send the whole path of the sender's machine.
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut name: String = last.chars().filter(|c| !turns_direction(*c)).collect();
    let mut checker = Checker::new();
    checker.text("/name", &mut name, 1..=MAX_NAME);
    checker.finish()?;
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
    // Appended, not replaced: the sender finds the file again by the name that they gave it.
    if !kind.extensions().contains(&ending.as_str()) {
        name.push('.');
        name.push_str(kind.extensions()[0]);
    }
    Ok(name)
}

/// The invisible characters with which `gpj.exe` is made to look like `exe.jpg`.
fn turns_direction(c: char) -> bool {
    // Signs that turn the direction make `fdp.exe` look like `exe.pdf`.
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
