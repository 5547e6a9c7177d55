use pipeline_core::{
    Doc, Document, Init, Out, Pipeline, Result, Stage, StageInfo, StageSource, StageUse, check,
};

use super::ShortTexts;

/// Stands for the stage before: no telling.
struct Nothing;
impl Stage for Nothing {
    const INFO: StageInfo = StageInfo::new("language", "no telling").provides(&["language"]);
    fn new(_: &Init<'_>) -> Result<Self> {
        Ok(Self)
    }
    fn process(&self, doc: Doc<'_>, out: &mut Out<'_>) -> Result {
        out.language(doc.host().intern("und"), 0.0, doc.host().intern("en"));
        Ok(())
    }
}

fn stages(config: &str) -> Vec<StageUse> {
    let mut short = StageUse::new(StageSource::linked::<ShortTexts>().unwrap());
    short.config = config.into();
    vec![StageUse::new(StageSource::linked::<Nothing>().unwrap()), short]
}

const FOUR: &str = r#"{"languages":["de","en","fr","es"]}"#;

fn language(config: &str, text: &str) -> String {
    let pipeline = Pipeline::new(stages(config), &[], &[], Box::new(|_, _| {})).unwrap();
    let mut docs = [Document::new("d", text)];
    pipeline.process(&mut docs).unwrap();
    assert_eq!(docs[0].errors, []);
    let table = docs[0].layer(pipeline.plan().layer("language").unwrap()).unwrap();
    let pipeline_core::ColumnData::Sym(codes) = &table.cols[0] else { unreachable!() };
    pipeline.symbols().text(codes[0]).to_owned()
}

#[test]
fn short_texts_are_told() {
    assert_eq!(language(FOUR, "Guten Morgen zusammen"), "de");
    assert_eq!(language(FOUR, "Bonjour tout le monde"), "fr");
    assert_eq!(language(FOUR, "good morning everyone"), "en");
}

#[test]
fn long_texts_and_texts_without_letters_keep_their_answer() {
    assert_eq!(language(r#"{"languages":["de","en"],"max_chars":10}"#, "Guten Morgen zusammen"), "und");
    assert_eq!(language(FOUR, "1234 !!"), "und");
    assert_eq!(language(FOUR, ""), "und");
}

#[test]
fn unknown_languages_are_refused() {
    let error =
        Pipeline::new(stages(r#"{"languages":["de","xx"]}"#), &[], &[], Box::new(|_, _| {})).err().unwrap();
    assert!(error.contains("does not know `xx`"), "{error}");
}

#[test]
fn it_keeps_the_contract() {
    let stages = stages(FOUR);
    assert_eq!(check::check(&stages[1], &stages[..1], &["Buenos días".to_owned()]).unwrap(), []);
}
