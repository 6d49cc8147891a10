//! Disclosure: what a reader can work out from all published sums together, though from no single one of them.
//!
//! The unknowns are columns: groups of records that the same sums contain. A reader knows each published sum exactly (rounding only helps)
//! and that no column is negative. A hidden sum is safe when two other worlds fit everything that is published, one with it at least p %
//! larger and one at least p % smaller. Such a pair of worlds is made here, so the proof needs no trust in a solver: every column changes by
//! the share `t` of its own amount, at most by all of it, and `t` is the part of the hidden sum's own direction that leaves every published sum
//! as it is (its projection). Adding and subtracting it gives the two worlds.

/// A column whose change is below this share counts as unable to change.
const ZERO: f64 = 1e-9;
/// Columns of one or two companies are tied together when less than this is left of their freedom.
const TIED: f64 = 1e-7;

/// A sum of parts of columns: `(column, amount)`.
pub type Amounts = Vec<(usize, f64)>;

/// Everything that follows from the sums that were learnt, as an orthonormal basis over the columns.
#[derive(Clone, Debug, Default)]
pub struct Knowledge {
    basis: Vec<Vec<f64>>,
    columns: usize,
}

impl Knowledge {
    /// Nothing is known of so many columns.
    pub fn of(columns: usize) -> Self {
        Self { basis: Vec::new(), columns }
    }

    /// What the sum says beyond what is known, as a direction of length one; `None` where it follows already.
    pub fn news(&self, sum: &Amounts) -> Option<Vec<f64>> {
        let mut direction = self.dense(sum);
        let length = norm(&direction);
        // Twice: one pass of Gram and Schmidt leaves errors that a long basis would add up.
        self.remove(&mut direction);
        self.remove(&mut direction);
        let left = norm(&direction);
        if left <= ZERO * length {
            return None;
        }
        direction.iter_mut().for_each(|part| *part /= left);
        Some(direction)
    }

    /// Learns a direction that [`news`](Self::news) found.
    pub fn learn(&mut self, direction: Vec<f64>) {
        self.basis.push(direction);
    }

    /// How many directions are known.
    pub fn rank(&self) -> usize {
        self.basis.len()
    }

    /// Forgets what was learnt after the first so many directions.
    pub fn forget_after(&mut self, rank: usize) {
        self.basis.truncate(rank);
    }

    /// The square of the length of the sum's direction that is free, and the same after the direction would be known too.
    pub fn freedom(&self, sum: &Amounts) -> f64 {
        let mut change = self.dense(sum);
        self.remove(&mut change);
        dot(&change, &change)
    }

    /// How far the sum can still be larger, and as far smaller, as a share of itself at least: the width of the pair of worlds that is made
    /// for it. Never more than the truth.
    pub fn width(&self, sum: &Amounts) -> f64 {
        let mut change = self.dense(sum);
        self.remove(&mut change);
        self.remove(&mut change);
        let largest = change.iter().fold(0.0_f64, |largest, part| largest.max(part.abs()));
        let total: f64 = sum.iter().map(|(_, amount)| amount).sum();
        if largest <= ZERO * total || total <= 0.0 {
            return 0.0;
        }
        let moved: f64 = sum.iter().map(|(column, amount)| amount * change[*column]).sum();
        moved / largest / total
    }

    /// Whether some combination of published sums holds nothing but these columns, so that a reader knows it exactly.
    pub fn ties(&self, columns: &[usize]) -> bool {
        // What is free of the columns is the identity less what is known of them; it is singular exactly when they are tied.
        let mut free: Vec<Vec<f64>> = vec![vec![0.0; columns.len()]; columns.len()];
        for (row, left) in columns.iter().enumerate() {
            for (place, right) in columns.iter().enumerate().take(row + 1) {
                let known: f64 = self.basis.iter().map(|direction| direction[*left] * direction[*right]).sum();
                free[row][place] = f64::from(u8::from(row == place)) - known;
            }
        }
        !is_positive(free)
    }

    fn dense(&self, sum: &Amounts) -> Vec<f64> {
        let mut dense = vec![0.0; self.columns];
        sum.iter().for_each(|(column, amount)| dense[*column] += amount);
        dense
    }

    fn remove(&self, direction: &mut [f64]) {
        for known in &self.basis {
            let along = dot(known, direction);
            direction.iter_mut().zip(known).for_each(|(part, known)| *part -= along * known);
        }
    }
}

/// Whether a symmetric matrix, given by its lower half, is positive definite (Cholesky).
fn is_positive(mut lower: Vec<Vec<f64>>) -> bool {
    for row in 0..lower.len() {
        for place in 0..=row {
            let (above, this) = lower.split_at(row);
            let other = if place == row { &this[0] } else { &above[place] };
            let products: f64 = this[0].iter().zip(other).take(place).map(|(a, b)| a * b).sum();
            let rest = lower[row][place] - products;
            if place < row {
                lower[row][place] = rest / lower[place][place];
            } else if rest <= TIED {
                return false;
            } else {
                lower[row][place] = rest.sqrt();
            }
        }
    }
    true
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn norm(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(columns: usize, sums: &[&[usize]]) -> Knowledge {
        let mut knowledge = Knowledge::of(columns);
        for sum in sums {
            let news = knowledge.news(&sum.iter().map(|column| (*column, 100.0)).collect());
            news.into_iter().for_each(|news| knowledge.learn(news));
        }
        knowledge
    }

    fn one(column: usize) -> Amounts {
        vec![(column, 100.0)]
    }

    #[test]
    fn pairwise_sums_determine_all_three_and_a_square_determines_no_column() {
        let triangle = known(3, &[&[0, 1], &[1, 2], &[0, 2]]);
        assert!((0..3).all(|column| triangle.width(&one(column)) < 1e-6));
        assert!(triangle.ties(&[0]) && triangle.ties(&[1, 2]));
        let square = known(4, &[&[0, 1], &[2, 3], &[0, 2], &[1, 3]]);
        assert!((0..4).all(|column| square.width(&one(column)) > 0.99), "each can vanish against its neighbour");
        assert!(!square.ties(&[0]) && square.ties(&[0, 1]));
        assert!(square.ties(&[0, 3]), "what two columns differ by is known, so whoever knows one knows the other");
        assert!(!known(3, &[&[0, 1, 2]]).ties(&[0, 1]));
        assert!(square.news(&vec![(0, 100.0), (1, 100.0), (2, 100.0), (3, 100.0)]).is_none(), "rows add up");
    }

    #[test]
    fn width_is_what_the_other_columns_of_a_sum_leave() {
        let mut knowledge = Knowledge::of(2);
        let news = knowledge.news(&vec![(0, 900.0), (1, 100.0)]).unwrap();
        knowledge.learn(news);
        let (large, small) = (knowledge.width(&vec![(0, 900.0)]), knowledge.width(&vec![(1, 100.0)]));
        assert!((large - 1.0 / 9.0).abs() < 1e-9 && (small - 1.0).abs() < 1e-9, "{large} {small}");
        assert!((knowledge.width(&vec![(0, 450.0), (1, 50.0)])).abs() < 1e-9, "half of each is half of the sum");
    }
}
