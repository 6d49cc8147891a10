//! Cross-fitting: what is chosen on some queries is measured on others, so that a stage or a weight that only fits the queries it was chosen
//! on is seen as that.

use super::input::{loaded, skus_weighed};
use super::metrics::{Judgements, figures, graded, mean};
use super::noisy;
use crate::app::App;
use crate::cli::print::print_line;
use crate::error::{Problem, Result};
use crate::search::{Stages, Weights};

/// How many noisy queries are made.
const NOISY: usize = 300;
/// How often a difference is drawn again.
const DRAWS: usize = 2_000;

/// A way to run the search.
struct Setting {
    name: String,
    stages: Stages,
    weights: Weights,
}

/// The two figures of a query: lin and cond.
type Pair = [f64; 2];

pub(super) fn run(app: &App, queries: &[[String; 2]], judgements: &Judgements, folds: usize) -> Result<()> {
    let names: Vec<(String, String)> = loaded(app)?.into_iter().map(|fields| (fields.sku, fields.name)).collect();
    let noisy = noisy::queries(&names, NOISY);
    let only = |key: &str| Judgements::from([(key.to_owned(), [(key.to_owned(), 1.0)].into())]);
    let settings = settings();
    let mut judged: Vec<Vec<Pair>> = Vec::new();
    let mut made: Vec<Vec<Pair>> = Vec::new();
    for setting in &settings {
        let of =
            |id: &str, text: &str, judgements: &Judgements| measured(app, setting, id, text, judgements).transpose();
        judged.push(queries.iter().filter_map(|[id, text]| of(id, text, judgements)).collect::<Result<_>>()?);
        let of_noisy = |query: &noisy::NoisyQuery| of(&query.key, &query.text, &only(&query.key));
        made.push(noisy.iter().filter_map(of_noisy).collect::<Result<_>>()?);
    }
    for (set, rows) in [("judged", &judged), ("noisy", &made)] {
        report(set, &settings, rows, folds);
    }
    Ok(())
}

fn measured(app: &App, setting: &Setting, id: &str, text: &str, judgements: &Judgements) -> Result<Option<Pair>> {
    let Some(grades) = graded(judgements, id) else { return Ok(None) };
    let ranked = skus_weighed(app, text, setting.stages.clone(), setting.weights.clone()).map_err(Problem::internal)?;
    let figures = figures(&ranked, &grades);
    Ok(Some([figures.lin, figures.cond]))
}

/// The product as it is, without each stage, and with weights beside its own.
fn settings() -> Vec<Setting> {
    let own = |name: String, stages: Stages| Setting { name, stages, weights: Weights::default() };
    let without = Stages::each_off().into_iter().map(|(name, stages)| own(format!("without {name}"), stages));
    let other =
        Weights::variants().into_iter().map(|(name, weights)| Setting { weights, ..own(name, Stages::default()) });
    [own("product".to_owned(), Stages::default())].into_iter().chain(without).chain(other).collect()
}

/// Which fold a query is in.
fn fold(query: usize, folds: usize) -> usize {
    query % folds
}

fn report(set: &str, settings: &[Setting], rows: &[Vec<Pair>], folds: usize) {
    for (setting, own) in settings.iter().zip(rows) {
        let [lin, cond] = [0, 1].map(|figure| spread(own, figure, folds));
        let p = [0, 1].map(|figure| {
            p_value(&own.iter().zip(&rows[0]).map(|(own, product)| own[figure] - product[figure]).collect::<Vec<_>>())
        });
        print_line(&format!(
            "{set:<7} {:<28} n={} lin={:.4}+-{:.4} cond={:.4}+-{:.4} p={:.3}/{:.3}",
            setting.name,
            own.len(),
            lin.0,
            lin.1,
            cond.0,
            cond.1,
            p[0],
            p[1]
        ));
    }
    let chosen: Vec<(usize, usize)> = (0..folds).map(|left_out| (left_out, choose(rows, left_out, folds))).collect();
    let own: Vec<Pair> = chosen.iter().flat_map(|(left_out, best)| in_fold(&rows[*best], *left_out, folds)).collect();
    let names: Vec<&str> = chosen.iter().map(|(_, best)| settings[*best].name.as_str()).collect();
    let of = |figure: usize| mean(own.iter().map(|pair| pair[figure]));
    print_line(&format!(
        "{set:<7} chosen on the other folds: lin={:.4} cond={:.4} ({})",
        of(0),
        of(1),
        names.join(", ")
    ));
}

/// The setting that is best on all folds but one, by the sum of both figures; of equals the first, which is the product.
fn choose(rows: &[Vec<Pair>], left_out: usize, folds: usize) -> usize {
    let sum = |own: &Vec<Pair>| {
        let others = own.iter().enumerate().filter(|(query, _)| fold(*query, folds) != left_out);
        mean(others.map(|(_, pair)| pair[0] + pair[1]))
    };
    let mut best = (0, f64::MIN);
    for (at, own) in rows.iter().enumerate() {
        let sum = sum(own);
        if sum > best.1 + 1e-9 {
            best = (at, sum);
        }
    }
    best.0
}

fn in_fold(own: &[Pair], wanted: usize, folds: usize) -> Vec<Pair> {
    own.iter().enumerate().filter(|(query, _)| fold(*query, folds) == wanted).map(|(_, pair)| *pair).collect()
}

/// The mean over all queries, and the standard deviation of the folds' means.
fn spread(own: &[Pair], figure: usize, folds: usize) -> (f64, f64) {
    let means: Vec<f64> = (0..folds).map(|at| mean(in_fold(own, at, folds).iter().map(|pair| pair[figure]))).collect();
    let middle = mean(means.iter().copied());
    let variance = mean(means.iter().map(|value| (value - middle).powi(2)));
    (mean(own.iter().map(|pair| pair[figure])), variance.sqrt())
}

/// How likely a mean difference like this one is if there is none: a paired bootstrap, two-sided. 1 where nothing differs.
fn p_value(differences: &[f64]) -> f64 {
    if differences.iter().all(|difference| difference.abs() < 1e-12) {
        return 1.0;
    }
    let mut random = noisy::Random(7);
    let mut below = 0_u32;
    for _ in 0..DRAWS {
        let drawn = mean((0..differences.len()).map(|_| differences[random.below(differences.len())]));
        below += u32::from(drawn <= 0.0);
    }
    let share = f64::from(below) / 2_000.0;
    (2.0 * share.min(1.0 - share)).clamp(1.0 / 2_000.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn choice_is_made_on_the_other_folds() {
        // The second setting is better in the fold of the first query only.
        let rows =
            vec![vec![[0.5, 0.5]; 6], vec![[1.0, 1.0], [0.4, 0.4], [0.4, 0.4], [1.0, 1.0], [0.4, 0.4], [0.4, 0.4]]];
        assert_eq!([0, 1, 2].map(|left_out| choose(&rows, left_out, 3)), [0, 1, 1]);
        let (all, deviation) = spread(&rows[1], 0, 3);
        assert!((all - 0.6).abs() < 1e-9 && (deviation - 0.2828).abs() < 1e-3, "{all} {deviation}");
    }

    #[test]
    fn chance_is_told_from_a_difference() {
        assert!((p_value(&[0.0; 20]) - 1.0).abs() < 1e-9);
        assert!(p_value(&[0.1; 20]) < 0.01);
        let noise: Vec<f64> = (0..40).map(|at| if at % 2 == 0 { 0.1 } else { -0.1 }).collect();
        assert!(p_value(&noise) > 0.2);
    }
}
