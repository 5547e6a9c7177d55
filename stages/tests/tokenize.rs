//! Words and sentences of any text at all, and of texts that rules were made for.
use proptest::prelude::*;
use stages::tokenize::{Kind, Tokenizer, Words};

fn run(text: &str, language: &str) -> Words {
    let mut out = Words::default();
    Tokenizer::new().run(text, language, &mut out);
    out
}

fn is_space(c: char) -> bool {
    let invisible = "\u{200b}\u{200e}\u{200f}\u{2060}\u{feff}";
    let direction = ('\u{202a}'..='\u{202e}').contains(&c) || ('\u{2066}'..='\u{2069}').contains(&c);
    c.is_whitespace() || invisible.contains(c) || direction
}

/// What holds for every text in every language.
fn check(text: &str, language: &str) {
    let out = run(text, language);
    assert_eq!(out.tokens.len(), out.kinds.len());
    assert!(out.kinds.iter().all(|&kind| Kind::from_u8(kind).is_some()));
    let mut end = 0;
    for token in &out.tokens {
        let word = text.get(token.range()).expect("on character boundaries");
        assert!(!word.is_empty() && !word.contains(char::is_whitespace), "{word:?}");
        assert!(text[end..token.start as usize].chars().all(is_space), "lost before {word:?}");
        end = token.end as usize;
    }
    assert!(text[end..].chars().all(is_space), "lost at the end");
    check_sentences(&out);
    let mut general = Words::default();
    Tokenizer::new().run_general(text, language, &mut general);
    assert_eq!(out.tokens, general.tokens);
    assert_eq!(out.kinds, general.kinds);
    assert_eq!(out.sentences, general.sentences);
}

/// Sentences are ordered and disjoint, begin and end with a token, and leave no token out.
fn check_sentences(out: &Words) {
    let mut token = 0;
    for sentence in &out.sentences {
        assert_eq!(sentence.start, out.tokens[token].start);
        while token < out.tokens.len() && out.tokens[token].end <= sentence.end {
            token += 1;
        }
        assert_eq!(sentence.end, out.tokens[token - 1].end);
    }
    assert_eq!(token, out.tokens.len());
}

/// Texts made of the pieces that rules look at.
fn pieces() -> impl Strategy<Value = String> {
    let marks = r#"[ \t\n.,:;!?'’"“”()\[\]{}<>@#$%&*+/=^_`|~€£\\-]"#;
    let piece = prop_oneof![
        4 => "[a-zA-Z]{1,6}",
        2 => "[0-9]{1,4}",
        6 => marks,
        1 => "(Mr|etc|U.S|can|cannot|gonna|http|www|com|pro|mid|don|t|s|ll|n|e-mail|Inc|No|am|pm|x@y.com)",
        1 => "\\PC",
        1 => "[\u{300}\u{200d}\u{fe0f}\u{1f1e9}\u{1f1ea}\u{1f44d}\u{1f3fd}\u{200b}\u{2029}\u{85}中文かカ。ไทย한]",
    ];
    proptest::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]

    #[test]
    fn any_text_is_cut_without_loss(text in any::<String>(), language in "(en|de|fr|es|und|zh)") {
        check(&text, &language);
    }

    #[test]
    fn any_mixture_of_marks_is_cut_without_loss(text in pieces(), language in "(en|de|fr|es|und|zh)") {
        check(&text, &language);
    }

    #[test]
    fn any_ascii_text_is_cut_without_loss(text in "[\\x00-\\x7f]{0,80}") {
        check(&text, "en");
    }
}

/// The words of a text, joined by `|`.
fn words(language: &str, text: &str) -> String {
    check(text, language);
    let out = run(text, language);
    out.tokens.iter().map(|token| &text[token.range()]).collect::<Vec<_>>().join("|")
}

#[track_caller]
fn assert_words(language: &str, cases: &[&str]) {
    for case in cases {
        let text: String = case.replace('|', "");
        let expected = case.split(['|', ' ']).filter(|word| !word.is_empty()).collect::<Vec<_>>().join("|");
        assert_eq!(words(language, &text), expected, "in {text:?}");
    }
}

#[test]
fn english_clitics_come_apart() {
    assert_words(
        "en",
        &[
            "They do|n't know|, and I|'m sure she|'ll say we|'ve lost|.",
            "Japan|'s envoy could|n’t reach the workers|' council|.",
            "We can|not go but are gon|na try|: DO|N'T SHOUT",
            "O'Brien met Sha'ban at five o'clock",
            "The '90s|, the 1980's and the class of '04",
        ],
    );
}

#[test]
fn abbreviations_keep_their_stop() {
    assert_words(
        "en",
        &[
            "Mr. Ode of Ode Inc. flew to the U.S. at 5 p.m. on Friday|.",
            "J. B. Ode|, Ph.D.|, wrote No. 7 and p. 12|.",
            "The answer is no|.",
            "Shares of the firm |(|MU.O|) fell|.",
            "bread|, cheese etc. for all|, and jam etc|. Then we left|.",
        ],
    );
}

#[test]
fn addresses_stay_whole() {
    assert_words(
        "en",
        &[
            "See https://example.org/a_b?c=d&e=1|, www.example.com or example.co.uk|.",
            "Write to jo.doe+x@mail.example.org|.",
            "|(|http://example.org/x_(y)|)",
            "@someone likes #RustLang|, says Example.com|'s blog",
            "open notes.txt :-)",
        ],
    );
}

#[test]
fn numbers_keep_their_separators() {
    assert_words(
        "en",
        &[
            "It cost $|1,250.50 or 3|% more at 5:30|pm on 10/26/2000|.",
            "Call 555-010-9999 or 555-0199 for 5|-|10 people|.",
            "a 24|-|hour trip of 40|km in the 19th century",
            "US$|5.2|m and €|3|bn",
        ],
    );
}

#[test]
fn hyphens_split_but_for_prefixes() {
    assert_words(
        "en",
        &[
            "a well|-|known co-founder in mid-July",
            "the pro|-|European anti-war camp",
            "Rolls|-|Royce e-mail",
        ],
    );
    assert_words("de", &["Der CDU-Chef sah die S-Bahn am 3. Oktober"]);
    assert_words("fr", &["l'|eau d'|Évian aujourd'hui |: viendra|-t-il aux États-Unis |?"]);
}

#[test]
fn marks_and_signs() {
    assert_words(
        "en",
        &[
            "Wait|... what|?! |\"|Yes|,|\" he said |-- |“|no|”|.",
            "a family 👨‍👩‍👧 thumbs 👍🏽 flag 🇩🇪|🇫🇷",
            "Black|&|White or AT&T",
            "and|/|or 9/11 w/o",
        ],
    );
}

#[test]
fn kinds_tell_tokens_apart() {
    let kinds =
        |text: &str| run(text, "en").kinds.into_iter().map(|k| Kind::from_u8(k).unwrap()).collect::<Vec<_>>();
    assert_eq!(
        kinds("Pay $ 5 now !"),
        [Kind::Word, Kind::Currency, Kind::Number, Kind::Word, Kind::Punctuation]
    );
    assert_eq!(
        kinds("@a1 #b c@d.org e.com 😀 :) ="),
        [Kind::Handle, Kind::Hashtag, Kind::Email, Kind::Url, Kind::Emoji, Kind::Emoticon, Kind::Symbol]
    );
}

/// Sentences of a text in which `|` marks their borders.
#[track_caller]
fn assert_sentences(language: &str, marked: &str) {
    let text = marked.replace('|', "");
    check(&text, language);
    let found: Vec<_> = run(&text, language).sentences.iter().map(|s| text[s.range()].to_owned()).collect();
    assert_eq!(found, marked.split('|').map(|s| s.trim().to_owned()).collect::<Vec<_>>());
}

#[test]
fn sentences_end_where_readers_stop() {
    assert_sentences("en", "Mr. Ode came. |He left at 5 p.m. on Friday. |The U.S. Army did not.");
    assert_sentences("en", "\"Is it true?\" he asked. |\"It is.\" |She nodded.");
    assert_sentences("en", "Headline without a stop\n\n|The text begins here. |It ends.");
    assert_sentences("en", "J. B. Ode wrote it with T. Roe Jr. and others.");
    assert_sentences("en", "She knew it.[4] [5] |Nobody else did. |They said [...] |No one came.");
    assert_sentences("en", "1. Open the box. |2. Take it out.");
    assert_sentences("en", "Figure 2. The old town. |It is small.");
    assert_sentences("en", "so it rained. |we stayed in... and slept! |then we left.");
    assert_sentences("en", "'What?!' she cried. |\"No,\" he said. |\"Never.\" |(He lied.) |So");
    assert_sentences(
        "en",
        "A. Ode |02/12/2001 05:10 PM |Please call me. |Regards, |Ann |---------- |The end",
    );
    assert_sentences("en", "🥇 Zoë won. |What a day! 🎉 |Tom lost :( |He wept.");
    assert_sentences("en", "It ended.\n\n|🥇 Zoë won.\n\n|[1] A note.");
    assert_sentences("en", "See https://example.org/a |Then come back :) |All is well");
    assert_sentences("zh", "你好。|再见！|好");
    assert_sentences("hi", "यह एक है। |वह दो है।");
}

#[test]
fn lines_end_sentences_unless_filled() {
    assert_sentences("en", "Shopping list\n|Two apples\n|Bread");
    let filled = "This line of a letter was broken where the paper ended, as was the custom of\nMr. Ode. |He wrote much.";
    assert_sentences("en", filled);
    assert_sentences("en", "one\r\n\r\n|two\u{2029}|three");
    assert_sentences("en", "a short line that goes\non in the next");
}

#[test]
fn long_texts_take_linear_time() {
    // Quadratic work on any of these would take hours.
    for piece in [
        "a", ".", "a.", "-a", "(", "a@", "'", "a'", "1,", "\u{301}", "中", "\n", " ", "[.", ":", "a/", ")",
        "a.b(",
    ] {
        let out = run(&piece.repeat(300_000), "en");
        assert!(out.tokens.len() <= 300_000 * piece.len());
        run(&format!("http://a{}", piece.repeat(300_000)), "en");
    }
}
