//! Finds the language of a text and of its passages.

use std::sync::LazyLock;

use pipeline_core::Span;

use super::ngrams::{Group, MAX_LANGUAGES};
use super::script::{COUNT, Script};
use super::{Detection, Memory, Model, codes, features};

/// Bytes of a text that are looked at. Longer texts are judged by four windows that make up as much, or by two of
/// them where these leave no doubt.
const SAMPLE: usize = 448;

/// The probability from which on there is no doubt.
const NO_DOUBT: f32 = 0.999;

/// Letters below which a passage is left to its neighbours.
const SHORT_PASSAGE: usize = 20;

/// Letters from which on a text may be called strange.
const ENOUGH: u32 = 30;

/// The share of the usual evidence below which a text of so many letters is in a language that the model does not
/// know. Short texts vary more: names and loans are strange in any language.
fn strange_below(letters: u32) -> f32 {
    0.15 + 0.22 * (letters.min(200) as f32 / 200.0)
}

static MODEL: LazyLock<Model> = LazyLock::new(|| {
    Model::from_bytes(include_bytes!("../../../models/language.bin"))
        .expect("the model of this build is whole")
});

/// Finds the language of a text: by its script where that decides, else by the short-text model; `whatlang` has the
/// word on languages that the model does not know.
#[derive(Clone, Copy, Debug)]
pub struct Detector {
    model: &'static Model,
}

impl Default for Detector {
    fn default() -> Self {
        Self::new()
    }
}

impl Detector {
    /// A detector for all languages it knows.
    #[must_use]
    pub fn new() -> Self {
        Self { model: &MODEL }
    }

    /// The language of a text, judged by a bounded sample when the text is long.
    #[must_use]
    pub fn detect(&self, text: &str) -> Detection {
        self.detect_with(&mut Memory::default(), text)
    }

    /// The same, faster where many texts are judged with one memory.
    #[must_use]
    pub fn detect_with(&self, memory: &mut Memory, text: &str) -> Detection {
        if text.len() <= SAMPLE {
            return self.judge(memory, &[text]);
        }
        let windows = windows(text);
        let half = self.judge(memory, &[windows[0], windows[2]]);
        if half.confidence >= NO_DOUBT { half } else { self.judge(memory, &windows) }
    }

    /// Languages by passage: paragraphs, with neighbours in one language joined. Passages too short to be told go
    /// with the one before. Fills `out` in text order; its spans are disjoint and have no white space at their ends.
    pub fn passages(&self, memory: &mut Memory, text: &str, out: &mut Vec<(Span, Detection)>) {
        out.clear();
        for line in text.split_inclusive('\n') {
            let trimmed = line.trim();
            if trimmed.is_empty() {
                continue;
            }
            let start = (trimmed.as_ptr() as usize - text.as_ptr() as usize) as u32;
            let span = Span::new(start, start + trimmed.len() as u32);
            add_passage(span, trimmed.len(), self.detect_with(memory, trimmed), out);
        }
    }

    fn judge(&self, memory: &mut Memory, sample: &[&str]) -> Detection {
        let mut letters = [0u32; COUNT];
        sample.iter().flat_map(|part| part.chars()).for_each(|c| letters[Script::of(c) as usize] += 1);
        letters[Script::None as usize] = 0;
        // One Han character says as much as a syllable or two.
        letters[Script::Han as usize] *= 2;
        let Some(script) = main_script(&letters) else { return Detection::UNDETERMINED };
        if matches!(script, Script::Han | Script::Kana) {
            return east_asian(&letters);
        }
        match (self.model.group(script), script.language()) {
            (Some(group), _) => self.among(memory, group, sample),
            (None, Some(code)) => Detection { code, confidence: 0.99 },
            (None, None) if script == Script::Hebrew => {
                let yiddish = by_whatlang(sample).filter(|found| found.code == "yi");
                yiddish.unwrap_or(Detection { code: "he", confidence: 0.95 })
            }
            (None, None) => by_whatlang(sample).unwrap_or(Detection::UNDETERMINED),
        }
    }

    /// Tells the languages of a group apart. Addresses count only where there is nothing else.
    fn among(&self, memory: &mut Memory, group: &Group, sample: &[&str]) -> Detection {
        let mut scores = [0; MAX_LANGUAGES];
        let mut sum = Sum { group, memory, scores: &mut scores, letters: 0 };
        sample.iter().for_each(|part| sum.add_all_but_addresses(part));
        if sum.letters == 0 {
            sample.iter().for_each(|part| sum.add_all(part));
        }
        let letters = sum.letters;
        if letters == 0 {
            return Detection::UNDETERMINED;
        }
        let verdict = group.judge(&scores, letters);
        let strange = letters >= ENOUGH && verdict.familiarity < strange_below(letters);
        // Two languages tell little of others by their difference.
        let few = letters >= ENOUGH && group.codes.len() <= 2;
        if strange || few {
            let stranger =
                by_whatlang(sample).filter(|found| !group.codes.iter().any(|code| code == found.code));
            match stranger {
                Some(found) => return found,
                None if !few => return Detection::UNDETERMINED,
                None => {}
            }
        }
        let code = codes::known(&group.codes[verdict.language]).unwrap_or("und");
        Detection { code, confidence: verdict.probability }
    }
}

/// What the words of a text say, added up.
struct Sum<'a> {
    group: &'a Group,
    memory: &'a mut Memory,
    scores: &'a mut [i32; MAX_LANGUAGES],
    letters: u32,
}

impl Sum<'_> {
    /// Adds the words of a text that are in the group's script.
    fn add_all(&mut self, text: &str) {
        let ours = |word: &&str| word.chars().next().map(Script::of) == Some(self.group.script);
        for word in features::words(text).filter(ours) {
            self.memory.add(self.group, word, self.scores);
            self.letters += word.chars().count() as u32;
        }
    }

    /// The same, without web and e-mail addresses.
    fn add_all_but_addresses(&mut self, text: &str) {
        let is_address = |text: &str| text.contains('@') || text.contains("://");
        if !is_address(text) {
            return self.add_all(text);
        }
        text.split_whitespace().filter(|chunk| !is_address(chunk)).for_each(|chunk| self.add_all(chunk));
    }
}

/// Adds a passage of so many bytes, or lengthens the one before.
fn add_passage(span: Span, length: usize, found: Detection, out: &mut Vec<(Span, Detection)>) {
    let vague = found.code == "und" || length < SHORT_PASSAGE && found.confidence < 0.9;
    match out.last_mut() {
        Some((last, known)) if known.code == found.code || vague => {
            if known.code == found.code {
                let (old, new) = (last.len() as f32, span.len() as f32);
                known.confidence = (known.confidence * old + found.confidence * new) / (old + new);
            }
            last.end = span.end;
        }
        _ => out.push((span, found)),
    }
}

/// The script with most letters.
fn main_script(letters: &[u32; COUNT]) -> Option<Script> {
    let most = *letters.iter().max()?;
    (most > 0).then(|| Script::ALL.into_iter().find(|&script| letters[script as usize] == most))?
}

/// Japanese mixes kana in; what has (nearly) none is Chinese.
fn east_asian(letters: &[u32; COUNT]) -> Detection {
    let (han, kana) = (letters[Script::Han as usize], letters[Script::Kana as usize]);
    if kana * 20 > han {
        Detection { code: "ja", confidence: 0.99 }
    } else {
        Detection { code: "zh", confidence: 0.95 }
    }
}

/// What `whatlang` says, when it is sure.
fn by_whatlang(sample: &[&str]) -> Option<Detection> {
    let info = whatlang::detect(&sample.concat()).filter(whatlang::Info::is_reliable)?;
    Some(Detection { code: codes::known(info.lang().code())?, confidence: info.confidence() as f32 })
}

/// Four windows of a long text, each beginning and ending at a space where there is one.
fn windows(text: &str) -> [&str; 4] {
    let size = SAMPLE / 4;
    std::array::from_fn(|i| window(text, (text.len() - size) / 3 * i, size))
}

fn window(text: &str, start: usize, size: usize) -> &str {
    let part = &text[boundary(text, start)..boundary(text, start + size)];
    let from = if start == 0 { 0 } else { part.find(' ').unwrap_or(0) };
    let to = part.rfind(' ').filter(|&to| to > from).unwrap_or(part.len());
    &part[from..to]
}

/// The character boundary at `at` or just before.
fn boundary(text: &str, at: usize) -> usize {
    (0..=at).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}
