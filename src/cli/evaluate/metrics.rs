//! The measures of ranked lists on judged data: nDCG@10 in two readings, Recall@100, MRR.

use std::collections::HashMap;

/// Query id -> what was judged -> its grade.
pub(super) type Judgements = HashMap<String, HashMap<String, f64>>;

/// The figures of one query; recall and reciprocal rank only where something has the highest grade.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Figures {
    /// nDCG@10 where what nobody judged counts as wrong.
    pub lin: f64,
    /// nDCG@10 where what nobody judged is left out of the list.
    pub cond: f64,
    /// How much of the best is among the first hundred, and one over the place of the first of them.
    pub best: Option<(f64, f64)>,
}

/// The grades of a query between 0 and 1, or `None` when nothing relevant was judged.
pub(super) fn graded(judgements: &Judgements, query: &str) -> Option<HashMap<String, f64>> {
    let top = judgements.values().flat_map(HashMap::values).copied().fold(0.0, f64::max);
    let grades: HashMap<String, f64> =
        judgements.get(query)?.iter().map(|(name, grade)| (name.clone(), grade / top)).collect();
    grades.values().any(|grade| *grade > 0.0).then_some(grades)
}

/// The figures of a ranked list.
pub(super) fn figures(ranked: &[String], grades: &HashMap<String, f64>) -> Figures {
    let grade = |name: &String| grades.get(name).copied();
    let lin = ndcg(ranked.iter().map(|name| grade(name).unwrap_or(0.0)), grades);
    let cond = ndcg(ranked.iter().filter_map(grade), grades);
    Figures { lin, cond, best: best(ranked, grades) }
}

fn best(ranked: &[String], grades: &HashMap<String, f64>) -> Option<(f64, f64)> {
    let is_best = |name: &String| grades.get(name).is_some_and(|grade| *grade >= 1.0);
    let all = grades.values().filter(|grade| **grade >= 1.0).count();
    let found = ranked.iter().take(100).filter(|name| is_best(name)).count();
    let first = ranked.iter().take(100).position(is_best);
    (all > 0).then(|| (ratio(found, all), first.map_or(0.0, |place| 1.0 / as_f64(place + 1))))
}

fn ndcg(gains: impl Iterator<Item = f64>, grades: &HashMap<String, f64>) -> f64 {
    let mut ideal: Vec<f64> = grades.values().copied().collect();
    ideal.sort_by(|a, b| b.total_cmp(a));
    dcg(gains.take(10)) / dcg(ideal.into_iter().take(10))
}

fn dcg(gains: impl Iterator<Item = f64>) -> f64 {
    gains.enumerate().map(|(place, gain)| gain / as_f64(place + 2).log2()).sum()
}

/// The mean; 0 of nothing.
pub(super) fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, count) = values.fold((0.0, 0), |(sum, count), value| (sum + value, count + 1));
    if count == 0 { 0.0 } else { sum / as_f64(count) }
}

/// A part of a whole; 0 of nothing.
pub(super) fn ratio(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { as_f64(part) / as_f64(whole) }
}

#[expect(clippy::cast_precision_loss, reason = "places and counts of a list are small")]
fn as_f64(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn the_ideal_order_is_one_and_the_unjudged_count_only_in_lin() {
        let grades = HashMap::from([("a".to_owned(), 1.0), ("b".to_owned(), 0.5)]);
        let ideal = figures(&list(&["a", "b"]), &grades);
        assert!((ideal.lin - 1.0).abs() < 1e-9 && (ideal.cond - 1.0).abs() < 1e-9);
        assert_eq!(ideal.best, Some((1.0, 1.0)));
        let late = figures(&list(&["x", "a", "b"]), &grades);
        assert!(late.lin < 1.0 && (late.cond - 1.0).abs() < 1e-9);
        assert_eq!(late.best, Some((1.0, 0.5)));
    }

    #[test]
    fn a_query_without_anything_relevant_is_left_out() {
        let judgements = HashMap::from([("q".to_owned(), HashMap::from([("a".to_owned(), 0.0)]))]);
        assert!(graded(&judgements, "q").is_none() && graded(&judgements, "r").is_none());
    }
}
