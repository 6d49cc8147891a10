//! Rows of `mail_refusals`, and whom an e-mail reaches.

use chrono::NaiveDateTime;
use diesel::prelude::*;

use crate::actor::Role;
use crate::error::Result;
use crate::ids::{CompanyId, UserId};
use crate::mail::Stream;
use crate::on_each;
use crate::partnerships::PartnershipState;
use crate::quotes::QuoteState;
use crate::store::schema::{companies, company_members, mail_refusals, partnerships, quotes, users};
use crate::store::{Conn, Tx};

/// Where an e-mail for a person goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::accounts) struct Addressee {
    pub name: String,
    pub email: String,
}

/// The members of a company who take part in its trade and have not refused the stream.
pub(in crate::accounts) fn list_recipients(conn: &mut Conn, company: CompanyId, stream: Stream) -> Result<Vec<UserId>> {
    let refused = mail_refusals::table.filter(mail_refusals::stream.eq(stream.as_str())).select(mail_refusals::user_id);
    let ids: Vec<i64> = company_members::table
        .inner_join(users::table)
        .filter(company_members::company_id.eq(company.0))
        .filter(company_members::role.ne(Role::Viewer.as_str()))
        .filter(users::disabled_at.is_null())
        .filter(users::id.ne_all(refused))
        .order(users::id)
        .select(users::id)
        .load(conn)?;
    Ok(ids.into_iter().map(UserId).collect())
}

/// The address of a person, unless they refused the stream in the meantime or are gone.
pub(in crate::accounts) fn find_addressee(
    conn: &mut Conn,
    person: UserId,
    stream: Stream,
) -> Result<Option<Addressee>> {
    let refusals: i64 = mail_refusals::table
        .filter(mail_refusals::user_id.eq(person.0))
        .filter(mail_refusals::stream.eq(stream.as_str()))
        .count()
        .get_result(conn)?;
    if refusals > 0 {
        return Ok(None);
    }
    let row: Option<(String, String)> = users::table
        .find(person.0)
        .filter(users::disabled_at.is_null())
        .select((users::name, users::email))
        .first(conn)
        .optional()?;
    Ok(row.map(|(name, email)| Addressee { name, email }))
}

/// A person who writes by e-mail, as a member of a company.
#[derive(Queryable)]
pub(in crate::accounts) struct SenderRow {
    pub email: String,
    pub confirmed_at: Option<NaiveDateTime>,
    pub company_id: i64,
    pub company_state: String,
    pub role: String,
}

/// The person as a member of the first of the companies that they belong to.
pub(in crate::accounts) fn find_sender(
    conn: &mut Conn,
    person: UserId,
    companies: &[CompanyId],
) -> Result<Option<SenderRow>> {
    Ok(company_members::table
        .inner_join(users::table)
        .inner_join(companies::table)
        .filter(company_members::user_id.eq(person.0))
        .filter(company_members::company_id.eq_any(companies.iter().map(|company| company.0)))
        .filter(users::disabled_at.is_null())
        .order(company_members::company_id)
        .select((users::email, users::confirmed_at, companies::id, companies::state, company_members::role))
        .first(conn)
        .optional()?)
}

pub(in crate::accounts) fn list_refused_streams(conn: &mut Conn, person: UserId) -> Result<Vec<Stream>> {
    let rows: Vec<String> =
        mail_refusals::table.filter(mail_refusals::user_id.eq(person.0)).select(mail_refusals::stream).load(conn)?;
    Ok(rows.iter().filter_map(|stream| Stream::parse(stream)).collect())
}

pub(in crate::accounts) fn insert_refusal(tx: &mut Tx, person: UserId, stream: Stream) -> Result<()> {
    let known: i64 = users::table.find(person.0).count().get_result(tx.conn())?;
    if known == 0 {
        return Ok(());
    }
    let row = (
        mail_refusals::user_id.eq(person.0),
        mail_refusals::stream.eq(stream.as_str()),
        mail_refusals::at.eq(tx.now_db()),
    );
    on_each!(tx.conn(), |c| diesel::insert_into(mail_refusals::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

pub(in crate::accounts) fn delete_refusal(tx: &mut Tx, person: UserId, stream: Stream) -> Result<()> {
    let row = mail_refusals::table.find((person.0, stream.as_str()));
    diesel::delete(row).execute(tx.conn())?;
    Ok(())
}

pub(in crate::accounts) fn delete_refusals(tx: &mut Tx, person: UserId) -> Result<()> {
    diesel::delete(mail_refusals::table.filter(mail_refusals::user_id.eq(person.0))).execute(tx.conn())?;
    Ok(())
}

/// Whether the two trade with each other: by an active partnership, or a quote that was shortlisted or accepted.
pub(in crate::accounts) fn have_dealt(conn: &mut Conn, one: CompanyId, other: CompanyId) -> Result<bool> {
    for (supplier, buyer) in [(one, other), (other, one)] {
        let active: Option<i64> = partnerships::table
            .filter(partnerships::supplier_id.eq(supplier.0))
            .filter(partnerships::buyer_id.eq(buyer.0))
            .filter(partnerships::state.eq(PartnershipState::Active.as_str()))
            .select(partnerships::id)
            .first(conn)
            .optional()?;
        let chosen: Option<i64> = quotes::table
            .filter(quotes::supplier_id.eq(supplier.0))
            .filter(quotes::buyer_id.eq(buyer.0))
            .filter(quotes::state.eq_any([QuoteState::Shortlisted.as_str(), QuoteState::Accepted.as_str()]))
            .select(quotes::id)
            .first(conn)
            .optional()?;
        if active.is_some() || chosen.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}
