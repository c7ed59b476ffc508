//! Rule 3: time enters through `poll` alone.

use std::time::Duration;

use jellyfin_auth::{Failure, Login, Machine as _, Step, Timestamp};

use crate::given::*;

#[test]
fn what_is_left_of_a_wait_shrinks() {
    let mut script = showing_a_code(quick_connect_login(SERVER));
    for left in [5, 4, 3, 2, 1] {
        assert_eq!(script.is_waiting().delay(), seconds(left));
        script.clock.advance(seconds(1));
    }
    script.sends("GET", POLL).answers(pending());
}

#[test]
fn a_wait_begins_at_the_first_poll_after_the_answer() {
    let mut script = asked_for_a_code();
    script.sends("GET", ENABLED).answers(on());
    script.sends("POST", INITIATE).takes(20).answers(pending());
    script.clock.advance(seconds(40));
    assert_eq!(script.is_waiting().delay(), seconds(5));
}

#[test]
fn a_clock_that_goes_back_or_restarts_costs_only_the_time_it_lost() {
    let mut script = showing_a_code(quick_connect_login(SERVER));
    script.clock.advance(seconds(1000));
    assert_eq!(script.is_waiting().delay(), seconds(5));
    script.clock.advance(seconds(2));
    assert_eq!(script.is_waiting().delay(), seconds(3));
    script.clock.go_back(seconds(5000));
    assert_eq!(script.is_waiting().delay(), seconds(3));
    script.clock.advance(seconds(3));
    script.sends("GET", POLL).answers(pending());
}

#[test]
fn any_timestamp_is_taken() {
    let mut login = Login::quick_connect(url(SERVER), device());
    for time in [Duration::MAX, Duration::ZERO, Duration::MAX, Duration::from_nanos(1)] {
        let step = login.poll(Timestamp::new(time)).expect("no error");
        if let Step::Send(request) = step {
            assert!(login.handle(request.into_parts().1, Err(Failure::Timeout)));
        }
    }
}

#[test]
fn a_timestamp_is_the_time_since_the_origin() {
    assert_eq!(Timestamp::from(seconds(7)), Timestamp::new(seconds(7)));
    assert_eq!(Timestamp::from(seconds(7)).since_origin(), seconds(7));
}
