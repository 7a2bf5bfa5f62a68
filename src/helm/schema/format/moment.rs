//! Dates, times and durations.

use super::{Answer, character, digits, fail, whole};

pub(super) fn duration(text: &str) -> Answer {
    const UNITS: [&str; 2] = ["YMD", "HMS"];
    let Some(text) = text.strip_prefix('P') else { return fail("must start with P") };
    if text.is_empty() {
        return fail("nothing after P");
    }
    if let Some(weeks) = text.strip_suffix('W') {
        return match weeks {
            "" => fail("no number in week"),
            weeks if weeks.bytes().all(|b| b.is_ascii_digit()) => Ok(()),
            _ => fail("invalid week"),
        };
    }
    for (n, part) in text.split('T').enumerate() {
        if n != 0 && part.is_empty() {
            return fail("no time elements");
        }
        let Some(all) = UNITS.get(n) else { return fail("more than one T") };
        let (mut units, mut part) = (*all, part);
        while !part.is_empty() {
            let (number, rest) = digits(part);
            if number.is_empty() {
                return fail("missing number");
            }
            // The validator looks at bytes: of a longer character it sees the first.
            let Some(unit) = rest.bytes().next().map(char::from) else { return fail("missing unit") };
            let Some(at) = units.find(unit) else {
                let known = all.contains(unit);
                let unit = character(unit);
                return fail(if known { format!("unit {unit} out of order") } else { format!("invalid unit {unit}") });
            };
            units = units.get(at + 1..).unwrap_or_default();
            part = rest.get(1..).unwrap_or_default();
        }
    }
    Ok(())
}

pub(super) fn period(text: &str) -> Answer {
    let Some((start, end)) = text.split_once('/') else { return fail("missing slash") };
    let told = |answer: Answer, what: &str| answer.map_err(|why| format!("invalid {what}: {why}"));
    if start.starts_with('P') {
        told(duration(start), "start duration")?;
        return told(date_time(end), "end date-time");
    }
    told(date_time(start), "start date-time")?;
    if end.starts_with('P') { told(duration(end), "end duration") } else { told(date_time(end), "end date-time") }
}

/// Go's `time.Parse` with `2006-01-02`.
pub(super) fn date(text: &str) -> Answer {
    const LAYOUT: &str = "2006-01-02";
    let told = |what: &str| format!("parsing time {}{what}", shown(text));
    let unlike =
        |rest: &str, part: &str| Err(told(&format!(" as \"{LAYOUT}\": cannot parse {} as \"{part}\"", shown(rest))));
    let number = |rest: &str, width: usize| -> Option<i64> {
        rest.get(..width).filter(|part| part.bytes().all(|b| b.is_ascii_digit()))?.parse().ok()
    };
    let mut rest = text;
    let mut found = [0; 3];
    for ((part, width), slot) in [("2006", 4), ("01", 2), ("02", 2)].into_iter().zip(&mut found) {
        if part != "2006" {
            let Some(after) = rest.strip_prefix('-') else { return unlike(rest, "-") };
            rest = after;
        }
        let Some(value) = number(rest, width) else { return unlike(rest, part) };
        *slot = value;
        rest = rest.get(width..).unwrap_or_default();
        if part == "01" && !(1..=12).contains(&value) {
            return Err(told(": month out of range"));
        }
    }
    if !rest.is_empty() {
        return Err(told(&format!(": extra text: {}", shown(rest))));
    }
    let [year, month, day] = found;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let last = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + i64::from(leap),
        _ => 31,
    };
    if (1..=last).contains(&day) { Ok(()) } else { Err(told(": day out of range")) }
}

pub(super) fn time(text: &str) -> Answer {
    if text.len() < 9 {
        return fail("less than 9 characters long");
    }
    let at = |n: usize| text.as_bytes().get(n).copied();
    if at(2) != Some(b':') || at(5) != Some(b':') {
        return fail("missing colon in correct place");
    }
    let Some((clock, mut rest)) = text.split_at_checked(8) else { return fail("invalid hour/min/sec") };
    let [mut hour, mut minute, second] = numbers(clock).map_err(|what| format!("{what} hour/min/sec"))?;
    if hour > 23 || minute > 59 || second > 60 {
        return fail("hour/min/sec out of range");
    }
    if let Some(fraction) = rest.strip_prefix('.') {
        let (found, after) = digits(fraction);
        if found.is_empty() {
            return fail("no digits in second fraction");
        }
        rest = after;
    }
    if !matches!(rest, "z" | "Z") {
        let ahead = offset(rest)?;
        let moved = (hour * 60 + minute) - ahead;
        let moved = if moved < 0 { moved + 24 * 60 } else { moved };
        (hour, minute) = (moved / 60, moved % 60);
    }
    if second >= 60 && (hour, minute) != (23, 59) {
        return fail("invalid leap second");
    }
    Ok(())
}

/// How many minutes a time zone is ahead.
fn offset(text: &str) -> Result<i64, String> {
    if text.len() != 6 {
        return Err("offset must be 6 characters long".into());
    }
    let (sign, rest) = match text.split_at_checked(1) {
        Some(("+", rest)) => (1, rest),
        Some(("-", rest)) => (-1, rest),
        _ => return Err("offset must begin with plus/minus".into()),
    };
    if rest.as_bytes().get(2) != Some(&b':') {
        return Err("missing colon in offset in correct place".into());
    }
    let [hours, minutes] = numbers(rest).map_err(|what| format!("{what} hour/min in offset"))?;
    if hours > 23 || minutes > 59 {
        return Err("hour/min in offset out of range".into());
    }
    Ok(sign * (hours * 60 + minutes))
}

/// Numbers between colons; or what the first wrong one is.
fn numbers<const N: usize>(text: &str) -> Result<[i64; N], &'static str> {
    let mut found = [0; N];
    let mut parts = text.splitn(N, ':');
    for slot in &mut found {
        *slot = parts.next().and_then(|part| whole(part).ok()).ok_or("invalid")?;
        if *slot < 0 {
            return Err("non-positive");
        }
    }
    Ok(found)
}

pub(super) fn date_time(text: &str) -> Answer {
    if text.len() < 20 {
        return fail("less than 20 characters long");
    }
    if !text.as_bytes().get(10).is_some_and(|c| matches!(c, b't' | b'T')) {
        return fail("11th character must be t or T");
    }
    let (day, clock) = (text.get(..10).unwrap_or_default(), text.get(11..).unwrap_or_default());
    date(day).map_err(|why| format!("invalid date element: {why}"))?;
    time(clock).map_err(|why| format!("invalid time element: {why}"))
}

/// A text as Go's errors of times quote it: all that is not ASCII as bytes.
fn shown(text: &str) -> String {
    let mut out = String::from("\"");
    for byte in text.bytes() {
        match byte {
            b'"' | b'\\' => out.extend(['\\', char::from(byte)]),
            b' '..=b'~' | 0x7F => out.push(char::from(byte)),
            _ => out.push_str(&format!("\\x{byte:02x}")),
        }
    }
    out.push('"');
    out
}
