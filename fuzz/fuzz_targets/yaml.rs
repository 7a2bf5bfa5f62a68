//! Any text for the reader: `cargo +nightly fuzz run yaml fuzz/corpus/yaml tests/errors/reading`.

#![no_main]

#[path = "../../tests/yaml/hostile.rs"]
mod hostile;

libfuzzer_sys::fuzz_target!(|text: &str| hostile::check(text));
