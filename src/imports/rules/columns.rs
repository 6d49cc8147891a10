//! Which column of a table holds which field: guessed from its header, said by the sender, or remembered from the last time.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use crate::error::{FieldCode, Problem, Result};
use crate::imports::{ColumnView, ImportFormat, Mapping};
use crate::locale::{Language, Message, text};
use crate::wire::pointer_part;
use crate::{labelled, wire_enum};

wire_enum! {
    /// A field that a column can hold.
    pub enum Field {
        /// The article number.
        Sku = "sku",
        /// The product's name.
        Name = "name",
        /// The description.
        Description = "description",
        /// The language of the texts.
        Language = "language",
        /// The brand.
        Brand = "brand",
        /// The maker's part number.
        Mpn = "mpn",
        /// The GTIN.
        Gtin = "gtin",
        /// The HS code.
        HsCode = "hs_code",
        /// The category path.
        Category = "category",
        /// Names and values, one a line.
        Attributes = "attributes",
        /// The country of origin.
        OriginCountry = "origin_country",
        /// The price, or the lowest of a range; with or without its currency.
        Price = "price",
        /// The highest price of a range.
        PriceMax = "price_max",
        /// The currency of the prices.
        Currency = "currency",
        /// What the price is for.
        PriceUnit = "price_unit",
        /// Prices by quantity, one a line: `500: 4.40`.
        PriceTiers = "price_tiers",
        /// The smallest order; with or without its unit.
        Moq = "moq",
        /// The unit of the smallest order.
        MoqUnit = "moq_unit",
        /// How much can be supplied in a month.
        SupplyPerMonth = "supply_per_month",
        /// Its unit.
        SupplyUnit = "supply_unit",
        /// The lead time in days.
        LeadTimeDays = "lead_time_days",
        /// Delivery terms, one a line: `FOB Ningbo CNNGB`.
        Incoterms = "incoterms",
        /// Payment terms.
        PaymentTerms = "payment_terms",
        /// Certificates, one a line: `scheme; number; issuer; day`.
        Certifications = "certifications",
        /// The packaging.
        Packaging = "packaging",
        /// Addresses of pictures.
        ImageUrls = "image_urls",
        /// Search keywords.
        Keywords = "keywords",
        /// The last day.
        ExpiresOn = "expires_on",
        /// A whole listing as JSON, as errors of an NDJSON file come back.
        Listing = "listing_json",
    }
}

labelled!(Field, "imports-field");

impl Field {
    /// Where the listing's JSON has it.
    pub fn pointer(self) -> &'static str {
        match self {
            Self::Price => "/price/min/amount",
            Self::PriceMax => "/price/max/amount",
            Self::Currency => "/price/min/currency",
            Self::PriceUnit => "/price/unit",
            Self::PriceTiers => "/price/tiers",
            Self::Moq => "/moq/value",
            Self::MoqUnit => "/moq/unit",
            Self::SupplyPerMonth => "/supply_per_month/value",
            Self::SupplyUnit => "/supply_per_month/unit",
            Self::Listing => "",
            Self::Sku => "/sku",
            Self::Name => "/name",
            Self::Description => "/description",
            Self::Language => "/language",
            Self::Brand => "/brand",
            Self::Mpn => "/mpn",
            Self::Gtin => "/gtin",
            Self::HsCode => "/hs_code",
            Self::Category => "/category",
            Self::Attributes => "/attributes",
            Self::OriginCountry => "/origin_country",
            Self::LeadTimeDays => "/lead_time_days",
            Self::Incoterms => "/incoterms",
            Self::PaymentTerms => "/payment_terms",
            Self::Certifications => "/certifications",
            Self::Packaging => "/packaging",
            Self::ImageUrls => "/image_urls",
            Self::Keywords => "/keywords",
            Self::ExpiresOn => "/expires_on",
        }
    }

    /// Whether several columns may hold parts of it.
    fn takes_many(self) -> bool {
        matches!(self, Self::ImageUrls | Self::Keywords | Self::Attributes)
    }
}

/// What a column holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// Nothing that is read.
    Ignored,
    /// A field.
    Field(Field),
    /// An attribute of this name.
    Attribute(String),
}

/// How an attribute's column is named: `attribute:Grade`.
const ATTRIBUTE: &str = "attribute:";

/// The columns that a file of errors has besides the original ones.
pub const ADDED: [&str; 4] = ["error_column", "error_code", "error_value", "error_message"];

impl Target {
    /// What the text says: a field, `attribute:NAME`, or nothing.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        if text.is_empty() {
            return Some(Self::Ignored);
        }
        if let Some(name) = attribute_name(text) {
            return Some(Self::Attribute(name.to_owned()));
        }
        Field::parse(text).map(Self::Field)
    }

    /// The text of it; none where nothing is read.
    pub fn text(&self) -> Option<String> {
        match self {
            Self::Ignored => None,
            Self::Field(field) => Some(field.to_string()),
            Self::Attribute(name) => Some(format!("{ATTRIBUTE}{name}")),
        }
    }
}

fn attribute_name(text: &str) -> Option<&str> {
    let name = text.get(ATTRIBUTE.len()..).filter(|_| text[..ATTRIBUTE.len()].eq_ignore_ascii_case(ATTRIBUTE))?.trim();
    (!name.is_empty()).then_some(name)
}

/// Refuses a mapping that names what is no field.
///
/// # Errors
/// `invalid` naming each header below `/mapping`.
pub fn check_mapping(mapping: &Mapping) -> Result<()> {
    let mut checker = crate::text::Checker::new();
    checker.max_items("/mapping", mapping.len(), MOST_COLUMNS);
    for (header, field) in mapping {
        let pointer = format!("/mapping/{}", pointer_part(header));
        let message =
            Message::new("imports-must-be-field").with("fields", Field::TEXTS.join(", ")).text(Language::English);
        checker.ensure(Target::parse(field).is_some(), &pointer, FieldCode::UnknownValue, &message);
    }
    checker.finish()
}

/// The most columns of a table.
pub const MOST_COLUMNS: usize = 500;

/// The columns of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Columns {
    headers: Vec<String>,
    targets: Vec<Target>,
}

impl Columns {
    /// What the columns under the headers hold: what the sender says of one, what was remembered, what it is called.
    ///
    /// # Errors
    /// `invalid` when a header stands twice where one is needed, or no column holds the SKU.
    pub fn find(headers: Vec<String>, format: ImportFormat, said: &Mapping, remembered: &Mapping) -> Result<Self> {
        if headers.len() > MOST_COLUMNS {
            let message = Message::new("imports-most-columns").with("most", MOST_COLUMNS).text(Language::English);
            return Err(Problem::invalid_field("", FieldCode::Range, message));
        }
        let missing: Vec<&str> = said.keys().filter(|header| !headers.contains(header)).map(String::as_str).collect();
        if !missing.is_empty() {
            let message =
                Message::new("imports-no-such-column").with("columns", missing.join(", ")).text(Language::English);
            return Err(Problem::invalid_field("/mapping", FieldCode::UnknownValue, message));
        }
        let explicit = |mapping: &Mapping, header: &String| mapping.get(header).and_then(|field| Target::parse(field));
        let mut targets: Vec<Option<Target>> = headers.iter().map(|header| explicit(said, header)).collect();
        let mut taken: BTreeMap<Field, usize> = BTreeMap::new();
        for (at, target) in targets.iter().enumerate() {
            let Some(Target::Field(field)) = target else { continue };
            if let Some(first) = taken.insert(*field, at).filter(|_| !field.takes_many()) {
                let message = Message::new("imports-field-twice")
                    .with("field", field.to_string())
                    .with("first", &headers[first])
                    .with("second", &headers[at])
                    .text(Language::English);
                return Err(Problem::invalid_field("/mapping", FieldCode::Contradiction, message));
            }
        }
        for (header, target) in headers.iter().zip(&mut targets).filter(|(_, target)| target.is_none()) {
            let guessed = explicit(remembered, header).unwrap_or_else(|| guess(header, format));
            // Of two columns that seem to be the same the first is taken; the other is shown as left out, and can be put right.
            *target = Some(match guessed {
                Target::Field(field) if taken.contains_key(&field) && !field.takes_many() => Target::Ignored,
                Target::Field(field) => {
                    taken.insert(field, 0);
                    Target::Field(field)
                }
                other => other,
            });
        }
        let targets: Vec<Target> = targets.into_iter().map(|target| target.unwrap_or(Target::Ignored)).collect();
        if !taken.contains_key(&Field::Sku) && !taken.contains_key(&Field::Listing) {
            return Err(Problem::invalid_field(
                "/mapping",
                FieldCode::Required,
                text(Language::English, "imports-no-sku-column"),
            ));
        }
        Ok(Self { headers, targets })
    }

    /// The headers, in their order.
    pub fn headers(&self) -> &[String] {
        &self.headers
    }

    /// The columns with what they hold.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Target)> {
        self.headers.iter().map(String::as_str).zip(&self.targets)
    }

    /// The columns as they are shown.
    pub fn views(&self) -> Vec<ColumnView> {
        self.iter().map(|(header, target)| ColumnView { header: header.to_owned(), field: target.text() }).collect()
    }

    /// The header of the column that holds what the pointer names, with its place; the field that the pointer is of, where no column does.
    pub fn at(&self, pointer: &str) -> (String, Option<usize>) {
        let by_attribute = |target: &Target| match target {
            Target::Attribute(name) => pointer == format!("/attributes/{}", pointer_part(name)),
            _ => false,
        };
        let field = field_at(pointer);
        let by_field = |target: &Target| matches!(target, Target::Field(known) if Some(*known) == field);
        let found = self.targets.iter().position(by_attribute).or_else(|| self.targets.iter().position(by_field));
        match (found, field) {
            (Some(at), _) => (self.headers[at].clone(), Some(at)),
            (None, Some(field)) => (field.to_string(), None),
            (None, None) => (pointer.to_owned(), None),
        }
    }
}

/// The field whose place in the JSON the pointer is at or in.
fn field_at(pointer: &str) -> Option<Field> {
    let is_in = |place: &str| pointer == place || pointer.strip_prefix(place).is_some_and(|rest| rest.starts_with('/'));
    let within = Field::ALL.iter().copied().filter(|field| !field.pointer().is_empty() && is_in(field.pointer()));
    within.max_by_key(|field| field.pointer().len()).or(match pointer {
        "/price" | "/price/min" => Some(Field::Price),
        "/price/max" => Some(Field::PriceMax),
        "/price/max/currency" => Some(Field::Currency),
        "/moq" => Some(Field::Moq),
        "/supply_per_month" => Some(Field::SupplyPerMonth),
        _ => None,
    })
}

/// The names of columns by field, a line each: the field and, behind tabs, what it is called in eight languages.
static NAMES: LazyLock<HashMap<String, Field>> = LazyLock::new(|| named(include_str!("headers.tsv")));
/// What Google Merchant calls them, where it says something else by the word.
static MERCHANT_NAMES: LazyLock<HashMap<String, Field>> = LazyLock::new(|| named(include_str!("merchant.tsv")));

fn named(table: &str) -> HashMap<String, Field> {
    let mut names = HashMap::new();
    for line in table.lines() {
        let mut words = line.split('\t');
        let Some(field) = words.next().and_then(Field::parse) else { continue };
        names.extend(words.map(|word| (key(word), field)));
    }
    names
}

/// A header as it is compared: letters and digits in lower case.
fn key(header: &str) -> String {
    // What stands in brackets says the unit or the form: "Price (USD)", "Lead time [days]".
    let head = header.split(['(', '[', '（']).next().filter(|head| !head.trim().is_empty()).unwrap_or(header);
    head.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn guess(header: &str, format: ImportFormat) -> Target {
    let plain = header.trim();
    if let Some(name) = attribute_name(plain) {
        return Target::Attribute(name.to_owned());
    }
    if ADDED.contains(&plain) {
        return Target::Ignored;
    }
    let key = key(plain);
    let merchant = (format == ImportFormat::Merchant).then(|| MERCHANT_NAMES.get(&key).copied()).flatten();
    let field = Field::parse(plain).or(merchant).or_else(|| NAMES.get(&key).copied());
    match (field, format) {
        (Some(field), _) => Target::Field(field),
        // What a shop's feed says of size and colour is what a listing has as attributes.
        (None, ImportFormat::Merchant) if MERCHANT_ATTRIBUTES.contains(&plain) => {
            Target::Attribute(plain.replace('_', " "))
        }
        _ => Target::Ignored,
    }
}

/// Columns of a Merchant feed that say a property of the goods.
const MERCHANT_ATTRIBUTES: &[&str] = &[
    "color",
    "size",
    "material",
    "pattern",
    "gender",
    "age_group",
    "size_type",
    "size_system",
    "condition",
    "product_length",
    "product_width",
    "product_height",
    "product_weight",
    "energy_efficiency_class",
];

#[cfg(test)]
mod tests {
    use super::*;

    fn mapping(pairs: &[(&str, &str)]) -> Mapping {
        pairs.iter().map(|(header, field)| ((*header).to_owned(), (*field).to_owned())).collect()
    }

    fn found(headers: &[&str], said: &[(&str, &str)], remembered: &[(&str, &str)]) -> Vec<String> {
        let headers = headers.iter().map(|header| (*header).to_owned()).collect();
        let columns = Columns::find(headers, ImportFormat::Csv, &mapping(said), &mapping(remembered)).unwrap();
        columns.iter().map(|(_, target)| target.text().unwrap_or_default()).collect()
    }

    #[test]
    fn headers_are_known_in_eight_languages() {
        for headers in [
            ["Item No.", "Product name", "Unit price (USD)", "Min. order quantity", "Country of origin"],
            ["货号", "产品名称", "单价", "最小起订量", "原产国"],
            ["Referencia", "Nombre del producto", "Precio unitario", "Pedido mínimo", "País de origen"],
            ["Référence", "Désignation", "Prix unitaire", "Quantité minimum", "Pays d'origine"],
            ["Artikelnummer", "Bezeichnung", "Einzelpreis", "Mindestbestellmenge", "Ursprungsland"],
            ["Código", "Nome do produto", "Preço unitário", "Pedido mínimo", "País de origem"],
            ["Codice articolo", "Nome prodotto", "Prezzo unitario", "Ordine minimo", "Paese di origine"],
            ["Артикул", "Наименование", "Цена", "Минимальный заказ", "Страна происхождения"],
        ] {
            assert_eq!(found(&headers, &[], &[]), ["sku", "name", "price", "moq", "origin_country"], "{headers:?}");
        }
    }

    #[test]
    fn what_is_said_goes_before_what_is_remembered_and_guessed() {
        assert_eq!(found(&["SKU", "Name", "Ref"], &[("Ref", "sku")], &[]), ["", "name", "sku"]);
        assert_eq!(
            found(&["SKU", "Title", "Farbe"], &[], &[("Farbe", "attribute:Colour")]),
            ["sku", "name", "attribute:Colour"]
        );
        assert_eq!(found(&["SKU", "Name"], &[("Name", "")], &[("Name", "brand")]), ["sku", ""]);
        assert_eq!(
            found(&["sku", "attribute:Grade", "error_code", "Internal cost"], &[], &[]),
            ["sku", "attribute:Grade", "", ""]
        );
        assert_eq!(found(&["sku", "Image", "Image"], &[], &[]), ["sku", "image_urls", "image_urls"]);
    }

    #[test]
    fn a_mapping_that_cannot_be_is_refused() {
        let find = |headers: &[&str], said: &[(&str, &str)]| {
            let headers = headers.iter().map(|header| (*header).to_owned()).collect();
            Columns::find(headers, ImportFormat::Csv, &mapping(said), &Mapping::new()).unwrap_err().fields[0].code
        };
        assert_eq!(find(&["Name"], &[]), FieldCode::Required);
        assert_eq!(find(&["SKU"], &[("Sku", "sku")]), FieldCode::UnknownValue);
        assert_eq!(find(&["A", "B"], &[("A", "sku"), ("B", "sku")]), FieldCode::Contradiction);
        assert!(check_mapping(&mapping(&[("A", "colour"), ("B", "sku"), ("C", ""), ("D", "attribute:x")])).is_err());
        assert!(check_mapping(&mapping(&[("B", "sku"), ("C", ""), ("D", "attribute:x")])).is_ok());
    }

    #[test]
    fn a_fault_finds_its_column() {
        let headers = ["No", "Name", "Price", "Cur", "attribute:Grade"].map(str::to_owned).to_vec();
        let said = mapping(&[("No", "sku"), ("Cur", "currency")]);
        let columns = Columns::find(headers, ImportFormat::Csv, &said, &Mapping::new()).unwrap();
        for (pointer, column, at) in [
            ("/sku", "No", Some(0)),
            ("/price/min/amount", "Price", Some(2)),
            ("/price", "Price", Some(2)),
            ("/price/max/currency", "Cur", Some(3)),
            ("/attributes/Grade", "attribute:Grade", Some(4)),
            ("/moq/unit", "moq_unit", None),
            ("/price/tiers/0/from", "price_tiers", None),
            ("/expires_on", "expires_on", None),
        ] {
            assert_eq!(columns.at(pointer), (column.to_owned(), at), "{pointer}");
        }
    }
}
