//! The engine's errors in the form in which Helm prints them.

use super::error::{Error, Fault, Frame};
use super::functions::{WARNING_END, WARNING_START};

/// A template that cannot be parsed.
pub(super) fn parse_error(path: &str, text: &str) -> Error {
    let parts: Vec<&str> = text.split(": ").collect();
    Error::new(match parts.as_slice() {
        [_, location, .., message] => format!("parse error at ({location}): {message}"),
        [_, location] => format!("parse error at ({location}): {location}"),
        _ => format!("parse error in ({path}): {text}"),
    })
}

/// A template that failed.
pub(super) fn run_error(path: &str, fault: &Fault) -> Error {
    if !is_from_engine(fault) {
        return Error::new(&*fault.text);
    }
    Error::new(run_text(path, fault)).with_frames(frames(fault))
}

/// The chain of templates, from the outermost to the one that failed.
fn frames(fault: &Fault) -> Vec<Frame> {
    let mut frames: Vec<Frame> = Vec::new();
    let mut current = Some(fault);
    while let Some(fault) = current {
        let frame = Place::read(&fault.text).and_then(|place| place.frame());
        frames.extend(frame.filter(|frame| frames.last() != Some(frame)));
        current = fault.cause.as_deref();
    }
    frames
}

fn run_text(path: &str, fault: &Fault) -> String {
    let mut parts = fault.text.splitn(3, ": ");
    let (Some(_), Some(location), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
        return format!("execution error in ({path}): {}", fault.text);
    };
    if let Some(message) = warning(rest) {
        return format!("execution error at ({location}): {message}");
    }
    let whole = &fault.text;
    let mut places: Vec<Place> = Vec::new();
    let mut current = Some(fault);
    while let Some(fault) = current {
        let Some(place) = Place::read(&fault.text) else { return whole.clone() };
        if places.last() != Some(&place) {
            places.push(place);
        }
        current = fault.cause.as_deref();
    }
    let text: String = places.iter().map(Place::shown).collect();
    text.trim().to_owned()
}

fn is_from_engine(fault: &Fault) -> bool {
    fault.exec || fault.cause.as_deref().is_some_and(is_from_engine)
}

/// The message between the marks of `fail` and `required`.
fn warning(text: &str) -> Option<&str> {
    let (_, after) = text.split_once(WARNING_START)?;
    Some(&after[..after.rfind(WARNING_END)?])
}

/// One line of the chain: where, what was running, and what went wrong there.
#[derive(PartialEq)]
struct Place {
    location: String,
    running: String,
    message: String,
}

impl Place {
    fn read(text: &str) -> Option<Place> {
        let rest = text.strip_prefix("template: ")?;
        let place = |location: &str, running: String, message: &str| {
            let message = message.split(" template:").next().unwrap_or(message).to_owned();
            Some(Place { location: location.to_owned(), running, message })
        };
        if rest.starts_with("no template ") {
            return Some(Place { location: String::new(), running: String::new(), message: text.to_owned() });
        }
        if let Some((location, after)) = rest.split_once(": executing ") {
            let inner = after.strip_prefix('"')?;
            let (function, after) = inner.split_once('"')?;
            let (node, message) = after.strip_prefix(" at <")?.split_once(">: ")?;
            return place(location, format!("executing \"{function}\" at <{node}>:"), message);
        }
        let (location, message) = rest.rsplit_once(": ")?;
        place(location, String::new(), message)
    }

    fn frame(&self) -> Option<Frame> {
        let (rest, column) = self.location.rsplit_once(':')?;
        let (template, line) = rest.rsplit_once(':')?;
        let expression = self.running.split_once(" at <").map_or("", |(_, expression)| expression);
        Some(Frame {
            template: template.to_owned(),
            line: line.parse().ok()?,
            column: column.parse().ok()?,
            expression: expression.strip_suffix(">:").unwrap_or(expression).to_owned(),
        })
    }

    fn shown(&self) -> String {
        let mut out = String::new();
        if !self.location.is_empty() {
            out += &format!("{}\n  ", self.location);
        }
        if !self.running.is_empty() {
            out += &format!("{}\n    ", self.running);
        }
        if !self.message.is_empty() {
            out += &format!("{}\n", self.message);
        }
        out
    }
}
