//! A row of a file as a listing. What is wrong with a row is said with the column, the code and what would be right, all of it at once.

use serde_json::{Map, Value, json};

use super::amounts::{Amount, AmountFault, amount};
use super::columns::{Columns, Field, Target};
use super::units::unit_code;
use crate::companies::parse_certification_lines;
use crate::error::{FieldCode, FieldError, Problem};
use crate::imports::RowFault;
use crate::listings::ListingFields;
use crate::listings::fields::lines;
use crate::listings::intake::{self, Mending, Note};
use crate::locale::{Language, Message, text};
use crate::money::Currency;
use crate::reference::codes::Incoterm;
use crate::reference::countries;
use crate::units::Unit;
use crate::wire::lines::object;

/// So many characters of a cell are kept beside what is wrong with it.
const MOST_SHOWN: usize = 200;
/// What stands behind a number of days.
const DAYS: &[&str] = &[
    "d", "day", "days", "day(s)", "天", "日", "día", "días", "dias", "jour", "jours", "Tag", "Tage", "giorno",
    "giorni", "день", "дня", "дней",
];

/// A row that is a listing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Its fields, checked.
    pub fields: ListingFields,
    /// What was mended in it.
    pub notes: Vec<RowFault>,
}

/// A row that is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    /// Its SKU, as far as it has one.
    pub sku: Option<String>,
    /// What is wrong with it.
    pub faults: Vec<RowFault>,
}

/// The listing of a line of an NDJSON file.
///
/// # Errors
/// What is wrong with it.
pub fn listing_of_line(line: &[u8]) -> Result<Taken, Refusal> {
    let mut sku = None;
    let read = object(line).and_then(|mut members| {
        sku = members.get("sku").and_then(Value::as_str).map(|sku| sku.trim().to_owned()).filter(|sku| !sku.is_empty());
        // The operator's files name what a line is; of a company's own, each is a listing.
        if members.get("type").is_some_and(|kind| kind == "listing") {
            members.remove("type");
        }
        intake::read(members)
    });
    let value = |pointer: &str| {
        let line: Value = serde_json::from_slice(line).unwrap_or_default();
        line.pointer(pointer).map(shown_value).unwrap_or_default()
    };
    match read {
        Ok(taken) => {
            let notes =
                taken.notes.iter().map(|note| noted(note, note.pointer.clone(), value(&note.pointer))).collect();
            Ok(Taken { fields: taken.fields, notes })
        }
        Err(problem) => {
            let fault = |field: FieldError| fault(&field, field.pointer.clone(), value(&field.pointer));
            Err(Refusal { sku, faults: problem.fields.into_iter().map(fault).collect() })
        }
    }
}

fn shown_value(value: &Value) -> String {
    let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    shown(&text)
}

fn shown(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || *c == '\n').take(MOST_SHOWN).collect()
}

fn fault(error: &FieldError, column: String, value: String) -> RowFault {
    RowFault { column, code: error.code.as_str().to_owned(), value, message: error.message.clone() }
}

fn noted(note: &Note, column: String, value: String) -> RowFault {
    let message = note.mending.label(Language::English).to_owned();
    RowFault { column, code: note.mending.to_string(), value, message }
}

/// The listing of a row of a table.
///
/// # Errors
/// What is wrong with it.
pub fn listing_of_cells(columns: &Columns, cells: &[String]) -> Result<Taken, Refusal> {
    let whole = columns
        .iter()
        .zip(cells)
        .find(|((_, target), cell)| **target == Target::Field(Field::Listing) && !cell.trim().is_empty());
    if let Some((_, line)) = whole {
        return listing_of_line(line.as_bytes());
    }
    let row = Row::of(columns, cells);
    let sku = row.text(Field::Sku).map(str::to_owned);
    let at = |pointer: &str| {
        let (column, place) = columns.at(pointer);
        (column, place.and_then(|at| cells.get(at)).map(|cell| shown(cell.trim())).unwrap_or_default())
    };
    let to_fault = |error: &FieldError| {
        let (column, value) = at(&error.pointer);
        fault(error, column, value)
    };
    if let Some(error) = width_error(columns, cells) {
        return Err(Refusal { sku, faults: vec![fault(&error, String::new(), String::new())] });
    }
    let mut building = Building::default();
    building.add_all(&row);
    let Building { members, errors, notes } = building;
    match intake::read(members) {
        Ok(taken) if errors.is_empty() => {
            let to_note = |note: &Note| {
                let (column, value) = at(&note.pointer);
                noted(note, column, value)
            };
            let notes = notes.iter().chain(&taken.notes).map(to_note).collect();
            Ok(Taken { fields: taken.fields, notes })
        }
        Ok(_) => Err(Refusal { sku, faults: errors.iter().map(to_fault).collect() }),
        Err(Problem { fields, .. }) => {
            Err(Refusal { sku, faults: errors.iter().chain(&fields).map(to_fault).collect() })
        }
    }
}

/// A row with other cells than there are columns has slipped somewhere: what stands in it belongs to other columns.
fn width_error(columns: &Columns, cells: &[String]) -> Option<FieldError> {
    let wanted = columns.headers().len();
    let has_more = cells.len() > wanted && cells[wanted..].iter().any(|cell| !cell.trim().is_empty());
    if !has_more && cells.len() >= wanted {
        return None;
    }
    let message =
        Message::new("imports-cells").with("cells", cells.len()).with("columns", wanted).text(Language::English);
    Some(FieldError::new("", FieldCode::Format, message))
}

/// The cells of a row that are read, by what they hold.
struct Row<'r> {
    fields: Vec<(Field, &'r str)>,
    attributes: Vec<(&'r str, &'r str)>,
}

impl<'r> Row<'r> {
    fn of(columns: &'r Columns, cells: &'r [String]) -> Self {
        let mut row = Self { fields: Vec::new(), attributes: Vec::new() };
        for ((_, target), cell) in columns.iter().zip(cells) {
            let cell = cell.trim();
            match target {
                _ if cell.is_empty() => {}
                Target::Ignored => {}
                Target::Field(field) => row.fields.push((*field, cell)),
                Target::Attribute(name) => row.attributes.push((name, cell)),
            }
        }
        row
    }

    fn text(&self, field: Field) -> Option<&'r str> {
        self.fields.iter().find(|(known, _)| *known == field).map(|(_, cell)| *cell)
    }

    fn texts(&self, field: Field) -> impl Iterator<Item = &'r str> {
        self.fields.iter().filter(move |(known, _)| *known == field).map(|(_, cell)| *cell)
    }
}

/// A listing's JSON while it is put together.
#[derive(Default)]
struct Building {
    members: Map<String, Value>,
    errors: Vec<FieldError>,
    notes: Vec<Note>,
}

/// Fields whose cells are taken as they are.
const PLAIN: &[Field] = &[
    Field::Sku,
    Field::Name,
    Field::Description,
    Field::Brand,
    Field::Mpn,
    Field::Gtin,
    Field::HsCode,
    Field::Category,
    Field::Packaging,
];

impl Building {
    fn add_all(&mut self, row: &Row) {
        for field in PLAIN {
            self.put(field.as_str(), row.text(*field).map(Value::from));
        }
        self.put("language", row.text(Field::Language).map(|code| code.to_lowercase().into()));
        self.put("origin_country", row.text(Field::OriginCountry).map(|name| country_code(name).into()));
        self.put("expires_on", row.text(Field::ExpiresOn).map(|day| day_of(day).into()));
        self.put("lead_time_days", row.text(Field::LeadTimeDays).map(days_of));
        self.put("incoterms", row.text(Field::Incoterms).map(incoterms));
        self.put("payment_terms", row.text(Field::PaymentTerms).map(payment_terms));
        self.put("certifications", row.text(Field::Certifications).map(certifications));
        self.add_lists(row);
        let unit = self.add_price(row);
        self.add_quantity(row, Field::Moq, Field::MoqUnit, unit);
        self.add_quantity(row, Field::SupplyPerMonth, Field::SupplyUnit, unit);
    }

    fn put(&mut self, name: &str, value: Option<Value>) {
        if let Some(value) = value {
            self.members.insert(name.to_owned(), value);
        }
    }

    fn fail(&mut self, field: Field, code: FieldCode, message: impl Into<String>) {
        self.errors.push(FieldError::new(field.pointer(), code, message));
    }

    fn add_lists(&mut self, row: &Row) {
        for (field, read) in [(Field::ImageUrls, image_urls as fn(&str) -> Value), (Field::Keywords, keywords)] {
            let mut all = Vec::new();
            for cell in row.texts(field) {
                let Value::Array(items) = read(cell) else { continue };
                all.extend(items);
            }
            self.put(field.as_str(), (!all.is_empty()).then_some(Value::Array(all)));
        }
        let mut attributes = Map::new();
        for cell in row.texts(Field::Attributes) {
            let Value::Object(read) = attribute_cell(cell) else { continue };
            attributes.extend(read);
        }
        attributes.extend(row.attributes.iter().map(|(name, value)| ((*name).to_owned(), Value::from(*value))));
        self.put("attributes", (!attributes.is_empty()).then_some(Value::Object(attributes)));
    }

    /// Puts the price together; answers its unit.
    fn add_price(&mut self, row: &Row) -> Option<&'static str> {
        let parts = [Field::Price, Field::PriceMax, Field::PriceTiers];
        // A currency or a unit alone says no price; whole columns of them are usual.
        let has_price = parts.iter().any(|field| row.text(*field).is_some());
        let unit_cell = row.text(Field::PriceUnit);
        if !has_price {
            return unit_cell.and_then(unit_code);
        }
        let errors = self.errors.len();
        let mut said = Said::default();
        let min = row.text(Field::Price).and_then(|cell| self.money(Field::Price, cell, &mut said));
        let max = row.text(Field::PriceMax).and_then(|cell| self.money(Field::PriceMax, cell, &mut said));
        let tiers = self.tiers(row.text(Field::PriceTiers), &mut said);
        let currency = match (row.text(Field::Currency), said.currency) {
            (Some(column), Some(cell)) if currency_code(column) != Some(cell.clone()) => {
                let message = Message::new("imports-two-currencies").with("other", cell).text(Language::English);
                self.fail(Field::Currency, FieldCode::Contradiction, message);
                None
            }
            (Some(column), _) => Some(currency_code(column).unwrap_or_else(|| column.to_owned())),
            (None, cell) => cell,
        };
        let unit = self.unit(Field::PriceUnit, unit_cell, said.unit, None);
        if self.errors.len() > errors {
            return unit;
        }
        let money = |number: &str| json!({"amount": number, "currency": currency});
        let tiers: Vec<Value> =
            tiers.iter().map(|(from, number)| json!({"from": from, "amount": money(number)})).collect();
        let mut price = json!({"unit": unit, "tiers": tiers});
        for (name, number) in [("min", min), ("max", max)] {
            if let Some(number) = number {
                price[name] = money(&number);
            }
        }
        self.put("price", Some(price));
        unit
    }

    /// The number of a price, whose currency and unit are noted.
    fn money(&mut self, field: Field, cell: &str, said: &mut Said) -> Option<String> {
        let Amount { number, words } = self.amount(field, cell)?;
        for word in words {
            if let Some(currency) = currency_code(word) {
                said.currency = Some(currency);
            } else if let Some(unit) = unit_code(word) {
                said.unit = Some(unit);
            } else if word == "$" {
                // Twenty currencies are written so.
                self.fail(Field::Currency, FieldCode::Required, text(Language::English, "imports-which-dollar"));
                return None;
            } else {
                self.fail(field, FieldCode::Format, text(Language::English, "imports-must-be-amount"));
                return None;
            }
        }
        Some(number)
    }

    fn amount<'t>(&mut self, field: Field, cell: &'t str) -> Option<Amount<'t>> {
        match amount(cell) {
            Ok(amount) => return Some(amount),
            Err(AmountFault::Form) => {
                self.fail(field, FieldCode::Format, text(Language::English, "imports-must-be-amount"))
            }
            Err(AmountFault::Ambiguous) => {
                self.fail(field, FieldCode::Format, text(Language::English, "imports-ambiguous"))
            }
        }
        None
    }

    /// Prices by quantity: `500: 4.40`, one a line or between semicolons; or the JSON of a listing.
    fn tiers(&mut self, cell: Option<&str>, said: &mut Said) -> Vec<(String, String)> {
        let Some(cell) = cell else { return Vec::new() };
        let mut tiers = Vec::new();
        for line in cell.split(['\n', ';']).map(str::trim).filter(|line| !line.is_empty()) {
            let Some((from, price)) = line.split_once([':', '=']) else {
                self.fail(Field::PriceTiers, FieldCode::Format, text(Language::English, "imports-must-be-tiers"));
                return Vec::new();
            };
            let from = self.amount(Field::PriceTiers, from).map(|from| from.number);
            let price = self.money(Field::PriceTiers, price, said);
            tiers.extend(from.zip(price));
        }
        tiers
    }

    fn add_quantity(&mut self, row: &Row, field: Field, unit_field: Field, usual: Option<&'static str>) {
        let Some(cell) = row.text(field) else { return };
        let Some(Amount { number, words }) = self.amount(field, cell) else { return };
        let word = words.join(" ");
        // `500 sq m`: the words together, or none of them.
        let said = (!word.is_empty()).then(|| unit_code(&word));
        if said == Some(None) {
            self.fail(field, FieldCode::Format, text(Language::English, "imports-must-be-quantity"));
            return;
        }
        let errors = self.errors.len();
        let unit = self.unit(unit_field, row.text(unit_field), said.flatten(), usual);
        if self.errors.len() == errors {
            self.put(field.as_str(), Some(json!({"value": number, "unit": unit})));
        }
    }

    /// The unit: of its column, of the cell with the number, the one of the price, or the piece, which is noted.
    fn unit(
        &mut self,
        field: Field,
        column: Option<&str>,
        said: Option<&'static str>,
        usual: Option<&'static str>,
    ) -> Option<&'static str> {
        if let Some(column) = column {
            let code = unit_code(column);
            if code.is_none() {
                self.fail(field, FieldCode::UnknownValue, text(Language::English, "imports-must-be-unit"));
            }
            return code;
        }
        if let Some(code) = said.or(usual) {
            return Some(code);
        }
        self.notes.push(Note { pointer: field.pointer().to_owned(), mending: Mending::UnitAssumed });
        Some(Unit::ONE.code())
    }
}

/// What the cells of a price say besides their numbers.
#[derive(Default)]
struct Said {
    currency: Option<String>,
    unit: Option<&'static str>,
}

/// The code of a currency: its code, or a sign that only one currency has.
fn currency_code(text: &str) -> Option<String> {
    let code = match text.trim() {
        "€" => "EUR",
        "£" => "GBP",
        "US$" | "U$S" => "USD",
        "RMB" | "人民币" | "元" => "CNY",
        "₽" | "руб" | "руб." => "RUB",
        "R$" => "BRL",
        "zł" => "PLN",
        "₹" => "INR",
        other => other,
    };
    code.to_uppercase().parse::<Currency>().ok().map(|currency| currency.code().to_owned())
}

/// The country's code: as it is, of three letters, or by its English name.
fn country_code(name: &str) -> String {
    let upper = name.to_uppercase();
    let is_it = |row: &&countries::CountryInfo| row.alpha3 == upper || row.name.eq_ignore_ascii_case(name);
    countries::all().iter().find(is_it).map_or(upper, |row| row.alpha2.to_owned())
}

/// The day as `2027-03-31`, where it is written with the year first, or by dots, which always have the day first.
fn day_of(text: &str) -> String {
    let day = text.split(['T', ' ']).next().unwrap_or(text);
    let by_dots: Vec<&str> = day.split('.').collect();
    match by_dots.as_slice() {
        [day, month, year] if year.len() == 4 => format!("{year}-{month:0>2}-{day:0>2}"),
        _ => day.replace('/', "-"),
    }
}

fn days_of(cell: &str) -> Value {
    let number = amount(cell).ok().filter(|amount| amount.words.iter().all(|word| DAYS.contains(word)));
    number.and_then(|amount| amount.number.parse::<u16>().ok()).map_or_else(|| cell.into(), Value::from)
}

/// A cell that is JSON already, as an export writes lists that text would not bring back.
fn json_cell(cell: &str) -> Option<Value> {
    let is_json = cell.starts_with('[') || cell.starts_with('{');
    is_json.then(|| serde_json::from_str(cell).ok()).flatten()
}

fn pieces<'c>(cell: &'c str, ends: &'static [char]) -> impl Iterator<Item = &'c str> {
    cell.split(ends).map(str::trim).filter(|piece| !piece.is_empty())
}

pub(super) fn incoterms(cell: &str) -> Value {
    if let Some(json) = json_cell(cell) {
        return json;
    }
    let bare: Vec<&str> = pieces(cell, &[',', '/', ' ', ';', '\n']).collect();
    // A list of rules without places.
    if bare.iter().all(|word| Incoterm::parse(&word.to_uppercase()).is_some()) {
        return Value::Array(bare.into_iter().map(lines::incoterm).collect());
    }
    Value::Array(pieces(cell, &[';', '\n']).map(lines::incoterm).collect())
}

pub(super) fn payment_terms(cell: &str) -> Value {
    let term = |piece: &str| Value::from(piece.to_uppercase().replace([' ', '-'], "_"));
    json_cell(cell).unwrap_or_else(|| Value::Array(pieces(cell, &[',', ';', '\n']).map(term).collect()))
}

pub(super) fn certifications(cell: &str) -> Value {
    if let Some(json) = json_cell(cell) {
        return json;
    }
    if cell.contains(['\n', ';']) {
        return parse_certification_lines(cell);
    }
    Value::Array(pieces(cell, &[',']).map(|scheme| json!({"scheme": scheme})).collect())
}

pub(super) fn keywords(cell: &str) -> Value {
    json_cell(cell)
        .unwrap_or_else(|| Value::Array(pieces(cell, &[',', ';', '\n', '，', '、']).map(Value::from).collect()))
}

pub(super) fn image_urls(cell: &str) -> Value {
    if let Some(json) = json_cell(cell) {
        return json;
    }
    // A comma may stand in an address; before the next one it divides.
    let divided = cell.replace(",http", "\nhttp").replace(";http", "\nhttp");
    let addresses = divided.split(|c: char| c.is_whitespace() || c == '|');
    let addresses = addresses.map(|address| address.trim_matches([',', ';'])).filter(|address| !address.is_empty());
    Value::Array(addresses.map(Value::from).collect())
}

pub(super) fn attribute_cell(cell: &str) -> Value {
    if let Some(json) = json_cell(cell) {
        return json;
    }
    // On one line they stand between semicolons.
    let is_one_line = !cell.contains('\n') && cell.contains(';');
    if is_one_line { lines::attributes(&cell.replace(';', "\n").replace("\n ", "\n")) } else { lines::attributes(cell) }
}
