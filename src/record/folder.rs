//! The folder of a recording: written beside its place, and put there whole or not at all.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use tempfile::TempDir;
use understudy_scenarios::Scenario;

use super::error::RecordError;
use super::{Recording, SCENARIO};

/// What a recording's folder holds, and nothing else.
const OWN: [&str; 2] = [SCENARIO, "specs"];

/// Where a recording is to be, found to be writable.
#[derive(Debug)]
pub struct Destination {
    folder: PathBuf,
    /// A folder beside it.
    beside: TempDir,
}

/// A recording that lies beside its place.
#[derive(Debug)]
pub struct Written(Destination);

impl Destination {
    /// Looks whether a recording can be put there, before any server is asked. A folder that is not empty is replaced only with
    /// `force`, and only where it holds a recording and nothing else.
    ///
    /// # Errors
    /// When it can't.
    pub fn new(folder: &Path, force: bool) -> Result<Self, RecordError> {
        let unwritable = |path: &Path, source: io::Error| RecordError::Unwritable { path: path.to_owned(), source };
        match fs::read_dir(folder) {
            Ok(entries) => {
                let entries: Vec<_> = entries.collect::<Result<_, _>>().map_err(|source| unwritable(folder, source))?;
                if !entries.is_empty() && !force {
                    return Err(RecordError::NotEmpty(folder.to_owned()));
                }
                let other = entries.iter().map(fs::DirEntry::file_name).find(|name| OWN.iter().all(|own| name != own));
                if let Some(other) = other {
                    let other = other.to_string_lossy().into_owned();
                    return Err(RecordError::NotARecording { folder: folder.to_owned(), other });
                }
            }
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(source) => return Err(unwritable(folder, source)),
        }
        // `.` and `a/..` have no name that could be given to another folder.
        let folder = fs::canonicalize(folder).unwrap_or_else(|_| folder.to_owned());
        let parent = match folder.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent.to_owned(),
            _ => PathBuf::from("."),
        };
        let beside = own_folder(&parent).map_err(|source| unwritable(&parent, source))?;
        Ok(Self { folder, beside })
    }

    /// Writes a recording beside its place.
    ///
    /// # Errors
    /// When a file can't be written. Nothing is left of it then.
    pub fn write(self, recording: &Recording) -> Result<Written, RecordError> {
        for (path, text) in recording.files() {
            let path = path.split('/').fold(self.beside.path().to_owned(), |folder, part| folder.join(part));
            let written = path.parent().map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(&path, text));
            written.map_err(|source| RecordError::Unwritable { path, source })?;
        }
        Ok(Written(self))
    }
}

impl Written {
    /// The scenario as it is read from its files.
    ///
    /// # Errors
    /// When it is none.
    pub fn scenario(&self) -> Result<Scenario, RecordError> {
        Scenario::load(self.0.beside.path()).map_err(RecordError::Scenario)
    }

    /// Puts the recording in its place, and answers where that is. Dropping it instead leaves nothing.
    ///
    /// # Errors
    /// When that fails; what was there before is then there still.
    pub fn keep(self) -> Result<PathBuf, RecordError> {
        let Destination { folder, beside } = self.0;
        let failed = |source: io::Error| RecordError::Unwritable { path: folder.clone(), source };
        let before = match fs::metadata(&folder) {
            Ok(_) => {
                let parent = folder.parent().unwrap_or(Path::new("."));
                let before = own_folder(parent).map_err(failed)?;
                fs::rename(&folder, before.path().join("before")).map_err(failed)?;
                Some(before)
            }
            Err(_) => None,
        };
        if let Err(error) = fs::rename(beside.path(), &folder) {
            if let Some(before) = before {
                fs::rename(before.path().join("before"), &folder).map_err(failed)?;
            }
            return Err(failed(error));
        }
        // It is elsewhere now.
        let _ = beside.keep();
        Ok(folder)
    }
}

/// A folder of a name that nobody has, which all may read that the process's mask lets.
fn own_folder(parent: &Path) -> io::Result<TempDir> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(".understudy-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        builder.permissions(fs::Permissions::from_mode(0o777));
    }
    builder.tempdir_in(parent)
}
