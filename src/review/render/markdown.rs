//! For a comment at a pull request: risks first, then what changed, within a limit.

use super::escape::{In, code, fence, html, html_code, plain, sentence};
use super::rows::{RiskRow, rows};
use super::{count, headline, is_told, names, path, risk_counts};
use crate::diagnostic::paint::clean;
use crate::review::model::{ComponentReview, FileReview, Hunk, Level, LineKind, Lines, Review};
use crate::review::risk::Rule;

/// How to write Markdown.
#[derive(Clone, Debug)]
pub struct Markdown {
    /// Bytes that the text may have. GitHub takes 65,536 characters for a comment.
    pub limit: usize,
    /// The command that shows everything, to be named where something is left out.
    pub command: String,
}

impl Default for Markdown {
    fn default() -> Self {
        Markdown { limit: 65_536, command: "stackgen diff".to_owned() }
    }
}

/// By this line a program finds its own comment again.
const MARK: &str = "<!-- stackgen review -->";
/// Kept for what is said of what was left out.
const FOOTER: usize = 600;
/// Kept for closing what is open.
const CLOSING: usize = 64;
/// A longer line is cut.
const MAX_LINE: usize = 400;
/// Below this many bytes a piece of a hunk does not help.
const MIN_PIECE: usize = 200;

/// The review as a comment. What does not fit is left out, the least important first, and counted at the end.
pub fn render_markdown(review: &Review, options: &Markdown) -> String {
    let mut page = Page { out: String::new(), limit: options.limit.saturating_sub(FOOTER), left: Left::default() };
    page.out.push_str(&format!("{MARK}\n### {}\n\n", plain(&headline(review))));
    if review.is_empty() {
        return page.out;
    }
    page.out.push_str(&format!("{} → {}\n\n", code(&review.before, In::Text), code(&review.after, In::Text)));
    page.risks(review);
    page.table(review);
    let mut components: Vec<&ComponentReview> = review.components.iter().collect();
    components.sort_by_key(|component| component.risks.first().map_or(Level::Info, |risk| risk.rule.level));
    components.into_iter().for_each(|component| page.component(component));
    page.footer(&options.command);
    page.out
}

/// What did not fit.
#[derive(Default)]
struct Left {
    risks: usize,
    rows: usize,
    files: usize,
    lines: usize,
}

struct Page {
    out: String,
    limit: usize,
    left: Left,
}

impl Page {
    /// Whether a text fits into a share of the page, in percent of all.
    fn fits(&self, text: &str, share: usize) -> bool {
        self.out.len() + text.len() + CLOSING <= self.limit * share / 100
    }

    fn risks(&mut self, review: &Review) {
        let all = review.risks();
        if all.is_empty() {
            self.out.push_str("No rule found a risk.\n\n");
            return;
        }
        let counts = risk_counts(all.iter().map(|(_, risk)| *risk));
        self.out.push_str(&format!(
            "**Risks: {counts}**\n\n| risk | component | what | environments |\n|---|---|---|---|\n"
        ));
        for row in rows(all.iter().copied()) {
            let count = row.len();
            let row = risk_row(&row);
            if self.fits(&row, 45) { self.out.push_str(&row) } else { self.left.risks += count }
        }
        self.out.push('\n');
        let mut rules: Vec<&'static Rule> = Vec::new();
        for (_, risk) in &all {
            if !rules.contains(&risk.rule) {
                rules.push(risk.rule);
            }
        }
        let mut advice = String::from("<details><summary>What to do about them</summary>\n\n");
        for rule in rules {
            advice.push_str(&format!(
                "- **{}** ({}): {}\n",
                plain(rule.title),
                code(rule.id, In::Text),
                sentence(rule.advice, In::Text)
            ));
        }
        advice.push_str("\n</details>\n\n");
        if self.fits(&advice, 60) {
            self.out.push_str(&advice);
        }
    }

    fn table(&mut self, review: &Review) {
        self.out.push_str("| component | environments | files | lines | risks |\n|---|---|--:|--:|---|\n");
        for component in review.components.iter().filter(|c| is_told(c)) {
            let lines = component.count();
            let row = format!(
                "| {} | {} | {} | +{} −{} | {} |\n",
                code(&component.name, In::Cell),
                plain(&names(&component.environments)),
                component.files.len(),
                lines.added,
                lines.removed,
                risk_counts(component.risks.iter()),
            );
            if self.fits(&row, 75) { self.out.push_str(&row) } else { self.left.rows += 1 }
        }
        self.out.push('\n');
    }

    fn component(&mut self, component: &ComponentReview) {
        let lines = component.count();
        let risks = risk_counts(component.risks.iter());
        let open = format!(
            "<details><summary>{} · {} · {} · +{} −{}{}</summary>\n\n",
            html_code(&component.name),
            html(&names(&component.environments)),
            count(component.files.len(), "file"),
            lines.added,
            lines.removed,
            if risks.is_empty() { String::new() } else { format!(" · <b>{risks}</b>") },
        );
        if component.files.is_empty() {
            return;
        }
        if !self.fits(&open, 100) {
            self.left.files += component.files.len();
            self.left.lines += lines.added + lines.removed;
            return;
        }
        self.out.push_str(&open);
        let (noise, read): (Vec<&FileReview>, Vec<&FileReview>) =
            component.files.iter().partition(|file| file.noise.is_some());
        read.into_iter().for_each(|file| self.file(file));
        for file in noise {
            let lines = file.count();
            let what = file.noise.map_or("", |noise| noise.title());
            let size = match lines {
                Lines { added: 0, removed: 0 } => String::new(),
                Lines { added, removed } => format!(" (+{added} −{removed})"),
            };
            let item = format!("- {}: {}{size}\n", heading(file), plain(what));
            if self.fits(&item, 100) { self.out.push_str(&item) } else { self.left.files += 1 }
        }
        if !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
        self.out.push_str("</details>\n\n");
    }

    /// A file takes at most a fifth of the page, so that a large one does not hide all others.
    fn file(&mut self, file: &FileReview) {
        let mut head = heading(file);
        file.notes.iter().for_each(|note| head.push_str(&format!("; {}", plain(&note.to_string()))));
        let lines: usize = file.count().added + file.count().removed;
        let room = (self.limit / 5).min(self.limit.saturating_sub(self.out.len() + head.len() + 2 * CLOSING));
        if !self.fits(&head, 100) || (room < MIN_PIECE && !file.hunks.is_empty()) {
            self.left.files += 1;
            self.left.lines += lines;
            return;
        }
        let (shown, left) = diff_lines(file, room);
        self.left.lines += left;
        self.out.push_str(&head);
        self.out.push_str("\n\n");
        if !shown.is_empty() {
            let fence = fence(shown.iter().map(String::as_str));
            self.out.push_str(&format!("{fence}diff\n{}\n{fence}\n\n", shown.join("\n")));
        }
    }

    fn footer(&mut self, command: &str) {
        let Left { risks, rows, files, lines } = self.left;
        let mut parts = Vec::new();
        for (number, noun) in [(risks, "risk"), (rows, "row"), (files, "file"), (lines, "changed line")] {
            if number > 0 {
                parts.push(count(number, noun));
            }
        }
        if !parts.is_empty() {
            let command: String = command.chars().take(FOOTER / 3).collect();
            self.out.push_str(&format!(
                "**Left out, to stay within a comment's size: {}.** {} shows everything.\n",
                parts.join(", "),
                code(&command, In::Text)
            ));
        }
    }
}

fn risk_row(row: &RiskRow<'_>) -> String {
    let risk = row.risk;
    format!(
        "| **{}** | {} | {} {} – *{}* | {} |\n",
        risk.rule.level.title(),
        code(&row.components(), In::Cell),
        code(&row.subjects(), In::Cell),
        sentence(&risk.message, In::Cell),
        plain(risk.rule.title),
        plain(&names(&risk.environments)),
    )
}

fn heading(file: &FileReview) -> String {
    format!("{} {} in {}", code(&path(file), In::Text), file.change.id(), plain(&names(&file.environments)))
}

/// The lines of a file's hunks that fit, and how many changed ones do not.
fn diff_lines(file: &FileReview, room: usize) -> (Vec<String>, usize) {
    let (mut shown, mut left, mut used) = (Vec::new(), 0, 0);
    for hunk in &file.hunks {
        let changed = hunk.count().added + hunk.count().removed;
        let head = hunk_head(hunk, file);
        if used + head.len() + MIN_PIECE > room {
            left += changed;
            continue;
        }
        used += head.len() + 1;
        shown.push(head);
        let (mut full, mut missing) = (false, 0);
        for line in &hunk.lines {
            let text = diff_line(line.kind, &line.text());
            full |= used + text.len() + CLOSING > room;
            if full {
                missing += usize::from(line.kind != LineKind::Context);
            } else {
                used += text.len() + 1;
                shown.push(text);
            }
        }
        if full {
            shown.push(format!("… and {}", count(missing, "more changed line")));
        }
        left += missing;
    }
    (shown, left)
}

fn hunk_head(hunk: &Hunk, file: &FileReview) -> String {
    let environments = if hunk.environments == file.environments {
        String::new()
    } else {
        format!("  [{}]", clean(&names(&hunk.environments)))
    };
    let inside = clean(&hunk.inside).replace('\n', " ");
    format!("@@ -{},{} +{},{} @@ {inside}{environments}", hunk.before.0, hunk.before.1, hunk.after.0, hunk.after.1)
        .trim_end()
        .to_owned()
}

fn diff_line(kind: LineKind, text: &str) -> String {
    let sign = match kind {
        LineKind::Context => ' ',
        LineKind::Removed => '-',
        LineKind::Added => '+',
    };
    let text = clean(text).replace('\n', " ");
    match text.char_indices().nth(MAX_LINE) {
        Some((at, _)) => format!("{sign}{}… ({} characters)", &text[..at], text.chars().count()),
        None => format!("{sign}{text}"),
    }
}
