//! The Harmonized System: the 21 sections and 96 chapters with short labels of our own, and the reader of an imported nomenclature.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;
use utoipa::ToSchema;

use super::glossary;

/// A section of the HS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Section {
    /// Roman number, `I` to `XXI`.
    #[schema(value_type = String)]
    pub code: &'static str,
    /// Short label.
    #[schema(value_type = String)]
    pub label: &'static str,
    /// Its first chapter.
    #[schema(value_type = String)]
    pub first_chapter: &'static str,
    /// Its last chapter.
    #[schema(value_type = String)]
    pub last_chapter: &'static str,
}

/// A chapter of the HS.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Chapter {
    /// Two digits, `01` to `97` without `77`, which is reserved.
    #[schema(value_type = String)]
    pub code: &'static str,
    /// Short label.
    #[schema(value_type = String)]
    pub label: &'static str,
    /// The section it stands in.
    #[schema(value_type = String)]
    pub section: &'static str,
}

macro_rules! sections {
    ($($code:literal $label:literal $first:literal $last:literal),* $(,)?) => {
        [$(Section { code: $code, label: $label, first_chapter: $first, last_chapter: $last },)*]
    };
}

macro_rules! chapters {
    ($($section:literal: $($code:literal $label:literal),* ;)*) => {
        [$($(Chapter { code: $code, label: $label, section: $section },)*)*]
    };
}

static SECTIONS: [Section; 21] = sections![
    "I" "Animals and animal products" "01" "05",
    "II" "Plant products" "06" "14",
    "III" "Fats and oils" "15" "15",
    "IV" "Prepared food, drinks, tobacco" "16" "24",
    "V" "Minerals" "25" "27",
    "VI" "Chemicals" "28" "38",
    "VII" "Plastics and rubber" "39" "40",
    "VIII" "Hides and leather" "41" "43",
    "IX" "Wood" "44" "46",
    "X" "Pulp and paper" "47" "49",
    "XI" "Textiles" "50" "63",
    "XII" "Footwear, headgear" "64" "67",
    "XIII" "Stone, ceramics, glass" "68" "70",
    "XIV" "Pearls, precious stones and metals" "71" "71",
    "XV" "Base metals" "72" "83",
    "XVI" "Machinery" "84" "85",
    "XVII" "Transport" "86" "89",
    "XVIII" "Instruments" "90" "92",
    "XIX" "Arms" "93" "93",
    "XX" "Miscellaneous" "94" "96",
    "XXI" "Art" "97" "97",
];

#[rustfmt::skip]
static CHAPTERS: [Chapter; 96] = chapters![
    "I":
        "01" "Live animals", "02" "Meat", "03" "Fish and seafood", "04" "Dairy, eggs, honey",
        "05" "Other animal products";
    "II":
        "06" "Live plants, cut flowers", "07" "Vegetables", "08" "Fruit and nuts", "09" "Coffee, tea, spices",
        "10" "Grain", "11" "Flour, malt, starch", "12" "Oilseeds, medicinal plants, fodder",
        "13" "Gums, resins, plant extracts", "14" "Plaiting and other plant materials";
    "III":
        "15" "Animal, vegetable and microbial fats and oils";
    "IV":
        "16" "Prepared meat, fish, insects", "17" "Sugar and confectionery", "18" "Cocoa",
        "19" "Bakery, cereal and milk preparations", "20" "Prepared fruit and vegetables",
        "21" "Other food preparations", "22" "Drinks and vinegar", "23" "Food-industry residues, animal feed",
        "24" "Tobacco and nicotine products";
    "V":
        "25" "Salt, stone, cement", "26" "Ores, slag, ash", "27" "Mineral fuels and oils";
    "VI":
        "28" "Inorganic chemicals", "29" "Organic chemicals", "30" "Medicines", "31" "Fertilisers",
        "32" "Dyes, paints, inks", "33" "Perfumery and cosmetics", "34" "Soap, waxes, cleaners",
        "35" "Proteins, glues, enzymes", "36" "Explosives, matches", "37" "Photographic goods",
        "38" "Other chemical products";
    "VII":
        "39" "Plastics", "40" "Rubber";
    "VIII":
        "41" "Raw hides and leather", "42" "Leather goods, bags", "43" "Fur";
    "IX":
        "44" "Wood and charcoal", "45" "Cork", "46" "Basketware";
    "X":
        "47" "Pulp and waste paper", "48" "Paper and board", "49" "Printed matter";
    "XI":
        "50" "Silk", "51" "Wool and animal hair", "52" "Cotton", "53" "Other plant fibres",
        "54" "Man-made filaments", "55" "Man-made staple fibres", "56" "Wadding, nonwovens, rope", "57" "Carpets",
        "58" "Special fabrics, lace", "59" "Coated and technical fabrics", "60" "Knitted fabrics",
        "61" "Knitted clothing", "62" "Woven clothing", "63" "Made-up textiles, used clothing";
    "XII":
        "64" "Footwear", "65" "Headgear", "66" "Umbrellas, canes", "67" "Feathers, artificial flowers, hair goods";
    "XIII":
        "68" "Stone and cement articles", "69" "Ceramics", "70" "Glass";
    "XIV":
        "71" "Jewellery and precious metals";
    "XV":
        "72" "Iron and steel", "73" "Iron and steel articles", "74" "Copper", "75" "Nickel", "76" "Aluminium",
        "78" "Lead", "79" "Zinc", "80" "Tin", "81" "Other base metals", "82" "Tools and cutlery",
        "83" "Other metal articles";
    "XVI":
        "84" "Machinery and mechanical appliances", "85" "Electrical machinery and electronics";
    "XVII":
        "86" "Railway equipment", "87" "Road vehicles", "88" "Aircraft and spacecraft", "89" "Ships and boats";
    "XVIII":
        "90" "Optical, measuring, medical instruments", "91" "Clocks and watches", "92" "Musical instruments";
    "XIX":
        "93" "Arms and ammunition";
    "XX":
        "94" "Furniture, bedding, lamps, prefabricated buildings", "95" "Toys, games, sports goods",
        "96" "Other manufactured articles";
    "XXI":
        "97" "Works of art and antiques";
];

/// The 21 sections.
pub fn sections() -> &'static [Section] {
    &SECTIONS
}

/// The 96 chapters, in order.
pub fn chapters() -> &'static [Chapter] {
    &CHAPTERS
}

/// The chapter that a code of two or more digits stands in.
pub fn chapter(code: &str) -> Option<&'static Chapter> {
    let chapter = code.get(..2)?;
    CHAPTERS.binary_search_by_key(&chapter, |row| row.code).ok().and_then(|place| CHAPTERS.get(place))
}

/// The labels of sections and chapters in the languages of the glossary but English: the code, and a column for each.
const LABELS: &str = include_str!("hs_labels.tsv");
/// Digits of a heading.
const HEADING: usize = 4;

/// What goods of a section, chapter, heading or subheading are called in a language (ISO 639-1), for tables and filters; of a longer code what
/// the nearest above it is called. In English where the glossary does not have the language.
pub fn label(code: &str, language: &str) -> Option<&'static str> {
    let of = |language: &str| match code {
        _ if !code.starts_with(|c: char| c.is_ascii_digit()) => section_label(code, language),
        _ if code.len() < HEADING => chapter_label_in(code, language),
        _ => glossary::label(code, language).or_else(|| chapter_label_in(code, language)),
    };
    of(language).or_else(|| of("en"))
}

/// The label of this very section, chapter, heading or subheading; none where we have none in the language.
pub fn exact_label(code: &str, language: &str) -> Option<&'static str> {
    match code {
        _ if !code.starts_with(|c: char| c.is_ascii_digit()) => section_label(code, language),
        _ if code.len() < HEADING => chapter_label_in(code, language),
        _ => glossary::exact_label(code, language),
    }
}

fn section_label(code: &str, language: &str) -> Option<&'static str> {
    let section = SECTIONS.iter().find(|section| section.code == code)?;
    if language.starts_with("en") { Some(section.label) } else { translated(code, language) }
}

fn chapter_label_in(code: &str, language: &str) -> Option<&'static str> {
    let chapter = chapter(code)?;
    if language.starts_with("en") { Some(chapter.label) } else { translated(chapter.code, language) }
}

fn translated(code: &str, language: &str) -> Option<&'static str> {
    let mut columns = glossary::LANGUAGES.iter().filter(|known| **known != "en");
    let column = columns.position(|known| language.starts_with(known))?;
    let line = LABELS.lines().find(|line| line.split('\t').next() == Some(code))?;
    line.split('\t').nth(column + 1)
}

/// One line of an imported nomenclature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HsLine {
    /// 2, 4 or 6 digits; `99`, `9999` and `999999` stand for "not specified".
    pub code: String,
    /// The code one level up; none for a chapter.
    pub parent: Option<String>,
    /// Digits of the code: 2, 4 or 6.
    pub level: u8,
    /// The section's Roman number; none for the chapter of what is not specified.
    pub section: Option<String>,
    /// The description as the source gives it.
    pub description: String,
}

/// What is wrong with one line of a nomenclature file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HsFault {
    /// Line number in the file, from 1; the header is line 1.
    pub line: u64,
    /// The column at fault, or empty for the line as a whole.
    #[schema(value_type = String)]
    pub column: &'static str,
    /// What is wrong and what would be right.
    pub message: String,
}

/// A nomenclature: all chapters, headings and subheadings of one edition, by code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Nomenclature {
    /// The edition, as UN Comtrade names it: `H6` is HS 2022.
    pub edition: String,
    /// The lines, by code.
    pub lines: Vec<HsLine>,
}

/// How many lines a nomenclature has of each level. Sources differ by a few subheadings, so no number is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct HsCounts {
    /// Lines of two digits.
    pub chapters: usize,
    /// Lines of four digits.
    pub headings: usize,
    /// Lines of six digits.
    pub subheadings: usize,
}

const COLUMNS: [&str; 5] = ["section", "hscode", "description", "parent", "level"];
/// Faults that are reported of a file; one that is wrong throughout needs no more.
const MOST_FAULTS: usize = 100;

impl Nomenclature {
    /// Reads the CSV shape `section,hscode,description,parent,level` (UTF-8, with or without a byte order mark; a `TOTAL` line is left out).
    ///
    /// # Errors
    /// Every fault by line, at most 100: a missing column, a code that is none, a level that is not the code's length, a parent that is not
    /// the code's beginning or not in the file, a code given twice, an empty description.
    pub fn from_csv(edition: &str, data: &[u8]) -> Result<Self, Vec<HsFault>> {
        // Spreadsheets write this mark in front, and the first column's name would not be found behind it.
        let data = data.strip_prefix(b"\xef\xbb\xbf").unwrap_or(data);
        let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(data);
        let places = column_places(&mut reader).map_err(|fault| vec![fault])?;
        let mut faults = Vec::new();
        let mut lines = BTreeMap::new();
        for record in reader.records() {
            match read_line(record, places) {
                Ok(None) => {}
                Ok(Some((number, line))) => {
                    if let Some((earlier, _)) = lines.insert(line.code.clone(), (number, line)) {
                        faults.push(fault(number, "hscode", format!("stands on line {earlier} already")));
                    }
                }
                Err(fault) => faults.push(fault),
            }
        }
        check_parents(&lines, &mut faults);
        faults.sort_by_key(|fault| fault.line);
        // A file of another layout is wrong in every line; a hundred say so as well as five thousand.
        faults.truncate(MOST_FAULTS);
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Self { edition: edition.to_owned(), lines: lines.into_values().map(|(_, line)| line).collect() })
    }

    /// How many lines of each level there are.
    pub fn counts(&self) -> HsCounts {
        let of = |level| self.lines.iter().filter(|line| line.level == level).count();
        HsCounts { chapters: of(2), headings: of(4), subheadings: of(6) }
    }

    /// The line of a code; of a longer, national code the line of its first six digits.
    pub fn find(&self, code: &str) -> Option<&HsLine> {
        let code = code.get(..6).unwrap_or(code);
        self.lines.binary_search_by(|line| line.code.as_str().cmp(code)).ok().and_then(|place| self.lines.get(place))
    }
}

fn fault(line: u64, column: &'static str, message: impl Into<String>) -> HsFault {
    HsFault { line, column, message: message.into() }
}

fn column_places(reader: &mut csv::Reader<&[u8]>) -> Result<[usize; 5], HsFault> {
    let header = reader.headers().map_err(|error| fault(1, "", error.to_string()))?;
    let by_name: HashMap<&str, usize> = header.iter().enumerate().map(|(place, name)| (name.trim(), place)).collect();
    let mut places = [0; 5];
    for (place, column) in places.iter_mut().zip(COLUMNS) {
        *place = *by_name
            .get(column)
            .ok_or_else(|| fault(1, column, format!("is missing; the header must be {}", COLUMNS.join(","))))?;
    }
    Ok(places)
}

/// The line with its number in the file; `None` for the line of totals.
fn read_line(
    record: Result<csv::StringRecord, csv::Error>,
    places: [usize; 5],
) -> Result<Option<(u64, HsLine)>, HsFault> {
    let record = record.map_err(|error| {
        let number = error.position().map_or(0, csv::Position::line);
        fault(number, "", "is not text in UTF-8")
    })?;
    let number = record.position().map_or(0, csv::Position::line);
    let [section, code, description, parent, level] = places.map(|place| record.get(place).unwrap_or("").trim());
    if code == "TOTAL" {
        return Ok(None);
    }
    let digits =
        code_level(code).ok_or_else(|| fault(number, "hscode", format!("{code:?} is not 2, 4 or 6 digits")))?;
    if level.parse() != Ok(digits) {
        return Err(fault(number, "level", format!("must be {digits}, the length of {code}")));
    }
    if description.is_empty() {
        return Err(fault(number, "description", "is empty"));
    }
    let parent = read_parent(code, parent).map_err(|message| fault(number, "parent", message))?;
    let section = read_section(code, section).map_err(|message| fault(number, "section", message))?;
    Ok(Some((
        number,
        HsLine { code: code.to_owned(), parent, level: digits, section, description: description.to_owned() },
    )))
}

fn code_level(code: &str) -> Option<u8> {
    // Chapter 77 is reserved and has no goods; 99 is for national use and stands in the published file.
    let is_chapter = chapter(code).is_some() || code.starts_with("99");
    (is_chapter && code.bytes().all(|byte| byte.is_ascii_digit()) && matches!(code.len(), 2 | 4 | 6))
        .then_some(code.len())
        .and_then(|length| u8::try_from(length).ok())
}

fn read_parent(code: &str, parent: &str) -> Result<Option<String>, String> {
    let expected = &code[..code.len() - 2];
    match (expected, parent) {
        ("", "" | "TOTAL") => Ok(None),
        ("", _) => Err("of a chapter must be TOTAL or empty".to_owned()),
        _ if expected == parent => Ok(Some(parent.to_owned())),
        _ => Err(format!("must be {expected}, one level above {code}")),
    }
}

fn read_section(code: &str, section: &str) -> Result<Option<String>, String> {
    match chapter(code) {
        None => Ok(None),
        Some(row) if row.section == section => Ok(Some(section.to_owned())),
        Some(row) => Err(format!("must be {}, where chapter {} stands", row.section, row.code)),
    }
}

fn check_parents(lines: &BTreeMap<String, (u64, HsLine)>, faults: &mut Vec<HsFault>) {
    for (number, line) in lines.values() {
        if let Some(parent) = &line.parent
            && !lines.contains_key(parent)
        {
            faults.push(fault(*number, "parent", format!("{parent} is not in the file")));
        }
    }
}
