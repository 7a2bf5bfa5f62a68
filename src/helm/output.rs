//! A rendered chart as `helm template` prints it.

use super::error::Error;
use super::glob::Glob;
use super::manifests::Document;
use super::render::Rendered;

/// What is printed.
#[derive(Clone, Debug, Default)]
pub struct Output {
    /// Leaves out hooks.
    pub no_hooks: bool,
    /// Leaves out tests.
    pub skip_tests: bool,
    /// Only what comes from these templates; everything where this is empty.
    pub show_only: Vec<String>,
}

impl Rendered {
    /// The text that `helm template` prints.
    pub fn to_text(&self) -> String {
        self.all(&Output::default()).concat()
    }

    /// The text that `helm template` prints with these options, in parts: together it can be large.
    ///
    /// # Errors
    /// Where a template that is asked for gives nothing.
    pub fn print(&self, output: &Output) -> Result<Vec<&str>, Error> {
        if output.show_only.is_empty() { Ok(self.all(output)) } else { self.some(output) }
    }

    fn all(&self, output: &Output) -> Vec<&str> {
        let mut parts: Vec<&str> = self.crds.iter().chain(&self.manifests).flat_map(Document::parts).collect();
        // Helm trims all of this at once: the last file of `crds/` may end with blank lines.
        while let Some(last) = parts.pop() {
            let kept = last.trim_end();
            if !kept.is_empty() {
                parts.push(kept);
                break;
            }
        }
        parts.push("\n");
        parts.extend(self.hooks(output).flat_map(Document::parts));
        parts
    }

    fn hooks(&self, output: &Output) -> impl Iterator<Item = &Document> {
        self.hooks.iter().filter(move |hook| !(output.no_hooks || output.skip_tests && hook.is_test()))
    }

    fn some(&self, output: &Output) -> Result<Vec<&str>, Error> {
        let mut parts = Vec::new();
        for wanted in &output.show_only {
            let glob = Glob::new(wanted);
            let inner =
                |document: &&Document| document.source.split_once('/').is_some_and(|(_, path)| glob.matches(path));
            let mark = parts.len();
            for document in self.crds.iter().chain(&self.manifests).chain(self.hooks(output)).filter(inner) {
                parts.extend(["---\n# Source: ", &document.source, "\n", document.text().trim_end(), "\n"]);
            }
            if parts.len() == mark {
                return Err(Error::new(format!("could not find template {wanted} in chart")));
            }
        }
        Ok(parts)
    }
}
