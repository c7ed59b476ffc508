//! Finding servers without an address. The network is a socket that is asked in its place.

use std::{
    net::UdpSocket,
    sync::mpsc::{self, Receiver},
    thread,
};

use jellyfin_auth_testkit::{
    fake_server::{FakeServer, Version},
    listen::Listening,
};

use crate::{run::run, server, terminal::Terminal};

/// Where these servers answer. It ends with the test's process.
pub(crate) struct Network {
    address: String,
    asked: Receiver<()>,
}

impl Network {
    pub(crate) fn silent() -> Self {
        Self::of(&[])
    }

    pub(crate) fn of(servers: &[&Listening]) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a free port");
        let address = socket.local_addr().expect("an address").to_string();
        let servers: Vec<FakeServer> =
            servers.iter().map(|server| server.server().clone()).collect();
        let (questions, asked) = mpsc::channel();
        thread::spawn(move || {
            let mut question = [0; 128];
            while let Ok((length, from)) = socket.recv_from(&mut question) {
                let _ = questions.send(());
                for server in &servers {
                    if let Some(answer) = server.discovery_answer(&question[..length]) {
                        let _ = socket.send_to(&answer, from);
                    }
                }
            }
        });
        Self { address, asked }
    }

    pub(crate) fn address(&self) -> String {
        self.address.clone()
    }

    pub(crate) fn wait_for_a_question(&self) {
        self.asked.recv().expect("the network is there");
    }
}

/// One with an id of its own.
pub(crate) fn another_server() -> Listening {
    let mut server = FakeServer::with_seed(Version::V12, 1);
    "attic".clone_into(&mut server.settings_mut().server_name);
    server.listen().expect("a free port")
}

#[test]
fn the_only_server_that_answers_is_taken() {
    let server = server();
    let network = Network::of(&[&server]);

    let ran = run(&["--json", "info", "--ask", &network.address()], "");

    assert_eq!(ran.status, 0, "{}", ran.err);
    let info: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(info["url"], server.url());
}

#[test]
fn the_user_chooses_among_several() {
    let (one, two) = (server(), another_server());
    let network = Network::of(&[&one, &two]);
    let mut terminal = Terminal::new(&["info", "--ask", &network.address()]);

    terminal.expect("Which one? [1] ");
    terminal.type_line("7");
    terminal.expect("from 1 to 2");
    terminal.type_line("2");

    assert_eq!(terminal.status().status, 0);
    assert!(terminal.out().contains(&two.url()), "{}", terminal.out());
}

#[test]
fn a_script_must_name_one_of_several() {
    let (one, two) = (server(), another_server());
    let network = Network::of(&[&one, &two]);

    let ran = run(&["info", "--ask", &network.address()], "");

    assert_eq!(ran.status, 4);
    assert!(ran.err.contains(&one.url()) && ran.err.contains(&two.url()), "{}", ran.err);
}

#[test]
fn a_silent_network_ends_with_4() {
    let ran = run(&["--ask", &Network::silent().address()], "");

    assert_eq!(ran.status, 4);
    assert!(ran.err.contains("give its address"), "{}", ran.err);
}
