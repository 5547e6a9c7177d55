//! Where rows that others refer to came to stand among those written.

use pipeline_core::plan::Plan;
use pipeline_core::{Document, Kind};

use super::entity_order::EntityOrder;

/// Places of rows in the layers that references lead to: entities are put in order, and of every layer the rows are left
/// out that another stands in the place of.
#[derive(Clone, Debug, Default)]
pub(super) struct Places {
    pub(super) entities: EntityOrder,
    /// The plan's number of the entities.
    layer: Option<usize>,
    /// Other layers that a written column refers to.
    targets: Vec<usize>,
    /// Those of them in which rows are left out in this document, with the place of each row.
    moved: Vec<(usize, Vec<u32>)>,
}

impl Places {
    /// For the layers of a plan of which `written` are written.
    pub(super) fn new(plan: &Plan, written: &[String]) -> Self {
        let layer = plan.layer("entities");
        let layers = plan.layers().iter().filter(|layer| written.contains(&layer.name));
        let refs = layers.flat_map(|layer| &layer.cols).filter(|col| col.kind == Kind::Ref);
        let mut targets: Vec<_> = refs.filter_map(|col| plan.layer(&col.layer)).collect();
        targets.sort_unstable();
        targets.dedup();
        targets.retain(|target| Some(*target) != layer);
        Self { layer, targets, ..Self::default() }
    }

    /// Turns to the next document.
    pub(super) fn turn(&mut self, doc: &Document) {
        self.entities.sort(self.layer.and_then(|layer| doc.layer(layer)));
        let places = |target: &usize| Some((*target, doc.layer(*target)?.places()?));
        self.moved.clear();
        self.moved.extend(self.targets.iter().filter_map(places));
    }

    /// Where a row of a layer is written.
    pub(super) fn of(&self, layer: Option<usize>, row: u32) -> u32 {
        if layer.is_some() && layer == self.layer {
            return self.entities.place(row);
        }
        let moved = self.moved.iter().find(|(number, _)| Some(*number) == layer);
        moved.and_then(|(_, places)| places.get(row as usize).copied()).unwrap_or(row)
    }
}
