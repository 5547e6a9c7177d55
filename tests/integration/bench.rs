//! `pipeline bench`: what it reports, refuses and leaves.

use serde_json::Value;

use crate::args;
use crate::libraries::build;
use crate::program::{Done, Folder, pipeline, with_input};

const TEXTS: &str = "\
{\"id\":\"a\",\"text\":\"Ingrid Solberg, the founder of Lumen Energy, met Haruka Onishi in Oslo on Monday.\"}
{\"id\":\"b\",\"text\":\"Lumen Energy bought Kestrel Wind for $40 million. The deal closed in May 2021.\"}
";

/// The figures of a run with `more` arguments, as short as can be.
fn figures(folder: &Folder, more: &[&str]) -> Value {
    let json = folder.path("speed.json");
    let fixed = args!["bench", "--seconds", "1", "--quiet", "--json", json];
    let done = pipeline(fixed.into_iter().chain(more.iter().map(Into::into)));
    assert_eq!(done.status, 0, "{}", done.err);
    serde_json::from_slice(&std::fs::read(&json).unwrap()).unwrap()
}

fn names(list: &Value) -> Vec<&str> {
    list.as_array().unwrap().iter().map(|part| part["name"].as_str().unwrap()).collect()
}

#[test]
fn figures_tell_what_was_done_and_how_fast() {
    let folder = Folder::new();
    let input = folder.file("in.jsonl", TEXTS);
    let report = figures(&folder, &[input.to_str().unwrap(), "--threads", "2"]);
    assert_eq!((&report["input"]["documents"], &report["input"]["text_bytes"]), (&2.into(), &159.into()));
    assert_eq!((&report["input"]["failed"], &report["input"]["whole"]), (&0.into(), &true.into()));
    assert!(report["input"]["tokens"].as_u64().unwrap() > 25);
    let side = &report["sides"][0];
    let threads: Vec<_> =
        side["threads"].as_array().unwrap().iter().map(|row| row["threads"].clone()).collect();
    assert_eq!(threads, [1, 2]);
    assert_eq!(
        names(&side["parts"]),
        ["read fields", "language", "tokenize", "entities", "relations", "make records"]
    );
    let number = |value: &Value| value.as_f64().unwrap();
    let shares: f64 = side["parts"].as_array().unwrap().iter().map(|part| number(&part["share"])).sum();
    assert!((shares - 1.0).abs() < 1e-6, "{shares}");
    let latency = &side["latency"];
    let ranks =
        ["p50", "p90", "p99", "max"].map(|rank| number(&latency[format!("{rank}_seconds")]["median"]));
    assert!(ranks.is_sorted() && ranks[0] > 0.0, "{ranks:?}");
    let one = &side["threads"][0];
    let first = |figure: &str| number(&one[figure]["rounds"][0]);
    let (rate, seconds) = (first("documents_per_second"), first("seconds"));
    assert!((rate * seconds - 2.0).abs() < 1e-6, "{rate} × {seconds}");
    let rounds = report["rounds"].as_u64().unwrap();
    assert!(rounds >= 3 && one["seconds"]["rounds"].as_array().unwrap().len() as u64 == rounds);
    assert!(number(&side["start_up_seconds"]["median"]) > 0.0);
    if cfg!(target_os = "linux") {
        // The models alone take some megabytes; a peak that counted other processes would be far larger.
        let peak = number(&one["peak_bytes"]["median"]);
        assert!((8e6..1e9).contains(&peak), "{peak}");
        assert!(number(&one["cpu_seconds"]["median"]) > 0.0);
    }
    assert!(report["machine"]["cores"].as_u64().unwrap() > 0);
    assert!(report["machine"]["rustc"].as_str().unwrap().starts_with("rustc 1."), "{}", report["machine"]);
}

#[test]
fn only_the_stages_that_a_run_would_have_are_measured() {
    let folder = Folder::new();
    let report = figures(&folder, &["examples/news/wire.jsonl", "--layers", "language", "--threads", "1"]);
    assert_eq!(names(&report["sides"][0]["parts"]), ["read fields", "language", "make records"]);
    assert_eq!(report["input"]["tokens"], 0);
}

#[test]
fn generated_news_has_names_in_it_and_a_seed() {
    let folder = Folder::new();
    let report =
        |seed| figures(&folder, &["--size", "3K", "--seed", seed, "--threads", "1", "--layers", "entities"]);
    let [one, again, other] = ["1", "1", "2"].map(|seed| report(seed)["input"].clone());
    let per_text =
        |input: &Value| input["record_bytes"].as_f64().unwrap() / input["text_bytes"].as_f64().unwrap();
    assert!(per_text(&one) > 1.0, "few names: {one}");
    let known =
        |input: &Value| [input["documents"].clone(), input["tokens"].clone(), input["text_bytes"].clone()];
    assert_eq!(known(&one), known(&again));
    assert_ne!(known(&one), known(&other));
}

#[test]
fn a_configuration_does_not_differ_from_itself() {
    let folder = Folder::new();
    let config = folder.file("same.toml", "");
    let page = folder.path("speed.html");
    let [input, config, page] = [folder.file("in.jsonl", TEXTS), config, page]
        .map(|path| path.into_os_string().into_string().unwrap());
    let more = [&input, "--config", &config, "--against", &config, "--html", &page, "--threads", "1"];
    let report = figures(&folder, &more);
    let compared = &report["comparison"];
    assert_eq!((&compared["same_configuration"], &compared["same_records"]), (&true.into(), &true.into()));
    let ratios = compared["ratios"].as_array().unwrap();
    assert!(ratios.len() >= 4);
    for ratio in ratios {
        assert_eq!(ratio["verdict"], "no-difference", "{ratio}");
        let (median, quartiles) = (&ratio["ratio"]["median"], &ratio["ratio"]["quartiles"]);
        assert!(
            quartiles[0].as_f64() <= median.as_f64() && median.as_f64() <= quartiles[1].as_f64(),
            "{ratio}"
        );
    }
    let page = std::fs::read_to_string(page).unwrap();
    assert_eq!(page.matches("<svg").count(), 5, "threads, parts, latency, ratios, rounds");
    assert_eq!(page.matches("<svg").count(), page.matches("</svg>").count());
    for way in ["<script", "http:", "https:", "url(", "@import", "{{"] {
        assert!(!page.contains(way), "{way}");
    }
    assert!(page.contains("prefers-color-scheme: dark") && page.contains("default-src 'none'"));
}

#[test]
fn stages_from_libraries_are_measured_against_those_built_in() {
    let folder = Folder::new();
    let library = build("pipeline-tokenize");
    let [input, library] =
        [folder.file("in.jsonl", TEXTS), library].map(|path| path.into_os_string().into_string().unwrap());
    let more = [&input, "--layers", "tokens", "--against", "plugins", "--plugin", &library, "--threads", "1"];
    let report = figures(&folder, &more);
    let origin = |side: usize| {
        let parts = report["sides"][side]["parts"].as_array().unwrap();
        parts.iter().find(|part| part["name"] == "tokenize").unwrap()["origin"].as_str().unwrap().to_owned()
    };
    assert_eq!(origin(0), "built in");
    assert!(origin(1).contains("pipeline_tokenize"), "{}", origin(1));
    assert_eq!(report["comparison"]["same_records"], true);
}

#[test]
fn standard_input_is_measured_too() {
    let done = with_input(
        ["bench", "-", "--seconds", "1", "--threads", "1", "--layers", "language"],
        TEXTS.as_bytes(),
    );
    assert_eq!(done.status, 0, "{}", done.err);
    assert!(done.out.contains("standard input: 2 documents, "), "{}", done.out);
    for title in
        ["MB/s", "documents/s", "words/s", "peak memory", "latency of a document", "start to first record"]
    {
        assert!(done.out.contains(title), "{title} is not in {}", done.out);
    }
}

#[test]
fn what_cannot_be_measured_is_refused_as_run_refuses_it() {
    let folder = Folder::new();
    let refusal = |more: &[&str]| pipeline(["bench"].iter().chain(more)).refusal();
    assert!(refusal(&["none.jsonl"]).contains("none.jsonl does not exist"));
    assert!(refusal(&["--stages", "tokenise"]).contains("did you mean `tokenize`"));
    assert!(refusal(&["--against", "none.toml"]).contains("none.toml cannot be read"));
    let wrong = folder.file("wrong.toml", "[pipelines]");
    assert!(refusal(&["--against", wrong.to_str().unwrap()]).contains("did you mean `pipeline`"));
    let empty = folder.file("empty.jsonl", "{\"txt\":\"a\"}\n");
    assert!(refusal(&[empty.to_str().unwrap(), "--seconds", "1"]).contains("--text-field"));
    assert!(refusal(&["-", "README.md"]).contains("give - alone"));
    let Done { status, err, .. } = pipeline(["bench", "--seconds", "0"]);
    assert!(status == 2 && err.contains("1..=86400"), "{err}");
}
