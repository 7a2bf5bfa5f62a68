//! Archives are hostile until proven: what is not plainly a chart is refused before anything else reads it.

use crate::helm::gunzip;

/// How much a chart may come to once it and all archives in it are unpacked: Helm's own limit.
const MAX_SIZE: usize = 100 << 20;
/// How many files it may hold.
const MAX_FILES: usize = 20_000;
/// How deep archives may hold archives.
const MAX_DEPTH: usize = 8;
/// The size of the blocks that tar is made of.
const BLOCK: usize = 512;

/// Looks at every entry of a chart's archive, and of the archives in its `charts/`.
///
/// # Errors
/// In words, what must not be in a chart: a path that leads out of it, a link, a device, more than 100 MiB.
pub fn inspect(bytes: &[u8]) -> Result<(), String> {
    Inspection { size_left: MAX_SIZE, files_left: MAX_FILES }.archive(bytes, 0)
}

/// What all archives of a chart may still come to, together.
struct Inspection {
    size_left: usize,
    files_left: usize,
}

impl Inspection {
    fn archive(&mut self, bytes: &[u8], depth: usize) -> Result<(), String> {
        if depth > MAX_DEPTH {
            return Err("archives in archives nest too deep".into());
        }
        if !bytes.starts_with(&[0x1F, 0x8B]) {
            return Err("it is no gzip archive".into());
        }
        let tar =
            gunzip(bytes, self.size_left).ok_or("it is a broken gzip archive, or unpacks to more than 100 MiB")?;
        self.size_left -= tar.len();
        let mut rest = tar.as_slice();
        let mut long_name = None;
        let mut seen: Vec<(String, &[u8])> = Vec::new();
        while let Some((header, after)) = rest.split_at_checked(BLOCK) {
            if header.iter().all(|byte| *byte == 0) {
                break;
            }
            let entry = Entry::read(header, after)?;
            rest = entry.rest;
            match entry.kind {
                b'L' => long_name = Some(text(entry.data)),
                b'x' => long_name = extended_path(entry.data)?.or(long_name),
                b'g' => match extended_path(entry.data)? {
                    Some(_) => return Err("a header for all files gives a path".into()),
                    None => long_name = None,
                },
                kind => {
                    let name = long_name.take().unwrap_or(entry.name);
                    let name = checked_path(&name)?;
                    self.count()?;
                    self.file(kind, &name, entry.data, depth)?;
                    if kind != b'5' {
                        seen.push((name, entry.data));
                    }
                }
            }
        }
        if seen.is_empty() {
            return Err("there is no file in it".into());
        }
        one_of_each(seen)
    }

    fn count(&mut self) -> Result<(), String> {
        self.files_left = self.files_left.checked_sub(1).ok_or(format!("it holds more than {MAX_FILES} files"))?;
        Ok(())
    }

    fn file(&mut self, kind: u8, name: &str, data: &[u8], depth: usize) -> Result<(), String> {
        match kind {
            b'0' | 0 if is_inner_chart(name) => {
                self.archive(data, depth + 1).map_err(|refused| format!("`{name}` in it: {refused}"))
            }
            b'0' | 0 | b'5' => Ok(()),
            b'1' | b'2' => Err(format!("`{name}` is a link")),
            b'3' | b'4' => Err(format!("`{name}` is a device")),
            b'6' => Err(format!("`{name}` is a pipe")),
            _ => Err(format!("`{name}` is of a kind that charts have no use for")),
        }
    }
}

/// Where a file stands twice, readers disagree on which of the two counts.
fn one_of_each(mut seen: Vec<(String, &[u8])>) -> Result<(), String> {
    seen.sort();
    match seen.windows(2).find(|pair| pair[0].0 == pair[1].0 && pair[0].1 != pair[1].1) {
        Some(pair) => Err(format!("`{}` stands in it twice", pair[0].0)),
        None => Ok(()),
    }
}

/// One header with its data.
struct Entry<'a> {
    kind: u8,
    name: String,
    data: &'a [u8],
    rest: &'a [u8],
}

impl<'a> Entry<'a> {
    fn read(header: &[u8], after: &'a [u8]) -> Result<Self, String> {
        let sum: u32 =
            (0..).zip(header).map(|(at, byte)| if (148..156).contains(&at) { 32 } else { u32::from(*byte) }).sum();
        if octal(&header[148..156]).and_then(|sum| u32::try_from(sum).ok()) != Some(sum) {
            return Err("the checksum of a header is wrong".into());
        }
        let broken = "the archive ends in the middle of a file";
        let size = octal(&header[124..136]).ok_or("a file has no proper size")?;
        let data = after.get(..size).ok_or(broken)?;
        let rest = after.get(size.div_ceil(BLOCK) * BLOCK..).ok_or(broken)?;
        let (name, prefix) = (text(&header[..100]), text(&header[345..500]));
        let ustar = header[257..262] == *b"ustar";
        let name = if prefix.is_empty() || !ustar { name } else { format!("{prefix}/{name}") };
        Ok(Entry { kind: header[156], name, data, rest })
    }
}

/// The path of a file, if it stays inside of the archive.
fn checked_path(name: &str) -> Result<String, String> {
    let path = name.replace('\\', "/");
    if path.is_empty() || path.chars().any(char::is_control) {
        return Err(format!("{name:?} is no name for a file"));
    }
    if path.starts_with('/') || path.as_bytes().get(1) == Some(&b':') {
        return Err(format!("`{name}` is an absolute path"));
    }
    if path.split('/').any(|part| part == "..") {
        return Err(format!("`{name}` leads out of the chart"));
    }
    Ok(path.split('/').filter(|part| !matches!(*part, "" | ".")).collect::<Vec<_>>().join("/"))
}

/// Whether a file is a packed sub-chart: `chart/charts/inner.tgz`.
fn is_inner_chart(path: &str) -> bool {
    let parts: Vec<&str> = path.split('/').collect();
    matches!(parts.as_slice(), [.., "charts", name] if name.ends_with(".tgz"))
}

fn text(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}

fn octal(bytes: &[u8]) -> Option<usize> {
    let text = text(bytes);
    let digits = text.trim();
    if digits.is_empty() { Some(0) } else { usize::from_str_radix(digits, 8).ok() }
}

/// The path in an extended header: records of `length key=value` and a newline, each as long as it says.
fn extended_path(data: &[u8]) -> Result<Option<String>, String> {
    let broken = || String::from("an extended header is broken");
    let mut rest = data;
    let mut path = None;
    while !rest.is_empty() {
        let space = rest.iter().position(|byte| *byte == b' ').ok_or_else(broken)?;
        let length: usize = text(&rest[..space]).parse().map_err(|_| broken())?;
        let record = rest.get(space + 1..length).ok_or_else(broken)?;
        rest = &rest[length..];
        let record = record.strip_suffix(b"\n").ok_or_else(broken)?;
        let record = String::from_utf8_lossy(record);
        match record.split_once('=').ok_or_else(broken)? {
            ("path", value) => path = Some(value.to_owned()),
            ("size" | "linkpath", _) => return Err("an extended header says what a chart has no use for".into()),
            _ => {}
        }
    }
    Ok(path)
}
