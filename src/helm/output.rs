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
        self.all(&Output::default())
    }

    /// The text that `helm template` prints with these options.
    ///
    /// # Errors
    /// Where a template that is asked for gives nothing.
    pub fn print(&self, output: &Output) -> Result<String, Error> {
        if output.show_only.is_empty() { Ok(self.all(output)) } else { self.some(output) }
    }

    fn all(&self, output: &Output) -> String {
        let documents = || self.crds.iter().chain(&self.manifests);
        let size = documents().chain(&self.hooks).map(|d| d.text.len() + d.source.len() + 20).sum();
        let mut text = String::with_capacity(size);
        documents().for_each(|document| document.push_to(&mut text));
        // Helm trims all of this at once: a file of `crds/` may end, and the first one begin, with blank lines.
        text.truncate(text.trim_end().len());
        text.push('\n');
        self.hooks(output).for_each(|hook| hook.push_to(&mut text));
        text
    }

    fn hooks(&self, output: &Output) -> impl Iterator<Item = &Document> {
        self.hooks.iter().filter(move |hook| !(output.no_hooks || output.skip_tests && hook.is_test()))
    }

    fn some(&self, output: &Output) -> Result<String, Error> {
        let mut text = String::new();
        for wanted in &output.show_only {
            let glob = Glob::new(wanted);
            let inner =
                |document: &&Document| document.source.split_once('/').is_some_and(|(_, path)| glob.matches(path));
            let mut found = false;
            for document in self.crds.iter().chain(&self.manifests).chain(self.hooks(output)).filter(inner) {
                found = true;
                for part in ["---\n# Source: ", &document.source, "\n", document.text.trim_end(), "\n"] {
                    text.push_str(part);
                }
            }
            if !found {
                return Err(Error::new(format!("could not find template {wanted} in chart")));
            }
        }
        Ok(text)
    }
}
