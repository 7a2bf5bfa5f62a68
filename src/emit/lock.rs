//! One build at a time: a lock on the output folder itself, that ends with the process that holds it.

use std::fs::create_dir_all;
use std::os::fd::OwnedFd;
use std::path::{Path, PathBuf};

use rustix::fs::{CWD, FlockOperation, Mode, OFlags, flock, fstat, openat, stat};
use rustix::io::{Errno, retry_on_intr};

use super::error::EmitError;

/// The right to change what lies in an output folder.
#[derive(Debug)]
pub struct WriteLock {
    out: PathBuf,
    folder: OwnedFd,
}

/// No build changes the output folder while this is held.
#[derive(Debug)]
pub struct ReadLock {
    _folder: OwnedFd,
}

impl WriteLock {
    /// Makes the folder where there is none, and waits until no other build holds it. `waiting` is called once if that takes time.
    pub fn acquire(out: &Path, waiting: impl FnOnce()) -> Result<WriteLock, EmitError> {
        let folder = lock(out, Access::Write, waiting)?;
        Ok(WriteLock { out: out.to_owned(), folder })
    }

    /// The same, but fails at once where another build holds it.
    pub fn try_acquire(out: &Path) -> Result<WriteLock, EmitError> {
        create_dir_all(out).map_err(|error| EmitError::io("make the folder", out, error))?;
        let folder = open(out)?;
        if !try_lock(&folder, Access::Write).map_err(|error| EmitError::io("lock", out, error))? {
            return Err(EmitError::Busy { out: out.to_owned() });
        }
        Ok(WriteLock { out: out.to_owned(), folder })
    }

    /// Waits until all that was staged is on the disk. A swap after that survives a power cut.
    pub fn flush(&self) -> Result<(), EmitError> {
        flush(&self.folder).map_err(|error| EmitError::io("flush", &self.out, error))
    }
}

impl ReadLock {
    /// Waits until no build holds the folder; none where there is no folder. `waiting` is called once if that takes time.
    pub fn acquire(out: &Path, waiting: impl FnOnce()) -> Result<Option<ReadLock>, EmitError> {
        if !out.exists() {
            return Ok(None);
        }
        Ok(Some(ReadLock { _folder: lock(out, Access::Read, waiting)? }))
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Access {
    Read,
    Write,
}

fn lock(out: &Path, access: Access, waiting: impl FnOnce()) -> Result<OwnedFd, EmitError> {
    let failed = |error| EmitError::io("lock", out, error);
    let mut waiting = Some(waiting);
    loop {
        if access == Access::Write {
            // A build that failed takes the folder away again that it made.
            create_dir_all(out).map_err(|error| EmitError::io("make the folder", out, error))?;
        }
        let folder = open(out)?;
        if !try_lock(&folder, access).map_err(failed)? {
            if let Some(tell) = waiting.take() {
                tell();
            }
            let operation =
                if access == Access::Write { FlockOperation::LockExclusive } else { FlockOperation::LockShared };
            retry_on_intr(|| flock(&folder, operation)).map_err(failed)?;
        }
        if is_still_at(&folder, out) {
            return Ok(folder);
        }
    }
}

fn open(out: &Path) -> Result<OwnedFd, EmitError> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    openat(CWD, out, flags, Mode::empty()).map_err(|error| EmitError::io("open the folder", out, error))
}

/// Whether the lock was free. Where the file system has no locks, it always is.
fn try_lock(folder: &OwnedFd, access: Access) -> rustix::io::Result<bool> {
    let operation = if access == Access::Write {
        FlockOperation::NonBlockingLockExclusive
    } else {
        FlockOperation::NonBlockingLockShared
    };
    match retry_on_intr(|| flock(folder, operation)) {
        Ok(()) | Err(Errno::NOTSUP | Errno::NOSYS | Errno::NOLCK | Errno::BADF | Errno::INVAL) => Ok(true),
        Err(Errno::WOULDBLOCK) => Ok(false),
        Err(error) => Err(error),
    }
}

/// While we waited, somebody may have deleted the folder and made another one.
fn is_still_at(folder: &OwnedFd, out: &Path) -> bool {
    match (fstat(folder), stat(out)) {
        (Ok(held), Ok(found)) => (held.st_dev, held.st_ino) == (found.st_dev, found.st_ino),
        _ => false,
    }
}

#[cfg(any(target_os = "linux", target_os = "android"))]
fn flush(folder: &OwnedFd) -> rustix::io::Result<()> {
    rustix::fs::syncfs(folder)
}

#[cfg(not(any(target_os = "linux", target_os = "android")))]
fn flush(_: &OwnedFd) -> rustix::io::Result<()> {
    rustix::fs::sync();
    Ok(())
}
