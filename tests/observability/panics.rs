//! A program's own code may panic while a driver calls it.

use std::panic::{AssertUnwindSafe, catch_unwind};

use jellyfin_auth::Error;
use jellyfin_auth_both_drivers::BOTH;

use crate::{
    recorder::{Recorder, has_secret},
    server::{Fault, by_password, by_quick_connect, server},
};

#[test]
fn a_callback_that_panics_shows_no_secret_and_leaves_the_driver_usable() {
    let recorder = Recorder::start();
    for adapter in BOTH {
        let server = server(&[("/QuickConnect/Connect", Fault::Pending)]);
        let mut driver = adapter.driver();
        let message = format!("the display of {adapter:?} is broken");
        let mut login = by_quick_connect(&server.url());

        let panic =
            catch_unwind(AssertUnwindSafe(|| driver.run_with(&mut login, |_| panic!("{message}"))))
                .expect_err("the panic arrives");

        assert_eq!(panic.downcast_ref::<String>(), Some(&message), "its own message, nothing else");
        let printed = recorder.panics();
        let printed = printed.iter().find(|text| text.contains(&message)).expect("it was printed");
        assert!(printed.contains("a_callback_that_panics"), "with a backtrace: {printed}");
        assert!(!has_secret(printed), "{printed}");
        // The login goes on where it was, on the same driver; then another one, until it is cancelled.
        let handle = driver.handle();
        driver.run_with(&mut login, |_| handle.check_now()).expect("the code is approved");
        driver.run(by_password(&server.url())).expect("signed in");
        driver.handle().cancel();
        let error = driver.run(by_password(&server.url())).expect_err("cancelled");
        assert!(matches!(error.login(), Some(Error::Cancelled)), "{adapter:?}: {error:?}");
    }
}
