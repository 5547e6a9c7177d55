//! Records of the sample documents, as they were when someone last read them.
//!
//! `PIPELINE_BLESS=1 cargo test --test integration` writes them anew.

use crate::program::{pipeline, root};

#[test]
fn sample_documents_give_the_records_on_file() {
    let found = pipeline(["run", "examples/news"]);
    assert_eq!(found.status, 0, "{}", found.err);
    let file = root().join("tests/golden/news.jsonl");
    if std::env::var_os("PIPELINE_BLESS").is_some() {
        std::fs::write(&file, &found.out).unwrap();
        return;
    }
    let expected = std::fs::read_to_string(&file).unwrap();
    for (found, expected) in found.out.lines().zip(expected.lines()) {
        assert_eq!(
            found, expected,
            "if this is as it should be: PIPELINE_BLESS=1 cargo test --test integration"
        );
    }
    assert_eq!(found.out.lines().count(), expected.lines().count());
}
