//! What was typed. What it means is in [`crate::config`].

use std::path::PathBuf;
use std::sync::LazyLock;

use clap::{Args, Parser, Subcommand, ValueEnum};

mod documents;
mod plugins;

pub use documents::Documents;
pub(crate) use documents::bytes;
use pipeline_core::plugin::abi;
pub use plugins::{
    PluginCheck, PluginInspect, PluginLang, PluginList, PluginNew, PluginSearch, PluginUse, Plugins,
    PluginsCommand,
};

/// Documents in; language, words, names and typed relations out.
#[derive(Parser, Debug)]
#[command(name = "pipeline", version, long_version = LONG_VERSION.as_str(), after_help = EXAMPLES, max_term_width = 110)]
#[command(subcommand_required = true, arg_required_else_help = true, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

const EXAMPLES: &str = "\
Examples:
  pipeline run news/ -o out.jsonl        annotate a folder of .txt, .md and .jsonl files
  cat a.txt | pipeline run -             one document from standard input
  pipeline stages                        what is computed, and from what
  pipeline eval gold.jsonl               how right it is on annotated documents
  pipeline view out.jsonl -o out.html    read the records as a page
  pipeline graph out.jsonl -o who.csv    who with whom over all documents
  pipeline bench news/                   how fast it is on your documents

`pipeline COMMAND --help` says everything about a command.";

static LONG_VERSION: LazyLock<String> = LazyLock::new(|| {
    let (major, minor) = (abi::ABI_MAJOR, abi::ABI_MINOR);
    format!("{}\nstage interface (ABI) {major}.{minor}", env!("CARGO_PKG_VERSION"))
});

#[derive(Subcommand, Debug)]
pub enum Command {
    /// Annotate documents: text in, one JSON record a document out
    Run(Run),
    /// List the stages: what each needs and gives
    Stages(Stages),
    /// Libraries with stages: list, inspect, check, start a new one
    Plugins(Plugins),
    /// Learn a model from annotated documents
    Train(Train),
    /// Score the pipeline on annotated documents
    Eval(Eval),
    /// Print the configuration in effect, as pipeline.toml would have it
    Config(Config),
    /// Print completions for a shell
    Completions(Completions),
    /// Print the manual page, of the program or of a command
    Man(Man),
    /// Print whose data and code this is made of, and under which licences
    Licenses,
    /// Make one web page of records: texts with their names and relations, and the network
    View(crate::view::View),
    /// Make a network of records: who with whom, as GraphML, CSV or N-Triples
    Graph(crate::graph::Graph),
    /// Measure how fast it is on your documents: by stage, by threads, one configuration against another
    Bench(crate::bench::Bench),
}

const RUN_EXAMPLES: &str = "\
Examples:
  pipeline run examples/news                          records on standard output
  pipeline run news/ more.jsonl.gz -o out.jsonl       files and folders, to a file
  pipeline run - < article.txt                        standard input
  pipeline run wire.jsonl --text-field body --id-field key --keep-meta
  pipeline run news/ --layers +text,sentences         the text and its sentences as well
  pipeline run news/ --layers language,entities       names only; no time spent on relations
  pipeline run news/ --layers +triples                and who does what to whom, in the words of the text";

const RUN_DETAILS: &str = "\
INPUT
  Files and folders, or - for standard input. Folders are read recursively, in the order of their paths; hidden
  files are left out. .txt and .md: one document a file; its id is the path below the folder given. .jsonl and
  .ndjson: one document a line. Each also with .gz or .zst. .parquet: one document a row; the fields are columns. Standard input is JSON Lines when its first letter is
  an opening brace, else one document.
  A line that is not JSON, a file that cannot be read, a document over --max-doc-bytes: each gives one record with
  its error, and the run goes on. Bytes that are not UTF-8 are replaced, and the record says how many.

OUTPUT
  One JSON object a line, one for each document, in the order of the input. A file given with -o has its name only
  when it is complete; until then it is NAME.part.

    {\"id\":\"a.txt\",\"language\":{\"code\":\"en\",\"confidence\":0.98},
     \"entities\":[{\"start\":0,\"end\":6,\"label\":\"ORG\",\"text\":\"...\",\"score\":0.97,\"cluster\":0}],
     \"relations\":[{\"head\":0,\"tail\":2,\"label\":\"partners_with\",\"score\":0.88,\"trigger\":[31,44]}],
     \"errors\":[]}

EXIT STATUS
  0 all well, 1 some documents have errors, 2 could not run.";

#[derive(Args, Debug)]
#[command(after_help = RUN_EXAMPLES, after_long_help = format!("{RUN_DETAILS}\n\n{RUN_EXAMPLES}"))]
pub struct Run {
    /// Files, folders, or - for standard input
    #[arg(required = true, value_name = "INPUT")]
    pub inputs: Vec<PathBuf>,
    /// Write to this file instead of standard output: .jsonl, .parquet, .jsonl.gz or .jsonl.zst
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Go on with the output of a run that was ended
    #[arg(long)]
    pub resume: bool,
    #[command(flatten)]
    pub pipeline: Pipeline,

    /// Layers of the records, e.g. language,entities; with + in addition to these
    ///
    /// Of: language, passages, tokens, sentences, entities, relations, syntax, triples, text. A list replaces the
    /// default (language,entities,relations); a list that starts with + adds to it. Stages whose layers nobody asks
    /// for do not run. Layers that plugins describe (vendor.name) are there too, unless a list replaces the default.
    #[arg(long, value_name = "LIST", help_heading = "Output")]
    pub layers: Option<String>,
    /// What offsets count
    #[arg(long, value_name = "UNIT", default_value = "chars", help_heading = "Output")]
    pub offsets: Unit,
    /// Give other fields of JSON input back under `meta`
    #[arg(long, help_heading = "Output")]
    pub keep_meta: bool,

    #[command(flatten)]
    pub documents: Documents,

    /// Give up when more documents than this have errors
    #[arg(hide_short_help = true, long, value_name = "N", help_heading = "Running")]
    pub max_errors: Option<u64>,
    /// Say nothing on standard error but errors
    #[arg(short, long, help_heading = "Running")]
    pub quiet: bool,
}

/// What `run` and `eval` share: which stages, with which options.
#[derive(Args, Clone, Debug)]
pub struct Pipeline {
    /// Configuration file (pipeline.toml of the working directory is read without being asked for)
    #[arg(long, value_name = "FILE", help_heading = "Stages")]
    pub config: Option<PathBuf>,
    /// Stages to run, in order; names with + in addition to the default
    ///
    /// `pipeline stages` lists them.
    #[arg(long, value_name = "LIST", help_heading = "Stages")]
    pub stages: Option<String>,
    /// Language of all documents (auto: told for each)
    #[arg(long, value_name = "CODE", help_heading = "Stages")]
    pub language: Option<String>,
    /// What to do with a document in which a stage fails
    ///
    /// skip-stage: the other stages go on; skip-doc: nothing is kept of it but the error; fail: the run ends.
    #[arg(long, value_name = "POLICY", help_heading = "Stages")]
    pub on_error: Option<OnError>,
    /// Worker threads (default: one for each core)
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024), help_heading = "Running")]
    pub threads: Option<u16>,
    /// Log to standard error; twice: more
    #[arg(hide_short_help = true, short, long, action = clap::ArgAction::Count, help_heading = "Running")]
    pub verbose: u8,
    #[command(flatten)]
    pub plugins: PluginUse,
}

#[derive(Args, Debug)]
pub struct Stages {
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
pub struct Config {
    #[command(flatten)]
    pub pipeline: Pipeline,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pipeline completions bash > ~/.local/share/bash-completion/completions/pipeline
  pipeline completions fish > ~/.config/fish/completions/pipeline.fish")]
pub struct Completions {
    /// Which shell
    pub shell: clap_complete::Shell,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pipeline man > pipeline.1
  pipeline man run | man -l -")]
pub struct Man {
    /// A command, e.g. run
    #[arg(value_name = "COMMAND")]
    pub command: Option<String>,
}

/// What to learn.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  pipeline train entities --train train.conll --dev dev.conll -o names.model
  pipeline train relations --train train.jsonl --dev dev.jsonl -o relations.model
  pipeline train syntax --train de-ud-train.conllu --dev de-ud-dev.conllu --language de -o syntax.model
  pipeline train entities --recipe -o models/entities.en.bin

Gold files: JSON Lines with `text` and offsets in characters, or with `tokens` and offsets in tokens; CoNLL
columns (token, tab, B-PER); CoNLL-U for syntax. The same seed and the same files give the same model, byte for byte.")]
pub struct Train {
    /// What to learn
    #[arg(value_name = "STAGE")]
    pub stage: Trainable,
    /// Gold documents to learn from
    #[arg(long, required_unless_present = "recipe", value_name = "FILE", num_args = 1..)]
    pub train: Vec<PathBuf>,
    /// Rebuild the built-in English model from its corpora, which PIPELINE_DATA names
    #[arg(long, conflicts_with = "train")]
    pub recipe: bool,
    /// Gold documents to score the model on
    #[arg(long, value_name = "FILE", num_args = 1..)]
    pub dev: Vec<PathBuf>,
    /// Model file to write
    #[arg(short, long, value_name = "MODEL")]
    pub output: PathBuf,
    /// Seed of what is left to chance; the same seed gives the same model
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// Passes over the documents (default: what suits the stage)
    #[arg(long, value_name = "N")]
    pub epochs: Option<usize>,
    /// Language of the documents
    #[arg(long, value_name = "CODE", default_value = "en")]
    pub language: String,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Gold files: NewsGraph JSONL (names, relations, clusters), token JSONL, CoNLL columns, CoNLL-U (words, sentences,
parts of speech, dependencies), `sentence<TAB>relation<TAB>arguments` (open relations), `language<TAB>text`. What a
file annotates is scored, by the pipeline that `run` uses; corpora that have only tokens are scored with these given.
Parts of speech and dependencies are scored twice: as found in the raw text, and with the words and sentences of the
file given.

Examples:
  pipeline eval dev.jsonl
  pipeline eval --config mine.toml test.conllu
  pipeline eval carb/dev.tsv --found others.tsv")]
pub struct Eval {
    /// Annotated documents
    #[arg(required = true, value_name = "GOLD")]
    pub gold: Vec<PathBuf>,
    /// Score the open relations that another program found, not the pipeline
    ///
    /// A fact a line: the sentence, a confidence, the relation and its arguments, the subject first, with tabs between.
    #[arg(long, value_name = "FILE")]
    pub found: Option<PathBuf>,
    #[command(flatten)]
    pub pipeline: Pipeline,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Unicode characters, as Python slices
    Chars,
    /// bytes of UTF-8
    Bytes,
    /// UTF-16 code units, as JavaScript, Java and C# slice
    Utf16,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum OnError {
    SkipStage,
    SkipDoc,
    Fail,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trainable {
    Entities,
    Relations,
    Syntax,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_holds_together() {
        Cli::command().debug_assert();
    }

    #[test]
    fn short_help_fits_a_screen() {
        for name in ["run", "stages", "train", "eval", "view", "graph", "bench"] {
            let mut command = Cli::command();
            command.build();
            let help = command.find_subcommand_mut(name).unwrap().render_help().to_string();
            assert!(help.lines().count() <= 52, "{name}: {} lines", help.lines().count());
        }
    }
}
