//! What lists of results show, here and on the dashboard: a row for each listing, company or RFQ, and the notice of a rebuild.

use crate::clock::Time;
use crate::discovery::hits::{CompanyBrief, CompanyHit, ListingHit, MarkedText, RfqHit};
use crate::discovery::queries::Incomplete;
use crate::discovery::rules::Conversion;
use crate::locale::{self, Language, Message};
use crate::money::{Micros, Money};
use crate::reference::codes::{Country, HsCode};
use crate::reference::locodes;
use crate::search::Kind;
use crate::web::layout::{
    Highlighted, Notice, NoticeKind, PriceLine, When, days, grouped, hs_dotted, moq, plain_quantity,
};

/// Who offers, or who asks.
#[derive(Clone, Debug)]
pub struct Party {
    /// Its page.
    pub href: String,
    /// Its name.
    pub name: String,
    /// ISO 3166 alpha-2.
    pub country: String,
    /// The country's name, for the title.
    pub country_name: String,
    /// How far its claims were checked; empty when unknown.
    pub verification: String,
}

/// One result.
#[derive(Clone, Debug, Default)]
pub struct Row {
    /// The icon in the place of a picture.
    pub icon: &'static str,
    /// The small picture; empty where there is none.
    pub picture: String,
    /// Its page.
    pub href: String,
    /// Its name with the words found marked.
    pub title: Highlighted,
    /// The company behind it; a company that is itself the result has none.
    pub party: Option<Party>,
    /// What stands beside the company, or in its place.
    pub beside: String,
    /// The verification of a company that is itself the result.
    pub verification: String,
    /// The part of the description with the words found.
    pub why: Highlighted,
    /// The HS code with its dots.
    pub hs: String,
    /// The price with its unit, or the quantity wanted.
    pub amount: String,
    /// The price in the currency that was asked in, and the words on its rate.
    pub converted: Option<(String, String)>,
    /// The delivery terms.
    pub terms: String,
    /// MOQ, lead time, certificates.
    pub facts: String,
    /// When an RFQ stops taking quotes.
    pub deadline: Option<When>,
    /// Where an RFQ's goods go: `NL Rotterdam`.
    pub destination: String,
    /// What can be done with it: address and words.
    pub actions: Vec<(String, &'static str)>,
}

fn joined(parts: impl IntoIterator<Item = String>) -> String {
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn title(marked: Option<&MarkedText>, plain: &str) -> Highlighted {
    marked.map_or_else(|| Highlighted::plain(plain), |marked| Highlighted::from_marked(&marked.name))
}

fn why(marked: Option<&MarkedText>) -> Highlighted {
    let description = marked.and_then(|marked| marked.description.as_deref()).unwrap_or_default();
    Highlighted::from_marked(description)
}

fn dotted(code: Option<&HsCode>) -> String {
    code.map(hs_dotted).unwrap_or_default()
}

/// At most three certificates; the page of the thing itself has them all.
fn certificates(schemes: &[String]) -> String {
    let shown = schemes.iter().take(3).cloned().collect::<Vec<_>>().join(", ");
    if schemes.len() > 3 { format!("{shown}, +{}", schemes.len() - 3) } else { shown }
}

impl From<&CompanyBrief> for Party {
    fn from(company: &CompanyBrief) -> Self {
        Self {
            href: format!("/companies/{}", company.id),
            name: company.name.clone(),
            country: company.country.to_string(),
            country_name: company.country.name(),
            verification: company.verification.map(|level| level.to_string()).unwrap_or_default(),
        }
    }
}

fn price_of(hit: &ListingHit) -> (String, String) {
    let offer = hit.incoterms.first();
    let Some(price) = &hit.price else {
        return (
            locale::text(Language::English, "discovery-price-on-request").to_owned(),
            offer.map(|offer| offer.rule.to_string()).unwrap_or_default(),
        );
    };
    let line = PriceLine::new(price.min, price.max.map(|max| max.amount), Some(price.unit));
    let line = match offer {
        // The code of the port says where, and is short enough for a row.
        Some(offer) if offer.locode.is_some() => line.under(offer.rule, "", offer.locode),
        Some(offer) => line.under(offer.rule, offer.place.clone().unwrap_or_default(), None),
        None => line,
    };
    (line.money(), line.terms())
}

/// The price of a listing in another currency, for reading beside its own.
fn converted(hit: &ListingHit, conversion: Option<&Conversion>) -> Option<(String, String)> {
    let (price, conversion) = (hit.price.as_ref()?, conversion?);
    let rates = conversion.rates.as_ref().filter(|_| price.min.currency != conversion.currency)?;
    let shown = |money: Money| rates.convert(money, conversion.currency).map(rounded);
    let (low, high) = (shown(price.min)?, price.max.and_then(shown).map(|money| money.amount));
    let words = Message::new("discovery-at-rate")
        .with("source", &rates.source)
        .with("date", rates.date.to_string())
        .text(Language::English);
    Some((PriceLine::new(low, high, Some(price.unit)).money(), words))
}

/// To the coins of its currency; a price below one unit to four places.
fn rounded(money: Money) -> Money {
    let digits = if money.amount < Micros::from_units(1) { 4 } else { u32::from(money.currency.minor_digits()) };
    let amount = Micros::from_decimal(money.amount.to_decimal().round_dp(digits)).unwrap_or(money.amount);
    Money::new(amount, money.currency)
}

impl Row {
    /// The row of a listing, its price also in the currency that was asked in.
    pub fn of_listing(hit: &ListingHit, conversion: Option<&Conversion>) -> Self {
        Self { converted: converted(hit, conversion), ..Self::from(hit) }
    }
}

impl From<&ListingHit> for Row {
    fn from(hit: &ListingHit) -> Self {
        let (amount, terms) = price_of(hit);
        let smallest = hit.moq.as_ref().map(moq).unwrap_or_default();
        let lead = hit.lead_time_days.map(days).unwrap_or_default();
        let more = hit.group_count.filter(|count| *count > 1);
        Self {
            icon: "box-open",
            picture: hit.small_image_url.clone().unwrap_or_default(),
            href: format!("/listings/{}", hit.id),
            title: title(hit.highlight.as_ref(), &hit.name),
            party: Some(Party::from(&hit.company)),
            beside: more
                .map(|count| {
                    Message::new("discovery-more-listings")
                        .with("count", grouped(&count.to_string()))
                        .text(Language::English)
                })
                .unwrap_or_default(),
            why: why(hit.highlight.as_ref()),
            hs: dotted(hit.hs_code.as_ref()),
            amount,
            terms,
            facts: joined([smallest, lead, certificates(&hit.certifications)]),
            ..Self::default()
        }
    }
}

impl From<&CompanyHit> for Row {
    fn from(hit: &CompanyHit) -> Self {
        let company = &hit.company;
        let form = company.form.map(|form| form.label(Language::English).to_owned()).unwrap_or_default();
        let names = hit.trade_names.join(", ");
        let sells_to = match hit.markets.len() {
            0 => String::new(),
            1..=6 => {
                Message::new("discovery-row-sells-to").with("countries", hit.markets.join(", ")).text(Language::English)
            }
            count => Message::new("discovery-row-sells-to-more")
                .with("countries", hit.markets[..6].join(", "))
                .with("count", count - 6)
                .text(Language::English),
        };
        let products = format!("/search?{}", encoded(&[("scope", "products"), ("company", &company.id)]));
        Self {
            icon: "person",
            href: format!("/companies/{}", company.id),
            title: title(hit.highlight.as_ref(), &company.name),
            beside: joined([company.country.name(), form, names]),
            verification: company.verification.map(|level| level.to_string()).unwrap_or_default(),
            why: why(hit.highlight.as_ref()),
            facts: joined([sells_to, certificates(&hit.certifications)]),
            actions: vec![(products, locale::text(Language::English, "discovery-products"))],
            ..Self::default()
        }
    }
}

impl Row {
    /// The row of an RFQ as seen from `now`.
    pub fn of_rfq(hit: &RfqHit, now: Time) -> Self {
        let frequency = hit.frequency.map(|how_often| how_often.as_str()).filter(|text| *text != "once");
        let quantity = match hit.items {
            0 => hit.quantity.as_ref().map(plain_quantity).unwrap_or_default(),
            items => Message::new("discovery-items").with("count", items).text(Language::English),
        };
        let place = hit.destination_locode.and_then(locodes::name).map(str::to_owned);
        let place = hit.destination_place.clone().or(place).unwrap_or_default();
        let target = hit.target_price.map(|price| {
            let unit = hit.quantity.map(|quantity| quantity.unit);
            Message::new("discovery-row-target")
                .with("price", PriceLine::new(price, None, unit).money())
                .text(Language::English)
        });
        let required = certificates(&hit.required_certifications);
        Self {
            icon: "file",
            href: format!("/rfqs/{}", hit.id),
            title: title(hit.highlight.as_ref(), &hit.title),
            party: hit.buyer.as_ref().map(Party::from),
            beside: if hit.buyer.is_some() {
                String::new()
            } else {
                locale::text(Language::English, "discovery-buyer-hidden").to_owned()
            },
            why: why(hit.highlight.as_ref()),
            hs: dotted(hit.hs_code.as_ref()),
            amount: joined([quantity, frequency.unwrap_or_default().to_owned()]),
            terms: hit.incoterm.map(|rule| rule.to_string()).unwrap_or_default(),
            facts: joined([target.unwrap_or_default(), required]),
            deadline: hit.deadline.map(|deadline| When::new(deadline, now)),
            destination: destination(&place, hit.destination_country),
            actions: vec![(format!("/rfqs/{}/quote", hit.id), locale::text(Language::English, "discovery-quote"))],
            ..Self::default()
        }
    }
}

fn destination(place: &str, country: Option<Country>) -> String {
    match country {
        Some(country) if place.is_empty() => country.name(),
        Some(country) => format!("{country} {place}"),
        None => place.to_owned(),
    }
}

/// Names and values as a query string.
pub fn encoded(pairs: &[(&str, &str)]) -> String {
    serde_urlencoded::to_string(pairs).unwrap_or_default()
}

/// What a page says whose search found a part of what there is, because the index is filled anew.
pub fn rebuilding(kind: Kind, incomplete: Option<Incomplete>) -> Option<Notice> {
    let Incomplete { searchable, expected } = incomplete?;
    let message = match kind {
        Kind::Listing => Message::new("discovery-rebuilding-listings"),
        Kind::Company => Message::new("discovery-rebuilding-companies"),
        Kind::Rfq => Message::new("discovery-rebuilding-rfqs"),
    };
    // What was written since is found too.
    let (found, all) = (grouped(&searchable.to_string()), grouped(&expected.max(searchable).to_string()));
    let text = message.with("found", found).with("all", all).text(Language::English);
    Some(Notice { kind: NoticeKind::Info, text })
}
