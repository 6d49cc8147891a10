//! The list of units for people and integrators: UN/ECE Rec 20, and Rec 21 packages as X-codes.

use std::sync::LazyLock;

use serde::Serialize;
use utoipa::ToSchema;

use crate::units::{Dimension, Unit};

/// One unit of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct UnitInfo {
    /// The code, like `KGM`.
    #[schema(value_type = String, example = "KGM")]
    pub code: &'static str,
    /// The code list's English name.
    #[schema(value_type = String)]
    pub name: &'static str,
    /// How the trade writes it, like `kg`.
    #[schema(value_type = String)]
    pub label: &'static str,
    /// What it measures: `mass`, `length`, `area`, `volume`, `count` or `energy`; none where Tradepost does not convert it.
    #[schema(value_type = Option<String>)]
    pub dimension: Option<&'static str>,
    /// Whether it is one of the few that trade uses every day, to be offered first.
    pub common: bool,
}

static ALL: LazyLock<Vec<UnitInfo>> = LazyLock::new(|| {
    let mut rows: Vec<UnitInfo> = Unit::all().map(row).collect();
    rows.sort_by_key(|row| (!row.common, row.code));
    rows
});

fn row(unit: Unit) -> UnitInfo {
    let (name, label) = (unit.name(), unit.label());
    UnitInfo {
        code: unit.code(),
        name,
        label,
        dimension: unit.measure().map(|(dimension, _)| dimension_text(dimension)),
        common: label != name,
    }
}

fn dimension_text(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Mass => "mass",
        Dimension::Length => "length",
        Dimension::Area => "area",
        Dimension::Volume => "volume",
        Dimension::Count => "count",
        Dimension::Energy => "energy",
    }
}

/// Every unit in force: the common ones first, then by code.
pub fn all() -> &'static [UnitInfo] {
    &ALL
}

/// The common units only.
pub fn common() -> &'static [UnitInfo] {
    &ALL[..ALL.iter().take_while(|row| row.common).count()]
}
