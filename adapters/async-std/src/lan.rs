use std::{
    convert::Infallible,
    future::{Future, poll_fn},
    io,
    net::SocketAddr,
    pin::Pin,
    sync::{Mutex, PoisonError},
    task::Poll,
    time::{Duration, Instant},
};

use futures_lite::future;
use jellyfin_auth::lan::{Announcement, LONGEST_DATAGRAM, QUESTION};
use jellyfin_auth_transport::LanSearch;

use crate::runtime::{self, UdpSocket};

/// Looks for servers on the local network: asks by UDP on port 7359 and collects the answers.
///
/// Each server is listed once, in the order of the answers; garbage is left out. An announcement proves
/// nothing: let [`Discovery::at`](jellyfin_auth::Discovery::at) look at an address before anyone types
/// a password. Dropping the future closes the sockets.
///
/// ```no_run
/// use jellyfin_auth_async_std::{LanSearch, find_servers};
///
/// # async fn show() -> std::io::Result<()> {
/// for server in find_servers(&LanSearch::new()).await? {
///     println!("{} {}", server.name.as_deref().unwrap_or("?"), server.address);
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Errors
///
/// When no socket can be made or no question can be sent at all: there is no network. When nobody
/// answers, the list is empty.
pub async fn find_servers(search: &LanSearch) -> io::Result<Vec<Announcement>> {
    let end = Instant::now() + search.duration();
    let sockets: Vec<(UdpSocket, Vec<SocketAddr>)> =
        search.sockets()?.into_iter().map(|(socket, to)| (socket.into(), to)).collect();
    let found = Mutex::default();
    ask(&sockets).await?;
    let mut listeners: Vec<_> =
        sockets.iter().map(|(socket, _)| Box::pin(listen(socket, &found))).collect();
    let listening = poll_fn(|cx| {
        for listener in &mut listeners {
            // It has no end.
            let Poll::Pending = Pin::new(listener).poll(cx);
        }
        Poll::Pending
    });
    let time = async {
        runtime::sleep(search.duration() / 2).await;
        // The first question went out: an answer may still arrive.
        let _ = ask(&sockets).await;
        runtime::sleep(end.saturating_duration_since(Instant::now())).await;
    };
    future::or(listening, time).await;
    drop(listeners);
    Ok(found.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Fails when nobody could be asked.
async fn ask(sockets: &[(UdpSocket, Vec<SocketAddr>)]) -> io::Result<()> {
    let mut outcome = Err(io::ErrorKind::NotFound.into());
    for (socket, to) in sockets {
        for address in to {
            match socket.send_to(QUESTION, address).await {
                Ok(_) => outcome = Ok(()),
                Err(error) if outcome.is_err() => outcome = Err(error),
                Err(_) => {}
            }
        }
    }
    outcome
}

async fn listen(socket: &UdpSocket, found: &Mutex<Vec<Announcement>>) -> Infallible {
    let mut buffer = vec![0; LONGEST_DATAGRAM];
    loop {
        let Ok((length, _)) = socket.recv_from(&mut buffer).await else {
            // Some systems report here that nobody listened to the question: only the time ends this.
            runtime::sleep(Duration::from_millis(10)).await;
            continue;
        };
        collect(found, &buffer[..length]);
        // Whoever floods the network doesn't stop the clock.
        future::yield_now().await;
    }
}

fn collect(found: &Mutex<Vec<Announcement>>, datagram: &[u8]) {
    // Nothing under the lock leaves the list half made.
    let mut found = found.lock().unwrap_or_else(PoisonError::into_inner);
    Announcement::collect(&mut found, datagram);
}
