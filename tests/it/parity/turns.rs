//! A server's turns, in memory and on a socket.

use std::sync::Mutex;

use http::Response;
use jellyfin_auth::Failure;
use jellyfin_auth_testkit::{
    answer::ResponseExt as _,
    raw_server::{Conduct, Move, RawServer, wire},
};

/// What a server does with the next request.
#[derive(Clone, Debug)]
pub enum Turn {
    Answer(Response<Vec<u8>>),
    /// Ends the connection.
    Lose,
    /// Says nothing for longer than anyone waits.
    Stall,
}

impl Turn {
    /// What a driver makes of it.
    pub fn result(&self, max_body: usize) -> Result<Response<Vec<u8>>, Failure> {
        match self {
            Self::Answer(response) if response.body().len() > max_body => Err(Failure::TooLarge),
            Self::Answer(response) => Ok(response.clone()),
            Self::Lose => Err(Failure::Interrupted),
            Self::Stall => Err(Failure::Timeout),
        }
    }
}

/// A server that takes its turns, one a request, and has none for a request too many.
pub fn serve(script: &[Turn]) -> RawServer {
    let turns: Vec<Turn> = script.into();
    let turns = Mutex::new(turns.into_iter().peekable());
    Conduct::new(move |_| {
        let mut turns = turns.lock().expect("no turn panics");
        match turns.next() {
            None => {
                vec![Move::Send(wire::with_length(&jellyfin_auth_testkit::answer::marked(418)))]
            }
            Some(Turn::Lose) => vec![Move::Close],
            Some(Turn::Stall) => vec![Move::Hold],
            // A request that is lost on a kept connection may be sent once more by the driver itself.
            // What is compared here is what the login asks for.
            Some(Turn::Answer(response)) if turns.peek().is_some_and(is_no_answer) => {
                let response = response.with_header("connection", "close");
                vec![Move::Send(wire::with_length(&response)), Move::Close]
            }
            Some(Turn::Answer(response)) => vec![Move::Send(wire::chunked(&response))],
        }
    })
    .start()
}

fn is_no_answer(turn: &Turn) -> bool {
    !matches!(turn, Turn::Answer(_))
}
