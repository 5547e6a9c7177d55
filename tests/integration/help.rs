//! What the program says of itself.

use crate::program::pipeline;

/// What a command prints when all is well.
#[track_caller]
fn said(args: &[&str]) -> String {
    let done = pipeline(args);
    assert_eq!((done.status, done.err.as_str()), (0, ""));
    done.out
}

#[test]
fn help_fits_a_screen_and_has_examples() {
    for command in ["", "run", "stages", "train", "eval", "view", "graph", "bench", "plugins"] {
        let command: Vec<&str> = command.split_whitespace().chain(["-h"]).collect();
        let help = said(&command);
        assert!(help.lines().count() <= 50, "{command:?}: {} lines", help.lines().count());
        assert!(help.contains("Usage: pipeline"), "{help}");
        assert!(command[0] == "stages" || help.contains("Examples:"), "{help}");
    }
}

#[test]
fn long_help_says_what_goes_in_and_what_comes_out() {
    let help = said(&["run", "--help"]);
    for word in ["INPUT", "OUTPUT", "EXIT STATUS", "NAME.part", "--max-doc-bytes", "skip-stage"] {
        assert!(help.contains(word), "{word} is not in {help}");
    }
}

#[test]
fn the_version_says_which_interface_stages_have() {
    let version = said(&["--version"]);
    assert!(version.starts_with(&format!("pipeline {}\n", env!("CARGO_PKG_VERSION"))), "{version}");
    assert!(version.contains("(ABI) 1."), "{version}");
}

#[test]
fn stages_are_listed_with_what_they_need_and_give() {
    let text = said(&["stages"]);
    assert!(text.contains("tokenize (built in)") && text.contains("gives    tokens (spans"), "{text}");
    let json: serde_json::Value = serde_json::from_str(&said(&["stages", "--json"])).unwrap();
    let names: Vec<_> =
        json.as_array().unwrap().iter().map(|stage| stage["name"].as_str().unwrap()).collect();
    assert_eq!(names[..2], ["language", "tokenize"]);
    assert_eq!(json[1]["provides"], serde_json::json!(["tokens", "sentences"]));
}
