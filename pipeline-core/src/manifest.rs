//! Cards, read: what stages say of themselves.

use std::fmt;

use serde::Deserialize;

use crate::layers::{Kind, Order};
use crate::stage::Threads;

/// What a library holds.
#[derive(Clone, Debug, Deserialize)]
pub struct Card {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its licence, as an SPDX expression.
    #[serde(default)]
    pub license: String,
    /// Its stages.
    pub stages: Vec<StageCard>,
}

/// What a stage needs and gives.
#[derive(Clone, Debug, Deserialize)]
pub struct StageCard {
    /// Its name.
    pub name: String,
    /// One line for people.
    #[serde(default)]
    pub about: String,
    /// Layers it cannot do without.
    #[serde(default)]
    pub requires: Vec<LayerCard>,
    /// Layers it makes use of where there are any.
    #[serde(default)]
    pub optional: Vec<LayerCard>,
    /// Layers it makes.
    #[serde(default)]
    pub provides: Vec<LayerCard>,
    /// Layers it appends rows to.
    #[serde(default)]
    pub extends: Vec<LayerCard>,
    /// Layers it makes anew.
    #[serde(default)]
    pub replaces: Vec<LayerCard>,
    /// JSON Schema of its options.
    #[serde(default)]
    pub config: serde_json::Value,
    /// How instances may be called.
    #[serde(default = "any", deserialize_with = "threads")]
    pub threads: Threads,
    /// Most documents a call; 0 leaves it to the engine.
    #[serde(default)]
    pub preferred_batch: u32,
}

/// A layer as a stage names it, with the columns it wants or gives.
#[derive(Clone, Debug, Deserialize)]
pub struct LayerCard {
    /// Its name.
    pub layer: String,
    /// Whether its rows have spans.
    #[serde(rename = "form", default, deserialize_with = "form")]
    pub spans: bool,
    /// What holds between the spans.
    #[serde(default = "unordered", deserialize_with = "order")]
    pub order: Order,
    /// The columns.
    #[serde(default)]
    pub cols: Vec<ColumnCard>,
}

/// A column as a stage names it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct ColumnCard {
    /// Its name.
    pub name: String,
    /// What its values are.
    #[serde(deserialize_with = "kind")]
    pub kind: Kind,
    /// For references, the layer referred to.
    #[serde(default)]
    pub layer: String,
}

impl LayerCard {
    /// Shape and columns in one line, for messages and listings.
    #[must_use]
    pub fn describe(&self) -> String {
        let cols: Vec<_> = self.cols.iter().map(|col| format!("{} {}", col.name, col.kind)).collect();
        let form = if self.spans { "spans" } else { "rows" };
        if cols.is_empty() {
            format!("{} ({form})", self.layer)
        } else {
            format!("{} ({form}: {})", self.layer, cols.join(", "))
        }
    }
}

impl StageCard {
    /// The layers it fills, in the order of the slots it fills them through.
    pub(crate) fn outputs(&self) -> impl Iterator<Item = (&LayerCard, Mode)> {
        let provides = self.provides.iter().map(|layer| (layer, Mode::Provide));
        let extends = self.extends.iter().map(|layer| (layer, Mode::Extend));
        provides.chain(extends).chain(self.replaces.iter().map(|layer| (layer, Mode::Replace)))
    }
}

/// How a stage fills a layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// It makes it.
    Provide,
    /// It appends to it.
    Extend,
    /// It makes it anew.
    Replace,
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Provide => "provides",
            Self::Extend => "extends",
            Self::Replace => "replaces",
        })
    }
}

const fn any() -> Threads {
    Threads::Any
}

const fn unordered() -> Order {
    Order::Any
}

/// A word that must be one of a few.
fn choice<'de, D: serde::Deserializer<'de>, T: Copy>(
    deserializer: D,
    what: &str,
    choices: impl IntoIterator<Item = (&'static str, T)>,
) -> Result<T, D::Error> {
    let word = String::deserialize(deserializer)?;
    let mut known = Vec::new();
    for (name, value) in choices {
        if name == word {
            return Ok(value);
        }
        known.push(name);
    }
    Err(serde::de::Error::custom(format!("unknown {what} `{word}`, known are {}", known.join(", "))))
}

fn threads<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Threads, D::Error> {
    let all = [Threads::Any, Threads::PerWorker, Threads::One];
    choice(deserializer, "threads", all.map(|threads| (threads.name(), threads)))
}

fn order<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Order, D::Error> {
    choice(
        deserializer,
        "order",
        [Order::Any, Order::Sorted, Order::Disjoint].map(|order| (order.name(), order)),
    )
}

fn kind<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Kind, D::Error> {
    choice(deserializer, "kind", Kind::ALL.map(|kind| (kind.name(), kind)))
}

fn form<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    choice(deserializer, "form", [("spans", true), ("rows", false)])
}
