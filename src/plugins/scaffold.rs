//! What a new plugin is made of: its own few files, and the development kit.

/// A file: its path in the project, and its contents with names in double braces.
pub(super) type File = (&'static str, &'static str);

/// Files of the development kit, by their path in this repository and in a project.
macro_rules! kit {
    ($($path:literal),+ $(,)?) => {
        &[$((concat!("sdk/pipeline-core/", $path), include_str!(concat!("../../pipeline-core/", $path)))),+]
    };
}

/// What stages are written against, without what runs them; no other crate is needed to build it.
pub(super) const KIT: &[File] = kit![
    "build.rs",
    "include/pipeline_stage.h",
    "src/card.rs",
    "src/error.rs",
    "src/json.rs",
    "src/layers.rs",
    "src/lib.rs",
    "src/plugin/abi.rs",
    "src/plugin/columns.rs",
    "src/plugin/export.rs",
    "src/plugin/guard.rs",
    "src/plugin/host_ref.rs",
    "src/plugin/mod.rs",
    "src/plugin/out.rs",
    "src/plugin/parallel.rs",
    "src/plugin/view.rs",
    "src/span.rs",
    "src/stage.rs",
];

/// The kit's manifest in a project: the workspace's inheritance written out, the host's feature left out.
const KIT_MANIFEST: &str = concat!(
    r#"# The development kit, as it came with the program.
[package]
name = "pipeline-core"
description = "What stages are written against"
version = ""#,
    env!("CARGO_PKG_VERSION"),
    r#""
edition = "2024"
rust-version = "1.85"
license = "MIT OR Apache-2.0"
publish = false

[lints.rust]
# the feature of the program itself
unexpected_cfgs = { level = "allow", check-cfg = ['cfg(feature, values("host"))'] }
"#
);

/// A stage in Rust.
pub(super) const RUST: &[File] = &[
    ("Cargo.toml", include_str!("templates/rust/Cargo.toml.in")),
    ("src/lib.rs", include_str!("templates/rust/lib.rs")),
    ("tests/contract.rs", include_str!("templates/rust/contract.rs")),
    ("README.md", include_str!("templates/rust/README.md")),
    ("sample.txt", include_str!("templates/sample.txt")),
    (".gitignore", include_str!("templates/rust/gitignore")),
    (".cargo/config.toml", include_str!("templates/rust/cargo-config.toml")),
    ("sdk/pipeline-core/Cargo.toml", KIT_MANIFEST),
];

/// A stage in C.
pub(super) const C: &[File] = &[
    ("{{crate}}.c", include_str!("templates/c/stage.c")),
    ("pipeline_stage.h", include_str!("../../pipeline-core/include/pipeline_stage.h")),
    ("Makefile", include_str!("templates/c/Makefile")),
    ("README.md", include_str!("templates/c/README.md")),
    ("sample.txt", include_str!("templates/sample.txt")),
    (".gitignore", include_str!("templates/c/gitignore")),
    ("local.mk", include_str!("templates/c/local.mk")),
];

#[cfg(test)]
mod tests {
    use super::*;

    /// Modules that a file of the kit declares and that are there without the host.
    fn modules(file: &str) -> Vec<String> {
        let text = KIT.iter().find(|(path, _)| path.ends_with(file)).unwrap().1;
        let lines: Vec<_> = text.lines().collect();
        let mut names = Vec::new();
        for (number, line) in lines.iter().enumerate() {
            let name = line.split_once("mod ").and_then(|(_, rest)| rest.strip_suffix(';'));
            let of_the_host = number > 0 && lines[number - 1].contains("cfg(feature = \"host\")");
            names.extend(name.filter(|_| !line.starts_with("//") && !of_the_host).map(str::to_owned));
        }
        names
    }

    #[test]
    fn the_kit_is_complete() {
        let there =
            |path: String| KIT.iter().any(|(file, _)| *file == format!("sdk/pipeline-core/src/{path}"));
        let top = modules("src/lib.rs");
        assert!(top.len() > 5, "{top:?}");
        for module in top {
            assert!(
                there(format!("{module}.rs")) || there(format!("{module}/mod.rs")),
                "src/{module}.rs is missing"
            );
        }
        for module in modules("plugin/mod.rs") {
            assert!(there(format!("plugin/{module}.rs")), "src/plugin/{module}.rs is missing");
        }
    }
}
