//! Names as a tree of words: found in one walk over the words of a text, whatever the length of the list.

use std::borrow::Cow;
use std::collections::HashMap;

use pipeline_core::Span;

/// A list of names with labels.
pub(crate) struct Names {
    case_sensitive: bool,
    labels: Vec<String>,
    /// Numbers of the words that names are made of.
    words: HashMap<Box<str>, u32>,
    /// From a node by a word to the next; the root is 0.
    edges: HashMap<(u32, u32), u32>,
    /// Of each node, the label of the name that ends there.
    ends: Vec<Option<u32>>,
}

/// A piece of a word of the text: letters and digits that stand together, or one other character.
pub(crate) struct Atom {
    /// Its number, if names have it.
    word: Option<u32>,
    span: Span,
    opens: bool,
    closes: bool,
}

impl Names {
    /// Reads lines `name<TAB>label`. Of equal names the first counts.
    pub(crate) fn parse(list: &str, case_sensitive: bool) -> Result<Self, String> {
        let mut names = Self {
            case_sensitive,
            labels: Vec::new(),
            words: HashMap::new(),
            edges: HashMap::new(),
            ends: vec![None],
        };
        for (number, line) in list.trim_start_matches('\u{feff}').lines().enumerate() {
            if line.trim().is_empty() || line.starts_with('#') {
                continue;
            }
            let pair = line.split_once('\t').map(|(name, label)| (name.trim(), label.trim()));
            match pair {
                Some((name, label)) if !name.is_empty() && !label.is_empty() => names.add(name, label),
                _ => return Err(format!("line {}: a name, a tab and a label are expected", number + 1)),
            }
        }
        Ok(names)
    }

    /// The labels, by number.
    pub(crate) fn labels(&self) -> &[String] {
        &self.labels
    }

    fn add(&mut self, name: &str, label: &str) {
        let label = self.labels.iter().position(|known| known == label).unwrap_or_else(|| {
            self.labels.push(label.into());
            self.labels.len() - 1
        });
        let mut node = 0;
        for (start, end) in atoms(name) {
            let next = self.words.len() as u32;
            let word = fold(&name[start..end], self.case_sensitive).into();
            let word = *self.words.entry(word).or_insert(next);
            let next = self.ends.len() as u32;
            node = *self.edges.entry((node, word)).or_insert(next);
            if node == next {
                self.ends.push(None);
            }
        }
        self.ends[node as usize].get_or_insert(label as u32);
    }

    /// Calls `found` with each name and the number of its label, from left to right; none overlap.
    pub(crate) fn find(
        &self,
        text: &str,
        tokens: &[Span],
        scratch: &mut Vec<Atom>,
        mut found: impl FnMut(Span, usize),
    ) {
        self.cut(text, tokens, scratch);
        let mut first = 0;
        while first < scratch.len() {
            let longest = if scratch[first].opens { self.longest(&scratch[first..]) } else { None };
            first += match longest {
                Some((count, label)) => {
                    found(
                        Span::new(scratch[first].span.start, scratch[first + count - 1].span.end),
                        label as usize,
                    );
                    count
                }
                None => 1,
            };
        }
    }

    /// Cuts the words of a text into atoms.
    fn cut(&self, text: &str, tokens: &[Span], into: &mut Vec<Atom>) {
        into.clear();
        for token in tokens {
            let word = &text[token.range()];
            for (start, end) in atoms(word) {
                into.push(Atom {
                    word: self.words.get(fold(&word[start..end], self.case_sensitive).as_ref()).copied(),
                    span: Span::new(token.start + start as u32, token.start + end as u32),
                    opens: start == 0,
                    closes: end == word.len(),
                });
            }
        }
    }

    /// How many of the atoms the longest name takes that begins with the first, and its label.
    fn longest(&self, atoms: &[Atom]) -> Option<(usize, u32)> {
        let (mut node, mut longest) = (0, None);
        for (index, atom) in atoms.iter().enumerate() {
            let next = atom.word.and_then(|word| self.edges.get(&(node, word)));
            let Some(&next) = next else { break };
            node = next;
            if let (true, Some(label)) = (atom.closes, self.ends[node as usize]) {
                longest = Some((index + 1, label));
            }
        }
        longest
    }
}

fn fold(word: &str, case_sensitive: bool) -> Cow<'_, str> {
    let as_it_is =
        case_sensitive || word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    if as_it_is { word.into() } else { word.to_lowercase().into() }
}

/// Cuts a text at white space and into atoms. Scripts that put no spaces are cut at every character.
fn atoms(text: &str) -> impl Iterator<Item = (usize, usize)> {
    let joins = |c: char| c.is_alphanumeric() && c < '\u{2e80}' || matches!(c, '\u{300}'..'\u{370}');
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text[at..].find(|c: char| !c.is_whitespace())?;
        let mut end = text[start..].find(|c| !joins(c)).map_or(text.len(), |len| start + len);
        if end == start {
            end += text[start..].chars().next().map_or(0, char::len_utf8);
        }
        at = end;
        Some((start, end))
    })
}
