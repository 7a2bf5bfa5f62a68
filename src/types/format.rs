//! Strings with a form: addresses, names, quantities.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::network::IpRange;
use crate::semver::Version;

/// The form of a string.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `10.0.0.0/16`, without host bits.
    Cidr,
    /// `10.0.0.1` or `fd00::1`.
    Ip,
    /// `10.0.0.1-10.0.0.9`, or a CIDR.
    IpRange,
    /// A DNS name.
    Hostname,
    /// `scheme://host…`
    Url,
    /// A Kubernetes quantity: `500m`, `2Gi`.
    Quantity,
    /// A Go duration: `30s`, `1h30m`.
    Duration,
    /// Five fields, or `@daily` and its kin.
    Cron,
    /// `1.2.3`
    Semver,
}

impl Format {
    /// Why a text has not this form; `None` where it has.
    pub fn fault(self, text: &str) -> Option<String> {
        match self {
            Format::Cidr => cidr_fault(text),
            Format::Ip => {
                text.parse::<IpAddr>().is_err().then(|| "an IP address, such as `10.0.0.1`, is wanted".into())
            }
            Format::IpRange => range_fault(text),
            Format::Hostname => hostname_fault(text),
            Format::Url => url_fault(text),
            Format::Quantity => {
                (!is_quantity(text)).then(|| "a Kubernetes quantity, such as `500m` or `2Gi`, is wanted".into())
            }
            Format::Duration => (!is_duration(text)).then(|| "a duration, such as `30s` or `1h30m`, is wanted".into()),
            Format::Cron => {
                (!is_cron(text)).then(|| "a cron schedule of five fields, such as `0 3 * * *`, is wanted".into())
            }
            Format::Semver => Version::parse(text).is_none().then(|| "a version, such as `1.2.3`, is wanted".into()),
        }
    }
}

fn cidr_fault(text: &str) -> Option<String> {
    match text.parse::<IpNet>() {
        Ok(net) if net.trunc() == net => None,
        Ok(net) => Some(format!("it has host bits set: the network is `{}`", net.trunc())),
        Err(_) => Some("a network, such as `10.0.0.0/16`, is wanted".into()),
    }
}

fn range_fault(text: &str) -> Option<String> {
    if text.contains('/') {
        return cidr_fault(text);
    }
    IpRange::parse(text).is_none().then(|| "a range, such as `10.0.0.1-10.0.0.9`, or a CIDR is wanted".into())
}

fn hostname_fault(text: &str) -> Option<String> {
    let name = text.strip_prefix("*.").unwrap_or(text);
    let label = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    let fine = name.len() <= 253 && name.split('.').all(label);
    (!fine).then(|| "a host name of lower-case letters, digits, `-` and `.` is wanted".into())
}

fn url_fault(text: &str) -> Option<String> {
    let fine = text.split_once("://").is_some_and(|(scheme, rest)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
            && !rest.is_empty()
            && !rest.starts_with('/')
            && !text.contains(char::is_whitespace)
    });
    (!fine).then(|| "a URL, such as `https://example.com`, is wanted".into())
}

fn is_quantity(text: &str) -> bool {
    const SUFFIXES: [&str; 15] = ["", "n", "u", "m", "k", "M", "G", "T", "P", "E", "Ki", "Mi", "Gi", "Ti", "Pi"];
    let unsigned = text.trim_start_matches(['+', '-']);
    let digits = unsigned.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(unsigned.len());
    let (number, suffix) = unsigned.split_at(digits);
    let number_fine = number.bytes().any(|b| b.is_ascii_digit()) && number.bytes().filter(|b| *b == b'.').count() <= 1;
    let exponent = suffix.strip_prefix(['e', 'E']).map(|e| e.trim_start_matches(['+', '-']));
    let suffix_fine = SUFFIXES.contains(&suffix)
        || suffix == "Ei"
        || exponent.is_some_and(|e| !e.is_empty() && e.bytes().all(|b| b.is_ascii_digit()));
    number_fine && suffix_fine && text.len() - unsigned.len() <= 1
}

fn is_duration(text: &str) -> bool {
    if text == "0" {
        return true;
    }
    let mut rest = text.trim_start_matches('-');
    let mut parts = 0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(rest.len());
        let unit_end = rest[digits..].find(|c: char| c.is_ascii_digit()).map_or(rest.len(), |i| digits + i);
        let unit = &rest[digits..unit_end];
        if digits == 0 || !matches!(unit, "ns" | "us" | "µs" | "ms" | "s" | "m" | "h") {
            return false;
        }
        parts += 1;
        rest = &rest[unit_end..];
    }
    parts > 0
}

fn is_cron(text: &str) -> bool {
    if let Some(name) = text.strip_prefix('@') {
        return matches!(name, "yearly" | "annually" | "monthly" | "weekly" | "daily" | "midnight" | "hourly")
            || name.strip_prefix("every ").is_some_and(is_duration);
    }
    let limits = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 7)];
    let fields: Vec<&str> = text.split_whitespace().collect();
    fields.len() == 5
        && fields.iter().zip(limits).all(|(field, limit)| field.split(',').all(|p| is_cron_part(p, limit)))
}

fn is_cron_part(part: &str, (low, high): (u32, u32)) -> bool {
    let (range, step) = part.split_once('/').map_or((part, None), |(range, step)| (range, Some(step)));
    let step_fine = step.is_none_or(|s| s.parse::<u32>().is_ok_and(|s| s > 0));
    let value = |text: &str| {
        text.parse::<u32>().map_or_else(
            |_| text.len() == 3 && text.chars().all(|c| c.is_ascii_alphabetic()) && high <= 12,
            |n| (low..=high).contains(&n),
        )
    };
    step_fine && (range == "*" || range.split_once('-').map_or_else(|| value(range), |(a, b)| value(a) && value(b)))
}

#[cfg(test)]
mod tests {
    use super::Format;

    #[test]
    fn forms_take_what_is_right_and_say_what_is_wrong() {
        let cases: [(Format, &[&str], &[&str]); 9] = [
            (Format::Cidr, &["10.0.0.0/8", "fd00::/8"], &["10.0.0.1/8", "10.0.0.0/33", "x"]),
            (Format::Ip, &["10.0.0.1", "::1"], &["10.0.0.256", ""]),
            (Format::IpRange, &["10.0.0.1-10.0.0.9", "10.0.0.0/24"], &["10.0.0.9-10.0.0.1", "10.0.0.1/24"]),
            (Format::Hostname, &["a.example.com", "*.x.y", "a"], &["A.b", "a_b", "-a", "a..b", ""]),
            (Format::Url, &["https://a.example", "oci://x/y"], &["a.example", "https://", "https:// a"]),
            (Format::Quantity, &["500m", "2Gi", "1", "1.5", "1e3"], &["2GB", "", "m", "1..5"]),
            (Format::Duration, &["30s", "1h30m", "0", "1.5h"], &["30", "1d", "", "s"]),
            (
                Format::Cron,
                &["0 3 * * *", "*/5 * * * 1-5", "@daily", "0 0 1,15 JAN *"],
                &["0 3 * *", "60 * * * *", "@no"],
            ),
            (Format::Semver, &["1.2.3", "v1.2", "1.2.3-rc.1"], &["1.2.3.4", "x", ""]),
        ];
        for (format, good, bad) in cases {
            good.iter().for_each(|text| assert_eq!(format.fault(text), None, "{format:?} {text}"));
            bad.iter().for_each(|text| assert!(format.fault(text).is_some(), "{format:?} {text}"));
        }
    }
}
