//! Base64 and base32 in their standard alphabets.

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const ALPHABET32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// Encodes with padding.
pub(crate) fn encode(bytes: &[u8]) -> String {
    let (whole, rest) = bytes.as_chunks::<3>();
    let mut out = String::with_capacity(whole.len() * 4 + 4);
    for [a, b, c] in whole {
        let bits = usize::from(*a) << 16 | usize::from(*b) << 8 | usize::from(*c);
        out.extend([18, 12, 6, 0].map(|shift| char::from(ALPHABET[bits >> shift & 63])));
    }
    out + &encode_bits(rest, 6, 4, ALPHABET)
}

/// Decodes what has padding. The error is Go's: the offset of the first bad byte.
pub(crate) fn decode(text: &[u8]) -> Result<Vec<u8>, usize> {
    decode_bits(text, 6, 4, ALPHABET)
}

/// Encodes as base32 with padding.
pub(crate) fn encode32(bytes: &[u8]) -> String {
    encode_bits(bytes, 5, 8, ALPHABET32)
}

/// Decodes base32 with padding.
pub(crate) fn decode32(text: &[u8]) -> Result<Vec<u8>, usize> {
    decode_bits(text, 5, 8, ALPHABET32)
}

fn encode_bits(bytes: &[u8], bits: u32, block: usize, alphabet: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len() * 8 / bits as usize + block);
    let (mut buffer, mut held) = (0u32, 0u32);
    let mask = (1u32 << bits) - 1;
    let push = |out: &mut String, index: u32| {
        out.push(alphabet.get(index as usize).copied().map_or('=', char::from));
    };
    for byte in bytes {
        buffer = (buffer << 8 | u32::from(*byte)) & 0xFFFF;
        held += 8;
        while held >= bits {
            held -= bits;
            push(&mut out, buffer >> held & mask);
        }
    }
    if held > 0 {
        push(&mut out, buffer << (bits - held) & mask);
    }
    while !out.len().is_multiple_of(block) {
        out.push('=');
    }
    out
}

fn decode_bits(text: &[u8], bits: u32, block: usize, alphabet: &[u8]) -> Result<Vec<u8>, usize> {
    let clean: Vec<(usize, u8)> =
        text.iter().copied().enumerate().filter(|(_, b)| !matches!(b, b'\n' | b'\r')).collect();
    let data = clean.iter().take_while(|(_, b)| *b != b'=').count();
    let mut out = Vec::with_capacity(text.len());
    let (mut buffer, mut held) = (0u32, 0u32);
    for (at, byte) in clean.iter().take(data) {
        let Some(index) = alphabet.iter().position(|known| known == byte) else { return Err(*at) };
        buffer = (buffer << bits | u32::try_from(index).unwrap_or(0)) & 0xFFFF;
        held += bits;
        if held >= 8 {
            held -= 8;
            out.push(u8::try_from(buffer >> held & 0xFF).unwrap_or(0));
        }
    }
    let padding = clean.len() - data;
    let only_padding = clean.iter().skip(data).all(|(_, b)| *b == b'=');
    if !clean.len().is_multiple_of(block) && padding == 0 {
        // Go names the start of the block that is not complete.
        return Err(text.len() - data % block);
    }
    if !clean.len().is_multiple_of(block) || !only_padding || held >= bits || padding >= block {
        return Err(clean.get(data).map_or(text.len(), |(at, _)| *at));
    }
    Ok(out)
}
