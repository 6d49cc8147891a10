//! `tradepost evaluate`: how good search or matching is on judged data, beside tantivy's default parser and the product with
//! each of its stages switched off; matching beside plain search.
//!
//! Queries are lines of id and text, judgements lines of id, SKU (or supplier name, for `--kind match`) and grade, both with
//! tabs. What is measured is what is loaded.

mod folds;
mod input;
mod matching;
mod metrics;
mod noisy;

use std::path::PathBuf;
use std::time::Instant;

use clap::Args;

use self::input::{DEPTH, Ranked, loaded, read_judgements, read_tsv, skus_weighed};
use self::metrics::{Figures, Judgements, figures, graded, mean};
use super::options::Global;
use super::print::{print_line, print_status};
use crate::app::{App, IndexPlace};
use crate::clock::Clock;
use crate::error::{Problem, Result};
use crate::listings;
use crate::search::{Baseline, Stages, Texts, Weights};

/// What to measure, on which data.
#[derive(Args, Clone, Debug)]
pub struct Evaluate {
    /// Lines of query id and text, separated by a tab.
    #[arg(long)]
    queries: PathBuf,
    /// Lines of query id, SKU or supplier name, and grade, separated by tabs.
    #[arg(long)]
    judgements: PathBuf,
    /// Listings found by a query, or suppliers matched with an RFQ of that title.
    #[arg(long, value_enum, default_value = "search")]
    kind: Kind,
    /// Cuts the queries into so many folds, chooses stages and weights on all but one, and measures the choice on that one; with noisy
    /// queries made of what is loaded as a second set.
    #[arg(long, value_parser = clap::value_parser!(u8).range(2..=20))]
    folds: Option<u8>,
    /// With `--kind match`: find the calibration of the probability on these judgements.
    #[arg(long)]
    fit: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
enum Kind {
    Search,
    Match,
}

pub(super) fn run(global: &Global, evaluate: &Evaluate) -> Result<()> {
    let app = App::migrate_and_build(global.load("data")?, Clock::System, IndexPlace::DataFolder)?;
    let judgements = read_judgements(&evaluate.judgements)?;
    if evaluate.kind == Kind::Match {
        return matching::run(&app, &matching::read(&evaluate.queries)?, &judgements, evaluate.fit);
    }
    let queries = read_tsv::<2>(&evaluate.queries)?;
    if let Some(folds) = evaluate.folds {
        return folds::run(&app, &queries, &judgements, usize::from(folds));
    }
    let measure = |name: &str, rank: &dyn Fn(&str) -> Ranked| measure(name, &queries, &judgements, rank);
    print_status("indexing the same texts for tantivy's default parser");
    let baseline = baseline(&app)?;
    measure("tantivy's default parser", &|text| baseline.search(text, DEPTH))?;
    let rank = |stages: Stages| {
        let app = &app;
        move |text: &str| skus(app, text, stages.clone())
    };
    measure("product", &rank(Stages::default()))?;
    for (name, stages) in Stages::each_off() {
        measure(&format!("product without {name}"), &rank(stages))?;
    }
    Ok(())
}

fn skus(app: &App, text: &str, stages: Stages) -> Ranked {
    skus_weighed(app, text, stages, Weights::default())
}

fn baseline(app: &App) -> Result<Baseline> {
    let text = |text: Option<String>| text.unwrap_or_default();
    let texts = |fields: listings::ListingFields| {
        let attributes: Vec<String> = fields.attributes.iter().map(|(name, value)| format!("{name} {value}")).collect();
        let texts = [
            fields.name,
            text(fields.brand),
            text(fields.mpn),
            text(fields.description),
            attributes.join(" "),
            text(fields.gtin),
        ];
        (fields.sku, texts)
    };
    let all: Vec<(String, Texts)> = loaded(app)?.into_iter().map(texts).collect();
    Baseline::build(all.into_iter()).map_err(Problem::internal)
}

fn measure(name: &str, queries: &[[String; 2]], judgements: &Judgements, rank: &dyn Fn(&str) -> Ranked) -> Result<()> {
    let mut all: Vec<Figures> = Vec::new();
    let mut times_us: Vec<u128> = Vec::new();
    for [id, text] in queries {
        let Some(grades) = graded(judgements, id) else { continue };
        let start = Instant::now();
        let ranked = rank(text).map_err(Problem::internal)?;
        times_us.push(start.elapsed().as_micros());
        all.push(figures(&ranked, &grades));
    }
    times_us.sort_unstable();
    let at = |share: usize| times_us.get(times_us.len().saturating_sub(1) * share / 100).copied().unwrap_or(0);
    print_line(&format!(
        "{name:<32} n={} lin={:.4} cond={:.4} recall@100={:.4} mrr={:.4} p50={}us p99={}us",
        all.len(),
        mean(all.iter().map(|figures| figures.lin)),
        mean(all.iter().map(|figures| figures.cond)),
        mean(all.iter().filter_map(|figures| figures.best.map(|best| best.0))),
        mean(all.iter().filter_map(|figures| figures.best.map(|best| best.1))),
        at(50),
        at(99)
    ));
    Ok(())
}
