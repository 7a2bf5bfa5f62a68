//! Days, as `2027-01-31`.

use std::fmt;

use serde_json::{Value as Json, json};

use crate::decode::{Context, Decode, Definitions, Text};
use crate::diagnostic::{Diagnostic, codes::shape};
use crate::helm::time;
use crate::yaml::Node;

/// A day. The later one is greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    year: i64,
    month: i64,
    day: i64,
}

impl Day {
    /// Reads `2027-01-31`.
    pub fn parse(text: &str) -> Option<Day> {
        let parts: Vec<&str> = text.split('-').collect();
        let [year, month, day] = parts.as_slice() else { return None };
        let number = |text: &str, width: usize| -> Option<i64> {
            let digits = text.len() == width && text.bytes().all(|b| b.is_ascii_digit());
            digits.then(|| text.parse().ok()).flatten()
        };
        let found = Day { year: number(year, 4)?, month: number(month, 2)?, day: number(day, 2)? };
        // A day that does not exist comes back as another.
        let (year, month, day) = time::date(time::from_date(found.year, found.month, found.day));
        (Day { year, month, day } == found).then_some(found)
    }

    /// The day, in UTC, of so many seconds after 1970.
    pub fn of_seconds(seconds: u64) -> Day {
        let (year, month, day) = time::date(i64::try_from(seconds).unwrap_or(i64::MAX));
        Day { year, month, day }
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

impl Decode for Day {
    fn decode(node: &Node, cx: &mut Context<'_>) -> Option<Self> {
        let text = Text::decode(node, cx)?;
        let day = Day::parse(&text.text);
        if day.is_none() {
            cx.sink.push(
                Diagnostic::error(&shape::BAD_VALUE, node.span, format!("`{}` is not a day", text.text))
                    .help("write it as `\"2027-01-31\"`"),
            );
        }
        day
    }

    fn schema(_: &mut Definitions) -> Json {
        json!({ "type": "string", "format": "date" })
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail")]
mod tests {
    use super::Day;

    #[test]
    fn days_are_those_of_the_calendar() {
        for wrong in
            ["2027-02-29", "2027-13-01", "2027-00-10", "2027-1-01", "27-01-01", "2027-01-01x", "", "+027-01-01"]
        {
            assert_eq!(Day::parse(wrong), None, "{wrong}");
        }
        let leap = Day::parse("2028-02-29").unwrap();
        assert!(leap > Day::parse("2027-12-31").unwrap() && leap < Day::parse("2028-03-01").unwrap());
        assert_eq!(leap.to_string(), "2028-02-29");
        assert_eq!(Day::of_seconds(1_795_824_000 + 86_399).to_string(), "2026-11-28");
    }
}
