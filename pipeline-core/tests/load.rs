//! What is refused, and in which words; nothing of it may take the process down.
#![cfg(feature = "host")]

mod common;

use std::path::Path;

use common::{c_library, declaration, folder, patched, tool};
use pipeline_core::plugin::{Library, LoadCode, LoadError, OpenOptions, Platform};

fn scan(path: &Path) -> LoadError {
    match Library::scan(path) {
        Ok(scanned) => panic!("{} was accepted: {scanned:?}", path.display()),
        Err(error) => error,
    }
}

fn open(path: &Path) -> LoadError {
    let scanned = Library::scan(path).unwrap_or_else(|error| panic!("{error}"));
    scanned.open(OpenOptions::default()).expect_err("a library to refuse")
}

/// The code, and the words that a person needs: which file, what is wrong with it, what would help.
fn assert_refused(error: &LoadError, code: LoadCode, words: &[&str]) {
    let text = error.to_string();
    assert_eq!(error.code, code, "{text}");
    assert!(text.contains(code.name()) && text.contains(error.path.to_str().unwrap()), "{text}");
    assert!(!error.found.is_empty() && !error.expected.is_empty() && error.remedy.len() > 10, "{text}");
    assert!(!text.contains('\n') && text.len() < 600, "{text}");
    for word in words {
        assert!(text.contains(word), "no {word:?} in: {text}");
    }
}

#[test]
fn what_is_no_plugin_is_refused_unread() {
    let folder = folder("no-plugin");
    assert_refused(&scan(&folder.join("absent.so")), LoadCode::NotFound, &["No such file"]);
    assert_refused(&scan(&folder), LoadCode::NotFound, &["no file", "--plugin-dir"]);
    let text = folder.join("text.so");
    std::fs::write(&text, "This is no library. ".repeat(100)).unwrap();
    assert_refused(&scan(&text), LoadCode::NotPlugin, &["no library of any known kind"]);
    std::fs::write(&text, "short").unwrap();
    assert_refused(&scan(&text), LoadCode::NotPlugin, &["5 bytes"]);
    let plain = c_library(&folder, "plain", &["-DNO_DECLARATION"]);
    assert_refused(&scan(&plain), LoadCode::NotPlugin, &["exports no such symbol", "pipeline_plugin_decl"]);
    assert_refused(&scan(&std::env::current_exe().unwrap()), LoadCode::NotPlugin, &["pipeline_plugin_decl"]);
    let object = folder.join("fixture.o");
    let include = format!("-I{}/include", env!("CARGO_MANIFEST_DIR"));
    let source = common::source();
    let args = ["-c", &include, source.to_str().unwrap(), "-o", object.to_str().unwrap()];
    tool(&["cc"], &args).unwrap();
    assert_refused(&scan(&object), LoadCode::NotPlugin, &["no shared library"]);
}

#[test]
fn what_was_built_for_another_host_is_refused_unread() {
    let folder = folder("other-host");
    let good = c_library(&folder, "good", &[]);
    let case = |name: &str, offset: usize, bytes: &[u8]| scan(&patched(&good, name, offset, bytes));
    let other = if cfg!(target_arch = "x86_64") { 183u16 } else { 62 };
    assert_refused(&case("arch.so", 32, &other.to_ne_bytes()), LoadCode::Platform, &["fixture-c"]);
    assert_refused(&case("os.so", 34, &9u16.to_ne_bytes()), LoadCode::Platform, &[&Platform::HOST.name()]);
    assert_refused(&case("width.so", 30, &[2]), LoadCode::Platform, &[]);
    assert_refused(&case("major.so", 24, &2u16.to_ne_bytes()), LoadCode::AbiMajor, &["interface 2.0", "1.x"]);
    assert_refused(&case("newer.so", 28, &7u16.to_ne_bytes()), LoadCode::AbiNewer, &["1.7", "at most 1.0"]);
    // Built against a later version and content with this one.
    Library::scan(&patched(&good, "built-newer.so", 26, &7u16.to_ne_bytes())).unwrap();
    let big = 0x0102_0304u32.swap_bytes().to_ne_bytes();
    assert!(Library::scan(&patched(&good, "endian.so", 20, &big)).is_err());
}

#[test]
fn cards_are_read_before_anything_runs() {
    let folder = folder("cards");
    let good = c_library(&folder, "good", &["-DABORTS_WHEN_LOADED"]);
    let scanned = Library::scan(&good).unwrap();
    assert_eq!((scanned.declared.id.as_str(), scanned.card.version.as_str()), ("fixture-c", "1.0.0"));
    let stage = &scanned.card.stages[0];
    assert_eq!((stage.name.as_str(), stage.requires[0].layer.as_str()), ("fixture.first", "tokens"));
    assert_eq!(
        (stage.extends[0].layer.as_str(), stage.extends[0].cols[0].name.as_str()),
        ("entities", "label")
    );
    let case = |name: &str, offset: usize, bytes: &[u8]| scan(&patched(&good, name, offset, bytes));
    assert_refused(&case("json.so", 152, b"["), LoadCode::Card, &["cannot be read", "line 1 column"]);
    assert_refused(&case("utf8.so", 160, &[0xff]), LoadCode::Card, &["UTF-8"]);
    assert_refused(&case("id.so", 88, b"fixture-d"), LoadCode::Card, &["`fixture-c`", "`fixture-d`"]);
    assert_refused(&case("no-id.so", 88, &[0; 64]), LoadCode::Card, &["id"]);
    assert_refused(&case("panic.so", 31, &[9]), LoadCode::Card, &["panic mode 9"]);
    assert_refused(&case("magic.so", 0, b"Pipeline"), LoadCode::Card, &["magic"]);
    assert_refused(&case("length.so", 36, &u32::MAX.to_ne_bytes()), LoadCode::Card, &["4294967295"]);
    let file = std::fs::read(&good).unwrap();
    let start = declaration(&file) + 152;
    let name = file[start..].windows(13).position(|window| window == b"fixture.first").unwrap();
    assert_refused(&case("name.so", 152 + name, b"fixture first"), LoadCode::Card, &["stage name"]);
    let column = file[start..].windows(7).rposition(|window| window == b"\"label\"").unwrap();
    assert_refused(
        &case("column.so", 152 + column, b"\"start\""),
        LoadCode::Card,
        &["\"start\"", "`entities`"],
    );
    let kind = file[start..].windows(5).position(|window| window == b"\"sym\"").unwrap();
    assert_refused(
        &case("kind.so", 152 + kind, b"\"sim\""),
        LoadCode::Card,
        &["unknown kind `sim`", "sym, ref"],
    );
}

#[test]
fn a_file_cut_short_is_never_handed_to_the_loader() {
    let folder = folder("cut");
    let good = std::fs::read(c_library(&folder, "good", &[])).unwrap();
    assert!(Library::scan_bytes(&good).is_ok());
    for len in (0..good.len()).step_by(7).chain([good.len() - 1]) {
        let error = Library::scan_bytes(&good[..len]).expect_err("a part of a file");
        let codes = [LoadCode::Truncated, LoadCode::NotPlugin];
        assert!(
            codes.contains(&error.code) && (len < 64 || error.code == LoadCode::Truncated),
            "{len}: {error}"
        );
    }
    let cut = folder.join("cut.so");
    std::fs::write(&cut, &good[..good.len() / 2]).unwrap();
    assert_refused(&scan(&cut), LoadCode::Truncated, &["ends at byte", "again"]);
}

#[test]
fn what_fails_while_it_is_opened_says_why() {
    let folder = folder("open");
    let library = |name: &str, flags: &[&str]| c_library(&folder, name, flags);
    assert_refused(
        &scan(&library("no-entry", &["-DNO_ENTRY"])),
        LoadCode::NoEntry,
        &["pipeline_plugin_entry_v1"],
    );
    let unresolved = library("unresolved", &["-DUNRESOLVED"]);
    assert_refused(&open(&unresolved), LoadCode::Dlopen, &["fixture_that_nobody_defines"]);
    let failing = library("entry-fails", &["-DENTRY_FAILS"]);
    assert_refused(&open(&failing), LoadCode::EntryFailed, &["status -3", "the licence has run out"]);
    let null = library("null-process", &["-DNULL_PROCESS"]);
    assert_refused(&open(&null), LoadCode::NullFunction, &["`process`"]);
    let abort = patched(&library("good", &[]), "abort.so", 31, &[2]);
    assert_refused(&open(&abort), LoadCode::PanicAbort, &["--allow-abort", "panic = \"unwind\""]);
    let allowed = Library::scan(&abort).unwrap().open(OpenOptions { allow_abort: true });
    assert_eq!(allowed.unwrap()[0].card.name, "fixture.first");
}

#[test]
fn a_library_with_entries_for_two_majors_is_entered_through_ours() {
    let library = c_library(&folder("majors"), "two", &["-DSECOND_ENTRY"]);
    let scanned = Library::scan(&library).unwrap();
    assert_eq!(scanned.entries, [1, 2]);
    assert_eq!(scanned.open(OpenOptions::default()).unwrap().len(), 1);
}

#[test]
fn a_file_replaced_after_the_scan_is_refused() {
    let folder = folder("replaced");
    let library = c_library(&folder, "good", &[]);
    let scanned = Library::scan(&library).unwrap();
    std::fs::remove_file(&library).unwrap();
    let other = c_library(&folder, "other", &["-DID=\"fixture-e\""]);
    std::fs::rename(other, &library).unwrap();
    let error = scanned.open(OpenOptions::default()).unwrap_err();
    assert_refused(&error, LoadCode::Hash, &["the one that was scanned"]);
}

#[test]
fn every_container_is_read_and_foreign_ones_are_refused() {
    let folder = folder("containers");
    let mut read = Vec::new();
    for (name, library) in foreign(&folder) {
        let scanned = Library::inspect(&library).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(scanned.card.stages[0].name, "fixture.first", "{name}");
        assert_eq!((scanned.declared.platform.name().as_str(), scanned.entries.as_slice()), (name, &[1][..]));
        if Platform::HOST.name() != name {
            assert_refused(&scan(&library), LoadCode::Platform, &[name, &Platform::HOST.name()]);
        }
        let bytes = std::fs::read(&library).unwrap();
        for len in (0..bytes.len()).step_by(101) {
            assert!(Library::scan_bytes(&bytes[..len]).is_err(), "{name} cut at {len}");
        }
        read.push(name);
    }
    eprintln!("containers read: {read:?}");
}

/// The C stage for other systems, as far as there are compilers for them.
fn foreign(folder: &Path) -> Vec<(&'static str, std::path::PathBuf)> {
    let mut libraries = Vec::new();
    let include = format!("-I{}/include", env!("CARGO_MANIFEST_DIR"));
    let (source, windows) = (common::source(), folder.join("fixture.dll"));
    let source = source.to_str().unwrap();
    let args = ["-shared", &include, source, "-o", windows.to_str().unwrap()];
    libraries.extend(tool(&["x86_64-w64-mingw32-gcc"], &args).map(|()| ("windows_x86_64", windows.clone())));
    let bare = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/c/bare");
    for (arch, name) in [("x86_64", "macos_x86_64"), ("arm64", "macos_aarch64")] {
        let (object, library) = (folder.join(format!("{arch}.o")), folder.join(format!("{arch}.dylib")));
        let (object, target) = (object.to_str().unwrap(), format!("--target={arch}-apple-macos11"));
        let args = [&target, "-c", "-ffreestanding", "-nostdlibinc", "-isystem", bare.to_str().unwrap()];
        let args: Vec<_> = args.into_iter().chain([include.as_str(), source, "-o", object]).collect();
        let linked = ["-dylib", "-arch", arch, "-platform_version", "macos", "11.0", "11.0"];
        let linked = linked.into_iter().chain([
            "-undefined",
            "dynamic_lookup",
            "-o",
            library.to_str().unwrap(),
            object,
        ]);
        let linked: Vec<_> = linked.collect();
        let done = tool(&["clang"], &args).and_then(|()| tool(&["ld64.lld", "ld64.lld-14"], &linked));
        libraries.extend(done.map(|()| (name, library.clone())));
    }
    let fat = folder.join("fat.dylib");
    if let [.., (_, one), (_, two)] = libraries.as_slice()
        && let (Some(one), Some(two)) = (one.to_str(), two.to_str())
        && one.ends_with("x86_64.dylib")
    {
        let args = ["-create", one, two, "-output", fat.to_str().unwrap()];
        let made = tool(&["llvm-lipo", "llvm-lipo-14"], &args);
        let ours = if cfg!(target_arch = "aarch64") { "macos_aarch64" } else { "macos_x86_64" };
        libraries.extend(made.map(|()| (ours, fat.clone())));
    }
    libraries
}

/// Numbers that look random, the same in every run.
struct Random(u64);
impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }
    fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound as u64) as usize
    }
}

/// Changes some bytes, as a rule where headers and the declaration are.
fn mutate(random: &mut Random, file: &mut Vec<u8>, spots: &[usize]) {
    for _ in 0..=random.below(8) {
        let at = match random.below(4) {
            0 => random.below(file.len()),
            _ => (spots[random.below(spots.len())] + random.below(512)).min(file.len() - 1),
        };
        let extremes =
            [0u64, 1, 0x7fff_ffff, 0xffff_ffff, u64::MAX, 1 << 63, file.len() as u64, file.len() as u64 - 1];
        let value = extremes[random.below(extremes.len())].to_le_bytes();
        let width = [1, 2, 4, 8][random.below(4)].min(file.len() - at);
        match random.below(3) {
            0 => file[at] ^= 1 << random.below(8),
            1 => file[at] = random.next() as u8,
            _ => file[at..at + width].copy_from_slice(&value[..width]),
        }
    }
    if random.below(16) == 0 {
        file.truncate(random.below(file.len()).max(1));
    }
}

/// Twenty thousand altered files, or as many as `PIPELINE_MUTATIONS` says: each is read or refused, none panics.
#[test]
fn altered_files_are_read_or_refused_and_nothing_worse() {
    let rounds = std::env::var("PIPELINE_MUTATIONS").ok().map_or(20_000, |rounds| rounds.parse().unwrap());
    let folder = folder("mutations");
    let mut files = vec![std::fs::read(c_library(&folder, "good", &[])).unwrap()];
    files.extend(foreign(&folder).into_iter().map(|(_, library)| std::fs::read(library).unwrap()));
    let spots: Vec<Vec<usize>> = files
        .iter()
        .map(|file| {
            vec![
                0,
                256,
                512,
                1024,
                declaration(file),
                declaration(file) + 160,
                file.len().saturating_sub(1024),
            ]
        })
        .collect();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let (mut accepted, mut refused) = (0, std::collections::BTreeMap::new());
    for _ in 0..rounds {
        let which = random.below(files.len());
        let mut file = files[which].clone();
        mutate(&mut random, &mut file, &spots[which]);
        match Library::scan_bytes(&file) {
            Ok(_) => accepted += 1,
            Err(error) => *refused.entry(error.code.name()).or_insert(0) += 1,
        }
    }
    eprintln!("{rounds} altered files: {accepted} still read, refused {refused:?}");
    assert!(accepted > 0 && refused.len() >= 5, "{accepted} {refused:?}");
}
