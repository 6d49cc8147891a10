//! Disclosure: which hidden cells follow from all published sums taken together, though from no single one of them.
//!
//! Sums over several columns can be combined: with a + b, b + c and a + c published, a is known. A hidden cell is determined
//! exactly when no solution of the equations between the hidden cells, with all known terms zero, changes it. So a fixed
//! scattered vector is projected on those solutions (conjugate gradients on the normal equations); where the projection is
//! zero, the cell is determined. Elimination would be exact too, but fills up long before a year of trade is in it.

/// Below this a component of the projection counts as zero; a cell taken for determined by mistake is hidden better than needed.
// Far above the rounding that the iteration leaves, and far below what a cell keeps of a random vector that nothing determines.
const ZERO: f64 = 1e-5;
/// The projection is good enough when what is left of the equations is this small against the start.
const TOLERANCE: f64 = 1e-11;
/// After so many rounds without that the question is given up.
const MAX_ROUNDS: usize = 5_000;

/// The projection did not converge, so that nothing is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotConverged;

/// A total and the cells that it is the sum of, by their places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Equation {
    /// The total.
    pub total: usize,
    /// Its parts, at least one.
    pub parts: Vec<usize>,
}

impl Equation {
    /// Its parts and its total.
    pub(super) fn members(&self) -> impl Iterator<Item = usize> + Clone {
        self.parts.iter().copied().chain([self.total])
    }
}

/// The equations between hidden cells: rows of (column, coefficient) of length one, and the cell of each column.
struct System {
    rows: Vec<Vec<(usize, f64)>>,
    cells: Vec<usize>,
}

/// The hidden cells that follow from what is published.
///
/// # Errors
/// [`NotConverged`] when the question could not be answered.
pub fn determined(equations: &[Equation], is_hidden: &[bool]) -> Result<Vec<usize>, NotConverged> {
    let system = System::new(equations, is_hidden);
    let scattered: Vec<f64> = (0..system.cells.len()).map(scatter).collect();
    let free = system.project(&scattered)?;
    let is_fixed = |(_, part): &(usize, &f64)| part.abs() < ZERO;
    Ok(free.iter().enumerate().filter(is_fixed).map(|(column, _)| system.cells[column]).collect())
}

impl System {
    fn new(equations: &[Equation], is_hidden: &[bool]) -> Self {
        let cells: Vec<usize> = (0..is_hidden.len()).filter(|cell| is_hidden[*cell]).collect();
        let mut column_of = vec![None; is_hidden.len()];
        for (column, cell) in cells.iter().enumerate() {
            column_of[*cell] = Some(column);
        }
        let row = |equation: &Equation| -> Vec<(usize, f64)> {
            let total = column_of[equation.total].map(|column| (column, -1.0));
            let parts = equation.parts.iter().filter_map(|part| column_of[*part].map(|column| (column, 1.0)));
            let mut row: Vec<(usize, f64)> = parts.chain(total).collect();
            // Rows of one length: a total of a thousand parts would otherwise make the steps of the iteration useless for the small ones.
            let length = row.iter().map(|(_, value)| value * value).sum::<f64>().sqrt();
            row.iter_mut().for_each(|(_, value)| *value /= length);
            row
        };
        let rows = equations.iter().map(row).filter(|row| !row.is_empty()).collect();
        Self { rows, cells }
    }

    /// The part of `start` that leaves every equation as it is.
    fn project(&self, start: &[f64]) -> Result<Vec<f64>, NotConverged> {
        let mut free = start.to_vec();
        let mut residual = self.apply(&free);
        let goal = dot(start, start) * TOLERANCE * TOLERANCE;
        let mut direction = residual.clone();
        let mut left = dot(&residual, &residual);
        for _ in 0..MAX_ROUNDS {
            if left <= goal {
                return Ok(free);
            }
            let back = self.apply_back(&direction);
            let step = left / dot(&back, &back);
            // Not converged is the safe answer: the caller then hides more.
            if !step.is_finite() {
                return Err(NotConverged);
            }
            add(&mut free, &back, -step);
            let change = self.apply(&back);
            add(&mut residual, &change, -step);
            let now = dot(&residual, &residual);
            direction.iter_mut().zip(&residual).for_each(|(old, new)| *old = new + now / left * *old);
            left = now;
        }
        Err(NotConverged)
    }

    fn apply(&self, columns: &[f64]) -> Vec<f64> {
        self.rows.iter().map(|row| row.iter().map(|(column, value)| value * columns[*column]).sum()).collect()
    }

    fn apply_back(&self, rows: &[f64]) -> Vec<f64> {
        let mut columns = vec![0.0; self.cells.len()];
        for (row, factor) in self.rows.iter().zip(rows) {
            for (column, value) in row {
                columns[*column] += value * factor;
            }
        }
        columns
    }
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn add(target: &mut [f64], other: &[f64], factor: f64) {
    target.iter_mut().zip(other).for_each(|(target, other)| *target += factor * other);
}

/// Scattered numbers between 0.5 and 1.5 and always the same ones, so that equal records give equal tables.
fn scatter(place: usize) -> f64 {
    // Fixed and not drawn: the same records always hide the same cells, or two publications could be compared.
    let mut bits = (place as u64).wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    let top = u32::try_from(bits >> 32).unwrap_or(0);
    0.5 + f64::from(top) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairwise_sums_determine_all_three_and_a_square_determines_nothing() {
        let sum = |total, parts: &[usize]| Equation { total, parts: parts.to_vec() };
        let hide = |cells: &[usize], of: usize| -> Vec<bool> { (0..of).map(|cell| cells.contains(&cell)).collect() };
        let triangle = [sum(3, &[0, 1]), sum(4, &[1, 2]), sum(5, &[0, 2])];
        assert_eq!(determined(&triangle, &hide(&[0, 1, 2], 6)), Ok(vec![0, 1, 2]));
        let square = [sum(4, &[0, 1]), sum(5, &[2, 3]), sum(6, &[0, 2]), sum(7, &[1, 3])];
        assert_eq!(determined(&square, &hide(&[0, 1, 2, 3], 8)), Ok(vec![]));
        assert_eq!(determined(&square, &hide(&[], 8)), Ok(vec![]));
    }
}
