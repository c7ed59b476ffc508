//! What [`control`](super::control) locks and waits with. The package in `tests/loom` puts loom's in its
//! place, which tries every interleaving.

pub(crate) use std::sync::{Condvar, Mutex, MutexGuard};
