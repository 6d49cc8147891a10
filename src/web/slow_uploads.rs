//! How many slow uploads a company has at once: a handful of accounts must not occupy the connections of all.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::ids::CompanyId;

/// Counts the slow uploads of each company; shared by all threads of a server.
#[derive(Clone, Default)]
pub struct SlowUploads(Arc<Mutex<HashMap<CompanyId, u32>>>);

/// The slow uploads of one company, of which one more may be counted.
pub struct OfCompany {
    uploads: SlowUploads,
    company: CompanyId,
    most: u32,
}

/// One slow upload, counted until it ends.
pub struct SlowPermit {
    uploads: SlowUploads,
    company: CompanyId,
}

impl SlowUploads {
    /// Those of a company, which has at most so many.
    pub fn of(&self, company: CompanyId, most: u32) -> OfCompany {
        OfCompany { uploads: self.clone(), company, most }
    }
}

impl OfCompany {
    /// Counts one more; `None` where there are as many as there may be.
    pub fn acquire(self) -> Option<SlowPermit> {
        let mut open = self.uploads.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = open.entry(self.company).or_default();
        if *count >= self.most {
            return None;
        }
        *count += 1;
        drop(open);
        Some(SlowPermit { uploads: self.uploads, company: self.company })
    }
}

impl Drop for SlowPermit {
    fn drop(&mut self) {
        let mut open = self.uploads.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(count) = open.get_mut(&self.company) else { return };
        *count -= 1;
        if *count == 0 {
            open.remove(&self.company);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_company_has_so_many_and_others_have_theirs() {
        let uploads = SlowUploads::default();
        let take = |company| uploads.of(CompanyId(company), 2).acquire();
        let held = [take(1), take(1)];
        assert!(held.iter().all(Option::is_some) && take(1).is_none());
        assert!(take(2).is_some());
        drop(held);
        assert!(take(1).is_some());
        assert!(uploads.0.lock().unwrap().is_empty(), "what nobody sends is not remembered");
    }
}
