//! Unpacks what gzip has packed (RFC 1951 and 1952).

/// Where the codes for lengths and distances begin, and how many more bits they take.
const LENGTHS: [(u16, u8); 29] = [
    (3, 0),
    (4, 0),
    (5, 0),
    (6, 0),
    (7, 0),
    (8, 0),
    (9, 0),
    (10, 0),
    (11, 1),
    (13, 1),
    (15, 1),
    (17, 1),
    (19, 2),
    (23, 2),
    (27, 2),
    (31, 2),
    (35, 3),
    (43, 3),
    (51, 3),
    (59, 3),
    (67, 4),
    (83, 4),
    (99, 4),
    (115, 4),
    (131, 5),
    (163, 5),
    (195, 5),
    (227, 5),
    (258, 0),
];
const DISTANCES: [(u16, u8); 30] = [
    (1, 0),
    (2, 0),
    (3, 0),
    (4, 0),
    (5, 1),
    (7, 1),
    (9, 2),
    (13, 2),
    (17, 3),
    (25, 3),
    (33, 4),
    (49, 4),
    (65, 5),
    (97, 5),
    (129, 6),
    (193, 6),
    (257, 7),
    (385, 7),
    (513, 8),
    (769, 8),
    (1025, 9),
    (1537, 9),
    (2049, 10),
    (3073, 10),
    (4097, 11),
    (6145, 11),
    (8193, 12),
    (12289, 12),
    (16385, 13),
    (24577, 13),
];
/// The order in which the lengths of the codes for code lengths come.
const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// Unpacks a gzip file of one member, unless it is broken or comes to more than `limit` bytes.
pub(crate) fn gunzip(bytes: &[u8], limit: usize) -> Option<Vec<u8>> {
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
    let mut bits = Bits { bytes: body, at: 0, buffer: 0, held: 0 };
    let mut out = Vec::new();
    loop {
        let last = bits.take(1)? == 1;
        match bits.take(2)? {
            0 => stored(&mut bits, &mut out, limit)?,
            1 => {
                let (literals, distances) = fixed();
                compressed(&mut bits, &mut out, limit, &literals, &distances)?;
            }
            2 => {
                let (literals, distances) = dynamic(&mut bits)?;
                compressed(&mut bits, &mut out, limit, &literals, &distances)?;
            }
            _ => return None,
        }
        if last {
            return Some(out);
        }
    }
}

struct Bits<'b> {
    bytes: &'b [u8],
    at: usize,
    buffer: u64,
    held: u32,
}

impl Bits<'_> {
    /// Holds as many bits as there may be asked for at once. Past the end there are zeros.
    fn fill(&mut self) {
        while self.held <= 48 {
            self.buffer |= u64::from(self.bytes.get(self.at).copied().unwrap_or(0)) << self.held;
            self.at += 1;
            self.held += 8;
        }
    }

    fn take(&mut self, count: u32) -> Option<usize> {
        self.fill();
        let value = self.buffer & ((1 << count) - 1);
        self.drop(count)?;
        usize::try_from(value).ok()
    }

    fn drop(&mut self, count: u32) -> Option<()> {
        self.buffer >>= count;
        self.held -= count;
        let read_ahead = usize::try_from(self.held / 8).ok()?;
        (self.at <= self.bytes.len() + read_ahead).then_some(())
    }
}

/// A prefix code: for each 15 bits that may come, the symbol and its length.
struct Code {
    table: Vec<(u16, u8)>,
}

const MAX_BITS: u32 = 15;

impl Code {
    fn new(lengths: &[u8]) -> Code {
        let mut table = vec![(0, 0); 1 << MAX_BITS];
        let mut next = 0usize;
        for length in 1..=15u8 {
            for (symbol, _) in lengths.iter().enumerate().filter(|(_, l)| **l == length) {
                let reversed = next.reverse_bits() >> (usize::BITS - u32::from(length));
                for slot in (reversed..1 << MAX_BITS).step_by(1 << length) {
                    if let (Some(entry), Ok(symbol)) = (table.get_mut(slot), u16::try_from(symbol)) {
                        *entry = (symbol, length);
                    }
                }
                next += 1;
            }
            next <<= 1;
        }
        Code { table }
    }

    fn read(&self, bits: &mut Bits) -> Option<usize> {
        bits.fill();
        let index = usize::try_from(bits.buffer & ((1 << MAX_BITS) - 1)).ok()?;
        let (symbol, length) = *self.table.get(index)?;
        if length == 0 {
            return None;
        }
        bits.drop(u32::from(length))?;
        Some(usize::from(symbol))
    }
}

fn stored(bits: &mut Bits, out: &mut Vec<u8>, limit: usize) -> Option<()> {
    bits.drop(bits.held % 8)?;
    let (length, check) = (bits.take(16)?, bits.take(16)?);
    if length ^ check != 0xFFFF || out.len() + length > limit {
        return None;
    }
    for _ in 0..length {
        out.push(u8::try_from(bits.take(8)?).ok()?);
    }
    Some(())
}

fn fixed() -> (Code, Code) {
    let mut lengths = [8u8; 288];
    lengths[144..256].fill(9);
    lengths[256..280].fill(7);
    (Code::new(&lengths), Code::new(&[5; 30]))
}

fn dynamic(bits: &mut Bits) -> Option<(Code, Code)> {
    let (literals, distances, codes) = (bits.take(5)? + 257, bits.take(5)? + 1, bits.take(4)? + 4);
    let mut lengths = [0u8; 19];
    for place in ORDER.iter().take(codes) {
        lengths[*place] = u8::try_from(bits.take(3)?).ok()?;
    }
    let code = Code::new(&lengths);
    let mut all: Vec<u8> = Vec::with_capacity(literals + distances);
    while all.len() < literals + distances {
        let (value, count) = match code.read(bits)? {
            16 => (*all.last()?, bits.take(2)? + 3),
            17 => (0, bits.take(3)? + 3),
            18 => (0, bits.take(7)? + 11),
            length => (u8::try_from(length).ok()?, 1),
        };
        all.extend(std::iter::repeat_n(value, count));
    }
    let (first, rest) = all.split_at_checked(literals)?;
    Some((Code::new(first), Code::new(rest.get(..distances)?)))
}

fn compressed(bits: &mut Bits, out: &mut Vec<u8>, limit: usize, literals: &Code, distances: &Code) -> Option<()> {
    loop {
        match literals.read(bits)? {
            256 => return Some(()),
            byte @ 0..=255 => out.push(u8::try_from(byte).ok()?),
            symbol => {
                let (base, extra) = *LENGTHS.get(symbol - 257)?;
                let length = usize::from(base) + bits.take(u32::from(extra))?;
                let (base, extra) = *DISTANCES.get(distances.read(bits)?)?;
                let distance = usize::from(base) + bits.take(u32::from(extra))?;
                let start = out.len().checked_sub(distance)?;
                for n in 0..length {
                    out.push(*out.get(start + n)?);
                }
            }
        }
        if out.len() > limit {
            return None;
        }
    }
}
