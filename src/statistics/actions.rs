//! Use cases of statistics: reading releases and their tables.

use std::fs::File;

use super::cube::table_group;
use super::retail::{RetailCell, RetailTable};
use super::store::CellFilter;
use super::table::{COLUMNS, Cell, Metadata, NUMBERS, ReleaseView, csv_row};
use super::{CountClass, Family, GroupBy, Period, Table, calendar, comtrade, jobs, sdmx, store};
use crate::app::App;
use crate::customs::rules::PartyForm;
use crate::error::{FieldCode, FieldError, Problem, Result};
use crate::locale::{Language, Message, text};
use crate::reference::codes::Country;
use crate::reference::{countries, hs};
use crate::spreadsheet::{Cell as Value, Spreadsheet};

const LANGUAGE: Language = Language::English;

/// The newest releases that a list shows: ten years of months.
const MOST_RELEASES: i64 = 120;

/// Which rows of which table of which release.
#[derive(Clone, Debug, Default)]
pub struct Question {
    /// The release; the newest where absent.
    pub release: Option<u32>,
    /// What the table is grouped by; what the filter names is added.
    pub group: Vec<GroupBy>,
    /// Which of its rows.
    pub filter: CellFilter,
}

impl Question {
    fn group(&self) -> Vec<GroupBy> {
        let filter = &self.filter;
        let mut group = self.group.clone();
        group.extend(filter.reporter.map(|_| GroupBy::Reporter));
        group.extend(filter.partner.map(|_| GroupBy::Partner));
        if let Some(code) = &filter.hs {
            group.retain(|by| ![GroupBy::Hs2, GroupBy::Hs4].contains(by));
            group.push(if code.len() == 2 { GroupBy::Hs2 } else { GroupBy::Hs4 });
        }
        if let Some(period) = filter.period.as_ref().and_then(|period| period.parse().ok()) {
            group.retain(|by| ![GroupBy::Period, GroupBy::Year].contains(by));
            group.push(if matches!(period, Period::Month(..)) { GroupBy::Period } else { GroupBy::Year });
        }
        table_group(&group)
    }
}

/// The releases, newest first.
pub fn list_releases(app: &App) -> Result<Vec<ReleaseView>> {
    app.db.read(|conn| store::list_releases(conn, MOST_RELEASES))
}

/// One release.
///
/// # Errors
/// `not_found`.
pub fn find_release(app: &App, number: u32) -> Result<ReleaseView> {
    app.db.read(|conn| store::find_release(conn, number))?.ok_or_else(|| Problem::not_found("release"))
}

/// The rows that the question asks for; none before the first release.
///
/// # Errors
/// `not_found` for a release that there is not.
pub fn table(app: &App, question: &Question) -> Result<Table> {
    let group = question.group();
    let release = release_of(app, question)?;
    let family = Family::GeneralTrade;
    let (rows, totals) = match &release {
        Some(release) => app.db.read(|conn| rows_and_totals(conn, family, release.number, &group, &question.filter))?,
        None => (Vec::new(), Vec::new()),
    };
    let group = shown_group(group);
    Ok(Table {
        in_preparation: in_preparation(app, release.as_ref()),
        group,
        rows,
        totals,
        counted: release.as_ref().map_or(CountClass::Zero, |release| release.counted),
        not_counted: release.as_ref().map(|release| release.not_counted.clone()).unwrap_or_default(),
        release: release.as_ref().map(|release| release.number),
        hash: release.as_ref().map(|release| release.hash.clone()),
        metadata: match release {
            Some(release) => release.metadata,
            None => Metadata::new(&jobs::rule(app), app.clock.now()),
        },
    })
}

fn release_of(app: &App, question: &Question) -> Result<Option<ReleaseView>> {
    match question.release {
        Some(number) => find_release(app, number).map(Some),
        None => Ok(app.db.read(|conn| store::list_releases(conn, 1))?.pop()),
    }
}

fn shown_group(group: Vec<GroupBy>) -> Vec<GroupBy> {
    let mut group: Vec<GroupBy> = std::iter::once(GroupBy::Flow).chain(group).collect();
    group.sort();
    group
}

/// The rows of retail that the question asks for, of one form of the parties or of both; none before the first release.
///
/// # Errors
/// `not_found` for a release that there is not.
pub fn retail_table(app: &App, question: &Question, parties: Option<PartyForm>) -> Result<RetailTable> {
    let group = question.group();
    let release = release_of(app, question)?;
    let is_asked = |family: &Family| parties.is_none_or(|parties| Family::of(parties) == *family);
    let (mut rows, mut totals) = (Vec::new(), Vec::new());
    if let Some(release) = &release {
        for family in [Family::B2c, Family::C2c].into_iter().filter(is_asked) {
            let found = app.db.read(|conn| rows_and_totals(conn, family, release.number, &group, &question.filter))?;
            rows.extend(found.0.into_iter().map(|cell| RetailCell::new(family, cell)));
            totals.extend(found.1.into_iter().map(|cell| RetailCell::new(family, cell)));
        }
    }
    Ok(RetailTable {
        in_preparation: in_preparation(app, release.as_ref()),
        group: shown_group(group),
        rows,
        totals,
        release: release.as_ref().map(|release| release.number),
        hash: release.as_ref().map(|release| release.hash.clone()),
        counted: release.as_ref().map(|release| release.retail.clone()).unwrap_or_default(),
        not_counted: release.as_ref().map(|release| release.retail_not_counted.clone()).unwrap_or_default(),
        metadata: match release {
            Some(release) => release.metadata,
            None => Metadata::new(&jobs::rule(app), app.clock.now()),
        }
        .of_retail(),
    })
}

fn rows_and_totals(
    conn: &mut crate::store::Conn,
    family: Family,
    release: u32,
    group: &[GroupBy],
    filter: &CellFilter,
) -> Result<(Vec<Cell>, Vec<Cell>)> {
    let name = family.table(group);
    let rows = store::list_cells(conn, release, &name, filter)?;
    let by_reporter: &[GroupBy] = if group.contains(&GroupBy::Reporter) { &[GroupBy::Reporter] } else { &[] };
    let name = family.table(&table_group(by_reporter));
    let filter = CellFilter { flow: filter.flow, reporter: filter.reporter, ..CellFilter::default() };
    let totals = store::list_cells(conn, release, &name, &filter)?;
    Ok((rows, totals))
}

/// The first month that no release covers.
fn in_preparation(app: &App, newest: Option<&ReleaseView>) -> String {
    let covered = newest.and_then(|release| release.covers.parse().ok());
    let current = Period::month_of(app.clock.today());
    let next = match covered {
        Some(Period::Month(year, 12)) => Period::Month(year + 1, 1),
        Some(Period::Month(year, month)) => Period::Month(year, month + 1),
        _ => calendar::last_closed(app.clock.today()),
    };
    next.min(current).to_string()
}

/// The same rows in the 47 columns of UN Comtrade, each of one reporter.
///
/// # Errors
/// `not_found` for a release that there is not.
pub fn comtrade(app: &App, question: &Question) -> Result<String> {
    let group = [question.group.clone(), vec![GroupBy::Reporter]].concat();
    let table = table(app, &Question { group, ..question.clone() })?;
    let country_code = |country: &Country| countries::find(*country).and_then(|info| info.comtrade).unwrap_or(0);
    let commodity = |code: &str| hs::label(code, "en").unwrap_or_default().to_owned();
    comtrade::to_csv(&table.rows, &comtrade::Names { country_code: &country_code, commodity: &commodity })
}

/// The same rows as SDMX-CSV.
///
/// # Errors
/// `not_found` for a release that there is not.
pub fn sdmx(app: &App, question: &Question) -> Result<String> {
    let table = table(app, question)?;
    sdmx::to_csv(table.cells())
}

/// The same rows as a workbook: the table with its totals, what was not counted, and how to read it.
///
/// # Errors
/// `not_found` for a release that there is not.
pub fn workbook(app: &App, question: &Question) -> Result<File> {
    let table = table(app, question)?;
    let mut book = Spreadsheet::new(table.metadata.as_of);
    book.begin(text(LANGUAGE, "statistics-title"), &COLUMNS)?;
    for cell in table.cells() {
        let row = csv_row(cell).into_iter().enumerate();
        let cells = row.map(|(at, text)| if NUMBERS.contains(&at) { Value::Number(text) } else { Value::Text(text) });
        book.row(&cells.collect::<Vec<_>>())?;
    }
    let [reason, records] = ["statistics-reason", "statistics-records"].map(|key| text(LANGUAGE, key));
    book.begin(text(LANGUAGE, "statistics-excluded"), &[reason, records])?;
    for excluded in &table.not_counted {
        book.row(&[excluded.sentence.as_str().into(), excluded.records.to_string().into()])?;
    }
    let [about, field, words] =
        ["statistics-file-about", "statistics-file-field", "statistics-file-text"].map(|key| text(LANGUAGE, key));
    book.begin(about, &[field, words])?;
    let release = table.release.map(|number| (text(LANGUAGE, "statistics-release"), number.to_string()));
    for (name, words) in release.into_iter().chain(table.metadata.named()) {
        book.row(&[name.into(), words.into()])?;
    }
    book.finish()
}

/// The groups of a parameter like `hs2,partner,flow,period`.
pub fn parse_group(text: &str) -> Result<Vec<GroupBy>> {
    let mut group = Vec::new();
    for name in text.split(',').map(str::trim).filter(|name| !name.is_empty()) {
        let by = name.parse::<GroupBy>().map_err(|error| {
            Problem::invalid(vec![FieldError::new(
                "/group",
                FieldCode::UnknownValue,
                Message::new("statistics-group-separated").with("error", error.to_string()).text(Language::English),
            )])
        })?;
        group.push(by);
    }
    Ok(group)
}
