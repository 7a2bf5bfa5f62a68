//! SG07: what is written to `out/`.

use super::Code;

/// The file system said no.
pub const NOT_WRITTEN: Code = Code {
    id: "SG0701",
    title: "output cannot be read or written",
    explain: "The operating system refused to read or write a file or folder of the output. The finding gives its path and the reason.\n\n\
              An environment's folder is put in place in one step at the end, so what was there before is still there, whole.",
};

/// A file of somebody else where one of ours is to be.
pub const IN_THE_WAY: Code = Code {
    id: "SG0702",
    title: "a file that stackgen did not write is in the way",
    explain: "stackgen is about to write a file where another one lies that it did not write: `stackgen.sum` does not list it, and its\n\
              content is different. stackgen never overwrites or removes such files.\n\n\
              Move the file, or delete it if nobody needs it. Where `stackgen.sum` itself was lost, get it back from git: it is how\n\
              stackgen knows its own files.",
};

/// A file of ours that somebody edited.
pub const HAND_EDIT: Code = Code {
    id: "SG0703",
    title: "output edited by hand",
    explain: "A file of the output is not what stackgen wrote: its digest is not the one in `stackgen.sum`. The next build would undo\n\
              that edit, so it stops and names the file.\n\n\
              * Move the change to where it lasts: a parameter, `values:` or `patches:` in an overlay, or a blueprint.\n\
              * To drop the edits: `stackgen build --overwrite-edits`.\n\n\
              After a git merge that touched the output on both sides, the merged files are edits too. Merge the sources first, then\n\
              build with `--overwrite-edits`.",
};

/// The list of our files cannot be read.
pub const SUM_UNREADABLE: Code = Code {
    id: "SG0704",
    title: "stackgen.sum cannot be read",
    explain: "`stackgen.sum` lists the files that stackgen wrote into an environment's folder. Without it nobody can tell them from other\n\
              files, so nothing is changed.\n\n\
              Get the file back from git (`git checkout -- out/envs/prod/stackgen.sum`), or delete the whole folder and build again if\n\
              it holds nothing but what stackgen wrote. A `format` that is too new was written by a newer stackgen: use that one.",
};

/// Another build is at work.
pub const BUSY: Code = Code {
    id: "SG0705",
    title: "another build is writing to the output folder",
    explain: "Two builds at once would undo each other's work, so a build locks the output folder while it runs. The lock goes away\n\
              with the build that holds it, however that ends; nothing has to be cleaned up.",
};

/// A symbolic link instead of a folder.
pub const SYMLINK: Code = Code {
    id: "SG0706",
    title: "the environment's folder is a symbolic link",
    explain: "An environment's folder is replaced as a whole. Where it is a symbolic link, the link would be replaced and what it points\n\
              to would stay as it is, which nobody wants. Links further up are fine: let `out` or `out/envs` be the link instead.",
};

/// A path that not every system can hold.
pub const BAD_PATH: Code = Code {
    id: "SG0707",
    title: "path that cannot be written everywhere",
    explain: "A file of the output has a path that would leave the environment's folder, that some systems cannot store, or that differs\n\
              from another one only by the case of its letters (on macOS and Windows both are one file). File names come from the\n\
              names of components, resources and `files/`: give one of them another name.",
};

/// Something was kept beside the tree.
pub const LEFT_BEHIND: Code = Code {
    id: "SG0708",
    title: "files kept from an earlier build",
    explain: "While a build ran, somebody changed a file that stackgen did not write, or a build was cut off and its remains hold such a\n\
              file. stackgen does not know which content is wanted, so it keeps both: one in the environment's folder, the other in\n\
              the hidden folder that the finding names.\n\n\
              Take from the hidden folder what you need, delete it, and build again.",
};

/// An environment inside another.
pub const NESTED: Code = Code {
    id: "SG0709",
    title: "an environment's folder inside another's",
    explain: "An environment's folder is replaced as a whole, so no other environment's folder can lie in it. This happens where both\n\
              `envs/eu.yaml` and `envs/eu/prod.yaml` exist: rename one of them.",
};

/// What lies in `out/` is not what the sources say.
pub const STALE: Code = Code {
    id: "SG0710",
    title: "output is not what the sources say",
    explain: "`stackgen build --check` compiles the sources and compares. A file differs where somebody changed a source and did not\n\
              build, edited the output by hand, deleted a file of it, or where another version of stackgen wrote it. The finding\n\
              says which.\n\n\
              Run `stackgen build` and commit what it writes together with the change of the sources.",
};

/// Every code of this stage.
pub const ALL: &[&Code] = &[
    &NOT_WRITTEN,
    &IN_THE_WAY,
    &HAND_EDIT,
    &SUM_UNREADABLE,
    &BUSY,
    &SYMLINK,
    &BAD_PATH,
    &LEFT_BEHIND,
    &NESTED,
    &STALE,
];
