//! SDMX-CSV 2.0: one observation for each measure of a cell, under the data structure that [`structure`] describes. Source: the SDMX technical
//! working group's "SDMX-CSV format" and "SDMX-JSON structure message", both 2.0.0; codes of status are those of the cross-domain code lists.

use serde::Serialize;
use utoipa::ToSchema;

use super::figures::Figures;
use super::suppression::Hidden;
use super::table::{Cell, write_csv};
use super::{Key, Period};
use crate::customs::Direction;
use crate::error::Problem;
use crate::locale::{Language, text};
use crate::partnerships::eligibility::TABLE_CURRENCY;

/// Who keeps the structure.
const AGENCY: &str = "TRADEPOST";
const STRUCTURE: &str = "GENERAL_TRADE";
const VERSION: &str = "1.0.0";
/// Stands for all of a dimension.
const ALL: &str = "_T";

const DIMENSIONS: [(&str, &str); 6] = [
    ("FREQ", "statistics-sdmx-frequency"),
    ("REPORTER", "statistics-reporter"),
    ("FLOW", "statistics-flow"),
    ("PARTNER", "statistics-partner"),
    ("COMMODITY", "statistics-goods"),
    ("MEASURE", "statistics-sdmx-measure"),
];
const TIME: (&str, &str) = ("TIME_PERIOD", "statistics-period");
const VALUE: (&str, &str) = ("OBS_VALUE", "statistics-sdmx-value");
const ATTRIBUTES: [(&str, &str); 7] = [
    ("UNIT_MEASURE", "statistics-sdmx-unit"),
    ("OBS_STATUS", "statistics-sdmx-status"),
    ("CONF_STATUS", "statistics-sdmx-confidentiality"),
    ("RECORDS", "statistics-records"),
    ("SUPPLIERS", "statistics-suppliers"),
    ("BUYERS", "statistics-buyers"),
    ("VINTAGE", "statistics-release"),
];

/// The cells as SDMX-CSV with its header, values before weights.
///
/// # Errors
/// `internal`, should the rows not be writable.
pub fn to_csv<'c>(cells: impl Iterator<Item = &'c Cell>) -> Result<String, Problem> {
    let columns = DIMENSIONS.iter().chain([&TIME, &VALUE]).chain(&ATTRIBUTES).map(|(id, _)| *id);
    let header = ["STRUCTURE", "STRUCTURE_ID", "ACTION"].into_iter().chain(columns);
    let mut rows = vec![header.map(str::to_owned).collect()];
    rows.extend(cells.flat_map(|cell| {
        let unit = TABLE_CURRENCY.to_string();
        [
            observation(cell, "VALUE", &unit, |figures| figures.value.display(0)),
            observation(cell, "NET_WEIGHT", "KGM", |figures| figures.net_kg.display(0)),
        ]
    }));
    write_csv(&rows)
}

fn observation(cell: &Cell, measure: &str, unit: &str, value: fn(&Figures) -> String) -> Vec<String> {
    let Key { flow, reporter, partner, hs, period } = &cell.key;
    let all = |code: Option<String>| code.unwrap_or_else(|| ALL.to_owned());
    let figure = |read: &dyn Fn(&Figures) -> String| cell.figures.as_ref().map(read).unwrap_or_default();
    let (status, confidentiality) = match cell.hidden {
        None => ("A", "F"),
        // Suppressed; confidential by itself, or kept back so that another cannot be computed.
        Some(Hidden::Primary) => ("Q", "C"),
        Some(Hidden::Secondary) => ("Q", "D"),
    };
    let frequency = if matches!(period, Period::Month(..)) { "M" } else { "A" };
    let flow = if *flow == Direction::Import { "M" } else { "X" };
    vec![
        "dataflow".to_owned(),
        format!("{AGENCY}:{STRUCTURE}({VERSION})"),
        // Information: nothing that was sent before is replaced by it.
        "I".to_owned(),
        frequency.to_owned(),
        all(reporter.map(|country| country.to_string())),
        flow.to_owned(),
        all(partner.map(|country| country.to_string())),
        all(hs.clone()),
        measure.to_owned(),
        period.to_string(),
        figure(&value),
        unit.to_owned(),
        status.to_owned(),
        confidentiality.to_owned(),
        figure(&|figures| figures.records.to_string()),
        figure(&|figures| figures.suppliers.to_string()),
        figure(&|figures| figures.buyers.to_string()),
        cell.vintage.to_string(),
    ]
}

/// An SDMX-JSON 2.0 structure message: the data structure of the tables.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SdmxStructure)]
pub struct Structure {
    data: Structures,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SdmxStructures)]
#[serde(rename_all = "camelCase")]
struct Structures {
    data_structures: [DataStructure; 1],
    dataflows: [Dataflow; 1],
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SdmxDataflow)]
#[serde(rename_all = "camelCase")]
struct Dataflow {
    id: &'static str,
    #[serde(rename = "agencyID")]
    agency: &'static str,
    version: &'static str,
    name: &'static str,
    /// The URN of the data structure.
    structure: String,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SdmxDataStructure)]
#[serde(rename_all = "camelCase")]
struct DataStructure {
    id: &'static str,
    #[serde(rename = "agencyID")]
    agency: &'static str,
    version: &'static str,
    name: &'static str,
    data_structure_components: Components,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SdmxComponents)]
#[serde(rename_all = "camelCase")]
struct Components {
    dimension_list: Dimensions,
    measure_list: Measures,
    attribute_list: Attributes,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SdmxDimensions)]
#[serde(rename_all = "camelCase")]
struct Dimensions {
    id: &'static str,
    dimensions: Vec<Dimension>,
    time_dimensions: Vec<Dimension>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SdmxMeasures)]
struct Measures {
    id: &'static str,
    measures: Vec<Component>,
}

#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SdmxAttributes)]
struct Attributes {
    id: &'static str,
    attributes: Vec<Component>,
}

/// A column.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SdmxComponent)]
#[serde(rename_all = "camelCase")]
struct Component {
    id: &'static str,
    /// The URN of its concept.
    concept_identity: String,
    /// Its name, in English.
    name: &'static str,
}

/// A column that tells observations apart.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SdmxDimension)]
struct Dimension {
    #[serde(flatten)]
    component: Component,
    /// Its place among the dimensions, from 1.
    position: usize,
}

fn component((id, name): (&'static str, &'static str)) -> Component {
    let concept_identity =
        format!("urn:sdmx:org.sdmx.infomodel.conceptscheme.Concept={AGENCY}:CONCEPTS({VERSION}).{id}");
    Component { id, concept_identity, name: text(Language::English, name) }
}

/// The data structure of the tables.
pub fn structure() -> Structure {
    let name = text(Language::English, "statistics-title");
    let dimensions =
        (1..).zip(DIMENSIONS).map(|(position, one)| Dimension { component: component(one), position }).collect();
    let attributes = ATTRIBUTES.map(component).into();
    let components = Components {
        dimension_list: Dimensions {
            id: "DimensionDescriptor",
            dimensions,
            time_dimensions: vec![Dimension { component: component(TIME), position: DIMENSIONS.len() + 1 }],
        },
        measure_list: Measures { id: "MeasureDescriptor", measures: vec![component(VALUE)] },
        attribute_list: Attributes { id: "AttributeDescriptor", attributes },
    };
    let structure = format!("urn:sdmx:org.sdmx.infomodel.datastructure.DataStructure={AGENCY}:{STRUCTURE}({VERSION})");
    Structure {
        data: Structures {
            data_structures: [DataStructure {
                id: STRUCTURE,
                agency: AGENCY,
                version: VERSION,
                name,
                data_structure_components: components,
            }],
            dataflows: [Dataflow { id: STRUCTURE, agency: AGENCY, version: VERSION, name, structure }],
        },
    }
}
