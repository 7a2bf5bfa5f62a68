//! Go's `fmt`: `print`, `println` and `printf` with its verbs.

use std::fmt::Write as _;

use crate::helm::print;
use crate::helm::quote;
use crate::helm::value::{Map, Value};

/// `fmt.Sprint`: blanks between operands that are not strings.
pub(super) fn print(args: &[Value]) -> String {
    let mut out = String::new();
    let is_text = |value: &Value| matches!(value, Value::Str(_) | Value::Raw(_));
    for (n, value) in args.iter().enumerate() {
        if let Some(before) = n.checked_sub(1).and_then(|n| args.get(n))
            && !is_text(value)
            && !is_text(before)
        {
            out.push(' ');
        }
        print::value(&mut out, value);
    }
    out
}

/// `fmt.Sprintln`
pub(super) fn println(args: &[Value]) -> String {
    let mut out = args.iter().map(print::text).collect::<Vec<_>>().join(" ");
    out.push('\n');
    out
}

/// What stands between `%` and the verb.
#[derive(Clone, Default)]
struct Spec {
    minus: bool,
    plus: bool,
    sharp: bool,
    space: bool,
    zero: bool,
    width: Option<usize>,
    precision: Option<usize>,
}

const MAX_WIDTH: usize = 1_000_000;

/// `fmt.Sprintf`
pub(super) fn printf(format: &str, args: &[Value]) -> String {
    let mut out = String::with_capacity(format.len() + 16);
    let mut rest = format;
    let mut used = 0;
    let mut reordered = false;
    while let Some(start) = rest.find('%') {
        out.push_str(&rest[..start]);
        rest = &rest[start + 1..];
        let spec = read_spec(&mut rest, args, &mut used, &mut reordered);
        let Some(verb) = rest.chars().next() else {
            out.push_str("%!(NOVERB)");
            break;
        };
        rest = &rest[verb.len_utf8()..];
        if verb == '%' {
            out.push('%');
            continue;
        }
        match args.get(used) {
            None => {
                let _ = write!(out, "%!{verb}(MISSING)");
            }
            Some(value) => {
                used += 1;
                verb_value(&mut out, &spec, verb, value);
            }
        }
    }
    out.push_str(rest);
    if !reordered && used < args.len() {
        extra(&mut out, args.get(used..).unwrap_or(&[]));
    }
    out
}

fn extra(out: &mut String, args: &[Value]) {
    out.push_str("%!(EXTRA ");
    for (n, value) in args.iter().enumerate() {
        if n > 0 {
            out.push_str(", ");
        }
        if value.is_nil() {
            out.push_str("<nil>");
        } else {
            let _ = write!(out, "{}={}", value.type_name(), print::text(value));
        }
    }
    out.push(')');
}

fn read_spec(rest: &mut &str, args: &[Value], used: &mut usize, reordered: &mut bool) -> Spec {
    let mut spec = Spec::default();
    while let Some(c) = rest.chars().next() {
        match c {
            '-' => spec.minus = true,
            '+' => spec.plus = true,
            '#' => spec.sharp = true,
            ' ' => spec.space = true,
            '0' => spec.zero = true,
            _ => break,
        }
        *rest = &rest[1..];
    }
    read_index(rest, used, reordered);
    spec.width = read_number(rest, args, used);
    if let Some(after) = rest.strip_prefix('.') {
        *rest = after;
        read_index(rest, used, reordered);
        spec.precision = Some(read_number(rest, args, used).unwrap_or(0));
    }
    read_index(rest, used, reordered);
    if spec.minus {
        spec.zero = false;
    }
    spec
}

/// `[2]`: which argument comes next.
fn read_index(rest: &mut &str, used: &mut usize, reordered: &mut bool) {
    if let Some(inner) = rest.strip_prefix('[')
        && let Some((number, after)) = inner.split_once(']')
        && let Some(n) = number.parse::<usize>().ok().and_then(|n| n.checked_sub(1))
    {
        *used = n;
        *reordered = true;
        *rest = after;
    }
}

fn read_number(rest: &mut &str, args: &[Value], used: &mut usize) -> Option<usize> {
    if let Some(after) = rest.strip_prefix('*') {
        *rest = after;
        let number = match args.get(*used) {
            Some(Value::Int(n) | Value::Int64(n)) => usize::try_from(*n).ok(),
            _ => None,
        };
        *used += 1;
        return number.filter(|n| *n <= MAX_WIDTH);
    }
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let number = rest[..digits].parse().ok().filter(|n| *n <= MAX_WIDTH);
    *rest = &rest[digits..];
    number
}

fn pad(out: &mut String, spec: &Spec, text: &str) {
    let missing = spec.width.unwrap_or(0).saturating_sub(text.chars().count());
    let fill = |out: &mut String, c: char| out.extend(std::iter::repeat_n(c, missing));
    if spec.minus {
        out.push_str(text);
        fill(out, ' ');
    } else if spec.zero {
        let sign = text.len() - text.trim_start_matches(['+', '-']).len();
        out.push_str(&text[..sign]);
        fill(out, '0');
        out.push_str(&text[sign..]);
    } else {
        fill(out, ' ');
        out.push_str(text);
    }
}

fn verb_value(out: &mut String, spec: &Spec, verb: char, value: &Value) {
    if verb == 'v' && spec.plus {
        return verb_value(out, &Spec { plus: false, ..spec.clone() }, verb, value);
    }
    match (verb, value) {
        ('T', _) => pad(out, spec, value.type_name()),
        ('v', Value::Str(_) | Value::Raw(_)) if spec.sharp => {
            string(out, &Spec { sharp: false, ..spec.clone() }, 'q', value)
        }
        ('v', Value::Map(_) | Value::List(_)) if spec.sharp => out.push_str(&go_syntax(value)),
        (_, Value::None | Value::Nil) => {
            if verb == 'v' {
                pad(out, spec, "<nil>")
            } else {
                wrong(out, spec, verb, value)
            }
        }
        (_, Value::Bool(b)) => match verb {
            't' | 'v' => pad(out, spec, if *b { "true" } else { "false" }),
            _ => wrong(out, spec, verb, value),
        },
        (_, Value::Int(n) | Value::Int64(n)) => integer(out, spec, verb, value, i128::from(*n)),
        (_, Value::Uint(n)) => integer(out, spec, verb, value, i128::from(*n)),
        (_, Value::Float(f)) => float(out, spec, verb, value, *f),
        (_, Value::Str(_) | Value::Raw(_)) => string(out, spec, verb, value),
        (_, Value::Bytes(_)) if verb != 'v' && verb != 'd' => string(out, spec, verb, value),
        (_, Value::List(list)) => {
            out.push('[');
            for (n, item) in list.items().iter().enumerate() {
                if n > 0 {
                    out.push(' ');
                }
                inner_value(out, spec, verb, item);
            }
            out.push(']');
        }
        (_, Value::Map(map)) => map_value(out, spec, verb, map),
        ('v' | 's', _) => pad(out, spec, &print::text(value)),
        ('q', Value::Object(_)) => pad(out, spec, &quote::quoted(&print::text(value))),
        _ => wrong(out, spec, verb, value),
    }
}

fn map_value(out: &mut String, spec: &Spec, verb: char, map: &Map) {
    out.push_str("map[");
    for (n, (key, item)) in map.entries().into_iter().enumerate() {
        if n > 0 {
            out.push(' ');
        }
        verb_value(out, spec, verb, &Value::Str(key));
        out.push(':');
        inner_value(out, spec, verb, &item);
    }
    out.push(']');
}

/// An item of a list or map: nil is shown as such whatever the verb.
fn inner_value(out: &mut String, spec: &Spec, verb: char, value: &Value) {
    if value.is_nil() { out.push_str("<nil>") } else { verb_value(out, spec, verb, value) }
}

/// What Go writes where a verb does not fit a value.
fn wrong(out: &mut String, spec: &Spec, verb: char, value: &Value) {
    if value.is_nil() {
        let _ = write!(out, "%!{verb}(<nil>)");
    } else {
        let _ = write!(out, "%!{verb}({}=", value.type_name());
        verb_value(out, spec, 'v', value);
        out.push(')');
    }
}

fn string(out: &mut String, spec: &Spec, verb: char, value: &Value) {
    let lossy = match value {
        Value::Str(text) => text.to_string(),
        Value::Raw(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        Value::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        other => print::text(other),
    };
    let cut = |text: &str| -> String {
        match spec.precision {
            Some(n) => text.chars().take(n).collect(),
            None => text.to_owned(),
        }
    };
    let hex = |upper: bool| -> String {
        lossy.bytes().map(|b| if upper { format!("{b:02X}") } else { format!("{b:02x}") }).collect()
    };
    match verb {
        's' | 'v' => pad(out, spec, &cut(&lossy)),
        'q' if spec.sharp && !lossy.contains(['`', '\n']) => pad(out, spec, &format!("`{}`", cut(&lossy))),
        'q' => pad(out, spec, &quote::quoted(&cut(&lossy))),
        'x' => pad(out, spec, &hex(false)),
        'X' => pad(out, spec, &hex(true)),
        _ => wrong(out, spec, verb, value),
    }
}

fn integer(out: &mut String, spec: &Spec, verb: char, value: &Value, n: i128) {
    let magnitude = n.unsigned_abs();
    let digits = match verb {
        'd' | 'v' => format!("{magnitude}"),
        'b' => format!("{magnitude:b}"),
        'o' => format!("{}{magnitude:o}", if spec.sharp { "0" } else { "" }),
        'O' => format!("0o{magnitude:o}"),
        'x' => format!("{}{magnitude:x}", if spec.sharp { "0x" } else { "" }),
        'X' => format!("{}{magnitude:X}", if spec.sharp { "0X" } else { "" }),
        'c' | 'q' | 'U' => {
            let c = u32::try_from(n).ok().and_then(char::from_u32).unwrap_or('\u{FFFD}');
            let text = match verb {
                'c' => c.to_string(),
                'U' => format!("U+{:04X}", c as u32),
                _ => {
                    let mut quoted = String::from("'");
                    quote::push_escaped(&mut quoted, c, '\'');
                    quoted.push('\'');
                    quoted
                }
            };
            return pad(out, &Spec { zero: false, ..spec.clone() }, &text);
        }
        _ => return wrong(out, spec, verb, value),
    };
    let digits = match spec.precision {
        Some(p) => format!("{}{digits}", "0".repeat(p.saturating_sub(digits.len()))),
        None => digits,
    };
    let spec = &Spec { zero: spec.zero && spec.precision.is_none(), ..spec.clone() };
    pad(out, spec, &format!("{}{digits}", sign(spec, n < 0)));
}

fn sign(spec: &Spec, negative: bool) -> &'static str {
    match (negative, spec.plus, spec.space) {
        (true, ..) => "-",
        (_, true, _) => "+",
        (_, _, true) => " ",
        _ => "",
    }
}

fn float(out: &mut String, spec: &Spec, verb: char, value: &Value, f: f64) {
    let mut digits = String::new();
    let size = f.abs();
    match verb {
        _ if !f.is_finite() => {
            let text = print::special(f);
            let text = if spec.plus { text } else { text.trim_start_matches('+') };
            let text = if f.is_infinite() && f > 0.0 { "+Inf" } else { text };
            return pad(out, &Spec { zero: false, ..spec.clone() }, text);
        }
        'v' => print::general(&mut digits, size, spec.precision, 'e', false),
        'g' | 'G' => print::general(&mut digits, size, spec.precision, if verb == 'g' { 'e' } else { 'E' }, spec.sharp),
        'f' | 'F' => {
            let _ = write!(digits, "{size:.*}", spec.precision.unwrap_or(6));
        }
        'e' | 'E' => {
            let scientific = format!("{size:.*e}", spec.precision.unwrap_or(6));
            let (mantissa, power) = scientific.split_once('e').unwrap_or((&scientific, "0"));
            print::push_exponent(&mut digits, mantissa, power.parse().unwrap_or(0), verb);
        }
        'x' => digits = hexadecimal(size),
        'X' => digits = hexadecimal(size).to_uppercase(),
        _ => return wrong(out, spec, verb, value),
    }
    pad(out, spec, &format!("{}{digits}", sign(spec, f.is_sign_negative())));
}

/// A float with a hexadecimal mantissa and a power of two.
fn hexadecimal(size: f64) -> String {
    if size == 0.0 {
        return "0x0p+00".into();
    }
    let bits = size.to_bits();
    let (mut power, mut fraction) = (i64::try_from(bits >> 52).unwrap_or(0) - 1023, bits & ((1 << 52) - 1));
    if power == -1023 {
        let shift = fraction.leading_zeros() - 11;
        fraction = (fraction << shift) & ((1 << 52) - 1);
        power = -1022 - i64::from(shift);
    }
    let digits = format!("{fraction:013x}");
    let digits = digits.trim_end_matches('0');
    let point = if digits.is_empty() { "" } else { "." };
    let sign = if power < 0 { '-' } else { '+' };
    format!("0x1{point}{digits}p{sign}{:02}", power.abs())
}

/// `%#v` of maps and lists.
fn go_syntax(value: &Value) -> String {
    match value {
        Value::Nil | Value::None => "interface {}(nil)".into(),
        Value::Str(text) => quote::quoted(text),
        Value::List(list) => {
            let items: Vec<String> = list.items().iter().map(go_syntax).collect();
            format!("{}{{{}}}", value.type_name(), items.join(", "))
        }
        Value::Map(map) => {
            let entries = map.entries();
            let entries: Vec<String> =
                entries.iter().map(|(k, v)| format!("{}:{}", quote::quoted(k), go_syntax(v))).collect();
            format!("{}{{{}}}", value.type_name(), entries.join(", "))
        }
        other => print::text(other),
    }
}
