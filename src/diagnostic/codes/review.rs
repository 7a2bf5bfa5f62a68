//! SG08: reviewing changes, and the git repository that one side of them comes from.

use super::Code;

/// There is no program `git`.
pub const NO_GIT: Code = Code {
    id: "SG0801",
    title: "git is not there",
    explain: "`stackgen diff --against REVISION` reads the other side out of git, with the program `git`. Install\n\
              git, or compare with the folder `out/` by leaving `--against` out.",
};

/// The folder is in no git repository.
pub const NO_REPOSITORY: Code = Code {
    id: "SG0802",
    title: "not a git repository",
    explain: "A revision can only be read where there is a repository: run stackgen in a clone, or name one by `--directory`. An archive of\n\
              a repository, and some images of CI systems, have no `.git` folder.",
};

/// The revision is not known.
pub const UNKNOWN_REVISION: Code = Code {
    id: "SG0803",
    title: "unknown revision",
    explain: "The repository has no such branch, tag or commit. CI systems often fetch just the one commit that they build. Fetch the other\n\
              side too:\n\n    \
              git fetch --depth=1 origin main\n    \
              stackgen diff --against FETCH_HEAD\n\n\
              In GitHub Actions `actions/checkout` with `fetch-depth: 0` fetches all branches.",
};

/// git failed.
pub const GIT_FAILED: Code = Code {
    id: "SG0804",
    title: "git failed",
    explain: "The finding shows what git said. Where it speaks of dubious ownership, the repository belongs to another user than the one who\n\
              runs stackgen, as is usual in containers; `git config --global --add safe.directory FOLDER` says that this is fine.",
};

/// An object is missing from the repository.
pub const MISSING_OBJECT: Code = Code {
    id: "SG0805",
    title: "git does not have the files of a revision",
    explain: "The clone knows the commit and not what is in it: it was made with `--filter`, and what is missing could not be fetched.\n\
              `git fetch --refetch --no-filter origin` fetches everything.",
};

/// Every code of this stage.
pub const ALL: &[&Code] = &[&NO_GIT, &NO_REPOSITORY, &UNKNOWN_REVISION, &GIT_FAILED, &MISSING_OBJECT];
