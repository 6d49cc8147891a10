//! What the indexes hold, document by document, for comparing them with what they are made of.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};

use fnv::FnvHasher;

use super::docs::{Change, Entry, Step};
use super::{Kind, Search, SearchError};

impl Search {
    /// Id and digest of every document of the kind that can be found.
    pub fn digests(&self, kind: Kind) -> Result<HashMap<i64, u64>, SearchError> {
        let snapshot = self.snapshot(kind);
        let mut found = HashMap::new();
        for reader in snapshot.searcher.segment_readers() {
            let (ids, digests) = (reader.fast_fields().i64("id")?, reader.fast_fields().u64("digest")?);
            for doc in reader.doc_ids_alive() {
                if let Some(id) = ids.first(doc) {
                    found.insert(id, digests.first(doc).unwrap_or(0));
                }
            }
        }
        Ok(found)
    }
}

impl Change {
    /// Id and digest of the document that it puts in; none when it takes one out.
    pub fn digest(self) -> Option<(i64, u64)> {
        match self.into_step() {
            (_, Step::Put(entry)) => Some((entry.id, entry.digest())),
            (_, Step::Remove(_)) => None,
        }
    }
}

impl Entry {
    /// Stands for all that is in the entry: two that differ anywhere have, but for an accident in 2^64, different ones.
    pub(super) fn digest(&self) -> u64 {
        let mut hasher = FnvHasher::default();
        self.hash(&mut hasher);
        hasher.finish()
    }
}
