//! SG06: checks of the whole platform.

use super::Code;

/// Two Applications have one object.
pub const SHARED_OBJECT: Code = Code {
    id: "SG0602",
    title: "object owned twice",
    explain: "Two Applications bring the same object (API group, kind, namespace and name). Each sync of one undoes what the other\n\
              did, and deleting one deletes what the other still needs. Argo CD only finds out when it syncs.\n\n\
              Leave the object to one of the two, or give one another name.",
};

/// A custom resource whose definition nobody brings.
pub const UNKNOWN_KIND: Code = Code {
    id: "SG0606",
    title: "custom resource that nothing defines",
    explain: "An object is of an API group that is not Kubernetes' own, and no component here says in `crds:` that it brings its\n\
              CustomResourceDefinition. The API server would refuse the object with `no matches for kind`.\n\n\
              Switch on the component that brings it, or make the object depend on it: `$if: caps.metrics`.",
};

/// A waiver that waives nothing.
pub const BAD_WAIVER: Code = Code {
    id: "SG0600",
    title: "waiver of nothing",
    explain: "An entry of `waive:` names a check that does not exist, or one that finds nothing there. A waiver that is not needed\n\
              can hide a later finding that nobody has looked at: remove it.",
};

/// Every code of this stage.
pub const ALL: &[&Code] = &[&BAD_WAIVER, &SHARED_OBJECT, &UNKNOWN_KIND];
