//! Looking for servers by UDP, with responders on loopback.

use std::{
    net::{SocketAddr, UdpSocket},
    thread,
    time::{Duration, Instant},
};

use jellyfin_auth::lan::QUESTION;
use jellyfin_auth_ureq::LanSearch;

use crate::both_drivers::BOTH;

/// Answers every question with these datagrams, until nobody has asked for a second.
fn responder(answers: Vec<Vec<u8>>) -> SocketAddr {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a port of the system's choosing");
    let address = socket.local_addr().expect("a bound socket");
    socket.set_read_timeout(Some(Duration::from_secs(1))).expect("a time-out");
    thread::spawn(move || {
        let mut buffer = [0; 100];
        while let Ok((length, asker)) = socket.recv_from(&mut buffer) {
            assert_eq!(&buffer[..length], QUESTION);
            for answer in &answers {
                socket.send_to(answer, asker).expect("loopback takes it");
            }
        }
    });
    address
}

fn announcement(id: &str, name: &str) -> Vec<u8> {
    format!(
        r#"{{"Address":"http://192.0.2.7:8096","Id":"{id}","Name":"{name}","EndpointAddress":null}}"#
    )
    .into_bytes()
}

fn search() -> LanSearch {
    LanSearch::new().time(Duration::from_millis(400))
}

#[test]
fn several_servers_are_found_once_each_and_garbage_is_left_out() {
    for adapter in BOTH {
        let garbage = vec![
            b"".to_vec(),
            b"Who is JellyfinServer?".to_vec(),
            vec![0xFF; 2000],
            br#"{"Address":"javascript:alert(1)","Id":"evil","Name":"x"}"#.to_vec(),
            br#"{"Address":"http://192.0.2.9","Id":"a\u001b[2J"}"#.to_vec(),
        ];
        let twice = vec![announcement("aa", "nas"), announcement("aa", "nas")];
        let nas = responder([garbage, twice].concat());
        let attic = responder(vec![announcement("bb", "attic")]);

        let found = adapter.find_servers(&search().ask(nas).ask(attic));

        let mut found = found.expect("a network");
        found.sort_by(|a, b| a.id.cmp(&b.id));
        let names: Vec<_> =
            found.iter().map(|server| (server.id.as_str(), server.name.as_deref())).collect();
        assert_eq!(names, [("aa", Some("nas")), ("bb", Some("attic"))], "{adapter}");
        assert_eq!(found[0].address.as_str(), "http://192.0.2.7:8096", "{adapter}");
    }
}

#[test]
fn nobody_answering_is_an_empty_list_after_the_given_time() {
    for adapter in BOTH {
        let silent = UdpSocket::bind("127.0.0.1:0").expect("a port of the system's choosing");
        let begin = Instant::now();

        let found =
            adapter.find_servers(&search().ask(silent.local_addr().expect("a bound socket")));

        assert_eq!(found.expect("a network"), [], "{adapter}");
        assert!(begin.elapsed() >= Duration::from_millis(390), "{adapter}");
    }
}

#[test]
fn a_lost_question_is_asked_again() {
    for adapter in BOTH {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a port of the system's choosing");
        let address = socket.local_addr().expect("a bound socket");
        socket.set_read_timeout(Some(Duration::from_secs(1))).expect("a time-out");
        let server = thread::spawn(move || {
            let mut buffer = [0; 100];
            socket.recv_from(&mut buffer).expect("the first question, which is lost");
            let (_, asker) = socket.recv_from(&mut buffer).expect("the second one");
            socket.send_to(&announcement("aa", "nas"), asker).expect("loopback takes it");
        });

        let found = adapter.find_servers(&search().ask(address)).expect("a network");

        server.join().expect("it was asked twice");
        assert_eq!(found.len(), 1, "{adapter}");
    }
}
