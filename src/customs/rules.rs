//! What kind of cross-border trade a record is, and whether its axes and its customs regime contradict each other.
//!
//! Direction, party form, place of the deal, route of the goods, declarant and regime are independent; none is derived from another here.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Direction;
use super::regimes::{Regime, is_bonded_or_warehouse, is_general_trade, is_general_trade_group, is_mode};
use crate::locale::{self, Language, Message};
use crate::{labelled, wire_enum};

wire_enum! {
    /// Who trades with whom.
    pub enum PartyForm {
        /// Business with business.
        B2b = "b2b",
        /// Business with consumer.
        B2c = "b2c",
        /// Consumer with consumer.
        C2c = "c2c",
    }
}

labelled!(PartyForm, "customs-party");

wire_enum! {
    /// The channel through which the deal was made.
    pub enum DealChannel {
        /// By contract between the two, outside any platform.
        Offline = "offline",
        /// Through the order flow of a platform.
        Platform = "platform",
    }
}

labelled!(DealChannel, "customs-channel");

wire_enum! {
    /// The transport route of the goods.
    pub enum GoodsRoute {
        /// As general cargo.
        GeneralCargo = "general_cargo",
        /// As parcels by air.
        AirParcel = "air_parcel",
        /// By post.
        Post = "post",
        /// By an express carrier.
        Express = "express",
        /// Through a warehouse abroad, sold from there.
        OverseasWarehouse = "overseas_warehouse",
        /// Through a bonded warehouse.
        BondedWarehouse = "bonded_warehouse",
    }
}

labelled!(GoodsRoute, "customs-route");

wire_enum! {
    /// Who declared to customs.
    pub enum DeclarantRole {
        /// The sender of the goods.
        Consignor = "consignor",
        /// The receiver of the goods.
        Consignee = "consignee",
        /// A customs broker.
        Broker = "broker",
        /// The post.
        PostalOperator = "postal_operator",
        /// An express carrier.
        ExpressOperator = "express_operator",
        /// An e-commerce firm or platform.
        EcommerceFirm = "ecommerce_firm",
    }
}

labelled!(DeclarantRole, "customs-declarant");

wire_enum! {
    /// The one class of trade of the statistics that a record falls in: the first that applies, in this order.
    pub enum TradeClass {
        /// Consumer with consumer.
        C2c = "c2c",
        /// Business with consumer.
        B2c = "b2c",
        /// Through a bonded place or a warehouse.
        BondedOrWarehouse = "bonded_or_warehouse",
        /// General trade in the strict sense: 0110 and its equals.
        GeneralTrade = "general_trade",
        /// Of the general-trade group of statistics, but not general trade itself.
        OtherGeneralGroup = "other_general_group",
        /// All else.
        Other = "other",
    }
}

labelled!(TradeClass, "customs-class");

/// The declared axes of a trade record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Axes {
    /// Export or import, seen from the reporting country.
    pub direction: Direction,
    /// Who traded with whom.
    pub party_form: PartyForm,
    /// The channel through which the deal was made.
    #[serde(rename = "deal_locus")]
    pub deal_channel: DealChannel,
    /// The transport route.
    pub goods_route: GoodsRoute,
    /// Who declared, where it is known.
    #[serde(default)]
    pub declarant_role: Option<DeclarantRole>,
}

/// The class of trade that a record with these axes and this regime falls in.
pub fn trade_class(axes: &Axes, regime: &Regime) -> TradeClass {
    match axes.party_form {
        PartyForm::C2c => TradeClass::C2c,
        PartyForm::B2c => TradeClass::B2c,
        // Before general trade: goods from a bonded place may clear under 0110 as well, and would be counted there a second time.
        PartyForm::B2b if is_warehouse_route(axes.goods_route) || is_bonded_or_warehouse(regime) => {
            TradeClass::BondedOrWarehouse
        }
        PartyForm::B2b if is_general_trade(regime, axes.direction) => TradeClass::GeneralTrade,
        PartyForm::B2b if is_general_trade_group(regime, axes.direction) => TradeClass::OtherGeneralGroup,
        PartyForm::B2b => TradeClass::Other,
    }
}

fn is_warehouse_route(route: GoodsRoute) -> bool {
    matches!(route, GoodsRoute::OverseasWarehouse | GoodsRoute::BondedWarehouse)
}

/// Every way in which the axes contradict each other or the regime, as sentences for people; empty when they fit.
pub fn contradictions(axes: &Axes, regime: &Regime) -> Vec<String> {
    let findings = [
        platform_modes(axes, regime),
        retail_modes(axes, regime),
        warehouse_modes(axes, regime),
        ordinary_modes(axes, regime),
        wrong_way(axes, regime),
        declarant(axes),
    ];
    findings.into_iter().flatten().collect()
}

/// The same of the axes alone, where no regime is stated.
pub fn contradictions_of_axes(axes: &Axes) -> Vec<String> {
    declarant(axes)
}

/// Pairs of a condition that contradicts and the key of the sentence about it; the sentences whose condition holds.
fn holding(pairs: &[(bool, &'static str)], regime: &Regime) -> Vec<String> {
    let sentence = |key| Message::new(key).with("regime", regime.code()).text(Language::English);
    pairs.iter().filter(|(holds, _)| *holds).map(|(_, key)| sentence(*key)).collect()
}

/// 9710 and 9810: business to business exports whose deal was made through a platform.
fn platform_modes(axes: &Axes, regime: &Regime) -> Vec<String> {
    if !is_mode(regime, &["9710", "9810"]) {
        return Vec::new();
    }
    let to_warehouse = is_mode(regime, &["9810"]);
    let route = axes.goods_route;
    holding(
        &[
            (axes.deal_channel == DealChannel::Offline, "customs-rule-platform"),
            (axes.direction == Direction::Import, "customs-rule-exports"),
            (!to_warehouse && axes.party_form != PartyForm::B2b, "customs-rule-businesses"),
            (to_warehouse && route != GoodsRoute::OverseasWarehouse, "customs-rule-overseas"),
            (!to_warehouse && is_warehouse_route(route), "customs-rule-direct"),
        ],
        regime,
    )
}

/// 9610, 1210 and 1239: retail to consumers through a platform.
fn retail_modes(axes: &Axes, regime: &Regime) -> Vec<String> {
    if !is_mode(regime, &["9610", "1210", "1239"]) {
        return Vec::new();
    }
    holding(
        &[
            (axes.party_form == PartyForm::B2b, "customs-rule-retail"),
            (axes.party_form == PartyForm::C2c, "customs-rule-seller"),
            (axes.deal_channel == DealChannel::Offline, "customs-rule-platform"),
            (is_mode(regime, &["1239"]) && axes.direction == Direction::Export, "customs-rule-imports"),
            (is_mode(regime, &["9610"]) && is_warehouse_route(axes.goods_route), "customs-rule-parcels"),
        ],
        regime,
    )
}

/// A bonded regime and the route of the goods have to agree. The overseas warehouse of 9810 is checked with the platform modes.
fn warehouse_modes(axes: &Axes, regime: &Regime) -> Vec<String> {
    let bonded = is_bonded_or_warehouse(regime) && !is_mode(regime, &["9810"]);
    holding(
        &[
            (bonded && !is_warehouse_route(axes.goods_route), "customs-rule-bonded"),
            (bonded && axes.goods_route == GoodsRoute::OverseasWarehouse, "customs-rule-bonded-home"),
            (
                axes.goods_route == GoodsRoute::BondedWarehouse && !is_bonded_or_warehouse(regime),
                "customs-rule-not-bonded",
            ),
        ],
        regime,
    )
}

/// General trade is between businesses, and a deal through a platform's order flow may belong under another mode.
fn ordinary_modes(axes: &Axes, regime: &Regime) -> Vec<String> {
    let chinese_export = is_mode(regime, &["0110"]) && axes.direction == Direction::Export;
    holding(
        &[
            (
                chinese_export && axes.party_form == PartyForm::B2b && axes.deal_channel == DealChannel::Platform,
                "customs-rule-other-mode",
            ),
            (axes.party_form == PartyForm::C2c && is_general_trade(regime, axes.direction), "customs-rule-consumers"),
        ],
        regime,
    )
}

/// Regimes that exist in one direction only.
fn wrong_way(axes: &Axes, regime: &Regime) -> Vec<String> {
    use super::regimes::RegimeSystem::{CnSupervision, EuProcedure, UnProcedure, UsEntryType};
    let only = match (regime.system(), regime.code().as_bytes()) {
        (EuProcedure, [b'1' | b'2' | b'3', ..]) | (UnProcedure, b"C03") => Some(Direction::Export),
        (EuProcedure, [b'4' | b'5' | b'6', ..]) | (UsEntryType, _) | (UnProcedure, b"C01") => Some(Direction::Import),
        (CnSupervision, b"3422") => Some(Direction::Export),
        _ => None,
    };
    only.filter(|only| *only != axes.direction)
        .map(|only| {
            let message = Message::new("customs-rule-direction").with("regime", regime.to_string());
            message.with("only", only.as_str()).with("direction", axes.direction.as_str()).text(Language::English)
        })
        .into_iter()
        .collect()
}

/// The post declares post, the express carrier express; neither declares general cargo.
fn declarant(axes: &Axes) -> Vec<String> {
    let sentence = match (axes.declarant_role, axes.goods_route) {
        (Some(DeclarantRole::PostalOperator), GoodsRoute::GeneralCargo | GoodsRoute::Express) => {
            locale::text(Language::English, "customs-rule-post")
        }
        (Some(DeclarantRole::ExpressOperator), GoodsRoute::GeneralCargo | GoodsRoute::Post) => {
            locale::text(Language::English, "customs-rule-express")
        }
        (Some(DeclarantRole::EcommerceFirm), GoodsRoute::GeneralCargo) if axes.deal_channel == DealChannel::Offline => {
            locale::text(Language::English, "customs-rule-firm")
        }
        _ => return Vec::new(),
    };
    vec![sentence.to_owned()]
}
