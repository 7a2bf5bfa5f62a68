//! Moments in UTC, and Go's layouts for them.

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// Year, month and day of a moment.
pub(crate) fn date(seconds: i64) -> (i64, i64, i64) {
    let days = seconds.div_euclid(86_400) + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    (year_of_era + era * 400 + i64::from(month <= 2), month, day)
}

/// The moment at which a day begins.
pub(crate) fn from_date(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * (if month > 2 { month - 3 } else { month + 9 }) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    (era * 146_097 + day_of_era - 719_468) * 86_400
}

/// The parts of a layout, longest first where one begins like another.
const PARTS: [&str; 27] = [
    "2006", "January", "Monday", "Jan", "Mon", "MST", "Z07:00", "Z0700", "-07:00", "-0700", "-07", "002", "__2", "01",
    "02", "03", "04", "05", "06", "15", "PM", "pm", "_2", "1", "2", "3", "4",
];

/// Writes a moment by a layout of Go.
pub(crate) fn format(seconds: i64, layout: &str) -> String {
    let mut out = String::new();
    let mut rest = layout;
    while let Some(c) = rest.chars().next() {
        if let Some(part) = PARTS.iter().find(|part| rest.starts_with(**part)) {
            push_part(&mut out, seconds, part);
            rest = &rest[part.len()..];
        } else if let Some(after) = rest.strip_prefix('5') {
            push_part(&mut out, seconds, "5");
            rest = after;
        } else if let Some(zeros) = fraction(rest) {
            if rest.as_bytes().get(1) == Some(&b'0') {
                out.push_str(&rest[..zeros]);
            }
            rest = &rest[zeros..];
        } else {
            out.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    out
}

/// The length of `.000` or `.999`, parts of a second, which moments here do not have.
fn fraction(rest: &str) -> Option<usize> {
    let digits = rest.strip_prefix(['.', ','])?;
    let digit = digits.bytes().next().filter(|b| matches!(b, b'0' | b'9'))?;
    let length = digits.bytes().take_while(|b| *b == digit).count();
    let ends = !digits.as_bytes().get(length).is_some_and(u8::is_ascii_digit);
    ends.then_some(length + 1)
}

fn push_part(out: &mut String, seconds: i64, part: &str) {
    let (year, month, day) = date(seconds);
    let clock = seconds.rem_euclid(86_400);
    let (hour, minute, second) = (clock / 3600, clock / 60 % 60, clock % 60);
    let hour12 = if hour % 12 == 0 { 12 } else { hour % 12 };
    let name =
        |names: &[&'static str], n: i64| usize::try_from(n).ok().and_then(|n| names.get(n)).copied().unwrap_or("");
    let month_name = name(&MONTHS, month - 1);
    let day_name = name(&DAYS, (seconds.div_euclid(86_400) + 4).rem_euclid(7));
    let year_day = (seconds - from_date(year, 1, 1)).div_euclid(86_400) + 1;
    let text = match part {
        "2006" => format!("{year:04}"),
        "06" => format!("{:02}", year.rem_euclid(100)),
        "January" => month_name.into(),
        "Jan" => month_name.get(..3).unwrap_or("").into(),
        "Monday" => day_name.into(),
        "Mon" => day_name.get(..3).unwrap_or("").into(),
        "01" => format!("{month:02}"),
        "1" => month.to_string(),
        "02" => format!("{day:02}"),
        "_2" => format!("{day:2}"),
        "2" => day.to_string(),
        "002" => format!("{year_day:03}"),
        "__2" => format!("{year_day:3}"),
        "15" => format!("{hour:02}"),
        "03" => format!("{hour12:02}"),
        "3" => hour12.to_string(),
        "04" => format!("{minute:02}"),
        "4" => minute.to_string(),
        "05" => format!("{second:02}"),
        "5" => second.to_string(),
        "PM" => if hour >= 12 { "PM" } else { "AM" }.into(),
        "pm" => if hour >= 12 { "pm" } else { "am" }.into(),
        "MST" => "UTC".into(),
        "Z07:00" | "Z0700" => "Z".into(),
        "-07:00" => "+00:00".into(),
        "-0700" => "+0000".into(),
        _ => "+00".into(),
    };
    out.push_str(&text);
}

/// Go's `time.ParseDuration`, in whole seconds.
pub(crate) fn duration(text: &str) -> Option<i64> {
    let (sign, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (-1.0, rest),
        None => (1.0, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Some(0);
    }
    let mut total = 0.0;
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.')?;
        let number: f64 = rest[..digits].parse().ok()?;
        rest = &rest[digits..];
        let units = [("ms", 1e-3), ("us", 1e-6), ("ns", 1e-9), ("h", 3600.0), ("m", 60.0), ("s", 1.0)];
        let (unit, size) = units.iter().find(|(unit, _)| rest.starts_with(unit))?;
        total += number * size;
        rest = &rest[unit.len()..];
    }
    #[allow(clippy::cast_possible_truncation)]
    Some((sign * total) as i64)
}

/// Go's text for a duration of whole seconds: `1h2m3s`.
pub(crate) fn duration_text(seconds: i64) -> String {
    let size = seconds.unsigned_abs();
    let sign = if seconds < 0 { "-" } else { "" };
    match (size / 3600, size / 60 % 60, size % 60) {
        (0, 0, s) => format!("{sign}{s}s"),
        (0, m, s) => format!("{sign}{m}m{s}s"),
        (h, m, s) => format!("{sign}{h}h{m}m{s}s"),
    }
}

/// Reads a text by a layout of Go. What is missing counts from the year 1.
pub(crate) fn parse(text: &str, layout: &str) -> Option<i64> {
    let (mut year, mut month, mut day) = (1i64, 1i64, 1i64);
    let (mut clock, mut offset) = ([0i64; 3], 0i64);
    let (mut text, mut layout) = (text, layout);
    while !layout.is_empty() {
        let Some(part) = PARTS.iter().find(|part| layout.starts_with(**part)) else {
            let c = layout.chars().next()?;
            text = text.strip_prefix(c)?;
            layout = &layout[c.len_utf8()..];
            continue;
        };
        layout = &layout[part.len()..];
        let mut number = |width: usize| -> Option<i64> {
            let length = text.bytes().take(width).take_while(u8::is_ascii_digit).count();
            let number = text.get(..length)?.parse().ok()?;
            text = &text[length..];
            Some(number)
        };
        match *part {
            "2006" => year = number(4)?,
            "01" | "1" => month = number(2)?,
            "02" | "2" | "_2" => day = number(2)?,
            "15" | "03" | "3" => clock[0] = number(2)?,
            "04" | "4" => clock[1] = number(2)?,
            "05" => clock[2] = number(2)?,
            "Jan" | "January" => {
                let n =
                    MONTHS.iter().position(|name| text.starts_with(if *part == "Jan" { &name[..3] } else { name }))?;
                text = &text[if *part == "Jan" { 3 } else { MONTHS[n].len() }..];
                month = i64::try_from(n).ok()? + 1;
            }
            "Z07:00" if text.starts_with('Z') => text = &text[1..],
            "Z07:00" | "-07:00" => {
                let sign = if text.starts_with('-') { -1 } else { 1 };
                let (hours, minutes) = text.get(1..6)?.split_once(':')?;
                offset = sign * (hours.parse::<i64>().ok()? * 3600 + minutes.parse::<i64>().ok()? * 60);
                text = &text[6..];
            }
            _ => return None,
        }
    }
    let valid = (1..=12).contains(&month) && (1..=31).contains(&day) && text.is_empty();
    valid.then(|| from_date(year, month, day) + clock[0] * 3600 + clock[1] * 60 + clock[2] - offset)
}
