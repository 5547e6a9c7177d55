use std::collections::HashSet;
use std::path::{Path, PathBuf};

use pipeline_core::{
    Doc, Document, Init, Out, Pipeline, Result, Span, Stage, StageInfo, StageSource, StageUse, check,
};
use stages::tokenize::TokenizeStage;

use super::SegmentWords;

/// Gives every document the language of its option `code`.
struct Language(String);
impl Stage for Language {
    const INFO: StageInfo = StageInfo::new("language", "as told").provides(&["language"]);
    fn new(cx: &Init<'_>) -> Result<Self> {
        Ok(Self(cx.get("code", String::new())?))
    }
    fn process(&self, doc: Doc<'_>, out: &mut Out<'_>) -> Result {
        let code = doc.host().intern(&self.0);
        out.language(code, 1.0, code);
        Ok(())
    }
}

fn before(code: &str) -> Vec<StageUse> {
    let mut language = StageUse::new(StageSource::linked::<Language>().unwrap());
    language.config = format!(r#"{{"code":"{code}"}}"#);
    vec![language, StageUse::new(StageSource::linked::<TokenizeStage>().unwrap())]
}

fn segment() -> StageUse {
    StageUse::new(StageSource::linked::<SegmentWords>().unwrap())
}

/// The words of a text in a language, cut by `stages`.
fn spans(stages: Vec<StageUse>, texts: &[String]) -> Vec<Vec<Span>> {
    let pipeline = Pipeline::new(stages, &[], &[], Box::new(|_, _| {})).unwrap();
    let mut docs: Vec<_> = texts.iter().map(|text| Document::new("d", text.as_str())).collect();
    pipeline.process(&mut docs).unwrap();
    let tokens = pipeline.plan().layer("tokens").unwrap();
    docs.iter()
        .map(|doc| {
            assert_eq!(doc.errors, []);
            doc.layer(tokens).unwrap().spans.clone()
        })
        .collect()
}

fn words(code: &str, text: &str) -> Vec<String> {
    let stages = before(code).into_iter().chain([segment()]).collect();
    spans(stages, &[text.to_owned()])[0].iter().map(|span| text[span.range()].to_owned()).collect()
}

#[test]
fn words_are_cut_in_three_languages() {
    assert_eq!(words("zh", "我们明天去北京大学。"), ["我们", "明天", "去", "北京", "大学", "。"]);
    assert_eq!(words("ja", "私は東京に行く。"), ["私", "は", "東京", "に", "行く", "。"]);
    assert_eq!(words("th", "สวัสดีชาวโลก"), ["สวัสดี", "ชาว", "โลก"]);
}

#[test]
fn other_words_of_the_document_stay() {
    let text = "请访问 https://example.cn/新闻 或 a@b.cn，iPhone 15 售价 5,999 元。";
    let cut = words("zh-Hans", text);
    for word in ["https://example.cn/新闻", "a@b.cn", "iPhone", "15", "5,999", "售价", "访问"] {
        assert!(cut.iter().any(|there| there == word), "{word}: {cut:?}");
    }
}

#[test]
fn other_languages_are_left_alone() {
    let text = ["The sign said 北京大学 in red.".to_owned()];
    let with = before("en").into_iter().chain([segment()]).collect();
    assert_eq!(spans(with, &text), spans(before("en"), &text));
}

#[test]
fn it_keeps_the_contract() {
    let texts = ["今天北京下雨。明天呢？".to_owned(), "กรุงเทพมหานคร เป็นเมืองหลวง".to_owned()];
    for code in ["zh", "ja", "th", "und"] {
        assert_eq!(check::check(&segment(), &before(code), &texts).unwrap(), [], "{code}");
    }
}

/// The sentences of a CoNLL file, each as its words.
fn sentences(file: &Path) -> Option<Vec<Vec<String>>> {
    let text = std::fs::read_to_string(file).ok()?;
    let word = |line: &str| line.split('\t').next().unwrap_or_default().to_owned();
    let blocks = text.split("\n\n").map(|block| block.lines().map(word).collect::<Vec<_>>());
    Some(blocks.filter(|words| !words.is_empty() && words[0] != "-DOCSTART-").collect())
}

/// Words that are cut exactly as annotated: F1 of `stages` on sentences written without spaces.
fn word_f1(stages: Vec<StageUse>, sentences: &[Vec<String>]) -> f64 {
    let texts: Vec<_> = sentences.iter().map(|words| words.concat()).collect();
    let (mut right, mut found, mut gold) = (0, 0, 0);
    for (cut, words) in spans(stages, &texts).iter().zip(sentences) {
        let mut end = 0;
        let annotated: HashSet<_> = words
            .iter()
            .map(|word| {
                let start = end;
                end += word.len() as u32;
                Span::new(start, end)
            })
            .collect();
        right += cut.iter().filter(|span| annotated.contains(span)).count();
        found += cut.len();
        gold += annotated.len();
    }
    200.0 * right as f64 / (found + gold) as f64
}

/// Word F1 on UNER Chinese GSD; `cargo test --release -p segment-words uner -- --nocapture` shows it.
#[test]
fn scores_on_uner_chinese() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let data =
        std::env::var_os("PIPELINE_DATA").map_or_else(|| workspace.join("../shared/data"), PathBuf::from);
    for split in ["dev", "test"] {
        let file = data.join(format!("ner/uner_zh_gsd/{split}.conll"));
        let Some(sentences) = sentences(&file) else {
            eprintln!("SKIPPED: there is no ner/uner_zh_gsd/{split}.conll, Chinese words were not scored");
            continue;
        };
        let with = before("zh").into_iter().chain([segment()]).collect();
        let (before, after) = (word_f1(before("zh"), &sentences), word_f1(with, &sentences));
        println!(
            "UNER zh {split}: word F1 {after:.2} (tokenize alone {before:.2}), {} sentences",
            sentences.len()
        );
        assert!(after > 75.0 && after > before + 20.0, "{split}: {before:.2} to {after:.2}");
    }
}
