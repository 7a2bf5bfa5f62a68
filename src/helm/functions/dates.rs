//! Sprig's functions on time. The zone is always UTC, and now is when the caller says.

use super::args::{at, text};
use super::{Body, Entry};
use crate::helm::error::{Fault, Outcome};
use crate::helm::objects::Object;
use crate::helm::template::Run;
use crate::helm::time;
use crate::helm::value::Value;

pub(super) const TABLE: &[Entry] = &[
    ("now", "", Body::Run(|run, _| Ok(moment(run.shared.state.now("now"))))),
    ("date", "sa", Body::Run(|run, a| formatted(run, &text(a, 0), at(a, 1)))),
    ("dateInZone", "sas", Body::Run(|run, a| formatted(run, &text(a, 0), at(a, 1)))),
    ("date_in_zone", "sas", Body::Run(|run, a| formatted(run, &text(a, 0), at(a, 1)))),
    ("htmlDate", "a", Body::Run(|run, a| formatted(run, "2006-01-02", at(a, 0)))),
    ("htmlDateInZone", "as", Body::Run(|run, a| formatted(run, "2006-01-02", at(a, 0)))),
    ("dateModify", "st", Body::Pure(|a| Ok(modified(a).unwrap_or_else(|| at(a, 1).clone())))),
    ("date_modify", "st", Body::Pure(|a| Ok(modified(a).unwrap_or_else(|| at(a, 1).clone())))),
    ("mustDateModify", "st", Body::Pure(must_modify)),
    ("must_date_modify", "st", Body::Pure(must_modify)),
    (
        "toDate",
        "ss",
        Body::Pure(|a| Ok(moment(time::parse(&text(a, 1), &text(a, 0)).unwrap_or(time::from_date(1, 1, 1))))),
    ),
    ("mustToDate", "ss", Body::Pure(must_to_date)),
    ("unixEpoch", "t", Body::Pure(|a| Ok(Value::str(seconds(at(a, 0)).unwrap_or(0).to_string())))),
    ("ago", "a", Body::Run(ago)),
    ("duration", "a", Body::Pure(duration)),
    ("durationRound", "a", Body::Run(duration_round)),
];

fn moment(seconds: i64) -> Value {
    Value::object(Object::Time(seconds))
}

fn seconds(value: &Value) -> Option<i64> {
    match value {
        Value::Object(object) => match **object {
            Object::Time(seconds) => Some(seconds),
            _ => None,
        },
        Value::Int(n) | Value::Int64(n) => Some(*n),
        _ => None,
    }
}

fn formatted(run: &mut Run, layout: &str, value: &Value) -> Outcome<Value> {
    let seconds = seconds(value).unwrap_or_else(|| run.shared.state.now("date"));
    Ok(Value::str(time::format(seconds, layout)))
}

fn modified(args: &[Value]) -> Option<Value> {
    Some(moment(seconds(at(args, 1))? + time::duration(&text(args, 0))?))
}

fn must_modify(args: &[Value]) -> Outcome<Value> {
    let quoted = crate::helm::quote::quoted(&text(args, 0));
    modified(args).ok_or_else(|| Fault::new(format!("time: invalid duration {quoted}")))
}

fn must_to_date(args: &[Value]) -> Outcome<Value> {
    let found = time::parse(&text(args, 1), &text(args, 0));
    found.map(moment).ok_or_else(|| Fault::new(format!("parsing time {}", crate::helm::quote::quoted(&text(args, 1)))))
}

fn ago(run: &mut Run, args: &[Value]) -> Outcome<Value> {
    let now = run.shared.state.now("ago");
    Ok(Value::str(time::duration_text(now - seconds(at(args, 0)).unwrap_or(now))))
}

fn duration(args: &[Value]) -> Outcome<Value> {
    let seconds = match at(args, 0) {
        Value::Str(text) => text.parse().unwrap_or(0),
        Value::Int64(n) => *n,
        _ => 0,
    };
    Ok(Value::str(time::duration_text(seconds)))
}

fn duration_round(run: &mut Run, args: &[Value]) -> Outcome<Value> {
    let seconds = match at(args, 0) {
        Value::Str(text) => time::duration(text).unwrap_or(0),
        Value::Int64(nanoseconds) => nanoseconds / 1_000_000_000,
        // An `int` is none of the types that Sprig knows here.
        Value::Int(_) => 0,
        other => seconds(other).map_or(0, |then| run.shared.state.now("durationRound") - then),
    };
    let size = seconds.unsigned_abs();
    let units = [(31_536_000, "y"), (2_592_000, "mo"), (86_400, "d"), (3600, "h"), (60, "m"), (1, "s")];
    let found = units.iter().find(|(unit, _)| size > *unit);
    Ok(Value::str(found.map_or_else(|| "0s".into(), |(unit, name)| format!("{}{name}", size / unit))))
}
