//! Each stage alone, and all of them: bytes of text a second, for relations tokens ("elements"). What a stage needs
//! is there beforehand.
//!
//! Before anything is timed, each run must give the answer that the whole pipeline gives.

#![allow(missing_docs, reason = "the harness makes the public items")]

mod corpus;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};

const SIZE: usize = 1 << 20;
const ALL: [&str; 5] = ["language", "tokens", "sentences", "entities", "relations"];
/// With what runs only when it is asked for.
const EVERY: [&str; 7] = ["language", "tokens", "sentences", "entities", "syntax", "relations", "triples"];
/// With open relations, as `--layers +triples` has them.
const OPEN: [&str; 6] = ["language", "tokens", "sentences", "entities", "relations", "triples"];

/// Stage, the layer that shows its answer, the layers it is given.
const STAGES: [(&str, &str, &[&str]); 6] = [
    ("language", "language", &[]),
    ("tokenize", "tokens", &["language", "passages"]),
    ("entities", "entities", &["language", "passages", "tokens", "sentences"]),
    ("syntax", "syntax", &["language", "passages", "tokens", "sentences"]),
    ("relations", "relations", &["language", "passages", "tokens", "sentences", "entities"]),
    ("triples", "triples", &["language", "passages", "tokens", "sentences", "entities", "syntax"]),
];

fn stages(criterion: &mut Criterion) {
    let news = corpus::news(SIZE);
    let whole = corpus::pipeline(&EVERY, &[]);
    let mut docs = corpus::fresh(&news.docs);
    whole.process(&mut docs).expect("the news is worked on");
    let mut group = criterion.benchmark_group(format!("stage/{}", news.name));
    let tokens = Throughput::Elements(corpus::rows(&whole, &docs, "tokens") as u64);
    let bytes = Throughput::Bytes(corpus::size(&docs));
    group.sample_size(20);
    for (stage, layer, given) in STAGES {
        let alone = corpus::pipeline(&[layer], given);
        let mut docs_of_stage = corpus::supply(&news.docs, &alone, given);
        alone.process(&mut docs_of_stage).expect("the news is worked on");
        let (found, expected) =
            (corpus::rows(&alone, &docs_of_stage, layer), corpus::rows(&whole, &docs, layer));
        assert_eq!(found, expected, "{stage} alone finds other {layer} than the pipeline");
        assert!(found > 0, "{stage} finds nothing");
        group.throughput(if stage == "relations" { tokens.clone() } else { bytes.clone() });
        group.bench_function(stage, |bench| bench.iter(|| alone.process(&mut docs_of_stage)));
    }
    group.throughput(bytes);
    for (name, layers) in [("all", &ALL[..]), ("all and triples", &OPEN[..])] {
        let whole = corpus::pipeline(layers, &[]);
        let mut docs = corpus::fresh(&news.docs);
        group.bench_function(name, |bench| {
            bench.iter(|| corpus::again(&whole, &mut docs));
        });
    }
    group.finish();
}

/// Names and values with all that belongs to them, over all the news there is: tokens a second on one core.
fn names(criterion: &mut Criterion) {
    let news = corpus::news(8 * SIZE);
    let given = ["language", "passages", "tokens", "sentences"];
    let alone = corpus::pipeline(&["entities"], &given);
    let mut docs = corpus::supply(&news.docs, &alone, &given);
    let tokens = corpus::rows(&alone, &docs, "tokens");
    let mut group = criterion.benchmark_group(format!("names/{}", news.name));
    group.sample_size(10).throughput(Throughput::Elements(tokens as u64));
    group.bench_function("tokens given", |bench| bench.iter(|| alone.process(&mut docs)));
    group.finish();
    assert!(corpus::rows(&alone, &docs, "entities") > tokens / 50, "the news has names");
}

fn threads(criterion: &mut Criterion) {
    let news = corpus::news(4 * SIZE);
    let joined = [corpus::joined(&corpus::news(SIZE))];
    let whole = corpus::pipeline(&ALL, &[]);
    let expected = corpus::run(&whole, &news.docs, 1);
    let mut group = criterion.benchmark_group(format!("engine/{}", news.name));
    group.sample_size(10).throughput(Throughput::Bytes(corpus::size(&news.docs)));
    for threads in [1, 2] {
        assert_eq!(corpus::run(&whole, &news.docs, threads), expected, "{threads} threads find other words");
        let name = format!("{threads} threads");
        group.bench_function(name, |bench| bench.iter(|| corpus::run(&whole, &news.docs, threads)));
    }
    group.throughput(Throughput::Bytes(corpus::size(&joined)));
    group.bench_function("one document", |bench| bench.iter(|| corpus::run(&whole, &joined, 1)));
    group.finish();
}

criterion_group!(benches, stages, names, threads);
criterion_main!(benches);
