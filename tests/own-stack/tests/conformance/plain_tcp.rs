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

#[test]
fn plain_tcp_conforms() {
    Suite::new(PlainTcp)
        .except("extra_headers_go_with_every_request", "left to whoever copies it")
        .run()
        .assert_clean();
}
