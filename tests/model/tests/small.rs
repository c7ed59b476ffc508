//! The bounds that every change is checked with. A release build explores them all; a debug build,
//! which is ten times slower, some.

use jellyfin_auth_model::{Bounds, Report, SignIn, Way};

#[test]
fn every_interleaving_keeps_the_promises() {
    let all = if cfg!(debug_assertions) { &Bounds::SMALL[2..3] } else { &Bounds::SMALL[..] };
    for &bounds in all {
        for way in [Way::Password, Way::QuickConnect] {
            let report = Report::of(SignIn { way, bounds }, 2);
            println!("{bounds:?}\n{report}");
            assert!(report.holds(), "{bounds:?}\n{report}");
            assert!(report.states > 10, "something happens");
        }
    }
}
