//! SG10: objects, values and files of an environment.

use super::Code;

/// Something that should be a Kubernetes object is none.
pub const NOT_AN_OBJECT: Code = Code {
    id: "SG1001",
    title: "not a Kubernetes object",
    explain: "Every item of a file in `resources/` or `policies/` must be a Kubernetes object: a map with `apiVersion`, `kind` and\n\
              `metadata.name`, whose labels and annotations are text. The API server refuses anything else, and it would do so\n\
              long after the change was merged.\n\n\
              A common cause is a number or boolean as an annotation:\n\n\
              ```yaml\n\
              metadata:\n\
                annotations:\n\
                  example.com/retries: 3        # wrong: a number\n\
                  example.com/retries: \"3\"      # right\n\
              ```",
};

/// Components that share a namespace want different labels.
pub const NAMESPACE_LABELS: Code = Code {
    id: "SG1002",
    title: "namespace labelled in two ways",
    explain: "Two components live in one namespace, and their `namespace.labels` give one label different values. A namespace has one\n\
              value for each label: let both say the same, or put one of the components elsewhere.",
};

/// A text template that does not exist.
pub const NO_TEMPLATE: Code = Code {
    id: "SG1003",
    title: "text template not found",
    explain: "An entry of `files:` names a template that is not below the component's `files/` folder.",
};

/// A file's target outside the folders for files.
pub const BAD_TARGET: Code = Code {
    id: "SG1004",
    title: "file in a place that is not for files",
    explain: "The `target` of a file must lie below `hosts/`, `pipelines/`, `access/` or `bootstrap/` of the environment's tree, in plain\n\
              names: no `..`, no empty part, no two files of one name. What Argo CD reads (`apps/`, `components/`) is made by stackgen alone.",
};

/// A namespaced object in the wrong scope.
pub const SCOPE: Code = Code {
    id: "SG1005",
    title: "cluster-scoped object with a namespace",
    explain: "The kind belongs to no namespace, so `metadata.namespace` has no meaning there. Argo CD would show the object as out of sync for ever.",
};

/// A chart that does not render.
pub const CHART_FAILED: Code = Code {
    id: "SG1006",
    title: "chart does not render",
    explain: "The chart was rendered with the values of this environment, and refused them or failed. The message is Helm's own: the\n\
              templates on the way to the error with line and column, and what went wrong in the last one. Argo CD would show the\n\
              same, after the merge. `stackgen render COMPONENT ENVIRONMENT` repeats it alone.\n\n\
              Where the failing expression names a value of yours, the place that set it is shown.",
};

/// Labels for a namespace that the platform does not make.
pub const NO_NAMESPACE: Code = Code {
    id: "SG1008",
    title: "labels for a namespace that is not the platform's",
    explain: "`namespaceLabels` of a component names a namespace that no component lives in. Namespaces of applications, and those that a cluster\n\
              has from the start, belong to somebody else, who labels them.",
};

/// Every code of this stage.
pub const ALL: &[&Code] =
    &[&NOT_AN_OBJECT, &NAMESPACE_LABELS, &NO_TEMPLATE, &BAD_TARGET, &SCOPE, &CHART_FAILED, &NO_NAMESPACE];
