//! SG11: charts, and the repositories that they come from.

use super::Code;

/// The lock cannot be read.
pub const BAD_LOCK: Code = Code {
    id: "SG1101",
    title: "lock of charts cannot be read",
    explain: "`blueprints/charts.lock` is written by `stackgen lock` and says of each chart which archive it is. A lock that was edited by\n\
              hand, or that git has left with marks of a conflict, says nothing.\n\n\
              Take either side of the conflict and run `stackgen lock`: it keeps what is still wanted and adds what is missing.",
};

/// A chart is not locked.
pub const NOT_LOCKED: Code = Code {
    id: "SG1102",
    title: "chart that is not locked",
    explain: "`blueprints/charts.lock` has no archive for this chart in the version that is pinned. Either the chart is new, or its version\n\
              was changed and the lock was not.\n\n    \
              stackgen lock\n\n\
              asks the repository for it and writes its digest down; what is locked already stays as it is. Without any lock, `delivery: helm`\n\
              works all the same, since Argo CD gets the chart in the version that is pinned; it then has to trust the repository.",
};

/// A locked chart is not here.
pub const NOT_FETCHED: Code = Code {
    id: "SG1103",
    title: "chart that was not fetched",
    explain: "The lock knows the chart's digest, and its archive is neither in the cache nor in `charts/`.\n\n    \
              stackgen fetch                   into the cache of whoever runs it\n    \
              stackgen fetch --vendor charts   into a folder that can be committed\n\n\
              In CI, keep the folder that `STACKGEN_CACHE` names between runs: archives never change.",
};

/// An archive is not the one that was locked.
pub const CHANGED: Code = Code {
    id: "SG1104",
    title: "chart changed after it was locked",
    explain: "The archive of this version has another digest than when it was locked. A version that was published never changes: either its\n\
              publisher replaced it, or somebody between you and the publisher did. Nothing was written.\n\n\
              Ask the publisher. If the change is known and meant, remove the chart's entry from `blueprints/charts.lock`, run\n\
              `stackgen lock`, and read what `stackgen diff` says of it. Better, move to a version that was not replaced.",
};

/// An archive that is no plain chart.
pub const REFUSED: Code = Code {
    id: "SG1105",
    title: "archive that is refused",
    explain: "What was downloaded or found is not the chart that was asked for, or holds what charts have no use for: paths that lead out of\n\
              its folder, links, devices, the same file twice, more than 100 MiB. Nothing of it was unpacked.\n\n\
              Where a proxy or a login page answered instead of the repository, the archive is a web page: look at it with `curl -L`.",
};

/// A repository does not answer.
pub const NOT_REACHED: Code = Code {
    id: "SG1106",
    title: "repository of charts cannot be reached",
    explain: "The repository or registry did not answer, or not in a way that can be trusted. Passing faults are tried again a few times.\n\n\
              - Behind a proxy: `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` are read as Helm reads them.\n\
              - With an authority of your own: `--ca-file FILE`, `SSL_CERT_FILE`, or `caFile` in Helm's `repositories.yaml`. The\n\
              system's certificates count too; a container without any needs the package `ca-certificates`.\n\
              - Without a network: `--offline` uses what is locked and fetched.",
};

/// A repository does not have it.
pub const NOT_THERE: Code = Code {
    id: "SG1107",
    title: "chart or version that does not exist",
    explain: "The repository answers, and does not have this chart in this version. Names and versions are compared as they are written;\n\
              `v1.2.0` and `1.2.0` are the same version to an `index.yaml`, and two tags to a registry.\n\n\
              `stackgen outdated` lists what there is.",
};

/// Credentials are missing or wrong.
pub const CREDENTIALS: Code = Code {
    id: "SG1108",
    title: "repository of charts refuses access",
    explain: "stackgen has no passwords of its own. It uses those that Helm and Docker keep:\n\n\
              - for `https://`: Helm's `repositories.yaml` (`HELM_REPOSITORY_CONFIG`), written by `helm repo add --username`\n\
              - for `oci://`: Helm's `registry/config.json` (`HELM_REGISTRY_CONFIG`), then Docker's `config.json`\n\
              (`DOCKER_CONFIG`), written by `helm registry login` and `docker login`, with their credential helpers\n\n\
              Many registries answer \"unauthorized\" for what does not exist, too.",
};

/// The answer of a repository makes no sense.
pub const BAD_INDEX: Code = Code {
    id: "SG1109",
    title: "repository's answer cannot be read",
    explain: "What the repository sent is not an `index.yaml`, or a registry did not answer as the OCI distribution specification says.\n\
              Most often the URL is one of a web page, or a proxy answers in the repository's place.",
};

/// The network is forbidden.
pub const OFFLINE: Code = Code {
    id: "SG1110",
    title: "network needed while offline",
    explain: "`--offline` opens no connection. What is asked for is not in the lock or not in the cache, so that it cannot be had without\n\
              one. Run the command once without `--offline`, or vendor the charts: `stackgen fetch --vendor charts`.",
};

/// The repository's name is none.
pub const BAD_REPOSITORY: Code = Code {
    id: "SG1111",
    title: "not a repository of charts",
    explain: "A repository is `https://HOST/PATH` (with an `index.yaml` in it) or `oci://HOST/PATH` (where each chart is an artifact below\n\
              that path). Names and passwords do not belong into it: the sources are in git, and the URL is copied into the output.",
};

/// The disk said no.
pub const NOT_KEPT: Code = Code {
    id: "SG1112",
    title: "chart cannot be kept",
    explain: "The operating system refused to read or write the cache, the lock or the vendored folder. `STACKGEN_CACHE` names another\n\
              folder for the cache.",
};

/// A range that the lock has no version for.
pub const OPEN_RANGE: Code = Code {
    id: "SG1113",
    title: "range of versions that is not locked",
    explain: "A chart's version may be a range (`~9.2`, `>=1.4 <2`), and then the lock says which version it means: the output names one\n\
              version, and the same sources give the same output tomorrow.\n\n    \
              stackgen lock             takes the newest in the range, once\n    \
              stackgen update grafana   takes the newest of today",
};

/// The lock does not know a chart.
pub const UNLOCKED: Code = Code {
    id: "SG1114",
    title: "chart is not in the lock",
    explain: "The repository has a lock of charts, and this chart is not in it. Argo CD gets it in the version that is pinned, and has to\n\
              trust its repository for what is in it. `stackgen lock` adds it. Where there is no lock at all, nothing is said.",
};

/// The lock knows another version.
pub const LOCK_BEHIND: Code = Code {
    id: "SG1115",
    title: "chart is locked in another version",
    explain: "The version of the chart was changed, and the lock was not: it still has the digest of another version. `stackgen lock` asks for\n\
              the new one. `stackgen update` changes both at once. In CI, `stackgen lock --check` ends with 1 where the lock fell behind.",
};

/// Every code of this stage.
pub const ALL: &[&Code] = &[
    &BAD_LOCK,
    &NOT_LOCKED,
    &NOT_FETCHED,
    &CHANGED,
    &REFUSED,
    &NOT_REACHED,
    &NOT_THERE,
    &CREDENTIALS,
    &BAD_INDEX,
    &OFFLINE,
    &BAD_REPOSITORY,
    &NOT_KEPT,
    &OPEN_RANGE,
    &UNLOCKED,
    &LOCK_BEHIND,
];
