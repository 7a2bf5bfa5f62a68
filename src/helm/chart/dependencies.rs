//! Which sub-charts take part, under which names, and what values they hand up.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::coalesce::{coalesce, merge};
use super::metadata::string;
use super::{Chart, Dependency};
use crate::helm::data::{Data, table_at, value_at};
use crate::helm::error::Error;
use crate::helm::semver::{Constraints, Version};
use crate::helm::table::Table;

/// Removes the sub-charts that conditions and tags switch off, renames those with an alias, and imports values.
pub(crate) fn process(chart: &mut Chart, values: &Table) -> Result<(), Error> {
    choose(chart, values, "")?;
    import(chart)
}

/// Whether a version is within a range. What cannot be read is not.
pub(crate) fn is_compatible(range: &str, version: &str) -> bool {
    match (Constraints::parse(range), Version::parse(version)) {
        (Some(constraints), Some(version)) => constraints.allow(&version),
        _ => false,
    }
}

fn choose(chart: &mut Chart, values: &Table, path: &str) -> Result<(), Error> {
    if chart.metadata.dependencies.is_empty() {
        return Ok(());
    }
    chart.dependencies = named(chart);
    for dependency in &mut chart.metadata.dependencies {
        if !dependency.alias.is_empty() {
            dependency.name.clone_from(&dependency.alias);
        }
        dependency.enabled = true;
    }
    let all = coalesce(chart, values, false)?;
    let tags = all.get("tags").and_then(Data::as_map);
    for dependency in &mut chart.metadata.dependencies {
        if let Some(tags) = tags {
            dependency.enabled = by_tags(dependency, tags);
        }
        by_conditions(dependency, &all, path);
    }
    let off: BTreeSet<String> =
        chart.metadata.dependencies.iter().filter(|d| !d.enabled).map(|d| d.name.clone()).collect();
    chart.dependencies.retain(|inner| !off.contains(inner.name()));
    chart.metadata.dependencies.retain(|dependency| !off.contains(&dependency.name));
    for inner in &mut chart.dependencies {
        let path = format!("{path}{}.", inner.metadata.name);
        choose(inner, &all, &path)?;
    }
    Ok(())
}

/// The sub-charts by the names that the chart gives them; one may appear under several.
fn named(chart: &Chart) -> Vec<Chart> {
    let fits = |inner: &Chart, wanted: &Dependency| {
        inner.name() == wanted.name && is_compatible(&wanted.version, &inner.metadata.version)
    };
    let wanted = &chart.metadata.dependencies;
    let unnamed = chart.dependencies.iter().filter(|inner| !wanted.iter().any(|w| fits(inner, w)));
    let mut charts: Vec<Chart> = unnamed.cloned().collect();
    for dependency in wanted {
        if let Some(inner) = chart.dependencies.iter().find(|inner| fits(inner, dependency)) {
            let mut inner = inner.clone();
            if !dependency.alias.is_empty() {
                inner.metadata.name.clone_from(&dependency.alias);
            }
            charts.push(inner);
        }
    }
    charts
}

/// On, unless some of its tags are off and none is on.
fn by_tags(dependency: &Dependency, tags: &Table) -> bool {
    let states: Vec<bool> = dependency
        .tags
        .iter()
        .filter_map(|tag| match tags.get(tag.as_str()) {
            Some(Data::Bool(state)) => Some(*state),
            _ => None,
        })
        .collect();
    states.is_empty() || states.contains(&true)
}

fn by_conditions(dependency: &mut Dependency, values: &Table, path: &str) {
    for condition in dependency.condition.trim().split(',').filter(|c| !c.is_empty()) {
        if let Some(Data::Bool(state)) = value_at(values, &format!("{path}{condition}")) {
            dependency.enabled = *state;
            return;
        }
    }
}

fn import(chart: &mut Chart) -> Result<(), Error> {
    for inner in &mut chart.dependencies {
        import(inner)?;
    }
    if chart.metadata.dependencies.is_empty() {
        return Ok(());
    }
    let mut values = coalesce(chart, &Table::new(), true)?;
    let mut imported = Table::new();
    for dependency in &mut chart.metadata.dependencies {
        let mut shown = Vec::new();
        for entry in &dependency.import_values {
            let Some((child, parent)) = ends(entry) else { continue };
            let pair = [("child", child.as_str()), ("parent", parent.as_str())];
            shown.push(Data::Map(pair.into_iter().map(|(k, v)| (k.into(), Data::str(v))).collect()));
            if let Some(table) = table_at(&values, &format!("{}.{child}", dependency.name)) {
                merge(&mut imported, at_path(&parent, table.clone()), true);
            }
        }
        dependency.import_values = shown;
    }
    merge(&mut values, imported, true);
    chart.values = Arc::new(values);
    Ok(())
}

/// From where in the sub-chart to where in its parent.
fn ends(entry: &Data) -> Option<(String, String)> {
    match entry {
        Data::Str(name) => Some((format!("exports.{name}"), ".".into())),
        Data::Map(table) => {
            let end = |key: &str| table.get(key).and_then(string).unwrap_or_else(|| "<nil>".into());
            Some((end("child"), end("parent")))
        }
        _ => None,
    }
}

/// A table at a path of keys.
fn at_path(path: &str, table: Table) -> Table {
    if path == "." {
        return table;
    }
    path.rsplit('.').fold(table, |inner, key| Table::from([(Arc::from(key), Data::Map(inner))]))
}
