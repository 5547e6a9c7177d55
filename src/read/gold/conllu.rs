//! CoNLL-U treebanks: raw text per document with its surface tokens, syntactic words and sentences.
//!
//! Format: <https://universaldependencies.org/format.html>. The raw text is put together as the treebanks'
//! own plain-text releases are: sentences follow each other with a space unless the last token says
//! `SpaceAfter=No`, and a blank line stands before each paragraph. A file that names no document is one.

use pipeline_core::Span;
use stages::gold::{GoldDoc, GoldWord};

use super::Fault;
use super::token_text::span;

pub(super) fn parse(name: &str, text: &str) -> Result<Vec<GoldDoc>, Fault> {
    let mut docs = Documents { current: Document::new(name), ..Documents::default() };
    for (i, line) in text.lines().enumerate() {
        docs.line(i + 1, line.trim_end_matches('\r'))?;
    }
    docs.end_sentence()?;
    docs.end_document(name);
    Ok(docs.done)
}

#[derive(Default)]
struct Documents<'a> {
    done: Vec<GoldDoc>,
    current: Document,
    sentence: Sentence<'a>,
}

#[derive(Default)]
struct Document {
    id: String,
    text: String,
    tokens: Vec<Span>,
    words: Vec<Span>,
    syntax: Vec<GoldWord>,
    sentences: Vec<Span>,
    /// Whether the last token is followed by no blank.
    glued: bool,
}

impl Document {
    fn new(id: &str) -> Self {
        Self { id: id.to_owned(), ..Self::default() }
    }
}

#[derive(Default)]
struct Sentence<'a> {
    text: Option<&'a str>,
    new_paragraph: bool,
    /// Line, form, number of words it stands for (0: a plain word), and whether no blank follows.
    tokens: Vec<Token<'a>>,
    words: Vec<Word<'a>>,
    /// Words that the multiword token under way still covers.
    covered: usize,
}

/// A syntactic word: line, form, and what is said of it.
struct Word<'a> {
    line: usize,
    form: &'a str,
    pos: &'a str,
    tag: &'a str,
    head: &'a str,
    label: &'a str,
}

struct Token<'a> {
    line: usize,
    form: &'a str,
    words: usize,
    glued: bool,
}

impl<'a> Documents<'a> {
    fn line(&mut self, number: usize, line: &'a str) -> Result<(), Fault> {
        if line.is_empty() {
            return self.end_sentence();
        }
        match line.strip_prefix('#') {
            Some(comment) => self.comment(comment.trim()),
            None => self.sentence.row(number, line)?,
        }
        Ok(())
    }

    fn comment(&mut self, comment: &'a str) {
        let (key, value) = comment.split_once('=').unwrap_or((comment, ""));
        match key.trim() {
            "text" => self.sentence.text = Some(value.trim()),
            "newpar" | "newpar id" => self.sentence.new_paragraph = true,
            "newdoc" | "newdoc id" => {
                let id = match value.trim() {
                    "" => format!("{}", self.done.len() + 1),
                    id => id.to_owned(),
                };
                self.end_document(&id);
            }
            _ => {}
        }
    }

    /// Puts the finished document away and opens the next.
    fn end_document(&mut self, next: &str) {
        let doc = std::mem::replace(&mut self.current, Document::new(next));
        if doc.tokens.is_empty() {
            return;
        }
        self.done.push(GoldDoc {
            id: doc.id,
            text: doc.text,
            tokens: Some(doc.tokens),
            words: Some(doc.words),
            syntax: annotated(&doc.syntax).then_some(doc.syntax),
            sentences: Some(doc.sentences),
            ..GoldDoc::default()
        });
    }

    fn end_sentence(&mut self) -> Result<(), Fault> {
        let sentence = std::mem::take(&mut self.sentence);
        if sentence.tokens.is_empty() {
            // Comments ahead of a document may be followed by a blank line: what they said still holds.
            self.sentence.new_paragraph = sentence.new_paragraph;
            return Ok(());
        }
        self.current.append(&sentence)
    }
}

impl<'a> Sentence<'a> {
    fn row(&mut self, line: usize, row: &'a str) -> Result<(), Fault> {
        let columns: Vec<&str> = row.split('\t').collect();
        let [id, form, _, pos, tag, _, head, label, _, misc, ..] = columns[..] else {
            return Err(Fault::new(line, "has fewer than the 10 columns of CoNLL-U, parted by tabs"));
        };
        let glued = misc.split('|').any(|entry| entry == "SpaceAfter=No");
        if id.contains('.') {
            return Ok(()); // a node of the enhanced graph, not in the text
        }
        if let Some((first, last)) = id.split_once('-') {
            let range = first.parse::<usize>().ok().zip(last.parse::<usize>().ok());
            let words = range.and_then(|(first, last)| last.checked_sub(first));
            let words =
                1 + words.ok_or_else(|| Fault::new(line, format!("has the id `{id}`; expected is 3-4")))?;
            self.covered = words;
            self.tokens.push(Token { line, form, words, glued });
            return Ok(());
        }
        self.words.push(Word { line, form, pos, tag, head, label });
        if self.covered == 0 {
            self.tokens.push(Token { line, form, words: 0, glued });
        } else {
            self.covered -= 1;
        }
        Ok(())
    }

    /// Whether the heads from a word on never reach the root.
    fn in_circle(&self, word: &Word<'_>) -> bool {
        let mut at = word_number(word.head, self.words.len()).unwrap_or(0);
        (0..self.words.len()).for_each(|_| {
            let above = (at as usize).checked_sub(1).map(|at| &self.words[at]);
            at = above.and_then(|word| word_number(word.head, self.words.len())).unwrap_or(0);
        });
        at != 0
    }

    /// The text as the treebank gives it, or as its tokens make it.
    fn surface(&self) -> String {
        if let Some(text) = self.text {
            return text.to_owned();
        }
        let mut text = String::new();
        for token in &self.tokens {
            text.push_str(token.form);
            text.push_str(if token.glued { "" } else { " " });
        }
        text.trim_end().to_owned()
    }
}

impl Document {
    fn append(&mut self, sentence: &Sentence<'_>) -> Result<(), Fault> {
        if !self.text.is_empty() {
            self.text.push_str(match (sentence.new_paragraph, self.glued) {
                (true, _) => "\n\n",
                (false, true) => "",
                (false, false) => " ",
            });
        }
        let start = self.text.len();
        self.text.push_str(&sentence.surface());
        self.sentences.push(span(start, self.text.len()));
        self.align(sentence, start)?;
        self.syntax(sentence)?;
        self.glued = sentence.tokens.last().is_some_and(|token| token.glued);
        Ok(())
    }

    /// What the treebank says of the words of a sentence.
    fn syntax(&mut self, sentence: &Sentence<'_>) -> Result<(), Fault> {
        let (first, number) = (self.syntax.len() as u32, self.sentences.len() as u32 - 1);
        if let Some(word) = sentence.words.iter().find(|word| sentence.in_circle(word)) {
            return Err(Fault::new(word.line, "depends on itself, by way of its heads"));
        }
        let known = |value: &str| if value == "_" { String::new() } else { value.to_owned() };
        for word in &sentence.words {
            let head = match word.head {
                "_" => None,
                head => Some(word_number(head, sentence.words.len()).ok_or_else(|| {
                    let most = sentence.words.len();
                    Fault::new(word.line, format!("has the head `{head}`; expected is 0 to {most}"))
                })?),
            };
            self.syntax.push(GoldWord {
                form: word.form.to_owned(),
                sentence: number,
                pos: known(word.pos),
                tag: known(word.tag),
                head: head.and_then(|head| head.checked_sub(1)).map(|head| first + head),
                label: known(word.label),
            });
        }
        Ok(())
    }

    /// Finds each token in the text, one after the other.
    fn align(&mut self, sentence: &Sentence<'_>, start: usize) -> Result<(), Fault> {
        let (mut at, mut word) = (start, 0);
        for token in &sentence.tokens {
            let rest = &self.text[at..];
            at += rest.len() - rest.trim_start().len();
            if !self.text[at..].starts_with(token.form) {
                return Err(Fault::new(
                    token.line,
                    format!("has the form `{}`, which `# text` lacks", token.form),
                ));
            }
            let found = span(at, at + token.form.len());
            at += token.form.len();
            self.tokens.push(found);
            let parts = sentence.words.get(word..word + token.words.max(1));
            let parts = parts.ok_or_else(|| Fault::new(token.line, "covers words that do not follow"))?;
            self.words.extend(spell_out(found, token, parts));
            word += parts.len();
        }
        Ok(())
    }
}

/// The number of a word in a sentence of so many; 0 is the root.
fn word_number(text: &str, words: usize) -> Option<u32> {
    text.parse().ok().filter(|&head: &u32| head as usize <= words)
}

/// Whether a treebank gives dependencies and not words alone.
fn annotated(words: &[GoldWord]) -> bool {
    words.iter().any(|word| !word.label.is_empty() && !word.pos.is_empty())
}

/// Where the words of a token stand: side by side if they spell it, else nowhere.
fn spell_out(whole: Span, token: &Token<'_>, parts: &[Word<'_>]) -> Vec<Span> {
    if token.words == 0 {
        return vec![whole];
    }
    let spelled = parts.iter().map(|part| part.form).collect::<String>() == token.form;
    let mut at = whole.start;
    let place = |part: &Word<'_>| {
        let found = Span::new(at, at + part.form.len() as u32);
        at = found.end;
        if spelled { found } else { Span::NONE }
    };
    parts.iter().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of id, form and the last column.
    fn treebank(rows: &[&str]) -> String {
        let row = |row: &&str| match row.split(' ').collect::<Vec<_>>()[..] {
            [id, form, misc] if !row.starts_with('#') => {
                format!("{id}\t{form}\t_\t_\t_\t_\t_\t_\t_\t{misc}\n")
            }
            _ => format!("{row}\n"),
        };
        rows.iter().map(row).collect()
    }

    fn texts<'a>(doc: &'a GoldDoc, spans: &Option<Vec<Span>>) -> Vec<&'a str> {
        let text = |s: &Span| if s.is_none() { "-" } else { &doc.text[s.range()] };
        spans.as_deref().unwrap_or_default().iter().map(text).collect()
    }

    #[test]
    fn raw_text_tokens_words_and_sentences() {
        let text = treebank(&[
            "# newdoc id = d1",
            "# text = Don't go.",
            "1-2 Don't _",
            "1 Do _",
            "2 n't _",
            "2.1 ghost _",
            "3 go SpaceAfter=No",
            "4 . _",
            "",
            "# text = Vite du pain",
            "1 Vite _",
            "2-3 du _",
            "2 de _",
            "3 le _",
            "4 pain _",
            "",
            "# newpar",
            "# text = Fin",
            "1 Fin _",
            "",
            "# newdoc id = d2",
            "1 A SpaceAfter=No",
            "2 b _",
        ]);
        let docs = parse("x.conllu", &text).unwrap();
        let doc = &docs[0];
        assert_eq!(doc.text, "Don't go. Vite du pain\n\nFin");
        assert_eq!(texts(doc, &doc.tokens), ["Don't", "go", ".", "Vite", "du", "pain", "Fin"]);
        assert_eq!(texts(doc, &doc.words), ["Do", "n't", "go", ".", "Vite", "-", "-", "pain", "Fin"]);
        assert_eq!(texts(doc, &doc.sentences), ["Don't go.", "Vite du pain", "Fin"]);
        assert_eq!((docs[1].id.as_str(), docs[1].text.as_str()), ("d2", "Ab"));
    }

    #[test]
    fn faults_carry_their_line() {
        let text = treebank(&["# text = Ja", "1 Nein _"]);
        let fault = parse("x", &text).unwrap_err();
        assert_eq!((fault.line, fault.message.as_str()), (2, "has the form `Nein`, which `# text` lacks"));
        assert_eq!(parse("x", "1\tA\t_\n").unwrap_err().line, 1);
    }
}
