//! Archives as charts have them, and as nobody should.

use std::fmt::Write as _;

use sha2::{Digest as _, Sha256};

/// An entry of a tar archive.
#[derive(Clone)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) kind: u8,
    pub(crate) data: Vec<u8>,
    pub(crate) link: String,
}

pub(crate) fn file(name: &str, data: impl AsRef<[u8]>) -> Entry {
    Entry { name: name.to_owned(), kind: b'0', data: data.as_ref().to_vec(), link: String::new() }
}

pub(crate) fn special(name: &str, kind: u8, link: &str) -> Entry {
    Entry { name: name.to_owned(), kind, data: Vec::new(), link: link.to_owned() }
}

/// A plain chart: `name`, `version`, and lines for its `Chart.yaml`.
pub(crate) fn chart(name: &str, version: &str, more: &str) -> Vec<u8> {
    packed(&chart_files(name, version, more))
}

pub(crate) fn chart_files(name: &str, version: &str, more: &str) -> Vec<Entry> {
    vec![
        file(&format!("{name}/Chart.yaml"), format!("apiVersion: v2\nname: {name}\nversion: {version}\n{more}")),
        file(&format!("{name}/values.yaml"), "size: 1\n"),
        file(&format!("{name}/templates/cm.yaml"), "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n"),
    ]
}

pub(crate) fn packed(entries: &[Entry]) -> Vec<u8> {
    gzip(&tar(entries))
}

pub(crate) fn tar(entries: &[Entry]) -> Vec<u8> {
    let mut out = Vec::new();
    for entry in entries {
        let mut header = [0u8; 512];
        let put = |header: &mut [u8; 512], at: usize, text: &str| {
            header[at..at + text.len()].copy_from_slice(text.as_bytes());
        };
        put(&mut header, 0, &entry.name);
        put(&mut header, 100, "0000644\0");
        put(&mut header, 124, &format!("{:011o}\0", entry.data.len()));
        put(&mut header, 136, "00000000000\0");
        header[156] = entry.kind;
        put(&mut header, 157, &entry.link);
        put(&mut header, 257, "ustar\x0000");
        put(&mut header, 148, "        ");
        let sum: u32 = header.iter().map(|byte| u32::from(*byte)).sum();
        put(&mut header, 148, &format!("{sum:06o}\0 "));
        out.extend(header);
        out.extend(&entry.data);
        out.resize(out.len().next_multiple_of(512), 0);
    }
    out.resize(out.len() + 1024, 0);
    out
}

/// Packs without making smaller.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = vec![0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255];
    let mut blocks = bytes.chunks(0xFFFF).peekable();
    while let Some(block) = blocks.next() {
        let length = u16::try_from(block.len()).unwrap();
        out.push(u8::from(blocks.peek().is_none()));
        out.extend(length.to_le_bytes());
        out.extend((!length).to_le_bytes());
        out.extend(block);
    }
    end(out, crc(bytes), bytes.len())
}

/// A few hundred kilobytes that unpack to as many zeros as one likes.
pub(crate) fn bomb(size: usize) -> Vec<u8> {
    let mut bits = Bits { out: vec![0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255], held: 0, count: 0 };
    bits.put(0b011, 3);
    bits.code(0b0011_0000, 8);
    for _ in 0..size / 258 {
        // The longest match, at the nearest distance.
        bits.code(0b1100_0101, 8);
        bits.code(0, 5);
    }
    bits.code(0, 7);
    bits.put(0, 7);
    end(bits.out, 0, size)
}

struct Bits {
    out: Vec<u8>,
    held: u32,
    count: u32,
}

impl Bits {
    fn put(&mut self, value: u32, count: u32) {
        self.held |= value << self.count;
        self.count += count;
        while self.count >= 8 {
            self.out.push(self.held.to_le_bytes()[0]);
            self.held >>= 8;
            self.count -= 8;
        }
    }

    /// Codes stand with their highest bit first.
    fn code(&mut self, value: u32, count: u32) {
        self.put(value.reverse_bits() >> (32 - count), count);
    }
}

fn end(mut out: Vec<u8>, crc: u32, size: usize) -> Vec<u8> {
    out.extend(crc.to_le_bytes());
    out.extend(u32::try_from(size).unwrap().to_le_bytes());
    out
}

fn crc(bytes: &[u8]) -> u32 {
    let step = |crc: u32| if crc & 1 == 1 { crc >> 1 ^ 0xEDB8_8320 } else { crc >> 1 };
    !bytes.iter().fold(!0u32, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc)))
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
