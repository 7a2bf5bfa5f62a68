//! SG01: reading files as YAML.

use super::Code;

/// The file is not YAML.
pub const SYNTAX: Code = Code {
    id: "SG0101",
    title: "not YAML",
    explain: "The file cannot be read as YAML. The place is where the reader stopped; the mistake is there or just before it.",
};

/// A key stands twice in one map.
pub const DUPLICATE_KEY: Code = Code {
    id: "SG0102",
    title: "duplicate key",
    explain: "A key stands twice in one map. Helm and kubectl would silently keep the last one, kustomize refuses the file.\n\
              Keep one of the two; if both hold maps, put their entries under one key.",
};

/// Every code of this stage.
pub const ALL: &[&Code] = &[&SYNTAX, &DUPLICATE_KEY];
