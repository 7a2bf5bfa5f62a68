//! For a person at a terminal.

use super::rows::{RiskRow, rows};
use super::{headline, key_line, names, names_unless, path, risk_counts};
use crate::diagnostic::Style;
use crate::diagnostic::paint::{Ink, clean, paint};
use crate::review::model::{ComponentReview, FileReview, Hunk, Level, Line, LineKind, Lines, Review};

/// Keys of a file that are listed before its lines.
const MAX_KEYS: usize = 20;

/// The whole review: for each component its risks, its changed keys and lines. `style` says whether there are colours.
pub fn render_terminal(review: &Review, style: Style) -> String {
    let mut page = Page { style, out: String::new() };
    for component in &review.components {
        page.component(component, review);
    }
    page.text(Ink::Bold, &headline(review));
    page.end();
    let risks = risk_counts(review.components.iter().flat_map(|c| &c.risks));
    if !risks.is_empty() {
        page.line(&[(None, "risks: "), (Some(ink(review.worst().unwrap_or(Level::Info))), &risks)]);
    }
    page.out
}

/// The colour of a level.
pub(super) fn ink(level: Level) -> Ink {
    match level {
        Level::DataLoss | Level::Outage => Ink::Red,
        Level::Security | Level::Restart => Ink::Yellow,
        Level::Info => Ink::Cyan,
    }
}

struct Page {
    style: Style,
    out: String,
}

impl Page {
    fn text(&mut self, ink: Ink, text: &str) {
        self.out.push_str(&paint(self.style.color, ink, &clean(text)));
    }

    fn plain(&mut self, text: &str) {
        self.out.push_str(&clean(text));
    }

    fn end(&mut self) {
        self.out.push('\n');
    }

    fn line(&mut self, parts: &[(Option<Ink>, &str)]) {
        for (ink, text) in parts {
            match ink {
                Some(ink) => self.text(*ink, text),
                None => self.plain(text),
            }
        }
        self.end();
    }

    fn component(&mut self, component: &ComponentReview, review: &Review) {
        let lines = component.count();
        self.text(Ink::Bold, &format!("━━ {} ", component.name));
        if let Some(environments) = names_unless(&component.environments, &review.environments) {
            self.text(Ink::Cyan, &format!("[{}] ", names(environments)));
        }
        self.line(&[
            (Some(Ink::Green), &format!("+{}", lines.added)),
            (None, " "),
            (Some(Ink::Red), &format!("−{}", lines.removed)),
        ]);
        for row in rows(component.risks.iter().map(|risk| (component, risk))) {
            self.risk(&row, component);
        }
        for file in component.files.iter().filter(|file| file.noise.is_none()) {
            self.end();
            self.file(file, component);
        }
        let noise: Vec<_> = component.files.iter().filter(|file| file.noise.is_some()).collect();
        if !noise.is_empty() {
            self.end();
        }
        noise.into_iter().for_each(|file| self.noise(file, component));
        self.end();
    }

    fn risk(&mut self, row: &RiskRow<'_>, component: &ComponentReview) {
        let risk = row.risk;
        self.plain("   ");
        self.text(ink(risk.rule.level), risk.rule.level.title());
        self.plain(&format!("  {}  {}", row.subjects(), risk.message));
        if let Some(environments) = names_unless(&risk.environments, &component.environments) {
            self.text(Ink::Cyan, &format!("  [{}]", names(environments)));
        }
        self.text(Ink::Dim, &format!(" – {} ({})", risk.rule.title, risk.rule.id));
        self.end();
    }

    fn heading(&mut self, file: &FileReview, component: &ComponentReview) {
        self.text(Ink::Yellow, &path(file));
        self.plain(&format!("  {}", file.change.id()));
        if let Some(environments) = names_unless(&file.environments, &component.environments) {
            self.text(Ink::Cyan, &format!("  [{}]", names(environments)));
        }
    }

    fn file(&mut self, file: &FileReview, component: &ComponentReview) {
        self.heading(file, component);
        self.end();
        for note in &file.notes {
            self.line(&[(Some(Ink::Dim), &format!("  {note}"))]);
        }
        for key in file.keys.iter().take(MAX_KEYS) {
            self.text(Ink::Dim, &format!("  {}", key_line(key)));
            if let Some(environments) = names_unless(&key.environments, &file.environments) {
                self.text(Ink::Cyan, &format!("  [{}]", names(environments)));
            }
            self.end();
        }
        if file.keys.len() > MAX_KEYS {
            self.line(&[(Some(Ink::Dim), &format!("  … and {} more keys", file.keys.len() - MAX_KEYS))]);
        }
        for hunk in &file.hunks {
            self.hunk(hunk, file);
        }
    }

    /// Nothing is left out: the change is named, and its lines are those of the kind that it names.
    fn noise(&mut self, file: &FileReview, component: &ComponentReview) {
        self.heading(file, component);
        let lines = file.count();
        let what = file.noise.map_or("", |noise| noise.title());
        let size = match lines {
            Lines { added: 0, removed: 0 } => String::new(),
            Lines { added, removed } => format!(" (+{added} −{removed})"),
        };
        self.line(&[(Some(Ink::Dim), &format!("  {what}{size}"))]);
    }

    fn hunk(&mut self, hunk: &Hunk, file: &FileReview) {
        let (before, after) = (hunk.before, hunk.after);
        self.text(Ink::Cyan, &format!("@@ -{},{} +{},{} @@", before.0, before.1, after.0, after.1));
        if !hunk.inside.is_empty() {
            self.plain(&format!(" {}", hunk.inside));
        }
        if let Some(environments) = names_unless(&hunk.environments, &file.environments) {
            self.text(Ink::Cyan, &format!("  [{}]", names(environments)));
        }
        self.end();
        hunk.lines.iter().for_each(|line| self.changed(line));
    }

    fn changed(&mut self, line: &Line) {
        let (sign, plain, marked) = match line.kind {
            LineKind::Context => (" ", None, Ink::Dim),
            LineKind::Removed => ("-", Some(Ink::Red), Ink::RedWord),
            LineKind::Added => ("+", Some(Ink::Green), Ink::GreenWord),
        };
        let mut parts = vec![(plain, sign)];
        parts.extend(
            line.pieces.iter().map(|piece| (if piece.marked { Some(marked) } else { plain }, piece.text.as_str())),
        );
        self.line(&parts);
        if line.unfinished {
            self.line(&[(Some(Ink::Dim), "\\ No newline at end of file")]);
        }
    }
}
