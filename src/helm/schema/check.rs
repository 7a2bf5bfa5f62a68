//! One value against one schema.

use regex_lite::Regex;

use super::draft::Draft;
use super::format;
use super::references::References;
use super::report::{Kind, Misfit, quoted, quoted_all};
use super::sizes;
use crate::helm::data::Data;
use crate::helm::functions::translate;
use crate::helm::table::Table;

/// How many steps one check may take: schemas can lead to themselves.
const MAX_DEPTH: usize = 200;

/// A schema and its draft.
pub(super) struct Checker<'s> {
    root: &'s Data,
    /// Draft 7 and before: what stands beside `$ref` counts for nothing.
    old: bool,
    references: References<'s>,
}

/// Misfits of one place.
type Found = Vec<Misfit>;

impl<'s> Checker<'s> {
    /// # Errors
    /// A reference that leads to nothing.
    pub(super) fn new(root: &'s Data) -> Result<Self, String> {
        let draft = Draft::of(root);
        Ok(Checker { root, old: draft.is_old(), references: References::of(root, draft)? })
    }

    /// What does not fit in a chart's values.
    pub(super) fn root(&self, values: &Table) -> Option<Misfit> {
        let values = Data::Map(values.clone());
        Misfit::joined("", self.check(self.root, &values, "", 0))
    }

    fn one(&self, schema: &Data, value: &Data, at: &str, depth: usize) -> Option<Misfit> {
        Misfit::joined(at, self.check(schema, value, at, depth + 1))
    }

    fn check(&self, whole: &Data, value: &Data, at: &str, depth: usize) -> Found {
        let schema = match whole {
            Data::Bool(true) => return Vec::new(),
            Data::Bool(false) => return vec![Misfit::new(at, "false schema")],
            Data::Map(schema) if depth < MAX_DEPTH => schema,
            _ => return Vec::new(),
        };
        let refers = schema.get("$ref").is_some_and(|reference| reference.as_str().is_some());
        if self.old && refers {
            return self.referred(whole, value, at, depth).into_iter().collect();
        }
        // A value of another type is told of that alone.
        if let Some(text) = wrong_type(schema, value).or_else(|| wrong_constant(schema, value)) {
            return vec![Misfit::new(at, text)];
        }
        if self.old
            && let (Some(format), Data::Str(text)) = (schema.get("format").and_then(Data::as_str), value)
            && let Some(why) = format::wrong(format, text)
        {
            return vec![Misfit::new(at, format!("{} is not valid {format}: {why}", quoted(text)))];
        }
        let mut found = Vec::new();
        if refers {
            found.extend(self.referred(whole, value, at, depth));
        }
        match value {
            Data::Map(map) => self.object(schema, map, at, depth, &mut found),
            Data::List(items) => self.array(schema, items, at, depth, &mut found),
            Data::Str(text) => string(schema, text, at, &mut found),
            #[allow(clippy::cast_precision_loss, reason = "limits are not that large")]
            Data::Int(number) => sizes::number(schema, at, *number as f64, &mut found),
            Data::Number(number) => sizes::number(schema, at, *number, &mut found),
            Data::Null | Data::Bool(_) => {}
        }
        self.combined(schema, value, at, depth, &mut found);
        found
    }

    fn referred(&self, schema: &Data, value: &Data, at: &str, depth: usize) -> Option<Misfit> {
        let target = self.references.target(schema)?;
        let causes = self.check(target, value, at, depth + 1);
        (!causes.is_empty()).then(|| Misfit { at: at.to_owned(), kind: Kind::Reference, causes })
    }

    fn object(&self, schema: &Table, map: &Table, at: &str, depth: usize, found: &mut Found) {
        sizes::counted(schema, at, "Properties", map.len(), found);
        let required = schema.get("required").and_then(Data::as_list).unwrap_or_default();
        let missing: Vec<&str> =
            required.iter().filter_map(Data::as_str).filter(|name| !map.contains_key(name)).collect();
        match missing.as_slice() {
            [] => {}
            [one] => found.push(Misfit::new(at, format!("missing property {}", quoted(one)))),
            many => {
                found.push(Misfit::new(at, format!("missing properties {}", quoted_all(many.iter().copied()))));
            }
        }
        self.dependencies(schema, map, at, depth, found);
        let known = schema.get("properties").and_then(Data::as_map);
        let patterns = schema.get("patternProperties").and_then(Data::as_map);
        let mut additional = Vec::new();
        for (name, value) in map {
            let place = || format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
            let mut told = false;
            if let Some(inner) = known.and_then(|known| known.get(name)) {
                told = true;
                found.extend(self.one(inner, value, &place(), depth));
            }
            for (pattern, inner) in patterns.into_iter().flatten() {
                if matches(pattern, name) {
                    told = true;
                    found.extend(self.one(inner, value, &place(), depth));
                }
            }
            match schema.get("additionalProperties") {
                Some(Data::Bool(false)) if !told => additional.push(&**name),
                Some(inner @ Data::Map(_)) if !told => found.extend(self.one(inner, value, &place(), depth)),
                _ => {}
            }
            if let Some(names) = schema.get("propertyNames")
                && let Some(cause) = self.one(names, &Data::Str(name.clone()), at, depth)
            {
                let mut misfit = Misfit::new(at, format!("invalid propertyName {}", quoted(name)));
                misfit.causes.push(cause);
                found.push(misfit);
            }
        }
        if !additional.is_empty() {
            found.push(Misfit::new(at, format!("additional properties {} not allowed", quoted_all(additional))));
        }
    }

    fn dependencies(&self, schema: &Table, map: &Table, at: &str, depth: usize, found: &mut Found) {
        let tables: &[&str] =
            if self.old { &["dependencies"] } else { &["dependencies", "dependentRequired", "dependentSchemas"] };
        let all = tables.iter().filter_map(|key| schema.get(key)?.as_map()).flatten();
        for (name, wanted) in all.filter(|(name, _)| map.contains_key(name)) {
            match wanted {
                Data::List(names) => {
                    let missing = names.iter().filter_map(Data::as_str).filter(|name| !map.contains_key(name));
                    let missing: Vec<&str> = missing.collect();
                    if !missing.is_empty() {
                        let text = format!("properties {} required, if {} exists", quoted_all(missing), quoted(name));
                        found.push(Misfit::new(at, text));
                    }
                }
                inner => found.extend(self.one(inner, &Data::Map(map.clone()), at, depth)),
            }
        }
    }

    fn array(&self, schema: &Table, items: &[Data], at: &str, depth: usize, found: &mut Found) {
        sizes::counted(schema, at, "Items", items.len(), found);
        if let Some(Data::Bool(true)) = schema.get("uniqueItems") {
            let twin = |(n, item): (usize, &Data)| Some((items.iter().take(n).position(|other| other == item)?, n));
            if let Some((first, second)) = items.iter().enumerate().find_map(twin) {
                found.push(Misfit::new(at, format!("items at {first} and {second} are equal")));
            }
        }
        let (tuple, rest) = match (schema.get("prefixItems"), schema.get("items")) {
            (Some(Data::List(tuple)), rest) => (tuple.as_slice(), rest),
            (_, Some(Data::List(tuple))) => (tuple.as_slice(), schema.get("additionalItems")),
            (_, rest) => (&[][..], rest),
        };
        let closed = self.old && matches!(rest, Some(Data::Bool(false))) && !tuple.is_empty();
        let rest = rest.filter(|_| !closed);
        for (n, item) in items.iter().enumerate() {
            if let Some(inner) = tuple.get(n).or(rest) {
                found.extend(self.one(inner, item, &format!("{at}/{n}"), depth));
            }
        }
        if let Some(more @ 1..) = items.len().checked_sub(tuple.len()).filter(|_| closed) {
            found.push(Misfit::new(at, format!("last {more} additionalItem(s) not allowed")));
        }
        if let Some(inner) = schema.get("contains") {
            let each = items.iter().enumerate();
            let causes: Vec<Misfit> =
                each.filter_map(|(n, item)| self.one(inner, item, &format!("{at}/{n}"), depth)).collect();
            if causes.len() == items.len() {
                let text = "no items match contains schema".to_owned();
                found.push(Misfit { at: at.to_owned(), kind: Kind::Text(text), causes });
            }
        }
    }

    /// Schemas of schemas.
    fn combined(&self, schema: &Table, value: &Data, at: &str, depth: usize, found: &mut Found) {
        if let Some(inner) = schema.get("not")
            && self.one(inner, value, at, depth).is_none()
        {
            found.push(Misfit::new(at, "'not' failed"));
        }
        let causes = |key: &str| -> Option<Vec<Option<Misfit>>> {
            let all = schema.get(key)?.as_list()?;
            Some(all.iter().map(|inner| self.one(inner, value, at, depth)).collect())
        };
        let mut failed = |text: String, causes: Vec<Option<Misfit>>| {
            let causes = causes.into_iter().flatten().collect();
            found.push(Misfit { at: at.to_owned(), kind: Kind::Text(text), causes });
        };
        if let Some(all) = causes("allOf").filter(|all| all.iter().any(Option::is_some)) {
            failed("'allOf' failed".into(), all);
        }
        if let Some(all) = causes("anyOf").filter(|all| all.iter().all(Option::is_some)) {
            failed("'anyOf' failed".into(), all);
        }
        if let Some(all) = causes("oneOf") {
            let fits: Vec<usize> = all.iter().enumerate().filter_map(|(n, c)| c.is_none().then_some(n)).collect();
            match fits.as_slice() {
                [] => failed("'oneOf' failed, none matched".into(), all),
                [_] => {}
                [a, b, ..] => failed(format!("'oneOf' failed, subschemas {a}, {b} matched"), Vec::new()),
            }
        }
        if let Some(condition) = schema.get("if") {
            let key = if self.one(condition, value, at, depth).is_none() { "then" } else { "else" };
            found.extend(schema.get(key).and_then(|inner| self.one(inner, value, at, depth)));
        }
    }
}

fn string(schema: &Table, text: &str, at: &str, found: &mut Found) {
    sizes::counted(schema, at, "Length", text.chars().count(), found);
    if let Some(pattern) = schema.get("pattern").and_then(Data::as_str).filter(|pattern| !matches(pattern, text)) {
        found.push(Misfit::new(at, format!("{} does not match pattern {}", quoted(text), quoted(pattern))));
    }
}

/// Whether a pattern occurs in a text. One that cannot be read fits everything.
fn matches(pattern: &str, text: &str) -> bool {
    Regex::new(&translate(pattern)).is_ok_and(|regex| regex.is_match(text))
}

/// The name of a value's type.
fn type_of(value: &Data) -> &'static str {
    match value {
        Data::Null => "null",
        Data::Bool(_) => "boolean",
        Data::Number(_) | Data::Int(_) => "number",
        Data::Str(_) => "string",
        Data::List(_) => "array",
        Data::Map(_) => "object",
    }
}

fn wrong_type(schema: &Table, value: &Data) -> Option<String> {
    /// The validator's own order.
    const ORDER: [&str; 7] = ["null", "boolean", "number", "integer", "string", "array", "object"];
    let wanted: Vec<&str> = match schema.get("type")? {
        Data::Str(one) => vec![&**one],
        Data::List(several) => several.iter().filter_map(Data::as_str).collect(),
        _ => return None,
    };
    let got = type_of(value);
    let whole = match value {
        Data::Int(_) => true,
        Data::Number(number) => number.fract() == 0.0,
        _ => false,
    };
    if wanted.is_empty() || wanted.contains(&got) || (whole && wanted.contains(&"integer")) {
        return None;
    }
    let shown: Vec<&str> = ORDER.into_iter().filter(|name| wanted.contains(name)).collect();
    Some(format!("got {got}, want {}", shown.join(" or ")))
}

fn wrong_constant(schema: &Table, value: &Data) -> Option<String> {
    if let Some(constant) = schema.get("const").filter(|constant| !same(constant, value)) {
        return Some(shown(constant).map_or_else(|| "'const' failed".into(), |shown| format!("value must be {shown}")));
    }
    let all = schema.get("enum")?.as_list()?;
    if all.iter().any(|one| same(one, value)) {
        return None;
    }
    let shown: Option<Vec<String>> = all.iter().map(shown).collect();
    Some(match shown.as_deref() {
        None => "'enum' failed".into(),
        Some([one]) => format!("value must be {one}"),
        Some(many) => format!("value must be one of {}", many.join(", ")),
    })
}

/// Whether two values are equal, however their numbers are held.
fn same(a: &Data, b: &Data) -> bool {
    #[allow(clippy::cast_precision_loss, reason = "the other side is a float anyway")]
    match (a, b) {
        (Data::Int(int), Data::Number(float)) | (Data::Number(float), Data::Int(int)) => *int as f64 == *float,
        _ => a == b,
    }
}

/// A plain value as messages show it.
fn shown(value: &Data) -> Option<String> {
    match value {
        Data::Null => Some("<nil>".into()),
        Data::Bool(b) => Some(b.to_string()),
        Data::Number(n) => Some(n.to_string()),
        Data::Int(n) => Some(n.to_string()),
        Data::Str(text) => Some(quoted(text)),
        Data::List(_) | Data::Map(_) => None,
    }
}
