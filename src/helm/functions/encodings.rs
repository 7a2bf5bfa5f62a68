//! Sprig's encodings and checksums.

use sha2::{Digest, Sha256, Sha512};

use super::args::bytes;
use super::{Body, Entry};
use crate::helm::base64;
use crate::helm::digest;
use crate::helm::error::Outcome;
use crate::helm::value::Value;

pub(super) const TABLE: &[Entry] = &[
    ("b64enc", "s", Body::Pure(|a| Ok(Value::str(base64::encode(bytes(a, 0)))))),
    ("b64dec", "s", Body::Pure(|a| decoded(base64::decode(bytes(a, 0)), "base64"))),
    ("b32enc", "s", Body::Pure(|a| Ok(Value::str(base64::encode32(bytes(a, 0)))))),
    ("b32dec", "s", Body::Pure(|a| decoded(base64::decode32(bytes(a, 0)), "base32"))),
    ("sha1sum", "s", Body::Pure(|a| Ok(Value::str(hex(&digest::sha1(bytes(a, 0))))))),
    ("sha256sum", "s", Body::Pure(|a| Ok(Value::str(hex(&Sha256::digest(bytes(a, 0))))))),
    ("sha512sum", "s", Body::Pure(|a| Ok(Value::str(hex(&Sha512::digest(bytes(a, 0))))))),
    ("adler32sum", "s", Body::Pure(|a| Ok(Value::str(digest::adler32(bytes(a, 0)).to_string())))),
];

/// Sprig gives the error's text where decoding fails.
fn decoded(result: Result<Vec<u8>, usize>, encoding: &str) -> Outcome<Value> {
    Ok(match result {
        Ok(bytes) => Value::text(&bytes),
        Err(at) => Value::str(format!("illegal {encoding} data at input byte {at}")),
    })
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
