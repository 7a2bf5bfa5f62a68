//! Amounts as Kubernetes and its friends write them.

use crate::yaml::{Node, Value};

/// The number that a quantity stands for: `500m`, `2Gi`, `1e3`.
pub(super) fn quantity(node: &Node) -> Option<f64> {
    match &node.value {
        Value::Int(number) => Some(*number as f64),
        Value::Float(number) => Some(*number),
        Value::Str(text) => parse_quantity(text.trim()),
        _ => None,
    }
}

fn parse_quantity(text: &str) -> Option<f64> {
    const SUFFIXES: [(&str, f64); 14] = [
        ("Ki", 1024.0),
        ("Mi", 1_048_576.0),
        ("Gi", 1_073_741_824.0),
        ("Ti", 1_099_511_627_776.0),
        ("Pi", 1_125_899_906_842_624.0),
        ("Ei", 1_152_921_504_606_846_976.0),
        ("n", 1e-9),
        ("u", 1e-6),
        ("m", 1e-3),
        ("k", 1e3),
        ("M", 1e6),
        ("G", 1e9),
        ("T", 1e12),
        ("P", 1e15),
    ];
    if !text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '.' | '+' | '-')) {
        return None;
    }
    let scaled = SUFFIXES.iter().find_map(|(suffix, factor)| Some((text.strip_suffix(suffix)?, *factor)));
    let (number, factor) = scaled.unwrap_or((text, 1.0));
    number.parse::<f64>().ok().map(|number| number * factor)
}

/// The whole number of a node.
pub(super) fn integer(node: &Node) -> Option<i64> {
    match &node.value {
        Value::Int(number) => Some(*number),
        _ => None,
    }
}

/// The seconds of a duration: Go's (`1h30m`), Prometheus' (`15d`), or a bare number of seconds.
pub(super) fn seconds(node: &Node) -> Option<f64> {
    match &node.value {
        Value::Int(number) => Some(*number as f64),
        Value::Str(text) => parse_seconds(text.trim()),
        _ => None,
    }
}

fn parse_seconds(text: &str) -> Option<f64> {
    const UNITS: [(&str, f64); 8] = [
        ("ms", 0.001),
        ("s", 1.0),
        ("m", 60.0),
        ("h", 3_600.0),
        ("d", 86_400.0),
        ("w", 604_800.0),
        ("y", 31_536_000.0),
        ("M", 2_592_000.0),
    ];
    let (mut total, mut rest) = (0.0, text);
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !(c.is_ascii_digit() || c == '.'))?;
        let end = rest[digits..].find(|c: char| c.is_ascii_digit()).map_or(rest.len(), |i| digits + i);
        let (_, unit) = UNITS.iter().find(|(name, _)| *name == &rest[digits..end])?;
        total += rest[..digits].parse::<f64>().ok()? * unit;
        rest = &rest[end..];
    }
    (!text.is_empty()).then_some(total)
}

#[cfg(test)]
mod tests {
    use super::{parse_quantity, parse_seconds};

    #[test]
    fn quantities_compare_as_numbers() {
        assert!(parse_quantity("1Gi") > parse_quantity("1000Mi"));
        assert_eq!(parse_quantity("500m"), Some(0.5));
        assert_eq!(parse_quantity("1e3"), Some(1000.0));
        assert_eq!(parse_quantity("10GB"), None);
        assert_eq!(parse_quantity("nan"), None);
    }

    #[test]
    fn durations_compare_as_seconds() {
        assert_eq!(parse_seconds("1h30m"), Some(5_400.0));
        assert_eq!(parse_seconds("15d"), Some(1_296_000.0));
        assert_eq!(parse_seconds("30"), None);
        assert_eq!(parse_seconds(""), None);
    }
}
