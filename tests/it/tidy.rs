//! The invariants of the architecture, read from the source.
