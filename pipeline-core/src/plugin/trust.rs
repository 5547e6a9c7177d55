//! Who could have changed a library, and whether anyone has.

use std::fs::File;
use std::io::Read;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::refusal::{LoadCode, LoadError, Refusal};
use super::scan::Scanned;

/// Refuses files that others could change.
///
/// On Unix the file and its folder must belong to the user or to root, and must not be writable by all, nor by a
/// group unless that is root's or the owner's own (the one with the owner's number). A folder with the sticky
/// bit may be writable: there only owners replace files. On other systems nothing is checked.
pub(super) fn check(path: &Path) -> Result<(), Refusal> {
    owned(path, false)?;
    path.parent().map_or(Ok(()), |folder| owned(folder, true))
}

#[cfg(unix)]
fn owned(path: &Path, folder: bool) -> Result<(), Refusal> {
    use std::os::unix::fs::MetadataExt;
    const STICKY: u32 = 0o1000;
    let meta = std::fs::metadata(path).map_err(|error| {
        let found = format!("`{}`, whose permissions cannot be read ({error})", path.display());
        Refusal::new(LoadCode::Permissions, found, "a file you may read", "check who owns it")
    })?;
    let (mode, owner, group) = (meta.mode(), meta.uid(), meta.gid());
    // SAFETY: has no arguments, cannot fail, and is in the C library that every Unix program links.
    let user = unsafe { geteuid() };
    let sticky = folder && mode & STICKY != 0;
    let by_all = mode & 0o002 != 0;
    let by_group = mode & 0o020 != 0 && group != 0 && group != owner;
    let foreign = owner != user && owner != 0;
    let why = match () {
        () if by_all && !sticky => format!("is writable by everybody (mode {:o})", mode & 0o7777),
        () if by_group && !sticky => format!("is writable by group {group} (mode {:o})", mode & 0o7777),
        () if foreign => format!("belongs to user {owner}"),
        () => return Ok(()),
    };
    let what = if folder { "folder" } else { "file" };
    let name = path.display();
    Err(Refusal::new(
        LoadCode::Permissions,
        format!("the {what} `{name}`, which {why}"),
        format!("one that only you (user {user}) and root can change"),
        format!("chmod go-w '{name}', chown it, or move the plugin to a place of your own"),
    ))
}

#[cfg(unix)]
unsafe extern "C" {
    fn geteuid() -> u32;
}

#[cfg(not(unix))]
fn owned(_path: &Path, _folder: bool) -> Result<(), Refusal> {
    Ok(())
}

impl Scanned {
    /// Whether others could change the file; see the guide for the rule.
    ///
    /// # Errors
    /// When they could.
    pub fn check_permissions(&self) -> Result<(), LoadError> {
        check(&self.path).map_err(|refusal| refusal.at(&self.path, Some(&self.declared.id)))
    }

    /// SHA-256 of the file, in hexadecimal.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn sha256(&self) -> Result<String, LoadError> {
        file_hash(&self.path).map_err(|error| {
            let found = format!("a file that cannot be read ({error})");
            let refusal =
                Refusal::new(LoadCode::NotFound, found, "a library", "check that it is still there");
            refusal.at(&self.path, Some(&self.declared.id))
        })
    }

    /// Compares the file with a hash.
    pub(super) fn pinned(&self, sha256: &str, by: &Path) -> Result<(), LoadError> {
        let found = self.sha256()?;
        if found.eq_ignore_ascii_case(sha256.trim()) {
            return Ok(());
        }
        let expected = format!("SHA-256 {sha256} as `{}` says", by.display());
        let remedy = "get the library again, or if you trust it as it is, write its hash there anew";
        Err(Refusal::new(LoadCode::Hash, format!("SHA-256 {found}"), expected, remedy)
            .at(&self.path, Some(&self.declared.id)))
    }
}

fn file_hash(path: &Path) -> std::io::Result<String> {
    let mut file = File::open(path)?;
    let mut hash = Sha256::new();
    let mut buffer = vec![0; 1 << 16];
    loop {
        match file.read(&mut buffer)? {
            0 => break,
            count => hash.update(&buffer[..count]),
        }
    }
    Ok(hex(&hash.finalize()))
}

/// SHA-256 of some bytes, in hexadecimal.
#[must_use]
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}
