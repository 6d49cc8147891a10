//! The operator's bulk load: RFQs as another platform kept them, with the gaps they have there.
//!
//! Nobody is notified and nothing is announced: the load starts the matching itself when it is asked to.

use super::{attach, current_closing, ensure_items_stay, open, opened_to_all, save, set_closing};
use crate::companies::loading::Publish;
use crate::error::Result;
use crate::ids::{CompanyId, RfqId};
use crate::rfqs::queries::absent;
use crate::rfqs::queries::counts_of;
use crate::rfqs::rules::visibility;
use crate::rfqs::{ClosingFields, DEFAULT_SEATS, Rfq, RfqFields, RfqState, rules, store};
use crate::store::Tx;

/// What loading an RFQ came to.
pub type Loaded = crate::companies::loading::Loaded<RfqId>;

/// Loads an RFQ of the company under its `ref`; the fields were checked. It may have gaps and is published all the same where that is asked
/// for. The same content again changes nothing, whatever has become of the RFQ since. A deadline in the document never moves the one in
/// force to an earlier moment.
///
/// # Errors
/// `invalid` when its deadline is not within the next 180 days, `conflict` when another content is loaded for an RFQ that is closed,
/// decided or withdrawn.
pub fn upsert_loaded(
    tx: &mut Tx,
    company: CompanyId,
    reference: &str,
    fields: &RfqFields,
    publish: Publish,
) -> Result<Loaded> {
    let Some(rfq) = store::find_by_ref(tx.conn(), company, reference)? else {
        fields.check_dates(None, tx.now())?;
        let id = store::insert(tx, company, Some(reference), fields)?;
        attach(tx, company, id, fields)?;
        if publish == Publish::Yes {
            let mut rfq = store::find(tx.conn(), id)?.ok_or_else(absent)?;
            open(tx, &mut rfq)?;
            save(tx, &mut rfq)?;
        }
        return Ok(Loaded::Made(id));
    };
    // Only a draft: a file that is loaded again must not open what was closed or withdrawn since.
    let publishes = publish == Publish::Yes && rfq.state == RfqState::Draft;
    let fields = with_closing_of(&rfq, fields);
    if fields == rfq.fields && !publishes {
        return Ok(Loaded::Same(rfq.id));
    }
    // After the comparison: the same file again changes nothing, however late.
    fields.check_dates(Some(&rfq.fields), tx.now())?;
    rfq.state.change()?;
    let questions = counts_of(tx.conn(), rfq.id)?.questions;
    visibility::change(rfq.state, rfq.fields.visibility, fields.visibility, questions)?;
    if rfq.state != RfqState::Draft {
        ensure_items_stay(tx, &rfq, &fields)?;
    }
    attach(tx, company, rfq.id, &fields)?;
    reload(tx, rfq, fields, publishes)
}

fn reload(tx: &mut Tx, mut rfq: Rfq, fields: RfqFields, publishes: bool) -> Result<Loaded> {
    rfq.max_quotes = fields.closing.max_quotes.unwrap_or(DEFAULT_SEATS);
    let before = rfq.fields.visibility;
    rfq.fields = fields;
    opened_to_all(tx, &rfq, before)?;
    if publishes {
        open(tx, &mut rfq)?;
    } else if rfq.state == RfqState::Open {
        let closing = rules::change_closing(tx.now(), &current_closing(&rfq, tx.now()), &rfq.fields.closing)?;
        set_closing(&mut rfq, closing);
    }
    save(tx, &mut rfq)?;
    Ok(Loaded::Changed(rfq.id))
}

/// The loaded document with the closing rule in force where it says none, or one that was extended since.
fn with_closing_of(rfq: &Rfq, fields: &RfqFields) -> RfqFields {
    if rfq.published_at.is_none() {
        return fields.clone();
    }
    let closing = ClosingFields {
        // The later one: the file may be older than an extension, and a deadline only moves later.
        deadline: fields.closing.deadline.max(rfq.deadline),
        max_quotes: fields.closing.max_quotes.or(Some(rfq.max_quotes)),
    };
    RfqFields { closing, ..fields.clone() }
}
