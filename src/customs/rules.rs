//! What kind of cross-border trade a record is, and whether its axes and its customs regime contradict each other.
//!
//! Direction, party form, place of the deal, route of the goods, declarant and regime are independent; none is derived from another here.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Direction;
use super::regimes::{Regime, is_bonded_or_warehouse, is_general_trade, is_general_trade_group, is_mode};
use crate::wire_enum;

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

wire_enum! {
    /// The channel through which the deal was made.
    pub enum DealChannel {
        /// By contract between the two, outside any platform.
        Offline = "offline",
        /// Through the order flow of a platform.
        Platform = "platform",
    }
}

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

/// Pairs of a condition that contradicts and the sentence about it; the sentences whose condition holds.
fn holding(pairs: &[(bool, &str)], regime: &Regime) -> Vec<String> {
    pairs.iter().filter(|(holds, _)| *holds).map(|(_, sentence)| sentence.replace("{}", regime.code())).collect()
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
            (
                axes.deal_channel == DealChannel::Offline,
                "regime {} needs a deal made through a platform, but this one was made offline",
            ),
            (axes.direction == Direction::Import, "regime {} is for exports only"),
            (!to_warehouse && axes.party_form != PartyForm::B2b, "regime {} is between businesses only"),
            (
                to_warehouse && route != GoodsRoute::OverseasWarehouse,
                "regime {} is for goods sent to an overseas warehouse",
            ),
            (
                !to_warehouse && is_warehouse_route(route),
                "regime {} is for goods sent to the buyer directly, not through a warehouse",
            ),
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
            (
                axes.party_form == PartyForm::B2b,
                "regime {} is retail to consumers, but the record is between businesses",
            ),
            (axes.party_form == PartyForm::C2c, "regime {} needs a business as the seller"),
            (
                axes.deal_channel == DealChannel::Offline,
                "regime {} needs a deal made through a platform, but this one was made offline",
            ),
            (is_mode(regime, &["1239"]) && axes.direction == Direction::Export, "regime {} is for imports only"),
            (
                is_mode(regime, &["9610"]) && is_warehouse_route(axes.goods_route),
                "regime {} is for parcels sent to the consumer, not through a warehouse",
            ),
        ],
        regime,
    )
}

/// A bonded regime and the route of the goods have to agree. The overseas warehouse of 9810 is checked with the platform modes.
fn warehouse_modes(axes: &Axes, regime: &Regime) -> Vec<String> {
    let bonded = is_bonded_or_warehouse(regime) && !is_mode(regime, &["9810"]);
    holding(
        &[
            (
                bonded && !is_warehouse_route(axes.goods_route),
                "regime {} is of a bonded place or warehouse, but the goods did not go through one",
            ),
            (
                bonded && axes.goods_route == GoodsRoute::OverseasWarehouse,
                "regime {} is of a bonded place or warehouse at home, but the goods went to one abroad",
            ),
            (
                axes.goods_route == GoodsRoute::BondedWarehouse && !is_bonded_or_warehouse(regime),
                "the goods went through a bonded warehouse, but regime {} is of no bonded place",
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
                "regime {} with a deal made through a platform: such an export may belong under 9710 or 9810",
            ),
            (
                axes.party_form == PartyForm::C2c && is_general_trade(regime, axes.direction),
                "regime {} is general trade, but both sides are consumers",
            ),
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
        .map(|only| format!("regime {regime} is of an {only}, but the record is an {}", axes.direction))
        .into_iter()
        .collect()
}

/// The post declares post, the express carrier express; neither declares general cargo.
fn declarant(axes: &Axes) -> Vec<String> {
    let sentence = match (axes.declarant_role, axes.goods_route) {
        (Some(DeclarantRole::PostalOperator), GoodsRoute::GeneralCargo | GoodsRoute::Express) => {
            "the post declares what goes by post, but the goods did not"
        }
        (Some(DeclarantRole::ExpressOperator), GoodsRoute::GeneralCargo | GoodsRoute::Post) => {
            "an express carrier declares what it carries, but the goods went another way"
        }
        (Some(DeclarantRole::EcommerceFirm), GoodsRoute::GeneralCargo) if axes.deal_channel == DealChannel::Offline => {
            "an e-commerce firm declared, but the deal was made offline and the goods went as general cargo"
        }
        _ => return Vec::new(),
    };
    vec![sentence.to_owned()]
}
