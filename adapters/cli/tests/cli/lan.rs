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
        Self::with(servers.iter().map(|server| server.server().clone()).collect())
    }

    /// What these servers announce isn't necessarily where they are.
    fn announcing(addresses: &[&str]) -> Self {
        let announces = |address: &&str| {
            let mut server = FakeServer::new(Version::V12);
            (*address).clone_into(&mut server.settings_mut().local_address);
            server
        };
        Self::with(addresses.iter().map(announces).collect())
    }

    fn with(servers: Vec<FakeServer>) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a free port");
        let address = socket.local_addr().expect("an address").to_string();
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
fn servers_that_share_an_id_are_both_listed() {
    let (one, two) = (server(), server());
    assert_eq!(one.server().server_id(), two.server().server_id());
    let network = Network::of(&[&one, &two]);
    let mut terminal = Terminal::new(&["info", "--ask", &network.address()]);

    let list = terminal.expect("Which one? [1] ");
    for (number, server) in [(1, &one), (2, &two)] {
        let name = server.server().settings().server_name.clone();
        let line = format!("{number}  {} ({name})", server.url());
        assert!(list.contains(&line), "{line} in {list}");
    }
    terminal.type_line("2");

    assert_eq!(terminal.status().status, 0);
    assert!(terminal.out().contains(&two.url()), "{}", terminal.out());
}

#[test]
fn a_server_that_announces_an_address_of_its_container_is_found_at_its_host() {
    let server = server();
    let announced = format!("http://127.0.0.2:{}", server.port());
    let network = Network::announcing(&[&announced]);

    let ran = run(&["--json", "info", "--ask", &network.address()], "");

    assert_eq!(ran.status, 0, "{}", ran.err);
    let info: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(info["url"], server.url());
}

#[test]
fn an_announced_address_needs_no_scheme() {
    let server = server();
    let announced = server.url().trim_start_matches("http://").to_owned();
    let network = Network::announcing(&[&announced]);

    let ran = run(&["--json", "info", "--ask", &network.address()], "");

    assert_eq!(ran.status, 0, "{}", ran.err);
    let info: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(info["url"], server.url());
}

#[test]
fn a_name_cant_pretend_to_be_an_address() {
    let hostile = "http://10.0.0.1:8096\u{202e}\u{2028}  2  http://nas:8096";
    let mut settings = FakeServer::with_seed(Version::V12, 1);
    hostile.clone_into(&mut settings.settings_mut().server_name);
    let (one, two) = (settings.listen().expect("a free port"), server());
    let network = Network::of(&[&one, &two]);

    let ran = run(&["info", "--ask", &network.address()], "");

    assert_eq!(ran.status, 4);
    let line = format!("{} (http://10.0.0.1:8096\u{fffd}  2  http://nas:8096)", one.url());
    assert!(ran.err.contains(&line), "{}", ran.err);
}

#[test]
fn a_silent_network_ends_with_4() {
    let ran = run(&["--ask", &Network::silent().address()], "");

    assert_eq!(ran.status, 4);
    assert!(ran.err.contains("give its address"), "{}", ran.err);
}
