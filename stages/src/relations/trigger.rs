//! The words that state a relation: from the one word the model points at to the expression it belongs to.

use std::collections::HashSet;

use pipeline_core::Span;

use super::extractor::run_hash;
use super::index::key;
use super::sentence::{Kind, Sentence};
use crate::model::{ModelError, ModelFile, ModelWriter};

/// Longest expression, in words.
pub(crate) const LONGEST: usize = 4;

/// Expressions of several words that state relations, as hashes of their stems.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Phrasebook {
    pub(crate) expressions: HashSet<u32>,
}

impl Phrasebook {
    /// The longest known expression around item `at`, else the item alone.
    pub(crate) fn span(&self, sentence: &Sentence, at: usize) -> Span {
        for length in (2..=LONGEST).rev() {
            for start in (at + 1).saturating_sub(length)..=at {
                let Some(run) = sentence.items.get(start..start + length) else { continue };
                if run.iter().any(|item| matches!(item.kind, Kind::Name(_))) {
                    continue;
                }
                if self.expressions.contains(&key(run_hash(run.iter().map(|item| item.stem)))) {
                    return Span::new(run[0].span.start, run[length - 1].span.end);
                }
            }
        }
        sentence.items[at].span
    }

    pub(crate) fn write(&self, writer: &mut ModelWriter) {
        let mut expressions: Vec<u32> = self.expressions.iter().copied().collect();
        expressions.sort_unstable();
        writer.section("expressions", &expressions);
    }

    pub(crate) fn read(file: &ModelFile<'_>) -> Result<Self, ModelError> {
        Ok(Self { expressions: file.section::<u32>("expressions")?.into_iter().collect() })
    }
}
