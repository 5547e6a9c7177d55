//! `view` and `graph`: records in, a page or a network out.

use crate::args;
use crate::program::{Done, Folder, pipeline, with_input};

/// Two documents that name one company, with texts apart.
const SOURCE: &str = "\
{\"id\":\"a\",\"text\":\"Zoë Ott runs Acme.\"}
{\"id\":\"b\",\"text\":\"Acme bought Bolt.\"}
";
const RECORDS: &str = "\
{\"id\":\"a\",\"entities\":[{\"start\":0,\"end\":7,\"label\":\"PERSON\",\"text\":\"Zoë Ott\"},\
{\"start\":13,\"end\":17,\"label\":\"ORG\",\"text\":\"Acme\"}],\
\"relations\":[{\"head\":0,\"tail\":1,\"label\":\"employee_of\",\"score\":0.9,\"trigger\":[8,12]}],\
\"meta\":{\"date\":\"2025-04-14\"},\"errors\":[]}
{\"id\":\"b\",\"entities\":[{\"start\":0,\"end\":4,\"label\":\"ORG\",\"text\":\"Acme\"},\
{\"start\":12,\"end\":16,\"label\":\"ORG\",\"text\":\"Bolt\"}],\
\"relations\":[{\"head\":0,\"tail\":1,\"label\":\"owns\",\"score\":0.8,\"trigger\":[5,11]}],\"errors\":[]}
";

struct Given {
    folder: Folder,
}

impl Given {
    fn new() -> Self {
        let folder = Folder::new();
        folder.file("out.jsonl", RECORDS);
        folder.file("in.jsonl", SOURCE);
        Self { folder }
    }

    fn run(&self, command: &str, output: &str, more: &[&str]) -> Done {
        let path = |name: &str| self.folder.path(name).into_os_string();
        let mut all = vec![command.into(), path("out.jsonl"), "-o".into(), path(output)];
        all.extend(more.iter().map(|arg| match arg.ends_with(".jsonl") {
            true => path(arg),
            false => arg.into(),
        }));
        pipeline(all)
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path(name)).unwrap()
    }
}

#[test]
fn a_page_needs_texts_and_says_where_they_come_from() {
    let given = Given::new();
    let error = given.run("view", "a.html", &[]).refusal();
    assert!(error.contains("--layers +text") && error.contains("--source"), "{error}");
    assert!(!given.folder.path("a.html").exists());
    let done = given.run("view", "a.html", &["--source", "in.jsonl", "--title", "A & B"]);
    assert_eq!((done.status, done.err.contains("2 documents in")), (0, true), "{}", done.err);
    let page = given.read("a.html");
    assert!(page.contains("<title>A &amp; B</title>") && page.contains("Zoë Ott runs Acme."));
    given.folder.file("in.jsonl", SOURCE.replace("Zoë", "Zoe"));
    let error = given.run("view", "b.html", &["--source", "in.jsonl"]).refusal();
    assert!(error.contains("\"Zoë Ott\" should stand at 0..7, there is \"Zoe Ott\""), "{error}");
    given.folder.file("in.jsonl", SOURCE.replace("\"b\"", "\"c\""));
    let error = given.run("view", "b.html", &["--source", "in.jsonl"]).refusal();
    assert!(error.contains("--source has no document b"), "{error}");
}

#[test]
fn a_page_takes_a_part_and_the_output_of_run_itself() {
    let given = Given::new();
    let done = given.run("view", "a.html", &["--source", "in.jsonl", "--limit", "1"]);
    assert_eq!(done.status, 0, "{}", done.err);
    assert!(!given.read("a.html").contains("Bolt"));
    let records = pipeline(["run", "examples/news/wire.jsonl", "--layers", "+text,entities", "--keep-meta"]);
    let page = given.folder.path("wire.html");
    let done = with_input(args!["view", "-", "-o", page, "--quiet"], records.out.as_bytes());
    assert_eq!((done.status, done.err.as_str()), (0, ""));
    assert!(given.read("wire.html").contains("Grace Cherono"));
}

#[test]
fn networks_are_written_in_every_format() {
    let given = Given::new();
    for output in ["who.graphml", "who.csv", "who.nt", "new/"] {
        let done = given.run("graph", output, &["--source", "in.jsonl"]);
        assert_eq!(done.status, 0, "{output}: {}", done.err);
        assert!(done.err.contains("3 names, 2 edges from 2 relations"), "{}", done.err);
    }
    let graphml = given.read("who.graphml");
    assert!(graphml.contains("<edge id=\"e1\" source=\"PERSON:zoë_ott\" target=\"ORG:acme\">"), "{graphml}");
    assert!(graphml.contains("<data key=\"edge-triggers\">[&quot;runs&quot;]</data>"), "{graphml}");
    let edges = given.read("who.edges.csv");
    assert_eq!(
        edges.lines().nth(2),
        Some("PERSON:zoë_ott,ORG:acme,employee_of,1,1,0.9,2025-04-14,2025-04-14,a,runs"),
        "{edges}"
    );
    assert_eq!(given.read("new/edges.csv"), edges);
    let triple = "<urn:pipeline:thing/ORG:acme> <urn:pipeline:relation/owns> <urn:pipeline:thing/ORG:bolt> .";
    assert!(given.read("who.nt").lines().any(|line| line == triple));
}

#[test]
fn a_network_without_texts_lacks_only_triggers() {
    let given = Given::new();
    let done = given.run("graph", "who.csv", &[]);
    assert_eq!(done.status, 0);
    assert!(done.err.contains("2 records hold no text"), "{}", done.err);
    assert!(given.read("who.edges.csv").contains(",employee_of,1,1,0.9,2025-04-14,2025-04-14,a,\n"));
}

#[test]
fn what_is_no_output_of_run_is_refused() {
    let given = Given::new();
    let refusal = |input: &str, output: &str| {
        given.folder.file("bad.jsonl", input);
        let [bad, out] = ["bad.jsonl", output].map(|name| given.folder.path(name));
        let command = if output.ends_with("html") { "view" } else { "graph" };
        pipeline(args![command, bad, "-o", out]).refusal()
    };
    for output in ["a.html", "a.nt"] {
        assert!(refusal("", output).contains("holds no records: give the JSON Lines that"));
        assert!(refusal("Oslo\n", output).contains("line 1: no record of `run`"));
        assert!(refusal(SOURCE, output).contains("line 1: no entities in this record"));
        assert!(
            refusal(
                RECORDS.trim_end().trim_end_matches("\"errors\":[]}").rsplit('\n').next().unwrap(),
                output
            )
            .contains("is cut off")
        );
    }
    let error = refusal(RECORDS, "a.xml");
    assert!([".graphml", ".csv", ".nt"].iter().all(|choice| error.contains(choice)), "{error}");
    assert!(refusal(RECORDS, "none/a.nt").contains("the folder of"));
    assert_eq!(given.folder.names(), ["bad.jsonl", "in.jsonl", "out.jsonl"], "no half file is left");
}
