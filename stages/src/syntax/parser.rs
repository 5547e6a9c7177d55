//! The parser: tags from left to right, then arcs, each decision by a network.

use pipeline_core::Span;

use super::arcs::{self, Desk, Words};
use super::cache::Cache;
use super::choices::Choices;
use super::lexicon::{self, Lexicon};
use super::marks::Marks;
use super::state::Action;
use super::view::{self, FIRST_TAG, PARSE_PLACES, ROOT_TAG, TAG_PLACES, View};
use crate::learn::net::fast::{Hidden, Net};
use crate::model::{self, Expected, Header, ModelError, ModelFile, ModelWriter};

/// Tags part of speech and finds the dependencies of a sentence. It is not changed by use: threads share one, each
/// with a [`Scratch`] of its own.
#[derive(Debug)]
pub struct Parser {
    identity: u64,
    pub(super) header: Header,
    lexicon: Lexicon,
    tagset: Tagset,
    pub(super) view: View,
    pub(super) choices: Choices,
    tagger: Net,
    pub(super) parser: Net,
    /// The label of punctuation, from 1, if that is attached by rule.
    marks: Option<u16>,
}

/// The tags that are told apart inside, finer than those given: a universal tag and one of the language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tagset {
    /// Universal tags.
    pub(crate) pos: Vec<String>,
    /// For each fine tag its universal one.
    pub(crate) of: Vec<u8>,
}

/// What was found for a token.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parsed {
    /// Index into [`Parser::pos`].
    pub pos: u16,
    /// The token it depends on, counted from the first of the sentence; `None` for the root.
    pub head: Option<u32>,
    /// Index into [`Parser::labels`].
    pub label: u16,
}

/// Memory of one worker, reused from sentence to sentence.
#[derive(Debug, Default)]
pub struct Scratch {
    cache: Cache,
    numbers: Vec<u32>,
    /// For each word the set of tags it may have.
    sets: Vec<u16>,
    tags: Vec<u16>,
    features: Vec<u32>,
    hidden: Hidden,
    scores: Vec<i32>,
    desk: Desk,
    heads: Vec<u32>,
    marks: Marks,
}

impl Parser {
    /// Reads a model file.
    ///
    /// # Errors
    /// When the file is no syntax model that this program can use; the message names the cure.
    pub fn load(bytes: &[u8]) -> Result<Self, ModelError> {
        let expected = Expected {
            kind: super::KIND,
            features: lexicon::VERSION,
            tokenizer: Some(crate::tokenize::VERSION),
        };
        let file = ModelFile::read(bytes, &expected)?;
        let (header, tagset) = (file.header().clone(), Tagset::read(&file)?);
        let (tags, labels) = (tagset.of.len(), header.labels.len());
        let (view, lexicon) = (View::new(tags, labels), Lexicon::read(&file)?);
        let mut parser = Self {
            identity: model::identity(),
            choices: Choices::read(&file, lexicon.len(), tags, labels)?,
            lexicon,
            tagger: Net::read(&file, "tagger")?,
            parser: Net::read(&file, "parser")?,
            marks: match file.section::<u16>("marks")?[..] {
                [label] if (1..=labels).contains(&usize::from(label)) => Some(label),
                _ => None,
            },
            header,
            tagset,
            view,
        };
        parser.check()?;
        parser.parser.take_out(lexicon::NONE, view.nothing());
        Ok(parser)
    }

    /// Whether the networks have the sizes that labels and lexicon ask for.
    fn check(&self) -> Result<(), ModelError> {
        let (tagger, parser) = (self.tagger.shape(), self.parser.shape());
        let sizes =
            |shape: crate::learn::net::Shape| [shape.features, shape.places, shape.cells, shape.outcomes];
        let labels = self.header.labels.len();
        let wanted = [self.lexicon.len(), TAG_PLACES, self.view.tag_cells(), self.tagset.of.len()];
        let fault = |name: &str| ModelError::Section(name.to_owned(), "does not fit the labels");
        if sizes(tagger) != wanted {
            return Err(fault("tagger.shape"));
        }
        let wanted = [self.lexicon.len(), PARSE_PLACES, self.view.parse_cells(), OUTCOMES + 2 * labels];
        if sizes(parser) != wanted || labels == 0 {
            return Err(fault("parser.shape"));
        }
        Ok(())
    }

    /// The tags: parts of speech.
    #[must_use]
    pub fn pos(&self) -> &[String] {
        &self.tagset.pos
    }

    /// The labels of dependencies.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        &self.header.labels
    }

    /// What the model file says about itself.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Tags and parses a sentence, given by its tokens, and appends what is found for each to `out`.
    pub fn parse(&self, text: &str, tokens: &[Span], scratch: &mut Scratch, out: &mut Vec<Parsed>) {
        let form = |token: &Span| &text[token.range()];
        self.look_up(tokens.iter().map(form), scratch);
        self.tag(scratch);
        let Scratch { cache, numbers, desk, tags, heads, marks, .. } = scratch;
        let [_, given] = cache.given();
        self.attach(given, Words { numbers, tags }, desk);
        let state = desk.beam.best();
        heads.clear();
        heads.extend(state.nodes.iter().map(|node| node.head));
        if let Some(label) = self.marks {
            marks.attach(heads, |at| form(&tokens[at - 1]), |at| state.nodes[at].label == label);
        }
        let words = state.nodes.iter().zip(tags.iter()).zip(heads.iter());
        for ((node, &tag), &head) in words.skip(1).take(tokens.len()) {
            let head = (head != state.root).then(|| head - 1);
            let pos = u16::from(self.tagset.of[usize::from(tag - FIRST_TAG)]);
            out.push(Parsed { pos, head, label: node.label - 1 });
        }
    }

    /// The words of the sentence by number; beside it stand none and the root.
    fn look_up<'t>(&self, forms: impl Iterator<Item = &'t str>, scratch: &mut Scratch) {
        let Scratch { cache, numbers, sets, features, tags, .. } = scratch;
        let nets = [&self.tagger, &self.parser];
        cache.begin(self.identity, nets, &[lexicon::NONE, lexicon::ROOT]);
        numbers.clear();
        numbers.push(0);
        sets.clear();
        sets.push(0);
        for form in forms {
            let (number, set) = cache.number(form, nets, || {
                features.clear();
                self.lexicon.features(form, features);
                let set = self.choices.set_of_form(features[0], form.starts_with(char::is_uppercase));
                (features, set)
            });
            numbers.push(number);
            sets.push(set);
        }
        numbers.push(1);
        tags.clear();
        tags.resize(numbers.len(), 0);
    }

    fn tag(&self, scratch: &mut Scratch) {
        let Scratch { cache, numbers, sets, tags, hidden, scores, .. } = scratch;
        let ([given, _], net) = (cache.given(), &self.tagger);
        let count = numbers.len() - 2;
        for at in 1..=count {
            let open = self.choices.tags(sets[at]);
            if let [only] = open {
                tags[at] = FIRST_TAG + u16::from(*only);
                continue;
            }
            let mut items = [0; TAG_PLACES];
            for (place, (row, item)) in items.iter_mut().zip(view::tag_places(at, count)).enumerate() {
                *row = given.row(net, numbers[item], place);
            }
            let before = [tags[at - 1], if at > 1 { tags[at - 2] } else { 0 }];
            let cells = view::tag_cells(self.view, before, at == 1, false);
            let mut rows = [net.bias(); 1 + TAG_PLACES + 3];
            rows[1..].iter_mut().zip(items).for_each(|(row, item)| *row = given.get(net, item));
            rows[1 + TAG_PLACES..].iter_mut().zip(cells).for_each(|(row, cell)| *row = net.cell(cell));
            net.hide(&rows, hidden);
            net.scores(hidden, 0, open, scores);
            tags[at] = FIRST_TAG + u16::from(open[arcs::best(scores)]);
        }
        tags[count + 1] = ROOT_TAG;
    }
}

/// Outcomes of the parser's network: the actions, then the labels of arcs to the left, then to the right.
pub(crate) const OUTCOMES: usize = 3;

/// Outcomes that are labels of the arc an action makes.
pub(crate) fn label_range(action: Action, labels: usize) -> Option<std::ops::Range<usize>> {
    match action {
        Action::Shift => None,
        Action::Left => Some(OUTCOMES..OUTCOMES + labels),
        Action::Right => Some(OUTCOMES + labels..OUTCOMES + 2 * labels),
    }
}

impl Tagset {
    pub(crate) fn write(&self, writer: &mut ModelWriter) {
        writer.section("tags.names", self.pos.join("\n").as_bytes());
        writer.section("tags.of", &self.of);
    }

    fn read(file: &ModelFile<'_>) -> Result<Self, ModelError> {
        let fault = |why| ModelError::Section("tags.of".to_owned(), why);
        let names = String::from_utf8(file.section("tags.names")?).map_err(|_| fault("is not text"))?;
        let pos: Vec<String> = names.lines().map(str::to_owned).collect();
        let of: Vec<u8> = file.section("tags.of")?;
        match of.is_empty() || of.iter().any(|&tag| usize::from(tag) >= pos.len()) {
            true => Err(fault("does not fit its names")),
            false => Ok(Self { pos, of }),
        }
    }
}
