//! Parses and open relations in records: the same words in every unit, references to tokens that are there.

use serde_json::Value;

use crate::program::with_input;

const TEXT: &str =
    "Zoë 👩‍👩‍👧 Berg met Ümit Kaya in Kraków on Monday. \"Acme was not bought by Berg Holding,\" said Zoë Berg.";

fn records(layers: &str) -> [Value; 3] {
    ["chars", "bytes", "utf16"].map(|unit| {
        let done = with_input(["run", "-", "--offsets", unit, "--layers", layers], TEXT.as_bytes());
        done.well().remove(0)
    })
}

fn words(unit: usize, pair: &Value) -> String {
    let Some(pair) = pair.as_array() else { return "-".to_owned() };
    let [start, end] = [0, 1].map(|at| pair[at].as_u64().unwrap() as usize);
    match unit {
        0 => TEXT.chars().skip(start).take(end - start).collect(),
        1 => TEXT[start..end].to_owned(),
        _ => String::from_utf16(&TEXT.encode_utf16().collect::<Vec<_>>()[start..end]).unwrap(),
    }
}

#[test]
fn triples_are_the_same_words_in_every_unit() {
    let all: Vec<Vec<String>> = records("triples")
        .iter()
        .enumerate()
        .map(|(unit, record)| {
            let triples = record["triples"].as_array().unwrap();
            let said = |triple: &Value| {
                let spans = ["subject", "relation", "object"].map(|part| words(unit, &triple[part]));
                let args = triple["args"].as_array().unwrap().iter();
                let args: Vec<String> = args
                    .map(|arg| format!("{} {}", arg["role"].as_str().unwrap(), words(unit, &arg["span"])))
                    .collect();
                format!(
                    "{} [{}] {} {}",
                    spans.join(" | "),
                    triple["predicate"],
                    triple["flags"],
                    args.join("; ")
                )
            };
            triples.iter().map(said).collect()
        })
        .collect();
    let wanted = "Acme | was not bought by | Berg Holding [\"be bought by\"] \
                  [\"negated\",\"passive\",\"attributed\"] source Zoë Berg";
    assert!(all[0].iter().any(|one| one == wanted), "{:#?}", all[0]);
    assert_eq!(all[0], all[1]);
    assert_eq!(all[0], all[2]);
}

#[test]
fn syntax_stands_beside_tokens() {
    let [record, ..] = records("tokens,syntax");
    let (tokens, syntax) = (record["tokens"].as_array().unwrap(), record["syntax"].as_array().unwrap());
    assert_eq!(tokens.len(), syntax.len());
    let word = |at: usize| words(0, &tokens[at]);
    let bought = (0..tokens.len()).find(|&at| word(at) == "bought").unwrap();
    let acme = (0..tokens.len()).find(|&at| word(at) == "Acme").unwrap();
    assert_eq!((&syntax[bought]["pos"], &syntax[acme]["deprel"]), (&"VERB".into(), &"nsubj:pass".into()));
    assert_eq!(syntax[acme]["head"], bought);
    assert!(syntax.iter().any(|row| row["head"].is_null() && row["deprel"] == "root"));
}

#[test]
fn other_languages_are_skipped() {
    let german = "Die Kanzlerin traf am Dienstag in München den Präsidenten Brasiliens zu einem Gespräch.";
    let record = with_input(["run", "-", "--layers", "triples"], german.as_bytes()).well().remove(0);
    let skipped = record["skipped"].as_array().unwrap();
    assert!(skipped.iter().any(|one| one["stage"] == "syntax" || one["stage"] == "triples"), "{record}");
    assert_eq!(record["errors"], serde_json::json!([]));
}
