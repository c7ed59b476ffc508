//! A server whose every answer holds a secret, and who signs in to it.

use std::{collections::VecDeque, sync::Mutex};

use jellyfin_auth::Login;
pub(crate) use jellyfin_auth_both_drivers::address as url;
use jellyfin_auth_both_drivers::device;
use jellyfin_auth_testkit::{
    answer::{self, ResponseExt as _},
    raw_server::{Conduct, Move, RawRequest, RawServer, wire},
};

pub(crate) const PASSWORD: &str = "cAnArY-password";
const TOKEN: &str = "cAnArY-token";
const SECRET: &str = "cAnArY-secret";
const CODE: &str = "cAnArY-code";
const SERVER_ID: &str = "2e34ab940daf47feb56c64cd271dc628";

/// What goes wrong the next time that a path is asked for.
#[derive(Clone, Copy)]
pub(crate) enum Fault {
    /// The connection ends without an answer.
    Lost,
    /// 503 by what stands in front of the server.
    Busy,
    /// The password is wrong.
    Refused,
    /// To another host, by an address with a user's name, a password and a query.
    Redirect,
    /// Not approved yet.
    Pending,
}

/// A server where all goes well but for `faults`, each of which happens once, in this order.
pub(crate) fn server(faults: &[(&'static str, Fault)]) -> RawServer {
    conduct(faults).start()
}

/// How such a server behaves.
pub(crate) fn conduct(faults: &[(&'static str, Fault)]) -> Conduct {
    let faults: Mutex<VecDeque<_>> = Mutex::new(faults.iter().copied().collect());
    Conduct::new(move |request| {
        let mut faults = faults.lock().expect("nothing here panics");
        let is_next = faults.front().is_some_and(|(path, _)| *path == request.path());
        let fault = if is_next { faults.pop_front() } else { None };
        moves(request, fault.map(|(_, fault)| fault))
    })
}

fn moves(request: &RawRequest, fault: Option<Fault>) -> Vec<Move> {
    let answer = match fault {
        Some(Fault::Lost) => return vec![Move::Close],
        Some(Fault::Busy) => answer::unmarked(503),
        Some(Fault::Refused) => answer::marked(401),
        Some(Fault::Redirect) => answer::marked(302).with_header(
            "location",
            "http://cAnArY-user:cAnArY-word@other.example/elsewhere?api_key=cAnArY-key",
        ),
        Some(Fault::Pending) => answer::quick_connect(CODE, SECRET, false),
        None => match request.path() {
            "/System/Info/Public" => answer::server_info(SERVER_ID, "10.11.11"),
            "/QuickConnect/Enabled" => answer::marked(200).with_json(&true.into()),
            "/QuickConnect/Initiate" => answer::quick_connect(CODE, SECRET, false),
            "/QuickConnect/Connect" => answer::quick_connect(CODE, SECRET, true),
            "/Users/AuthenticateByName" | "/Users/AuthenticateWithQuickConnect" => {
                answer::authentication(TOKEN, "6eec632aff0d4d099aad0bf9e90b14c6", SERVER_ID)
            }
            "/Users/Me" => answer::marked(200).with_json(&serde_json::json!({
                "Name": "alice", "ServerId": SERVER_ID, "Id": "6eec632aff0d4d099aad0bf9e90b14c6",
            })),
            "/Sessions/Logout" => answer::marked(204),
            _ => answer::marked(404),
        },
    };
    vec![Move::Send(wire::with_length(&answer))]
}

pub(crate) fn by_password(address: &str) -> Login {
    Login::password(url(address), device("Test"), "alice", PASSWORD).expect("a user name")
}

pub(crate) fn by_quick_connect(address: &str) -> Login {
    Login::quick_connect(url(address), device("Test"))
}
