//! Connecting: all of a host's addresses, each a little later than the one before, until one answers
//! or the driver is cancelled.

use std::{
    collections::VecDeque,
    io,
    net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs as _},
    sync::{
        Arc, Weak,
        mpsc::{self, RecvTimeoutError, Sender},
    },
    thread,
    time::{Duration, Instant},
};

use jellyfin_auth::Failure;
use jellyfin_auth_transport::{STAGGER, TransportError, by_turns};
use ureq::unversioned::transport::ShutdownHandle;

use super::Trouble;

type Register<'r> = dyn Fn(Weak<dyn ShutdownHandle>) -> Result<(), ureq::Error> + 'r;

enum News {
    Found(io::Result<Vec<SocketAddr>>),
    Connected(TcpStream),
    Failed(io::Error),
    GivenUp,
}

/// Tells a dialling driver that it was cancelled.
struct GiveUp(Sender<News>);

impl ShutdownHandle for GiveUp {
    fn shutdown(&self) {
        // Nobody listens any more: then it is over anyway.
        let _ = self.0.send(News::GivenUp);
    }
}

/// Connects to `host`, which may be an address in brackets.
///
/// Looking up a name and connecting can't be interrupted, so that threads do it and are left behind
/// when the answer isn't wanted any more; each ends with its system's timeout, or at `deadline`.
pub(super) fn dial(
    host: &str,
    port: u16,
    deadline: Option<Instant>,
    register: &Register<'_>,
) -> Result<TcpStream, Trouble> {
    let (tell, news) = mpsc::channel();
    let give_up: Arc<dyn ShutdownHandle> = Arc::new(GiveUp(tell.clone()));
    register(Arc::downgrade(&give_up)).map_err(Trouble::Ureqs)?;

    let bare = host.trim_start_matches('[').trim_end_matches(']').to_owned();
    if let Ok(address) = bare.parse::<IpAddr>() {
        let _ = tell.send(News::Found(Ok(vec![SocketAddr::new(address, port)])));
    } else {
        spawn(&tell, move || {
            News::Found((bare.as_str(), port).to_socket_addrs().map(Iterator::collect))
        })?;
    }

    let mut dialling = Dialling { tell, deadline, addresses: VecDeque::new(), under_way: 0 };
    let mut last = None;
    let mut next_at = None;
    loop {
        let until = [next_at, deadline].into_iter().flatten().min();
        let heard = match until {
            Some(until) => {
                news.recv_timeout(until.saturating_duration_since(Instant::now())).map_err(Some)
            }
            None => news.recv().map_err(|_| None),
        };
        match heard {
            Ok(News::Connected(stream)) => return Ok(stream),
            Ok(News::GivenUp) => return Err(given_up().into()),
            Ok(News::Found(Err(error))) => return Err(not_found(&error).into()),
            Ok(News::Found(Ok(addresses))) => dialling.addresses = by_turns(addresses),
            Ok(News::Failed(error)) => {
                dialling.under_way -= 1;
                last = Some(error);
            }
            Err(Some(RecvTimeoutError::Timeout))
                if deadline.is_some_and(|end| end <= Instant::now()) =>
            {
                return Err(unreachable_because("no connection was made in time").into());
            }
            // Time for the next address; this end of the channel keeps the other one open.
            Err(_) => {}
        }
        dialling.try_next()?;
        if dialling.under_way == 0 {
            return Err(last
                .map_or_else(
                    || unreachable_because("the host's name has no address"),
                    |error| TransportError::from_connecting(&error),
                )
                .into());
        }
        next_at = (!dialling.addresses.is_empty()).then(|| Instant::now() + STAGGER);
    }
}

struct Dialling {
    tell: Sender<News>,
    deadline: Option<Instant>,
    addresses: VecDeque<SocketAddr>,
    under_way: usize,
}

impl Dialling {
    fn try_next(&mut self) -> Result<(), TransportError> {
        let Some(address) = self.addresses.pop_front() else { return Ok(()) };
        let deadline = self.deadline;
        spawn(&self.tell, move || {
            connect(address, deadline).map_or_else(News::Failed, News::Connected)
        })?;
        self.under_way += 1;
        Ok(())
    }
}

fn connect(address: SocketAddr, deadline: Option<Instant>) -> io::Result<TcpStream> {
    let stream = match deadline.map(|deadline| deadline.saturating_duration_since(Instant::now())) {
        None => TcpStream::connect(address),
        Some(Duration::ZERO) => Err(io::ErrorKind::TimedOut.into()),
        Some(left) => TcpStream::connect_timeout(&address, left),
    }?;
    // A request is written in one piece: waiting for more would only delay it.
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// Runs `work` on a thread of its own and tells what came of it, if anyone still listens.
fn spawn(
    tell: &Sender<News>,
    work: impl FnOnce() -> News + Send + 'static,
) -> Result<(), TransportError> {
    let tell = tell.clone();
    thread::Builder::new()
        .name("jellyfin-auth dial".to_owned())
        .spawn(move || drop(tell.send(work())))
        .map_err(|error| TransportError::from_connecting(&error))?;
    Ok(())
}

fn not_found(error: &io::Error) -> TransportError {
    unreachable_because(format!("the host's name can't be looked up: {error}"))
}

fn unreachable_because(said: impl Into<String>) -> TransportError {
    TransportError::new(Failure::Unreachable, said)
}

fn given_up() -> TransportError {
    TransportError::new(Failure::Unreachable, "cancelled while connecting")
}
