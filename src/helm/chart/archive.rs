//! Packed charts: gzip around tar.

use super::inflate::gunzip;
use super::load::Parts;
use crate::helm::error::Error;
use crate::helm::file::{File, without_mark};
use crate::helm::functions::clean;
use crate::helm::quote::quoted;

/// How large a chart may be once unpacked: Helm's own limit.
const MAX_SIZE: usize = 100 << 20;

/// Unpacks an archive into files by their paths within the chart's folder.
pub(in crate::helm) fn unpack(bytes: &[u8]) -> Result<Parts, Error> {
    let tar = gunzip(bytes, MAX_SIZE).ok_or_else(|| Error::new("the chart is no gzip archive, or too large"))?;
    let mut parts = Parts::new();
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
                    parts.insert(inner_path(&name)?, File::of(without_mark(data.to_vec())));
                }
            }
            _ => long_name = None,
        }
    }
    if parts.is_empty() { Err(Error::new("no files in chart archive")) } else { Ok(parts) }
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
        return Err(Error::new(format!(
            "chart illegally contains content outside the base directory: {}",
            quoted(&name)
        )));
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
