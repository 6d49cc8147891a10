//! The lattice of cells: which table a cell stands in, and which wider ones it is part of.

use super::{GroupBy, Key, Period};
use crate::customs::rules::PartyForm;

/// Of which trade a table is. Each has its own cells in every release, and no sum is over two of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Family {
    /// General trade between businesses.
    GeneralTrade,
    /// Retail of businesses to consumers.
    B2c,
    /// What consumers sell to consumers.
    C2c,
}

impl Family {
    /// All three.
    pub const ALL: [Family; 3] = [Family::GeneralTrade, Family::B2c, Family::C2c];

    /// The family of the form of parties.
    pub fn of(parties: PartyForm) -> Self {
        match parties {
            PartyForm::B2b => Self::GeneralTrade,
            PartyForm::B2c => Self::B2c,
            PartyForm::C2c => Self::C2c,
        }
    }

    /// The form of parties of the family.
    pub fn parties(self) -> PartyForm {
        match self {
            Self::GeneralTrade => PartyForm::B2b,
            Self::B2c => PartyForm::B2c,
            Self::C2c => PartyForm::C2c,
        }
    }

    fn prefix(self) -> &'static str {
        match self {
            // As tables were called before there was another family.
            Self::GeneralTrade => "",
            Self::B2c => "b2c/",
            Self::C2c => "c2c/",
        }
    }

    /// The name of its table of that group.
    pub fn table(self, group: &[GroupBy]) -> String {
        format!("{}{}", self.prefix(), table_name(group))
    }

    /// The family of a table by its name.
    pub fn of_table(name: &str) -> Self {
        let retail = [Self::B2c, Self::C2c];
        retail.into_iter().find(|family| name.starts_with(family.prefix())).unwrap_or(Self::GeneralTrade)
    }
}

/// The ways in which a cell can be part of a larger one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dimension {
    /// A country among all reporters.
    Reporter,
    /// A country among all partners.
    Partner,
    /// A heading in its chapter, a chapter among all goods.
    Hs,
    /// A month in its year.
    Period,
}

impl Dimension {
    /// All four.
    pub const ALL: [Dimension; 4] = [Dimension::Reporter, Dimension::Partner, Dimension::Hs, Dimension::Period];
}

impl Key {
    /// The cell that this one is part of along a dimension; `None` where it is whole already. A year is part of nothing: no table adds
    /// years up, so that years can be audited one by one.
    pub fn within(&self, dimension: Dimension) -> Option<Key> {
        let mut wider = self.clone();
        match dimension {
            Dimension::Reporter => drop(wider.reporter.take()?),
            Dimension::Partner => drop(wider.partner.take()?),
            Dimension::Hs => {
                wider.hs = self.hs.as_deref().map(|code| (code.len() == 4).then(|| code[..2].to_owned()))?;
            }
            Dimension::Period => {
                let Period::Month(year, _) = self.period else { return None };
                wider.period = Period::Year(year);
            }
        }
        Some(wider)
    }

    /// This cell and every one it is part of: 24 for a heading of one pair of countries in one month.
    pub fn and_wider(self) -> Vec<Key> {
        let mut keys = vec![self];
        for dimension in Dimension::ALL {
            let mut place = 0;
            while let Some(key) = keys.get(place) {
                keys.extend(key.within(dimension));
                place += 1;
            }
        }
        keys
    }

    /// How far it is from the total of its year: the steps of [`within`](Self::within).
    pub fn depth(&self) -> usize {
        let month = matches!(self.period, Period::Month(..));
        [self.reporter.is_some(), self.partner.is_some(), month].into_iter().filter(|named| *named).count()
            + self.hs.as_ref().map_or(0, |code| code.len() / 2)
    }

    /// What the table that it stands in is grouped by, without the flow.
    pub fn group(&self) -> Vec<GroupBy> {
        let hs = self.hs.as_ref().map(|code| if code.len() == 2 { GroupBy::Hs2 } else { GroupBy::Hs4 });
        let period = if matches!(self.period, Period::Month(..)) { GroupBy::Period } else { GroupBy::Year };
        let countries = [self.reporter.map(|_| GroupBy::Reporter), self.partner.map(|_| GroupBy::Partner)];
        countries.into_iter().flatten().chain(hs).chain([period]).collect()
    }
}

/// The group of the table that answers a question: the flow left out, headings before chapters, months before years, and years where no
/// period is asked for.
pub fn table_group(asked: &[GroupBy]) -> Vec<GroupBy> {
    let asks = |by: GroupBy| asked.contains(&by);
    let hs = [GroupBy::Hs4, GroupBy::Hs2].into_iter().find(|by| asks(*by));
    let period = if asks(GroupBy::Period) { GroupBy::Period } else { GroupBy::Year };
    let countries = [GroupBy::Reporter, GroupBy::Partner].into_iter().filter(|by| asks(*by));
    countries.chain(hs).chain([period]).collect()
}

/// The name of a table: its group, joined by commas.
pub fn table_name(group: &[GroupBy]) -> String {
    group.iter().map(|by| by.as_str()).collect::<Vec<_>>().join(",")
}

/// The tables of every release, by name: each choice of countries, goods and period, for both flows.
pub fn all_tables() -> Vec<String> {
    let mut tables = Vec::new();
    for countries in [&[][..], &[GroupBy::Reporter], &[GroupBy::Partner], &[GroupBy::Reporter, GroupBy::Partner]] {
        for hs in [&[][..], &[GroupBy::Hs2], &[GroupBy::Hs4]] {
            for period in [GroupBy::Period, GroupBy::Year] {
                tables.push(table_name(&[countries, hs, &[period]].concat()));
            }
        }
    }
    tables
}
