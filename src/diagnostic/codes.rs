//! The codes of findings: one table for each stage, each code with what `stackgen explain CODE` prints.
//!
//! Numbers are never used again: SG01 reading, SG02 shape of sources, SG03 templates, SG04 resolution,
//! SG05 layers, SG06 checks, SG07 output, SG08 review, SG09 stackgen itself, SG10 rendering,
//! SG11 charts.

/// A kind of finding.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// `SG` and four digits.
    pub id: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// Markdown: why it matters, an example, what to do.
    pub explain: &'static str,
}

pub mod charts;
pub mod checks;
pub mod layers;
pub mod output;
pub mod reading;
pub mod rendering;
pub mod resolution;
pub mod review;
pub mod shape;
pub mod templates;

/// All codes, in order of their numbers.
pub fn all() -> Vec<&'static Code> {
    let tables = [
        reading::ALL,
        shape::ALL,
        templates::ALL,
        resolution::ALL,
        layers::ALL,
        checks::ALL,
        rendering::ALL,
        output::ALL,
        review::ALL,
        charts::ALL,
    ];
    let mut all: Vec<&'static Code> = tables.concat();
    all.sort_by_key(|code| code.id);
    all
}

/// The code of an id, whatever the case of its letters.
pub fn find(id: &str) -> Option<&'static Code> {
    all().into_iter().find(|code| code.id.eq_ignore_ascii_case(id))
}
