//! How long a connection is kept, and for which server.

use std::{thread, time::Duration};

use jellyfin_auth_testkit::{
    answer::{self, ResponseExt as _},
    raw_server::Conduct,
};

use crate::{
    both_drivers::BOTH,
    scene::{SERVER, SOON, ask, connections, well_behaved, with_length},
};

#[test]
fn a_connection_is_given_up_a_second_before_the_server_closes_it() {
    for adapter in BOTH {
        for (keep_alive, pause, expected) in [
            ("timeout=1", 0, [0, 1]),
            ("timeout=2, max=100", 1050, [0, 1]),
            ("timeout=5, max=100", 1050, [0, 0]),
        ] {
            let server = Conduct::new(move |_| {
                let info =
                    answer::server_info(SERVER, "10.11.11").with_header("keep-alive", keep_alive);
                with_length(&info)
            })
            .start();
            let mut driver = adapter.driver();

            ask(&mut driver, &server).expect("it answers");
            thread::sleep(Duration::from_millis(pause));
            ask(&mut driver, &server).expect("it answers");

            assert_eq!(connections(&server), expected, "{keep_alive}");
        }
    }
}

#[test]
fn a_connection_that_the_server_closes_is_not_used_again() {
    for adapter in BOTH {
        let server = Conduct::new(|_| {
            let info = answer::server_info(SERVER, "10.11.11").with_header("connection", "close");
            with_length(&info)
        })
        .start();
        let mut driver = adapter.driver();

        for _ in 0..2 {
            ask(&mut driver, &server).expect("it answers");
        }

        assert_eq!(connections(&server), [0, 1]);
    }
}

#[test]
fn a_connection_is_not_used_for_another_server() {
    for adapter in BOTH {
        let (one, other) = (Conduct::new(well_behaved).start(), Conduct::new(well_behaved).start());
        let mut driver = adapter.driver();

        ask(&mut driver, &one).expect("it answers");
        ask(&mut driver, &other).expect("it answers");

        assert_eq!(other.traffic().requests().len(), 1);
        assert!(one.traffic().wait_until_all_are_closed(SOON), "one connection is kept, no more");
    }
}
