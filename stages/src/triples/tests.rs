//! What sentences say, with their parses written by hand.

use pipeline_core::Span;
use pipeline_core::layers::TRIPLE_FLAGS;

use super::Found;
use super::extract::Extractor;
use super::roles::{Role, Sense};
use super::tags::{Pos, Rel};
use super::tree::{NONE, Node};

/// What a sentence says: `subject | predicate | object`, flags in brackets, `role: argument` behind. A word is written
/// `word/POS/head/deprel`, heads count from 1; `@PLACE` after it is what an entity says.
fn said(sentence: &str) -> Vec<String> {
    let (mut text, mut extractor, mut found) = (String::new(), Extractor::default(), Found::default());
    extractor.begin();
    for word in sentence.split_whitespace() {
        let (word, sense) = word.split_once('@').unwrap_or((word, ""));
        let [form, pos, head, rel] = word.split('/').collect::<Vec<_>>()[..] else { panic!("{word}") };
        let start = text.len() as u32;
        text.push_str(form);
        let span = Span::new(start, text.len() as u32);
        text.push(' ');
        let head = head.parse::<u16>().unwrap().checked_sub(1).unwrap_or(NONE);
        extractor.push(
            Node::new(span, Pos::of(pos), Rel::of_label(rel), head),
            Sense::of_label(sense),
            false,
        );
    }
    extractor.extract(&text, &mut found);
    let words = |span: Span| if span.is_none() { "-" } else { &text[span.range()] };
    let triple = |at: usize| {
        let triple = &found.triples[at];
        let flags = TRIPLE_FLAGS.iter().enumerate().filter(|(bit, _)| triple.flags & (1 << bit) != 0);
        let flags: String = flags.map(|(_, name)| format!(" [{name}]")).collect();
        let args = found.args.iter().filter(|arg| arg.triple as usize == at);
        let args: String =
            args.map(|arg| format!(" {}: {}", Role::name(arg.role.number()), words(arg.span))).collect();
        format!("{} | {} | {}{flags}{args}", words(triple.subject), found.predicate(at), words(triple.object))
    };
    (0..found.triples.len()).map(triple).collect()
}

#[test]
fn a_verb_with_object_time_and_place() {
    let found = said(
        "Lumen/PROPN/2/nsubj bought/VERB/0/root Kestrel/PROPN/2/obj in/ADP/5/case Bergen/PROPN/2/obl@GPE \
         on/ADP/7/case Monday/PROPN/2/obl@DATE ./PUNCT/2/punct",
    );
    assert_eq!(found, ["Lumen | buy | Kestrel place: in Bergen time: on Monday"]);
}

#[test]
fn a_passive_keeps_its_order_and_says_so() {
    let found = said(
        "Kestrel/PROPN/4/nsubj:pass was/AUX/4/aux:pass not/PART/4/advmod acquired/VERB/0/root by/ADP/6/case \
         Lumen/PROPN/4/obl:agent in/ADP/8/case 2021/NUM/4/obl ./PUNCT/4/punct",
    );
    assert_eq!(found, ["Kestrel | be acquired by | Lumen [negated] [passive] time: in 2021"]);
}

#[test]
fn joined_verbs_share_their_subject_and_joined_objects_are_two() {
    let found = said(
        "She/PRON/3/nsubj may/AUX/3/aux build/VERB/0/root plants/NOUN/3/obj and/CCONJ/6/cc sell/VERB/3/conj \
         power/NOUN/6/obj or/CCONJ/9/cc heat/NOUN/7/conj ./PUNCT/3/punct",
    );
    assert_eq!(
        found,
        ["She | build | plants [modal]", "She | sell | power [modal]", "She | sell | heat [modal]"]
    );
}

#[test]
fn relative_clauses_speak_of_what_they_describe() {
    let found = said(
        "Lumen/PROPN/10/nsubj ,/PUNCT/6/punct which/PRON/6/nsubj:pass is/AUX/6/aux:pass largely/ADV/6/advmod \
         based/VERB/1/acl:relcl in/ADP/8/case Bergen/PROPN/6/obl@GPE ,/PUNCT/6/punct grew/VERB/0/root ./PUNCT/10/punct",
    );
    assert_eq!(found, ["Lumen | be based in | Bergen [passive]", "Lumen | grow | -"]);
    let found = said(
        "The/DET/2/det plant/NOUN/6/nsubj they/PRON/4/nsubj built/VERB/2/acl:relcl has/AUX/6/aux \
         closed/VERB/0/root ./PUNCT/6/punct",
    );
    assert_eq!(found, ["they | build | The plant", "The plant | close | -"]);
}

#[test]
fn chains_of_verbs_are_one_predicate() {
    let found = said(
        "They/PRON/2/nsubj began/VERB/0/root to/PART/4/mark hire/VERB/2/xcomp people/NOUN/4/obj ./PUNCT/2/punct",
    );
    assert_eq!(found, ["They | begin to hire | people"]);
    let found = said(
        "It/PRON/3/nsubj was/AUX/3/cop able/ADJ/0/root to/PART/5/mark reinforce/VERB/3/xcomp the/DET/7/det \
         hotel/NOUN/5/obj ./PUNCT/3/punct",
    );
    assert_eq!(found, ["It | be able to reinforce | the hotel"]);
}

#[test]
fn who_says_so_is_told() {
    let found = said(
        "Soto/PROPN/2/nsubj said/VERB/0/root that/SCONJ/5/mark profits/NOUN/5/nsubj rose/VERB/2/ccomp to/ADP/7/case \
         records/NOUN/5/obl ./PUNCT/2/punct",
    );
    assert_eq!(
        found,
        ["Soto | say | profits rose to records", "profits | rise to | records [attributed] source: Soto"]
    );
    let found = said(
        "Profits/NOUN/3/nsubj will/AUX/3/aux help/VERB/0/root us/PRON/3/obj ,/PUNCT/7/punct she/PRON/7/nsubj \
         said/VERB/3/parataxis ./PUNCT/3/punct",
    );
    assert_eq!(found[0], "Profits | help | us [future] [attributed] source: she");
    let found = said(
        "Profits/NOUN/2/nsubj rose/VERB/5/advcl ,/PUNCT/2/punct she/PRON/5/nsubj said/VERB/0/root ./PUNCT/5/punct",
    );
    assert_eq!(found, ["Profits | rise | - [attributed] source: she", "she | say | Profits rose"]);
    // Wherever the parse hangs what is said.
    let found = said(
        "Lumen/PROPN/2/nsubj sold/VERB/0/root plants/NOUN/2/obj ,/PUNCT/6/punct Soto/PROPN/6/nsubj said/VERB/2/conj \
         ./PUNCT/2/punct",
    );
    assert_eq!(found[0], "Lumen | sell | plants [attributed] source: Soto");
    let found = said(
        "Lumen/PROPN/2/nsubj sold/VERB/0/root plants/NOUN/2/obj ,/PUNCT/6/punct Soto/PROPN/6/nsubj told/VERB/2/conj \
         lies/NOUN/6/obj ./PUNCT/2/punct",
    );
    assert_eq!(found[0], "Lumen | sell | plants");
}

#[test]
fn datelines_say_nothing() {
    let found = said(
        "OSLO/PROPN/6/nsubj (/PUNCT/3/punct Lumen/PROPN/1/appos )/PUNCT/3/punct -/PUNCT/1/punct \
         sells/VERB/0/root plants/NOUN/6/obj ./PUNCT/6/punct",
    );
    assert!(found.iter().all(|fact| !fact.starts_with("OSLO | sell")), "{found:?}");
    let found = said(
        "OSLO/PROPN/4/nsubj -/PUNCT/1/punct Soto/PROPN/4/nsubj said/VERB/0/root profits/NOUN/6/nsubj \
         rose/VERB/4/ccomp ./PUNCT/4/punct",
    );
    assert_eq!(found[0], "Soto | say | profits rose");
    assert_eq!(found[1], "profits | rise | - [attributed] source: Soto");
}

#[test]
fn conditions_are_told() {
    let found = said(
        "If/SCONJ/3/mark Lumen/PROPN/3/nsubj buys/VERB/7/advcl Kestrel/PROPN/3/obj ,/PUNCT/3/punct \
         prices/NOUN/7/nsubj fall/VERB/0/root ./PUNCT/7/punct",
    );
    assert_eq!(found[0], "Lumen | buy | Kestrel [conditional]");
    assert_eq!(found[1], "prices | fall | -");
}

#[test]
fn what_things_are_and_how_they_are() {
    let found = said(
        "Soto/PROPN/4/nsubj is/AUX/4/cop a/DET/4/det member/NOUN/0/root of/ADP/7/case the/DET/7/det \
         board/NOUN/4/nmod ./PUNCT/4/punct",
    );
    assert_eq!(found, ["Soto | be | a member of the board"]);
    let found = said(
        "It/PRON/3/nsubj was/AUX/3/cop close/ADJ/0/root to/ADP/6/case the/DET/6/det river/NOUN/3/obl ./PUNCT/3/punct",
    );
    assert_eq!(found, ["It | be close to | the river"]);
}

#[test]
fn nouns_say_what_somebody_is() {
    let found = said(
        "Soto/PROPN/8/nsubj ,/PUNCT/4/punct the/DET/4/det head/NOUN/1/appos of/ADP/6/case Lumen/PROPN/4/nmod \
         ,/PUNCT/4/punct resigned/VERB/0/root ./PUNCT/8/punct",
    );
    assert_eq!(found, ["Soto | be | the head of Lumen", "Soto | resign | -"]);
    let found = said(
        "Japan/PROPN/3/nmod:poss 's/PART/1/case Minister/PROPN/4/nmod:desc Onishi/PROPN/5/nsubj left/VERB/0/root",
    );
    assert_eq!(found[0], "Onishi | be | Japan 's Minister");
}

#[test]
fn a_past_form_with_an_object_is_no_participle() {
    let found = said(
        "Ingrid/PROPN/0/root ,/PUNCT/4/punct the/DET/4/det founder/NOUN/1/appos ,/PUNCT/6/punct met/VERB/4/acl \
         Onishi/PROPN/6/obj ./PUNCT/1/punct",
    );
    assert!(found.contains(&"Ingrid | meet | Onishi".to_owned()), "{found:?}");
}

#[test]
fn nothing_is_said_twice() {
    let found = said(
        "Soto/PROPN/2/nsubj met/VERB/0/root Bo/PROPN/2/obj yesterday/NOUN/3/nmod:unmarked@DATE ./PUNCT/2/punct",
    );
    assert_eq!(found, ["Soto | meet | Bo"]);
    let found = said("Soto/PROPN/2/nsubj is/AUX/3/cop Soto/PROPN/0/root ./PUNCT/3/punct");
    assert_eq!(found, [""; 0]);
}

#[test]
fn odd_trees_do_no_harm() {
    for sentence in [
        "a/VERB/1/nsubj",
        "a/VERB/2/conj b/VERB/1/conj",
        "a/X/9/dep b/PUNCT/1/obl",
        "who/PRON/2/nsubj ran/VERB/1/acl:relcl",
    ] {
        let _ = said(sentence);
    }
}
