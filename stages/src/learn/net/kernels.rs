//! The inner loops: over rows of numbers whose length is a multiple of [`LANES`]. Each result is the same on every
//! machine, since the order of additions is fixed.
#![allow(clippy::needless_range_loop, reason = "over arrays, such loops become vector code in every build")]

/// Numbers worked on at a time.
pub(crate) const LANES: usize = 16;

/// `sum += factor * row`, number by number.
#[inline(always)]
pub(crate) fn add_scaled(mut sum: &mut [f32], factor: f32, mut row: &[f32]) {
    while let (Some((s, sums)), Some((r, rows))) =
        (sum.split_first_chunk_mut::<LANES>(), row.split_first_chunk::<LANES>())
    {
        for i in 0..LANES {
            s[i] += factor * r[i];
        }
        (sum, row) = (sums, rows);
    }
}

/// `sum += row`, number by number.
#[inline(always)]
pub(crate) fn add(mut sum: &mut [f32], mut row: &[f32]) {
    while let (Some((s, sums)), Some((r, rows))) =
        (sum.split_first_chunk_mut::<LANES>(), row.split_first_chunk::<LANES>())
    {
        for i in 0..LANES {
            s[i] += r[i];
        }
        (sum, row) = (sums, rows);
    }
}

/// Sum of products, in lanes that are then added in pairs.
#[inline(always)]
pub(crate) fn dot(mut a: &[f32], mut b: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; LANES];
    while let (Some((x, xs)), Some((y, ys))) =
        (a.split_first_chunk::<LANES>(), b.split_first_chunk::<LANES>())
    {
        for i in 0..LANES {
            lanes[i] += x[i] * y[i];
        }
        (a, b) = (xs, ys);
    }
    let mut width = LANES / 2;
    while width > 0 {
        for i in 0..width {
            lanes[i] += lanes[i + width];
        }
        width /= 2;
    }
    lanes[0]
}

/// `sums += step * cells`, number by number.
#[inline(always)]
pub(crate) fn add_cells(sums: &mut [[f32; LANES]], cells: &[[i8; LANES]], step: f32) {
    for at in 0..sums.len().min(cells.len()) {
        for i in 0..LANES {
            sums[at][i] += step * f32::from(cells[at][i]);
        }
    }
}

/// A vector times a matrix of rows of `N` numbers.
#[inline(always)]
pub(crate) fn product<const N: usize>(vector: &[f32], matrix: &[[f32; N]]) -> [f32; N] {
    let mut sums = [0.0_f32; N];
    for at in 0..vector.len().min(matrix.len()) {
        for i in 0..N {
            sums[i] += vector[at] * matrix[at][i];
        }
    }
    sums
}

/// `sum += row` in 16 bits, no further than these go.
#[inline(always)]
pub(crate) fn add_small<const N: usize>(sum: &mut [i16; N], row: &[i16]) {
    if let Some(row) = row.first_chunk::<N>() {
        for i in 0..N {
            sum[i] = sum[i].saturating_add(row[i]);
        }
    }
}

/// Sum of products of small numbers.
#[inline(always)]
pub(crate) fn dot_small(a: &[i16], b: &[i16]) -> i32 {
    let b = &b[..a.len()];
    let mut sum = 0_i32;
    for i in 0..a.len() {
        sum = sum.wrapping_add(i32::from(a[i]) * i32::from(b[i]));
    }
    sum
}
