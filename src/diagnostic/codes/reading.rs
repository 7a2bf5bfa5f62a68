//! SG01: reading files as YAML.

use super::Code;

/// The file is not YAML.
pub const SYNTAX: Code = Code {
    id: "SG0101",
    title: "not YAML",
    explain: "The file cannot be read as YAML. The place is where the reader stopped; the mistake is there or just before it.\n\
              A mistake in the syntax ends the reading of its file: what follows it is looked at when it is mended.",
};

/// A key stands twice in one map.
pub const DUPLICATE_KEY: Code = Code {
    id: "SG0102",
    title: "duplicate key",
    explain: "A key stands twice in one map. Helm and kubectl would silently keep the last one, kustomize refuses the file.\n\
              Keep one of the two; if both hold maps, put their entries under one key.",
};

/// There is nothing in the file.
pub const EMPTY: Code = Code {
    id: "SG0103",
    title: "empty document",
    explain: "The file holds no value, only blanks or comments. A file that is there on purpose says something: write the\n\
              document, or remove the file. An empty map is `{}`, an empty list is `[]`.",
};

/// More than one document in a file.
pub const SECOND_DOCUMENT: Code = Code {
    id: "SG0104",
    title: "second document",
    explain: "A file holds one document. What follows a second `---` would be read by some tools and dropped by others, Helm's\n\
              values among them.\n\n\
              Put each document into a file of its own. Objects of a component can also be a list in one file:\n\n    \
              - apiVersion: v1\n      kind: ConfigMap\n    - apiVersion: v1\n      kind: Service\n\n\
              Text below a list or map that starts further to the left than its first line also begins a second document.",
};

/// An anchor, an alias or a merge key.
pub const ANCHOR: Code = Code {
    id: "SG0105",
    title: "anchor, alias or merge key",
    explain: "`&name`, `*name` and `<<` copy parts of a document within its file. They do not cross files, hide where a value comes\n\
              from, and a few lines of them can grow to more memory than there is. Layers, parameters and expressions do this here.\n\n\
              Instead of\n\n    a: &size 10Gi\n    b: *size\n\n\
              write the value twice, or make it a parameter and use `\"${{ params.size }}\"`. Instead of `<<` use `$merge: expr`.\n\n\
              Text that only starts with `&` or `*` needs quotes: `schedule: \"*/5 * * * *\"`.",
};

/// A tab where spaces are wanted.
pub const TAB: Code = Code {
    id: "SG0106",
    title: "tab",
    explain: "YAML is indented with spaces; a tab has no width there, and readers disagree on where it is allowed. Replace it with\n\
              spaces, two for each level, and set the editor to do so.\n\n\
              In text, a tab is allowed inside of a block (`|`) after its indentation, and as `\\t` in double quotes.",
};

/// A line stands in a column that fits nothing.
pub const INDENTATION: Code = Code {
    id: "SG0107",
    title: "indentation",
    explain: "A line starts in a column that fits neither the lines before it nor their parents. Keys of one map stand exactly below\n\
              each other, items of one list too.\n\n\
              Wrong:\n\n    chart:\n      name: grafana\n       version: 9.0.0\n\n\
              Right:\n\n    chart:\n      name: grafana\n      version: 9.0.0\n\n\
              A line that is deeper than a value continues the value's text: `name: grafana` followed by a deeper line is one long\n\
              text. For text of several lines, write `|` after the colon.",
};

/// A quote or bracket is not closed.
pub const UNCLOSED: Code = Code {
    id: "SG0108",
    title: "quote or bracket without end",
    explain: "A quote, `[` or `{` is opened and not closed, or closed by another sign. The first place is where it opens.\n\n\
              A quote inside of quoted text ends it: write it twice in single quotes (`'it''s'`), with a backslash in double quotes\n\
              (`\"say \\\"x\\\"\"`), or use the other kind of quotes around the text.",
};

/// Text that needs quotes.
pub const UNQUOTED: Code = Code {
    id: "SG0109",
    title: "text needs quotes",
    explain: "The text has signs that mean something in YAML: a colon followed by a space, or a first letter out of\n\
              `@`, `` ` ``, `%`, `&`, `*`, `!`, `|`, `>`, `[`, `]`, `{`, `}`, `,`, `#`, `?`, `-`.\n\n\
              Wrong:\n\n    title: Error: no route\n    user: @admin\n\n\
              Right:\n\n    title: \"Error: no route\"\n    user: \"@admin\"",
};

/// An expression that YAML reads as a map.
pub const UNQUOTED_EXPRESSION: Code = Code {
    id: "SG0110",
    title: "expression needs quotes",
    explain: "YAML is read first, expressions stand inside of its scalars. `{` at the start of a value, or anywhere between brackets,\n\
              opens a map before the expression is seen.\n\n\
              Wrong:\n\n    ports: [${{ params.port }}]\n    title: {{ name }}\n\n\
              Right:\n\n    ports: [\"${{ params.port }}\"]\n    title: \"{{ name }}\"\n\n\
              A scalar that is one expression keeps the type of its result, in quotes too.",
};

/// A scalar that readers take for different values.
pub const AMBIGUOUS: Code = Code {
    id: "SG0111",
    title: "readers disagree",
    explain: "A value without quotes is one thing to Helm and kubectl, and another to kustomize, YAML 1.2 or Python. What such a value\n\
              does depends on who reads it, so it must be written in a form that all of them read alike:\n\n\
              - `yes`, `no`, `on`, `off`, `y`, `n`: write `true` or `false`, or quote them\n\
              - `0755`, `0o755`, `0x1F`, `0b1`, `1_000`: write the decimal number, or quote them\n\
              - `12:30`, `2024-01-31`: quote them\n\
              - `.inf`, `.nan`, whole numbers beyond 2^53: JSON cannot carry them; quote them if they are text",
};

/// A number that looks different when it is written again.
pub const REWRITTEN: Code = Code {
    id: "SG0112",
    title: "number that changes",
    explain: "A value without quotes is a number to every reader, but not with this text: `1.30` is the number 1.3, and is `1.3` in\n\
              whatever is made of it. That is how a version `1.30` becomes `1.3`, and a digest `12e4` becomes `120000`.\n\n\
              Wrong:\n\n    version: 1.30\n\n\
              Right:\n\n    version: \"1.30\"\n    ratio: 1.3",
};

/// A key that is not text.
pub const BAD_KEY: Code = Code {
    id: "SG0113",
    title: "key that is not text",
    explain: "Kubernetes speaks JSON, where keys are text. A key without quotes that reads as a number, a boolean, null, a list or a\n\
              map becomes other text, or an error, depending on the reader.\n\n\
              Wrong:\n\n    data:\n      on: x\n      8080: http\n\n\
              Right:\n\n    data:\n      \"on\": x\n      \"8080\": http",
};

/// The file is beyond a limit.
pub const LIMIT: Code = Code {
    id: "SG0114",
    title: "too large",
    explain: "A file may have 16 MiB, one million keys and values, 64 levels of lists and maps, and keys of 1,024 characters. Real\n\
              sources are far below that; a file beyond it is most likely generated, or not what it seems. Split it.",
};

/// A character that must not stand in a file.
pub const CHARACTER: Code = Code {
    id: "SG0115",
    title: "character not allowed",
    explain: "The file has a character that cannot be seen and that readers refuse, drop, or take for the end of a line: a control\n\
              character, a byte order mark after the start, a Unicode line separator. It often comes from copying out of a web page\n\
              or a document. Remove it; where a text needs it, write its escape in double quotes: `\"\\x1b[0m\"`, `\"\\u2028\"`.",
};

/// A line that starts with `%`.
pub const DIRECTIVE: Code = Code {
    id: "SG0116",
    title: "directive",
    explain: "`%YAML` and `%TAG` lines switch a reader's version or tags. Helm and kubectl refuse `%YAML 1.2` and ignore other lines, so\n\
              they cannot help and can only hurt. Remove the line. Text that starts with `%` needs quotes.",
};

/// A tag that does not exist, or that stands in the wrong place.
pub const BAD_TAG: Code = Code {
    id: "SG0117",
    title: "tag",
    explain: "Tags say how a value joins what a more general layer says: `!append` and `!prepend` (lists), `!merge KEY` (lists of\n\
              maps, items matched by KEY), `!replace`, `!unset`. There are no others; types follow from the schema.\n\n    \
              tolerations: !append\n      - key: gpu\n    containers: !merge name\n      - name: app\n        image: x\n      \
              - !unset { name: debug }\n    nodeSelector: !unset\n\n\
              `!merge:name` is the same as `!merge name`, for editors that know only YAML's own form of tags.\n\
              Text that starts with `!` needs quotes.",
};

/// `key:value`.
pub const MISSING_SPACE: Code = Code {
    id: "SG0118",
    title: "no space after a colon",
    explain: "A key is followed by a colon and a space, or by a colon at the end of its line. `name:grafana` is one text.\n\n\
              Wrong:\n\n    chart:\n      name:grafana\n\n\
              Right:\n\n    chart:\n      name: grafana\n\n\
              If it is text, quote it: `\"nginx:1.27\"`.",
};

/// A backslash with a letter that means nothing.
pub const ESCAPE: Code = Code {
    id: "SG0119",
    title: "unknown escape",
    explain: "In double quotes a backslash starts an escape: `\\n`, `\\t`, `\\\"`, `\\\\`, `\\x41`, `\\u00e9` and a few more. Patterns and\n\
              Windows paths are easier in single quotes, where a backslash is a backslash:\n\n    \
              pattern: '^\\d+$'\n    pattern: \"^\\\\d+$\"",
};

/// Every code of this stage.
pub const ALL: &[&Code] = &[
    &SYNTAX,
    &DUPLICATE_KEY,
    &EMPTY,
    &SECOND_DOCUMENT,
    &ANCHOR,
    &TAB,
    &INDENTATION,
    &UNCLOSED,
    &UNQUOTED,
    &UNQUOTED_EXPRESSION,
    &AMBIGUOUS,
    &REWRITTEN,
    &BAD_KEY,
    &LIMIT,
    &CHARACTER,
    &DIRECTIVE,
    &BAD_TAG,
    &MISSING_SPACE,
    &ESCAPE,
];
