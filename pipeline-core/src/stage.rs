//! What a stage is: one trait, whether it is linked in or loaded from a library.

use crate::layers::{self, LayerSpec};
use crate::plugin::{Batch, Doc, HostRef, Out};
use crate::{Result, Sym, json};

/// How the engine may call an instance.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threads {
    /// One instance, called from many threads at once.
    Any,
    /// An instance for each worker.
    PerWorker,
    /// One instance, one call at a time.
    One,
}

impl Threads {
    /// Its name in cards.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Any => "any",
            Self::PerWorker => "per-worker",
            Self::One => "one",
        }
    }
}

/// What a stage says of itself: its name, what it needs and what it gives. What it does not name it cannot see.
///
/// Layers are named; a layer that is not standard is described with [`StageInfo::layers`], and its description
/// lists the columns wanted of it.
#[derive(Clone, Copy, Debug)]
pub struct StageInfo {
    /// `vendor.name`; without a dot for the stages that come with the program.
    pub name: &'static str,
    /// One line for people.
    pub about: &'static str,
    /// Layers it cannot do without.
    pub requires: &'static [&'static str],
    /// Layers it makes use of where there are any.
    pub optional: &'static [&'static str],
    /// Layers it makes.
    pub provides: &'static [&'static str],
    /// Layers it appends rows to.
    pub extends: &'static [&'static str],
    /// Layers it makes anew.
    pub replaces: &'static [&'static str],
    /// Descriptions of the layers above that are not standard.
    pub layers: &'static [LayerSpec],
    /// JSON Schema of its options.
    pub config: &'static str,
    /// How instances may be called.
    pub threads: Threads,
    /// Most documents a call; 0 leaves it to the engine.
    pub preferred_batch: u32,
}

impl StageInfo {
    /// A stage that needs nothing and gives nothing yet.
    #[must_use]
    pub const fn new(name: &'static str, about: &'static str) -> Self {
        Self {
            name,
            about,
            requires: &[],
            optional: &[],
            provides: &[],
            extends: &[],
            replaces: &[],
            layers: &[],
            config: r#"{"type":"object"}"#,
            threads: Threads::Any,
            preferred_batch: 0,
        }
    }

    /// Layers it cannot do without.
    #[must_use]
    pub const fn requires(self, requires: &'static [&'static str]) -> Self {
        Self { requires, ..self }
    }

    /// Layers it makes use of where there are any.
    #[must_use]
    pub const fn optional(self, optional: &'static [&'static str]) -> Self {
        Self { optional, ..self }
    }

    /// Layers it makes.
    #[must_use]
    pub const fn provides(self, provides: &'static [&'static str]) -> Self {
        Self { provides, ..self }
    }

    /// Layers it appends rows to.
    #[must_use]
    pub const fn extends(self, extends: &'static [&'static str]) -> Self {
        Self { extends, ..self }
    }

    /// Layers it makes anew.
    #[must_use]
    pub const fn replaces(self, replaces: &'static [&'static str]) -> Self {
        Self { replaces, ..self }
    }

    /// Descriptions of layers that are not standard, with the columns wanted.
    #[must_use]
    pub const fn layers(self, layers: &'static [LayerSpec]) -> Self {
        Self { layers, ..self }
    }

    /// JSON Schema of its options; checked before the stage is made.
    #[must_use]
    pub const fn config(self, schema: &'static str) -> Self {
        Self { config: schema, ..self }
    }

    /// How instances may be called.
    #[must_use]
    pub const fn threads(self, threads: Threads) -> Self {
        Self { threads, ..self }
    }

    /// At most so many documents a call.
    #[must_use]
    pub const fn batch(self, documents: u32) -> Self {
        Self { preferred_batch: documents, ..self }
    }

    /// The description of a layer this stage names.
    ///
    /// # Panics
    /// When the layer is neither standard nor described; in a constant this stops the compilation.
    #[must_use]
    pub const fn spec(&self, name: &str) -> LayerSpec {
        let mut i = 0;
        while i < self.layers.len() {
            if layers::same(self.layers[i].name, name) {
                return self.layers[i];
            }
            i += 1;
        }
        i = 0;
        while i < layers::STANDARD.len() {
            if layers::same(layers::STANDARD[i].name, name) {
                return layers::STANDARD[i];
            }
            i += 1;
        }
        panic!(
            "a stage names a layer that is not standard and that it does not describe: add it with StageInfo::layers"
        )
    }
}

/// What a stage gets when it is made.
#[derive(Clone, Copy)]
pub struct Init<'a> {
    pub(crate) host: HostRef<'a>,
    pub(crate) config: &'a str,
}

impl Init<'_> {
    /// The number of a word in the run's table of symbols.
    #[must_use]
    pub fn sym(&self, word: &str) -> Sym {
        self.host.intern(word)
    }

    /// The option `key`, or `default` where it is not given.
    ///
    /// # Errors
    /// When it is given and is not of the type of `default`.
    pub fn get<T: json::FromJson>(&self, key: &str, default: T) -> Result<T> {
        Ok(json::option(self.config, key)?.unwrap_or(default))
    }

    /// All options, as JSON.
    #[must_use]
    pub fn config(&self) -> &str {
        self.config
    }

    /// The host, for its log and its extensions.
    #[must_use]
    pub fn host(&self) -> HostRef<'_> {
        self.host
    }
}

/// A stage that looks at one document at a time and keeps nothing between them.
pub trait Stage: Sized + Send + Sync + 'static {
    /// What it says of itself.
    const INFO: StageInfo;

    /// Makes it, with its options; loads what it needs.
    ///
    /// # Errors
    /// When it cannot work: say what is missing and what would cure it.
    fn new(cx: &Init<'_>) -> Result<Self>;

    /// Works on a document.
    ///
    /// # Errors
    /// Those of this document: what the stage gave for it is dropped, other documents are unaffected.
    fn process(&self, doc: Doc<'_>, out: &mut Out<'_>) -> Result;
}

/// A stage with memory that a worker keeps between documents, or that wants to see a whole batch.
pub trait BatchStage: Sized + Send + Sync + 'static {
    /// What it says of itself.
    const INFO: StageInfo;
    /// Scratch memory, used by one thread at a time; made anew after a panic.
    type Worker: Send + 'static;

    /// Makes it, with its options; loads what it needs.
    ///
    /// # Errors
    /// When it cannot work: say what is missing and what would cure it.
    fn new(cx: &Init<'_>) -> Result<Self>;

    /// Makes scratch memory.
    fn worker(&self) -> Self::Worker;

    /// Works on a document.
    ///
    /// # Errors
    /// Those of this document: what the stage gave for it is dropped, other documents are unaffected.
    fn process_with(&self, worker: &mut Self::Worker, doc: Doc<'_>, out: &mut Out<'_>) -> Result;

    /// Works on a batch: the documents one after the other, unless the stage knows better.
    fn process_batch(&self, worker: &mut Self::Worker, batch: &mut Batch<'_>) {
        batch.each(worker, || self.worker(), |worker, doc, out| self.process_with(worker, doc, out));
    }
}

impl<S: Stage> BatchStage for S {
    const INFO: StageInfo = <S as Stage>::INFO;
    type Worker = ();

    fn new(cx: &Init<'_>) -> Result<Self> {
        <S as Stage>::new(cx)
    }

    fn worker(&self) {}

    fn process_with(&self, (): &mut (), doc: Doc<'_>, out: &mut Out<'_>) -> Result {
        self.process(doc, out)
    }
}
