//! Quantities and durations as the API server gives them back.

/// Parts of one, down to the smallest that a quantity can hold.
const NANO: i128 = 1_000_000_000;

/// A quantity in its canonical form; none where the text is no quantity, or one that no form here can hold.
pub(super) fn canonical(text: &str) -> Option<String> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let end = digits.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(digits.len());
    let (number, suffix) = digits.split_at(end);
    let nanos = scaled(number, suffix)?;
    let binary = suffix.ends_with('i');
    let body = if binary && nanos >= 1024 * NANO { binary_form(nanos)? } else { decimal_form(nanos) };
    Some(if negative && nanos != 0 { format!("-{body}") } else { body })
}

/// The number in parts of one.
fn scaled(number: &str, suffix: &str) -> Option<i128> {
    const DECIMAL: [(&str, i128); 10] = [
        ("n", 1),
        ("u", 1_000),
        ("m", 1_000_000),
        ("", NANO),
        ("k", NANO * 1_000),
        ("M", NANO * 1_000_000),
        ("G", NANO * 1_000_000_000),
        ("T", NANO * 1_000_000_000_000),
        ("P", NANO * 1_000_000_000_000_000),
        ("E", NANO * 1_000_000_000_000_000_000),
    ];
    let power = ["Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].iter().position(|known| *known == suffix);
    let unit = match power {
        Some(power) => NANO << (10 * (power + 1)),
        None => DECIMAL.iter().find(|(known, _)| *known == suffix)?.1,
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    if (whole.is_empty() && fraction.is_empty()) || fraction.contains('.') || fraction.len() > 15 {
        return None;
    }
    let all: i128 = format!("{whole}{fraction}").parse().ok()?;
    let shift = 10i128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
    let product = all.checked_mul(unit)?;
    // What is smaller than a part is rounded by the API server, and left to it.
    (product % shift == 0).then(|| product / shift)
}

fn binary_form(nanos: i128) -> Option<String> {
    if nanos % NANO != 0 {
        return None;
    }
    let mut number = nanos / NANO;
    let mut power = 0;
    while number % 1024 == 0 && power < 6 {
        number /= 1024;
        power += 1;
    }
    let suffix = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"].get(power)?;
    Some(format!("{number}{suffix}"))
}

fn decimal_form(nanos: i128) -> String {
    let mut number = nanos;
    let mut power = 0;
    while number != 0 && number % 1000 == 0 && power < 9 {
        number /= 1000;
        power += 1;
    }
    let suffix =
        if number == 0 { "" } else { ["n", "u", "m", "", "k", "M", "G", "T", "P", "E"].get(power).unwrap_or(&"") };
    format!("{number}{suffix}")
}

/// A duration as Go writes it: `8760h` is `8760h0m0s`. None where the text is none in whole seconds.
pub(super) fn duration(text: &str) -> Option<String> {
    let mut seconds: u64 = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(|c: char| !c.is_ascii_digit())?;
        let number: u64 = rest.get(..end)?.parse().ok()?;
        let unit = match rest.as_bytes().get(end..)? {
            [b'm', b's', ..] => return None,
            [b'h', ..] => 3600,
            [b'm', ..] => 60,
            [b's', ..] => 1,
            _ => return None,
        };
        seconds = seconds.checked_add(number.checked_mul(unit)?)?;
        rest = rest.get(end + 1..)?;
    }
    if text.is_empty() {
        return None;
    }
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    Some(match (hours, minutes) {
        (0, 0) => format!("{seconds}s"),
        (0, _) => format!("{minutes}m{seconds}s"),
        _ => format!("{hours}h{minutes}m{seconds}s"),
    })
}

#[cfg(test)]
mod tests {
    use super::{canonical, duration};

    #[test]
    fn quantities_have_the_form_of_the_api_server() {
        let pairs = [
            ("1000m", "1"),
            ("0.5", "500m"),
            ("1.5", "1500m"),
            ("0.1", "100m"),
            ("3072Mi", "3Gi"),
            ("1.5Gi", "1536Mi"),
            ("0.5Ki", "512"),
            ("1024", "1024"),
            ("1000", "1k"),
            ("1000000000", "1G"),
            ("1000Mi", "1000Mi"),
            ("0", "0"),
            ("0Mi", "0"),
            ("100n", "100n"),
            ("2000000u", "2"),
            ("-2000m", "-2"),
            ("1Ei", "1Ei"),
            ("1E", "1E"),
        ];
        for (text, wanted) in pairs {
            assert_eq!(canonical(text).as_deref(), Some(wanted), "{text}");
        }
        for none in ["", "x", "1e3", "1.2.3", "1 Gi", "Gi", ".", "99999999999999999999999999999999999999999"] {
            assert_eq!(canonical(none), None, "{none}");
        }
    }

    #[test]
    fn durations_have_the_form_of_go() {
        let pairs = [("8760h", "8760h0m0s"), ("90m", "1h30m0s"), ("30s", "30s"), ("1h30m", "1h30m0s"), ("0s", "0s")];
        for (text, wanted) in pairs {
            assert_eq!(duration(text).as_deref(), Some(wanted), "{text}");
        }
        for none in ["", "1", "h", "10ms", "1.5h", "1d"] {
            assert_eq!(duration(none), None, "{none}");
        }
    }
}
