//! Sprig's random functions, made repeatable.
//!
//! What they give follows from a seed, so everyone who has the chart and the values can compute it. It must never
//! guard anything: the caller asks which of these functions were used and decides. Keys and certificates are not even
//! real ones, only texts of the right shape.

use std::cell::{Cell, OnceCell, RefCell};

use sha2::{Digest, Sha256};

use super::args::{bytes, int, text};
use super::encodings::hex;
use super::{Body, Entry};
use crate::helm::base64;
use crate::helm::error::{Outcome, fail};
use crate::helm::objects::Object;
use crate::helm::template::Run;
use crate::helm::value::Value;

pub(super) const TABLE: &[Entry] = &[
    ("randAlphaNum", "i", Body::Run(|run, a| word(run, "randAlphaNum", a, ALPHANUMERIC))),
    ("randAlpha", "i", Body::Run(|run, a| word(run, "randAlpha", a, &ALPHANUMERIC[..52]))),
    ("randNumeric", "i", Body::Run(|run, a| word(run, "randNumeric", a, &ALPHANUMERIC[52..]))),
    ("randAscii", "i", Body::Run(|run, a| word(run, "randAscii", a, ASCII))),
    ("randInt", "ii", Body::Run(rand_int)),
    ("randBytes", "i", Body::Run(rand_bytes)),
    ("shuffle", "s", Body::Run(shuffle)),
    ("uuidv4", "", Body::Run(uuid)),
    ("bcrypt", "s", Body::Run(|run, _| Ok(Value::str(hash(run, "bcrypt"))))),
    ("htpasswd", "ss", Body::Run(|run, a| Ok(Value::str(format!("{}:{}", text(a, 0), hash(run, "htpasswd")))))),
    ("derivePassword", "issss", Body::Run(|run, _| Ok(Value::str(draw_word(run, "derivePassword", 16, ALPHANUMERIC))))),
    (
        "encryptAES",
        "ss",
        Body::Run(|run, a| Ok(Value::str(base64::encode(&draw(run, "encryptAES", bytes(a, 1).len() + 32))))),
    ),
    ("decryptAES", "ss", Body::Run(|_, _| fail("decryptAES is not supported"))),
    ("genPrivateKey", "s", Body::Run(private_key)),
    ("genCA", "si", Body::Run(|run, _| Ok(certificate(run, "genCA")))),
    ("genCAWithKey", "sis", Body::Run(|run, a| Ok(certificate_for(run, "genCAWithKey", &text(a, 2))))),
    ("genSelfSignedCert", "saai", Body::Run(|run, _| Ok(certificate(run, "genSelfSignedCert")))),
    (
        "genSelfSignedCertWithKey",
        "saais",
        Body::Run(|run, a| Ok(certificate_for(run, "genSelfSignedCertWithKey", &text(a, 4)))),
    ),
    ("genSignedCert", "saaia", Body::Run(|run, _| Ok(certificate(run, "genSignedCert")))),
    (
        "genSignedCertWithKey",
        "saaias",
        Body::Run(|run, a| Ok(certificate_for(run, "genSignedCertWithKey", &text(a, 5)))),
    ),
    ("buildCustomCert", "ss", Body::Pure(build_custom_cert)),
];

const ALPHANUMERIC: &[u8] = b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
const ASCII: &[u8] = b" !#$%&()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_abcdefghijklmnopqrstuvwxyz{|}~";
const MAX_LENGTH: usize = 1 << 20;

/// Makes the seed. Most charts never ask for it.
pub(crate) type Seed = Box<dyn Fn() -> [u8; 32]>;

/// A stream of bytes for each template, so that one template's draws do not move another's.
pub(crate) struct Source {
    make: Seed,
    seed: OnceCell<[u8; 32]>,
    template: RefCell<String>,
    drawn: Cell<u64>,
}

impl Source {
    pub(super) fn new(make: Seed) -> Self {
        Source { make, seed: OnceCell::new(), template: RefCell::default(), drawn: Cell::new(0) }
    }

    /// Starts the stream of a template.
    pub(crate) fn enter(&self, template: &str) {
        template.clone_into(&mut self.template.borrow_mut());
        self.drawn.set(0);
    }

    /// The template that is being rendered.
    pub(super) fn template(&self) -> String {
        self.template.borrow().clone()
    }

    fn bytes(&self, count: usize) -> Vec<u8> {
        let mut out = Vec::with_capacity(count + 32);
        while out.len() < count {
            let drawn = self.drawn.get();
            self.drawn.set(drawn + 1);
            let mut hash = Sha256::new();
            hash.update(self.seed.get_or_init(&self.make));
            hash.update(self.template.borrow().as_bytes());
            hash.update(drawn.to_be_bytes());
            out.extend_from_slice(&hash.finalize());
        }
        out.truncate(count);
        out
    }
}

fn draw(run: &Run, function: &'static str, count: usize) -> Vec<u8> {
    run.shared.state.note(function);
    run.shared.state.random.bytes(count.min(MAX_LENGTH))
}

/// Letters from an alphabet. Two bytes a letter make the small favour of the first letters too small to matter.
fn draw_word(run: &Run, function: &'static str, length: usize, alphabet: &[u8]) -> String {
    let pick = |pair: &[u8]| {
        let number = pair.iter().fold(0usize, |n, byte| n << 8 | usize::from(*byte));
        alphabet.get(number % alphabet.len()).copied().map_or('a', char::from)
    };
    draw(run, function, length.min(MAX_LENGTH / 2) * 2).chunks(2).map(pick).collect()
}

fn word(run: &mut Run, function: &'static str, args: &[Value], alphabet: &[u8]) -> Outcome<Value> {
    let length = usize::try_from(int(args, 0)).unwrap_or(0);
    Ok(Value::str(draw_word(run, function, length, alphabet)))
}

fn rand_int(run: &mut Run, args: &[Value]) -> Outcome<Value> {
    let (low, high) = (int(args, 0), int(args, 1));
    if high <= low {
        return fail("invalid argument to Intn");
    }
    let number = draw(run, "randInt", 8).iter().fold(0u64, |n, byte| n << 8 | u64::from(*byte));
    let offset = i64::try_from(number % high.abs_diff(low)).unwrap_or(0);
    Ok(Value::Int(low + offset))
}

fn rand_bytes(run: &mut Run, args: &[Value]) -> Outcome<Value> {
    let count = usize::try_from(int(args, 0)).unwrap_or(0);
    Ok(Value::str(base64::encode(&draw(run, "randBytes", count))))
}

fn shuffle(run: &mut Run, args: &[Value]) -> Outcome<Value> {
    let mut chars: Vec<char> = text(args, 0).chars().collect();
    let drawn = draw(run, "shuffle", chars.len() * 2);
    for (n, pair) in drawn.chunks(2).enumerate().skip(1) {
        let number = pair.iter().fold(0usize, |n, byte| n << 8 | usize::from(*byte));
        chars.swap(n, number % (n + 1));
    }
    Ok(Value::str(chars.into_iter().collect::<String>()))
}

fn uuid(run: &mut Run, _: &[Value]) -> Outcome<Value> {
    let mut drawn = draw(run, "uuidv4", 16);
    if let Some(byte) = drawn.get_mut(6) {
        *byte = *byte & 0x0F | 0x40;
    }
    if let Some(byte) = drawn.get_mut(8) {
        *byte = *byte & 0x3F | 0x80;
    }
    let text = hex(&drawn);
    Ok(Value::str(format!("{}-{}-{}-{}-{}", &text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..])))
}

/// A text of a bcrypt hash's shape that no password fits.
fn hash(run: &Run, function: &'static str) -> String {
    format!("$2a$10${}", draw_word(run, function, 53, ALPHANUMERIC))
}

/// A block of a PEM file's shape.
fn pem(run: &Run, function: &'static str, label: &str, length: usize) -> String {
    let body = base64::encode(&draw(run, function, length));
    let mut out = format!("-----BEGIN {label}-----\n");
    let mut rest = body.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        out.push_str(line);
        out.push('\n');
        rest = after;
    }
    out + &format!("-----END {label}-----\n")
}

fn private_key(run: &mut Run, args: &[Value]) -> Outcome<Value> {
    let (label, length) = match &*text(args, 0) {
        "ecdsa" => ("EC PRIVATE KEY", 121),
        "dsa" => ("DSA PRIVATE KEY", 447),
        "" | "rsa" => ("RSA PRIVATE KEY", 2349),
        "ed25519" => ("PRIVATE KEY", 48),
        other => return Ok(Value::str(format!("Unknown type {other}"))),
    };
    Ok(Value::str(pem(run, "genPrivateKey", label, length)))
}

fn certificate(run: &Run, function: &'static str) -> Value {
    let cert = pem(run, function, "CERTIFICATE", 780);
    let key = pem(run, function, "RSA PRIVATE KEY", 1192);
    Value::object(Object::Certificate { cert, key })
}

fn certificate_for(run: &Run, function: &'static str, key: &str) -> Value {
    let cert = pem(run, function, "CERTIFICATE", 780);
    Value::object(Object::Certificate { cert, key: key.to_owned() })
}

fn build_custom_cert(args: &[Value]) -> Outcome<Value> {
    let decode = |n: usize, what: &str| match base64::decode(bytes(args, n)) {
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        Err(_) => fail(format!("unable to decode base64 {what}")),
    };
    let (cert, key) = (decode(0, "certificate")?, decode(1, "private key")?);
    if !cert.contains("-----BEGIN") {
        return fail("unable to decode certificate");
    }
    if !key.contains("-----BEGIN") {
        return fail("unable to find private key");
    }
    Ok(Value::object(Object::Certificate { cert, key }))
}
