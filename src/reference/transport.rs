//! Modes of transport and how the code lists of the world number them.

use serde::Serialize;
use utoipa::ToSchema;

use super::codes::Incoterm;
use crate::wire_enum;

wire_enum! {
    /// How the goods cross the border.
    pub enum TransportMode {
        /// By sea.
        Sea = "sea",
        /// By rail.
        Rail = "rail",
        /// By road.
        Road = "road",
        /// By air.
        Air = "air",
        /// By post or courier.
        Post = "post",
        /// By several modes under one contract.
        Multimodal = "multimodal",
        /// By pipeline or cable.
        Pipeline = "pipeline",
        /// By inland waterway.
        InlandWater = "inland_water",
        /// Under its own power.
        OwnPropulsion = "own_propulsion",
    }
}

/// A mode and its numbers in four code lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TransportInfo {
    /// The mode.
    pub code: TransportMode,
    /// Its name.
    #[schema(value_type = String)]
    pub name: &'static str,
    /// UN/ECE Recommendation 19.
    pub rec19: Option<u8>,
    /// The EU declaration's mode of transport at the border (box 25 of the old form).
    pub eu_box25: Option<u8>,
    /// China Customs; its water code covers sea and inland, 9 is "other". The pseudo-modes of bonded areas are no transport.
    pub china: u8,
    /// UN Comtrade's `motCode`; the total is 0.
    pub comtrade: u16,
}

/// Every mode.
pub static ALL: [TransportInfo; 9] = [
    mode(TransportMode::Sea, "Sea", Some(1), Some(1), 2, 2100),
    mode(TransportMode::Rail, "Rail", Some(2), Some(2), 3, 3100),
    mode(TransportMode::Road, "Road", Some(3), Some(3), 4, 3200),
    mode(TransportMode::Air, "Air", Some(4), Some(4), 5, 1000),
    mode(TransportMode::Post, "Post or courier", Some(5), Some(5), 6, 9200),
    mode(TransportMode::Multimodal, "Several modes", Some(6), None, 9, 9900),
    mode(TransportMode::Pipeline, "Pipeline or cable", Some(7), Some(7), 9, 9100),
    mode(TransportMode::InlandWater, "Inland waterway", Some(8), Some(8), 2, 2200),
    mode(TransportMode::OwnPropulsion, "Own propulsion", None, Some(9), 9, 9300),
];

const fn mode(
    code: TransportMode,
    name: &'static str,
    rec19: Option<u8>,
    eu_box25: Option<u8>,
    china: u8,
    comtrade: u16,
) -> TransportInfo {
    TransportInfo { code, name, rec19, eu_box25, china, comtrade }
}

/// Every mode with its numbers.
pub fn all() -> &'static [TransportInfo] {
    &ALL
}

impl TransportMode {
    /// The mode's numbers.
    pub fn info(self) -> &'static TransportInfo {
        // The table has one row for each value in order; a test holds it to that.
        &ALL[self as usize]
    }

    /// Whether an Incoterm meant for water only is named with another mode, which is worth a warning.
    pub fn contradicts(self, incoterm: Incoterm) -> bool {
        incoterm.is_for_water_only() && !matches!(self, Self::Sea | Self::InlandWater | Self::Multimodal)
    }
}
