//! Allocations of a document, in a pipeline that has seen such before: `cargo bench --bench allocations`.
//!
//! They are counted, not timed: the numbers are the same on every machine that has the same libraries.

#[allow(dead_code, reason = "shared with the bench of the stages")]
mod corpus;
#[allow(dead_code, reason = "shared with the table of sizes")]
mod samples;

use allocation_counter::{AllocationInfo, measure};

/// Bytes of a document.
const SIZES: [usize; 3] = [100, 10_000, 1_000_000];

fn main() {
    println!(
        "{:12}{:>12}{:>14}{:>16}{:>16}",
        "language", "bytes", "allocations", "bytes of these", "most at a time"
    );
    for language in samples::LANGUAGES {
        for size in SIZES {
            let AllocationInfo { count_total, bytes_total, bytes_max, .. } = of_a_document(language, size);
            println!("{language:12}{size:>12}{count_total:>14}{bytes_total:>16}{bytes_max:>16}");
        }
    }
}

fn of_a_document(language: &str, size: usize) -> AllocationInfo {
    let (pipeline, mut docs) = (samples::linked(), [samples::document(language, size)]);
    // What is kept from document to document has its size after the first few.
    (0..3).for_each(|_| corpus::again(&pipeline, &mut docs));
    let mut once = || measure(|| corpus::again(&pipeline, &mut docs));
    let (one, two) = (once(), once());
    assert_eq!(
        one.count_total, two.count_total,
        "the same work allocates differently: {language}, {size} bytes"
    );
    two
}
