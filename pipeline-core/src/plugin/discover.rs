//! Which libraries there are: files named, and folders in the order of who speaks first.
#![forbid(unsafe_code)]

use std::ffi::OsStr;
use std::fmt;
use std::path::{Path, PathBuf};

use super::refusal::{LoadCode, LoadError, Refusal};
use super::scan::{Library, Scanned};
use super::sidecar::{Sidecar, is_sidecar};

/// Environment variable with folders to search, separated as in `PATH`.
pub const PATH_VARIABLE: &str = "PIPELINE_PLUGIN_PATH";

/// Who named a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The command line.
    Flag,
    /// The configuration.
    Config,
    /// The environment.
    Environment,
    /// The user's folder for data.
    User,
    /// The system's folder.
    System,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Flag => "command line",
            Self::Config => "configuration",
            Self::Environment => PATH_VARIABLE,
            Self::User => "user's folder",
            Self::System => "system's folder",
        })
    }
}

/// Where to look, in order. Folders are not searched below their first level, and the current directory only if
/// it is named.
#[derive(Clone, Debug, Default)]
pub struct SearchPath {
    /// Libraries named one by one; they come first.
    pub files: Vec<PathBuf>,
    /// Folders.
    pub dirs: Vec<(PathBuf, Origin)>,
    /// What was asked for and is not searched, with the reason.
    pub notes: Vec<String>,
}

impl SearchPath {
    /// Files and folders of the command line, folders of the configuration (relative to `base`, its folder), the
    /// environment, the user's folder, the system's.
    #[must_use]
    pub fn standard(files: &[PathBuf], dirs: &[PathBuf], config: &[PathBuf], base: &Path) -> Self {
        let mut search = Self { files: files.to_vec(), ..Self::default() };
        search.dirs.extend(dirs.iter().map(|dir| (dir.clone(), Origin::Flag)));
        search.dirs.extend(config.iter().map(|dir| (base.join(dir), Origin::Config)));
        search.environment(&std::env::var_os(PATH_VARIABLE).unwrap_or_default());
        search.dirs.extend(user_dir().map(|dir| (dir, Origin::User)));
        search.dirs.extend(system_dirs().into_iter().map(|dir| (dir, Origin::System)));
        search
    }

    /// Folders of a variable. Those that are not absolute are left out: what they mean would depend on where
    /// the program was started, and an empty one would mean the current directory.
    fn environment(&mut self, value: &OsStr) {
        for dir in std::env::split_paths(value).filter(|dir| !dir.as_os_str().is_empty()) {
            if dir.is_absolute() {
                self.dirs.push((dir, Origin::Environment));
            } else {
                let note =
                    format!("{PATH_VARIABLE}: `{}` is not absolute and is not searched", dir.display());
                self.notes.push(note);
            }
        }
    }
}

fn variable(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).map(PathBuf::from).filter(|path| path.is_absolute())
}

/// `pipeline/plugins` in the user's folder for data.
fn user_dir() -> Option<PathBuf> {
    let data = if cfg!(windows) {
        variable("APPDATA")
    } else if cfg!(target_vendor = "apple") {
        variable("HOME").map(|home| home.join("Library/Application Support"))
    } else {
        variable("XDG_DATA_HOME").or_else(|| variable("HOME").map(|home| home.join(".local/share")))
    };
    data.map(|data| data.join("pipeline").join("plugins"))
}

fn system_dirs() -> Vec<PathBuf> {
    if cfg!(windows) {
        return variable("PROGRAMDATA")
            .map(|data| data.join("pipeline").join("plugins"))
            .into_iter()
            .collect();
    }
    ["/usr/local/lib/pipeline/plugins", "/usr/lib/pipeline/plugins"].map(PathBuf::from).into()
}

/// A library that was found.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// What it says of itself.
    pub library: Scanned,
    /// Who named its place.
    pub origin: Origin,
    /// What its user says of it.
    pub sidecar: Option<Sidecar>,
}

/// A library that is not used because another was found first.
#[derive(Clone, Debug)]
pub struct Shadowed {
    /// The library.
    pub library: Scanned,
    /// Who named its place.
    pub origin: Origin,
    /// The one that is used, and the name both claim.
    pub by: PathBuf,
    /// The name.
    pub name: String,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Libraries that can be used, in the order of the search and then of their names.
    pub libraries: Vec<Candidate>,
    /// Libraries hidden by others.
    pub shadowed: Vec<Shadowed>,
    /// Libraries that cannot be used.
    pub errors: Vec<LoadError>,
    /// What may surprise: folders left out, libraries switched off.
    pub notes: Vec<String>,
}

/// Looks for libraries. Reads files, runs nothing.
#[must_use]
pub fn discover(search: &SearchPath) -> Found {
    let mut found = Found { notes: search.notes.clone(), ..Found::default() };
    let mut named = Place::default();
    search.files.iter().for_each(|file| named.file(file, Origin::Flag, true));
    found.merge(named);
    let mut seen = Vec::new();
    for (dir, origin) in &search.dirs {
        match dir.canonicalize() {
            Ok(real) if seen.contains(&real) => {}
            Ok(real) => {
                found.merge(folder(&real, *origin));
                seen.push(real);
            }
            // Places of the system and the user are there or not; others were asked for.
            Err(_) if matches!(origin, Origin::User | Origin::System) => {}
            Err(error) => {
                let note = format!("{origin}: `{}` cannot be searched ({error})", dir.display());
                found.notes.push(note);
            }
        }
    }
    found
}

impl Found {
    /// The library that has a stage.
    #[must_use]
    pub fn stage(&self, name: &str) -> Option<&Candidate> {
        self.libraries.iter().find(|found| found.library.card.stages.iter().any(|stage| stage.name == name))
    }

    /// Takes over what one place gave: what is there already hides it.
    fn merge(&mut self, place: Place) {
        let clashes = place.clashes();
        self.errors.extend(place.errors);
        self.notes.extend(place.notes);
        for (candidate, clash) in place.libraries.into_iter().zip(clashes) {
            if let Some(error) = clash {
                self.errors.push(error);
                continue;
            }
            let first = self.libraries.iter().find_map(|other| {
                Some((other.library.path.clone(), shared_name(&other.library, &candidate.library)?))
            });
            match first {
                Some((by, _)) if by == candidate.library.path => {}
                Some((by, name)) => {
                    let Candidate { library, origin, .. } = candidate;
                    self.shadowed.push(Shadowed { library, origin, by, name });
                }
                None => self.libraries.push(candidate),
            }
        }
    }
}

/// A name that two libraries both claim: the id, or that of a stage.
fn shared_name(a: &Scanned, b: &Scanned) -> Option<String> {
    if a.declared.id == b.declared.id {
        return Some(a.declared.id.clone());
    }
    let mut names = b.card.stages.iter().map(|stage| &stage.name);
    names.find(|name| a.card.stages.iter().any(|stage| stage.name == **name)).cloned()
}

/// What one folder holds, or the command line names.
#[derive(Default)]
struct Place {
    libraries: Vec<Candidate>,
    errors: Vec<LoadError>,
    notes: Vec<String>,
}

fn folder(dir: &Path, origin: Origin) -> Place {
    let mut place = Place::default();
    let entries = match std::fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(error) => {
            place.notes.push(format!("{origin}: `{}` cannot be searched ({error})", dir.display()));
            return place;
        }
    };
    let mut files: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    files.sort();
    let ending = |path: &Path, ending: &str| path.extension().is_some_and(|found| found == ending);
    for path in files.iter().filter(|path| ending(path, std::env::consts::DLL_EXTENSION)) {
        place.file(path, origin, false);
    }
    for path in files.iter().filter(|path| ending(path, "toml") && is_sidecar(path)) {
        place.manifest(path, origin);
    }
    place
}

impl Place {
    /// Takes a library with its sidecar. Libraries that are no plugins are passed over in folders, where other things
    /// may lie too.
    fn file(&mut self, path: &Path, origin: Origin, named: bool) {
        match Library::scan(path).and_then(|library| Ok((Sidecar::beside(path)?, library))) {
            Ok((sidecar, library)) => self.take(library, sidecar, origin),
            Err(error) if !named && error.code == LoadCode::NotPlugin => {}
            Err(error) => self.errors.push(error),
        }
    }

    /// Takes the library that a sidecar leads to.
    fn manifest(&mut self, path: &Path, origin: Origin) {
        let library = Sidecar::read(path).and_then(|sidecar| match sidecar.library()? {
            Some(file) => Ok(Some((Library::scan(&file)?, sidecar))),
            None => Ok(None),
        });
        match library {
            Ok(Some((library, sidecar))) => self.take(library, Some(sidecar), origin),
            Ok(None) => {}
            Err(error) if self.errors.contains(&error) => {}
            Err(error) => self.errors.push(error),
        }
    }

    fn take(&mut self, library: Scanned, sidecar: Option<Sidecar>, origin: Origin) {
        if sidecar.as_ref().is_some_and(|sidecar| !sidecar.enabled) {
            let note = format!("{}: switched off by its sidecar", library.path.display());
            return self.notes.push(note);
        }
        let checked = sidecar.as_ref().map_or(Ok(()), |sidecar| sidecar.check(&library));
        match checked.and_then(|()| library.check_permissions()) {
            // A library may be reached by its name and by a sidecar that leads to it.
            Ok(()) => match self.libraries.iter_mut().find(|other| other.library.path == library.path) {
                Some(other) => other.sidecar = other.sidecar.take().or(sidecar),
                None => self.libraries.push(Candidate { library, origin, sidecar }),
            },
            Err(error) => self.errors.push(error),
        }
    }

    /// For each library whether another of this place claims one of its names.
    fn clashes(&self) -> Vec<Option<LoadError>> {
        let clash = |(number, candidate): (usize, &Candidate)| {
            let others = self.libraries.iter().enumerate().filter(|(other, _)| *other != number);
            let (other, name) = others
                .filter_map(|(_, other)| Some((other, shared_name(&other.library, &candidate.library)?)))
                .next()?;
            let found = format!("`{name}` in `{}` too", other.library.path.display());
            let remedy = "keep one of them, or put them in different folders: the first one searched wins";
            let refusal = Refusal::new(LoadCode::Duplicate, found, "each name once in one place", remedy);
            Some(refusal.at(&candidate.library.path, Some(&candidate.library.declared.id)))
        };
        self.libraries.iter().enumerate().map(clash).collect()
    }
}
