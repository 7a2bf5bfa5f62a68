//! A type as sources declare it.

use regex_lite::Regex;
use serde_json::{Value as Json, json};

use super::Format;
use crate::decode::{Context, Decode, Definitions, Named, Spanned, Text, record};
use crate::diagnostic::{Diagnostic, codes::shape};
use crate::template::Template;
use crate::yaml::{Node, Span, Value};

/// The kind of a type, with what only that kind has.
#[derive(Debug)]
pub enum Kind {
    /// Text, perhaps of a form.
    String(Option<Format>),
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// `true` or `false`.
    Boolean,
    /// One of a few values.
    Enum(Vec<Node>),
    /// Items of one type.
    List(Option<Box<TypeSpec>>),
    /// Values of one type under any key.
    Map(Option<Box<TypeSpec>>),
    /// Given fields.
    Object(Named<TypeSpec>),
    /// Anything.
    Any,
}

/// A type: of a parameter, a contract field, a contribution's field.
#[derive(Debug)]
pub struct TypeSpec {
    /// Where it is declared.
    pub span: Span,
    /// Its kind.
    pub kind: Kind,
    /// The word after `type:`.
    pub word: Text,
    /// What it is for.
    pub description: Option<Text>,
    /// Whether a value must be given where there is no default.
    pub required: bool,
    /// The value where none is given.
    pub default: Option<Template>,
    /// Defaults by size.
    pub sizes: Named<Template>,
    /// Smallest number.
    pub minimum: Option<Spanned<i64>>,
    /// Largest number.
    pub maximum: Option<Spanned<i64>>,
    /// What strings must match as a whole.
    pub pattern: Option<Regex>,
    /// Least length of a string or list.
    pub min_length: Option<i64>,
    /// Greatest length of a string or list.
    pub max_length: Option<i64>,
    /// Whether `null` is allowed.
    pub nullable: bool,
    /// An example, for documentation.
    pub example: Option<Node>,
}

record! {
    /// A type: of a parameter, a contract field, a contribution's field.
    pub struct RawType {
        /// `string`, `integer`, `number`, `boolean`, `enum`, `cidr`, `ip`, `ip-range`, `hostname`, `url`, `quantity`, `duration`, `cron`, `semver`, `port`, `asn`, `list`, `map`, `object` or `any`.
        "type" => word: Text,
        /// What it is for.
        "description" => description: Option<Text>,
        /// Whether a value must be given where there is no default.
        "required" => required: bool = true,
        /// The value where none is given: a template.
        "default" => default: Option<Template>,
        /// Defaults by size: small, standard, ha.
        "sizes" => sizes: Named<Template>,
        /// Smallest number.
        "minimum" => minimum: Option<Spanned<i64>>,
        /// Largest number.
        "maximum" => maximum: Option<Spanned<i64>>,
        /// Regular expression that strings must match as a whole.
        "pattern" => pattern: Option<Text>,
        /// Least length of a string or list.
        "minLength" => min_length: Option<i64>,
        /// Greatest length of a string or list.
        "maxLength" => max_length: Option<i64>,
        /// The values of an enum.
        "values" => values: Option<Vec<Node>>,
        /// The type of a list's items or a map's values.
        "items" => items: Option<Box<TypeSpec>>,
        /// The fields of an object.
        "fields" => fields: Option<Named<TypeSpec>>,
        /// Whether `null` is allowed.
        "nullable" => nullable: bool = false,
        /// An example, for documentation.
        "example" => example: Option<Node>,
    }
}

const WORDS: [&str; 20] = [
    "string", "integer", "number", "boolean", "enum", "cidr", "ip", "ip-range", "hostname", "url", "quantity",
    "duration", "cron", "semver", "port", "asn", "list", "map", "object", "any",
];

impl Decode for TypeSpec {
    fn decode(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let raw = RawType::decode(node, cx)?;
        check_extras(&raw, cx);
        let bounded =
            |low, high| (Some(Spanned { value: low, span: raw.span }), Some(Spanned { value: high, span: raw.span }));
        let (mut minimum, mut maximum) = (raw.minimum, raw.maximum);
        let form = |format| Kind::String(Some(format));
        let kind = match &*raw.word.text {
            "string" => Kind::String(None),
            "cidr" => form(Format::Cidr),
            "ip" => form(Format::Ip),
            "ip-range" => form(Format::IpRange),
            "hostname" => form(Format::Hostname),
            "url" => form(Format::Url),
            "quantity" => form(Format::Quantity),
            "duration" => form(Format::Duration),
            "cron" => form(Format::Cron),
            "semver" => form(Format::Semver),
            "integer" => Kind::Integer,
            "port" => {
                (minimum, maximum) = bounded(1, 65_535);
                Kind::Integer
            }
            "asn" => {
                (minimum, maximum) = bounded(1, 4_294_967_295);
                Kind::Integer
            }
            "number" => Kind::Number,
            "boolean" => Kind::Boolean,
            "enum" => Kind::Enum(raw.values.unwrap_or_default()),
            "list" => Kind::List(raw.items),
            "map" => Kind::Map(raw.items),
            "object" => Kind::Object(raw.fields.unwrap_or_default()),
            "any" => Kind::Any,
            other => {
                cx.sink.push(
                    Diagnostic::error(&shape::BAD_VALUE, raw.word.span, format!("`{other}` is not a type"))
                        .suggest(other, WORDS),
                );
                return None;
            }
        };
        let pattern = raw.pattern.and_then(|text| compile_pattern(&text, cx));
        Some(TypeSpec {
            span: raw.span,
            kind,
            word: raw.word,
            description: raw.description,
            required: raw.required,
            default: raw.default,
            sizes: raw.sizes,
            minimum,
            maximum,
            pattern,
            min_length: raw.min_length,
            max_length: raw.max_length,
            nullable: raw.nullable,
            example: raw.example,
        })
    }

    fn schema(definitions: &mut Definitions) -> Json {
        let schema = RawType::schema(definitions);
        if let Some(word) = definitions.get_mut("RawType").and_then(|t| t.pointer_mut("/properties/type")) {
            *word = json!({ "enum": WORDS, "description": "The kind of value." });
        }
        schema
    }
}

/// A pattern matches the whole string, as JSON Schema's authors mostly mean it.
fn compile_pattern(text: &Text, cx: &mut Context<'_>) -> Option<Regex> {
    match Regex::new(&format!("^(?:{})$", text.text)) {
        Ok(pattern) => Some(pattern),
        Err(error) => {
            cx.sink.push(
                Diagnostic::error(&shape::BAD_TYPE, text.span, "the pattern is not a regular expression")
                    .here(error.to_string()),
            );
            None
        }
    }
}

/// Reports keys that have no meaning for the type they stand at.
fn check_extras(raw: &RawType, cx: &mut Context<'_>) {
    let word = &*raw.word.text;
    let mut wrong = |key: &str, fits: &str| {
        cx.sink.push(Diagnostic::error(
            &shape::BAD_TYPE,
            raw.span,
            format!("`{key}` has no meaning for the type `{word}`: it belongs to {fits}"),
        ));
    };
    if raw.values.is_some() && word != "enum" {
        wrong("values", "`enum`");
    }
    if raw.items.is_some() && !matches!(word, "list" | "map") {
        wrong("items", "`list` and `map`");
    }
    if raw.fields.is_some() && word != "object" {
        wrong("fields", "`object`");
    }
    if (raw.minimum.is_some() || raw.maximum.is_some()) && !matches!(word, "integer" | "number") {
        wrong("minimum/maximum", "`integer` and `number`");
    }
    if raw.pattern.is_some() && !matches!(word, "string" | "hostname" | "url") {
        wrong("pattern", "`string`");
    }
    if word == "enum" && raw.values.as_ref().is_none_or(Vec::is_empty) {
        cx.sink.push(Diagnostic::error(&shape::BAD_TYPE, raw.span, "an enum needs `values`"));
    }
    if let Some(values) = &raw.values
        && let Some(odd) = values.iter().find(|v| matches!(v.value, Value::Seq(_) | Value::Map(_)))
    {
        cx.wrong_type(odd, "a scalar");
    }
    for size in raw.sizes.keys() {
        if !["small", "standard", "ha"].contains(&&*size.text) {
            cx.sink.push(
                Diagnostic::error(&shape::UNKNOWN_KEY, size.span, format!("`{}` is not a size", size.text))
                    .suggest(&size.text, ["small", "standard", "ha"]),
            );
        }
    }
}
