use std::io::Write;

use pipeline_core::{
    Doc, Document, Init, Out, Pipeline, Result, Span, Stage, StageInfo, StageSource, StageUse, check,
};
use stages::tokenize::TokenizeStage;

use super::{Gazetteer, names::Names};

/// Stands for the stage that finds names: marks what is in square brackets.
struct Brackets;
impl Stage for Brackets {
    const INFO: StageInfo = StageInfo::new("brackets", "marks what is in brackets").provides(&["entities"]);
    fn new(_: &Init<'_>) -> Result<Self> {
        Ok(Self)
    }
    fn process(&self, doc: Doc<'_>, out: &mut Out<'_>) -> Result {
        if let Some((open, close)) = doc.text().find('[').zip(doc.text().find(']')) {
            out.entity(
                Span::new(open as u32 + 1, close.max(open + 1) as u32),
                doc.host().intern("OTHER"),
                1.0,
            );
        }
        Ok(())
    }
}

fn before() -> Vec<StageUse> {
    vec![
        StageUse::new(StageSource::linked::<TokenizeStage>().unwrap()),
        StageUse::new(StageSource::linked::<Brackets>().unwrap()),
    ]
}

fn gazetteer(list: &tempfile::NamedTempFile, case_sensitive: bool) -> StageUse {
    let mut stage = StageUse::new(StageSource::linked::<Gazetteer>().unwrap());
    stage.config = format!(r#"{{"list":{:?},"case_sensitive":{case_sensitive}}}"#, list.path());
    stage
}

fn list(lines: &str) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(lines.as_bytes()).unwrap();
    file
}

const LIST: &str = "# places and firms\nNew York\tGPE\nNew York Times\tORG\n\nAT&T\tORG\nO'Neil & Sons\tORG\nÉvian\tGPE\n北京\tGPE\nU.S.\tGPE\n";

/// Names that the stage adds to a text, with their labels.
fn found(text: &str, case_sensitive: bool) -> Vec<String> {
    let list = list(LIST);
    let mut uses = before();
    uses.push(gazetteer(&list, case_sensitive));
    let pipeline = Pipeline::new(uses, &[], &[], Box::new(|_, _| {})).unwrap();
    let mut docs = [Document::new("d", text)];
    pipeline.process(&mut docs).unwrap();
    assert_eq!(docs[0].errors, []);
    let table = docs[0].layer(pipeline.plan().layer("entities").unwrap()).unwrap();
    let pipeline_core::ColumnData::Sym(labels) = &table.cols[0] else { unreachable!() };
    let name =
        |row: usize| format!("{} {}", &text[table.spans[row].range()], pipeline.symbols().text(labels[row]));
    table.rows().map(name).collect()
}

#[test]
fn the_longest_name_counts_and_ends_where_words_end() {
    assert_eq!(found("The New York Times of New\nYork.", true), ["New York Times ORG", "New\nYork GPE"]);
    assert_eq!(found("New Yorkers read the New York Timesheet", true), ["New York GPE"]);
    assert_eq!(found("AT&T, O'Neil & Sons and the U.S. met in Évian.", true).len(), 4);
    assert_eq!(found("", true), [""; 0]);
}

#[test]
fn capitals_count_unless_told_otherwise() {
    assert_eq!(found("new york and NEW YORK", true), [""; 0]);
    assert_eq!(found("new york and ÉVIAN", false), ["new york GPE", "ÉVIAN GPE"]);
}

#[test]
fn what_others_have_marked_is_left_alone() {
    assert_eq!(found("[New York] and New York", true), ["New York OTHER", "New York GPE"]);
}

#[test]
fn a_list_that_is_wrong_is_refused_with_its_line() {
    assert_eq!(
        Names::parse("A\tB\nno label\n", true).err().unwrap(),
        "line 2: a name, a tab and a label are expected"
    );
    let mut stage = StageUse::new(StageSource::linked::<Gazetteer>().unwrap());
    stage.config = r#"{"list":"/no/such/file"}"#.into();
    let uses = before().into_iter().chain([stage]).collect();
    let error = Pipeline::new(uses, &[], &[], Box::new(|_, _| {})).err().unwrap();
    assert!(error.contains("`/no/such/file` cannot be read") && error.contains("option `list`"), "{error}");
}

#[test]
fn it_keeps_the_contract() {
    let list = list(LIST);
    let texts = ["The New York Times of [New] York, AT&T".to_owned()];
    assert_eq!(check::check(&gazetteer(&list, false), &before(), &texts).unwrap(), []);
}
