//! Archives by their digest: a folder that machines and branches can share, since no name in it can mean two things.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::emit::Digest;

/// The variable that names the folder.
const VARIABLE: &str = "STACKGEN_CACHE";

/// The folder of all archives.
#[derive(Clone, Debug)]
pub struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// A cache in a folder, which need not be there yet.
    pub fn at(folder: impl Into<PathBuf>) -> Self {
        Cache { folder: folder.into() }
    }

    /// The cache of whoever runs stackgen: `$STACKGEN_CACHE`, or `stackgen` below the system's folder for caches. None where
    /// the environment names no home.
    pub fn of_user() -> Option<Self> {
        let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        if let Some(folder) = set(VARIABLE) {
            return Some(Cache::at(folder));
        }
        let base = if cfg!(windows) {
            set("LOCALAPPDATA")?
        } else if let Some(folder) = set("XDG_CACHE_HOME") {
            folder
        } else if cfg!(target_os = "macos") {
            set("HOME")?.join("Library/Caches")
        } else {
            set("HOME")?.join(".cache")
        };
        Some(Cache::at(base.join("stackgen")))
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where the archive of a digest lies, or would lie.
    pub fn path(&self, digest: Digest) -> PathBuf {
        self.folder.join("charts").join(format!("{digest}.tgz"))
    }

    /// The archive of a digest, if it is there and whole. One that is broken is as good as none.
    ///
    /// # Errors
    /// Where the system refuses to read it.
    pub fn get(&self, digest: Digest) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.path(digest)) {
            Ok(bytes) => Ok(Some(bytes).filter(|bytes| Digest::of(bytes) == digest)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Puts an archive in, in one step.
    ///
    /// # Errors
    /// Where the system refuses to write it.
    pub fn put(&self, bytes: &[u8]) -> io::Result<Digest> {
        let digest = Digest::of(bytes);
        write_atomically(&self.path(digest), bytes)?;
        Ok(digest)
    }
}

/// Writes a file so that nobody ever sees half of it.
///
/// # Errors
/// Where the system refuses to write it.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> io::Result<()> {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let new = folder.join(format!(".{name}.{}-{number}", std::process::id()));
    let written = File::create_new(&new)
        .and_then(|mut file| file.write_all(bytes).and_then(|()| file.sync_all()))
        .and_then(|()| fs::metadata(path).map_or(Ok(()), |old| fs::set_permissions(&new, old.permissions())))
        .and_then(|()| fs::rename(&new, path));
    if written.is_err() {
        // What cannot be written can often not be removed either; the name tells whose it is.
        let _ = fs::remove_file(&new);
    }
    written
}
