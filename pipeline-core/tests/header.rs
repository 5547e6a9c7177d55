//! The C header and this crate describe the same interface: compiled as C11 and as C++17, and compared.

use std::collections::HashMap;
use std::mem::offset_of;
use std::path::{Path, PathBuf};
use std::process::Command;

use pipeline_core::plugin::{RawParallel, abi};
use pipeline_core::{ErrorCode, Kind, PluginMeta, Span, StageInfo, card_len, declare};

const STRICT: [&str; 4] = ["-Wall", "-Wextra", "-Werror", "-pedantic"];

/// What the header says when compiled by `compiler`, by name; `None`, loudly, where there is no such compiler.
fn header(compiler: &str, standard: &str, language: &str) -> Option<HashMap<String, String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    if Command::new(compiler).arg("--version").output().is_err() {
        eprintln!("SKIPPED: there is no `{compiler}`, the header was not compiled as {standard}");
        return None;
    }
    let program = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("layout-{compiler}"));
    let output = Command::new(compiler)
        .args(STRICT)
        .args([&format!("-std={standard}"), "-x", language, "-I"])
        .arg(root.join("include"))
        .arg(root.join("tests/header/layout.c"))
        .arg("-o")
        .arg(&program)
        .output()
        .unwrap();
    assert!(output.status.success(), "{compiler}: {}", String::from_utf8_lossy(&output.stderr));
    let printed = Command::new(&program).output().unwrap();
    assert!(printed.status.success());
    let printed = String::from_utf8(printed.stdout).unwrap();
    let pair = |line: &str| {
        let (name, value) = line.split_once(' ').unwrap();
        (name.to_owned(), value.to_owned())
    };
    Some(printed.lines().map(pair).collect())
}

/// Size of a structure and the offset of every field, under the names of the header.
macro_rules! layout {
    ($($c:literal = $rust:ty { $($field:ident $(as $other:literal)?),+ })+) => {
        vec![$(
            ($c.to_owned(), size_of::<$rust>()),
            $((format!("{}.{}", $c, [$($other,)? stringify!($field)][0]), offset_of!($rust, $field)),)+
        )+]
    };
}

fn layouts() -> Vec<(String, usize)> {
    layout! {
        "pipeline_str" = abi::Str { ptr, len }
        "pipeline_span" = Span { start, end }
        "pipeline_column" = abi::Column { data, aux, kind, flags }
        "pipeline_layer" = abi::Layer { spans, cols, len, n_cols }
        "pipeline_doc" = abi::Doc { text, layers, n_layers, flags }
        "pipeline_batch" = abi::Batch { size, n_docs, doc_stride, layer_stride, col_stride, stage, docs, host, out }
        "pipeline_host" = abi::Host {
            size, abi_minor, data, emit, doc_error, intern, sym_text, log, should_stop, get_extension
        }
        "pipeline_plugin" = abi::Plugin {
            size, flags, create, destroy, worker_new, worker_free, process, get_extension
        }
        "pipeline_parallel" = RawParallel { size, flags, for_each }
        "pipeline_errbuf" = abi::ErrBuf { buf, cap, len }
        "pipeline_decl" = abi::Decl<0> {
            magic, size, endian, abi_major, abi_minor, abi_min_minor, ptr_width, panic, arch, os, card_len, sdk,
            rustc as "compiler", id
        }
    }
}

fn constants() -> Vec<(&'static str, u32)> {
    vec![
        ("PIPELINE_U8", Kind::U8 as u32),
        ("PIPELINE_U32", Kind::U32 as u32),
        ("PIPELINE_I64", Kind::I64 as u32),
        ("PIPELINE_F32", Kind::F32 as u32),
        ("PIPELINE_F64", Kind::F64 as u32),
        ("PIPELINE_SYM", Kind::Sym as u32),
        ("PIPELINE_REF", Kind::Ref as u32),
        ("PIPELINE_STRINGS", Kind::Str as u32),
        ("PIPELINE_SPANS", Kind::Span as u32),
        ("PIPELINE_ERR_STAGE", ErrorCode::Stage as u32),
        ("PIPELINE_ERR_PANIC", ErrorCode::Panic as u32),
        ("PIPELINE_ERR_INVALID", ErrorCode::InvalidOutput as u32),
        ("PIPELINE_SKIPPED", ErrorCode::Skipped as u32),
        ("PIPELINE_NONE", Span::NONE.start),
        ("PIPELINE_DOC_ASCII", abi::DOC_ASCII),
        ("PIPELINE_ABI_MAJOR", abi::ABI_MAJOR.into()),
        ("PIPELINE_ABI_MINOR", abi::ABI_MINOR.into()),
        ("PIPELINE_ARCH", abi::ARCH.into()),
        ("PIPELINE_OS", abi::OS.into()),
        ("decl.magic", 0),
        ("decl.size", 1),
        ("decl.endian", abi::ENDIAN),
    ]
}

const STANDARD: [(&str, &str); 5] = [
    ("PIPELINE_LANGUAGE", "language"),
    ("PIPELINE_TOKENS", "tokens"),
    ("PIPELINE_SENTENCES", "sentences"),
    ("PIPELINE_ENTITIES", "entities"),
    ("PIPELINE_RELATIONS", "relations"),
];
const META: PluginMeta = PluginMeta { id: "acme", version: "1", license: "MIT" };
const ALL: StageInfo =
    StageInfo::new("acme.all", "all").requires(&["language", "tokens", "sentences", "entities", "relations"]);

/// The layers of a card as this crate writes it, one after the other.
fn layers_of_the_card() -> String {
    const N: usize = card_len(&META, &[ALL]);
    let card = String::from_utf8(declare::<N>(&META, &[ALL]).card.into()).unwrap();
    let start = card.find("\"requires\":[").unwrap() + "\"requires\":[".len();
    card[start..card.find("],\"optional\"").unwrap()].to_owned()
}

fn compare(said: &HashMap<String, String>) {
    for (name, value) in layouts() {
        assert_eq!(said[&name], value.to_string(), "{name}");
    }
    for (name, value) in constants() {
        assert_eq!(said[name], value.to_string(), "{name}");
    }
    let layers = STANDARD.map(|(name, layer)| {
        assert!(said[name].starts_with(&format!("{{\"layer\":\"{layer}\"")), "{name}");
        said[name].as_str()
    });
    assert_eq!(layers.join(","), layers_of_the_card());
}

fn behaves(said: &HashMap<String, String>) {
    assert_eq!((said["entry.small"].as_str(), said["entry.large"].as_str()), ("1 1", "1 1"));
    assert_eq!((said["entry.has"].as_str(), said["fail"].as_str()), ("1", "1 4 reas"));
    let expected = [
        ("a", r#"[1,{"b":2}]"#),
        ("b", "-7"),
        ("c", r#""x\"},:""#),
        ("on", "true"),
        ("x", ""),
        ("", ""),
        ("n", "42 1"),
        ("off", "0 1"),
    ];
    for (key, value) in expected {
        assert_eq!(said[&format!("option.{key}")], value, "{key}");
    }
    assert_eq!((said["string"].as_str(), said["decl.id"].as_str()), ("cde", "acme-header"));
    let card = &said["decl.card"];
    assert!(
        card.starts_with(r#"{"id":"acme-header","version":"1.2.3","license":"MIT","stages":[{"#),
        "{card}"
    );
    #[cfg(feature = "host")]
    {
        let card: pipeline_core::manifest::Card = serde_json::from_str(card).unwrap();
        assert_eq!(card.stages[0].requires[1].layer, "sentences");
        assert_eq!(card.stages[0].threads, pipeline_core::Threads::One);
    }
}

fn check(compiler: &str, standard: &str, language: &str) {
    if let Some(said) = header(compiler, standard, language) {
        compare(&said);
        behaves(&said);
    }
}

#[test]
fn as_c11() {
    check("cc", "c11", "c");
}

#[test]
fn as_cpp17() {
    check("c++", "c++17", "c++");
}

#[test]
fn as_c11_by_clang() {
    check("clang", "c11", "c");
}

#[test]
fn as_cpp17_by_clang() {
    check("clang++", "c++17", "c++");
}
