//! Scores as they are shown: shares with four decimals that sum to the score as printed, or in percent of it.

use super::{Gap, Reason};

/// Ten-thousandths in 1.
const STEPS: f64 = 10_000.0;

/// A score or share with four decimals.
pub fn rounded(value: f64) -> f64 {
    (value * STEPS).round() / STEPS
}

/// Reasons and gaps with four decimals each. What rounding leaves over goes to the largest reason, so that they sum to the rounded score;
/// a reason that rounds to nothing is left out.
pub fn evidence(score: f64, reasons: &[Reason], gaps: &[Gap]) -> (Vec<Reason>, Vec<Gap>) {
    let gaps: Vec<(i64, &Gap)> = gaps.iter().map(|gap| (steps(gap.share), gap)).collect();
    let mut left = steps(score) - gaps.iter().map(|(share, _)| share).sum::<i64>();
    let mut displayed: Vec<(i64, &Reason)> = Vec::new();
    for reason in reasons {
        let share = steps(reason.share);
        left -= share;
        if share > 0 {
            displayed.push((share, reason));
        }
    }
    if let Some(largest) = displayed.first_mut() {
        largest.0 += left;
    }
    let reason = |(share, reason): (i64, &Reason)| Reason { share: from_steps(share), ..reason.clone() };
    let gap = |(share, gap): (i64, &Gap)| Gap { share: from_steps(share), ..gap.clone() };
    (displayed.into_iter().map(reason).collect(), gaps.into_iter().map(gap).collect())
}

/// The share as whole percent of the score, 0 to 100.
pub fn percent(share: f64, score: f64) -> u8 {
    if score <= 0.0 {
        return 0;
    }
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 100 by the clamp")]
    let percent = (share / score * 100.0).round().clamp(0.0, 100.0) as u8;
    percent
}

fn steps(value: f64) -> i64 {
    #[expect(clippy::cast_possible_truncation, reason = "scores and shares lie between 0 and 1")]
    let steps = (value * STEPS).round() as i64;
    steps
}

fn from_steps(steps: i64) -> f64 {
    f64::from(i32::try_from(steps).unwrap_or(0)) / STEPS
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::ReasonKind;

    #[test]
    fn printed_shares_sum_to_the_printed_score() {
        for shares in [[0.41234, 0.22345, 0.00004], [0.333_333, 0.333_333, 0.333_333], [0.59996, 0.00005, 0.00005]] {
            let all: Vec<Reason> = shares
                .iter()
                .map(|share| Reason { kind: ReasonKind::Terms, detail: String::new(), share: *share })
                .collect();
            let score: f64 = shares.iter().sum();
            let sum: i64 = evidence(score, &all, &[]).0.iter().map(|reason| steps(reason.share)).sum();
            assert_eq!(sum, steps(rounded(score)));
        }
        assert_eq!(percent(0.2, 0.0), 0);
        assert_eq!(percent(0.5, 0.5), 100);
    }
}
