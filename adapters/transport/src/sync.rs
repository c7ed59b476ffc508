//! What [`control`](super::control) and [`blocking_executor`](super::blocking_executor) lock and wait
//! with. The package in `tests/loom` puts loom's in its place, which tries every interleaving.

pub(crate) use std::sync::{Condvar, Mutex, MutexGuard};
