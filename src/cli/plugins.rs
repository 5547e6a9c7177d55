//! What is typed after `pipeline plugins`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

const EXAMPLES: &str = "\
Examples:
  pipeline plugins new acme-caps                           a project for a stage in Rust (--lang c: in C)
  pipeline plugins inspect target/release/libacme_caps.so  what it needs and gives; none of it runs
  pipeline plugins check target/release/libacme_caps.so    does it keep the contract of stages?
  pipeline plugins list                                    what is installed

Searched are, in this order: --plugin, --plugin-dir, [plugins] paths of the configuration, PIPELINE_PLUGIN_PATH,
the user's folder and the system's. Loading a library runs its code with your rights; list and inspect load none.";

/// Libraries with stages.
#[derive(Args, Debug)]
#[command(after_help = EXAMPLES)]
pub struct Plugins {
    #[command(subcommand)]
    pub command: PluginsCommand,
}

#[derive(Subcommand, Debug)]
pub enum PluginsCommand {
    /// What is installed, what is hidden by another, what is refused and why
    List(PluginList),
    /// What a library says of itself, read without running any of it
    Inspect(PluginInspect),
    /// Whether the stages of a library keep the contract; runs them
    Check(PluginCheck),
    /// Write a project for a stage, that builds and tests itself
    New(PluginNew),
}

#[derive(Args, Debug)]
pub struct PluginList {
    #[command(flatten)]
    pub search: PluginSearch,
    /// Configuration file (pipeline.toml of the working directory is read without being asked for)
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

/// Where libraries are.
#[derive(Args, Clone, Debug, Default)]
pub struct PluginSearch {
    /// A library with stages; may be given several times
    #[arg(long, value_name = "FILE", help_heading = "Plugins")]
    pub plugin: Vec<PathBuf>,
    /// A folder of libraries; may be given several times
    #[arg(hide_short_help = true, long, value_name = "DIR", help_heading = "Plugins")]
    pub plugin_dir: Vec<PathBuf>,
}

/// Where libraries are, and which of them are loaded.
#[derive(Args, Clone, Debug, Default)]
pub struct PluginUse {
    #[command(flatten)]
    pub search: PluginSearch,
    /// Load only libraries pinned in pipeline.lock beside the configuration
    #[arg(hide_short_help = true, long, help_heading = "Plugins")]
    pub locked: bool,
    /// Load libraries too whose panics end the process
    #[arg(hide_short_help = true, long, help_heading = "Plugins")]
    pub allow_abort: bool,
}

#[derive(Args, Debug)]
pub struct PluginInspect {
    /// The library
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// As JSON
    #[arg(long)]
    pub json: bool,
}

#[derive(Args, Debug)]
#[command(after_help = "\
Each stage is made, and run over ordinary, empty and hostile texts: alone and in batches, twice, in other company, on
several threads at once. It must fail on none, put nothing out that cannot be, and give the same output every time.
Each stage is checked in a process of its own: a crash or an endless loop is a finding like any other. Layers it needs come from the built-in stages, from the library itself and from --plugin.

Exit status: 0 the contract is kept, 1 it is not, 2 it could not be checked.")]
pub struct PluginCheck {
    /// The library
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Only this stage of it
    #[arg(long, value_name = "NAME", overrides_with = "stage")]
    pub stage: Option<String>,
    /// Options of the stage, as a JSON object
    #[arg(long, value_name = "JSON", default_value = "{}")]
    pub options: String,
    /// A text file to run it over as well; may be given several times
    #[arg(long, value_name = "FILE")]
    pub text: Vec<PathBuf>,
    /// Seconds after which a stage that is not done counts as caught in an endless loop
    #[arg(long, value_name = "SECONDS", default_value_t = 120)]
    pub time_limit: u64,
    /// In this process, for one stage
    #[arg(long, hide = true, requires = "stage")]
    pub in_process: bool,
    #[command(flatten)]
    pub search: PluginSearch,
    /// Load libraries too whose panics end the process
    #[arg(long, help_heading = "Plugins")]
    pub allow_abort: bool,
}

#[derive(Args, Debug)]
pub struct PluginNew {
    /// Vendor and name of the stage, e.g. acme-caps
    #[arg(value_name = "NAME")]
    pub name: String,
    /// Language to write it in
    #[arg(long, value_name = "LANG", default_value = "rust")]
    pub lang: PluginLang,
}

#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub enum PluginLang {
    /// Rust, with the development kit
    Rust,
    /// C11, with the header
    C,
}
