//! Values from charts, their parents and the user, into one tree: Helm's rules for null, tables and globals.

use std::sync::Arc;

use super::Chart;
use crate::helm::data::Data;
use crate::helm::error::Error;
use crate::helm::table::Table;

const GLOBAL: &str = "global";

/// Fills the user's values with those of the chart and its sub-charts. Nulls of the user remove what a chart says,
/// unless they are to be kept for a later turn (`keep_nulls`).
pub(crate) fn coalesce(chart: &Chart, values: &Table, keep_nulls: bool) -> Result<Table, Error> {
    let mut result = values.clone();
    fill(chart, &mut result, keep_nulls)?;
    spread(chart, &mut result);
    Ok(result)
}

fn fill(chart: &Chart, values: &mut Table, keep_nulls: bool) -> Result<(), Error> {
    fill_own(chart, values, keep_nulls);
    for inner in &chart.dependencies {
        let globals = values.get(GLOBAL).cloned();
        let mut table = match values.remove(inner.name()) {
            None => Table::new(),
            Some(Data::Map(table)) => table,
            Some(other) => {
                return Err(Error::new(format!("type mismatch on {}: {}", inner.name(), go_bool_verb(&other))));
            }
        };
        fill_globals(&mut table, globals);
        fill(inner, &mut table, keep_nulls)?;
        hand_over(&table, values);
        values.insert(Arc::from(inner.name()), Data::Map(table));
    }
    Ok(())
}

/// Gives all charts the globals as they became. Helm copies only the outer two levels of globals for a sub-chart: maps below them
/// are one and the same for a chart and those within it, and what one of them adds, all others have too.
fn spread(chart: &Chart, values: &mut Table) {
    for inner in &chart.dependencies {
        let Some(Data::Map(table)) = values.get(inner.name()) else { continue };
        let mut table = table.clone();
        hand_over(values, &mut table);
        spread(inner, &mut table);
        values.insert(Arc::from(inner.name()), Data::Map(table));
    }
}

/// Puts the maps that both charts' globals have below their outer keys from one into the other.
fn hand_over(from: &Table, to: &mut Table) {
    let globals = |values: &Table| Some(values.get(GLOBAL)?.as_map()?.clone());
    let (Some(new), Some(old)) = (globals(from), globals(to)) else { return };
    for (key, new, old) in differing(&new, &old) {
        for (name, new, _) in differing(new, old) {
            if let Some(Data::Map(globals)) = to.get_mut(GLOBAL)
                && let Some(Data::Map(outer)) = globals.get_mut(key)
            {
                outer.insert(name.clone(), Data::Map(new.clone()));
            }
        }
    }
}

/// The maps that two maps have under the same key, where they are not one and the same.
fn differing<'t>(one: &'t Table, other: &'t Table) -> impl Iterator<Item = (&'t Arc<str>, &'t Table, &'t Table)> {
    one.iter().filter_map(|(key, value)| {
        let (one, other) = (value.as_map()?, other.get(key)?.as_map()?);
        (!one.is_same(other)).then_some((key, one, other))
    })
}

/// What Go prints for a value with the verb for booleans, which Helm uses here.
fn go_bool_verb(data: &Data) -> String {
    use crate::helm::value::Value;
    match data {
        Data::Bool(b) => b.to_string(),
        Data::Null => "%!t(<nil>)".into(),
        other => {
            let value = Value::from(other);
            format!("%!t({}={})", value.type_name(), crate::helm::print::text(&value))
        }
    }
}

/// Lays the parent's globals over a sub-chart's.
fn fill_globals(table: &mut Table, parent: Option<Data>) {
    let mut own = match table.remove(GLOBAL) {
        None => Table::new(),
        Some(Data::Map(own)) => own,
        Some(other) => {
            table.insert(GLOBAL.into(), other);
            return;
        }
    };
    let source = match parent {
        None => Table::new(),
        Some(Data::Map(source)) => source,
        Some(_) => {
            if !own.is_empty() {
                table.insert(GLOBAL.into(), Data::Map(own));
            }
            return;
        }
    };
    for (key, value) in source {
        match (value, own.get(&key)) {
            (Data::Map(mut over), Some(Data::Map(below))) => {
                merge(&mut over, below.clone(), true);
                own.insert(key, Data::Map(over));
            }
            (Data::Map(_), Some(_)) => {}
            (value @ Data::Map(_), None) => {
                own.insert(key, value);
            }
            (_, Some(Data::Map(_))) => {}
            (value, _) => {
                own.insert(key, value);
            }
        }
    }
    table.insert(GLOBAL.into(), Data::Map(own));
}

/// Fills values with the defaults of one chart.
fn fill_own(chart: &Chart, values: &mut Table, keep_nulls: bool) {
    for (key, default) in chart.values.iter() {
        match (values.get_mut(key), default) {
            (None, _) => {
                values.insert(key.clone(), default.clone());
            }
            (Some(Data::Null), _) if !keep_nulls => {
                values.remove(key);
            }
            (Some(Data::Map(table)), Data::Map(default)) => {
                let is_chart = chart.dependencies.iter().any(|inner| *inner.name() == **key);
                merge(table, default.clone(), keep_nulls || is_chart);
            }
            (Some(_), _) => {}
        }
    }
}

/// Merges one table under another.
pub(super) fn merge(over: &mut Table, below: Table, keep_nulls: bool) {
    for (key, value) in below {
        match (over.get_mut(&key), value) {
            (None, value) => {
                over.insert(key, value);
            }
            (Some(Data::Null), value) => {
                if !keep_nulls && !value.is_null() {
                    over.remove(&key);
                }
            }
            (Some(Data::Map(table)), Data::Map(inner)) => merge(table, inner, keep_nulls),
            (Some(_), _) => {}
        }
    }
}
