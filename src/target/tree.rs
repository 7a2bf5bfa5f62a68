//! An environment's files as the tree that is written, with the digest of all that it was made from.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use crate::emit::{Digest, EmitError, Tree, TreeBuilder};
use crate::render::Rendered;
use crate::share;
use crate::source::Program;
use crate::yaml::FileId;

/// Makes trees, and looks at each source once, however many environments use it.
#[derive(Debug)]
pub struct Trees<'p> {
    program: &'p Program,
    digests: Vec<OnceLock<Digest>>,
}

impl<'p> Trees<'p> {
    /// For the environments of a program. `known` gives the digests of those files of the repository that were made before.
    pub fn new(program: &'p Program, known: impl Fn(&str) -> Option<Digest>) -> Self {
        let digest = |name: &str| known(name).map_or_else(OnceLock::new, OnceLock::from);
        Trees { program, digests: program.sources.files().map(|(_, file)| digest(&file.name)).collect() }
    }

    /// The tree of an environment.
    pub fn tree(&self, rendered: &Rendered<'_>) -> Result<Tree, EmitError> {
        let (files, inputs) = share::join(rendered.units.len(), || super::files(rendered), || self.inputs(rendered));
        let mut builder = TreeBuilder::new();
        for file in files {
            if file.executable {
                builder.insert_executable(file.path, file.text)?;
            } else {
                builder.insert(file.path, file.text)?;
            }
        }
        builder.finish(inputs)
    }

    /// One digest of all sources of an environment, and of the charts that are rendered here. Those of other environments do not count.
    pub fn inputs(&self, rendered: &Rendered<'_>) -> Digest {
        let files = sources(rendered);
        let charts = rendered.units.iter().filter_map(|unit| Some((&*unit.name, unit.chart_digest?)));
        Digest::of_inputs(charts.chain(files.into_iter().filter_map(|file| {
            let digest = *self.digests.get(file.0 as usize)?.get_or_init(|| self.digest(file));
            Some((self.program.sources.name(file), digest))
        })))
    }

    fn digest(&self, file: FileId) -> Digest {
        Digest::of(self.program.sources.file(file).map_or(&[], |source| source.text.as_bytes()))
    }
}

/// The files that an environment is made from: layers, architecture, components, and the capabilities that these name.
fn sources(rendered: &Rendered<'_>) -> BTreeSet<FileId> {
    let platform = &rendered.platform;
    let mut files: BTreeSet<FileId> = platform.settings.environment.layers.iter().map(|l| l.span.file).collect();
    files.insert(platform.settings.architecture.span.file);
    for instance in &platform.instances {
        let component = &instance.source.component;
        files.extend(&instance.source.all_files);
        let named = component.wants().map(|(want, _)| &want.capability.text);
        let named = named.chain(component.provides.keys().map(|key| &key.text));
        files.extend(named.filter_map(|name| platform.program.capabilities.get(name)).map(|c| c.span.file));
    }
    files
}
