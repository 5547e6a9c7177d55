//! The contract every stage keeps to, for those that come with the program.

use pipeline_core::check::{self, Breach};
use pipeline_core::{BatchStage, StageSource, StageUse};
use stages::entities::EntitiesStage;
use stages::language::LanguageStage;
use stages::relations::RelationsStage;
use stages::syntax::SyntaxStage;
use stages::tokenize::TokenizeStage;
use stages::triples::TriplesStage;

/// News in several languages, besides the hostile texts of the suite.
fn texts() -> Vec<String> {
    [
        "Lumen Energy, based in Bergen, has bought Kestrel Grid. \"We are proud,\" said chief executive Ingrid Solberg.",
        "LUMEN BUYS KESTREL\n\nOSLO - The Norwegian company Lumen Energy (LMN) said on Monday it would pay $1.2bn.",
        "Die Kanzlerin traf am Dienstag in München den Präsidenten Brasiliens.",
        "Le ministre s'est rendu à Dakar, où il a rencontré Aminata Diop, présidente de la Banque d'Afrique.",
        "外交部长王小明星期二在日内瓦会见了巴西总统。",
    ]
    .map(String::from)
    .into()
}

fn linked<S: BatchStage>() -> StageUse {
    StageUse::new(StageSource::linked::<S>().expect("a card"))
}

fn keeps<S: BatchStage>(before: &[StageUse]) {
    let breaches = check::check_linked::<S>("{}", before, &texts()).expect("stages that fit together");
    assert_eq!(breaches, Vec::<Breach>::new(), "{}", S::INFO.name);
}

#[test]
fn language_keeps_the_contract() {
    keeps::<LanguageStage>(&[]);
}

#[test]
fn tokenize_keeps_the_contract() {
    keeps::<TokenizeStage>(&[linked::<LanguageStage>()]);
}

#[test]
fn entities_keeps_the_contract() {
    keeps::<EntitiesStage>(&[linked::<LanguageStage>(), linked::<TokenizeStage>()]);
}

#[test]
fn relations_keeps_the_contract() {
    let before = [linked::<LanguageStage>(), linked::<TokenizeStage>(), linked::<EntitiesStage>()];
    keeps::<RelationsStage>(&before);
}

#[test]
fn triples_keeps_the_contract() {
    let before = [
        linked::<LanguageStage>(),
        linked::<TokenizeStage>(),
        linked::<EntitiesStage>(),
        linked::<SyntaxStage>(),
    ];
    keeps::<TriplesStage>(&before);
}

#[test]
fn syntax_keeps_the_contract() {
    keeps::<SyntaxStage>(&[linked::<LanguageStage>(), linked::<TokenizeStage>()]);
    let before = [linked::<LanguageStage>(), linked::<TokenizeStage>(), linked::<EntitiesStage>()];
    keeps::<SyntaxStage>(&before);
}
