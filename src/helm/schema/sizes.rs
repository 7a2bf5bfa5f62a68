//! How large things may be: lengths, counts and numbers.

use super::report::Misfit;
use crate::helm::data::Data;
use crate::helm::table::Table;

/// The number of a keyword.
fn limit(schema: &Table, key: &str) -> Option<f64> {
    match schema.get(key) {
        Some(Data::Number(number)) => Some(*number),
        _ => None,
    }
}

#[allow(clippy::cast_precision_loss, reason = "nothing here is that long")]
pub(super) fn counted(schema: &Table, at: &str, what: &str, count: usize, found: &mut Vec<Misfit>) {
    for (key, wrong) in [("min", f64::lt as fn(&f64, &f64) -> bool), ("max", f64::gt)] {
        let key = format!("{key}{what}");
        if let Some(limit) = limit(schema, &key).filter(|limit| wrong(&(count as f64), limit)) {
            found.push(Misfit::new(at, format!("{key}: got {count}, want {limit}")));
        }
    }
}

pub(super) fn number(schema: &Table, at: &str, number: f64, found: &mut Vec<Misfit>) {
    type Rule = (&'static str, fn(&f64, &f64) -> bool);
    let rules: [Rule; 4] =
        [("minimum", f64::lt), ("maximum", f64::gt), ("exclusiveMinimum", f64::le), ("exclusiveMaximum", f64::ge)];
    for (key, wrong) in rules {
        if let Some(limit) = limit(schema, key).filter(|limit| wrong(&number, limit)) {
            found.push(Misfit::new(at, format!("{key}: got {}, want {}", spelled(number), spelled(limit))));
        }
    }
    if let Some(unit) = limit(schema, "multipleOf").filter(|unit| (number / unit).fract() != 0.0) {
        found.push(Misfit::new(at, format!("multipleOf: got {}, want {}", spelled(number), spelled(unit))));
    }
}

/// A number as the validator's English has it: thousands apart, and powers of ten from a million on.
fn spelled(number: f64) -> String {
    let size = number.abs();
    if size != 0.0 && !(1e-4..1e6).contains(&size) {
        return powers(number);
    }
    let text = number.to_string();
    let (whole, fraction) = text.split_once('.').map_or((text.as_str(), ""), |(w, f)| (w, f));
    let (sign, digits) = whole.strip_prefix('-').map_or(("", whole), |digits| ("-", digits));
    let mut out = String::from(sign);
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    if fraction.is_empty() { out } else { format!("{out}.{fraction}") }
}

fn powers(number: f64) -> String {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let text = format!("{number:e}");
    let (digits, power) = text.split_once('e').unwrap_or((&text, "0"));
    let (sign, power) = power.strip_prefix('-').map_or(("", power), |power| ("⁻", power));
    let raised = format!("{power:0>2}");
    let raised = raised.chars().filter_map(|c| RAISED.get(usize::try_from(c.to_digit(10)?).ok()?));
    format!("{digits}×10{sign}{}", raised.collect::<String>())
}
