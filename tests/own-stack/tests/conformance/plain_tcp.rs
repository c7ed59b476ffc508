use std::sync::mpsc;

use jellyfin_auth::{Login, Session};
use jellyfin_auth_own_stack::plain_tcp;
use jellyfin_auth_testkit::conformance::{Command, Controls, Driver, Ended, Environment, Suite};

struct PlainTcp;

impl Driver for PlainTcp {
    fn name(&self) -> String {
        "plain TCP".to_owned()
    }

    fn run(&self, login: Login, _: &Environment, controls: &Controls) -> Result<Session, Ended> {
        let (orders, commands) = mpsc::channel();
        controls.obey(move |command| {
            // A login that is over listens no more.
            let _ = orders.send(match command {
                Command::Cancel => plain_tcp::Command::Cancel,
                Command::CheckNow => plain_tcp::Command::CheckNow,
            });
        });
        Ok(plain_tcp::sign_in(login, &commands, |wait| controls.show(wait))?)
    }
}

pub(crate) fn suite() -> Suite {
    Suite::new(PlainTcp)
        .leave_out("https_", "it speaks http only")
        .leave_out("a_proxy", "left to whoever copies it")
        .leave_out("the_cause_", "its errors are the core's, which have no cause")
        .except(
            "next_that_comes_too_early_shows_no_new_wait",
            "the core's loop for blocking functions begins the wait anew",
        )
        .except(
            "a_login_keeps_its_connection_between_polls",
            "each request has its own, which is short",
        )
        .except("cancelling_ends_a_connect", "the standard library's connect can't be stopped")
        .leave_out("endless_informational_answers_are_refused", "left to whoever copies it")
}
