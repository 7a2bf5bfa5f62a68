//! stackgen.
