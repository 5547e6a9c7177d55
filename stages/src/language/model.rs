//! The language model and its file.

use super::codes::prior;
use super::features;
use super::ngrams::{Group, MAX_LANGUAGES, Rows, ranks};
use super::script::Script;
use crate::model::{Expected, Header, ModelError, ModelFile, ModelWriter};

const KIND: &str = "language";

/// Scripts that a model may have groups for, with their names in the file (ISO 15924).
const SCRIPTS: [(Script, &str); 5] = [
    (Script::Latin, "Latn"),
    (Script::Cyrillic, "Cyrl"),
    (Script::Arabic, "Arab"),
    (Script::Devanagari, "Deva"),
    (Script::Hebrew, "Hebr"),
];

/// Tells languages of one script apart, by groups for several scripts.
#[derive(Clone, Debug, Default)]
pub struct Model {
    groups: Vec<Group>,
}

impl Model {
    /// A model of these groups, one per script.
    #[must_use]
    pub fn new(groups: Vec<Group>) -> Self {
        Self { groups }
    }

    /// The group for a script.
    #[must_use]
    pub fn group(&self, script: Script) -> Option<&Group> {
        self.groups.iter().find(|group| group.script == script)
    }

    /// The model as a file, with what it says of its origin.
    #[must_use]
    pub fn to_bytes(&self, provenance: &str, licence: &str) -> Vec<u8> {
        let name = |group: &Group| SCRIPTS.iter().find(|s| s.0 == group.script).map_or("", |s| s.1);
        let label = |group: &Group, code: &String| format!("{}/{code}", name(group));
        let mut writer = ModelWriter::new(Header {
            kind: KIND.to_owned(),
            features: features::VERSION,
            tokenizer: 0,
            languages: self.groups.iter().flat_map(|group| group.codes.clone()).collect(),
            labels: self.groups.iter().flat_map(|g| g.codes.iter().map(move |code| label(g, code))).collect(),
            provenance: provenance.to_owned(),
            licence: licence.to_owned(),
        });
        for group in &self.groups {
            let name = name(group);
            writer.section(&format!("{name}/present"), &group.rows.present);
            writer.section(&format!("{name}/weights"), &group.rows.weights);
            writer.section(&format!("{name}/scale"), &[group.rows.scale]);
            writer.section(&format!("{name}/typical"), &group.typical);
        }
        writer.finish()
    }

    /// Reads a model file.
    ///
    /// # Errors
    /// When it is no language model, made for other features, or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, ModelError> {
        let file =
            ModelFile::read(bytes, &Expected { kind: KIND, features: features::VERSION, tokenizer: None })?;
        let mut groups = Vec::new();
        for (script, name) in SCRIPTS {
            let of_script = |label: &String| label.strip_prefix(name)?.strip_prefix('/').map(str::to_owned);
            let codes: Vec<String> = file.header().labels.iter().filter_map(of_script).collect();
            if !codes.is_empty() {
                groups.push(read_group(&file, script, name, codes)?);
            }
        }
        Ok(Self { groups })
    }
}

fn read_group(
    file: &ModelFile<'_>,
    script: Script,
    name: &str,
    codes: Vec<String>,
) -> Result<Group, ModelError> {
    let fault = |section: &str, why| ModelError::Section(format!("{name}/{section}"), why);
    let present: Vec<u64> = file.section(&format!("{name}/present"))?;
    let weights: Vec<i8> = file.section(&format!("{name}/weights"))?;
    let scale: Vec<f32> = file.section(&format!("{name}/scale"))?;
    let typical: Vec<f32> = file.section(&format!("{name}/typical"))?;
    let rows: usize = present.iter().map(|word| word.count_ones() as usize).sum();
    let bits = (present.len() * 64).trailing_zeros();
    if codes.len() > MAX_LANGUAGES || weights.len() != rows * codes.len() {
        return Err(fault("weights", "does not fit the languages and buckets"));
    }
    if typical.len() != codes.len() {
        return Err(fault("typical", "does not fit the languages"));
    }
    if !present.len().is_power_of_two() || bits > 32 {
        return Err(fault("present", "is not a power of two long"));
    }
    let &[scale] = scale.as_slice() else { return Err(fault("scale", "is not one number")) };
    Ok(Group {
        script,
        priors: codes.iter().map(|code| prior(code)).collect(),
        codes,
        rows: Rows { bits, before: ranks(&present), present, weights, scale },
        typical,
    })
}
