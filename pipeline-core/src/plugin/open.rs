//! Opening a library that has been scanned, and taking its functions.

use std::collections::HashMap;
use std::ffi::c_void;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

use super::abi;
use super::host::{Functions, HostSide};
use super::refusal::{LoadCode, LoadError, Refusal};
use super::scan::{PanicMode, Scanned};
use super::trust;
use crate::StageSource;

/// What is let pass that is refused as a rule.
#[derive(Clone, Copy, Debug, Default)]
pub struct OpenOptions {
    /// Libraries built so that a panic ends the process.
    pub allow_abort: bool,
}

/// A library in this process: its declaration and its functions.
struct Opened {
    bytes: Vec<u8>,
    table: abi::Plugin,
}

/// What has been opened, by path. Libraries stay for as long as the process, so this only grows, and the entry
/// function of each is called once.
static OPENED: OnceLock<Mutex<HashMap<PathBuf, Opened>>> = OnceLock::new();

impl Scanned {
    /// Loads the library: from here on its code runs, with all the rights of this process.
    ///
    /// # Errors
    /// When others could change the file, the system's loader refuses it, it is not the file that was scanned, or
    /// it does not offer what it must.
    pub fn open(&self, options: OpenOptions) -> Result<Vec<StageSource>, LoadError> {
        self.functions(options).map_err(|refusal| refusal.at(&self.path, Some(&self.declared.id))).map(
            |table| {
                let stages = self.card.stages.iter().enumerate();
                let source = |(stage, card): (usize, &crate::manifest::StageCard)| StageSource {
                    card: card.clone(),
                    origin: self.path.display().to_string(),
                    functions: Functions { table, stage: stage as u32 },
                };
                stages.map(source).collect()
            },
        )
    }

    fn functions(&self, options: OpenOptions) -> Result<abi::Plugin, Refusal> {
        if self.declared.panic == PanicMode::Abort && !options.allow_abort {
            let remedy = "build it with panic = \"unwind\", or allow it with --allow-abort and accept that a panic ends the run";
            return Err(Refusal::new(
                LoadCode::PanicAbort,
                "a library built so that a panic ends the process",
                "one whose panics fail a document",
                remedy,
            ));
        }
        trust::check(&self.path)?;
        let opened = OPENED.get_or_init(Mutex::default);
        let mut opened = opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(there) = opened.get(&self.path) {
            same_bytes(&there.bytes, &self.bytes)?;
            return Ok(there.table);
        }
        let table = load(&self.path, &self.bytes)?;
        opened.insert(self.path.clone(), Opened { bytes: self.bytes.clone(), table });
        Ok(table)
    }
}

/// The host as entry functions see it: there for as long as the process.
fn entry_host() -> *const abi::Host {
    static HOST: OnceLock<HostSide> = OnceLock::new();
    HOST.get_or_init(|| HostSide::new(Box::new(|_, _| {}))).raw()
}

fn same_bytes(loaded: &[u8], scanned: &[u8]) -> Result<(), Refusal> {
    if loaded == scanned {
        return Ok(());
    }
    let remedy = "start again, and do not replace libraries while a program uses them";
    Err(Refusal::new(LoadCode::Hash, "another library in its place", "the one that was scanned", remedy))
}

fn load(path: &Path, scanned: &[u8]) -> Result<abi::Plugin, Refusal> {
    let library = system::open(path).map_err(|error| {
        let found = format!("a refusal by the system's loader: {}", reason(&error));
        let remedy = "install what it needs, or build it for this system";
        Refusal::new(LoadCode::Dlopen, found, "a library that can be loaded", remedy)
    })?;
    // SAFETY: only the address is used until the bytes behind it have been compared.
    let decl = unsafe { library.get::<*const u8>(abi::DECL_SYMBOL.as_bytes()) };
    let decl = decl.map(|symbol| symbol.as_raw_ptr().cast_const().cast::<u8>());
    // SAFETY: the signature belongs to the name, and the scan has seen the declaration that vouches for it.
    let entry = unsafe { library.get::<abi::Entry>(abi::ENTRY_SYMBOL.as_bytes()) };
    let entry = entry.map(|symbol| *symbol);
    // Never unloaded: threads, destructors of thread-locals and the panic hook of a library outlive every use
    // of it, and lead into its code. `RTLD_NODELETE` (pinning, on Windows) keeps it if others close it too.
    std::mem::forget(library);
    let gone = |error: &libloading::Error| {
        Refusal::new(
            LoadCode::NoEntry,
            format!("a symbol missing once loaded: {}", reason(error)),
            format!("`{}` and `{}`", abi::DECL_SYMBOL, abi::ENTRY_SYMBOL),
            "build it again with the kit's macro",
        )
    };
    let decl = decl.map_err(|error| gone(&error))?;
    // SAFETY: the header first: no declaration is shorter. The rest only if the header is the one scanned, whose
    // size lay within a part of the file that is mapped whole.
    unsafe {
        same_bytes(std::slice::from_raw_parts(decl, abi::DECL_HEADER), &scanned[..abi::DECL_HEADER])?;
        same_bytes(std::slice::from_raw_parts(decl, scanned.len()), scanned)?;
    }
    enter(entry.map_err(|error| gone(&error))?)
}

/// Calls the entry function.
fn enter(entry: abi::Entry) -> Result<abi::Plugin, Refusal> {
    let mut table = abi::Plugin { create: None, ..abi::Plugin::EMPTY };
    let mut words = vec![0u8; 4096];
    let mut err = abi::ErrBuf { buf: words.as_mut_ptr(), cap: words.len() as u32, len: 0 };
    // SAFETY: every argument lives through the call; the table is empty and states its size.
    let status = unsafe { entry(entry_host(), &raw mut table, &raw mut err) };
    if status != 0 {
        words.truncate((err.len as usize).min(words.len()));
        let words = String::from_utf8_lossy(&words);
        let found = format!(
            "status {status} from its entry function ({})",
            if words.is_empty() { "no reason given" } else { &words }
        );
        let remedy = "see the reason it gave, or ask its author";
        return Err(Refusal::new(LoadCode::EntryFailed, found, "status 0", remedy));
    }
    check_table(table)
}

/// Refuses a table that lacks a function, and clears what it did not claim to have filled.
fn check_table(mut table: abi::Plugin) -> Result<abi::Plugin, Refusal> {
    let there = |offset: usize| offset + size_of::<*const c_void>() <= table.size as usize;
    let optional = there(std::mem::offset_of!(abi::Plugin, get_extension));
    let needed = [
        ("create", table.create.is_some(), std::mem::offset_of!(abi::Plugin, create)),
        ("destroy", table.destroy.is_some(), std::mem::offset_of!(abi::Plugin, destroy)),
        ("process", table.process.is_some(), std::mem::offset_of!(abi::Plugin, process)),
    ];
    for (name, set, offset) in needed {
        if !set || !there(offset) {
            let found = format!("no function `{name}` in a table of {} bytes", table.size);
            let remedy =
                "set every function that the header does not call optional, and the size of the table";
            return Err(Refusal::new(LoadCode::NullFunction, found, "create, destroy and process", remedy));
        }
    }
    if !optional {
        table.get_extension = None;
    }
    if table.worker_new.is_none() {
        table.worker_free = None;
    }
    Ok(table)
}

/// What the loader said; the error alone does not print it.
fn reason(error: &libloading::Error) -> String {
    use std::error::Error;
    error.source().map_or_else(|| error.to_string(), |source| format!("{error}: {source}"))
}

#[cfg(unix)]
mod system {
    use std::path::Path;

    use libloading::os::unix::{Library, RTLD_LOCAL, RTLD_NOW};

    /// Keeps a library loaded whoever closes it.
    const RTLD_NODELETE: std::ffi::c_int = if cfg!(target_vendor = "apple") { 0x80 } else { 0x1000 };

    /// Every symbol bound now, so that a missing one is an error here and no crash later; none visible to others.
    pub(super) fn open(path: &Path) -> Result<Library, libloading::Error> {
        // SAFETY: loading runs the library's constructors. The user named it, its file has been scanned, and others
        // cannot change it; what its code does is beyond any check, as the documentation says.
        unsafe { Library::open(Some(path), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) }
    }
}

#[cfg(windows)]
mod system {
    use std::path::Path;

    use libloading::os::windows::{
        LOAD_LIBRARY_SEARCH_DEFAULT_DIRS, LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR, Library,
    };

    /// What it needs is looked for beside it and where the system keeps libraries, not in the current directory.
    pub(super) fn open(path: &Path) -> Result<Library, libloading::Error> {
        let flags = LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_DEFAULT_DIRS;
        // SAFETY: as on Unix.
        let library = unsafe { Library::load_with_flags(path, flags) }?;
        library.pin()?;
        Ok(library)
    }
}
