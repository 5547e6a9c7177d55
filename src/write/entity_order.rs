//! Entities in order of position.

use pipeline_core::Table;

/// The order in which entities of a document are written: by position. Rows that stages appended to others' are not
/// in that order.
#[derive(Debug, Default)]
pub(super) struct EntityOrder {
    /// Rows in order of position; empty where they are so already.
    rows: Vec<u32>,
    /// Where each row came to stand; empty likewise.
    places: Vec<u32>,
}

impl EntityOrder {
    /// Turns to the next document.
    pub(super) fn sort(&mut self, entities: Option<&Table>) {
        self.rows.clear();
        self.places.clear();
        let Some(spans) = entities.map(|table| &table.spans).filter(|spans| !spans.is_sorted()) else {
            return;
        };
        self.rows.extend(0..spans.len() as u32);
        self.rows.sort_by_key(|&row| spans[row as usize]);
        self.places.resize(spans.len(), 0);
        for (place, &row) in self.rows.iter().enumerate() {
            self.places[row as usize] = place as u32;
        }
    }

    /// The row that is written in `place`.
    pub(super) fn row(&self, place: usize) -> usize {
        self.rows.get(place).map_or(place, |&row| row as usize)
    }

    /// Where a row is written.
    pub(super) fn place(&self, row: u32) -> u32 {
        self.places.get(row as usize).copied().unwrap_or(row)
    }
}
