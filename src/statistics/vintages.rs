//! Vintages: what a release takes in since the one before, and which months it revises.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::suppression::SuppressionRule;
use super::{Contribution, Period};
use crate::customs::Direction;
use crate::ids::CompanyId;
use crate::partnerships::eligibility::TradeFact;

/// The companies that count as one, each with the first of them; one that is not there stands for itself.
pub type Owners = HashMap<CompanyId, CompanyId>;

/// The release in the making.
#[derive(Clone, Copy, Debug)]
pub struct Making {
    /// Its number.
    pub number: u32,
    /// The last month that it covers.
    pub covers: Period,
    /// The last month that the release before covers.
    pub covered: Option<Period>,
}

/// A month that a release revises.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
pub struct Revision {
    /// Exports or imports.
    pub flow: Direction,
    /// The month, `2026-09`.
    pub period: String,
}

/// What a release takes in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Intake {
    /// Every record that this release or an earlier one holds.
    pub contributions: Vec<Contribution>,
    /// Those that are new in this release.
    pub entered: Vec<Contribution>,
    /// Those that this release holds no longer: record, and the release that took it in.
    pub left: Vec<(i64, u32)>,
    /// The months of earlier releases that change.
    pub revised: Vec<Revision>,
}

/// The changes of one flow and month.
#[derive(Default)]
struct Changes {
    entering: Vec<Contribution>,
    leaving: Vec<usize>,
}

impl Contribution {
    /// A record that counts, as the release takes it in.
    pub fn of(fact: &TradeFact, release: u32) -> Self {
        use chrono::Datelike;
        Self {
            record: fact.record.0,
            flow: fact.direction,
            reporter: fact.reporter,
            partner: fact.partner,
            heading: fact.heading.clone(),
            year: fact.customs_date.year(),
            month: fact.customs_date.month(),
            value: fact.value,
            net_kg: fact.net_kg,
            supplier: fact.supplier,
            buyer: fact.buyer,
            entered: release,
            left: None,
        }
    }

    /// The same with the companies that one owner has as one.
    pub fn by_owner(&self, owners: &Owners) -> Self {
        let first = |company: CompanyId| owners.get(&company).copied().unwrap_or(company);
        Self { supplier: first(self.supplier), buyer: first(self.buyer), ..self.clone() }
    }

    fn is_same(&self, other: &Self) -> bool {
        Self { entered: other.entered, left: other.left, ..self.clone() } == *other
    }

    fn month(&self) -> Period {
        Period::Month(self.year, self.month)
    }
}

/// Takes in the records that count now, as of this release. What changed in a month that an earlier release covers waits until the changes themselves show no
/// company.
pub fn take_in(
    held: Vec<Contribution>,
    counting: &[Contribution],
    making: Making,
    rule: &SuppressionRule,
    owners: &Owners,
) -> Intake {
    let mut intake = Intake { contributions: held, ..Intake::default() };
    for ((flow, month), changes) in changes(&intake.contributions, counting, making) {
        let is_covered = making.covered.is_some_and(|covered| month <= covered);
        let changed = changes.leaving.iter().map(|place| &intake.contributions[*place]).chain(&changes.entering);
        let changed: Vec<Contribution> = changed.map(|one| one.by_owner(owners)).collect();
        if is_covered && shows_a_company(&changed, rule) {
            continue;
        }
        if is_covered {
            intake.revised.push(Revision { flow, period: month.to_string() });
        }
        for place in changes.leaving {
            let leaving = &mut intake.contributions[place];
            leaving.left = Some(making.number);
            intake.left.push((leaving.record, leaving.entered));
        }
        intake.entered.extend(changes.entering);
    }
    intake.contributions.extend(intake.entered.iter().cloned());
    intake
}

fn changes(held: &[Contribution], counting: &[Contribution], making: Making) -> BTreeMap<(Direction, Period), Changes> {
    let active = held.iter().enumerate().filter(|(_, one)| one.left.is_none());
    let mut active: BTreeMap<i64, usize> = active.map(|(place, one)| (one.record, place)).collect();
    let mut changes: BTreeMap<(Direction, Period), Changes> = BTreeMap::new();
    for new in counting {
        if new.month() > making.covers {
            continue;
        }
        if active.get(&new.record).is_some_and(|place| held[*place].is_same(new)) {
            active.remove(&new.record);
            continue;
        }
        changes.entry((new.flow, new.month())).or_default().entering.push(new.clone());
    }
    for place in active.into_values() {
        changes.entry((held[place].flow, held[place].month())).or_default().leaving.push(place);
    }
    changes
}

fn shows_a_company(changed: &[Contribution], rule: &SuppressionRule) -> bool {
    let measures: [fn(&Contribution) -> i64; 2] = [|one| one.value.0, |one| one.net_kg.0];
    let sides: [fn(&Contribution) -> i64; 2] = [|one| one.supplier.0, |one| one.buyer.0];
    measures.iter().any(|measure| {
        sides.iter().any(|side| rule.shows_one_of(changed.iter().map(|one| (side(one), i128::from(measure(one))))))
    })
}

/// Joins companies that one person owns or that name the same number, each group under the first of it.
pub fn owners_of(ties: Vec<(String, CompanyId)>) -> Owners {
    let mut first: Owners = HashMap::new();
    let mut held: HashMap<String, CompanyId> = HashMap::new();
    for (tie, company) in ties {
        let other = *held.entry(tie).or_insert(company);
        let (a, b) = (root(&first, company), root(&first, other));
        first.insert(a.max(b), a.min(b));
    }
    let companies: Vec<CompanyId> = first.keys().copied().collect();
    companies.into_iter().map(|company| (company, root(&first, company))).collect()
}

fn root(first: &Owners, company: CompanyId) -> CompanyId {
    match first.get(&company) {
        Some(other) if *other != company => root(first, *other),
        _ => company,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn companies_of_one_owner_or_number_are_one() {
        let tie = |name: &str, company| (name.to_owned(), CompanyId(company));
        let owners = owners_of(vec![
            tie("owner 1", 5),
            tie("owner 1", 3),
            tie("vat DE1", 3),
            tie("vat DE1", 9),
            tie("owner 2", 7),
            tie("owner 3", 7),
        ]);
        let first = |company| owners.get(&CompanyId(company)).copied().unwrap_or(CompanyId(company)).0;
        assert_eq!([3, 5, 9, 7, 8].map(first), [3, 3, 3, 7, 8]);
    }
}
