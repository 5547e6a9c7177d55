//! Title and date of a document, which come with it in the layer `meta`.

use pipeline_core::Document;

/// Its title; `layer` is the plan's number of the layer.
pub(super) fn title(doc: &Document, layer: usize) -> Option<&str> {
    value(doc, layer, "title")
}

/// Its date.
pub(super) fn date(doc: &Document, layer: usize) -> Option<&str> {
    value(doc, layer, "date")
}

fn value<'a>(doc: &'a Document, layer: usize, key: &str) -> Option<&'a str> {
    let table = doc.layer(layer)?;
    let [keys, values] = table.cols.get(..2)? else { return None };
    (0..table.len).find(|&row| keys.str(row) == key).map(|row| values.str(row))
}
