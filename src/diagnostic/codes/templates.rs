//! SG03: templates and their expressions.

use super::Code;

/// An expression cannot be parsed.
pub const EXPRESSION_SYNTAX: Code = Code {
    id: "SG0301",
    title: "bad expression",
    explain: "The text between `${{` and `}}` (or after `$if:` / `$for:`) is not an expression.\n\n\
              Expressions are those of Jinja: `params.host`, `caps['load-balancer'].addresses`, `a if b else c`, `list | join(',')`.\n\
              Strings inside an expression take single quotes where the scalar takes double ones. A literal `${{` is written `$${{`.",
};

/// A name in an expression does not exist.
pub const UNDEFINED: Code = Code {
    id: "SG0302",
    title: "undefined name",
    explain: "An expression uses a name that does not exist in its scope. An undefined name is an error and never an empty text,\n\
              since a typing mistake would otherwise reach the cluster.\n\n\
              * A parameter must be declared under `parameters:` of the component.\n\
              * `caps.<capability>` exists only if the component requires, uses or provides that capability.\n\
              * Where a capability of `uses:` has no provider, `caps.<capability>` is `none`: guard with `$if: caps.tracing`.",
};

/// An expression fails while it is evaluated.
pub const EVALUATION: Code = Code {
    id: "SG0303",
    title: "expression failed",
    explain: "The expression is well formed but cannot be evaluated with the values it meets: a filter or function got a value that it\n\
              cannot take, types do not fit an operator, or the expression ran for too long.",
};

/// A template key (`$if`, `$for`, …) is unknown or misused.
pub const TEMPLATE_KEY: Code = Code {
    id: "SG0304",
    title: "bad template key",
    explain: "Keys that start with `$` steer a template: `$if`, `$for`, `$then`, `$else`, `$value`, `$merge`.\n\n\
              * `$if: expression` keeps the map it stands in; with `$then` and `$else` it chooses a value.\n\
              * `$for: name in expression` (or `key, value in expression`) repeats it; `$value` gives an item that is not a map.\n\
              * `$if` and `$for` take the bare expression, without `${{ }}`.\n\
              A literal key that starts with `$` is written with two: `$$ref`.",
};

/// A value cannot stand inside text.
pub const NOT_TEXT: Code = Code {
    id: "SG0305",
    title: "value cannot stand inside text",
    explain: "In `\"a-${{ x }}\"` the value must be a string, a number or a boolean. A list, a map or `none` has no one text form:\n\
              choose one with `| join(',')`, `| to_json` or `| to_yaml`, or make the expression the whole scalar, which keeps its type.",
};

/// A template makes a key twice, or a key that is not text.
pub const TEMPLATE_MAP: Code = Code {
    id: "SG0306",
    title: "template makes a bad map",
    explain: "While a template was evaluated, two entries of one map got the same key (often a `$for` whose key does not depend on its\n\
              variable), or a key was not a string, or `$merge` got something that is not a map.",
};

/// A text template fails.
pub const TEXT_TEMPLATE: Code = Code {
    id: "SG0307",
    title: "text template failed",
    explain: "A file below `files/` (`*.j2`) could not be read or rendered. Text templates use `${{ expression }}`, `${% if … %}`,\n\
              `${% for … %}` and `${# comment #}`; names are the same as in structural templates, and an undefined name is an error.",
};

/// A template makes too much.
pub const TEMPLATE_BUDGET: Code = Code {
    id: "SG0308",
    title: "template makes too much",
    explain: "A template made more values than a platform can sensibly need (one million in one file). Look for a `$for` over a list that\n\
              grows with itself, or nested loops.",
};

/// Every code of this stage.
pub const ALL: &[&Code] = &[
    &EXPRESSION_SYNTAX,
    &UNDEFINED,
    &EVALUATION,
    &TEMPLATE_KEY,
    &NOT_TEXT,
    &TEMPLATE_MAP,
    &TEXT_TEMPLATE,
    &TEMPLATE_BUDGET,
];
