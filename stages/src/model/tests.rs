use super::*;

const WANT: Expected<'_> = Expected { kind: "entities", features: 3, tokenizer: Some(7) };

fn header() -> Header {
    Header { kind: "entities".into(), features: 3, tokenizer: 7, ..Header::default() }
}

fn file() -> Vec<u8> {
    let mut writer = ModelWriter::new(header());
    writer.section("rows", &[-1i8, 0, 127]);
    writer.section("keys", &[1u32, 70_000]);
    writer.finish()
}

fn refusal(bytes: &[u8], want: &Expected<'_>) -> String {
    ModelFile::read(bytes, want).expect_err("must be refused").to_string()
}

#[test]
fn gives_back_what_was_written() {
    let bytes = file();
    let model = ModelFile::read(&bytes, &WANT).expect("a sound file");
    assert_eq!(model.header(), &header());
    assert_eq!(model.section::<i8>("rows").expect("rows"), [-1, 0, 127]);
    assert_eq!(model.section::<u32>("keys").expect("keys"), [1, 70_000]);
    assert!(matches!(model.section::<u32>("rows"), Err(ModelError::Section(_, "has an odd length"))));
    assert!(matches!(model.section::<u8>("none"), Err(ModelError::Section(_, "is missing"))));
}

#[test]
fn is_the_same_every_time() {
    assert_eq!(file(), file());
}

#[test]
fn every_altered_byte_is_noticed() {
    let sound = file();
    for at in 0..sound.len() {
        let mut bytes = sound.clone();
        bytes[at] ^= 0x40;
        assert!(ModelFile::read(&bytes, &WANT).is_err(), "byte {at}");
    }
}

#[test]
fn every_cut_is_noticed() {
    let sound = file();
    for length in 0..sound.len() {
        assert!(ModelFile::read(&sound[..length], &WANT).is_err(), "length {length}");
    }
    assert!(refusal(&sound[..sound.len() - 1], &WANT).contains("incomplete"));
}

#[test]
fn other_versions_and_kinds_are_refused_with_a_cure() {
    let bytes = file();
    assert!(refusal(&bytes, &Expected { kind: "relations", ..WANT }).contains("for `relations`"));
    assert!(refusal(&bytes, &Expected { features: 4, ..WANT }).contains("train it again"));
    assert!(refusal(&bytes, &Expected { tokenizer: Some(8), ..WANT }).contains("tokenizer 7"));
    assert!(ModelFile::read(&bytes, &Expected { tokenizer: None, ..WANT }).is_ok());
    assert!(refusal(b"not a model", &WANT).contains("no model file"));
}
