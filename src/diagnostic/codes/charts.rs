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

/// Every code of this stage.
pub const ALL: &[&Code] = &[&BAD_LOCK, &NOT_LOCKED, &NOT_FETCHED, &CHANGED, &REFUSED];
