//! Versions, and constraints on them as Helm reads them (`>=1.25.0-0`, `~1.2`, `1.x || ^2`).

use std::cmp::Ordering;
use std::fmt;

/// A semantic version. Missing parts count as zero, a leading `v` is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    /// Major, minor, patch.
    pub numbers: [u64; 3],
    /// What follows `-`, empty for a release.
    pub pre: String,
}

impl Version {
    /// Reads `1`, `1.2`, `v1.2.3`, `1.2.3-rc.1+build`.
    pub fn parse(text: &str) -> Option<Self> {
        let (version, given) = Self::partial(text)?;
        (given >= 1).then_some(version)
    }

    /// The version and how many of its numbers are given; `x`, `X` and `*` end them.
    fn partial(text: &str) -> Option<(Self, usize)> {
        let text = text.trim();
        let text = text.strip_prefix('v').unwrap_or(text);
        let text = text.split('+').next().unwrap_or(text);
        let (core, pre) = text.split_once('-').map_or((text, ""), |(core, pre)| (core, pre));
        if text.contains('-')
            && (pre.is_empty() || !pre.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-')))
        {
            return None;
        }
        let mut numbers = [0; 3];
        let mut given = 0;
        let parts: Vec<&str> = core.split('.').collect();
        if parts.len() > 3 {
            return None;
        }
        for (slot, part) in numbers.iter_mut().zip(&parts) {
            if matches!(*part, "x" | "X" | "*") {
                break;
            }
            if part.is_empty() || !part.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            *slot = part.parse().ok()?;
            given += 1;
        }
        Some((Version { numbers, pre: pre.to_owned() }, given))
    }

    fn is_pre_release(&self) -> bool {
        !self.pre.is_empty()
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.numbers[0], self.numbers[1], self.numbers[2])?;
        if self.pre.is_empty() { Ok(()) } else { write!(f, "-{}", self.pre) }
    }
}

impl PartialOrd for Version {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Version {
    fn cmp(&self, other: &Self) -> Ordering {
        self.numbers.cmp(&other.numbers).then_with(|| match (self.pre.is_empty(), other.pre.is_empty()) {
            (true, true) => Ordering::Equal,
            (true, false) => Ordering::Greater,
            (false, true) => Ordering::Less,
            (false, false) => compare_pre(&self.pre, &other.pre),
        })
    }
}

fn compare_pre(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.split('.'), b.split('.'));
    loop {
        let order = match (a.next(), b.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => Ordering::Less,
            (Some(_), None) => Ordering::Greater,
            (Some(x), Some(y)) => match (x.parse::<u64>(), y.parse::<u64>()) {
                (Ok(x), Ok(y)) => x.cmp(&y),
                (Ok(_), Err(_)) => Ordering::Less,
                (Err(_), Ok(_)) => Ordering::Greater,
                (Err(_), Err(_)) => x.cmp(y),
            },
        };
        if order != Ordering::Equal {
            return order;
        }
    }
}

/// A constraint: alternatives (`||`) of conditions that all hold.
#[derive(Clone, Debug)]
pub struct Constraint {
    alternatives: Vec<Vec<Condition>>,
}

#[derive(Clone, Debug)]
struct Condition {
    operator: &'static str,
    version: Version,
    given: usize,
}

const OPERATORS: [&str; 12] = ["!=", ">=", "=>", "<=", "=<", "~>", "^", "~", ">", "<", "=", ""];

impl Constraint {
    /// Reads a constraint; conditions are separated by commas or spaces, `a - b` is a range.
    pub fn parse(text: &str) -> Option<Self> {
        let alternatives: Option<Vec<_>> = text.split("||").map(parse_all).collect();
        alternatives.map(|alternatives| Constraint { alternatives })
    }

    /// Whether a version fits. A pre-release fits only a condition that names one itself (`>=1.2.0-0`).
    pub fn allows(&self, version: &Version) -> bool {
        self.alternatives.iter().any(|all| all.iter().all(|condition| condition.allows(version)))
    }
}

fn parse_all(text: &str) -> Option<Vec<Condition>> {
    if let Some((low, high)) = text.split_once(" - ") {
        let mut low = Condition::parse(low)?;
        let mut high = Condition::parse(high)?;
        (low.operator, high.operator) = (">=", "<=");
        return Some(vec![low, high]);
    }
    let mut conditions = Vec::new();
    let mut rest = text.trim();
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let operator = rest.find(|c: char| !"!=<>~^ ".contains(c)).unwrap_or(rest.len());
        let end = rest[operator..].find([',', ' ']).map_or(rest.len(), |at| operator + at);
        conditions.push(Condition::parse(&rest[..end])?);
        rest = rest[end..].trim_start_matches([',', ' ']);
    }
    Some(conditions)
}

impl Condition {
    fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let operator = OPERATORS.iter().find(|op| text.starts_with(**op))?;
        let (version, given) = Version::partial(&text[operator.len()..])?;
        let operator = match *operator {
            "=>" => ">=",
            "=<" => "<=",
            "~>" => "~",
            other => other,
        };
        Some(Condition { operator, version, given })
    }

    fn allows(&self, v: &Version) -> bool {
        if v.is_pre_release() && !self.version.is_pre_release() {
            return false;
        }
        match self.operator {
            "!=" => !self.same(v),
            ">" if self.given == 3 => *v > self.version,
            ">" => *v > self.version && !self.same(v),
            ">=" => *v >= self.version,
            "<" => *v < self.version,
            "<=" => *v <= self.version || self.same(v),
            "~" => *v >= self.version && v.numbers[..self.given.min(2)] == self.version.numbers[..self.given.min(2)],
            "^" => self.caret(v),
            _ => self.same(v),
        }
    }

    /// Equal in the numbers that are given (`1.2` and `1.2.x` fit every 1.2).
    fn same(&self, v: &Version) -> bool {
        v.numbers[..self.given] == self.version.numbers[..self.given] && (self.given < 3 || v.pre == self.version.pre)
    }

    /// No change of the first number that is not zero.
    fn caret(&self, v: &Version) -> bool {
        let fixed = match (self.version.numbers, self.given) {
            (_, 0) => 0,
            ([major, _, _], _) if major > 0 => 1,
            (_, 1) => 1,
            ([_, minor, _], _) if minor > 0 => 2,
            (_, 2) => 2,
            _ => 3,
        };
        *v >= self.version && v.numbers[..fixed] == self.version.numbers[..fixed]
    }
}

#[cfg(test)]
mod tests {
    use super::{Constraint, Version};

    #[test]
    fn constraints_hold_as_helm_reads_them() {
        let cases = [
            (">=1.25.0-0", "1.34.2", true),
            (">=1.25.0-0", "1.24.9", false),
            (">=1.25.0", "1.25.0-rc.1", false),
            (">=1.25.0-0", "1.25.0-rc.1", true),
            ("~1.2", "1.2.9", true),
            ("~1.2.3", "1.3.0", false),
            ("^1.2", "1.9.0", true),
            ("^0.2.1", "0.3.0", false),
            ("1.x || ^3", "3.4.0", true),
            ("1.x", "2.0.0", false),
            (">=1.19 <1.30", "1.29.4", true),
            (">=1.19, <1.30", "1.30.0", false),
            ("1.2 - 1.4", "1.4.9", true),
            ("!=1.2.3", "1.2.3", false),
            ("*", "9.9.9", true),
            (">1.2", "1.2.5", false),
        ];
        for (constraint, version, expected) in cases {
            let parsed = Constraint::parse(constraint).and_then(|c| Some(c.allows(&Version::parse(version)?)));
            assert_eq!(parsed, Some(expected), "{constraint} {version}");
        }
        assert!(Constraint::parse(">=abc").is_none());
        assert!(Version::parse("1.2.3.4").is_none());
    }
}
