//! Semantic versions and constraints on them, as the Go library that Helm uses reads them.

use std::cmp::Ordering;
use std::fmt;

/// A semantic version. Missing numbers count as zero and a leading `v` is taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Version {
    pub(crate) major: u64,
    pub(crate) minor: u64,
    pub(crate) patch: u64,
    pub(crate) pre: String,
    pub(crate) metadata: String,
    pub(crate) original: String,
}

impl Version {
    pub(crate) fn parse(text: &str) -> Option<Version> {
        let rest = text.strip_prefix('v').unwrap_or(text);
        let (rest, metadata) = rest.split_once('+').map_or((rest, None), |(r, m)| (r, Some(m)));
        let (core, pre) = rest.split_once('-').map_or((rest, None), |(c, p)| (c, Some(p)));
        let mut numbers = [0; 3];
        let parts: Vec<&str> = core.split('.').collect();
        if parts.len() > 3 {
            return None;
        }
        for (slot, part) in numbers.iter_mut().zip(&parts) {
            if !part.bytes().all(|b| b.is_ascii_digit()) {
                return None;
            }
            *slot = part.parse().ok()?;
        }
        let leading_zero = |id: &str| id.len() > 1 && id.starts_with('0') && id.bytes().all(|b| b.is_ascii_digit());
        if pre.is_some_and(|pre| !are_identifiers(pre) || pre.split('.').any(leading_zero))
            || metadata.is_some_and(|m| !are_identifiers(m))
        {
            return None;
        }
        let [major, minor, patch] = numbers;
        let own = |part: Option<&str>| part.unwrap_or("").to_owned();
        Some(Version { major, minor, patch, pre: own(pre), metadata: own(metadata), original: text.to_owned() })
    }

    pub(crate) fn compare(&self, other: &Version) -> Ordering {
        let numbers = |v: &Version| [v.major, v.minor, v.patch];
        numbers(self).cmp(&numbers(other)).then_with(|| compare_pre(&self.pre, &other.pre))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)?;
        if !self.pre.is_empty() {
            write!(f, "-{}", self.pre)?;
        }
        if !self.metadata.is_empty() {
            write!(f, "+{}", self.metadata)?;
        }
        Ok(())
    }
}

fn are_identifiers(text: &str) -> bool {
    text.split('.').all(|id| !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'))
}

/// Compares what follows the `-`: a release comes after all of its pre-releases.
fn compare_pre(a: &str, b: &str) -> Ordering {
    match (a.is_empty(), b.is_empty()) {
        (true, true) => return Ordering::Equal,
        (true, false) => return Ordering::Greater,
        (false, true) => return Ordering::Less,
        (false, false) => {}
    }
    let (mut left, mut right) = (a.split('.'), b.split('.'));
    loop {
        let order = match (left.next(), right.next()) {
            (None, None) => return Ordering::Equal,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
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

/// Constraints: alternatives of what must hold together.
pub(crate) struct Constraints {
    alternatives: Vec<Vec<Constraint>>,
}

struct Constraint {
    operator: &'static str,
    version: Version,
    /// How many of the three numbers are given.
    given: u8,
}

const OPERATORS: [&str; 11] = ["!=", ">=", "=>", "<=", "=<", "~>", "=", ">", "<", "~", "^"];

impl Constraints {
    pub(crate) fn parse(text: &str) -> Option<Constraints> {
        let alternatives = text.split("||").map(alternative).collect::<Option<_>>()?;
        Some(Constraints { alternatives })
    }

    pub(crate) fn allow(&self, version: &Version) -> bool {
        self.alternatives.iter().any(|all| {
            let pre = all.iter().any(|c| !c.version.pre.is_empty());
            all.iter().all(|c| (version.pre.is_empty() || pre) && c.allows(version))
        })
    }
}

/// `>=1.2 <2, !=1.5`, or `1.2 - 1.4`.
fn alternative(text: &str) -> Option<Vec<Constraint>> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    if rest.is_empty() {
        return None;
    }
    while !rest.is_empty() {
        let operator = OPERATORS.iter().find(|op| rest.starts_with(**op)).copied().unwrap_or("");
        rest = rest[operator.len()..].trim_start();
        let end = rest.find(|c: char| c.is_whitespace() || c == ',').unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        let next = after.trim_start();
        if operator.is_empty()
            && let Some(upper) = next.strip_prefix("- ")
        {
            let upper = upper.trim_start();
            let end = upper.find(|c: char| c.is_whitespace() || c == ',').unwrap_or(upper.len());
            found.push(constraint(">=", word)?);
            found.push(constraint("<=", &upper[..end])?);
            rest = upper[end..].trim_start();
        } else {
            found.push(constraint(operator, word)?);
            rest = next;
        }
        rest = rest.strip_prefix(',').unwrap_or(rest).trim_start();
    }
    Some(found)
}

fn constraint(operator: &'static str, word: &str) -> Option<Constraint> {
    let bare = word.strip_prefix('v').unwrap_or(word);
    let bare = bare.split('+').next().unwrap_or(bare);
    let (core, pre) = bare.split_once('-').map_or((bare, None), |(c, p)| (c, Some(p)));
    let parts: Vec<&str> = core.split('.').collect();
    if parts.len() > 3 || parts.iter().any(|part| part.is_empty()) {
        return None;
    }
    let wild = |part: &&str| matches!(*part, "x" | "X" | "*");
    let given = parts.iter().position(wild).unwrap_or(parts.len());
    let mut numbers = parts.iter().take(given).map(|part| (*part).to_owned()).collect::<Vec<_>>();
    numbers.resize(3, "0".into());
    let pre = pre.map(|pre| format!("-{pre}")).unwrap_or_default();
    let version = Version::parse(&format!("{}{pre}", numbers.join(".")))?;
    Some(Constraint { operator, version, given: u8::try_from(given).ok()? })
}

impl Constraint {
    fn partial(&self) -> bool {
        self.given < 3
    }

    fn allows(&self, version: &Version) -> bool {
        let order = version.compare(&self.version);
        match self.operator {
            "!=" => self.differs(version),
            ">" => self.is_above(version),
            "<" => order.is_lt(),
            ">=" | "=>" => order.is_ge(),
            "<=" | "=<" => self.is_at_most(version),
            "~" | "~>" => self.tilde(version),
            "^" => self.caret(version),
            _ if self.partial() => self.tilde(version),
            _ => order.is_eq(),
        }
    }

    fn differs(&self, version: &Version) -> bool {
        let base = &self.version;
        match self.given {
            3 => version.compare(base).is_ne(),
            0 | 1 => base.major != version.major,
            _ => {
                base.major != version.major
                    || base.minor != version.minor
                    || compare_pre(&version.pre, &base.pre).is_ne()
            }
        }
    }

    fn is_above(&self, version: &Version) -> bool {
        let base = &self.version;
        match self.given {
            3 => version.compare(base).is_gt(),
            _ if version.major != base.major => version.major > base.major,
            1 => false,
            2 => version.minor > base.minor,
            _ => version.compare(base).is_gt(),
        }
    }

    fn is_at_most(&self, version: &Version) -> bool {
        let base = &self.version;
        match self.given {
            3 => version.compare(base).is_le(),
            _ if version.major != base.major => version.major < base.major,
            1 => true,
            _ => version.minor <= base.minor,
        }
    }

    fn tilde(&self, version: &Version) -> bool {
        let base = &self.version;
        if version.compare(base).is_lt() {
            return false;
        }
        let zero = base.major == 0 && base.minor == 0 && base.patch == 0;
        if zero && self.given != 1 && self.given != 2 {
            return true;
        }
        version.major == base.major && (self.given == 1 || version.minor == base.minor)
    }

    fn caret(&self, version: &Version) -> bool {
        let base = &self.version;
        if version.compare(base).is_lt() {
            return false;
        }
        if base.major > 0 || self.given == 1 {
            return version.major == base.major;
        }
        if version.major > 0 {
            return false;
        }
        if base.minor > 0 || self.given == 2 {
            return version.minor == base.minor;
        }
        version.minor == 0 && version.patch == base.patch
    }
}
