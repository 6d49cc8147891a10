//! What the pages of quotes show: an RFQ's facts, a quote in lines, the rows of the tables.

use std::collections::HashMap;

use chrono::NaiveDate;

use crate::clock::Time;
use crate::ids::QuoteId;
use crate::locale::{Language, Message, text};
use crate::money::Money;
use crate::quotes::comparison::Figure;
use crate::quotes::notifications::{facts_of, price_of, title_of};
use crate::quotes::queries::VisibleQuote;
use crate::quotes::rules::offers_more;
use crate::quotes::{
    Basket, Compared, Comparison, Party, Quote, QuoteFields, QuoteState, QuoteVersion, QuotesCompared,
};
use crate::rfqs::{Rfq, RfqState};
use crate::web::layout::{FileLink, PriceLine, When, absolute, hs_named, payment_options, plain_quantity, relative};

/// Label and value.
pub(super) type Fact = (String, String);

/// What a supplier has to know of an RFQ while it writes its quote.
pub(super) fn rfq_facts(rfq: &Rfq, now: Time) -> Vec<Fact> {
    let fields = &rfq.fields;
    let mut facts = Vec::new();
    let mut add = |key: &'static str, value: Option<String>| {
        let label = text(Language::English, key).to_owned();
        facts.extend(value.filter(|value| !value.is_empty()).map(|value| (label, value)));
    };
    add("quotes-fact-quantity", fields.quantity.as_ref().map(plain_quantity));
    let unit = fields.quantity.map(|quantity| quantity.unit);
    add("quotes-fact-target-price", fields.target_price.map(|price| PriceLine::new(price, None, unit).to_string()));
    add("quotes-fact-hs", fields.hs_code.as_ref().map(|code| hs_named(code, Language::English)));
    let country = fields.destination_country.map(|country| country.name());
    let locode = fields.destination_locode.map(|locode| format!("({locode})"));
    let destination = [fields.destination_place.clone(), locode, country];
    add("quotes-fact-destination", Some(destination.into_iter().flatten().collect::<Vec<_>>().join(" ")));
    add("quotes-fact-incoterm-wanted", fields.incoterm.map(|term| term.to_string()));
    add("quotes-fact-wanted-by", fields.wanted_by.map(|day| day.to_string()));
    add("quotes-fact-payment", Some(payment_words(&fields.payment_terms)));
    add("quotes-fact-certificates", Some(fields.required_certifications.join(", ")));
    add("quotes-fact-closes", rfq.deadline.map(|at| format!("{} ({})", absolute(at), relative(at, now))));
    facts
}

/// The payment terms in words.
pub(super) fn payment_words(terms: &[crate::reference::codes::PaymentTerm]) -> String {
    let options = payment_options();
    let words =
        |code: String| options.iter().find(|(known, _)| *known == code).map_or(code.clone(), |(_, w)| w.clone());
    terms.iter().map(|term| words(term.to_string())).collect::<Vec<_>>().join("; ")
}

/// Everything that a version says, for a definition list.
pub(super) fn quote_facts(fields: &QuoteFields, rfq: &Rfq) -> Vec<Fact> {
    let mut facts = facts_of(fields, rfq);
    let unit = fields.price_unit.or(fields.quantity.map(|quantity| quantity.unit));
    let label = unit.or(rfq.fields.quantity.map(|quantity| quantity.unit)).map_or("", |unit| unit.label());
    for tier in &fields.tiers {
        facts.push((
            Message::new("quotes-fact-tier")
                .with("quantity", tier.from.display(0))
                .with("label", label)
                .text(Language::English),
            tier.amount.to_string(),
        ));
    }
    let mut add = |name: &str, value: String| {
        if !value.is_empty() {
            facts.push((name.to_owned(), value));
        }
    };
    add(text(Language::English, "quotes-fact-payment"), payment_words(&fields.payment_terms));
    add(text(Language::English, "quotes-fact-samples"), fields.sample_terms.clone().unwrap_or_default());
    for answer in &fields.answers {
        let note = answer.note.as_ref().map(|note| format!(": {note}")).unwrap_or_default();
        add(
            &answer.requirement,
            format!(
                "{}{note}",
                text(Language::English, if answer.met { "quotes-fact-met" } else { "quotes-fact-not-met" })
            ),
        );
    }
    facts
}

/// A version in the history.
pub(super) struct VersionLine {
    /// Its number.
    pub number: u32,
    /// When it was submitted.
    pub at: When,
    /// What it says.
    pub facts: Vec<Fact>,
    /// The words to the buyer.
    pub message: String,
    /// What was attached to it.
    pub files: Vec<FileLink>,
}

/// The versions before the current one.
pub(super) fn earlier(versions: &[QuoteVersion], rfq: &Rfq, files: &[FileLink], now: Time) -> Vec<VersionLine> {
    let line = |version: &QuoteVersion| VersionLine {
        number: version.number,
        at: When::new(version.created_at, now),
        facts: quote_facts(&version.fields, rfq),
        message: version.fields.message.clone().unwrap_or_default(),
        files: files_of(files, &version.fields),
    };
    versions.iter().skip(1).map(line).collect()
}

/// Those of the files that the version has attached.
pub(super) fn files_of(files: &[FileLink], fields: &QuoteFields) -> Vec<FileLink> {
    let is_attached = |file: &&FileLink| fields.attachments.iter().any(|id| id.to_string() == file.id);
    files.iter().filter(is_attached).cloned().collect()
}

/// What the viewer may do with a quote, by its state; the action itself checks again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct AllowedActions {
    /// Put a new version.
    pub revise: bool,
    /// Take it back.
    pub withdraw: bool,
    /// Shortlist it.
    pub shortlist: bool,
    /// Decline it.
    pub decide: bool,
    /// Accept it, or more of its items.
    pub accept: bool,
    /// Propose a partnership from it.
    pub propose: bool,
}

/// What the viewer who may write may do today.
pub(super) fn allowed_actions(visible: &VisibleQuote, today: NaiveDate) -> AllowedActions {
    let (state, rfq) = (visible.quote.state, visible.rfq.state);
    let undecided = matches!(rfq, RfqState::Open | RfqState::Closed);
    let is_buyer = visible.party == Party::Buyer;
    let pending = state.is_live() || state == QuoteState::Expired;
    let acceptable = match visible.rfq.fields.items.is_empty() {
        true => state.is_live(),
        false => {
            let is_standing = state.is_live() || state == QuoteState::Accepted;
            is_standing && offers_more(&visible.quote.fields, &visible.awarded, today)
        }
    };
    AllowedActions {
        revise: !is_buyer && pending && rfq == RfqState::Open,
        withdraw: !is_buyer && pending,
        shortlist: is_buyer && visible.is_readable && undecided && state == QuoteState::Submitted,
        decide: is_buyer && visible.is_readable && undecided && state.is_live(),
        accept: is_buyer && visible.is_readable && undecided && acceptable,
        propose: state == QuoteState::Accepted,
    }
}

/// A row of the supplier's own quotes.
pub(super) struct OwnRow {
    /// The quote.
    pub id: QuoteId,
    /// The RFQ's title.
    pub title: String,
    /// The buyer, where the supplier may know it.
    pub buyer: String,
    /// The price with unit and terms.
    pub price: String,
    /// The state on the wire.
    pub state: crate::formats::Pill,
    /// The current version.
    pub revision: u32,
    /// The last day of validity.
    pub valid_until: String,
    /// When it last changed.
    pub changed: When,
}

impl OwnRow {
    pub(super) fn new(visible: &VisibleQuote, now: Time) -> Self {
        let VisibleQuote { quote, rfq, buyer_name, .. } = visible;
        Self {
            id: quote.id,
            title: title_of(rfq).to_owned(),
            buyer: buyer_name.clone().unwrap_or_default(),
            price: price_of(&quote.fields, rfq),
            state: quote.state.pill(),
            revision: quote.revision,
            valid_until: valid_until(&quote.fields),
            changed: When::new(quote.updated_at, now),
        }
    }
}

fn valid_until(fields: &QuoteFields) -> String {
    fields.valid_until.map(|last| last.to_string()).unwrap_or_default()
}

/// A row of the quotes that a buyer received.
pub(super) struct ReceivedRow {
    /// The quote.
    pub id: QuoteId,
    /// Who quotes.
    pub supplier: String,
    /// Its country.
    pub country: String,
    /// How far it is verified.
    pub verification: &'static str,
    /// The state on the wire.
    pub state: crate::formats::Pill,
    /// The price with unit and terms; empty while sealed.
    pub price: String,
    /// The total with carriage for the quantity wanted, or why there is none.
    pub total: String,
    /// Whether no other comparable total is lower.
    pub is_lowest: bool,
    /// Days from order to dispatch.
    pub lead_time: String,
    /// The last day of validity.
    pub valid_until: String,
    /// Whether it can be read.
    pub is_readable: bool,
    /// What can be done.
    pub allowed: AllowedActions,
}

/// What a quote costs in all, as far as it compares with the others.
#[derive(Clone, Debug, Default)]
struct Total {
    amount: Option<Money>,
    /// Why it is not compared.
    reason: Option<String>,
    is_lowest: bool,
}

impl Total {
    fn of(column: &Compared) -> Self {
        let Figure { not_comparable, is_lowest, .. } = column.landed.clone();
        Self { amount: column.landed_total, reason: not_comparable, is_lowest }
    }

    fn of_basket(basket: &Basket) -> Self {
        let Figure { amount, not_comparable, is_lowest, .. } = basket.landed.clone();
        Self { amount, reason: not_comparable, is_lowest }
    }

    fn words(&self) -> String {
        match (self.amount, self.reason.clone()) {
            (Some(total), None) => money(total),
            (Some(total), Some(reason)) => format!("{} ({reason})", money(total)),
            (None, reason) => reason.unwrap_or_default(),
        }
    }
}

/// The rows by total, the lowest first; then those without a comparable total, then those that are decided against.
pub(super) fn received(quotes: &[VisibleQuote], comparison: Option<&Comparison>, today: NaiveDate) -> Vec<ReceivedRow> {
    let columns = comparison.iter().flat_map(|all| &all.whole.quotes).map(|column| (column.quote, Total::of(column)));
    let baskets = comparison.iter().flat_map(|all| &all.baskets).map(|one| (one.quote, Total::of_basket(one)));
    let totals: HashMap<QuoteId, Total> = columns.chain(baskets).collect();
    let of = |visible: &VisibleQuote| totals.get(&visible.quote.id).cloned().unwrap_or_default();
    let mut sorted: Vec<&VisibleQuote> = quotes.iter().collect();
    sorted.sort_by_key(|visible| place(&visible.quote, &of(visible)));
    sorted.into_iter().map(|visible| received_row(visible, &of(visible), today)).collect()
}

fn place(quote: &Quote, total: &Total) -> (bool, bool, i64, i64) {
    let gone = matches!(quote.state, QuoteState::Declined | QuoteState::Expired | QuoteState::Withdrawn);
    let total = total.amount.filter(|_| total.reason.is_none());
    (gone, total.is_none(), total.map_or(0, |total| total.amount.0), quote.id.0)
}

fn received_row(visible: &VisibleQuote, total: &Total, today: NaiveDate) -> ReceivedRow {
    let VisibleQuote { quote, rfq, supplier, is_readable, .. } = visible;
    let only_read = |text: String| if *is_readable { text } else { String::new() };
    ReceivedRow {
        id: quote.id,
        supplier: supplier.fields.name.clone(),
        country: supplier.fields.country.name(),
        verification: supplier.verification.as_str(),
        state: quote.state.pill(),
        price: only_read(price_of(&quote.fields, rfq)),
        total: total.words(),
        is_lowest: total.is_lowest,
        lead_time: only_read(quote.fields.lead_time_days.map(crate::web::layout::days).unwrap_or_default()),
        valid_until: only_read(valid_until(&quote.fields)),
        is_readable: *is_readable,
        allowed: allowed_actions(visible, today),
    }
}

fn money(money: Money) -> String {
    PriceLine::new(money, None, None).to_string()
}

/// A line of the comparison: its name and one cell for each quote.
pub(super) struct CompareLine {
    /// What it compares.
    pub name: String,
    /// In the order of the quotes.
    pub cells: Vec<Cell>,
}

/// A cell of the comparison.
pub(super) struct Cell {
    /// What it says.
    pub text: String,
    /// Whether it is the lowest of its line.
    pub is_lowest: bool,
    /// Whether it says why there is no figure.
    pub is_gap: bool,
}

impl Cell {
    /// A text.
    pub(super) fn plain(text: impl Into<String>) -> Self {
        Self { text: text.into(), is_lowest: false, is_gap: false }
    }

    /// Why there is nothing to compare.
    pub(super) fn gap(text: impl Into<String>) -> Self {
        Self { is_gap: true, ..Self::plain(text) }
    }

    /// A figure, or why it is not compared.
    pub(super) fn of(figure: &Figure) -> Self {
        let amount = figure.amount.map(rounded).unwrap_or_default();
        if let Some(reason) = &figure.not_comparable {
            let text = if amount.is_empty() { reason.clone() } else { format!("{amount}; {reason}") };
            return Self { text, is_lowest: false, is_gap: true };
        }
        let above = figure.percent_above_lowest.map(|percent| format!(" (+{percent} %)")).unwrap_or_default();
        Self { text: format!("{amount}{above}"), is_lowest: figure.is_lowest, is_gap: false }
    }
}

/// A converted price, to four decimals; the API has all six.
fn rounded(price: crate::money::Money) -> String {
    let amount = price.amount.to_decimal().round_dp(4);
    let amount = crate::money::Micros::from_decimal(amount).unwrap_or(price.amount);
    money(crate::money::Money::new(amount, price.currency))
}

/// The comparison as lines; lines that say nothing of any quote are left out.
pub(super) fn compare_lines(comparison: &QuotesCompared, quotes: &[VisibleQuote]) -> Vec<CompareLine> {
    let fields: HashMap<QuoteId, &QuoteFields> =
        quotes.iter().map(|visible| (visible.quote.id, &visible.quote.fields)).collect();
    let per_unit = comparison.wanted.unit.label();
    let fixed = |key: &'static str| text(Language::English, key).to_owned();
    let line = |name: String, cell: &dyn Fn(&Compared) -> Cell| CompareLine {
        name,
        cells: comparison.quotes.iter().map(cell).collect(),
    };
    let of_fields = |key: &'static str, value: &dyn Fn(&QuoteFields) -> Option<String>| {
        let say = |column: &Compared| fields.get(&column.quote).and_then(|fields| value(fields));
        line(fixed(key), &|column| Cell::plain(say(column).unwrap_or_default()))
    };
    let landed_total = |column: &Compared| match column.landed_total {
        Some(total) if column.bought != comparison.wanted => {
            let total = Message::new("quotes-total-of").with("total", rounded(total));
            Cell::plain(total.with("quantity", plain_quantity(&column.bought)).text(Language::English))
        }
        Some(total) => Cell { is_lowest: column.landed.is_lowest, ..Cell::plain(rounded(total)) },
        None => Cell::plain(""),
    };
    let mut lines = vec![
        line(fixed("quotes-compare-unit-price"), &|column| {
            Cell::plain(PriceLine::new(column.unit_price, None, Some(column.price_unit)).to_string())
        }),
        line(converted_name(comparison), &|column| Cell::of(&column.converted)),
        line(fixed("quotes-compare-incoterm"), &|column| Cell::plain(column.terms.clone().unwrap_or_default())),
        line(
            Message::new("quotes-compare-landed")
                .with("currency", comparison.currency.to_string())
                .with("unit", per_unit)
                .text(Language::English),
            &|column| Cell::of(&column.landed),
        ),
        line(
            Message::new("quotes-compare-landed-total")
                .with("quantity", plain_quantity(&comparison.wanted))
                .text(Language::English),
            &landed_total,
        ),
        of_fields("quotes-compare-freight", &|fields| fields.freight.map(money)),
        of_fields("quotes-compare-moq", &|fields| fields.moq.as_ref().map(plain_quantity)),
        of_fields("quotes-compare-lead-time", &|fields| fields.lead_time_days.map(crate::web::layout::days)),
        of_fields("quotes-compare-valid-until", &|fields| fields.valid_until.map(|last| last.to_string())),
        of_fields("quotes-fact-payment", &|fields| Some(payment_words(&fields.payment_terms))),
        of_fields("quotes-fact-samples", &|fields| fields.sample_terms.clone()),
        line(fixed("quotes-compare-attachments"), &|column| Cell::plain(attached_words(column.attachments))),
        line(fixed("quotes-compare-not-met"), &|column| Cell::plain(column.unmet.join("; "))),
        line(fixed("quotes-compare-note"), &|column| Cell::plain(column.notes.join("; "))),
    ];
    lines.retain(|line| line.cells.iter().any(|cell| !cell.text.is_empty()));
    lines
}

fn attached_words(documents: usize) -> String {
    match documents {
        0 => String::new(),
        many => Message::new("quotes-compare-documents").with("count", many).text(Language::English),
    }
}

fn converted_name(comparison: &QuotesCompared) -> String {
    let rates = match (&comparison.rate_source, comparison.rate_date) {
        (Some(source), Some(date)) => format!(", {source} {date}"),
        _ => String::new(),
    };
    let name = Message::new("quotes-compare-converted")
        .with("currency", comparison.currency.to_string())
        .with("unit", comparison.wanted.unit.label());
    name.text(Language::English) + &rates
}
