//! Long records: written in parts, in the order of the input, and never held as a whole by a single worker.
#![cfg(feature = "host")]

use std::num::NonZero;

use pipeline_core::engine::{self, Records, Source};
use pipeline_core::{Document, Pipeline};

/// Numbers, each a document and a chunk.
struct Numbers(std::ops::Range<u32>);

impl Source for Numbers {
    type Raw = u32;

    fn next_chunk(&mut self, chunk: &mut Vec<u32>) -> std::io::Result<()> {
        chunk.extend(self.0.next());
        Ok(())
    }

    fn size(_: &u32) -> usize {
        1 << 20
    }
}

/// Lines of a record, over three megabytes in all.
const LINES: u32 = 300_000;

/// What is written of three documents, the most that is written at once, and how many documents are counted.
fn written(threads: usize) -> (Vec<u8>, usize, u64) {
    let pipeline = Pipeline::new(Vec::new(), &[], &[], Box::new(|_, _| {})).unwrap();
    let (mut all, mut most, mut docs) = (Vec::new(), 0, 0);
    engine::run(
        &pipeline,
        engine::Options::new(NonZero::new(threads).unwrap()),
        Numbers(0..3),
        |number, doc| doc.id = number.to_string(),
        |docs: &[Document], records: &mut Records| {
            for line in 0..LINES {
                records.pause();
                records.extend_from_slice(format!("{} {line:08}\n", docs[0].id).as_bytes());
            }
        },
        |chunk| {
            assert!(!chunk.part || chunk.docs == 0, "the rest counts");
            all.extend_from_slice(&chunk.bytes);
            most = most.max(chunk.bytes.len());
            docs += chunk.docs;
            Ok(true)
        },
    )
    .unwrap();
    (all, most, docs)
}

#[test]
fn long_records_are_written_in_parts() {
    let (one, most, docs) = written(1);
    let lines = (0..3).flat_map(|id| (0..LINES).map(move |line| format!("{id} {line:08}\n")));
    assert!(one == lines.collect::<String>().into_bytes());
    assert_eq!(docs, 3);
    assert!(most <= 1 << 20, "{most}");
    assert!(written(4).0 == one);
}
