//! The addresses of a page of statistics: the same question on another page of rows, or as a file.

use crate::locale::{Language, Message};
use crate::web::API;
use crate::web::layout::Pager;

/// Rows on a page.
pub(super) const ROWS: usize = 60;
/// The table of a page that asks for none: chapters, a year each.
pub(super) const DEFAULT_TABLE: &str = "hs2,year";

/// What a page was asked for, as its address has it.
pub(super) struct Links<'p> {
    /// The path of the page.
    pub page: &'static str,
    /// The path of the tables in the API.
    pub tables: &'static str,
    /// The table asked for; empty for [`DEFAULT_TABLE`].
    pub by: &'p str,
    /// The filters; those that are empty are left out.
    pub filters: Vec<(&'static str, &'p str)>,
}

impl Links<'_> {
    fn query<'q>(&'q self, first: Vec<(&'q str, &'q str)>, last: Vec<(&'q str, &'q str)>) -> String {
        let filters = self.filters.iter().filter(|(_, value)| !value.is_empty()).copied();
        let all: Vec<(&str, &str)> = first.into_iter().chain(filters).chain(last).collect();
        serde_urlencoded::to_string(all).unwrap_or_default()
    }

    /// The address of the table as a file.
    pub fn download(&self, format: &str) -> String {
        let by = if self.by.is_empty() { DEFAULT_TABLE } else { self.by };
        format!("{API}{}?{}", self.tables, self.query(vec![("group", by), ("format", format)], Vec::new()))
    }

    /// The pages before and behind the one of this number, of so many rows.
    pub fn pager(&self, number: usize, rows: usize) -> Pager {
        let link = |number: usize| {
            let page = number.to_string();
            let by = (!self.by.is_empty()).then_some(("by", self.by));
            let last = by.into_iter().chain([("page", page.as_str())]).collect();
            format!("{}?{}", self.page, self.query(Vec::new(), last))
        };
        let (first, last) = ((number.max(1) - 1) * ROWS, (number.max(1) * ROWS).min(rows));
        let shown = Message::new("statistics-rows")
            .with("first", (first + 1).to_string())
            .with("last", last.to_string())
            .with("count", rows)
            .text(Language::English);
        Pager {
            prev: (number > 1).then(|| link(number - 1)),
            next: (last < rows).then(|| link(number + 1)),
            shown: if rows > ROWS { shown } else { String::new() },
        }
    }
}
