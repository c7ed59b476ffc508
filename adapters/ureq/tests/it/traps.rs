//! What an HTTP stack does that a sign-in must not.

use std::error::Error as _;

use jellyfin_auth::Error;
use jellyfin_auth_testkit::{
    answer,
    raw_server::{Conduct, Move, RawServer},
};

use crate::scene::{PASSWORD, SECRET, TOKEN, driver, info, password_login, with_length};

/// A server that answers the sign-in with `moves`.
fn answering_the_sign_in(moves: Vec<Move>) -> RawServer {
    Conduct::new(move |request| match request.path() {
        "/System/Info/Public" => info(),
        _ => moves.clone(),
    })
    .start()
}

#[test]
fn a_redirect_without_a_location_is_an_answer_too() {
    let server = answering_the_sign_in(with_length(&answer::unmarked(302)));

    let refused = driver().run(password_login(&server.url())).expect_err("redirected");

    assert!(matches!(refused.login(), Some(Error::Redirected { to: None, .. })), "{refused:?}");
}

#[test]
fn nothing_that_is_shown_holds_a_secret() {
    let server = answering_the_sign_in(vec![Move::Close]);
    let mut driver = driver();

    let refused = driver.run(password_login(&server.url())).expect_err("the connection broke");

    let shown = format!("{refused} {refused:?} {:?} {driver:?}", refused.source());
    for secret in [PASSWORD, SECRET, TOKEN, "MediaBrowser"] {
        assert!(!shown.contains(secret), "{shown}");
    }
}
