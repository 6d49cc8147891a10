//! Rows of `company_contacts`.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use super::{Contact, ContactFields};
use crate::actor::Scope;
use crate::error::{Problem, Result};
use crate::ids::{CompanyId, ContactId};
use crate::store::schema::company_contacts;
use crate::store::{Conn, Tx, from_json, to_json};

#[derive(Queryable, Selectable)]
#[diesel(table_name = company_contacts)]
struct ContactRow {
    id: i64,
    company_id: i64,
    content: String,
    version: i64,
    created_at: NaiveDateTime,
    updated_at: NaiveDateTime,
}

impl TryFrom<ContactRow> for Contact {
    type Error = Problem;
    fn try_from(row: ContactRow) -> Result<Self> {
        Ok(Self {
            id: ContactId(row.id),
            company: CompanyId(row.company_id),
            fields: from_json(&row.content)?,
            version: row.version,
            created_at: row.created_at.and_utc(),
            updated_at: row.updated_at.and_utc(),
        })
    }
}

/// The contact people of a company, oldest first. Whoever calls this has decided that its caller may have them.
pub fn list_of(conn: &mut Conn, company: CompanyId) -> Result<Vec<Contact>> {
    let rows: Vec<ContactRow> = company_contacts::table
        .filter(company_contacts::company_id.eq(company.0))
        .order(company_contacts::id)
        .select(ContactRow::as_select())
        .load(conn)?;
    rows.into_iter().map(Contact::try_from).collect()
}

/// One contact of the scope's company.
pub(super) fn find(conn: &mut Conn, scope: Scope, id: ContactId) -> Result<Option<Contact>> {
    let row: Option<ContactRow> = company_contacts::table
        .find(id.0)
        .filter(company_contacts::company_id.eq(scope.company().0))
        .select(ContactRow::as_select())
        .first(conn)
        .optional()?;
    row.map(Contact::try_from).transpose()
}

pub(super) fn count(conn: &mut Conn, scope: Scope) -> Result<i64> {
    Ok(company_contacts::table.filter(company_contacts::company_id.eq(scope.company().0)).count().get_result(conn)?)
}

pub(super) fn insert(tx: &mut Tx, scope: Scope, fields: &ContactFields) -> Result<ContactId> {
    let id: ContactId = tx.make_id();
    let now = tx.now_db();
    let row = (
        company_contacts::id.eq(id.0),
        company_contacts::company_id.eq(scope.company().0),
        company_contacts::content.eq(to_json(fields)?),
        company_contacts::version.eq(1_i64),
        company_contacts::created_at.eq(now),
        company_contacts::updated_at.eq(now),
    );
    diesel::insert_into(company_contacts::table).values(row).execute(tx.conn())?;
    Ok(id)
}

pub(super) fn update(tx: &mut Tx, contact: &Contact) -> Result<()> {
    let now = tx.now_db();
    diesel::update(company_contacts::table.find(contact.id.0))
        .set((
            company_contacts::content.eq(to_json(&contact.fields)?),
            company_contacts::version.eq(contact.version + 1),
            company_contacts::updated_at.eq(now),
        ))
        .execute(tx.conn())?;
    Ok(())
}

pub(super) fn delete(tx: &mut Tx, id: ContactId) -> Result<()> {
    diesel::delete(company_contacts::table.find(id.0)).execute(tx.conn())?;
    Ok(())
}
