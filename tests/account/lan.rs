//! Looking for servers by UDP, with responders on loopback.

use std::{
    io::ErrorKind,
    net::{SocketAddr, UdpSocket},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

use futures_lite::future::{block_on, or};
use jellyfin_auth::{
    ServerUrl,
    lan::{Announcements, QUESTION},
};
use jellyfin_auth_ureq::LanSearch;

use jellyfin_auth_both_drivers::BOTH;

fn socket() -> (UdpSocket, SocketAddr) {
    let socket = UdpSocket::bind("127.0.0.1:0").expect("a port of the system's choosing");
    let address = socket.local_addr().expect("a bound socket");
    (socket, address)
}

/// Answers every question with these datagrams. It ends with the test's process.
fn responder(answers: Vec<Vec<u8>>) -> SocketAddr {
    let (socket, address) = socket();
    thread::spawn(move || {
        loop {
            let asker = question(&socket);
            for answer in &answers {
                // The asker may be gone: then this is the second question.
                let _ = socket.send_to(answer, asker);
            }
        }
    });
    address
}

fn question(socket: &UdpSocket) -> SocketAddr {
    let mut buffer = [0; 100];
    let (length, asker) = socket.recv_from(&mut buffer).expect("a question");
    assert_eq!(&buffer[..length], QUESTION);
    asker
}

fn announcement(address: &str, id: &str, name: &str) -> Vec<u8> {
    format!(r#"{{"Address":"{address}","Id":"{id}","Name":"{name}","EndpointAddress":null}}"#)
        .into_bytes()
}

fn search() -> LanSearch {
    LanSearch::new().time(Duration::from_secs(1))
}

#[test]
fn several_servers_are_found_once_each_and_garbage_is_left_out() {
    let nas = "http://192.0.2.7:8096";
    for adapter in BOTH {
        let garbage = vec![
            b"".to_vec(),
            b"Who is JellyfinServer?".to_vec(),
            vec![0xFF; 2000],
            announcement("javascript:alert(1)", "evil", "x"),
            announcement("http://192.0.2.9", r"a\u001b[2J", "x"),
        ];
        let twice = vec![announcement(nas, "aa", "nas"), announcement(nas, "aa", "nas")];
        // Another server with the same id, and one that announces no scheme.
        let others = vec![announcement("http://192.0.2.8", "aa", "copy")];
        let nas = responder([garbage, twice, others].concat());
        let attic = responder(vec![announcement("192.0.2.9:8096", "bb", "attic")]);

        let found = adapter.find_servers(&search().ask(nas).ask(attic));

        let mut shown: Vec<_> = found
            .expect("a network")
            .iter()
            .map(|server| (server.id.clone(), server.to_string()))
            .collect();
        shown.sort();
        let expected = [
            ("aa", "http://192.0.2.7:8096 from 127.0.0.1 (nas)"),
            ("aa", "http://192.0.2.8 from 127.0.0.1 (copy)"),
            ("bb", "192.0.2.9:8096 from 127.0.0.1 (attic)"),
        ];
        assert_eq!(shown, expected.map(|(id, text)| (id.to_owned(), text.to_owned())), "{adapter}");
    }
}

#[test]
fn the_host_that_answered_is_a_candidate() {
    for adapter in BOTH {
        let container = responder(vec![announcement("172.17.0.2:8096/jf", "aa", "nas")]);

        let found = adapter.find_servers(&search().ask(container)).expect("a network");

        let candidates = found[0].candidates();
        let candidates: Vec<_> = candidates.iter().map(ServerUrl::as_str).collect();
        let expected = [
            "https://172.17.0.2:8096/jf",
            "http://172.17.0.2:8096/jf",
            "https://127.0.0.1:8096/jf",
            "http://127.0.0.1:8096/jf",
        ];
        assert_eq!(candidates, expected, "{adapter}");
    }
}

#[test]
fn nobody_answering_is_an_empty_list_after_the_given_time() {
    for adapter in BOTH {
        let (_silent, address) = socket();
        let begin = Instant::now();

        let found = adapter.find_servers(&search().ask(address));

        assert_eq!(found.expect("a network"), [], "{adapter}");
        assert!(begin.elapsed() >= Duration::from_secs(1), "{adapter}");
    }
}

#[test]
fn the_question_is_asked_twice() {
    for adapter in BOTH {
        let (server, address) = socket();

        adapter.find_servers(&search().ask(address)).expect("a network");

        // Both lie there since.
        server.set_nonblocking(true).expect("a socket");
        assert_eq!(question(&server), question(&server), "{adapter}");
        let more = server.recv_from(&mut [0; 100]).map_err(|error| error.kind());
        assert_eq!(more, Err(ErrorKind::WouldBlock), "{adapter}");
    }
}

#[test]
fn an_answer_to_the_second_question_alone_is_enough() {
    for adapter in BOTH {
        let (socket, address) = socket();
        thread::spawn(move || {
            question(&socket);
            let asker = question(&socket);
            let answer = announcement("http://192.0.2.7:8096", "aa", "nas");
            socket.send_to(&answer, asker).expect("loopback takes it");
        });

        // Long enough that a busy machine answers in its half.
        let search = LanSearch::new().time(Duration::from_secs(6)).ask(address);
        let found = adapter.find_servers(&search).expect("a network");

        assert_eq!(found.len(), 1, "{adapter}");
    }
}

/// Answers from a host that wasn't asked. Only Linux has the whole network on its loopback interface.
#[cfg(target_os = "linux")]
#[test]
fn only_the_host_that_was_asked_is_believed() {
    for adapter in BOTH {
        let (socket, address) = socket();
        thread::spawn(move || {
            let asker = question(&socket);
            let stranger = UdpSocket::bind("127.0.0.2:0").expect("a port of the system's choosing");
            let forged = announcement("http://192.0.2.66:8096", "aa", "forged");
            stranger.send_to(&forged, asker).expect("loopback takes it");
            let answer = announcement("http://192.0.2.7:8096", "aa", "nas");
            socket.send_to(&answer, asker).expect("loopback takes it");
        });

        let found = adapter.find_servers(&search().ask(address)).expect("a network");

        let names: Vec<_> = found.iter().map(|server| server.name.as_deref()).collect();
        assert_eq!(names, [Some("nas")], "{adapter}");
    }
}

#[test]
fn a_flood_ends_in_time_and_little_of_it_is_kept() {
    for adapter in BOTH {
        let (socket, address) = socket();
        let is_over = Arc::new(AtomicBool::new(false));
        let flood = thread::spawn({
            let is_over = Arc::clone(&is_over);
            move || {
                let asker = question(&socket);
                for id in 0.. {
                    let forged = announcement("http://192.0.2.7", &format!("{id}"), "x");
                    let _ = socket.send_to(&forged, asker);
                    if is_over.load(Ordering::Relaxed) {
                        break;
                    }
                }
            }
        });

        // It returns while the flood goes on, or never.
        let time = Duration::from_secs(1);
        let begin = Instant::now();
        let found = adapter.find_servers(&LanSearch::new().time(time).ask(address));
        let (found, took) = (found.expect("a network"), begin.elapsed());

        is_over.store(true, Ordering::Relaxed);
        flood.join().expect("it was asked");
        assert_eq!(found.len(), Announcements::MAX, "{adapter}");
        assert!(took < time * 8, "{adapter}: {took:?}, on a busy machine, too");
    }
}

#[test]
fn the_longest_time_there_is_is_no_panic() {
    let forever = LanSearch::new().time(Duration::MAX);
    for adapter in BOTH {
        let (server, address) = socket();
        let search = forever.clone().ask(address);
        // It ends with the test's process.
        let (sender, ended) = mpsc::channel();
        thread::spawn(move || sender.send(adapter.find_servers(&search).is_ok()));
        question(&server);
        let still_searching = ended.recv_timeout(Duration::from_millis(100));
        assert_eq!(still_searching, Err(mpsc::RecvTimeoutError::Timeout), "{adapter}");
    }
    // The future can be dropped.
    let (server, address) = socket();
    let search = forever.ask(address);
    block_on(or(async { drop(jellyfin_auth_async_std::find_servers(&search).await) }, async {
        question(&server);
    }));
}
