//! CoNLL columns: a token and its tag a line, as in CoNLL-2002/2003.
//!
//! The token is the first column, the tag the last; columns are parted by tabs, or by blanks where a line has no
//! tab. Tags are IOB1, BIO2 or BIOES (also written BILOU). A file with `-DOCSTART-` lines has documents; in one
//! without, nothing says which sentences belong together, and each is a document.

use stages::gold::{GoldDoc, GoldEntity};

use super::Fault;
use super::token_text::TokenText;

/// Whether this looks like a token with its tag.
pub(super) fn is_tagged_line(line: &str) -> bool {
    columns(line).is_some_and(|(_, tag)| Tag::parse(tag).is_some())
}

pub(super) fn parse(name: &str, text: &str) -> Result<Vec<GoldDoc>, Fault> {
    let mut docs = Documents { name, with_docstart: text.contains("-DOCSTART-"), ..Documents::default() };
    for (i, line) in text.lines().enumerate() {
        docs.line(i + 1, line)?;
    }
    docs.end_sentence();
    docs.end_document();
    Ok(docs.done)
}

#[derive(Default)]
struct Documents<'a> {
    name: &'a str,
    with_docstart: bool,
    done: Vec<GoldDoc>,
    text: TokenText,
    entities: Vec<GoldEntity>,
    /// Label and first token of the name under way.
    open: Option<(&'a str, usize)>,
    first_line: usize,
}

impl<'a> Documents<'a> {
    fn line(&mut self, number: usize, line: &'a str) -> Result<(), Fault> {
        if line.trim().is_empty() {
            self.end_sentence();
            return Ok(());
        }
        if line.starts_with("-DOCSTART-") {
            self.end_sentence();
            self.end_document();
            return Ok(());
        }
        let (token, tag) = columns(line).ok_or_else(|| {
            Fault::new(number, "has one column; a token and its tag are expected, tab between")
        })?;
        let tag = Tag::parse(tag).ok_or_else(|| {
            Fault::new(number, format!("has the tag `{tag}`; expected are O, or B- I- E- S- and a type"))
        })?;
        if self.text.tokens.is_empty() {
            self.first_line = number;
        }
        self.tag(tag);
        self.text.push(token);
        Ok(())
    }

    /// Takes note of the tag of the token that is about to be appended.
    fn tag(&mut self, tag: Tag<'a>) {
        let here = self.text.tokens.len();
        let continues = matches!((tag, self.open), (Tag::Inside(label), Some((open, _))) if label == open);
        if continues {
            return;
        }
        self.end_entity(here);
        if let Tag::Begin(label) | Tag::Inside(label) = tag {
            self.open = Some((label, here));
        }
    }

    fn end_entity(&mut self, end: usize) {
        if let Some((label, start)) = self.open.take()
            && let Some(span) = self.text.cover(start, end)
        {
            self.entities.push(GoldEntity { span, label: label.to_owned() });
        }
    }

    fn end_sentence(&mut self) {
        self.end_entity(self.text.tokens.len());
        self.text.end_sentence();
        if !self.with_docstart {
            self.end_document();
        }
    }

    fn end_document(&mut self) {
        let text = std::mem::take(&mut self.text);
        let entities = std::mem::take(&mut self.entities);
        if text.tokens.is_empty() {
            return;
        }
        self.done.push(GoldDoc {
            id: format!("{}:{}", self.name, self.first_line),
            text: text.text,
            pretokenized: true,
            tokens: Some(text.tokens),
            sentences: Some(text.sentences),
            entities: Some(entities),
            ..GoldDoc::default()
        });
    }
}

/// First and last column of a line.
fn columns(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_end_matches('\r');
    let (token, tag) = match line.contains('\t') {
        true => (line.split('\t').next()?, line.rsplit('\t').next()?),
        false => (line.split(' ').next()?, line.trim_end().rsplit_once(' ')?.1),
    };
    // A blank inside a token would be taken for two tokens once they are joined.
    (!token.is_empty() && !token.contains(char::is_whitespace)).then_some((token, tag.trim()))
}

/// Every tagging scheme in terms of three tags: the end a scheme marks is told by what follows, too.
#[derive(Clone, Copy)]
enum Tag<'a> {
    Outside,
    Begin(&'a str),
    Inside(&'a str),
}

impl<'a> Tag<'a> {
    fn parse(tag: &'a str) -> Option<Self> {
        if tag == "O" {
            return Some(Self::Outside);
        }
        let (prefix, label) = tag.split_once('-').filter(|(_, label)| !label.is_empty())?;
        match prefix {
            "B" | "S" | "U" => Some(Self::Begin(label)),
            "I" | "E" | "L" | "M" => Some(Self::Inside(label)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(doc: &GoldDoc) -> Vec<(&str, &str)> {
        let entities = doc.entities.as_deref().unwrap_or_default();
        entities.iter().map(|e| (&doc.text[e.span.range()], e.label.as_str())).collect()
    }

    #[test]
    fn documents_sentences_and_names() {
        let text =
            "-DOCSTART-\tO\n\nAnna\tB-PER\nBerg\tI-PER\nBonn\tB-LOC\n\nHi\tO\n\n-DOCSTART-\tO\n\nUN\tB-ORG\n";
        let docs = parse("x.conll", text).unwrap();
        assert_eq!(docs.len(), 2);
        assert_eq!(docs[0].text, "Anna Berg Bonn\nHi");
        assert_eq!(names(&docs[0]), [("Anna Berg", "PER"), ("Bonn", "LOC")]);
        assert_eq!(docs[0].sentences.as_ref().unwrap().len(), 2);
        assert_eq!(docs[1].id, "x.conll:11");
    }

    #[test]
    fn all_schemes_say_the_same() {
        for tags in [["B-ORG", "I-ORG", "B-ORG"], ["I-ORG", "I-ORG", "B-ORG"], ["B-ORG", "E-ORG", "S-ORG"]] {
            let text = format!("Bank\t{}\nNord\t{}\nAlfa\t{}\n", tags[0], tags[1], tags[2]);
            let docs = parse("x", &text).unwrap();
            assert_eq!(names(&docs[0]), [("Bank Nord", "ORG"), ("Alfa", "ORG")], "{tags:?}");
        }
    }

    #[test]
    fn without_docstart_each_sentence_is_a_document() {
        assert_eq!(parse("x", "A\tO\n\nB\tO\n").unwrap().len(), 2);
    }

    #[test]
    fn four_columns_with_blanks() {
        let docs = parse("x", "Oslo NNP I-NP I-LOC\n").unwrap();
        assert_eq!(names(&docs[0]), [("Oslo", "LOC")]);
    }

    #[test]
    fn faults_carry_their_line() {
        assert_eq!(parse("x", "Anna\tB-PER\nBerg\n").unwrap_err().line, 2);
        assert_eq!(parse("x", "Anna\tperson\n").unwrap_err().line, 1);
    }
}
