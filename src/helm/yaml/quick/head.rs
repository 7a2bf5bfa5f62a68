//! The head of a manifest.

use super::scalars::word;
use super::{Scalar, Sink, walk};

/// What Helm wants to know of a manifest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) api_version: String,
    pub(crate) kind: String,
    pub(crate) name: String,
    pub(crate) hook: Option<String>,
    pub(crate) weight: Option<String>,
}

/// The head of a document; none where the full reader is needed.
pub(crate) fn head(text: &str) -> Option<Head> {
    let mut look = walk(text, Look::default())?;
    look.settle()?;
    Some(look.head)
}

/// Sees the outermost maps, and lets all else go by.
#[derive(Default)]
struct Look<'t> {
    head: Head,
    /// How many maps and lists are open, and how many were when the outermost list began.
    depth: usize,
    list: Option<usize>,
    /// The keys of the outermost maps.
    path: [&'t str; 3],
    /// Whether the last key has no value yet.
    waiting: bool,
}

/// What the head has to do with an entry.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Place {
    ApiVersion,
    Kind,
    Name,
    /// `metadata` and its `annotations`, which must be maps.
    Map,
    Hook,
    Weight,
    /// Any other annotation, which must be no map or list.
    Annotation,
    Elsewhere,
}

impl Look<'_> {
    /// The place of the last key.
    fn place(&self) -> Place {
        if self.list.is_some() {
            return Place::Elsewhere;
        }
        match (self.depth, self.path) {
            (1, ["apiVersion", ..]) => Place::ApiVersion,
            (1, ["kind", ..]) => Place::Kind,
            (1, ["metadata", ..]) | (2, ["metadata", "annotations", _]) => Place::Map,
            (2, ["metadata", "name", _]) => Place::Name,
            (3, ["metadata", "annotations", "helm.sh/hook"]) => Place::Hook,
            (3, ["metadata", "annotations", "helm.sh/hook-weight"]) => Place::Weight,
            (3, ["metadata", "annotations", _]) => Place::Annotation,
            _ => Place::Elsewhere,
        }
    }

    /// Sees to it that a key without a value may have none.
    fn settle(&mut self) -> Option<()> {
        let null = std::mem::take(&mut self.waiting);
        (!null || matches!(self.place(), Place::Map | Place::Elsewhere)).then_some(())
    }
}

impl<'t> Sink<'t> for Look<'t> {
    fn open(&mut self, list: bool) -> Option<()> {
        let place = if self.waiting { self.place() } else { Place::Elsewhere };
        let fits = place == Place::Elsewhere || (place == Place::Map && !list);
        self.waiting = false;
        self.depth += 1;
        if list && self.list.is_none() {
            self.list = Some(self.depth);
        }
        fits.then_some(())
    }

    fn close(&mut self) -> Option<()> {
        self.settle()?;
        if self.list == Some(self.depth) {
            self.list = None;
        }
        self.depth -= 1;
        Some(())
    }

    fn item(&mut self) -> Option<()> {
        Some(())
    }

    fn key(&mut self, key: &'t str) -> Option<()> {
        self.settle()?;
        if self.list.is_none()
            && let Some(place) = self.path.get_mut(self.depth.checked_sub(1)?)
        {
            let inner = key.strip_prefix(['"', '\'']).and_then(|key| key.strip_suffix(['"', '\'']));
            *place = inner.unwrap_or(key);
            self.waiting = true;
            // What it means is for the full reader.
            return (!place.contains(['\\', '\''])).then_some(());
        }
        Some(())
    }

    fn scalar(&mut self, scalar: Scalar<'t>) -> Option<()> {
        let place = if std::mem::take(&mut self.waiting) { self.place() } else { Place::Elsewhere };
        let text = || match scalar {
            Scalar::Plain(text) | Scalar::Quoted(text) if !text.contains('\n') => word(text),
            _ => None,
        };
        match place {
            Place::ApiVersion => self.head.api_version = text()?,
            Place::Kind => self.head.kind = text()?,
            Place::Name => self.head.name = text()?,
            Place::Hook => self.head.hook = Some(text()?),
            Place::Weight => self.head.weight = Some(text()?),
            Place::Map => return matches!(scalar, Scalar::Flow("{}")).then_some(()),
            Place::Annotation => return (!matches!(scalar, Scalar::Flow(_))).then_some(()),
            Place::Elsewhere => {}
        }
        Some(())
    }
}
