//! Training of `syntax` on treebanks.

use stages::gold::GoldDoc;
use stages::score_syntax::{SyntaxScores, Word};
use stages::syntax::train::{self, Options, Progress, Resources};
use stages::syntax::{Parsed, Parser, Scratch, recipe};

use super::{data_file, list, provenance, read_all};
use crate::cli;
use crate::eval::as_words;

/// Learns a model; the content of its file.
pub(super) fn train_syntax(args: &cli::Train) -> Result<Vec<u8>, String> {
    let docs = if args.recipe { recipe_docs()? } else { read_all(&args.train)? };
    let mut options = if args.recipe {
        recipe::options()
    } else {
        let (provenance, language) = (provenance(&args.train), args.language.clone());
        Options { provenance, language, ..Options::default() }
    };
    options.seed = args.seed;
    options.parser.epochs = args.epochs.unwrap_or(options.parser.epochs);
    options.tagger.epochs = args.epochs.unwrap_or(options.tagger.epochs);
    let [classes, brown] = [list(args, recipe::LISTS[0])?, list(args, recipe::LISTS[1])?];
    let resources = Resources { classes: &classes, brown: &brown };
    let dev = as_words(&read_all(&args.dev)?);
    let score = |parser: &Parser| score(parser, &dev);
    let score: Option<&dyn Fn(&Parser) -> String> = if dev.is_empty() { None } else { Some(&score) };
    let progress = Progress { say: &|line| eprintln!("{line}"), score };
    train::train(&docs, &resources, &options, &progress).map_err(|error| error.to_string())
}

fn recipe_docs() -> Result<Vec<GoldDoc>, String> {
    let files = recipe::TREEBANKS.map(data_file).into_iter().collect::<Result<Vec<_>, _>>()?;
    let docs = read_all(&files)?;
    Ok(docs.into_iter().filter(|doc| recipe::is_used(&doc.id)).collect())
}

/// Scores with the words and sentences of the treebank given.
fn score(parser: &Parser, docs: &[GoldDoc]) -> String {
    let (mut scratch, mut found, mut scores) = (Scratch::default(), Vec::new(), SyntaxScores::default());
    for doc in docs {
        let (Some(words), Some(gold)) = (&doc.words, &doc.syntax) else { continue };
        let mut first = 0;
        for sentence in gold.chunk_by(|a, b| a.sentence == b.sentence) {
            let spans = &words[first..first + sentence.len()];
            found.clear();
            parser.parse(&doc.text, spans, &mut scratch, &mut found);
            let gold = sentence.iter().zip(spans).map(|(word, &span)| Word {
                span,
                pos: &word.pos,
                head: word.head.map(|head| head as usize - first),
                label: &word.label,
            });
            let of = |(&span, word): (_, &Parsed)| Word {
                span,
                pos: &parser.pos()[usize::from(word.pos)],
                head: word.head.map(|head| head as usize),
                label: &parser.labels()[usize::from(word.label)],
            };
            let found: Vec<_> = spans.iter().zip(&found).map(of).collect();
            scores.add(&gold.collect::<Vec<_>>(), &found);
            first += sentence.len();
        }
    }
    let [pos, uas, las] = [scores.pos, scores.uas, scores.las].map(|counts| 100.0 * counts.f1());
    format!("dev UPOS {pos:.2} UAS {uas:.2} LAS {las:.2}")
}
