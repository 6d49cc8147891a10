//! Loading what is reported from the tables of its feature.

use crate::error::{Problem, Result};
use crate::ids::MessageId;
use crate::locale::{Language, Message};
use crate::moderation::{ReportTarget, TargetId, TargetState};
use crate::store::Conn;
use crate::{companies, listings, messages, quotes, rfqs};

/// The target as it is now, whoever may see it: the caller has checked that.
///
/// # Errors
/// `not_found` when it does not exist.
pub(super) fn load(conn: &mut Conn, id: TargetId) -> Result<ReportTarget> {
    let found = match id {
        TargetId::Rfq(rfq) => rfqs::store::find(conn, rfq)?.map(|rfq| of_rfq(id, rfq)),
        TargetId::Listing(listing) => listings::store::find(conn, listing)?.map(|listing| of_listing(id, listing)),
        TargetId::Company(company) => companies::store::find(conn, company)?.map(|company| of_company(id, company)),
        TargetId::Quote(quote) => match quotes::store::find(conn, quote)? {
            Some(quote) => rfqs::store::find(conn, quote.rfq)?.map(|rfq| of_quote(id, &quote, rfq)),
            None => None,
        },
        TargetId::Message(message) => of_message(conn, id, message)?,
    };
    found.ok_or_else(|| Problem::not_found(id.kind().as_str()))
}

/// What the RFQ says, and what each of its items does.
fn of_rfq(id: TargetId, rfq: rfqs::Rfq) -> ReportTarget {
    let items = rfq.fields.items.into_iter().flat_map(|item| [Some(item.title), item.specification]);
    let texts: Vec<String> = std::iter::once(rfq.fields.specification).chain(items).flatten().collect();
    let text = texts.join("\n");
    ReportTarget { id, owner: rfq.company, title: rfq.fields.title, state: TargetState::Rfq(rfq.state), text }
}

fn of_listing(id: TargetId, listing: listings::Listing) -> ReportTarget {
    let text = listing.fields.description.unwrap_or_default();
    let state = TargetState::Listing(listing.state);
    ReportTarget { id, owner: listing.company, title: listing.fields.name, state, text }
}

fn of_company(id: TargetId, company: companies::Company) -> ReportTarget {
    let text = company.fields.profile.unwrap_or_default();
    let state = TargetState::Company(company.state);
    ReportTarget { id, owner: company.id, title: company.fields.name, state, text }
}

/// The text as it was written: a moderator has to see what the other side may not yet.
fn of_message(conn: &mut Conn, id: TargetId, message: MessageId) -> Result<Option<ReportTarget>> {
    let Some((thread, message)) = messages::store::find_with_thread(conn, message)? else { return Ok(None) };
    let Some(sender) = companies::store::find(conn, message.sender)? else { return Ok(None) };
    Ok(Some(ReportTarget {
        id,
        owner: sender.id,
        title: messages::rules::title_of(thread.subject.kind(), &thread.title),
        state: TargetState::Company(sender.state),
        text: message.text,
    }))
}

fn of_quote(id: TargetId, quote: &quotes::Quote, rfq: rfqs::Rfq) -> ReportTarget {
    let price = Message::new("moderation-quote-text")
        .with("price", priced(&quote.fields))
        .with("version", quote.revision.to_string())
        .text(Language::English);
    let texts = [Some(price), quote.fields.message.clone(), quote.decline_reason.clone()];
    let notes = quote.fields.items.iter().map(|item| item.note.clone());
    let text = texts.into_iter().chain(notes).flatten().collect::<Vec<_>>().join("\n");
    ReportTarget { id, owner: quote.supplier, title: rfq.fields.title, state: TargetState::Quote(quote.state), text }
}

/// The price, or those of the items.
fn priced(fields: &quotes::QuoteFields) -> String {
    let prices = fields.unit_price.into_iter().chain(fields.items.iter().map(|item| item.unit_price));
    prices.map(|price| price.to_string()).collect::<Vec<_>>().join("; ")
}
