//! Which columns a run writes.

use std::collections::HashMap;

use arrow_schema::{DataType, Field, Fields, Schema};
use pipeline_core::Kind;
use pipeline_core::plan::Plan;

use super::super::jsonl::RecordOptions;
use super::super::offsets::OffsetUnit;
use super::super::open::OpenLayers;
use super::super::places::Places;

/// Version of the schema: it changes when a column changes its name, type or meaning, not when one is added.
const VERSION: &str = "1";

/// What rows are to hold.
pub(super) struct Shape {
    pub(super) unit: OffsetUnit,
    pub(super) text: bool,
    /// The plan's number of the layer that has title and date, if they are wanted.
    pub(super) fields: Option<usize>,
    pub(super) meta: bool,
    pub(super) layers: Vec<LayerShape>,
    /// Where references lead among the rows that are written.
    pub(super) places: Places,
}

/// A layer as a column: a struct for the language, else a list of structs.
pub(super) struct LayerShape {
    pub(super) name: String,
    pub(super) number: usize,
    /// Whether the layer has one row for the document.
    pub(super) single: bool,
    /// Which of its rows are written.
    pub(super) rows: Rows,
    pub(super) members: Vec<Member>,
    /// For open relations, whose struct is not that of their table.
    pub(super) open: Option<OpenLayers>,
}

/// Which rows of a layer are written, in which order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rows {
    /// Without those that another stands in the place of.
    Counting,
    /// The same in order of position.
    Entities,
    /// Without those between mentions that became one.
    Relations,
}

/// A member of the struct.
pub(super) struct Member {
    pub(super) name: String,
    pub(super) from: From,
}

/// Where values of a member come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum From {
    /// The span.
    Start,
    End,
    /// The text of the span.
    Text,
    /// A column of the layer.
    Column {
        number: usize,
        kind: Kind,
        /// For references the layer they lead to.
        target: Option<usize>,
    },
}

impl Shape {
    pub(super) fn new(plan: &Plan, options: &RecordOptions) -> Self {
        let wanted = |name: &str| options.layers.iter().any(|layer| layer == name);
        let layers = options.layers.iter().filter_map(|name| LayerShape::new(plan, name)).collect();
        Self {
            unit: options.unit,
            text: wanted("text"),
            fields: plan.layer("meta"),
            meta: options.meta,
            layers,
            places: Places::new(plan, &options.layers),
        }
    }

    /// The columns, and in the metadata the version and what offsets count.
    pub(super) fn schema(&self) -> Schema {
        let mut fields = vec![Field::new("id", DataType::Utf8, false)];
        let named = self.fields.is_some();
        let optional = [("title", named), ("date", named), ("text", self.text)];
        fields.extend(
            optional
                .into_iter()
                .filter(|(_, wanted)| *wanted)
                .map(|(name, _)| Field::new(name, DataType::Utf8, true)),
        );
        fields.extend(self.layers.iter().map(LayerShape::field));
        fields.extend(self.meta.then(|| Field::new("meta", DataType::Utf8, true)));
        fields.push(list("skipped", words(&["stage", "reason"]), false));
        fields.push(list("errors", words(&["stage", "code", "message"]), false));
        let metadata = [
            ("pipeline.schema_version", VERSION),
            ("pipeline.offsets", self.unit.name()),
            ("pipeline.version", env!("CARGO_PKG_VERSION")),
        ];
        let metadata: HashMap<_, _> =
            metadata.into_iter().map(|(key, value)| (key.to_owned(), value.to_owned())).collect();
        Schema::new_with_metadata(fields, metadata)
    }
}

impl LayerShape {
    /// `None` where nothing makes the layer.
    fn new(plan: &Plan, name: &str) -> Option<Self> {
        let number = plan.layer(name)?;
        let layer = &plan.layers()[number];
        let mut members = Vec::new();
        if layer.spans {
            members.push(Member { name: "start".into(), from: From::Start });
            members.push(Member { name: "end".into(), from: From::End });
        }
        members.extend(layer.cols.iter().enumerate().filter_map(|(number, col)| {
            let from = From::Column { number, kind: col.kind, target: plan.layer(&col.layer) };
            Some(Member { name: member_name(name, &col.name)?.to_owned(), from })
        }));
        let open = if name == "triples" { OpenLayers::find(plan) } else { None };
        let rows = match name {
            "entities" => Rows::Entities,
            "relations" => Rows::Relations,
            _ => Rows::Counting,
        };
        if rows == Rows::Entities {
            members.insert(3, Member { name: "text".into(), from: From::Text });
        }
        Some(Self { name: name.to_owned(), number, single: name == "language", rows, members, open })
    }

    fn field(&self) -> Field {
        let members = self.fields();
        match self.single {
            true => Field::new(&self.name, DataType::Struct(members), true),
            false => list(&self.name, members, true),
        }
    }

    pub(super) fn fields(&self) -> Fields {
        if self.open.is_some() {
            return super::open::fields();
        }
        self.members
            .iter()
            .map(|member| Field::new(&member.name, member.data_type(), member.nullable()))
            .collect()
    }
}

/// What a column of a layer is called in records; `None` for one that only stages need.
fn member_name<'a>(layer: &str, col: &'a str) -> Option<&'a str> {
    match (layer, col) {
        ("language" | "passages", "lang") => Some("code"),
        ("language", "route") | ("tokens", "kind") => None,
        _ => Some(col),
    }
}

impl Member {
    fn data_type(&self) -> DataType {
        let From::Column { kind, .. } = self.from else {
            return if self.from == From::Text { DataType::Utf8 } else { DataType::Int32 };
        };
        match kind {
            Kind::U8 | Kind::Ref => DataType::Int32,
            Kind::U32 | Kind::I64 => DataType::Int64,
            Kind::F32 => DataType::Float32,
            Kind::F64 => DataType::Float64,
            Kind::Sym | Kind::Str => DataType::Utf8,
            Kind::Span => DataType::Struct(pair()),
        }
    }

    pub(super) fn nullable(&self) -> bool {
        matches!(self.from, From::Column { .. })
    }
}

/// Start and end.
pub(super) fn pair() -> Fields {
    ["start", "end"].map(|name| Field::new(name, DataType::Int32, false)).into_iter().collect()
}

/// Members that are words.
pub(super) fn words(names: &[&str]) -> Fields {
    names.iter().map(|name| Field::new(*name, DataType::Utf8, false)).collect()
}

fn list(name: &str, members: Fields, nullable: bool) -> Field {
    Field::new(name, DataType::List(element(members)), nullable)
}

/// The element of a list, under the name the format's specification gives it.
pub(super) fn element(members: Fields) -> std::sync::Arc<Field> {
    Field::new("element", DataType::Struct(members), false).into()
}
