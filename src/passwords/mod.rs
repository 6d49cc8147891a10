//! Passwords: what may be one, and how it is kept (argon2id, 19 MiB, two passes: the OWASP row).
//!
//! A hash takes about 50 ms and 19 MiB, so only as many run at once as there are cores; the rest wait their turn.

mod guessable;

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, Params, PasswordHasher, PasswordVerifier};

use crate::error::{FieldCode, FieldError, Problem, Result};

/// A password has at least so many characters.
pub const LEAST_CHARS: usize = 12;
/// And at most so many bytes.
pub const MOST_BYTES: usize = 128;

/// Hashes and checks passwords, a few at once.
pub struct Hasher {
    free: Mutex<usize>,
    bell: Condvar,
    nobody: String,
    turns: AtomicU64,
}

impl Hasher {
    /// A hasher that runs `at_once` hashes at a time; 0 takes the number of cores.
    pub fn new(at_once: usize) -> Self {
        let cores = || std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let at_once = if at_once == 0 { cores() } else { at_once };
        let mut hasher =
            Self { free: Mutex::new(at_once), bell: Condvar::new(), nobody: String::new(), turns: AtomicU64::new(0) };
        hasher.nobody = hasher.hash(&crate::secrets::random_token()).unwrap_or_default();
        hasher
    }

    /// The PHC string of the password.
    pub fn hash(&self, password: &str) -> Result<String> {
        let _turn = self.turn();
        Argon2::default()
            .hash_password(password.as_bytes())
            .map(|hash| hash.to_string())
            .map_err(|error| Problem::internal(format!("password hash: {error}")))
    }

    /// Whether the password belongs to the hash. Without a hash (nobody of that name) it takes as long and answers no.
    pub fn is_right(&self, password: &str, hash: Option<&str>) -> bool {
        let _turn = self.turn();
        let known = hash.is_some();
        let hash = hash.unwrap_or(&self.nobody);
        Argon2::default().verify_password(password.as_bytes(), hash).is_ok() && known
    }

    /// Whether the hash was made with weaker parameters than those of today, so that it should be made again at the next chance.
    pub fn is_outdated(&self, hash: &str) -> bool {
        let made_with = PasswordHash::new(hash).ok().and_then(|hash| Params::try_from(&hash).ok());
        made_with
            .is_none_or(|params| params.m_cost() < Params::DEFAULT_M_COST || params.t_cost() < Params::DEFAULT_T_COST)
    }

    /// How many hashes were computed since the start: what signing in costs, whoever tries.
    pub fn computed(&self) -> u64 {
        self.turns.load(Ordering::Relaxed)
    }

    fn turn(&self) -> Turn<'_> {
        self.turns.fetch_add(1, Ordering::Relaxed);
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        let mut free = self.bell.wait_while(free, |free| *free == 0).unwrap_or_else(PoisonError::into_inner);
        *free -= 1;
        Turn(self)
    }
}

struct Turn<'a>(&'a Hasher);

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        *self.0.free.lock().unwrap_or_else(PoisonError::into_inner) += 1;
        self.0.bell.notify_one();
    }
}

/// Whether the text may be a password; `own_words` (name, address, company) may not be it.
pub fn check(password: &str, own_words: &[&str]) -> std::result::Result<(), FieldError> {
    let refuse = |message: String| Err(FieldError::new("/password", FieldCode::Range, message));
    if password.chars().count() < LEAST_CHARS {
        return refuse(format!("must have at least {LEAST_CHARS} characters; a few unrelated words make a good one"));
    }
    if password.len() > MOST_BYTES {
        return refuse(format!("must have at most {MOST_BYTES} bytes"));
    }
    if guessable::is_guessable(password, own_words) {
        return refuse("is among the first that are tried; a few unrelated words make a good one".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_by_its_hash_and_nobody_has_one() {
        let hasher = Hasher::new(1);
        let hash = hasher.hash("four unrelated words").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(hasher.is_right("four unrelated words", Some(&hash)));
        assert!(!hasher.is_right("four unrelated word", Some(&hash)));
        assert!(!hasher.is_right("four unrelated words", None));
    }

    #[test]
    fn short_and_obvious_passwords_are_refused() {
        assert!(check("short", &[]).is_err());
        assert!(check("aaaaaaaaaaaaaaaa", &[]).is_err());
        assert!(check("anna@example.com", &["anna@example.com"]).is_err());
        assert!(check("correct horse battery", &["Anna"]).is_ok());
        assert!(check(&"word and other ".repeat(9), &[]).is_err(), "longer than what is hashed at once");
    }

    #[test]
    fn a_hash_of_weaker_parameters_is_outdated() {
        let hasher = Hasher::new(1);
        let hash = hasher.hash("four unrelated words").unwrap();
        assert!(!hasher.is_outdated(&hash));
        assert!(hasher.is_outdated(&hash.replace("m=19456", "m=4096")));
        assert!(hasher.is_outdated(&hash.replace("t=2", "t=1")));
        assert!(hasher.is_outdated("nonsense"));
    }
}
