//! `values.schema.json`: values against a JSON Schema, with Helm's words for what does not fit.
//!
//! It knows the keywords that charts use, and all others of draft 7 that say something of plain data. References lead within the
//! file only: what other hosts have Helm would fetch, and this engine opens no connection.

mod check;
mod draft;
mod format;
mod location;
mod references;
mod report;
mod sizes;

use super::chart::Chart;
use super::data::Data;
use super::error::Error;
use super::json;
use super::table::Table;
use check::Checker;

/// Checks the values of a chart and of its sub-charts, each against its own schema.
pub(super) fn validate(chart: &Chart, values: &Table) -> Result<(), Error> {
    let found = chart_text(chart, values)?;
    if found.is_empty() {
        return Ok(());
    }
    let head = "values don't meet the specifications of the schema(s) in the following chart(s):\n";
    Err(Error::new(format!("{head}{}", found.trim_end())))
}

fn chart_text(chart: &Chart, values: &Table) -> Result<String, Error> {
    let mut text = String::new();
    if let Some(schema) = chart.schema() {
        let schema = String::from_utf8_lossy(schema);
        let schema = json::read(&schema).map_err(Error::new)?;
        match Checker::new(&schema).map(|checker| checker.root(values)) {
            Ok(None) => {}
            Ok(Some(found)) => text += &format!("{}:\n{}\n", chart.name(), found.shown()),
            // Helm ends these without a new line.
            Err(problem) => text += &format!("{}:\n{problem}", chart.name()),
        }
    }
    for inner in &chart.dependencies {
        match values.get(inner.name()) {
            None | Some(Data::Null) => {}
            Some(Data::Map(own)) => text += &chart_text(inner, own)?,
            Some(other) => {
                let name = inner.name();
                let got = super::value::Value::from(other).type_name();
                text += &format!("{name}:\ninvalid type for values: expected object (map), got {got}\n");
            }
        }
    }
    Ok(text)
}
