//! A table of numbers with a row for each feature or word and a column for each intent, laid out for adding up rows.
//!
//! A row is a whole number of cache lines. Rows are added line by line, so that the sum stays in registers.

/// How many columns a line has.
pub(super) const LANES: usize = 16;

/// Sixteen columns, in one cache line.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
#[repr(align(64))]
pub(super) struct Line([f32; LANES]);

/// A table of numbers.
#[derive(Debug)]
pub(super) struct Dense {
    lines_per_row: usize,
    lines: Vec<Line>,
}

impl Dense {
    /// Of zeros.
    pub fn new(rows: usize, columns: usize) -> Dense {
        let lines_per_row = columns.div_ceil(LANES);
        Dense { lines_per_row, lines: vec![Line::default(); rows * lines_per_row] }
    }

    /// A row; what is beyond the last column is 0.
    pub fn row(&self, row: u32) -> &[Line] {
        let start = row as usize * self.lines_per_row;
        &self.lines[start..start + self.lines_per_row]
    }

    /// A row, to change.
    pub fn row_mut(&mut self, row: u32) -> &mut [Line] {
        let start = row as usize * self.lines_per_row;
        &mut self.lines[start..start + self.lines_per_row]
    }

    /// Adds the sum of rows, each that many times, to a row.
    pub fn sum(&self, rows: impl Iterator<Item = (u32, f32)> + Clone, to: &mut [Line]) {
        for (at, to) in to.iter_mut().enumerate() {
            let mut sum = to.0;
            for (row, times) in rows.clone() {
                let Line(line) = &self.lines[row as usize * self.lines_per_row + at];
                for lane in 0..LANES {
                    sum[lane] += times * line[lane];
                }
            }
            to.0 = sum;
        }
    }

    /// Adds a row, each time that many times, to others.
    pub fn add_to(&mut self, rows: impl Iterator<Item = (u32, f32)> + Clone, change: &[Line]) {
        for (at, &Line(change)) in change.iter().enumerate() {
            for (row, times) in rows.clone() {
                let Line(line) = &mut self.lines[row as usize * self.lines_per_row + at];
                for lane in 0..LANES {
                    line[lane] += times * change[lane];
                }
            }
        }
    }
}

/// The columns of a row one after the other.
pub(super) fn flat(row: &[Line]) -> impl Iterator<Item = f32> {
    row.iter().flat_map(|Line(line)| line.iter().copied())
}

/// The columns of a row one after the other, to change.
pub(super) fn flat_mut(row: &mut [Line]) -> impl Iterator<Item = &mut f32> {
    row.iter_mut().flat_map(|Line(line)| line.iter_mut())
}

/// A column of a row.
pub(super) fn column(row: &[Line], column: usize) -> f32 {
    row[column / LANES].0[column % LANES]
}

/// A column of a row, to change.
pub(super) fn column_mut(row: &mut [Line], column: usize) -> &mut f32 {
    &mut row[column / LANES].0[column % LANES]
}
