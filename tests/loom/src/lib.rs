//! See `tests/interleavings.rs`.
