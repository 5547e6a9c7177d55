//! Labels, directions and lanes: a lane is a label read forwards or backwards between two names in text order.

use super::types::is_symmetric;

/// The lanes of a label set. Lane zero stands for no relation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lanes {
    lanes: Vec<(u16, bool)>,
}

impl Lanes {
    /// The lanes of these labels, in order: a symmetric one has one, the others two.
    pub(crate) fn new(labels: &[String]) -> Self {
        let mut lanes = vec![(u16::MAX, false)];
        for (number, label) in labels.iter().enumerate() {
            let number = u16::try_from(number).unwrap_or(u16::MAX);
            lanes.push((number, false));
            if !is_symmetric(label) {
                lanes.push((number, true));
            }
        }
        Self { lanes }
    }

    pub(crate) fn len(&self) -> usize {
        self.lanes.len()
    }

    /// Label of a lane, and whether its head is the second name.
    pub(crate) fn label(&self, lane: usize) -> (u16, bool) {
        self.lanes.get(lane).copied().unwrap_or_default()
    }

    /// The lane of a label between two names.
    pub(crate) fn lane(&self, label: u16, backwards: bool) -> Option<usize> {
        let lane = self.lanes.iter().position(|&(l, b)| l == label && b == backwards);
        lane.or_else(|| self.lanes.iter().position(|&(l, _)| l == label))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn symmetric_labels_have_one_lane() {
        let lanes = Lanes::new(&["visits".to_owned(), "meets_with".to_owned()]);
        assert_eq!(lanes.len(), 4);
        assert_eq!(lanes.label(lanes.lane(0, true).unwrap_or(0)), (0, true));
        assert_eq!(lanes.lane(1, true), lanes.lane(1, false));
    }
}
