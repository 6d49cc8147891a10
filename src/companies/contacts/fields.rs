//! What is known of a contact person: the API's JSON and the stored document in one.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::{FieldCode, Result};
use crate::locale;
use crate::reference::codes::Language;
use crate::text::Checker;

/// Members of a contact that only the server sets; sent back, they are ignored.
pub const READ_ONLY: &[&str] = &["id", "company", "version", "created_at", "updated_at"];

/// A contact person: a name, and an e-mail address or a telephone number.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ContactFields {
    /// The name, 1 to 200 characters.
    #[schema(required = true, min_length = 1, max_length = 200)]
    pub name: String,
    /// What they do there: "export manager"; up to 200 characters.
    pub role: Option<String>,
    /// The e-mail address.
    pub email: Option<String>,
    /// The telephone number in international form.
    pub phone: Option<String>,
    /// The languages they can be spoken to in, at most 20.
    pub languages: Vec<Language>,
}

impl ContactFields {
    /// Cleans the texts and checks all fields.
    ///
    /// # Errors
    /// `invalid` naming each field that is wrong.
    pub fn check(&mut self) -> Result<()> {
        let mut checker = Checker::new();
        checker.text("/name", &mut self.name, 1..=200);
        checker.text("/role", &mut self.role, 0..=200);
        checker.text("/email", &mut self.email, 0..=254);
        if let Some(email) = &self.email {
            checker.email("/email", email);
        }
        checker.text("/phone", &mut self.phone, 0..=40);
        let phone_ok = self.phone.as_deref().is_none_or(is_phone);
        let message = locale::text(locale::Language::English, "companies-must-be-telephone");
        checker.ensure(phone_ok, "/phone", FieldCode::Format, message);
        checker.distinct("/languages", &mut self.languages, 20);
        let is_reachable = self.email.is_some() || self.phone.is_some();
        checker.ensure(
            is_reachable,
            "/email",
            FieldCode::Required,
            locale::text(locale::Language::English, "companies-email-or-telephone"),
        );
        checker.finish()
    }
}

/// E.164 allows 15 digits behind the plus; eight is the least that dials anyone abroad. An extension may follow.
fn is_phone(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('+') else { return false };
    let number = rest.split(['x', '#', ';']).next().unwrap_or_default();
    let digits = number.chars().filter(char::is_ascii_digit).count();
    (8..=15).contains(&digits)
        && rest.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '-' | '.' | '(' | ')' | '/' | 'x' | '#' | ';'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_contact_has_a_name_and_can_be_reached() {
        let wrong = |email: Option<&str>, phone: Option<&str>| {
            let text = |text: Option<&str>| text.map(str::to_owned);
            let name = "Li Wei".to_owned();
            let mut fields = ContactFields { name, email: text(email), phone: text(phone), ..ContactFields::default() };
            fields.check().err().map(|problem| problem.fields[0].pointer.clone())
        };
        assert_eq!(wrong(Some("li@example.com"), None), None);
        assert_eq!(wrong(None, Some("+86 574 8765-4321 x12")), None);
        assert_eq!(wrong(None, None).as_deref(), Some("/email"));
        assert_eq!(wrong(Some("li at example"), None).as_deref(), Some("/email"));
        for phone in ["0574 87654321", "+86", "+86 call me", "+1234567890123456"] {
            assert_eq!(wrong(None, Some(phone)).as_deref(), Some("/phone"), "{phone}");
        }
        assert_eq!(ContactFields::default().check().unwrap_err().fields[0].pointer, "/name");
    }
}
