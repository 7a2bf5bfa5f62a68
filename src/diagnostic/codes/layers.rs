//! SG05: layers and how they merge.

use super::Code;

/// A map meets something that is not one.
pub const MERGE_CONFLICT: Code = Code {
    id: "SG0501",
    title: "layers do not fit together",
    explain: "A layer puts a map where a more general layer has a scalar or a list, or the reverse. That is most often a mistake in the\n\
              indentation. Where it is meant, say so with `!replace`. The finding shows every layer that took part.",
};

/// `!unset` of what is not there.
pub const UNSET_NOTHING: Code = Code {
    id: "SG0502",
    title: "unset hits nothing",
    explain: "`!unset` removes a key or list item that a more general layer has set, and here there is none: the name is misspelt, or\n\
              the blueprint has changed.",
};

/// A patch without target.
pub const PATCH_NOTHING: Code = Code {
    id: "SG0503",
    title: "patch hits nothing",
    explain: "`resources: { \"Kind/name\": … }` patches an object that the component makes, and `!merge KEY` a list item that is there.\n\
              New objects go under `addResources:`. A patch that hits nothing would be lost in silence.",
};

/// A tag that does not fit the value.
pub const BAD_TAG: Code = Code {
    id: "SG0504",
    title: "merge tag does not fit",
    explain: "`!append`, `!prepend` and `!merge KEY` stand at lists, and what they join must be a list. Items of a `!merge KEY` list are\n\
              maps that have that key.",
};

/// Every code of this stage.
pub const ALL: &[&Code] = &[&MERGE_CONFLICT, &UNSET_NOTHING, &PATCH_NOTHING, &BAD_TAG];
