//! Languages of texts and of their passages.
use pipeline_core::Span;
use proptest::prelude::*;
use stages::language::{Detection, Detector, Memory};

fn code(text: &str) -> &'static str {
    Detector::new().detect(text).code
}

#[test]
fn sentences_are_told() {
    let cases = [
        ("en", "The council said on Monday that the bridge would stay closed until spring."),
        ("de", "Der Rat teilte am Montag mit, dass die Brücke bis zum Frühjahr gesperrt bleibt."),
        ("fr", "Le conseil a déclaré lundi que le pont resterait fermé jusqu'au printemps."),
        ("es", "El consejo dijo el lunes que el puente seguirá cerrado hasta la primavera."),
        ("pt", "O conselho disse na segunda-feira que a ponte ficará fechada até à primavera."),
        ("nl", "De raad zei maandag dat de brug tot het voorjaar gesloten blijft."),
        ("ru", "Совет сообщил в понедельник, что мост останется закрытым до весны."),
        ("uk", "Рада повідомила в понеділок, що міст залишиться закритим до весни."),
        ("zh", "市议会周一表示，这座桥将关闭到春天。"),
        ("ja", "市議会は月曜日、橋は春まで閉鎖されると発表した。"),
        ("ar", "قال المجلس يوم الاثنين إن الجسر سيبقى مغلقا حتى الربيع"),
        ("fa", "شورا روز دوشنبه گفت که پل تا بهار بسته خواهد ماند"),
        ("el", "Το συμβούλιο είπε ότι η γέφυρα θα μείνει κλειστή."),
        ("ko", "시의회는 다리가 봄까지 닫힐 것이라고 밝혔다."),
    ];
    for (expected, text) in cases {
        assert_eq!(code(text), expected, "{text}");
    }
}

#[test]
fn single_words_are_told_when_they_tell() {
    for (expected, word) in
        [("de", "Straßenverkehr"), ("pl", "źdźbło"), ("hu", "gyönyörűség"), ("vi", "trường")]
    {
        assert_eq!(code(word), expected, "{word}");
    }
}

#[test]
fn nothing_is_said_of_nothing() {
    for text in ["", "  \n", "12,5 % + 7", "?!", "👍", "ᏣᎳᎩ"] {
        assert_eq!(Detector::new().detect(text), Detection::UNDETERMINED, "{text:?}");
    }
}

#[test]
fn sure_of_a_text_unsure_of_a_word() {
    let detector = Detector::new();
    let text = detector
        .detect("The ministers met in the capital and agreed to meet again before the end of the year.");
    let word = detector.detect("casa");
    assert!(text.confidence > 0.95, "{text:?}");
    assert!(word.confidence < 0.8, "{word:?}");
}

#[test]
fn a_long_text_is_judged_by_all_its_parts() {
    let german = "Die Abgeordneten sprachen gestern über den neuen Haushalt der Stadt. ".repeat(40);
    assert_eq!(code(&format!("Breaking news: the vote in Berlin. {german}")), "de");
}

#[test]
fn passages_in_other_languages_are_found() {
    let english = "The mayor opened the new library on Friday and thanked the builders.";
    let french = "La maire a inauguré vendredi la nouvelle bibliothèque et remercié les ouvriers.";
    let text = format!("{english}\n\n1.\n\n{english}\n{french}\n");
    let mut passages = Vec::new();
    Detector::new().passages(&mut Memory::default(), &text, &mut passages);
    let found: Vec<_> = passages.iter().map(|(span, found)| (&text[span.range()], found.code)).collect();
    let first = format!("{english}\n\n1.\n\n{english}");
    assert_eq!(found, [(first.as_str(), "en"), (french, "fr")]);
}

/// Words of one hash take turns in the memory; what is found must not tell.
#[test]
fn memory_changes_nothing_found() {
    let detector = Detector::new();
    let mut memory = Memory::default();
    let syllables = ["ka", "lo", "min", "ter", "sch", "ße", "ova", "ing", "qu", "é"];
    for n in 0..20_000usize {
        let word =
            |n: usize| format!("{}{}{}", syllables[n % 10], syllables[n / 10 % 10], syllables[n / 100 % 10]);
        let text = format!("{} {} {}", word(n), word(n * 7 + 3), word(n / 13));
        assert_eq!(detector.detect_with(&mut memory, &text), detector.detect(&text), "{text}");
    }
}

proptest! {
    #[test]
    fn any_text_has_a_language_and_ordered_passages(text in any::<String>(), times in 1usize..40) {
        let text = text.repeat(times);
        let detector = Detector::new();
        let mut memory = Memory::default();
        let found = detector.detect(&text);
        prop_assert_eq!(detector.detect_with(&mut memory, &text), found);
        prop_assert_eq!(detector.detect_with(&mut memory, &text), found);
        prop_assert!((0.0..=1.0).contains(&found.confidence));
        let mut passages: Vec<(Span, Detection)> = Vec::new();
        detector.passages(&mut memory, &text, &mut passages);
        let mut end = 0;
        for (span, _) in passages {
            prop_assert!(span.start >= end && span.start < span.end);
            prop_assert!(text.get(span.range()).is_some());
            end = span.end;
        }
    }
}
