//! `format`: what drafts 4, 6 and 7 say of the form of a text, with the validator's words for what is wrong. Later drafts only note it.

mod moment;
mod name;
mod network;
mod uri;

use regex_lite::Regex;

use crate::helm::functions::translate;
use crate::helm::quote::{push_escaped, quoted};

/// What is wrong with a text.
type Answer = Result<(), String>;

/// What is wrong with a text of a format; nothing is with one that nobody knows.
pub(super) fn wrong(format: &str, text: &str) -> Option<String> {
    let answer = match format {
        "json-pointer" => name::json_pointer(text),
        "relative-json-pointer" => name::relative_json_pointer(text),
        "uuid" => name::uuid(text),
        "semver" => name::semver(text),
        "duration" => moment::duration(text),
        "period" => moment::period(text),
        "date" => moment::date(text),
        "time" => moment::time(text),
        "date-time" => moment::date_time(text),
        "ipv4" => network::ipv4(text),
        "ipv6" => network::ipv6(text),
        "hostname" => network::hostname(text),
        "email" => network::email(text),
        "uri" | "iri" => uri::absolute(text),
        "uri-reference" | "iri-reference" => uri::reference(text),
        "uri-template" => uri::template(text),
        "regex" => match Regex::new(&translate(text)) {
            Ok(_) => Ok(()),
            Err(error) => Err(format!("error parsing regexp: {error}: `{text}`")),
        },
        _ => Ok(()),
    };
    answer.err()
}

fn fail(text: impl Into<String>) -> Answer {
    Err(text.into())
}

/// A character as Go quotes it.
fn character(c: char) -> String {
    let mut out = String::from("'");
    push_escaped(&mut out, c, '\'');
    out.push('\'');
    out
}

/// Go's `strconv.Atoi`.
fn whole(text: &str) -> Result<i64, String> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    let problem = |what: &str| format!("strconv.Atoi: parsing {}: {what}", quoted(text));
    let (known, other) = self::digits(digits);
    // Go stops at the digit that is too much, whatever comes after it.
    let fits = known.is_empty() || known.parse::<u64>().is_ok();
    if fits && (known.is_empty() || !other.is_empty()) {
        return Err(problem("invalid syntax"));
    }
    text.parse().map_err(|_| problem("value out of range"))
}

/// The digits that a text begins with, and the rest.
fn digits(text: &str) -> (&str, &str) {
    text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()))
}
