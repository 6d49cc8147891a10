//! Use cases of retail records: recording, correcting, withdrawing.

use std::collections::{HashMap, HashSet};

use super::fields::RetailFields;
use super::plausibility::ensure_possible;
use super::queries::{find_record, find_written};
use super::rules::{may_correct, may_record, may_withdraw};
use super::{ReferenceCheck, RetailDetail, RetailRecord, RetailState, store};
use crate::actor::{Actor, Permission, Scope};
use crate::app::App;
use crate::companies::{self, Form, Verification};
use crate::error::{Code, FieldCode, Problem, Result};
use crate::ids::RetailRecordId;
use crate::locale::{Language, Message, text};
use crate::partnerships;
use crate::partnerships::eligibility::DeclarationLine;
use crate::store::{Conn, IdempotencyKey, Idempotent, Tx, ensure_version};

/// A record whose fields were checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Checked {
    pub fields: RetailFields,
    pub check: Option<ReferenceCheck>,
}

impl Checked {
    /// Checks what was sent.
    ///
    /// # Errors
    /// `invalid`, naming every field that is wrong.
    pub fn new(app: &App, fields: RetailFields) -> Result<Self> {
        let fields = fields.trimmed();
        let check = fields.check(app.clock.today())?;
        ensure_possible(&fields, Language::English)?;
        Ok(Self { fields, check })
    }

    /// The line of a declaration that it names.
    pub fn line(&self) -> Option<DeclarationLine> {
        let (reference, check) = (self.fields.customs_reference.as_ref()?, self.check.as_ref()?);
        Some(check.line(reference.scheme))
    }

    /// Whether a stored record says the same; of a correction what it corrects does not matter.
    pub fn is_said_by(&self, record: &RetailRecord) -> bool {
        RetailFields { supersedes: record.fields.supersedes, ..self.fields.clone() } == record.fields
    }
}

/// What of a company stands in the way of new records: read once for all that are stored together.
pub(super) struct Seller {
    scope: Scope,
    form: Form,
    verification: Verification,
    by_reference: HashMap<String, RetailRecord>,
    by_line: HashMap<DeclarationLine, RetailRecordId>,
    /// Lines that others have confirmed to each other in general trade.
    confirmed_elsewhere: HashSet<DeclarationLine>,
}

impl Seller {
    pub fn load(conn: &mut Conn, scope: Scope, new: &[&Checked]) -> Result<Self> {
        let company = scope.company();
        let levels = companies::store::load_form_and_verification(conn, &[company.0])?;
        let (_, form, verification) = levels.into_iter().next().ok_or_else(|| Problem::not_found("company"))?;
        let lines: Vec<DeclarationLine> = new.iter().filter_map(|checked| checked.line()).collect();
        let references: Vec<&str> = new.iter().filter_map(|checked| checked.fields.reference.as_deref()).collect();
        let numbers: Vec<&str> = lines.iter().map(|line| line.number.as_str()).collect();
        let in_force = store::list_in_force(conn, company, &references, &numbers)?;
        let confirmed_elsewhere = partnerships::store::list_confirmed_lines(conn, &lines)?;
        let (by_reference, by_line) = (HashMap::new(), HashMap::new());
        let mut seller = Self { scope, form, verification, by_reference, by_line, confirmed_elsewhere };
        in_force.into_iter().for_each(|record| seller.keep(record));
        Ok(seller)
    }

    /// Whom the reference belongs to, where a record in force has it.
    pub fn holder_of(&self, reference: &str) -> Option<&RetailRecord> {
        self.by_reference.get(reference)
    }

    fn keep(&mut self, record: RetailRecord) {
        if let (Some(reference), Some(check)) = (&record.fields.customs_reference, &record.check) {
            self.by_line.insert(check.line(reference.scheme), record.id);
        }
        if let Some(reference) = record.fields.reference.clone() {
            self.by_reference.insert(reference, record);
        }
    }

    fn give_up(&mut self, id: RetailRecordId) {
        self.by_reference.retain(|_, record| record.id != id);
        self.by_line.retain(|_, holder| *holder != id);
    }

    /// Whether no record in force has the reference or the line, but for the one that is corrected.
    fn ensure_free(&self, new: &Checked, corrected: Option<RetailRecordId>) -> Result<()> {
        let twice = |says: Message, id: RetailRecordId| {
            Err(Problem::new(Code::Duplicate, says.with("record", id.to_string()).text(Language::English)))
        };
        let is_other = |holder: &RetailRecordId| Some(*holder) != corrected;
        let by_reference = new.fields.reference.as_deref().and_then(|own| self.holder_of(own)).map(|holder| holder.id);
        if let Some(holder) = by_reference.filter(is_other) {
            return twice(Message::new("retail-reference-twice"), holder);
        }
        match new.line().and_then(|line| self.by_line.get(&line).copied()).filter(is_other) {
            Some(holder) => twice(Message::new("retail-number-twice"), holder),
            None => Ok(()),
        }
    }

    /// Stores a record in an open transaction; one that corrects another takes its place at once.
    pub fn record(&mut self, tx: &mut Tx, new: &Checked) -> Result<RetailRecord> {
        may_record(self.form, self.verification, new.fields.party_form)?;
        let old = new.fields.supersedes.map(|id| self.corrected(tx.conn(), id)).transpose()?;
        if let Some(old) = &old {
            may_correct(old.state)?;
        }
        self.ensure_free(new, old.as_ref().map(|old| old.id))?;
        if let Some(old) = &old {
            self.give_up(old.id);
            store::set_state(tx, old, RetailState::Superseded)?;
        }
        let is_elsewhere = new.line().is_some_and(|line| self.confirmed_elsewhere.contains(&line));
        let check = new.check.clone().map(|check| match is_elsewhere {
            // Suspicious and not refused: an answer that refuses would tell a stranger that the number is in use.
            true => check.doubted(text(Language::English, "retail-number-elsewhere")),
            false => check,
        });
        let record = store::insert(tx, self.scope.company(), &new.fields, check.as_ref())?;
        self.keep(record.clone());
        Ok(record)
    }

    fn corrected(&self, conn: &mut Conn, id: RetailRecordId) -> Result<RetailRecord> {
        let message = text(Language::English, "retail-no-record");
        store::find(conn, self.scope, id)?
            .ok_or_else(|| Problem::invalid_field("/supersedes", FieldCode::UnknownValue, message))
    }
}

/// Records what the actor's company sold; with `supersedes` it is a correction.
///
/// # Errors
/// 401 and 403; `invalid`, naming every field that is wrong; `duplicate` where a record in force has the reference or the customs number.
pub fn record(
    app: &App,
    actor: &Actor,
    fields: &RetailFields,
    once: Option<&IdempotencyKey>,
) -> Result<Idempotent<RetailRecordId>> {
    let scope = actor.authorize(Permission::PartnershipsWrite)?;
    let new = Checked::new(app, fields.clone())?;
    app.db.write_idempotent(once, |tx| {
        let mut seller = Seller::load(tx.conn(), scope, &[&new])?;
        Ok(seller.record(tx, &new)?.id)
    })
}

/// Puts a new record in the place of an old one, of which the client has seen the version `expected`.
///
/// # Errors
/// As [`record`]; `not_found`, `stale`, and `conflict` where the old one is not in force.
pub fn correct(
    app: &App,
    actor: &Actor,
    id: RetailRecordId,
    fields: &RetailFields,
    expected: Option<i64>,
    once: Option<&IdempotencyKey>,
) -> Result<Idempotent<RetailRecordId>> {
    let scope = actor.authorize(Permission::PartnershipsWrite)?;
    if fields.supersedes.is_some_and(|named| named != id) {
        let message = Message::new("partnerships-supersedes").with("id", id.to_string()).text(Language::English);
        return Err(Problem::invalid_field("/supersedes", FieldCode::Contradiction, message));
    }
    let new = Checked::new(app, RetailFields { supersedes: Some(id), ..fields.clone() })?;
    app.db.write_idempotent(once, |tx| {
        let old = find_record(tx.conn(), scope, id)?;
        ensure_version(expected, old.version)?;
        let mut seller = Seller::load(tx.conn(), scope, &[&new])?;
        Ok(seller.record(tx, &new)?.id)
    })
}

/// The record, and those that it corrects, one after the other.
fn corrected_by(tx: &mut Tx, scope: Scope, record: &RetailRecord) -> Result<Vec<i64>> {
    let mut chain = vec![record.id.0];
    let mut next = record.fields.supersedes;
    while let Some(id) = next.filter(|id| !chain.contains(&id.0)) {
        chain.push(id.0);
        next = store::find(tx.conn(), scope, id)?.and_then(|corrected| corrected.fields.supersedes);
    }
    Ok(chain)
}

/// Takes a record back that no release holds, nor what it corrects.
///
/// # Errors
/// 401 and 403; `not_found`, `stale`; `conflict` where it is not in force or a release holds it.
pub fn withdraw(app: &App, actor: &Actor, id: RetailRecordId, expected: Option<i64>) -> Result<RetailDetail> {
    let scope = actor.authorize(Permission::PartnershipsWrite)?;
    app.db.write(|tx| {
        let record = find_record(tx.conn(), scope, id)?;
        // Whoever heard no answer may ask again, and that changes nothing.
        if record.state == RetailState::Withdrawn {
            return Ok(());
        }
        ensure_version(expected, record.version)?;
        // What it corrects, too: a release that holds the first of them was revised by this one.
        let chain = corrected_by(tx, scope, &record)?;
        let is_released = !store::released(tx.conn(), &chain)?.is_empty();
        may_withdraw(record.state, is_released)?;
        store::set_state(tx, &record, RetailState::Withdrawn)
    })?;
    find_written(app, actor, id)
}
