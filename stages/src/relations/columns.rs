//! Which relations a pair of types may have: the sums of a pair have a column for each, and none for the rest.

use super::types::NameType;
use crate::model::{ModelError, ModelFile, ModelWriter};

/// Columns of a pair of types, "no relation" first.
pub(crate) const WIDTH: usize = 32;

/// Pairs of types.
const PAIRS: usize = NameType::COUNT * NameType::COUNT;

/// Number of a pair of types.
pub(crate) fn type_pair(a: NameType, b: NameType) -> usize {
    a as usize * NameType::COUNT + b as usize
}

/// The lane of each column, per pair of types.
#[derive(Clone, Debug, Default)]
pub(crate) struct Columns {
    lanes: Vec<[u8; WIDTH]>,
    /// How many are in use; zero for types that never relate.
    counts: Vec<u8>,
}

impl Columns {
    /// Columns for the lanes that occur, given as pairs of types and lanes; the rarest go when they are too many.
    pub(crate) fn of_occurrences(occurrences: impl Iterator<Item = (usize, usize)>) -> Self {
        let mut seen = vec![Vec::<(u32, u8)>::new(); PAIRS];
        for (types, lane) in occurrences {
            let lane = u8::try_from(lane).unwrap_or(0);
            match seen[types].iter_mut().find(|s| s.1 == lane) {
                Some(found) => found.0 += 1,
                None => seen[types].push((1, lane)),
            }
        }
        let lanes = seen.iter_mut().map(|lanes| {
            lanes.sort_unstable_by_key(|&(count, lane)| (std::cmp::Reverse(count), lane));
            lanes.truncate(WIDTH - 1);
            lanes.sort_unstable_by_key(|s| s.1);
            let mut row = [0; WIDTH];
            row[1..].iter_mut().zip(lanes).for_each(|(column, lane)| *column = lane.1);
            row
        });
        Self::of_lanes(lanes.collect())
    }

    fn of_lanes(lanes: Vec<[u8; WIDTH]>) -> Self {
        let used = |row: &[u8; WIDTH]| row[1..].iter().take_while(|&&lane| lane != 0).count();
        let count = |row| u8::try_from(used(row)).unwrap_or(0);
        let counts = lanes.iter().map(count).map(|used| if used == 0 { 0 } else { used + 1 }).collect();
        Self { lanes, counts }
    }

    /// The lanes of a pair of types, "no relation" first; empty when the types never relate.
    #[inline]
    pub(crate) fn lanes(&self, types: usize) -> &[u8] {
        let count = self.counts.get(types).copied().unwrap_or(0);
        self.lanes.get(types).map_or(&[], |row| &row[..usize::from(count)])
    }

    /// The lanes of each pair of types.
    pub(crate) fn all(&self) -> impl Iterator<Item = &[u8]> + '_ {
        (0..self.lanes.len()).map(|types| self.lanes(types))
    }

    pub(crate) fn write(&self, writer: &mut ModelWriter) {
        writer.section("columns", &self.lanes);
    }

    /// `lanes`: how many there are.
    pub(crate) fn read(lanes: usize, file: &ModelFile<'_>) -> Result<Self, ModelError> {
        let rows: Vec<[u8; WIDTH]> = file.section("columns")?;
        let known = rows.iter().flatten().all(|&lane| usize::from(lane) < lanes);
        if rows.len() != PAIRS || !known {
            return Err(ModelError::Section("columns".to_owned(), "does not fit the labels"));
        }
        Ok(Self::of_lanes(rows))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_of_types_has_the_lanes_that_occur_and_the_rarest_give_way() {
        let few = Columns::of_occurrences([(5, 9), (5, 2), (5, 9)].into_iter());
        assert_eq!(few.lanes(5), [0, 2, 9]);
        assert!(few.lanes(6).is_empty());
        let many = (1..50).map(|lane| (0, lane)).chain([(0, 49), (0, 48)]);
        let lanes = Columns::of_occurrences(many).lanes(0).to_vec();
        assert_eq!((lanes.len(), &lanes[WIDTH - 2..]), (WIDTH, &[48, 49][..]));
    }
}
