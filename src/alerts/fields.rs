//! What a person says of a saved search: the API's JSON in and out.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::rules::canonical_query;
use super::{AlertFrequency, SearchedKind};
use crate::error::Result;
use crate::text::Checker;

/// Members of a saved search that only the server sets; sent back, they are ignored.
pub const READ_ONLY: &[&str] = &["id", "version", "created_at", "updated_at"];

/// A search and how often to tell what it newly finds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SavedSearchFields {
    /// Its name, 1 to 100 characters.
    #[schema(required = true, max_length = 100)]
    pub name: String,
    /// What is searched: the last part of the address of the search.
    pub kind: SearchedKind,
    /// The parameters of `/search/{kind}` as they stand in its query string, `q=ball+valve&country=CN,DE`, up to 2 000 characters: words or
    /// at least one filter. Order, facets and paging are left out of it; so is `group_by`.
    #[schema(required = true, max_length = 2000)]
    pub query: String,
    /// How often its person is told by e-mail what is new: `instant`, with a quarter of an hour between two e-mails at least; `daily` and `weekly`
    /// in a digest at 07:00 UTC, weekly on Mondays.
    pub frequency: AlertFrequency,
    /// Whether nothing is looked for at the moment.
    pub paused: bool,
}

impl Default for SavedSearchFields {
    fn default() -> Self {
        Self {
            name: String::new(),
            kind: SearchedKind::Listings,
            query: String::new(),
            frequency: AlertFrequency::Daily,
            paused: false,
        }
    }
}

impl SavedSearchFields {
    /// Cleans the texts, brings the query into its canonical form and checks everything.
    ///
    /// # Errors
    /// `invalid` naming each field that is wrong; what is wrong with the query names the parameter.
    pub fn check(&mut self) -> Result<()> {
        let mut checker = Checker::new();
        checker.text("/name", &mut self.name, 1..=100);
        checker.text("/query", &mut self.query, 1..=2_000);
        if !self.query.is_empty() {
            match canonical_query(self.kind.kind(), &self.query) {
                Ok(query) => self.query = query,
                Err(faults) => faults.into_iter().for_each(|(code, message)| checker.fail("/query", code, message)),
            }
        }
        checker.finish()
    }
}
