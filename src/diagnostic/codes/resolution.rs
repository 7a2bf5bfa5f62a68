//! SG04: names, providers, facts and order.

use super::Code;

/// A blueprint that nobody has.
pub const UNKNOWN_BLUEPRINT: Code = Code {
    id: "SG0401",
    title: "unknown blueprint",
    explain: "An architecture, component or capability is named that neither `blueprints/` nor the embedded catalogue has.\n\
              `stackgen list` shows all that there are.",
};

/// A profile or environment that nobody has.
pub const UNKNOWN_OVERLAY: Code = Code {
    id: "SG0402",
    title: "unknown profile or environment",
    explain: "`profiles:` names files `overlays/profiles/<name>.yaml`; `extends:` names environments below `overlays/envs`.\n\
              An environment cannot extend itself, on whatever way.",
};

/// The environment has no architecture.
pub const NO_ARCHITECTURE: Code = Code {
    id: "SG0403",
    title: "no architecture",
    explain: "No layer of the environment says which architecture it is built from. Write `architecture: standard-2024`, most often in\n\
              `overlays/base.yaml`.",
};

/// A required capability without provider.
pub const NO_PROVIDER: Code = Code {
    id: "SG0404",
    title: "no provider",
    explain: "A component requires a capability that nothing in the environment fills: the architecture binds no component to it, or the\n\
              bound component is switched off.\n\n\
              Bind one (`select: { identity: keycloak }`), switch it on again, or switch off the component that requires it.",
};

/// Two providers of one capability.
pub const TWO_PROVIDERS: Code = Code {
    id: "SG0405",
    title: "two providers",
    explain: "Two components of the environment fill the same capability, and only one of them can be wired to those who use it.\n\n\
              Choose one with `select: { cni: cilium }`: the component that the architecture bound then drops out by itself.",
};

/// A component bound to a capability that it does not provide.
pub const NOT_A_PROVIDER: Code = Code {
    id: "SG0406",
    title: "component does not provide the capability",
    explain: "A binding or `select:` names a component that does not list the capability under `provides:`.",
};

/// Published fields that do not fit the contract.
pub const CONTRACT: Code = Code {
    id: "SG0407",
    title: "contract not met",
    explain: "What a provider publishes does not fit the capability's contract: a required field is missing, a field is not in the contract,\n\
              a value has the wrong type, or a consumer needs an optional field that this provider does not publish.",
};

/// A parameter that the component does not have.
pub const UNKNOWN_PARAMETER: Code = Code {
    id: "SG0408",
    title: "unknown parameter",
    explain: "A layer sets a parameter that the component does not declare. `stackgen explain <environment> components.<name>.parameters`\n\
              lists them. Helm values are patched under `values:`, not under `parameters:`.",
};

/// A parameter without value.
pub const NO_VALUE: Code = Code {
    id: "SG0409",
    title: "parameter without value",
    explain: "A required parameter has no default, and no layer sets it.",
};

/// Facts that depend on themselves.
pub const FACT_CYCLE: Code = Code {
    id: "SG0410",
    title: "values depend on each other in a circle",
    explain: "A parameter or a published field depends on itself by way of others. The finding shows each step with its place.\n\
              Give one of them a value that does not depend on the rest.",
};

/// A contribution that nobody takes.
pub const UNKNOWN_CONTRIBUTION: Code = Code {
    id: "SG0411",
    title: "unknown contribution",
    explain: "A component contributes something of a kind that no capability accepts. The kinds are listed under `accepts:` of the\n\
              capabilities. A contribution whose capability has no provider here is left out, and that is no error.",
};

/// Components that wait for each other.
pub const ORDER_CYCLE: Code = Code {
    id: "SG0412",
    title: "components wait for each other",
    explain: "The order of components has a circle, so that there is no wave in which any of them could come first. The finding shows\n\
              each edge with the place that makes it: a `requires` or `uses`, a companion, or a custom resource whose CRD another\n\
              component brings.\n\n\
              * Where a component needs only facts of the provider, and not the running provider, say so:\n\
              `uses: [{ capability: metrics, wait: false }]`.\n\
              * Where only the CRD is needed, let a component of its own bring it, as `prometheus-operator-crds` does.",
};

/// A component that the architecture removed.
pub const REMOVED: Code = Code {
    id: "SG0413",
    title: "component removed from the architecture",
    explain: "The architecture says that this component must not be chosen any more, for the reason that the finding gives.",
};

/// Every code of this stage.
pub const ALL: &[&Code] = &[
    &UNKNOWN_BLUEPRINT,
    &UNKNOWN_OVERLAY,
    &NO_ARCHITECTURE,
    &NO_PROVIDER,
    &TWO_PROVIDERS,
    &NOT_A_PROVIDER,
    &CONTRACT,
    &UNKNOWN_PARAMETER,
    &NO_VALUE,
    &FACT_CYCLE,
    &UNKNOWN_CONTRIBUTION,
    &ORDER_CYCLE,
    &REMOVED,
];
