//! The items of an RFQ on pages: as rows of the form, pasted from a spreadsheet, and as a table to be read.

use serde_json::{Value, json};

use super::lines;
use crate::error::{FieldError, Problem};
use crate::formats::{PriceLine, hs_named, plain_quantity};
use crate::imports::rules::unit_code as unit_of_catalogues;
use crate::locale::{Language, Message, text};
use crate::rfqs::{MAX_ITEMS, RfqFields, RfqItem};
use crate::units::Unit;
use crate::web::input::FormData;
use crate::web::layout::Form;
use crate::wire;

/// The currency of all targets of the rows.
const CURRENCY: &str = "items_currency";
/// The field into which lines are pasted.
const PASTED: &str = "items_paste";
/// What the button sends that asks for rows and saves nothing.
const MORE: &str = "more_items";
/// So many empty rows stand below those that are filled.
const EMPTY_ROWS: usize = 3;
/// No form is read further: one row more than may be, so that it is refused and not lost.
const ROWS_READ: usize = MAX_ITEMS + 1;
/// The parts of a row, in the order of the columns of a pasted line; the number comes first in the form only.
const COLUMNS: [&str; 6] = ["title", "quantity", "unit", "hs_code", "target", "specification"];

/// A row of the form.
pub(super) struct ItemRow {
    /// `items.0`.
    pub name: String,
    /// `Item 1`, or `New item`.
    pub legend: String,
}

impl ItemRow {
    /// The name of a field of the row.
    pub fn part(&self, part: &str) -> String {
        format!("{}.{part}", self.name)
    }

    /// What a row has beside its fields: its number and its category.
    pub fn kept(&self, form: &Form) -> Vec<(String, String)> {
        let kept = ["item", "category"].map(|part| (self.part(part), form.part(&self.name, part).to_owned()));
        kept.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }
}

/// The rows of a form: those that are filled, and some that are not.
pub(super) fn rows(form: &Form) -> Vec<ItemRow> {
    let filled = (0..ROWS_READ).filter(|place| is_filled(&|name| !form.value(name).is_empty(), *place)).count();
    let shown = (filled + EMPTY_ROWS).clamp(filled, ROWS_READ);
    let row = |place: usize| {
        let name = format!("items.{place}");
        let legend = match form.part(&name, "item") {
            "" => Message::new("rfqs-item-new").with("place", place + 1),
            number => Message::new("rfqs-item-label").with("item", number),
        };
        ItemRow { legend: legend.text(Language::English), name }
    };
    (0..shown).map(row).collect()
}

/// Whether any row is filled.
pub(super) fn are_filled(form: &Form) -> bool {
    (0..ROWS_READ).any(|place| is_filled(&|name| !form.value(name).is_empty(), place))
}

fn is_filled(is_typed: &dyn Fn(&str) -> bool, place: usize) -> bool {
    COLUMNS.iter().any(|column| is_typed(&format!("items.{place}.{column}")))
}

/// Whether a form was sent to be shown with its pasted lines as rows, and not to be saved.
pub(super) fn asks_for_rows(sent: &FormData) -> bool {
    sent.text(MORE).is_some()
}

/// The form with what was pasted in rows of its own below those that are filled, without gaps between them.
pub(super) fn spread(sent: FormData) -> FormData {
    let is_typed = |name: &str| sent.text(name).is_some();
    let filled: Vec<usize> = (0..ROWS_READ).filter(|place| is_filled(&is_typed, *place)).collect();
    let mut rows: Vec<Vec<(&str, String)>> = filled.iter().map(|place| typed_row(&sent, *place)).collect();
    let mut lines: Vec<&str> =
        sent.text(PASTED).unwrap_or_default().lines().filter(|line| !line.trim().is_empty()).collect();
    if lines.first().is_some_and(|line| is_head(line)) {
        lines.remove(0);
    }
    let (taken, rest) = lines.split_at(lines.len().min(ROWS_READ.saturating_sub(rows.len())));
    rows.extend(taken.iter().map(|line| pasted_row(line)));
    // What is more than an RFQ takes stays where it was pasted, so that nothing is lost.
    let rest = rest.join("\n");
    let mut pairs: Vec<(String, String)> =
        sent.0.into_iter().filter(|(name, _)| name != PASTED && name != MORE && !name.starts_with("items.")).collect();
    for (place, row) in rows.into_iter().enumerate() {
        pairs.extend(row.into_iter().map(|(part, value)| (format!("items.{place}.{part}"), value)));
    }
    if !rest.is_empty() {
        pairs.push((PASTED.to_owned(), rest));
    }
    FormData(pairs)
}

fn typed_row(sent: &FormData, place: usize) -> Vec<(&'static str, String)> {
    let part = |part: &'static str| Some((part, sent.text(&format!("items.{place}.{part}"))?.to_owned()));
    ["item", "category"].into_iter().chain(COLUMNS).filter_map(part).collect()
}

/// A line of a spreadsheet, whose columns stand between tabs, or one that is typed with semicolons.
fn pasted_row(line: &str) -> Vec<(&'static str, String)> {
    let separator = if line.contains('\t') { '\t' } else { ';' };
    let texts = line.splitn(COLUMNS.len(), separator).map(str::trim);
    COLUMNS
        .into_iter()
        .zip(texts)
        .filter(|(_, text)| !text.is_empty())
        .map(|(part, text)| (part, text.to_owned()))
        .collect()
}

/// Whether a line names the columns and is no item: its quantity is no number, and its unit no unit.
fn is_head(line: &str) -> bool {
    let row = pasted_row(line);
    let of = |column: &str| row.iter().find(|(part, _)| *part == column).map(|(_, typed)| typed.as_str());
    let is_number = |typed: &str| typed.chars().any(char::is_numeric);
    matches!((of("quantity"), of("unit")), (Some(quantity), Some(unit))
        if !is_number(quantity) && unit_code(unit).parse::<Unit>().is_err())
}

/// The rows as items, each read by itself, so that what is wrong is named at every row.
pub(super) fn read(form: &FormData) -> (Vec<RfqItem>, Vec<FieldError>) {
    let (mut items, mut errors) = (Vec::new(), Vec::new());
    let is_typed = |name: &str| form.text(name).is_some();
    for place in (0..ROWS_READ).filter(|place| is_filled(&is_typed, *place)) {
        match wire::read_value::<RfqItem>(row_json(form, place), &[]) {
            Ok(item) => items.push(item),
            Err(problem) => errors.extend(at_fields(problem.below(&format!("/items/{place}"))).fields),
        }
    }
    (items, errors)
}

fn row_json(form: &FormData, place: usize) -> Value {
    let part = |part: &str| form.text(&format!("items.{place}.{part}"));
    let number = |text: &str| text.parse::<u32>().map_or_else(|_| Value::from(text), Value::from);
    let mut row = json!({
        "item": part("item").map(number),
        "title": part("title").unwrap_or_default(),
        "specification": part("specification"),
        "hs_code": part("hs_code"),
        "category": part("category"),
    });
    if let Some(value) = part("quantity") {
        row["quantity"] = json!({"value": value, "unit": part("unit").map_or(Unit::ONE.code().to_owned(), unit_code)});
    }
    if let Some(amount) = part("target") {
        row["target_price"] = json!({"amount": amount, "currency": form.text(CURRENCY)});
    }
    row
}

/// The code of a unit that is typed by its code, its name or its sign.
fn unit_code(typed: &str) -> String {
    let typed = typed.trim();
    let is_meant =
        |unit: &Unit| [unit.code(), unit.name(), unit.label()].iter().any(|known| known.eq_ignore_ascii_case(typed));
    // Signs first: `t` and `m` are signs of the trade, and codes of other things.
    let by_sign = Unit::all().find(|unit| unit.label() == typed);
    let known = by_sign.or_else(|| Unit::all().find(is_meant)).map(|unit| unit.code());
    known.or_else(|| unit_of_catalogues(typed)).unwrap_or(typed).to_owned()
}

/// How a unit stands in the form: by its sign, or by its code where another unit has the same sign.
fn unit_sign(unit: Unit) -> String {
    if unit_code(unit.label()) == unit.code() { unit.label().to_owned() } else { unit.code().to_owned() }
}

/// The mistakes at the fields that the form has: a quantity and its unit are two.
pub(super) fn at_fields(mut problem: Problem) -> Problem {
    for field in &mut problem.fields {
        let Some((place, rest)) = field.pointer.strip_prefix("/items/").and_then(|rest| rest.split_once('/')) else {
            continue;
        };
        let name = match rest {
            "quantity/unit" => "unit",
            "target_price/currency" | "target_price/amount" | "target_price" => "target",
            _ => rest.split('/').next().unwrap_or_default(),
        };
        field.pointer = format!("/items/{place}/{name}");
    }
    problem
}

/// What the RFQ says of its items, as it is typed.
pub(super) fn typed(fields: &RfqFields) -> Vec<(String, String)> {
    let mut values = Vec::new();
    let target = fields.items.iter().find_map(|item| item.target_price);
    values.extend(target.map(|price| (CURRENCY.to_owned(), price.currency.code().to_owned())));
    for (place, item) in fields.items.iter().enumerate() {
        let parts = [
            ("item", item.item.map(|number| number.to_string())),
            ("title", Some(item.title.clone())),
            ("quantity", item.quantity.map(|quantity| quantity.value.display(0))),
            ("unit", item.quantity.map(|quantity| unit_sign(quantity.unit))),
            ("hs_code", item.hs_code.as_ref().map(ToString::to_string)),
            ("category", item.category.clone()),
            ("target", item.target_price.map(|price| price.amount.display(2))),
            ("specification", item.specification.clone()),
        ];
        values.extend(parts.into_iter().filter_map(|(part, value)| Some((format!("items.{place}.{part}"), value?))));
    }
    values
}

/// The units that a row may have: their signs, to be offered while typing.
pub(super) fn unit_signs() -> Vec<String> {
    crate::web::layout::unit_options("")
        .into_iter()
        .filter_map(|(code, _)| code.parse::<Unit>().ok())
        .map(|unit| unit.label().to_owned())
        .collect()
}

/// An item as a row of a table that is read.
#[derive(Clone, Debug)]
pub struct RfqItemLine {
    /// Its number.
    pub number: u32,
    /// What is wanted.
    pub title: String,
    /// What it has to be like, beside what the RFQ says for all.
    pub specification: Vec<String>,
    /// How much is wanted.
    pub quantity: String,
    /// The HS code with what goods of it are called.
    pub hs: String,
    /// The price aimed at.
    pub target: String,
}

impl RfqItemLine {
    /// The items of the RFQ; none where it is for one kind of goods.
    pub fn all(fields: &RfqFields) -> Vec<Self> {
        fields.items.iter().map(Self::new).collect()
    }

    fn new(item: &RfqItem) -> Self {
        let unit = item.quantity.map(|quantity| quantity.unit);
        let untitled = || text(Language::English, "rfqs-item-untitled").to_owned();
        Self {
            number: item.number(),
            title: if item.title.is_empty() { untitled() } else { item.title.clone() },
            specification: item.specification.as_deref().map(lines).unwrap_or_default(),
            quantity: item.quantity.as_ref().map(plain_quantity).unwrap_or_default(),
            hs: item.hs_code.as_ref().map(|code| hs_named(code, Language::English)).unwrap_or_default(),
            target: item.target_price.map(|price| PriceLine::new(price, None, unit).money()).unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(pairs: &[(&str, &str)]) -> FormData {
        FormData(pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
    }

    #[test]
    fn pasted_lines_become_rows_below_those_that_are_filled() {
        let pasted = "Brass elbow; 500; pcs; 741220; 1.20; DN20; PN25\nCopper pipe\t2.5\tt\t741110\n\n";
        let sent = form(&[
            ("title", "Fittings"),
            ("items.2.title", "Tee"),
            ("items.2.quantity", "3"),
            ("items_paste", pasted),
        ]);
        let spread = spread(sent);
        assert_eq!(spread.text("items_paste"), None);
        assert_eq!(spread.text("items.0.title"), Some("Tee"));
        assert_eq!(spread.text("items.1.specification"), Some("DN20; PN25"));
        let form = FormData(spread.0.into_iter().chain([("items_currency".to_owned(), "USD".to_owned())]).collect());
        let (items, errors) = read(&form);
        assert_eq!(errors, []);
        let said: Vec<String> = items.iter().map(RfqItem::summary).collect();
        assert_eq!(said[0], "Tee, 3\u{a0}pcs");
        assert_eq!(said[1], "Brass elbow, 500\u{a0}pcs, HS\u{a0}7412.20, target USD 1.20 / pcs");
        assert_eq!(items[2].quantity.unwrap().unit.code(), "TNE");
    }

    #[test]
    fn line_that_names_the_columns_is_no_item() {
        let spread = spread(form(&[("items_paste", "Product\tQuantity\tUnit\nElbow\t5\tpcs")]));
        let titles: Vec<String> = read(&spread).0.into_iter().map(|item| item.title).collect();
        assert_eq!(titles, ["Elbow"]);
    }

    #[test]
    fn lines_beyond_the_rows_stay_where_they_were_pasted() {
        let lines: Vec<String> = (0..ROWS_READ + 2).map(|line| format!("Part {line}; 5; pcs")).collect();
        let spread = spread(form(&[("items_paste", &lines.join("\n"))]));
        assert_eq!(read(&spread).0.len(), ROWS_READ);
        assert_eq!(spread.text("items_paste"), Some("Part 51; 5; pcs\nPart 52; 5; pcs"));
    }

    #[test]
    fn what_is_wrong_is_named_at_its_row() {
        let sent = form(&[
            ("items.0.title", "Elbow"),
            ("items.0.quantity", "many"),
            ("items.0.unit", "pcs"),
            ("items.1.title", "Tee"),
            ("items.1.quantity", "5"),
            ("items.1.unit", "furlongs"),
            ("items.2.hs_code", "x"),
        ]);
        let (_, errors) = read(&sent);
        let pointers: Vec<&str> = errors.iter().map(|error| error.pointer.as_str()).collect();
        assert_eq!(pointers, ["/items/0/quantity", "/items/1/unit", "/items/2/hs_code"]);
    }
}
