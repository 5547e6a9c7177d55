//! Learns the language model: `train_language TABLES OUT [ROWS [EXAMPLES]]`.
//!
//! TABLES is a folder with the unpacked crates `lingua-*-language-model` 1.3.0 (Apache-2.0): what a project that
//! depends on `lingua` has in its registry cache after `cargo fetch`. Only `models/ngrams.fst` of each is read, never
//! its test data. With ROWS 24000 and EXAMPLES 60000 (the defaults) it takes two to four minutes on one core.
mod chain;

use std::collections::BTreeSet;
use std::path::Path;

use stages::language::script::Script;
use stages::language::train::{Options, Random, Source, train};

/// Names of the tables with the BCP 47 code of the language, by script.
const LATIN: &[(&str, &str)] = &[
    ("afrikaans", "af"),
    ("albanian", "sq"),
    ("azerbaijani", "az"),
    ("basque", "eu"),
    ("bokmal", "nb"),
    ("bosnian", "bs"),
    ("catalan", "ca"),
    ("croatian", "hr"),
    ("czech", "cs"),
    ("danish", "da"),
    ("dutch", "nl"),
    ("english", "en"),
    ("esperanto", "eo"),
    ("estonian", "et"),
    ("finnish", "fi"),
    ("french", "fr"),
    ("ganda", "lg"),
    ("german", "de"),
    ("hungarian", "hu"),
    ("icelandic", "is"),
    ("indonesian", "id"),
    ("irish", "ga"),
    ("italian", "it"),
    ("latin", "la"),
    ("latvian", "lv"),
    ("lithuanian", "lt"),
    ("malay", "ms"),
    ("maori", "mi"),
    ("nynorsk", "nn"),
    ("polish", "pl"),
    ("portuguese", "pt"),
    ("romanian", "ro"),
    ("shona", "sn"),
    ("slovak", "sk"),
    ("slovene", "sl"),
    ("somali", "so"),
    ("sotho", "st"),
    ("spanish", "es"),
    ("swahili", "sw"),
    ("swedish", "sv"),
    ("tagalog", "tl"),
    ("tsonga", "ts"),
    ("tswana", "tn"),
    ("turkish", "tr"),
    ("vietnamese", "vi"),
    ("welsh", "cy"),
    ("xhosa", "xh"),
    ("yoruba", "yo"),
    ("zulu", "zu"),
];
const CYRILLIC: &[(&str, &str)] = &[
    ("belarusian", "be"),
    ("bulgarian", "bg"),
    ("kazakh", "kk"),
    ("macedonian", "mk"),
    ("mongolian", "mn"),
    ("russian", "ru"),
    ("serbian", "sr"),
    ("ukrainian", "uk"),
];
const ARABIC: &[(&str, &str)] = &[("arabic", "ar"), ("persian", "fa"), ("urdu", "ur")];
const DEVANAGARI: &[(&str, &str)] = &[("hindi", "hi"), ("marathi", "mr")];

/// The runs of a table with their probabilities, those in letters of the script only.
fn table(folder: &Path, name: &str, script: Script) -> Vec<(Vec<char>, f64)> {
    let entry = std::fs::read_dir(folder)
        .expect("a folder")
        .filter_map(Result::ok)
        .find(|e| e.file_name().to_string_lossy().starts_with(&format!("lingua-{name}-")));
    let bytes = std::fs::read(
        entry.unwrap_or_else(|| panic!("no table for {name}")).path().join("models/ngrams.fst"),
    )
    .expect("readable");
    let map = fst::Map::new(bytes).expect("a table");
    let mut stream = map.stream();
    let mut runs = vec![];
    while let Some((run, ln)) = fst::Streamer::next(&mut stream) {
        let run: Vec<char> = String::from_utf8_lossy(run).chars().collect();
        if run.iter().all(|&c| matches!(Script::of(c), s if s == script || s == Script::None)) {
            runs.push((run, f64::from_bits(ln)));
        }
    }
    runs
}

fn source(folder: &Path, name: &str, code: &str, script: Script, words: usize, seed: u64) -> Source {
    let table = table(folder, name, script);
    let chain = chain::Chain::new(&table);
    let mut random = Random::new(seed);
    let running: Vec<String> = (0..words).map(|_| chain.word(&mut random)).collect();
    let distinct: BTreeSet<&String> = running.iter().collect();
    let distinct = distinct.into_iter().cloned().collect();
    Source { code: code.to_owned(), distinct, running }
}

fn main() {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let folder = Path::new(&args[0]);
    let rows: usize = args.get(2).map_or(24_000, |rows| rows.parse().expect("a number"));
    let examples: usize = args.get(3).map_or(60_000, |n| n.parse().expect("a number"));
    let words: usize = 200_000;
    let groups = [
        (Script::Latin, LATIN, 20, rows),
        (Script::Cyrillic, CYRILLIC, 18, rows / 2),
        (Script::Arabic, ARABIC, 16, 6000),
        (Script::Devanagari, DEVANAGARI, 16, 4000),
    ];
    let trained: Vec<_> = groups
        .iter()
        .map(|&(script, languages, bits, rows)| {
            let sources: Vec<Source> = languages
                .iter()
                .enumerate()
                .map(|(i, (name, code))| source(folder, name, code, script, words, i as u64))
                .collect();
            eprintln!("{script:?}: {} languages", sources.len());
            train(script, &sources, &Options { bits, rows, examples, seed: 7 })
        })
        .collect();
    std::fs::write(
        &args[1],
        stages::language::Model::new(trained)
            .to_bytes("n-gram tables of the crates lingua-*-language-model 1.3.0", "Apache-2.0"),
    )
    .expect("writable");
}
