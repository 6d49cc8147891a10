//! How prices, quantities, codes, times and states read, on pages and in e-mails alike: as the trade writes them, never without the unit or the
//! Incoterm.

use std::fmt;

use chrono::Duration;

use crate::clock::Time;
use crate::locale::{Language, Message, grouped, label, text};
use crate::money::{Micros, Money};
use crate::reference::codes::{HsCode, Incoterm, Locode};
use crate::reference::hs;
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

/// A quantity: `12 500 kg`.
pub fn plain_quantity(quantity: &Quantity) -> String {
    format!("{}\u{a0}{}", grouped(&quantity.value.display(0)), quantity.unit.label())
}

/// A minimum order quantity: `MOQ 500 kg`.
pub fn moq(quantity: &Quantity) -> String {
    format!("MOQ\u{a0}{}", plain_quantity(quantity))
}

/// Numbers of items as people read them: `1, 3`.
pub fn numbers(items: &[u32]) -> String {
    items.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

/// A lead time: `25 days`, `1 day`.
pub fn days(count: u32) -> String {
    Message::new("layout-days").with("count", count).text(Language::English)
}

/// An HS code with its dots: `7304.41`, `8471.30.0000`.
pub fn hs_dotted(code: &HsCode) -> String {
    let digits = code.as_str();
    let pieces = [digits.get(..4).unwrap_or(digits), digits.get(4..6).unwrap_or(""), digits.get(6..).unwrap_or("")];
    pieces.iter().filter(|piece| !piece.is_empty()).copied().collect::<Vec<_>>().join(".")
}

/// An HS code with what goods of it are called: `8482.10 Ball bearings`.
pub fn hs_named(code: &HsCode, language: Language) -> String {
    let label = hs::label(code.as_str(), language.tag()).unwrap_or_default();
    format!("{} {label}", hs_dotted(code)).trim_end().to_owned()
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
    let (count, message) = match (minutes, ahead) {
        (0, true) => return text(Language::English, "layout-in-a-moment").to_owned(),
        (0, false) => return text(Language::English, "layout-just-now").to_owned(),
        (1..60, true) => (minutes, Message::new("layout-in-minutes")),
        (1..60, false) => (minutes, Message::new("layout-minutes-ago")),
        (60..1_440, true) => (minutes / 60, Message::new("layout-in-hours")),
        (60..1_440, false) => (minutes / 60, Message::new("layout-hours-ago")),
        (1_440..86_400, true) => (minutes / 1_440, Message::new("layout-in-days")),
        (1_440..86_400, false) => (minutes / 1_440, Message::new("layout-days-ago")),
        (86_400..1_051_200, true) => (minutes / 43_200, Message::new("layout-in-months")),
        (86_400..1_051_200, false) => (minutes / 43_200, Message::new("layout-months-ago")),
        (_, true) => (minutes / 525_600, Message::new("layout-in-years")),
        (_, false) => (minutes / 525_600, Message::new("layout-years-ago")),
    };
    message.with("count", count).text(Language::English)
}

/// How a state looks, so that colour never stands alone: each tone has a colour and an icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Both sides, or an operator, confirmed it: the only green.
    Agreed,
    /// It goes on.
    Open,
    /// Somebody has to act, or to look twice.
    Needs,
    /// Refused, failed or wrong: the only red.
    Refused,
    /// Nothing to do.
    Quiet,
}

impl Tone {
    /// The class in `site.css`.
    pub fn class(self) -> &'static str {
        match self {
            Self::Agreed => "both",
            Self::Open => "open",
            Self::Needs => "needs",
            Self::Refused => "refused",
            Self::Quiet => "quiet",
        }
    }

    /// The icon of the sprite.
    pub fn icon(self) -> &'static str {
        match self {
            Self::Agreed => "both",
            Self::Open => "dot",
            Self::Needs => "flag",
            Self::Refused => "cross",
            Self::Quiet => "ring",
        }
    }
}

/// A state as pages show it: `{{ ui::state(row.state) }}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pill {
    /// Its colour and icon.
    pub tone: Tone,
    family: &'static str,
    value: &'static str,
}

impl Pill {
    /// The value of a family of labels (see [`crate::labelled`]) in a tone.
    pub fn new(tone: Tone, family: &'static str, value: &'static str) -> Self {
        Self { tone, family, value }
    }

    /// The name of the state, in the reader's language.
    pub fn label(self, language: Language) -> &'static str {
        label(language, self.family, self.value)
    }
}

crate::shown_by!(label: Pill, &Pill, &&Pill);

/// Gives the states of a [`wire_enum!`](crate::wire_enum) their labels and tones: `states!(RfqState, "rfq-state", { Open => Open, ... })`. Every
/// value is named, so that a new state has to choose.
#[macro_export]
macro_rules! states {
    ($name:ident, $family:literal, { $($value:ident => $tone:ident),* $(,)? }) => {
        impl $name {
            /// How pages show it.
            pub fn pill(self) -> $crate::formats::Pill {
                let tone = match self { $(Self::$value => $crate::formats::Tone::$tone,)* };
                $crate::formats::Pill::new(tone, $family, self.as_str())
            }
        }
    };
}
