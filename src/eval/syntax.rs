//! Parts of speech and dependencies, on raw text and with the gold words given.

use pipeline_core::Span;
use stages::gold::{GoldDoc, GoldWord};
use stages::score_syntax::{SyntaxScores, Word};

use super::pass::Found;

/// The documents that have dependencies, as their words with blanks between: so the words can be given.
pub(crate) fn as_words(docs: &[GoldDoc]) -> Vec<GoldDoc> {
    docs.iter().filter_map(|doc| Some(words_of(&doc.id, doc.syntax.as_ref()?))).collect()
}

fn words_of(id: &str, syntax: &[GoldWord]) -> GoldDoc {
    let (mut text, mut words, mut sentences) = (String::new(), Vec::new(), Vec::new());
    for sentence in syntax.chunk_by(|a, b| a.sentence == b.sentence) {
        let start = text.len();
        for word in sentence {
            let at = text.len();
            text.push_str(&word.form);
            words.push(Span::new(at as u32, text.len() as u32));
            text.push(' ');
        }
        sentences.push(Span::new(start as u32, text.len() as u32 - 1));
    }
    GoldDoc {
        id: id.to_owned(),
        text,
        pretokenized: true,
        tokens: Some(words.clone()),
        words: Some(words),
        sentences: Some(sentences),
        syntax: Some(syntax.to_vec()),
        ..GoldDoc::default()
    }
}

/// Adds a document that has dependencies.
pub(super) fn add(scores: &mut SyntaxScores, gold: &GoldDoc, found: &Found) {
    let (Some(words), Some(syntax)) = (&gold.words, &gold.syntax) else { return };
    let head = |word: &GoldWord| word.head.map(|head| head as usize);
    let annotated = syntax.iter().zip(words);
    let gold: Vec<Word<'_>> = annotated
        .map(|(word, &span)| Word { span, pos: &word.pos, head: head(word), label: &word.label })
        .collect();
    let parsed = found.tokens.iter().zip(&found.syntax);
    let found: Vec<Word<'_>> = parsed.map(|(&span, &word)| Word { span, ..word }).collect();
    scores.add(&gold, &found);
}
