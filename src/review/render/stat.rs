//! A table: one line for each component.

use super::terminal::ink;
use super::{count, headline, is_told, names, risk_counts};
use crate::diagnostic::Style;
use crate::diagnostic::paint::{Ink, clean, paint};
use crate::review::model::{ComponentReview, Lines, Review};

/// The longest bar of plus and minus signs.
const BAR: usize = 30;

/// For each component how many files and lines changed, and its risks: like `git diff --stat`.
pub fn render_stat(review: &Review, style: Style) -> String {
    let components: Vec<&ComponentReview> = review.components.iter().filter(|c| is_told(c)).collect();
    let width = |text: &dyn Fn(&ComponentReview) -> String| {
        components.iter().map(|c| text(c).chars().count()).max().unwrap_or(0)
    };
    let name = |c: &ComponentReview| clean(&c.name);
    let environments = |c: &ComponentReview| clean(&names(&c.environments));
    let files = |c: &ComponentReview| count(c.files.len(), "file");
    let sizes = (width(&name), width(&environments), width(&files));
    let most = components.iter().map(|c| c.count()).map(|lines| lines.added + lines.removed).max().unwrap_or(0);
    let digits = most.to_string().len();
    let mut out = String::new();
    for component in &components {
        let lines = component.count();
        out.push_str(&format!(
            " {}  {}  {:>files$} | {:>digits$} {}",
            padded(&name(component), sizes.0),
            paint(style.color, Ink::Cyan, &padded(&environments(component), sizes.1)),
            files(component),
            lines.added + lines.removed,
            bar(lines, most, style),
            files = sizes.2,
        ));
        if let Some(worst) = component.risks.first() {
            let risks = risk_counts(component.risks.iter());
            out.push_str(&format!("  {}", paint(style.color, ink(worst.rule.level), &risks)));
        }
        out.truncate(out.trim_end().len());
        out.push('\n');
    }
    out.push_str(&format!(" {}\n", clean(&headline(review))));
    let risks = risk_counts(review.components.iter().flat_map(|c| &c.risks));
    if !risks.is_empty() {
        out.push_str(&format!(" risks: {risks}\n"));
    }
    out
}

fn padded(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.chars().count())))
}

/// Plus and minus signs in proportion; what changed at all has one of each kind that it has.
fn bar(lines: Lines, most: usize, style: Style) -> String {
    let scaled = |number: usize| match number {
        0 => 0,
        _ if most <= BAR => number,
        _ => (number * BAR / most).max(1),
    };
    let (plus, minus) = ("+".repeat(scaled(lines.added)), "-".repeat(scaled(lines.removed)));
    format!("{}{}", paint(style.color, Ink::Green, &plus), paint(style.color, Ink::Red, &minus))
}
