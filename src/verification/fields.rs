//! The fields of a request: the API's JSON, the stored document and the domain type in one.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::rules::{self, Needs};
use crate::companies::{Form, Verification};
use crate::error::{FieldCode, Result};
use crate::ids::DocumentId;
use crate::locale::{Language, text};
use crate::text::Checker;

/// The most documents of one request.
pub const MAX_DOCUMENTS: usize = 10;

/// An entry in a public register.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RegisterEntry {
    /// The register's name, 1 to 200 characters: "Kamer van Koophandel, Handelsregister".
    pub name: String,
    /// The number of the entry, 1 to 100 characters.
    pub entry: String,
    /// Where everybody can look it up.
    pub url: Option<String>,
    /// The day you looked it up.
    pub checked_on: Option<NaiveDate>,
}

/// A verification request. What a moderator accepts is public: the register and its entry, what the documents are, the author of a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRequest {
    /// `identified` with a register entry, `documented` with documents, `audited` with a third party's report.
    pub level: Verification,
    /// For `identified`: the entry that names the company.
    #[serde(default)]
    pub register: Option<RegisterEntry>,
    /// For `documented` and `audited`: 1 to 10 documents that your company uploaded (`doc_`). An individual sends one identity document.
    #[serde(default)]
    pub documents: Vec<DocumentId>,
    /// For `audited` the third party, for an individual the authority that gave the identity document; up to 200 characters.
    #[serde(default)]
    pub issuer: Option<String>,
    /// For `audited`: the day of the report.
    #[serde(default)]
    pub dated: Option<NaiveDate>,
    /// The last day of the identity document or of the report, where it names one.
    #[serde(default)]
    pub valid_until: Option<NaiveDate>,
    /// A note to the moderators, up to 2 000 characters; read by them only.
    #[serde(default)]
    pub note: Option<String>,
}

impl NewRequest {
    /// Cleans the texts and checks that the request carries what its level needs, for a company of the form.
    ///
    /// # Errors
    /// `invalid` naming each field that is wrong.
    pub fn check(&mut self, form: Form, today: NaiveDate) -> Result<()> {
        let needs = rules::needs(self.level, form)?;
        let mut checker = Checker::new();
        checker.required("/register", needs != Needs::Register || self.register.is_some());
        if let Some(register) = &mut self.register {
            checker.public_text("/register/name", &mut register.name, 1..=200);
            checker.public_text("/register/entry", &mut register.entry, 1..=100);
            if let Some(url) = &register.url {
                checker.url("/register/url", url);
            }
            checker.required("/register/checked_on", register.checked_on.is_some());
            let is_past = register.checked_on.is_none_or(|day| day <= today);
            checker.ensure(
                is_past,
                "/register/checked_on",
                FieldCode::Range,
                text(Language::English, "verification-in-future"),
            );
        }
        self.check_documents(&mut checker, needs);
        checker.public_text("/issuer", &mut self.issuer, 0..=200);
        checker.required("/issuer", !needs.an_issuer() || self.issuer.is_some());
        checker.required("/dated", needs != Needs::Report || self.dated.is_some());
        checker.ensure(
            self.dated.is_none_or(|day| day <= today),
            "/dated",
            FieldCode::Range,
            text(Language::English, "verification-in-future"),
        );
        checker.required("/valid_until", needs != Needs::Identity || self.valid_until.is_some());
        let holds = self.valid_until.is_none_or(|day| day >= today);
        checker.ensure(holds, "/valid_until", FieldCode::Range, text(Language::English, "verification-has-passed"));
        checker.prose("/note", &mut self.note, 0..=2_000);
        checker.finish()
    }

    fn check_documents(&mut self, checker: &mut Checker, needs: Needs) {
        checker.distinct("/documents", &mut self.documents, MAX_DOCUMENTS);
        checker.required("/documents", needs == Needs::Register || !self.documents.is_empty());
        let one = needs != Needs::Identity || self.documents.len() <= 1;
        checker.ensure(one, "/documents", FieldCode::Range, text(Language::English, "verification-one-identity"));
    }
}
