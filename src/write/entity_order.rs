//! Entities in order of position.

use pipeline_core::Table;

/// The order in which entities of a document are written: by position, without those that another stands in the place
/// of. Rows that stages appended to others' are not in that order.
#[derive(Clone, Debug, Default)]
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
        let Some(table) = entities.filter(|table| table.has_marks() || !table.spans.is_sorted()) else {
            return;
        };
        self.rows.extend(table.rows().map(|row| row as u32));
        self.rows.sort_by_key(|&row| table.spans[row as usize]);
        self.places.resize(table.len, 0);
        for (place, &row) in self.rows.iter().enumerate() {
            self.places[row as usize] = place as u32;
        }
        (0..table.len).for_each(|row| self.places[row] = self.places[table.in_place_of(row)]);
    }

    /// How many of the table that was sorted are written.
    pub(super) fn count(&self, table: &Table) -> usize {
        if self.rows.is_empty() { table.len } else { self.rows.len() }
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
