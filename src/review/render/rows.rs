//! Risks that say the same of several objects or components, as one row.

use std::collections::BTreeMap;

use super::subject;
use crate::review::model::{ComponentReview, Environments, Risk};

/// A risk that is shown once, although several objects or components have it.
pub(super) struct RiskRow<'a> {
    /// The first of them.
    pub(super) risk: &'a Risk,
    components: Vec<&'a str>,
    subjects: Vec<String>,
}

/// Risks with the same words and environments together, in the order of the first of each.
pub(super) fn rows<'a>(risks: impl Iterator<Item = (&'a ComponentReview, &'a Risk)>) -> Vec<RiskRow<'a>> {
    let mut found: Vec<RiskRow<'a>> = Vec::new();
    let mut places: BTreeMap<(&str, &str, &Environments), usize> = BTreeMap::new();
    for (component, risk) in risks {
        let at = *places.entry((risk.rule.id, &risk.message, &risk.environments)).or_insert(found.len());
        match found.get_mut(at) {
            Some(row) => {
                row.subjects.push(subject(risk));
                if !row.components.contains(&component.name.as_str()) {
                    row.components.push(&component.name);
                }
            }
            None => found.push(RiskRow { risk, components: vec![&component.name], subjects: vec![subject(risk)] }),
        }
    }
    found
}

impl RiskRow<'_> {
    /// How many risks it stands for.
    pub(super) fn len(&self) -> usize {
        self.subjects.len()
    }

    /// What it is about: a few, and how many more.
    pub(super) fn subjects(&self) -> String {
        few(&self.subjects)
    }

    /// The components that have it: a few, and how many more.
    pub(super) fn components(&self) -> String {
        few(&self.components)
    }
}

fn few<T: AsRef<str>>(names: &[T]) -> String {
    const SHOWN: usize = 3;
    let mut text = names.iter().take(SHOWN).map(AsRef::as_ref).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN {
        text.push_str(&format!(" and {} more", names.len() - SHOWN));
    }
    text
}
