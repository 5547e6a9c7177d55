//! A table: size of documents × language × stage; and the whole linked in or loaded, on one thread or two.
//!
//! `cargo bench --bench sizes`. Before anything is timed, every way to the same result must give the same: a stage alone
//! what the whole pipeline gives, loaded stages what the linked ones give, two threads what one gives. Texts are the
//! sample documents in each language, over and over, so that everybody measures the same.

#![allow(missing_docs, reason = "the harness makes the public items")]

#[allow(dead_code, reason = "shared with the bench of the stages")]
mod corpus;
mod samples;

use std::time::Duration;

use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use pipeline_core::{Document, Pipeline};

/// Bytes of a document.
const SIZES: [usize; 4] = [100, 10_000, 1_000_000, 10_000_000];

/// Stage, the layer that shows its answer, the layers it is given.
const STAGES: [(&str, &str, &[&str]); 4] = [
    ("language", "language", &[]),
    ("tokenize", "tokens", &["language", "passages"]),
    ("entities", "entities", &["language", "passages", "tokens", "sentences"]),
    ("relations", "relations", &["language", "passages", "tokens", "sentences", "entities"]),
];

/// As many samples as Criterion allows at least: the table is long.
fn short<'a>(criterion: &'a mut Criterion, name: &str) -> BenchmarkGroup<'a, WallTime> {
    let mut group = criterion.benchmark_group(name);
    group
        .sample_size(10)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_millis(500));
    group
}

/// Each stage in each language on documents of each size; where it has nothing to find, there is nothing to time.
fn sizes(criterion: &mut Criterion) {
    let whole = samples::linked();
    for language in samples::LANGUAGES {
        for (stage, layer, given) in STAGES {
            let alone = corpus::pipeline(&[layer], given);
            let mut group = short(criterion, &format!("size/{language}/{stage}"));
            for size in SIZES {
                let mut docs = [samples::document(language, size)];
                corpus::again(&whole, &mut docs);
                let expected = corpus::rows(&whole, &docs, layer);
                if expected == 0 {
                    continue;
                }
                let mut docs = corpus::supply(&docs, &alone, given);
                alone.process(&mut docs).expect("the samples are worked on");
                let found = corpus::rows(&alone, &docs, layer);
                assert_eq!(found, expected, "{stage} alone finds other {layer}: {language}, {size} bytes");
                group.throughput(Throughput::Bytes(size as u64));
                group.bench_function(BenchmarkId::from_parameter(size), |bench| {
                    bench.iter(|| alone.process(&mut docs));
                });
            }
            group.finish();
        }
    }
}

/// Documents of 2 kB, so many.
fn articles(count: usize) -> Vec<Document> {
    vec![samples::document("en", 2_000).text; count]
        .into_iter()
        .map(|text| Document::new("a", text))
        .collect()
}

fn found(pipeline: &Pipeline, docs: &mut [Document]) -> [usize; 4] {
    corpus::again(pipeline, docs);
    samples::ALL.map(|layer| corpus::rows(pipeline, docs, layer))
}

/// The whole pipeline linked in, and with its stages from libraries; on one thread and on two.
fn ways(criterion: &mut Criterion) {
    let (linked, loaded, mut docs) = (samples::linked(), samples::loaded(), articles(200));
    let (one, other) = (found(&linked, &mut docs), found(&loaded, &mut docs));
    assert!(one == other && one[3] > 0, "linked {one:?}, loaded {other:?}");
    let mut group = short(criterion, "way/en");
    group.throughput(Throughput::Bytes(corpus::size(&docs)));
    for (name, pipeline) in [("linked", &linked), ("loaded", &loaded)] {
        group.bench_function(name, |bench| bench.iter(|| corpus::again(pipeline, &mut docs)));
    }
    let (docs, threads) = (articles(1000), [1, 2]);
    assert_eq!(
        corpus::run(&linked, &docs, 2),
        corpus::run(&linked, &docs, 1),
        "two threads find other words"
    );
    group.throughput(Throughput::Bytes(corpus::size(&docs)));
    for threads in threads {
        let id = BenchmarkId::new("threads", threads);
        group.bench_function(id, |bench| bench.iter(|| corpus::run(&linked, &docs, threads)));
    }
    group.finish();
}

criterion_group!(benches, sizes, ways);
criterion_main!(benches);
