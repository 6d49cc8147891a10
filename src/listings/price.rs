//! A listing's price: a range, a unit and tiers by quantity, all in one currency.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::FieldCode;
use crate::locale::{Language, Message, text};
use crate::money::{Micros, Money};
use crate::text::Checker;
use crate::units::{Unit, plain_decimal};

/// What one unit costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceFields {
    /// The price, or the lowest of the range.
    pub min: Money,
    /// The highest of the range.
    #[serde(default)]
    pub max: Option<Money>,
    /// What the price is for: one piece, one kilogram.
    pub unit: Unit,
    /// Prices by quantity, from the smallest quantity up, at most 20.
    #[serde(default)]
    pub tiers: Vec<PriceTier>,
}

/// The price from a quantity on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceTier {
    /// The smallest quantity of this tier, in the price's unit; a decimal string.
    #[serde(with = "plain_decimal")]
    #[schema(value_type = String, pattern = r"^[0-9]{1,13}(\.[0-9]{1,6})?$", example = "100")]
    pub from: Micros,
    /// The price of one unit.
    pub amount: Money,
}

impl PriceFields {
    /// The price of one unit when so much is bought: that of the highest tier reached, else the lowest of the range.
    pub fn at_quantity(&self, quantity: Micros) -> Money {
        self.tiers.iter().rev().find(|tier| tier.from <= quantity).map_or(self.min, |tier| tier.amount)
    }

    /// Checks that all amounts are positive and of one currency, that the range has its ends in order and the tiers rise.
    pub fn check(&self, checker: &mut Checker, pointer: &str) {
        self.check_amount(checker, &format!("{pointer}/min"), self.min);
        if let Some(message) = self.min.currency.refusal() {
            checker.fail(&format!("{pointer}/min/currency"), FieldCode::UnknownValue, message);
        }
        if let Some(max) = self.max {
            self.check_amount(checker, &format!("{pointer}/max"), max);
            let in_order = max.currency != self.min.currency || self.min.amount <= max.amount;
            let message = text(Language::English, "listings-price-below-lowest");
            checker.ensure(in_order, &format!("{pointer}/max/amount"), FieldCode::Contradiction, message);
        }
        check_tiers(checker, &format!("{pointer}/tiers"), &self.tiers);
        for (index, tier) in self.tiers.iter().enumerate() {
            self.check_amount(checker, &format!("{pointer}/tiers/{index}/amount"), tier.amount);
        }
    }

    fn check_amount(&self, checker: &mut Checker, pointer: &str, money: Money) {
        let is_positive = money.amount.is_positive();
        checker.ensure(
            is_positive,
            &format!("{pointer}/amount"),
            FieldCode::Range,
            text(Language::English, "listings-must-be-positive"),
        );
        if money.currency != self.min.currency {
            let message = Message::new("listings-price-currency")
                .with("currency", self.min.currency.to_string())
                .text(Language::English);
            checker.fail(&format!("{pointer}/currency"), FieldCode::Contradiction, message);
        }
    }
}

/// Checks that there are at most 20 tiers and that their quantities are positive and rise.
pub fn check_tiers(checker: &mut Checker, pointer: &str, tiers: &[PriceTier]) {
    checker.max_items(pointer, tiers.len(), 20);
    let mut before = Micros(0);
    for (index, tier) in tiers.iter().enumerate() {
        let message = text(Language::English, "listings-tiers-rise");
        checker.ensure(tier.from > before, &format!("{pointer}/{index}/from"), FieldCode::Contradiction, message);
        before = tier.from;
    }
}
