//! What the tables are made of: the records that count, and how many do not, by reason.

use std::collections::BTreeMap;

use crate::partnerships::eligibility::{
    Circumstances, CountedLines, ExclusionReason, TradeFact, eligibility, strongest_reference,
};
use crate::partnerships::{CustomsReference, Record};

/// The records that count and the number of those that do not, gathered record by record.
#[derive(Clone, Debug, Default)]
pub struct Partition {
    /// Those that count, oldest first.
    pub facts: Vec<TradeFact>,
    /// How many do not, by the first reason.
    pub excluded: BTreeMap<ExclusionReason, u32>,
    lines: CountedLines,
}

impl Partition {
    /// Puts the next record on its side. Records come oldest first: a line of a declaration counts for the oldest record that counts with it.
    pub fn add(&mut self, record: &Record, references: &[CustomsReference], circumstances: Circumstances<'_>) {
        match eligibility(record, references, &self.lines, circumstances) {
            Ok(fact) => {
                let line = strongest_reference(references).map(CustomsReference::line);
                line.into_iter().for_each(|line| self.lines.add(line, record.id));
                self.facts.push(fact);
            }
            Err(reason) => *self.excluded.entry(reason).or_default() += 1,
        }
    }
}
