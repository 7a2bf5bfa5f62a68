//! SG02: the shape of sources, and values against their types.

use super::Code;

/// A key that the kind does not have.
pub const UNKNOWN_KEY: Code = Code {
    id: "SG0201",
    title: "unknown key",
    explain: "The map has a key that this kind of document does not know. A misspelt key would otherwise be ignored in silence.\n\n\
              `stackgen schema <kind>` prints all keys with their meaning; editors that know JSON Schema can complete them.",
};

/// A key is missing.
pub const MISSING_KEY: Code = Code {
    id: "SG0202",
    title: "missing key",
    explain: "A key that must be there is missing. `stackgen schema <kind>` prints all keys with their meaning.",
};

/// A value has the wrong type.
pub const WRONG_TYPE: Code = Code {
    id: "SG0203",
    title: "wrong type",
    explain: "A value has another type than the place wants. Quoted scalars are strings: `replicas: \"3\"` is not a number.",
};

/// A value is of the right type, but not allowed.
pub const BAD_VALUE: Code = Code {
    id: "SG0204",
    title: "value not allowed",
    explain: "A value is of the right type but outside of what is allowed: not one of the listed values, below the minimum, above the\n\
              maximum, of another form (a CIDR with host bits, a host name with upper-case letters), too short or too long.",
};

/// Not a stackgen document.
pub const WRONG_DOCUMENT: Code = Code {
    id: "SG0205",
    title: "not the expected document",
    explain: "Every source starts with `apiVersion: stackgen.dev/v1` and a `kind` that fits its folder: `Capability` in\n\
              `blueprints/capabilities`, `Component` in `blueprints/components/<name>/component.yaml`, `Architecture` in\n\
              `blueprints/architectures`, `Overlay` or `Environment` below `overlays`. `metadata.name` is the file's or folder's name.",
};

/// A file or folder is missing or unreadable.
pub const NO_FILE: Code = Code {
    id: "SG0206",
    title: "file not found",
    explain: "A file that is named or needed is not there, or cannot be read as UTF-8 text.",
};

/// A file that nothing reads.
pub const STRAY_FILE: Code = Code {
    id: "SG0207",
    title: "file that nothing reads",
    explain: "The folder of a component holds `component.yaml`, `values.yaml`, `resources/*.yaml`, `policies/*.yaml` and the files that\n\
              `files:` lists. Anything else there has no effect, which is most likely a mistake in its name.",
};

/// A type definition contradicts itself.
pub const BAD_TYPE: Code = Code {
    id: "SG0208",
    title: "type makes no sense",
    explain: "A type is declared in a way that no value can fit or that has no meaning: an `enum` without `values`, a `minimum` on a\n\
              string, an invalid `pattern`, `items` on a scalar.",
};

/// Every code of this stage.
pub const ALL: &[&Code] =
    &[&UNKNOWN_KEY, &MISSING_KEY, &WRONG_TYPE, &BAD_VALUE, &WRONG_DOCUMENT, &NO_FILE, &STRAY_FILE, &BAD_TYPE];
