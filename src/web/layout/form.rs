//! Forms that lose nothing: what was typed and what is wrong with it, by field name.
//!
//! A field's name is the JSON pointer of the same input with dots: `/price/min/currency` is the field `price.min.currency`. So a
//! [`Problem`] of a use case shows itself at the right field of a page.

use actix_web::http::StatusCode;

use crate::error::{Code, Problem};
use crate::locale::{Language, text};

/// One line of the error summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SummaryItem {
    /// The `id` of the field it links to; empty when it belongs to no field.
    pub field_id: String,
    /// The field's label.
    pub label: String,
    /// What is wrong, a sentence without its subject: "must be a decimal number".
    pub message: String,
}

/// The list of mistakes at the top of a form page; nothing is shown when it is empty.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct ErrorSummary {
    /// In the order of the form.
    pub items: Vec<SummaryItem>,
}

/// The values and mistakes of a form, as typed.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Form {
    values: Vec<(String, String)>,
    errors: Vec<(String, String)>,
    labels: Vec<(&'static str, &'static str)>,
    /// Why what was sent could not be carried out, where that is no fault of the sender.
    fault: Option<Code>,
    /// After how many seconds it makes sense to send it again.
    retry_after_s: Option<u64>,
}

impl Form {
    /// An empty form; `labels` gives each field's name and the key of its label in the order of the page, for the error summary.
    pub fn new(labels: &[(&'static str, &'static str)]) -> Self {
        // Looked up here and not where the tables stand: they are constants, which a language that is known later cannot be.
        let labels = labels.iter().map(|(name, key)| (*name, text(Language::English, key))).collect();
        Self { labels, ..Self::default() }
    }

    /// The same form with what was sent, as it was typed.
    #[must_use]
    pub fn typed(mut self, values: Vec<(String, String)>) -> Self {
        self.values = values;
        self
    }

    /// The same form with one more value; for the first showing of an edit page.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.values.push((name.to_owned(), value.into()));
        self
    }

    /// Adds a mistake to a field.
    pub fn refuse(&mut self, name: &str, message: impl Into<String>) {
        self.errors.push((name.to_owned(), message.into()));
    }

    /// The same form with the mistakes that a use case found; a problem without fields becomes one line of the summary.
    #[must_use]
    pub fn refused(mut self, problem: &Problem) -> Self {
        for field in &problem.fields {
            let name = field.pointer.trim_start_matches('/').replace('/', ".");
            self.errors.push((name, field.message.clone()));
        }
        if problem.fields.is_empty() {
            self.errors.push((String::new(), problem.detail.clone()));
        }
        self.fault = Some(problem.code).filter(|code| code.status() >= 500);
        self.retry_after_s = problem.retry_after_s;
        self
    }

    /// The status of a page that shows the form again: 422, or that of a fault of ours.
    pub fn status(&self) -> StatusCode {
        let fault = self.fault.and_then(|code| StatusCode::from_u16(code.status()).ok());
        fault.unwrap_or(StatusCode::UNPROCESSABLE_ENTITY)
    }

    /// After how many seconds it makes sense to send it again, where that is known.
    pub fn retry_after_s(&self) -> Option<u64> {
        self.retry_after_s
    }

    /// What was typed into the field; empty when nothing was.
    pub fn value(&self, name: &str) -> &str {
        self.values.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// Everything that was sent under the name: checkboxes and repeated rows.
    pub fn values(&self, name: &str) -> Vec<&str> {
        self.values.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str()).collect()
    }

    /// Whether the value was chosen under the name; for options and checkboxes.
    pub fn has(&self, name: &str, value: &str) -> bool {
        self.values.iter().any(|(known, typed)| known == name && typed == value)
    }

    /// What was typed into one part of a field of two inputs: `part("price", "amount")` is the value of `price.amount`.
    pub fn part(&self, name: &str, part: &str) -> &str {
        self.value(&format!("{name}.{part}"))
    }

    /// Whether the part of the field has this value.
    pub fn part_is(&self, name: &str, part: &str, value: &str) -> bool {
        self.part(name, part) == value
    }

    /// What is wrong with the field; empty when nothing is. A mistake deeper in (`price.min.amount`) shows at the field itself
    /// and not at `price`, unless the form has no such field.
    pub fn error(&self, name: &str) -> &str {
        let deeper =
            |known: &str| known.strip_prefix(name).is_some_and(|rest| rest.starts_with('.')) && !self.has_field(known);
        let found = self.errors.iter().find(|(known, _)| known == name || (!name.is_empty() && deeper(known)));
        found.map_or("", |(_, message)| message)
    }

    /// What is wrong with the field itself and not with a part of it; empty when nothing is.
    pub fn own_error(&self, name: &str) -> &str {
        self.errors.iter().find(|(known, _)| known == name).map_or("", |(_, message)| message)
    }

    /// Whether the field is wrong.
    pub fn is_wrong(&self, name: &str) -> bool {
        !self.error(name).is_empty()
    }

    /// Whether there is no mistake at all.
    pub fn is_valid(&self) -> bool {
        self.errors.is_empty()
    }

    /// The list for the top of the page, in the order of the labels; what has no label comes last under its name.
    pub fn summary(&self) -> ErrorSummary {
        let mut items: Vec<(usize, SummaryItem)> =
            self.errors.iter().map(|(name, text)| self.item(name, text)).collect();
        items.sort_by_key(|(place, _)| *place);
        ErrorSummary { items: items.into_iter().map(|(_, item)| item).collect() }
    }

    fn item(&self, name: &str, message: &str) -> (usize, SummaryItem) {
        let message = message.to_owned();
        match self.field_of(name) {
            Some(place) => {
                let (field, label) = self.labels[place];
                // Of several rows, which: `items.2.quantity` is in the third.
                let row = name[field.len()..].trim_start_matches('.').split('.').next();
                let label = match row.and_then(|row| row.parse::<usize>().ok()) {
                    Some(row) => format!("{label} {}", row + 1),
                    None => label.to_owned(),
                };
                (place, SummaryItem { field_id: format!("f-{field}"), label, message })
            }
            None => {
                (usize::MAX, SummaryItem { field_id: String::new(), label: name.replace(['.', '_'], " "), message })
            }
        }
    }

    /// The place of the field of that name, or of the nearest one above it: `certifications.0.scheme` is at `certifications`.
    fn field_of(&self, name: &str) -> Option<usize> {
        let mut name = name;
        loop {
            if let Some(place) = self.labels.iter().position(|(known, _)| *known == name) {
                return Some(place);
            }
            name = name.rsplit_once('.')?.0;
        }
    }

    fn has_field(&self, name: &str) -> bool {
        self.labels.iter().any(|(known, _)| *known == name)
    }
}
