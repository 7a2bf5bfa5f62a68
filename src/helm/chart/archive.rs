//! Packed charts: gzip around tar.

use std::sync::Arc;

use miniz_oxide::inflate::decompress_to_vec_with_limit;

use super::load::Contents;
use crate::helm::error::Error;
use crate::helm::functions::clean;
use crate::helm::quote::quoted;

/// How large a chart may be once unpacked: Helm's own limit.
const MAX_SIZE: usize = 100 << 20;

/// Unpacks an archive into files by their paths within the chart's folder.
pub(super) fn unpack(bytes: &[u8]) -> Result<Contents, Error> {
    let tar = gunzip(bytes).ok_or_else(|| Error::new("the chart is no gzip archive, or too large"))?;
    let mut contents = Contents::new();
    let mut rest = tar.as_slice();
    let mut long_name = None;
    while let Some((header, after)) = rest.split_at_checked(512) {
        if header.iter().all(|byte| *byte == 0) {
            break;
        }
        let broken = || Error::new("the archive of the chart is broken");
        let size = octal(&header[124..136]).ok_or_else(broken)?;
        let data = after.get(..size).ok_or_else(broken)?;
        rest = after.get(size.div_ceil(512) * 512..).unwrap_or(&[]);
        match header[156] {
            b'L' => long_name = Some(field(data)),
            b'x' => long_name = pax_path(data).or(long_name),
            b'0' | 0 => {
                let name = long_name.take().unwrap_or_else(|| full_name(header));
                if !name.ends_with('/') {
                    contents.insert(inner_path(&name)?, without_mark(data));
                }
            }
            _ => long_name = None,
        }
    }
    if contents.is_empty() { Err(Error::new("no files in chart archive")) } else { Ok(contents) }
}

fn without_mark(data: &[u8]) -> Arc<[u8]> {
    data.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(data).into()
}

fn gunzip(bytes: &[u8]) -> Option<Vec<u8>> {
    let flags = match bytes {
        [0x1F, 0x8B, 8, flags, ..] => *flags,
        _ => return None,
    };
    let mut body = bytes.get(10..)?;
    if flags & 4 != 0 {
        let length = usize::from(u16::from_le_bytes([*body.first()?, *body.get(1)?]));
        body = body.get(2 + length..)?;
    }
    for flag in [8, 16] {
        if flags & flag != 0 {
            let end = body.iter().position(|byte| *byte == 0)?;
            body = body.get(end + 1..)?;
        }
    }
    if flags & 2 != 0 {
        body = body.get(2..)?;
    }
    decompress_to_vec_with_limit(body, MAX_SIZE).ok()
}

fn field(bytes: &[u8]) -> String {
    let end = bytes.iter().position(|byte| *byte == 0).unwrap_or(bytes.len());
    String::from_utf8_lossy(&bytes[..end]).into_owned()
}

fn octal(bytes: &[u8]) -> Option<usize> {
    let text = field(bytes);
    let digits = text.trim();
    if digits.is_empty() { Some(0) } else { usize::from_str_radix(digits, 8).ok() }
}

fn full_name(header: &[u8]) -> String {
    let (name, prefix) = (field(&header[..100]), field(&header[345..500]));
    let ustar = header[257..262] == *b"ustar";
    if prefix.is_empty() || !ustar { name } else { format!("{prefix}/{name}") }
}

/// The path in an extended header: lines of `length key=value`.
fn pax_path(data: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(data);
    text.lines().find_map(|line| line.split_once(' ')?.1.strip_prefix("path=").map(str::to_owned))
}

/// The path without the chart's folder, if it stays inside of it.
fn inner_path(name: &str) -> Result<String, Error> {
    let name = name.replace('\\', "/");
    let (first, inner) = name.split_once('/').unwrap_or((&name, ""));
    if inner.starts_with('/') {
        return Err(Error::new("chart illegally contains absolute paths"));
    }
    let path = clean(inner);
    if path == "." {
        return Err(Error::new(format!("chart illegally contains content outside the base directory: {}", quoted(&name))));
    }
    if path.starts_with("..") {
        return Err(Error::new("chart illegally references parent directory"));
    }
    if path.as_bytes().get(1) == Some(&b':') {
        return Err(Error::new("chart contains illegally named files"));
    }
    if first == "Chart.yaml" {
        return Err(Error::new("chart yaml not in base directory"));
    }
    Ok(path)
}
