//! How prices, quantities, codes, times and states read: as the trade writes them, never without the unit or the Incoterm.

use std::fmt;

use chrono::Duration;

use crate::clock::Time;
use crate::money::{Micros, Money};
use crate::reference::codes::{HsCode, Incoterm, Locode};
use crate::units::{Quantity, Unit};

/// A price as the trade writes it: `USD 12.40-13.10 / kg, FOB Ningbo (CNNGB)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceLine {
    /// The price, or the lower end of the range.
    pub low: Money,
    /// The upper end, in the same currency; `None` for a single price.
    pub high: Option<Micros>,
    /// What one price buys; `None` only for the value of a whole shipment.
    pub unit: Option<Unit>,
    /// The Incoterm, where one was stated.
    pub incoterm: Option<Incoterm>,
    /// The named place, empty where none was stated.
    pub place: String,
    /// The port or place as UN/LOCODE.
    pub port: Option<Locode>,
}

impl PriceLine {
    /// A price without delivery terms.
    pub fn new(low: Money, high: Option<Micros>, unit: Option<Unit>) -> Self {
        Self { low, high, unit, incoterm: None, place: String::new(), port: None }
    }

    /// The same price under an Incoterm at a named place.
    #[must_use]
    pub fn under(mut self, incoterm: Incoterm, place: impl Into<String>, port: Option<Locode>) -> Self {
        self.incoterm = Some(incoterm);
        self.place = place.into();
        self.port = port;
        self
    }

    /// The money and the unit alone: `USD 12.40-13.10 / kg`.
    pub fn money(&self) -> String {
        let digits = usize::from(self.low.currency.minor_digits());
        let mut text = format!("{} {}", self.low.currency, grouped(&self.low.amount.display(digits)));
        if let Some(high) = self.high.filter(|high| *high != self.low.amount) {
            text.push('-');
            text.push_str(&grouped(&high.display(digits)));
        }
        if let Some(unit) = self.unit {
            text.push_str(" / ");
            text.push_str(unit.label());
        }
        text
    }

    /// The delivery terms alone: `FOB Ningbo (CNNGB)`; empty where no Incoterm was stated.
    pub fn terms(&self) -> String {
        let Some(incoterm) = self.incoterm else { return String::new() };
        let mut text = incoterm.as_str().to_owned();
        match (self.place.is_empty(), self.port) {
            (false, Some(port)) => text.push_str(&format!(" {} ({port})", self.place)),
            (false, None) => text.push_str(&format!(" {}", self.place)),
            (true, Some(port)) => text.push_str(&format!(" {port}")),
            (true, None) => {}
        }
        text
    }
}

impl fmt::Display for PriceLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.money())?;
        let terms = self.terms();
        if terms.is_empty() { Ok(()) } else { write!(f, ", {terms}") }
    }
}

/// A number's whole part in groups of three with narrow no-break spaces from five digits on: `12 500.25`, but `4500`.
pub fn grouped(number: &str) -> String {
    let (whole, fraction) = number.split_once('.').map_or((number, ""), |(whole, _)| (whole, &number[whole.len()..]));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    if digits.len() < 5 || !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return number.to_owned();
    }
    let mut text = String::from(sign);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text + fraction
}

/// A quantity: `12 500 kg`.
pub fn plain_quantity(quantity: &Quantity) -> String {
    format!("{}\u{a0}{}", grouped(&quantity.value.display(0)), quantity.unit.label())
}

/// A minimum order quantity: `MOQ 500 kg`.
pub fn moq(quantity: &Quantity) -> String {
    format!("MOQ\u{a0}{}", plain_quantity(quantity))
}

/// A lead time: `25 days`, `1 day`.
pub fn days(count: u32) -> String {
    if count == 1 { "1\u{a0}day".to_owned() } else { format!("{count}\u{a0}days") }
}

/// An HS code with its dots: `7304.41`, `8471.30.0000`.
pub fn hs_dotted(code: &HsCode) -> String {
    let digits = code.as_str();
    let pieces = [digits.get(..4).unwrap_or(digits), digits.get(4..6).unwrap_or(""), digits.get(6..).unwrap_or("")];
    pieces.iter().filter(|piece| !piece.is_empty()).copied().collect::<Vec<_>>().join(".")
}

/// A moment for the `time` macros: machine-readable, absolute with its time zone, and relative to now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct When {
    /// `2026-11-23T17:26:00Z`.
    pub iso: String,
    /// `23 Nov 2026, 17:26 UTC`.
    pub absolute: String,
    /// `3 hours ago`, `in 12 days`.
    pub relative: String,
}

impl When {
    /// The moment as seen from `now`.
    pub fn new(then: Time, now: Time) -> Self {
        Self {
            iso: then.format("%Y-%m-%dT%H:%M:%SZ").to_string(),
            absolute: absolute(then),
            relative: relative(then, now),
        }
    }
}

/// `23 Nov 2026, 17:26 UTC`.
pub fn absolute(then: Time) -> String {
    then.format("%-d %b %Y, %H:%M UTC").to_string()
}

/// `just now`, `3 hours ago`, `in 12 days`; from 60 days on months, from two years on years, each rounded down.
pub fn relative(then: Time, now: Time) -> String {
    let distance = then - now;
    let ahead = distance > Duration::zero();
    let minutes = distance.num_minutes().abs();
    let (count, unit) = match minutes {
        0 => return if ahead { "in a moment" } else { "just now" }.to_owned(),
        1..60 => (minutes, "minute"),
        60..1_440 => (minutes / 60, "hour"),
        1_440..86_400 => (minutes / 1_440, "day"),
        86_400..1_051_200 => (minutes / 43_200, "month"),
        _ => (minutes / 525_600, "year"),
    };
    let plural = if count == 1 { "" } else { "s" };
    if ahead { format!("in {count} {unit}{plural}") } else { format!("{count} {unit}{plural} ago") }
}

/// How a state looks: a class for its colour and an icon, so that colour never stands alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tone {
    /// `both` (confirmed by both sides), `open`, `needs`, `refused` or `quiet`.
    pub class: &'static str,
    /// The icon of the sprite.
    pub icon: &'static str,
}

/// The tone of a state by its text on the wire. Green is only for what both sides confirmed, red only for refusals and errors.
pub fn tone(state: &str) -> Tone {
    let (class, icon) = match state {
        "active" | "accepted" | "awarded" | "confirmed" | "counterparty_confirmed" | "operator_reviewed" => {
            ("both", "both")
        }
        "open" | "published" | "submitted" | "shortlisted" | "notified" | "seen" | "quoted" | "valid"
        | "document_attached" => ("open", "dot"),
        "proposed" | "declared" | "self_declared" | "disputed" | "suspicious" | "unanswered" | "needs_you" => {
            ("needs", "flag")
        }
        "declined" | "invalid" | "removed" | "not_awarded" | "failed" | "refused" | "suspended" => ("refused", "cross"),
        _ => ("quiet", "ring"),
    };
    Tone { class, icon }
}

/// A state's text as words: `not_awarded` is "not awarded".
pub fn state_words(state: &str) -> String {
    state.replace('_', " ")
}

/// A text with `<mark>` around what matched, safe to show: everything but the marks is escaped.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub struct Highlighted(String);

impl Highlighted {
    /// Escapes the text and puts `<mark>` around the byte ranges, which must be in order; ranges that overlap, or that do not
    /// fall between characters, are left out.
    pub fn from_ranges(text: &str, ranges: &[std::ops::Range<usize>]) -> Self {
        let mut html = String::with_capacity(text.len() + ranges.len() * 13);
        let mut done = 0;
        for range in ranges {
            let (Some(before), Some(inside)) = (text.get(done..range.start), text.get(range.clone())) else { continue };
            push_escaped(&mut html, before);
            html.push_str("<mark>");
            push_escaped(&mut html, inside);
            html.push_str("</mark>");
            done = range.end;
        }
        push_escaped(&mut html, text.get(done..).unwrap_or(""));
        Self(html)
    }

    /// Takes markup of which `<mark>` and `</mark>` are kept; every other character that could begin a tag or an entity of its
    /// own is escaped, and marks that do not pair up are dropped. Entities that are already written (`&lt;`, `&#39;`) stay.
    pub fn from_marked(markup: &str) -> Self {
        let mut html = String::with_capacity(markup.len());
        let mut open = false;
        let mut rest = markup;
        while let Some(at) = rest.find(['<', '>', '"', '\'', '&']) {
            html.push_str(&rest[..at]);
            rest = &rest[at..];
            let (taken, written) = take_piece(rest, &mut open);
            html.push_str(written);
            rest = &rest[taken..];
        }
        html.push_str(rest);
        if open {
            html.push_str("</mark>");
        }
        Self(html)
    }

    /// A text without marks, escaped.
    pub fn plain(text: &str) -> Self {
        Self::from_ranges(text, &[])
    }

    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Display for Highlighted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Highlighted {}

/// The piece at the front of `rest` (its first character is special): how many bytes it takes and what is written for it.
fn take_piece(rest: &str, open: &mut bool) -> (usize, &'static str) {
    const ENTITIES: &[&str] =
        &["&amp;", "&lt;", "&gt;", "&quot;", "&#39;", "&#x27;", "&#34;", "&#60;", "&#62;", "&#38;"];
    for (tag, opens) in [("<mark>", true), ("</mark>", false)] {
        if rest.starts_with(tag) {
            let fits = *open != opens;
            *open = opens;
            return (tag.len(), if fits { tag } else { "" });
        }
    }
    if let Some(entity) = ENTITIES.iter().find(|entity| rest.starts_with(**entity)) {
        return (entity.len(), entity);
    }
    (1, rest.chars().next().map_or("", entity_of))
}

fn entity_of(c: char) -> &'static str {
    match c {
        '<' => "&lt;",
        '>' => "&gt;",
        '"' => "&quot;",
        '\'' => "&#39;",
        '&' => "&amp;",
        _ => "",
    }
}

fn push_escaped(html: &mut String, text: &str) {
    for c in text.chars() {
        match entity_of(c) {
            "" => html.push(c),
            entity => html.push_str(entity),
        }
    }
}
