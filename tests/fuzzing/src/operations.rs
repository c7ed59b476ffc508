//! What happens to a login, and what must hold all the same: after each operation, and at the end, when
//! the server answers correctly again.

mod harness;
mod operation;
mod promises;

pub use operation::{BODIES, FAILURES, HEADERS, Operation, Start, Way};

use crate::text::split_at;
use harness::Harness;

/// The rest of an endless input shows nothing new.
const MOST: usize = 200;

/// How a login begins ([`Start::read`]) and what happens to it ([`Operation::read`]), a paragraph each,
/// with `---` between them:
///
/// ```text
/// quick connect, renew, verify
/// ---
/// ok
/// ---
/// wait 5000
/// ---
/// 503 marked
/// retry-after: 7
/// ```
///
/// Past the first check: something happens.
pub fn operations(input: &[u8]) -> bool {
    let (start, mut rest) = split_at(input, b"\n---\n");
    let mut operations = Vec::new();
    while !rest.is_empty() && operations.len() < MOST {
        let (operation, next) = split_at(rest, b"\n---\n");
        operations.push(Operation::read(operation));
        rest = next;
    }
    keep_promises(Start::read(start), &operations);
    !operations.is_empty()
}

/// Performs `operations` on a login that begins like this, then lets it end well.
///
/// # Panics
///
/// When a promise is broken.
pub fn keep_promises(start: Start, operations: &[Operation]) {
    let mut harness = Harness::new(start, operations);
    harness.look();
    for operation in operations {
        harness.perform(operation);
        harness.look();
    }
    harness.heal();
}
