//! The documents that the indexes take, as the features hand them over, and their common inner form.

use serde_json::Value;

use super::Kind;
use super::dims::{Dim, category_path};
use crate::reference::hs;

/// A published listing. Texts as written; codes in their canonical form; money and quantities in micro-units.
#[derive(Clone, Debug, Default)]
pub struct ListingDoc {
    /// The listing's id.
    pub id: i64,
    /// The seller's id.
    pub company_id: i64,
    /// The seller's stock number.
    pub sku: String,
    /// What it is called.
    pub name: String,
    /// The description, plain text.
    pub description: String,
    /// The brand.
    pub brand: String,
    /// The maker's part number or model name.
    pub mpn: String,
    /// 8, 12, 13 or 14 digits, or empty.
    pub gtin: String,
    /// 2 to 10 digits, or empty.
    pub hs_code: String,
    /// `A / B / C`, or empty.
    pub category: String,
    /// Names and values.
    pub attributes: Vec<(String, String)>,
    /// Further words the seller wants to be found by.
    pub keywords: Vec<String>,
    /// ISO 639-1 of the text, or empty when unknown.
    pub language: String,
    /// ISO 3166 alpha-2, or empty.
    pub origin_country: String,
    /// The seller's name.
    pub company_name: String,
    /// The seller's country.
    pub company_country: String,
    /// The seller's form.
    pub company_form: String,
    /// The seller's verification.
    pub company_verification: String,
    /// How much that verification counts, 0 (none) to 10.
    pub verification_rank: u8,
    /// Schemes.
    pub certifications: Vec<String>,
    /// Incoterms rules.
    pub incoterms: Vec<String>,
    /// ISO 4217 of the prices, or empty.
    pub currency: String,
    /// The lowest price per unit.
    pub price_min_micros: Option<i64>,
    /// The highest price per unit; the lowest when absent.
    pub price_max_micros: Option<i64>,
    /// The smallest order.
    pub moq_micros: Option<i64>,
    /// Days from order to dispatch.
    pub lead_time_days: Option<i64>,
    /// Milliseconds since 1970.
    pub published_at_ms: i64,
    /// The answer's element as it is given out; an object. The search adds `score` and `highlight`.
    pub hit: Value,
}

/// A company that is shown publicly.
#[derive(Clone, Debug, Default)]
pub struct CompanyDoc {
    /// The company's id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Names it also trades under, its legal name and its brands.
    pub trade_names: Vec<String>,
    /// ISO 3166 alpha-2.
    pub country: String,
    /// Its form.
    pub form: String,
    /// Its verification.
    pub verification: String,
    /// How much that verification counts, 0 (none) to 10.
    pub verification_rank: u8,
    /// What it says of itself, plain text.
    pub profile: String,
    /// Schemes of its certifications.
    pub certifications: Vec<String>,
    /// Countries it sells to.
    pub markets: Vec<String>,
    /// ISO 639-1 of the languages spoken; the first is taken for the profile's.
    pub languages: Vec<String>,
    /// Identifiers that it shows publicly and may be found by, exactly.
    pub identifiers: Vec<String>,
    /// Milliseconds since 1970.
    pub registered_at_ms: i64,
    /// The answer's element as it is given out; an object.
    pub hit: Value,
}

/// An open RFQ that its owner shows.
#[derive(Clone, Debug, Default)]
pub struct RfqDoc {
    /// The RFQ's id.
    pub id: i64,
    /// The buyer's id; 0 when the buyer is not shown.
    pub company_id: i64,
    /// What is wanted.
    pub title: String,
    /// Its specification, plain text.
    pub specification: String,
    /// 2 to 10 digits, or empty.
    pub hs_code: String,
    /// `A / B / C`, or empty.
    pub category: String,
    /// What its items are called, where it is for several.
    pub item_titles: Vec<String>,
    /// The HS codes of its items.
    pub item_codes: Vec<String>,
    /// The categories of its items.
    pub item_categories: Vec<String>,
    /// The quantity in micro-units.
    pub quantity_micros: Option<i64>,
    /// ISO 4217 of the target price, or empty.
    pub currency: String,
    /// The target price per unit.
    pub target_price_micros: Option<i64>,
    /// ISO 3166 alpha-2.
    pub destination_country: String,
    /// The Incoterms rule, or empty.
    pub incoterm: String,
    /// Schemes that a supplier must hold.
    pub required_certifications: Vec<String>,
    /// ISO 639-1 of the text, or empty.
    pub language: String,
    /// The last moment for quotes in milliseconds since 1970.
    pub deadline_ms: Option<i64>,
    /// Milliseconds since 1970.
    pub published_at_ms: i64,
    /// The answer's element as it is given out; an object.
    pub hit: Value,
}

/// One change of an index.
#[derive(Clone, Debug)]
pub enum Change {
    /// Puts a listing in the place of an earlier one with its id.
    Listing(Box<ListingDoc>),
    /// Puts a company in the place of an earlier one.
    Company(Box<CompanyDoc>),
    /// Puts an RFQ in the place of an earlier one.
    Rfq(Box<RfqDoc>),
    /// Takes a listing out; nothing happens when it is not there.
    RemoveListing(i64),
    /// Takes a company out (its listings are not touched).
    RemoveCompany(i64),
    /// Takes an RFQ out.
    RemoveRfq(i64),
}

/// What a change does to the index of its kind.
pub(super) enum Step {
    /// Puts an entry in the place of an earlier one with its id.
    Put(Box<Entry>),
    /// Takes the one with this id out.
    Remove(i64),
}

impl Change {
    pub(super) fn into_step(self) -> (Kind, Step) {
        match self {
            Self::Listing(doc) => (Kind::Listing, Step::Put(Box::new((*doc).into()))),
            Self::Company(doc) => (Kind::Company, Step::Put(Box::new((*doc).into()))),
            Self::Rfq(doc) => (Kind::Rfq, Step::Put(Box::new((*doc).into()))),
            Self::RemoveListing(id) => (Kind::Listing, Step::Remove(id)),
            Self::RemoveCompany(id) => (Kind::Company, Step::Remove(id)),
            Self::RemoveRfq(id) => (Kind::Rfq, Step::Remove(id)),
        }
    }
}

/// What every kind is turned into before it is indexed.
#[derive(Debug, Default, Hash)]
pub(super) struct Entry {
    pub id: i64,
    pub language: String,
    pub name: String,
    pub brand: Vec<String>,
    pub model: Vec<String>,
    pub class: Vec<String>,
    pub attributes: Vec<(String, String)>,
    pub body: String,
    pub company_name: String,
    pub codes: Vec<String>,
    pub gtin: String,
    /// One code, or several with spaces between.
    pub hs_code: String,
    pub dims: Vec<(Dim, String)>,
    pub numbers: [Option<i64>; 7],
    pub rank: u8,
    pub hit: String,
}

fn category_dims(category: &str) -> Vec<(Dim, String)> {
    let path = category_path(category);
    let ends = path.match_indices(" / ").map(|(at, _)| at).chain([path.len()]);
    ends.map(|end| (Dim::Category, path[..end].to_owned())).collect()
}

fn many(dim: Dim, values: &[String]) -> impl Iterator<Item = (Dim, String)> + '_ {
    values.iter().map(move |value| (dim, value.clone()))
}

/// The chapter, and the tree from section to subheading.
fn hs_dims(hs_code: &str) -> Vec<(Dim, String)> {
    let digits: String = hs_code.chars().filter(char::is_ascii_digit).collect();
    let chapter = digits.get(..2).unwrap_or_default().to_owned();
    let section = hs::chapter(&digits).map(|chapter| (Dim::Hs, chapter.section.to_owned()));
    let levels = [2, 4, 6].into_iter().filter_map(|length| digits.get(..length));
    let levels = levels.map(|code| (Dim::Hs, code.to_owned()));
    std::iter::once((Dim::HsChapter, chapter)).chain(section).chain(levels).collect()
}

impl From<ListingDoc> for Entry {
    fn from(d: ListingDoc) -> Self {
        let mut dims = vec![
            (Dim::Country, d.company_country),
            (Dim::Origin, d.origin_country),
            (Dim::Form, d.company_form),
            (Dim::Verification, d.company_verification),
            (Dim::Currency, d.currency),
            (Dim::Language, d.language.clone()),
            (Dim::Company, d.company_id.to_string()),
        ];
        dims.extend(hs_dims(&d.hs_code));
        dims.extend(many(Dim::Certification, &d.certifications));
        dims.extend(many(Dim::Incoterm, &d.incoterms));
        dims.extend(category_dims(&d.category));
        let mut class = vec![d.category];
        class.extend(d.keywords);
        Self {
            id: d.id,
            language: d.language,
            codes: vec![d.sku, d.mpn.clone(), format!("{} {}", d.brand, d.mpn), d.name.clone()],
            name: d.name,
            brand: vec![d.brand],
            model: vec![d.mpn],
            class,
            attributes: d.attributes,
            body: d.description,
            company_name: d.company_name,
            gtin: d.gtin,
            hs_code: d.hs_code,
            dims,
            numbers: [
                Some(d.company_id),
                d.price_min_micros,
                d.price_max_micros.or(d.price_min_micros),
                d.moq_micros,
                d.lead_time_days,
                Some(d.published_at_ms),
                None,
            ],
            rank: d.verification_rank,
            hit: d.hit.to_string(),
        }
    }
}

impl From<CompanyDoc> for Entry {
    fn from(d: CompanyDoc) -> Self {
        let mut dims = vec![
            (Dim::Country, d.country),
            (Dim::Form, d.form),
            (Dim::Verification, d.verification),
            (Dim::Company, d.id.to_string()),
        ];
        dims.extend(many(Dim::Certification, &d.certifications));
        dims.extend(many(Dim::Market, &d.markets));
        dims.extend(many(Dim::Language, &d.languages));
        let mut codes = d.identifiers;
        codes.push(d.name.clone());
        Self {
            id: d.id,
            language: d.languages.first().cloned().unwrap_or_default(),
            name: d.name,
            brand: d.trade_names,
            body: d.profile,
            codes,
            dims,
            numbers: [Some(d.id), None, None, None, None, Some(d.registered_at_ms), None],
            rank: d.verification_rank,
            hit: d.hit.to_string(),
            ..Self::default()
        }
    }
}

impl From<RfqDoc> for Entry {
    fn from(d: RfqDoc) -> Self {
        let mut dims = vec![
            (Dim::Country, d.destination_country),
            (Dim::Incoterm, d.incoterm),
            (Dim::Currency, d.currency),
            (Dim::Language, d.language.clone()),
            (Dim::Company, if d.company_id == 0 { String::new() } else { d.company_id.to_string() }),
        ];
        dims.extend(hs_dims(&d.hs_code));
        dims.extend(many(Dim::Certification, &d.required_certifications));
        dims.extend(category_dims(&d.category));
        let of_items = d.item_codes.iter().flat_map(|code| hs_dims(code));
        let of_items = of_items.chain(d.item_categories.iter().flat_map(|category| category_dims(category)));
        for class in of_items {
            // Items of one chapter are one RFQ of that chapter.
            if !dims.contains(&class) {
                dims.push(class);
            }
        }
        let mut class = vec![d.category];
        class.extend(d.item_titles);
        class.extend(d.item_categories);
        let codes: Vec<&str> = std::iter::once(&d.hs_code)
            .chain(&d.item_codes)
            .map(String::as_str)
            .filter(|code| !code.is_empty())
            .collect();
        let hs_code = codes.join(" ");
        Self {
            id: d.id,
            language: d.language,
            codes: vec![d.title.clone()],
            name: d.title,
            class,
            body: d.specification,
            hs_code,
            dims,
            numbers: [
                Some(d.company_id),
                d.target_price_micros,
                d.target_price_micros,
                d.quantity_micros,
                None,
                Some(d.published_at_ms),
                d.deadline_ms,
            ],
            hit: d.hit.to_string(),
            ..Self::default()
        }
    }
}
