//! Random and mutated texts for the reader, on stable Rust. `STACKGEN_FUZZ_CASES=1000000 cargo test --test fuzz_yaml`
//! goes on for longer, `STACKGEN_FUZZ_SEED` starts elsewhere. `fuzz/` has the same check for cargo-fuzz.

#![allow(clippy::expect_used)] // A test may stop.

#[path = "yaml/hostile.rs"]
mod hostile;

use std::path::Path;
use std::time::{Duration, Instant};
use std::{env, fs};

/// How many texts there are.
const CASES: u64 = 5000;
/// No text of this size may take longer, even on a busy machine.
const LIMIT: Duration = Duration::from_secs(30);

/// What YAML gives a meaning.
const WORDS: &[&str] = &[
    "\n",
    "\n\n",
    "\r\n",
    "\r",
    " ",
    "  ",
    "\t",
    "- ",
    "-",
    ": ",
    ":",
    "? ",
    "?",
    ", ",
    ",",
    "[",
    "]",
    "{",
    "}",
    "{{",
    "}}",
    "${{",
    "\"",
    "'",
    "''",
    "\\",
    "\\x",
    "\\u12",
    "|",
    "|-",
    "|+",
    "|2",
    "|9\n",
    ">",
    ">-\n",
    "#",
    " #",
    "&a ",
    "*a",
    "<<: ",
    "!",
    "!!str ",
    "!merge ",
    "!merge name\n",
    "!merge name [",
    "!append ",
    "!unset",
    "!<",
    "---\n",
    "---",
    "...\n",
    "%YAML 1.2\n",
    "%TAG ! x\n",
    "@",
    "`",
    "~",
    "yes",
    "null",
    "0x1F",
    "012",
    "1.30",
    "1e3",
    ".inf",
    "12:30",
    "2024-01-31",
    "9007199254740993",
    "key: ",
    "a: b",
    "a:\n",
    "\u{feff}",
    "\0",
    "\u{1b}",
    "\u{85}",
    "\u{2028}",
    "\u{fffe}",
    "é",
    "日本",
    "😀",
    "k: |\n  x\n  !merge name\n",
    "\"\\\n\"",
];

#[test]
fn no_text_breaks_the_reader() {
    let corpus = corpus();
    let mut random = Random(number("STACKGEN_FUZZ_SEED", 1));
    for _ in 0..number("STACKGEN_FUZZ_CASES", CASES) {
        let text = match random.below(4) {
            0 => random.words(),
            1 => random.bytes(),
            _ => random.mutated(&corpus),
        };
        let start = Instant::now();
        hostile::check(&text);
        assert!(start.elapsed() < LIMIT, "{:?} for {text:?}", start.elapsed());
    }
}

/// Shapes that made other readers hang or overflow their stack.
#[test]
fn no_shape_breaks_the_reader() {
    let many = 5000;
    let pairs = |text: &str| (0..many).map(|i| text.replace("{i}", &i.to_string())).collect::<String>();
    let texts = [
        "[".repeat(100_000),
        "{".repeat(100_000),
        "{a: ".repeat(many),
        "- ".repeat(many),
        "? ".repeat(many),
        "a:\n ".repeat(many),
        (0..3000).map(|i| format!("{}a:\n", " ".repeat(i))).collect(),
        "\n".repeat(500_000),
        "# x\n".repeat(many) + "a: 1\n",
        pairs("k{i}: v\n"),
        pairs("k{i}: &a{i} v\n"),
        pairs("k{i}: *a\n"),
        pairs("k{i}: yes\n"),
        pairs("a: !merge k{i}\n"),
        "a: !merge k\n".repeat(many),
        format!("a: |\n{}", "  b: !merge k\n".repeat(many)),
        "- |\n  !merge k\n".repeat(many),
        format!("a: \"{}\"", "!merge k\n\n".repeat(many)),
        format!("a: \"{}", "x ".repeat(1_000_000)),
        format!("a: {}", "x: ".repeat(many)),
        "'".repeat(100_001),
        "\"\\x".repeat(many),
        "&".repeat(many),
        "!".repeat(many),
        "\t".repeat(many),
        "\u{2028}".repeat(many),
        "\0".repeat(many),
        "---\n".repeat(many),
        "a: 1\r".repeat(many),
        format!("a: {}", "9".repeat(100_000)),
        format!("a: 1e{}", "9".repeat(100_000)),
        "x".repeat(17 << 20),
    ];
    for text in texts {
        let start = Instant::now();
        hostile::check(&text);
        let head: String = text.chars().take(40).collect();
        assert!(start.elapsed() < LIMIT, "{:?} for {head:?}…", start.elapsed());
    }
}

fn number(variable: &str, default: u64) -> u64 {
    env::var(variable).map_or(default, |text| text.parse().expect("a number"))
}

/// All YAML of this repository's blueprints and of the bad files.
fn corpus() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    collect(&root.join("blueprints"), &mut found);
    collect(&root.join("tests/errors/reading"), &mut found);
    found.sort();
    found
}

fn collect(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).expect("the folder can be read") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "yaml") {
            found.extend(fs::read_to_string(path).ok().filter(|text| text.len() < 20_000));
        }
    }
}

/// Random numbers that are the same on every machine (SplitMix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ self.0 >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ mixed >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ mixed >> 31
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    fn word(&mut self) -> &'static str {
        WORDS[self.below(WORDS.len())]
    }

    fn words(&mut self) -> String {
        (0..self.below(30)).map(|_| self.word()).collect()
    }

    fn bytes(&mut self) -> String {
        let bytes: Vec<u8> = (0..self.below(60)).map(|_| self.next() as u8).collect();
        String::from_utf8_lossy(&bytes).into_owned()
    }

    /// A text of the corpus with some of it cut, doubled, moved or replaced.
    fn mutated(&mut self, corpus: &[String]) -> String {
        let mut text: Vec<char> = corpus[self.below(corpus.len())].chars().collect();
        for _ in 0..=self.below(4) {
            let at = self.below(text.len());
            let end = (at + self.below(20)).min(text.len());
            match self.below(5) {
                0 => drop(text.drain(at..end)),
                1 => {
                    let part = text[at..end].to_vec();
                    let to = self.below(text.len());
                    text.splice(to..to, part);
                }
                2 => text.truncate(end),
                3 => drop(text.splice(at..end, self.word().chars())),
                _ => drop(text.splice(at..at, self.word().chars())),
            }
        }
        text.into_iter().collect()
    }
}
