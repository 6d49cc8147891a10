//! How good matching is: the order of suppliers, whom it would notify, and the calibration of its probability.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::time::Instant;

use serde_json::{Map, Value};

use super::input::read_lines;
use super::metrics::{Figures, Judgements, figures, graded, mean, ratio};
use crate::app::App;
use crate::cli::print::print_line;
use crate::companies;
use crate::error::Result;
use crate::ids::{CompanyId, RfqId};
use crate::matching::candidates::{self, Among, MatchRequest, score_candidates};
use crate::matching::{Calibration, ScoredCandidate, probability};
use crate::rfqs::{Rfq, RfqFields, RfqState};
use crate::search::Query;

/// So many hits of a plain search are put together by supplier.
const PLAIN_HITS: usize = 400;
/// Steps of the fit; it is found long before.
const MOST_STEPS: usize = 100;

/// An RFQ with what was judged of it.
pub(super) struct Judged {
    id: String,
    fields: RfqFields,
}

/// Reads RFQs: a line of JSON each with `id` and the fields of an RFQ, or tab-separated lines of id and title.
pub(super) fn read(file: &Path) -> Result<Vec<Judged>> {
    let is_json = file.extension().is_some_and(|extension| extension == "ndjson");
    let judged = |line: &str| {
        if !is_json {
            let (id, title) = line.split_once('\t')?;
            let specification = Some(title.to_owned());
            return Some(Judged {
                id: id.to_owned(),
                fields: RfqFields { title: title.to_owned(), specification, ..RfqFields::default() },
            });
        }
        let mut members: Map<String, Value> = serde_json::from_str(line).ok()?;
        let id = members.remove("id")?.as_str()?.to_owned();
        Some(Judged { id, fields: serde_json::from_value(Value::Object(members)).ok()? })
    };
    read_lines(file, judged, "must be an RFQ with its id")
}

/// A supplier that was scored for an RFQ.
struct Ranked {
    name: String,
    score: f64,
    is_ruled_out: bool,
}

/// What matching answered to one RFQ.
struct Answered {
    id: String,
    suppliers: Vec<Ranked>,
    plain: Vec<String>,
}

/// Measures matching on the RFQs, and plain search beside it; `fit` finds the calibration.
pub(super) fn run(app: &App, rfqs: &[Judged], judgements: &Judgements, fit: bool) -> Result<()> {
    let limits = candidates::limits(app);
    let start = Instant::now();
    let answered: Vec<Answered> = rfqs.iter().map(|judged| answer(app, judged)).collect::<Result<_>>()?;
    let took = start.elapsed().as_micros() / u128::try_from(answered.len().max(1)).unwrap_or(1);
    let plain = |answered: &Answered| answered.plain.clone();
    let matched = |answered: &Answered| answered.suppliers.iter().map(|one| one.name.clone()).collect();
    print_order("plain search by supplier", &answered, judgements, &plain);
    print_order("matching", &answered, judgements, &matched);
    print_notified(&answered, judgements, |score| limits.probability(score), limits.notify_probability, limits.notify);
    print_line(&format!("{took} us for each RFQ"));
    if fit {
        let Calibration { at_zero, slope } = fitted(&answered, judgements, limits.calibration);
        print_line(&format!("[matching]\nlog_odds_at_zero = {at_zero:.2}\nlog_odds_slope = {slope:.2}"));
    }
    Ok(())
}

fn answer(app: &App, judged: &Judged) -> Result<Answered> {
    let rfq = rfq(judged.fields.clone(), app);
    let wanted = MatchRequest::of(&rfq, app.clock.today());
    let scored = score_candidates(app, &rfq, &wanted, Among::Eligible)?;
    let plain = plain(app, &judged.fields.title)?;
    let ids: Vec<i64> = scored.iter().map(|one| one.supplier.0).chain(plain.iter().copied()).collect();
    let names = app.db.read(|conn| companies::store::names(conn, &ids))?;
    let ranked = |one: &ScoredCandidate| {
        let name = names.get(&one.supplier.0)?.clone();
        Some(Ranked { name, score: one.breakdown.score, is_ruled_out: one.breakdown.is_ruled_out() })
    };
    Ok(Answered {
        id: judged.id.clone(),
        suppliers: scored.iter().filter_map(ranked).collect(),
        plain: plain.iter().filter_map(|id| names.get(id).cloned()).collect(),
    })
}

/// An RFQ of nobody, which is not stored.
fn rfq(fields: RfqFields, app: &App) -> Rfq {
    let now = app.clock.now();
    Rfq {
        id: RfqId(0),
        company: CompanyId(0),
        reference: None,
        state: RfqState::Open,
        closed_reason: None,
        split_award: false,
        fields,
        completeness: 0,
        max_quotes: 1,
        version: 1,
        created_at: now,
        updated_at: now,
        published_at: Some(now),
        deadline: None,
        matched_at: None,
        withdrawn_reason: None,
    }
}

/// The suppliers of a plain search for the title, by their best hit and how many they have.
fn plain(app: &App, title: &str) -> Result<Vec<i64>> {
    let answer = app.search.listings(&Query { limit: PLAIN_HITS, ..Query::text(title) })?;
    let mut best: HashMap<i64, (f64, f64)> = HashMap::new();
    for hit in &answer.hits {
        let (score, count) = best.entry(hit.company_id).or_insert((f64::from(hit.score), 0.0));
        *count += if f64::from(hit.score) >= *score / 2.0 { 1.0 } else { 0.0 };
    }
    let mut all: Vec<(i64, f64)> = best
        .into_iter()
        .map(|(company, (score, count))| (company, score * (1.0 + 0.1 * count.max(1.0).ln())))
        .collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    Ok(all.into_iter().map(|(company, _)| company).collect())
}

fn print_order(name: &str, answered: &[Answered], judgements: &Judgements, order: &dyn Fn(&Answered) -> Vec<String>) {
    let of = |one: &Answered| Some(figures(&order(one), &graded(judgements, &one.id)?));
    let all: Vec<Figures> = answered.iter().filter_map(of).collect();
    print_line(&format!(
        "{name:<26} n={} ndcg@10={:.4} mrr={:.4}",
        all.len(),
        mean(all.iter().map(|figures| figures.lin)),
        mean(all.iter().filter_map(|figures| figures.best.map(|best| best.1)))
    ));
}

/// Whom matching would notify: how many do not sell it, and who of those that do is missed.
fn print_notified(
    answered: &[Answered],
    judgements: &Judgements,
    probability: impl Fn(f64) -> f64,
    least: f64,
    most: usize,
) {
    let (mut told, mut wrong, mut fitting, mut reached) = (0, 0, 0, 0);
    let (mut with_fit, mut with_fit_told, mut without_fit, mut without_fit_told) = (0, 0, 0, 0);
    for one in answered {
        let fits: HashSet<&str> = fits(judgements, &one.id);
        let is_told = |supplier: &&Ranked| probability(supplier.score) >= least && !supplier.is_ruled_out;
        let notified: Vec<&Ranked> = one.suppliers.iter().filter(is_told).take(most).collect();
        let right = notified.iter().filter(|supplier| fits.contains(supplier.name.as_str())).count();
        told += notified.len();
        wrong += notified.len() - right;
        fitting += fits.len();
        reached += right;
        if fits.is_empty() {
            without_fit += 1;
            without_fit_told += usize::from(!notified.is_empty());
        } else {
            with_fit += 1;
            with_fit_told += usize::from(right > 0);
        }
    }
    print_line(&format!(
        "notified: {told}, {:.1} % of them wrong; fitting suppliers told: {:.1} %; RFQs that reached one: {:.1} % of {with_fit}; \
         RFQs for what nobody sells that notified: {without_fit_told} of {without_fit}",
        100.0 * ratio(wrong, told),
        100.0 * ratio(reached, fitting),
        100.0 * ratio(with_fit_told, with_fit)
    ));
}

fn fits<'j>(judgements: &'j Judgements, id: &str) -> HashSet<&'j str> {
    let graded = judgements.get(id).into_iter().flatten();
    graded.filter(|(_, grade)| **grade > 0.0).map(|(name, _)| name.as_str()).collect()
}

/// The calibration under which the judged suppliers are likeliest, by Newton's method from the one in force.
fn fitted(answered: &[Answered], judgements: &Judgements, from: Calibration) -> Calibration {
    let mut samples: Vec<(f64, f64)> = Vec::new();
    for one in answered {
        let fits = fits(judgements, &one.id);
        let is_fit = |supplier: &Ranked| if fits.contains(supplier.name.as_str()) { 1.0 } else { 0.0 };
        samples.extend(one.suppliers.iter().map(|supplier| (supplier.score, is_fit(supplier))));
    }
    let mut fit = from;
    for _ in 0..MOST_STEPS {
        let (mut gradient, mut hessian) = ([0.0; 2], [1e-6, 0.0, 1e-6]);
        for (score, is_fit) in &samples {
            let p = probability(*score, &fit);
            let (error, weight) = (is_fit - p, p * (1.0 - p));
            gradient = [gradient[0] + error, gradient[1] + error * score];
            hessian = [hessian[0] + weight, hessian[1] + weight * score, hessian[2] + weight * score * score];
        }
        let determinant = hessian[0] * hessian[2] - hessian[1] * hessian[1];
        let at_zero = (hessian[2] * gradient[0] - hessian[1] * gradient[1]) / determinant;
        let slope = (hessian[0] * gradient[1] - hessian[1] * gradient[0]) / determinant;
        fit =
            Calibration { at_zero: fit.at_zero + at_zero.clamp(-2.0, 2.0), slope: fit.slope + slope.clamp(-4.0, 4.0) };
        if at_zero.abs() + slope.abs() < 1e-6 {
            break;
        }
    }
    fit
}
