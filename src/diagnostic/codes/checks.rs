//! SG06: checks of the whole platform.

use super::Code;

/// Address ranges that overlap.
pub const NETWORK_OVERLAP: Code = Code {
    id: "SG0601",
    title: "address ranges overlap",
    explain: "Pods, Services, machines and the load balancer each need addresses of their own. Where two ranges share an address,\n\
              packets for one end at the other: pods cannot reach some Services, or a machine loses its address to a Service of type\n\
              LoadBalancer. Nothing in Kubernetes notices, and no range can be changed on a running cluster without pain.\n\n\
              The pools of the load balancer may lie inside the machines' network (that is how layer 2 announcement works), but must\n\
              not hold the address of a machine or of the API server.",
};

/// Two Applications have one object.
pub const SHARED_OBJECT: Code = Code {
    id: "SG0602",
    title: "object owned twice",
    explain: "Two Applications bring the same object (API group, kind, namespace and name). Each sync of one undoes what the other\n\
              did, and deleting one deletes what the other still needs. Argo CD only finds out when it syncs.\n\n\
              Leave the object to one of the two, or give one another name.",
};

/// A secret's value in the sources.
pub const SECRET_VALUE: Code = Code {
    id: "SG0603",
    title: "secret's value in git",
    explain: "Values, objects and files end up in git, where a secret stays for ever: in the history, in every clone, in CI logs.\n\
              What looks like one here is: a private key; a token in the form that a well-known service gives out; text at a key such\n\
              as `password`, `token` or `clientSecret`; a Secret with `data` or `stringData`.\n\n\
              Name it under the component's `secrets:` instead, with its path in the secret store, and refer to the Secret by name.\n\
              If the secret was ever pushed, change it: removing it from the file is not enough. The value is never shown here.",
};

/// A chart that does not work with the cluster's version.
pub const KUBERNETES_VERSION: Code = Code {
    id: "SG0604",
    title: "chart does not work with this Kubernetes version",
    explain: "The chart says in its `kubeVersion` which versions of Kubernetes it works with, and the cluster's is not one of them.\n\
              Helm and Argo CD refuse to render it: `chart requires kubeVersion: … which is incompatible with Kubernetes …`.\n\n\
              Choose another chart version, or another `cluster.kubernetes`.",
};

/// A component that should no longer be chosen.
pub const LIFECYCLE: Code = Code {
    id: "SG0605",
    title: "retired or deprecated component",
    explain: "The component's blueprint says that its project has ended or that something else should be chosen. It still builds. Plan\n\
              the change to its successor; until then, accept the finding with a reason and a day:\n\n\
              ```yaml\n\
              waive:\n\
                - { check: SG0605, where: ingress-nginx, reason: moving to Gateway API in spring, until: \"2027-04-30\" }\n\
              ```",
};

/// A custom resource whose definition nobody brings.
pub const UNKNOWN_KIND: Code = Code {
    id: "SG0606",
    title: "custom resource that nothing defines",
    explain: "An object is of an API group that is not Kubernetes' own, and no component here says in `crds:` that it brings its\n\
              CustomResourceDefinition. The API server would refuse the object with `no matches for kind`.\n\n\
              Switch on the component that brings it, or make the object depend on it: `$if: caps.metrics`.",
};

/// An Application with a new name.
pub const RENAMED: Code = Code {
    id: "SG0607",
    title: "Application renamed",
    explain: "To Argo CD, an Application with a new name is a new one: the old one is pruned with all its objects (volumes and namespaces\n\
              too), and the new one makes them again. The last build wrote the old name into `out/`.\n\n\
              Keep the name. If the change is meant, first set `sync: { deletion: orphan }` for the component and let that sync: the old\n\
              Application then leaves its objects for the new one to adopt. Then waive this finding for one build.",
};

/// Addresses that do not fit the network plan.
pub const ADDRESSES: Code = Code {
    id: "SG0608",
    title: "address outside its range",
    explain: "An address does not lie where the network plan says: a machine outside `cluster.nodeCidrs`, or the address kept for ingress\n\
              outside the load balancer's pools, which would leave the Service without an address.",
};

/// What a blueprint says must be so is not.
pub const ASSERTION: Code = Code {
    id: "SG0609",
    title: "settings that do not go together",
    explain: "A blueprint says under `asserts:` what must be so for its component to work, beyond the type of each parameter: that two\n\
              parameters fit each other, the cluster, or its peers. One of these is not so here. The finding shows the parameter at\n\
              fault where the blueprint names one.\n\n\
              ```yaml\n\
              asserts:\n\
                - that: \"${{ params.replicas == 1 or params.databaseHost is not none }}\"\n\
                  message: several servers need a database that they share\n\
                  parameter: replicas\n\
              ```",
};

/// A peer that does not know of it.
pub const PEERS: Code = Code {
    id: "SG0610",
    title: "peer of one side only",
    explain: "Environments that serve the same hosts name each other under `peers:`, and their blueprints read each other's facts: the\n\
              tag of the other cluster, its domain, its region. Where only one of two names the other, one cluster sends people to\n\
              another that does not answer for them.",
};

/// A rendered chart that draws random values.
pub const RANDOM: Code = Code {
    id: "SG0611",
    title: "chart draws what cannot be drawn in git",
    explain: "A chart that this build renders called a function that gives something new each time: a password, a key, a certificate,\n\
              a date. What lies in git must not change by itself, so stackgen's engine computes these from the chart, the values and\n\
              the template: the same sources give the same text. Who has them can compute it too: it is no secret, and its keys and\n\
              certificates are not real ones.\n\n\
              Set the value that hands the chart an existing Secret or certificate (often `existingSecret`; the finding names those\n\
              that the template reads), or leave this chart to Argo CD: `chart: { delivery: helm }`. Where the text does not matter,\n\
              waive the finding with a reason.",
};

/// Machines that contradict each other.
pub const MACHINES: Code = Code {
    id: "SG0612",
    title: "machines that do not go together",
    explain: "Two entries of `cluster.nodes` have one name or one address, a machine is in a zone that `cluster.zones` does not have,\n\
              or its role is nearly, but not quite, one that blueprints look for. Files for machines, peers of a zone's router and\n\
              spread over zones are made from these facts, so that such a slip shows late and somewhere else.",
};

/// A waiver that waives nothing.
pub const BAD_WAIVER: Code = Code {
    id: "SG0600",
    title: "waiver of nothing",
    explain: "An entry of `waive:` names a check that does not exist, or one that finds nothing there. A waiver that is not needed\n\
              can hide a later finding that nobody has looked at: remove it.",
};

/// A waiver whose last day is over.
pub const ENDED_WAIVER: Code = Code {
    id: "SG0613",
    title: "waiver that has run out",
    explain: "An entry of `waive:` has a last day, `until`, and that day is over. What it waives is found again. Only\n\
              `stackgen check --today` asks for the day: a build gives the same whenever it runs, and takes the waiver as it is.\n\n\
              Do what was put off. If there are reasons to wait longer, write them down with another day.",
};

/// Every code of this stage.
pub const ALL: &[&Code] = &[
    &BAD_WAIVER,
    &ENDED_WAIVER,
    &NETWORK_OVERLAP,
    &SHARED_OBJECT,
    &SECRET_VALUE,
    &KUBERNETES_VERSION,
    &LIFECYCLE,
    &UNKNOWN_KIND,
    &RENAMED,
    &ADDRESSES,
    &ASSERTION,
    &PEERS,
    &RANDOM,
    &MACHINES,
];
