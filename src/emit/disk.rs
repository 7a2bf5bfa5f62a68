//! The few system calls that the rest is made of. None of them follows a symbolic link at a path's end.

use std::ffi::CString;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};

use rustix::fs::{AtFlags, Dir, FileType, Mode, OFlags, Stat, Timespec, Timestamps};
use rustix::io::{Errno, Result, retry_on_intr};
use rustix::path::Arg;
use rustix::{fs, io};

use super::tree::File;

/// What lies at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Is {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
    /// A pipe, socket or device.
    Other,
}

impl Is {
    fn of(kind: FileType) -> Is {
        match kind {
            FileType::RegularFile => Is::File,
            FileType::Directory => Is::Folder,
            FileType::Symlink => Is::Link,
            _ => Is::Other,
        }
    }

    pub(super) fn of_stat(stat: &Stat) -> Is {
        Is::of(FileType::from_raw_mode(stat.st_mode))
    }
}

/// How a file on disk relates to the one that should be there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Against {
    /// It is that file.
    Same,
    /// Only whether it can be run differs.
    Mode,
    /// Its content differs.
    Content,
    /// Nothing is there.
    Nothing,
    /// Something that is no file is there.
    NoFile,
}

pub(super) fn open_folder(at: impl AsFd, path: impl Arg) -> Result<OwnedFd> {
    fs::openat(at, path, OFlags::RDONLY | OFlags::DIRECTORY | OFlags::NOFOLLOW | OFlags::CLOEXEC, Mode::empty())
}

/// What lies at a path; none for nothing.
pub(super) fn what_is(at: impl AsFd, path: impl Arg) -> Result<Option<Is>> {
    Ok(stat(at, path)?.map(|stat| Is::of_stat(&stat)))
}

pub(super) fn stat(at: impl AsFd, path: impl Arg) -> Result<Option<Stat>> {
    match fs::statat(at, path, AtFlags::SYMLINK_NOFOLLOW) {
        Ok(stat) => Ok(Some(stat)),
        Err(Errno::NOENT | Errno::NOTDIR) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Opens for reading whatever is no link and no socket. A pipe does not block.
fn open(at: impl AsFd, path: impl Arg) -> Result<OwnedFd> {
    fs::openat(at, path, OFlags::RDONLY | OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::CLOEXEC, Mode::empty())
}

/// Whether a file is the one that should be there, and no link is on the way to it. A quick look: `false` can also mean that
/// this system has no call that tells, and nothing is said of why.
#[cfg(target_os = "linux")]
pub(super) fn is_there(root: impl AsFd, path: &str, want: &File, buffer: &mut Vec<u8>) -> bool {
    use rustix::fs::ResolveFlags;
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    fs::openat2(root, path, flags, Mode::empty(), ResolveFlags::NO_SYMLINKS)
        .and_then(|found| compare_open(&found, want, buffer))
        .is_ok_and(|against| against == Against::Same)
}

/// Here no call looks for links on the way.
#[cfg(not(target_os = "linux"))]
pub(super) fn is_there(_: impl AsFd, _: &str, _: &File, _: &mut Vec<u8>) -> bool {
    false
}

/// Compares a file with the one that should be there.
pub(super) fn compare(at: impl AsFd, path: &str, want: &File, buffer: &mut Vec<u8>) -> Result<Against> {
    let found = match open(at, path) {
        Ok(found) => found,
        Err(Errno::NOENT | Errno::NOTDIR) => return Ok(Against::Nothing),
        Err(Errno::LOOP | Errno::MLINK | Errno::NXIO | Errno::NODEV | Errno::OPNOTSUPP) => return Ok(Against::NoFile),
        Err(error) => return Err(error),
    };
    compare_open(&found, want, buffer)
}

fn compare_open(found: &OwnedFd, want: &File, buffer: &mut Vec<u8>) -> Result<Against> {
    let stat = fs::fstat(found)?;
    if Is::of_stat(&stat) != Is::File {
        return Ok(Against::NoFile);
    }
    if u64::try_from(stat.st_size) != Ok(want.bytes.len() as u64) {
        return Ok(Against::Content);
    }
    if buffer.len() < want.bytes.len() {
        buffer.resize(want.bytes.len(), 0);
    }
    let buffer = buffer.get_mut(..want.bytes.len()).unwrap_or_default();
    if fill(found, buffer)? < want.bytes.len() || buffer != want.bytes {
        return Ok(Against::Content);
    }
    Ok(if is_executable(&stat) == want.executable { Against::Same } else { Against::Mode })
}

/// Reads a regular file to which no link leads, and tells whether people run it. None for anything else, and where this
/// system has no call that tells.
#[cfg(target_os = "linux")]
pub(super) fn read_plain(root: impl AsFd, path: &str, buffer: &mut Vec<u8>) -> Option<bool> {
    use rustix::fs::ResolveFlags;
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let found = fs::openat2(root, path, flags, Mode::empty(), ResolveFlags::NO_SYMLINKS).ok()?;
    let stat = fs::fstat(&found).ok()?;
    if Is::of_stat(&stat) != Is::File {
        return None;
    }
    buffer.resize(usize::try_from(stat.st_size).ok()?, 0);
    (fill(&found, buffer).ok()? == buffer.len()).then(|| is_executable(&stat))
}

/// Here no call looks for links on the way.
#[cfg(not(target_os = "linux"))]
pub(super) fn read_plain(_: impl AsFd, _: &str, _: &mut Vec<u8>) -> Option<bool> {
    None
}

pub(super) fn is_executable(stat: &Stat) -> bool {
    Mode::from_raw_mode(stat.st_mode).contains(Mode::XUSR)
}

fn fill(file: impl AsFd, buffer: &mut [u8]) -> Result<usize> {
    let mut done = 0;
    while let Some(rest) = buffer.get_mut(done..).filter(|rest| !rest.is_empty()) {
        match retry_on_intr(|| io::read(&file, &mut *rest))? {
            0 => break,
            count => done += count,
        }
    }
    Ok(done)
}

/// The bytes of a regular file; none where something else or nothing is there.
pub(super) fn read(at: impl AsFd, path: impl Arg) -> Result<Option<Vec<u8>>> {
    let found = match open(at, path) {
        Ok(found) => found,
        Err(
            Errno::NOENT | Errno::NOTDIR | Errno::LOOP | Errno::MLINK | Errno::NXIO | Errno::NODEV | Errno::OPNOTSUPP,
        ) => {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let stat = fs::fstat(&found)?;
    if Is::of_stat(&stat) != Is::File {
        return Ok(None);
    }
    let mut bytes = vec![0; usize::try_from(stat.st_size).unwrap_or(0)];
    let count = fill(&found, &mut bytes)?;
    bytes.truncate(count);
    Ok(Some(bytes))
}

/// Writes a file that is not there yet.
pub(super) fn write(at: impl AsFd, path: impl Arg, bytes: &[u8], mode: Mode) -> Result<OwnedFd> {
    let flags = OFlags::WRONLY | OFlags::CREATE | OFlags::EXCL | OFlags::CLOEXEC;
    let file = fs::openat(at, path, flags, mode)?;
    let mut rest = bytes;
    while !rest.is_empty() {
        let count = retry_on_intr(|| io::write(&file, rest))?;
        rest = rest.get(count..).unwrap_or_default();
    }
    Ok(file)
}

/// The mode that a new file is made with, before the umask.
pub(super) fn mode_of(file: &File) -> Mode {
    Mode::from_raw_mode(if file.executable { 0o777 } else { 0o666 })
}

/// Puts the same file under the same path into another folder: linked, or copied where links are not possible.
pub(super) fn link(from: impl AsFd, to: impl AsFd, path: impl Arg + Copy) -> Result<()> {
    match fs::linkat(&from, path, &to, path, AtFlags::empty()) {
        Err(Errno::XDEV | Errno::PERM | Errno::NOTSUP | Errno::NOSYS | Errno::MLINK) => copy(from, to, path),
        other => other,
    }
}

fn copy(from: impl AsFd, to: impl AsFd, path: impl Arg + Copy) -> Result<()> {
    let Some(stat) = stat(&from, path)? else { return Err(Errno::NOENT) };
    match Is::of_stat(&stat) {
        Is::Link => fs::symlinkat(fs::readlinkat(&from, path, Vec::new())?, &to, path),
        Is::File => {
            let bytes = read(&from, path)?.ok_or(Errno::NOENT)?;
            let file = write(&to, path, &bytes, Mode::RUSR | Mode::WUSR)?;
            // File systems without links often have no modes either.
            let _ = fs::fchmod(&file, Mode::from_raw_mode(stat.st_mode));
            let _ = fs::futimens(&file, &times(&stat));
            Ok(())
        }
        Is::Folder | Is::Other => Err(Errno::NOTSUP),
    }
}

fn times(stat: &Stat) -> Timestamps {
    let time = |seconds, nanoseconds: u64| Timespec { tv_sec: seconds, tv_nsec: nanoseconds as _ };
    Timestamps {
        last_access: time(stat.st_atime, stat.st_atime_nsec as _),
        last_modification: time(stat.st_mtime, stat.st_mtime_nsec as _),
    }
}

/// Whether two paths hold the same thing: one file, or two of the same content.
pub(super) fn same(one: impl AsFd, a: impl Arg + Copy, other: impl AsFd, b: impl Arg + Copy) -> Result<bool> {
    let (Some(x), Some(y)) = (stat(&one, a)?, stat(&other, b)?) else { return Ok(false) };
    if (x.st_dev, x.st_ino) == (y.st_dev, y.st_ino) {
        return Ok(true);
    }
    match (Is::of_stat(&x), Is::of_stat(&y)) {
        (Is::File, Is::File) => Ok(x.st_size == y.st_size && read(&one, a)? == read(&other, b)?),
        (Is::Link, Is::Link) => Ok(fs::readlinkat(&one, a, Vec::new())? == fs::readlinkat(&other, b, Vec::new())?),
        _ => Ok(false),
    }
}

/// What lies in a folder.
pub(super) fn entries(folder: BorrowedFd<'_>) -> Result<Vec<(CString, Is)>> {
    let mut found = Vec::new();
    for entry in Dir::read_from(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        if matches!(name.to_bytes(), b"." | b"..") {
            continue;
        }
        let is = match entry.file_type() {
            FileType::Unknown => what_is(folder, name)?,
            kind => Some(Is::of(kind)),
        };
        found.extend(is.map(|is| (name.to_owned(), is)));
    }
    Ok(found)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use std::fs::{self as std_fs, Permissions};
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    use super::*;

    #[test]
    fn copies_are_like_links() {
        let root = std::env::temp_dir().join(format!("stackgen-copy-{}", std::process::id()));
        let (from, to) = (root.join("from"), root.join("to"));
        std_fs::create_dir_all(&from).unwrap();
        std_fs::create_dir_all(&to).unwrap();
        std_fs::write(from.join("file"), "content").unwrap();
        std_fs::set_permissions(from.join("file"), Permissions::from_mode(0o640)).unwrap();
        symlink("nowhere", from.join("link")).unwrap();
        let open = |path| open_folder(fs::CWD, path).unwrap();
        for name in ["file", "link"] {
            copy(open(&from), open(&to), name).unwrap();
            assert!(same(open(&from), name, open(&to), name).unwrap(), "{name}");
        }
        let meta = |folder: &std::path::Path| {
            let found = std_fs::metadata(folder.join("file")).unwrap();
            (found.mode(), found.mtime(), found.mtime_nsec())
        };
        assert_eq!(meta(&from), meta(&to));
        std_fs::write(to.join("file"), "changed").unwrap();
        assert!(!same(open(&from), "file", open(&to), "file").unwrap());
        std_fs::remove_dir_all(&root).unwrap();
    }
}
