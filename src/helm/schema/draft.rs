//! The drafts of JSON Schema that the validator knows.

use crate::helm::data::Data;

/// A draft, the older ones first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Draft {
    Four,
    Six,
    Seven,
    /// 2019-09, 2020-12, and what names none.
    Later,
}

impl Draft {
    /// The draft that a schema names.
    pub(super) fn of(schema: &Data) -> Draft {
        let named = schema.as_map().and_then(|map| map.get("$schema")).and_then(Data::as_str).unwrap_or_default();
        let drafts = [("draft-04", Draft::Four), ("draft-06", Draft::Six), ("draft-07", Draft::Seven)];
        drafts.into_iter().find(|(name, _)| named.contains(name)).map_or(Draft::Later, |(_, draft)| draft)
    }

    /// What stands beside `$ref` counts for nothing, and `format` counts.
    pub(super) fn is_old(self) -> bool {
        self < Draft::Later
    }

    /// The keyword for a schema's own URL.
    pub(super) fn id(self) -> &'static str {
        if self == Draft::Four { "id" } else { "$id" }
    }
}
