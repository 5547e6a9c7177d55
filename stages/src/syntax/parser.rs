//! The parser: tags from left to right, then arcs, each decision by a network.

use pipeline_core::Span;

use super::beam::{self, Beam, Way};
use super::cache::Cache;
use super::choices::Choices;
use super::lexicon::{self, Lexicon};
use super::marks::Marks;
use super::state::{Action, State};
use super::view::{self, FIRST_TAG, Look, PARSE_PLACES, ROOT_TAG, TAG_PLACES, View};
use crate::learn::net::fast::{Hidden, Net};
use crate::model::{self, Expected, Header, ModelError, ModelFile, ModelWriter};

/// Tags part of speech and finds the dependencies of a sentence. It is not changed by use: threads share one, each
/// with a [`Scratch`] of its own.
#[derive(Debug)]
pub struct Parser {
    identity: u64,
    header: Header,
    lexicon: Lexicon,
    tagset: Tagset,
    view: View,
    choices: Choices,
    tagger: Net,
    parser: Net,
    fixed: [Vec<i16>; 2],
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
    numbers: Vec<usize>,
    /// For each word the set of tags it may have.
    sets: Vec<u16>,
    tags: Vec<u16>,
    features: Vec<u32>,
    beam: Beam,
    hidden: Hidden,
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
            fixed: Default::default(),
            marks: match file.section::<u16>("marks")?[..] {
                [label] if (1..=labels).contains(&usize::from(label)) => Some(label),
                _ => None,
            },
            header,
            tagset,
            view,
        };
        parser.check()?;
        let mut fixed: [Vec<i16>; 2] = Default::default();
        for feature in [lexicon::NONE, lexicon::ROOT] {
            parser.give(&[feature], &mut fixed);
        }
        parser.fixed = fixed;
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
        self.attach(scratch);
        let Scratch { beam, tags, heads, marks, .. } = scratch;
        let state = beam.best();
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
        let widths = [self.tagger.given(), self.parser.given()];
        cache.begin(self.identity, widths, |given| {
            given.iter_mut().zip(&self.fixed).for_each(|(given, fixed)| given.extend_from_slice(fixed));
        });
        numbers.clear();
        numbers.push(0);
        sets.clear();
        sets.push(0);
        for form in forms {
            let (number, set) = cache.number(form, |given| {
                features.clear();
                self.lexicon.features(form, features);
                self.give(features, given);
                self.choices.set_of_form(features[0], form.starts_with(char::is_uppercase))
            });
            numbers.push(number as usize);
            sets.push(set);
        }
        numbers.push(1);
        tags.clear();
        tags.resize(numbers.len(), 0);
    }

    fn give(&self, features: &[u32], given: &mut [Vec<i16>; 2]) {
        let [tagger, parser] = given;
        self.tagger.give(features, tagger);
        self.parser.give(features, parser);
    }

    fn tag(&self, scratch: &mut Scratch) {
        let Scratch { cache, numbers, sets, tags, hidden, .. } = scratch;
        let [given, _] = cache.given();
        let count = numbers.len() - 2;
        let (width, units) = (self.tagger.given(), self.tagger.shape().hidden);
        for at in 1..=count {
            let open = self.choices.tags(sets[at]);
            if let [only] = open {
                tags[at] = FIRST_TAG + u16::from(*only);
                continue;
            }
            let places = view::tag_places(at, count);
            let rows: [usize; TAG_PLACES] =
                std::array::from_fn(|place| numbers[places[place]] * width + place * units);
            let before = [tags[at - 1], if at > 1 { tags[at - 2] } else { 0 }];
            let cells = view::tag_cells(self.view, before, at == 1, false);
            self.tagger.hide(given, &rows, &cells, hidden);
            tags[at] = FIRST_TAG + u16::from(self.tagger.best(hidden, 0, open));
        }
        tags[count + 1] = ROOT_TAG;
    }

    fn attach(&self, scratch: &mut Scratch) {
        let Scratch { cache, numbers, tags, hidden, beam, .. } = scratch;
        let [_, given] = cache.given();
        let (width, units) = (self.parser.given(), self.parser.shape().hidden);
        beam.begin(numbers.len() - 2);
        while !beam.best().done() {
            beam.step(|state, alone, ways| {
                let look = Look::at(self.view, state, tags);
                let row = |place: usize| numbers[look.places[place] as usize] * width + place * units;
                let rows: [usize; PARSE_PLACES] = std::array::from_fn(row);
                self.parser.hide(given, &rows, &look.cells, hidden);
                self.ways(state, tags, hidden, alone, ways);
            });
        }
    }
}

impl Parser {
    /// The ways to go on from a state that are worth following. Where the state is `alone` and there is one way,
    /// its share does not matter, and is not worked out in full.
    fn ways(&self, state: &State, tags: &[u16], hidden: &Hidden, alone: bool, ways: &mut Vec<Way>) {
        let score = |action: usize| self.parser.score(hidden, action) as f32 / self.parser.unit();
        let likely = beam::likely([0, 1, 2].map(score), state.allowed());
        let sure = alone && likely.clone().count() == 1;
        for (action, share) in likely {
            let (label, of_label) = self.label(state, tags, action, hidden, sure);
            ways.push(Way { action, label, share: share + of_label });
        }
    }

    /// The label, from 1, of the arc that an action makes, 0 if it makes none; and the log of the label's share,
    /// unless it is `sure` that the action will be taken.
    fn label(&self, state: &State, tags: &[u16], action: Action, hidden: &Hidden, sure: bool) -> (u16, f32) {
        let Some(range) = label_range(action, self.header.labels.len()) else { return (0, 0.0) };
        let behind = action == Action::Left;
        let head = if behind { state.next } else { state.stacked(1) };
        let (tag, head) = (tags[state.stacked(0) as usize], tags[head as usize]);
        match self.choices.labels(tag, head, behind) {
            [only] => (u16::from(*only) + 1, 0.0),
            open => {
                let (best, share) = match sure {
                    true => (self.parser.best(hidden, range.start, open), 0.0),
                    false => self.parser.best_with_share(hidden, range.start, open),
                };
                (u16::from(best) + 1, share)
            }
        }
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
