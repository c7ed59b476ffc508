//! Whatever happens to a login, these hold: proptest over operations on it.

mod harness;
mod operations;
mod promises;

use proptest::prelude::*;

use harness::{Flow, Harness};
use operations::operations;

/// `PROPTEST_CASES` sets another number.
fn config() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok());
    ProptestConfig {
        cases: cases.unwrap_or(2_000),
        failure_persistence: None,
        max_shrink_iters: 20_000,
        ..ProptestConfig::default()
    }
}

fn flows() -> impl Strategy<Value = Flow> {
    prop_oneof![
        2 => Just(Flow::Password),
        3 => Just(Flow::QuickConnect { renew: false }),
        3 => Just(Flow::QuickConnect { renew: true }),
    ]
}

proptest! {
    #![proptest_config(config())]

    /// Safety after every operation, and liveness after the last one.
    #[test]
    fn a_login_keeps_its_promises(flow in flows(), seed: u64, operations in operations()) {
        let mut harness = Harness::new(flow, seed);
        for operation in &operations {
            harness.perform(operation)?;
        }
        harness.heal()?;
    }
}
