//! The plan of a run: which stage runs when, and which layer it finds where. Checked before anything runs.

use std::fmt;

use crate::layers::{self, Order};
use crate::manifest::{ColumnCard, LayerCard, Mode, StageCard};
use crate::plugin::Table;
use crate::{Kind, LayerSpec};

/// A layer of the run.
#[derive(Clone, Debug)]
pub struct LayerDef {
    /// Its name.
    pub name: String,
    /// Whether its rows have spans.
    pub spans: bool,
    /// What holds between the spans.
    pub order: Order,
    /// Its columns. Standard layers have theirs first, in the standard order.
    pub cols: Vec<ColumnCard>,
    /// The stage that makes it; `None` if it comes with the documents.
    pub provider: Option<usize>,
}

impl LayerDef {
    /// An empty table of this layer.
    #[must_use]
    pub fn table(&self) -> Table {
        Table::new(self.cols.iter().map(|col| col.kind))
    }
}

/// A layer a stage reads: which, and which of its columns.
#[derive(Clone, Debug)]
pub(crate) struct Input {
    pub(crate) layer: Option<usize>,
    pub(crate) cols: Vec<Option<usize>>,
}

/// A layer a stage fills: which, how, and to which of its columns.
#[derive(Clone, Debug)]
pub(crate) struct Output {
    pub(crate) layer: usize,
    pub(crate) mode: Mode,
    pub(crate) order: Order,
    pub(crate) spans: bool,
    pub(crate) kinds: Vec<Kind>,
    /// For references: the layer referred to.
    pub(crate) targets: Vec<Option<usize>>,
    pub(crate) cols: Vec<usize>,
    /// Whether the columns are the layer's own, all and in order.
    pub(crate) whole: bool,
}

/// One stage at its place.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) stage: usize,
    pub(crate) required: Vec<usize>,
    pub(crate) inputs: Vec<Input>,
    pub(crate) outputs: Vec<Output>,
}

/// A stage as it is asked for.
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// What it says of itself.
    pub card: &'a StageCard,
    /// Layers it knows by another name: its name for it, the run's name.
    pub renames: &'a [(String, String)],
}

impl Wanted<'_> {
    fn name<'b>(&'b self, layer: &'b str) -> &'b str {
        self.renames.iter().find(|(own, _)| own == layer).map_or(layer, |(_, run)| run)
    }

    /// A column as the run knows it.
    fn column(&self, col: &ColumnCard) -> ColumnCard {
        ColumnCard { layer: self.name(&col.layer).into(), ..col.clone() }
    }
}

/// Why no plan could be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanError(String);

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for PlanError {}

/// Stages in order, and the layers between them.
#[derive(Clone, Debug)]
pub struct Plan {
    layers: Vec<LayerDef>,
    steps: Vec<Step>,
}

impl Plan {
    /// Makes a plan for stages in the order they were asked for, moved only where one needs another's layers;
    /// `supplied` names the layers that come with the documents.
    ///
    /// # Errors
    /// Names the stage, the layer and who could give it: a layer missing, made twice, of another shape, or a
    /// circle of needs.
    pub fn new(wanted: &[Wanted<'_>], supplied: &[&str], known: &[&StageCard]) -> Result<Self, PlanError> {
        let mut plan = Self { layers: Vec::new(), steps: Vec::new() };
        plan.supply(supplied)?;
        plan.provide(wanted)?;
        plan.widen(wanted, known)?;
        for stage in order(wanted, &plan, known)? {
            let step = plan.bind(stage, &wanted[stage])?;
            plan.check_replace(&step, wanted)?;
            plan.steps.push(step);
        }
        Ok(plan)
    }

    /// The layers, in the order of their numbers.
    #[must_use]
    pub fn layers(&self) -> &[LayerDef] {
        &self.layers
    }

    /// The number of a layer.
    #[must_use]
    pub fn layer(&self, name: &str) -> Option<usize> {
        self.layers.iter().position(|layer| layer.name == name)
    }

    /// The stages in the order they run, by their number in what was asked for.
    pub fn order(&self) -> impl Iterator<Item = usize> {
        self.steps.iter().map(|step| step.stage)
    }

    pub(crate) fn steps(&self) -> &[Step] {
        &self.steps
    }

    fn supply(&mut self, supplied: &[&str]) -> Result<(), PlanError> {
        for name in supplied {
            let Some(spec) = layers::STANDARD.iter().find(|spec| spec.name == *name) else {
                return Err(PlanError(format!("the input supplies `{name}`, which is no standard layer")));
            };
            self.layers.push(standard(spec, None));
        }
        Ok(())
    }

    fn provide(&mut self, wanted: &[Wanted<'_>]) -> Result<(), PlanError> {
        for (stage, want) in wanted.iter().enumerate() {
            for card in &want.card.provides {
                let name = want.name(&card.layer);
                if let Some(there) = self.layer(name) {
                    let other = self.layers[there].provider;
                    let other =
                        other.map_or("the input".into(), |other| format!("`{}`", wanted[other].card.name));
                    return Err(PlanError(format!(
                        "layer `{name}` is made twice, by {other} and by `{}`; leave one out, or rename with inputs = {{...}}",
                        want.card.name
                    )));
                }
                let spec = layers::STANDARD.iter().find(|spec| spec.name == name);
                // Records have names of their own without a dot.
                if spec.is_none() && !name.contains('.') {
                    return Err(PlanError(format!(
                        "stage `{}` provides `{name}`, which is no standard layer: call it vendor.{name}",
                        want.card.name
                    )));
                }
                self.layers.push(match spec {
                    Some(spec) => standard(spec, Some(stage)),
                    None => LayerDef {
                        name: name.into(),
                        spans: card.spans,
                        order: card.order,
                        cols: card.cols.iter().map(|col| want.column(col)).collect(),
                        provider: Some(stage),
                    },
                });
            }
        }
        Ok(())
    }

    /// Columns that providers add to standard layers, and extenders to any.
    fn widen(&mut self, wanted: &[Wanted<'_>], known: &[&StageCard]) -> Result<(), PlanError> {
        for want in wanted {
            for (card, mode) in want.card.outputs() {
                let Some(layer) = self.layer(want.name(&card.layer)) else {
                    return Err(self.missing(want, card, &mode.to_string(), known));
                };
                let layer = &mut self.layers[layer];
                if layer.spans != card.spans {
                    return Err(mistyped(want, card, layer));
                }
                for col in &card.cols {
                    match layer.cols.iter().find(|there| there.name == col.name) {
                        Some(there) if there.kind != col.kind => return Err(mistyped(want, card, layer)),
                        Some(_) => {}
                        None => layer.cols.push(want.column(col)),
                    }
                }
            }
        }
        Ok(())
    }

    fn bind(&self, stage: usize, want: &Wanted<'_>) -> Result<Step, PlanError> {
        let inputs = want.card.requires.iter().chain(&want.card.optional);
        let inputs = inputs.map(|card| self.input(want, card)).collect::<Result<Vec<_>, _>>()?;
        let required = inputs[..want.card.requires.len()].iter().filter_map(|input| input.layer);
        let extended = want.card.extends.iter().filter_map(|card| self.layer(want.name(&card.layer)));
        let required = required.chain(extended).collect();
        let outputs = want.card.outputs().map(|(card, mode)| self.output(want, card, mode));
        Ok(Step { stage, required, outputs: outputs.collect::<Result<_, _>>()?, inputs })
    }

    fn input(&self, want: &Wanted<'_>, card: &LayerCard) -> Result<Input, PlanError> {
        let Some(layer) = self.layer(want.name(&card.layer)) else {
            return Ok(Input { layer: None, cols: Vec::new() });
        };
        let def = &self.layers[layer];
        let find = |col: &ColumnCard| match def.cols.iter().position(|there| there.name == col.name) {
            Some(index) if def.cols[index].kind == col.kind => Ok(Some(index)),
            _ => Err(mistyped(want, card, def)),
        };
        if def.spans != card.spans {
            return Err(mistyped(want, card, def));
        }
        Ok(Input { layer: Some(layer), cols: card.cols.iter().map(find).collect::<Result<_, _>>()? })
    }

    fn output(&self, want: &Wanted<'_>, card: &LayerCard, mode: Mode) -> Result<Output, PlanError> {
        let layer = self
            .layer(want.name(&card.layer))
            .ok_or_else(|| self.missing(want, card, &mode.to_string(), &[]))?;
        let def = &self.layers[layer];
        let find = |name: &str| def.cols.iter().position(|there| there.name == name);
        let cols = card.cols.iter().map(|col| find(&col.name).ok_or_else(|| mistyped(want, card, def)));
        let cols = cols.collect::<Result<Vec<_>, _>>()?;
        let targets = card.cols.iter().map(|col| self.target(want, col)).collect::<Result<_, _>>()?;
        Ok(Output {
            layer,
            mode,
            order: if mode == Mode::Extend { Order::Any } else { def.order },
            spans: card.spans,
            kinds: card.cols.iter().map(|col| col.kind).collect(),
            targets,
            whole: cols.iter().copied().eq(0..def.cols.len()),
            cols,
        })
    }

    fn target(&self, want: &Wanted<'_>, col: &ColumnCard) -> Result<Option<usize>, PlanError> {
        if col.kind != Kind::Ref {
            return Ok(None);
        }
        self.layer(want.name(&col.layer)).map(Some).ok_or_else(|| {
            PlanError(format!(
                "stage `{}` refers to layer `{}`, which nothing makes",
                want.card.name, col.layer
            ))
        })
    }

    /// A layer may be made anew only as long as no other refers to its rows.
    fn check_replace(&self, step: &Step, wanted: &[Wanted<'_>]) -> Result<(), PlanError> {
        for output in step.outputs.iter().filter(|output| output.mode == Mode::Replace) {
            let name = &self.layers[output.layer].name;
            let done =
                self.steps.iter().flat_map(|done| done.outputs.iter().map(move |made| (done.stage, made)));
            if let Some((stage, _)) =
                done.into_iter().find(|(_, made)| made.targets.contains(&Some(output.layer)))
            {
                return Err(PlanError(format!(
                    "stage `{}` replaces `{name}`, but `{}` has run before it and refers to its rows; put it earlier",
                    wanted[step.stage].card.name, wanted[stage].card.name
                )));
            }
        }
        Ok(())
    }

    fn missing(&self, want: &Wanted<'_>, card: &LayerCard, verb: &str, known: &[&StageCard]) -> PlanError {
        let candidates: Vec<_> = known
            .iter()
            .filter(|stage| stage.provides.iter().any(|layer| layer.layer == card.layer))
            .map(|stage| format!("`{}`", stage.name))
            .collect();
        let cure = if candidates.is_empty() {
            "no known stage makes it".to_string()
        } else {
            format!("add {} to the stages", candidates.join(" or "))
        };
        let there: Vec<_> = self.layers.iter().map(|layer| layer.name.as_str()).collect();
        let there = if there.is_empty() { "none".into() } else { there.join(", ") };
        PlanError(format!(
            "stage `{}` {verb} layer `{}`, which nothing makes: {cure}; layers of this run: {there}",
            want.card.name,
            want.name(&card.layer)
        ))
    }
}

fn standard(spec: &LayerSpec, provider: Option<usize>) -> LayerDef {
    let col = |col: &crate::ColumnSpec| ColumnCard {
        name: col.name.into(),
        kind: col.kind,
        layer: col.target.into(),
    };
    LayerDef {
        name: spec.name.into(),
        spans: spec.spans,
        order: spec.order,
        cols: spec.cols.iter().map(col).collect(),
        provider,
    }
}

fn mistyped(want: &Wanted<'_>, card: &LayerCard, layer: &LayerDef) -> PlanError {
    let there = LayerCard {
        layer: layer.name.clone(),
        spans: layer.spans,
        order: layer.order,
        cols: layer.cols.clone(),
    };
    PlanError(format!(
        "stage `{}` expects {}, but the run has {}; use a version of the stage that fits, or rename with inputs = {{...}}",
        want.card.name,
        card.describe(),
        there.describe()
    ))
}

/// The stages so that each follows the makers of its layers; otherwise as asked for.
fn order(wanted: &[Wanted<'_>], plan: &Plan, known: &[&StageCard]) -> Result<Vec<usize>, PlanError> {
    let mut needs: Vec<Vec<usize>> = Vec::new();
    for want in wanted {
        let required = want.card.requires.iter().map(|card| (card, "requires", true));
        let extended = want.card.extends.iter().map(|card| (card, "extends", true));
        let replaced = want.card.replaces.iter().map(|card| (card, "replaces", true));
        let optional = want.card.optional.iter().map(|card| (card, "", false));
        let mut providers = Vec::new();
        for (card, verb, must) in required.chain(extended).chain(replaced).chain(optional) {
            match plan.layer(want.name(&card.layer)) {
                Some(layer) => providers.extend(plan.layers[layer].provider),
                None if must => return Err(plan.missing(want, card, verb, known)),
                None => {}
            }
        }
        needs.push(providers);
    }
    let mut done: Vec<usize> = Vec::new();
    while done.len() < wanted.len() {
        let ready =
            |stage: &usize| !done.contains(stage) && needs[*stage].iter().all(|need| done.contains(need));
        let Some(next) = (0..wanted.len()).find(ready) else {
            let stuck: Vec<_> = (0..wanted.len()).filter(|stage| !done.contains(stage)).collect();
            let names: Vec<_> = stuck.iter().map(|stage| format!("`{}`", wanted[*stage].card.name)).collect();
            return Err(PlanError(format!(
                "the stages {} need each other's layers in a circle",
                names.join(", ")
            )));
        };
        done.push(next);
    }
    Ok(done)
}
