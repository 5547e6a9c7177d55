//! The stage `example.gazetteer`: marks the names of a list as entities.
//!
//! The list is a text file of lines `name<TAB>label`; empty lines and those that begin with `#` are left out. The longest
//! name counts where several begin; it begins and ends where words do. What other stages have marked stays
//! as it is, unless the configuration says `overlap = "prefer-longest"` or `"prefer-new"`.

mod names;

use names::{Atom, Names};
use pipeline_core::{BatchStage, Doc, Error, Init, Out, Result, StageInfo, Sym};

struct Gazetteer {
    names: Names,
    labels: Vec<Sym>,
}

impl BatchStage for Gazetteer {
    const INFO: StageInfo = StageInfo::new("example.gazetteer", "marks the names of a list")
        .requires(&["tokens"])
        .extends(&["entities"])
        .config(
            r#"{"type":"object","additionalProperties":false,"required":["list"],"properties":{
            "list":{"type":"string","description":"file of lines `name<TAB>label`"},
            "case_sensitive":{"type":"boolean","default":true,"description":"whether capitals must be as in the list"}}}"#,
        );
    type Worker = Vec<Atom>;

    fn new(cx: &Init<'_>) -> Result<Self> {
        let path: String = cx.get("list", String::new())?;
        let case_sensitive = cx.get("case_sensitive", true)?;
        let list = std::fs::read_to_string(&path).map_err(|error| {
            Error::new(format!("the list `{path}` cannot be read ({error}): set the option `list`"))
        })?;
        let names =
            Names::parse(&list, case_sensitive).map_err(|error| Error::new(format!("`{path}`, {error}")))?;
        let labels = names.labels().iter().map(|label| cx.sym(label)).collect();
        Ok(Self { names, labels })
    }

    fn worker(&self) -> Vec<Atom> {
        Vec::new()
    }

    fn process_with(&self, atoms: &mut Vec<Atom>, doc: Doc<'_>, out: &mut Out<'_>) -> Result {
        self.names.find(doc.text(), doc.tokens(), atoms, |name, label| {
            let _ = out.entity(name, self.labels[label], 1.0);
        });
        Ok(())
    }
}

pipeline_core::export_plugin!(Gazetteer);

#[cfg(test)]
mod tests;
