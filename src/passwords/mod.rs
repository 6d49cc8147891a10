//! Passwords: what may be one, and how it is kept (argon2id, two passes and by default 19 MiB: the OWASP row).
//!
//! A hash takes about 50 ms and 19 MiB, so only as many run at once as there are cores; the rest wait their turn, and of those that wait each
//! occupies a thread that others need: more than a few are refused at once. The memory is taken once and kept: were it asked for anew each
//! time, every thread that ever signed somebody in would hold on to some of it.

mod guessable;

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Condvar, Mutex, PoisonError};

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Block, Params, Version};

use crate::error::{Code, FieldCode, FieldError, Problem, Result};
use crate::locale::{Language, text};

/// A password has at least so many characters.
pub const LEAST_CHARS: usize = 12;
/// And at most so many bytes.
pub const MOST_BYTES: usize = 128;

/// The least memory of a hash that a configuration may ask for, in KiB: the OWASP row for two passes.
pub const LEAST_MEMORY_KIB: u32 = Params::DEFAULT_M_COST;

/// When whoever finds too many under way may come back, in seconds: by then a full line has moved on.
const RETRY_S: u64 = 5;

/// Hashes and checks passwords, a few at once.
pub struct Hasher {
    /// What new hashes are made with.
    params: Params,
    /// The memories that nobody works on; one for each hash that may run.
    free: Mutex<Vec<Memory>>,
    freed: Condvar,
    nobody: String,
    turns: AtomicU64,
    /// How many places there are, for those that run and those that wait; 0 is no limit.
    places: usize,
    taken: AtomicUsize,
}

/// A place among those that compute a hash or wait for their turn to.
pub struct Place<'a>(&'a Hasher);

/// What a hash is computed in; empty until its first one.
type Memory = Vec<Block>;

impl Hasher {
    /// A hasher that runs `at_once` hashes at a time (0 takes the number of cores), each in so many KiB, and has so many `places` for what runs or
    /// waits (0 is no limit).
    ///
    /// # Errors
    /// `internal` when no hash can be made in so little memory.
    pub fn new(at_once: usize, memory_kib: u32, places: usize) -> Result<Self> {
        let cores = || std::thread::available_parallelism().map_or(2, std::num::NonZero::get);
        let at_once = if at_once == 0 { cores() } else { at_once };
        let free = Mutex::new(vec![Memory::new(); at_once]);
        let params = Params::new(memory_kib, Params::DEFAULT_T_COST, Params::DEFAULT_P_COST, None)
            .map_err(|error| Problem::internal(format!("password hash: {error}")))?;
        let mut hasher = Self {
            params,
            free,
            freed: Condvar::new(),
            nobody: String::new(),
            turns: AtomicU64::new(0),
            places,
            taken: AtomicUsize::new(0),
        };
        hasher.nobody = hasher.hash(&crate::secrets::random_token())?;
        Ok(hasher)
    }

    /// A place to compute a hash in.
    ///
    /// # Errors
    /// `unavailable` with the time to wait, at once, when all are taken.
    pub fn place(&self) -> Result<Place<'_>> {
        let place = Place(self);
        if self.taken.fetch_add(1, Ordering::Relaxed) < self.places || self.places == 0 {
            return Ok(place);
        }
        let mut problem = Problem::new(Code::Unavailable, text(Language::English, "errors-passwords-busy"));
        problem.retry_after_s = Some(RETRY_S);
        Err(problem)
    }

    fn hash(&self, password: &str) -> Result<String> {
        let fault = |error: &dyn std::fmt::Display| Problem::internal(format!("password hash: {error}"));
        let version = Version::default();
        let argon2 = Argon2::new(Algorithm::default(), version, self.params.clone());
        let salt = Salt::new(&rand::random::<[u8; Salt::RECOMMENDED_LENGTH]>()).map_err(|error| fault(&error))?;
        let output = self.compute(&argon2, password, &salt).map_err(|error| fault(&error))?;
        let hash = PasswordHash {
            algorithm: Algorithm::default().ident(),
            version: Some(version.into()),
            params: ParamsString::try_from(argon2.params()).map_err(|error| fault(&error))?,
            salt: Some(salt),
            hash: Some(output),
        };
        Ok(hash.to_string())
    }

    fn is_right(&self, password: &str, hash: Option<&str>) -> bool {
        let known = hash.is_some();
        self.gives(password, hash.unwrap_or(&self.nobody)).unwrap_or(false) && known
    }

    /// Whether the password gives the hash; `None` when that is none.
    fn gives(&self, password: &str, hash: &str) -> Option<bool> {
        let hash = PasswordHash::new(hash).ok()?;
        let algorithm = Algorithm::try_from(hash.algorithm.as_str()).ok()?;
        let version = Version::try_from(hash.version?).ok()?;
        let argon2 = Argon2::new(algorithm, version, Params::try_from(&hash).ok()?);
        let computed = self.compute(&argon2, password, &hash.salt?).ok()?;
        // Compared in a time that does not depend on where they differ.
        Some(computed == hash.hash?)
    }

    fn compute(&self, argon2: &Argon2<'_>, password: &str, salt: &Salt) -> argon2::password_hash::Result<Output> {
        let mut turn = self.turn();
        let params = argon2.params();
        let memory = turn.of(params.block_count());
        let mut output = vec![0; params.output_len().unwrap_or(Params::DEFAULT_OUTPUT_LEN)];
        argon2.hash_password_into_with_memory(password.as_bytes(), salt, &mut output, memory)?;
        Ok(Output::new(&output)?)
    }

    /// Whether the hash was made with weaker parameters than those of today, so that it should be made again at the next chance.
    pub fn is_outdated(&self, hash: &str) -> bool {
        let made_with = PasswordHash::new(hash).ok().and_then(|hash| Params::try_from(&hash).ok());
        made_with.is_none_or(|made| made.m_cost() < self.params.m_cost() || made.t_cost() < self.params.t_cost())
    }

    /// How many hashes were computed since the start: what signing in costs, whoever tries.
    pub fn computed(&self) -> u64 {
        self.turns.load(Ordering::Relaxed)
    }

    fn turn(&self) -> Turn<'_> {
        self.turns.fetch_add(1, Ordering::Relaxed);
        let mut free = self.free.lock().unwrap_or_else(PoisonError::into_inner);
        loop {
            if let Some(memory) = free.pop() {
                return Turn { hasher: self, memory };
            }
            free = self.freed.wait(free).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

impl Place<'_> {
    /// The PHC string of the password.
    ///
    /// # Errors
    /// `internal` when it cannot be computed, which is a fault of ours.
    pub fn hash(&self, password: &str) -> Result<String> {
        self.0.hash(password)
    }

    /// Whether the password belongs to the hash. Without a hash (nobody of that name) it takes as long and answers no.
    pub fn is_right(&self, password: &str, hash: Option<&str>) -> bool {
        self.0.is_right(password, hash)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.taken.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The right to compute a hash, and what to do it in.
struct Turn<'a> {
    hasher: &'a Hasher,
    memory: Memory,
}

impl Turn<'_> {
    /// The memory, of so many blocks; whatever is in it does not matter.
    fn of(&mut self, blocks: usize) -> &mut [Block] {
        self.memory.resize(blocks, Block::default());
        &mut self.memory
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        let memory = std::mem::take(&mut self.memory);
        self.hasher.free.lock().unwrap_or_else(PoisonError::into_inner).push(memory);
        self.hasher.freed.notify_one();
    }
}

/// Whether the text may be a password; `own_words` (name, address, company) may not be it.
pub fn check(password: &str, own_words: &[&str]) -> std::result::Result<(), FieldError> {
    let refuse = |message: String| Err(FieldError::new("/password", FieldCode::Range, message));
    if password.chars().count() < LEAST_CHARS {
        return refuse(format!("must have at least {LEAST_CHARS} characters; a few unrelated words make a good one"));
    }
    // Longer ones would be work for the hash that anybody can ask for.
    if password.len() > MOST_BYTES {
        return refuse(format!("must have at most {MOST_BYTES} bytes"));
    }
    // No rules of capitals and digits: they make people write `Password1!`, which is in the list.
    if guessable::is_guessable(password, own_words) {
        return refuse("is among the first that are tried; a few unrelated words make a good one".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use argon2::{PasswordHasher, PasswordVerifier};

    use super::*;

    #[test]
    fn a_password_is_known_by_its_hash_and_nobody_has_one() {
        let hasher = Hasher::new(1, LEAST_MEMORY_KIB, 0).unwrap();
        let hash = hasher.hash("four unrelated words").unwrap();
        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(hasher.is_right("four unrelated words", Some(&hash)));
        assert!(!hasher.is_right("four unrelated word", Some(&hash)));
        assert!(!hasher.is_right("four unrelated words", None));
        assert!(!hasher.is_right("four unrelated words", Some("nonsense")));
    }

    /// A memory that was worked in before gives what a new one gives, also for the parameters of long ago.
    #[test]
    fn it_does_not_matter_what_is_in_the_memory() {
        let hasher = Hasher::new(1, LEAST_MEMORY_KIB, 0).unwrap();
        let old = Argon2::from(Params::new(8 * 1024, 1, 1, None).unwrap()).hash_password(b"as it was").unwrap();
        for password in ["first of all", "and the second", "first of all"] {
            let hash = hasher.hash(password).unwrap();
            assert!(Argon2::default().verify_password(password.as_bytes(), hash.as_str()).is_ok());
            assert!(hasher.is_right("as it was", Some(&old.to_string())));
        }
    }

    #[test]
    fn places_are_few_and_free_again() {
        let hasher = Hasher::new(1, LEAST_MEMORY_KIB, 2).unwrap();
        let held = [hasher.place().unwrap(), hasher.place().unwrap()];
        let refused = hasher.place().err().unwrap();
        assert_eq!((refused.code, refused.retry_after_s), (Code::Unavailable, Some(RETRY_S)));
        drop(held);
        let hash = hasher.place().unwrap().hash("four unrelated words").unwrap();
        assert!(hasher.place().unwrap().is_right("four unrelated words", Some(&hash)));
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
        let hasher = Hasher::new(1, LEAST_MEMORY_KIB, 0).unwrap();
        let hash = hasher.hash("four unrelated words").unwrap();
        assert!(!hasher.is_outdated(&hash));
        assert!(hasher.is_outdated(&hash.replace("m=19456", "m=4096")));
        assert!(hasher.is_outdated(&hash.replace("t=2", "t=1")));
        assert!(hasher.is_outdated("nonsense"));
    }
}
