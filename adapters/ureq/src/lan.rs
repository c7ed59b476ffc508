use std::{
    io,
    net::{SocketAddr, UdpSocket},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use jellyfin_auth::lan::{Announcement, LONGEST_DATAGRAM, QUESTION};
use jellyfin_auth_transport::LanSearch;

/// Looks for servers on the local network: asks by UDP on port 7359 and collects the answers.
///
/// Each server is listed once, in the order of the answers; garbage is left out. An announcement proves
/// nothing: let [`Discovery::at`](jellyfin_auth::Discovery::at) look at an address before anyone types
/// a password.
///
/// ```no_run
/// use jellyfin_auth_ureq::{LanSearch, find_servers};
///
/// for server in find_servers(&LanSearch::new())? {
///     println!("{} {}", server.name.as_deref().unwrap_or("?"), server.address);
/// }
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Errors
///
/// When no socket can be made or no question can be sent at all: there is no network. When nobody
/// answers, the list is empty.
pub fn find_servers(search: &LanSearch) -> io::Result<Vec<Announcement>> {
    let end = Instant::now() + search.duration();
    let (sender, datagrams) = mpsc::channel();
    let mut sockets = Vec::new();
    for (socket, to) in search.sockets()? {
        let listening = socket.try_clone()?;
        let sender = sender.clone();
        thread::Builder::new()
            .name("jellyfin-auth lan".to_owned())
            .spawn(move || listen(&listening, end, &sender))?;
        sockets.push((socket, to));
    }
    drop(sender);
    ask(&sockets)?;
    let again_at = Instant::now() + search.duration() / 2;
    let mut asked_again = false;
    let mut found = Vec::new();
    loop {
        let until = if asked_again { end } else { again_at };
        match datagrams.recv_timeout(until.saturating_duration_since(Instant::now())) {
            Ok(datagram) => drop(Announcement::collect(&mut found, &datagram)),
            Err(mpsc::RecvTimeoutError::Timeout) if !asked_again => {
                asked_again = true;
                // The first question went out: an answer may still arrive.
                let _ = ask(&sockets);
            }
            Err(_) => return Ok(found),
        }
    }
}

/// Fails when nobody could be asked.
fn ask(sockets: &[(UdpSocket, Vec<SocketAddr>)]) -> io::Result<()> {
    let mut outcome = Err(io::ErrorKind::NotFound.into());
    for (socket, to) in sockets {
        for address in to {
            match socket.send_to(QUESTION, address) {
                Ok(_) => outcome = Ok(()),
                Err(error) if outcome.is_err() => outcome = Err(error),
                Err(_) => {}
            }
        }
    }
    outcome
}

fn listen(socket: &UdpSocket, end: Instant, sender: &mpsc::Sender<Vec<u8>>) {
    let mut buffer = [0; LONGEST_DATAGRAM];
    loop {
        let left = end.saturating_duration_since(Instant::now());
        if left < Duration::from_millis(1) || socket.set_read_timeout(Some(left)).is_err() {
            return;
        }
        let Ok((length, _)) = socket.recv_from(&mut buffer) else {
            // Some systems report here that nobody listened to the question: only the time ends this.
            thread::sleep(Duration::from_millis(10).min(left));
            continue;
        };
        if sender.send(buffer[..length].to_vec()).is_err() {
            return;
        }
    }
}
