//! Connecting: all of a host's addresses, each a little later than the one before, until one answers
//! or the driver is cancelled.

use std::{
    collections::VecDeque,
    io,
    net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs as _},
    sync::{
        Arc, Weak,
        mpsc::{self, Receiver, RecvTimeoutError, Sender},
    },
    thread,
    time::{Duration, Instant},
};

use jellyfin_auth::Failure;
use jellyfin_auth_transport::{CONNECTION_ATTEMPT_DELAY, TransportError, interleave_families};
use ureq::unversioned::transport::ShutdownHandle;

use super::OpenError;

type Register<'r> = dyn Fn(Weak<dyn ShutdownHandle>) -> Result<(), ureq::Error> + 'r;

enum Event {
    Resolved(io::Result<Vec<SocketAddr>>),
    Connected(TcpStream),
    Failed(io::Error),
    Cancelled,
}

/// Passes on that the run was cancelled.
struct Cancel(Sender<Event>);

impl ShutdownHandle for Cancel {
    fn shutdown(&self) {
        // When nobody receives it, dialling is over anyway.
        let _ = self.0.send(Event::Cancelled);
    }
}

/// Connects to `host`, which may be an address without brackets.
///
/// Looking up a name and connecting can't be interrupted, so that threads do it and are left behind
/// when the result isn't wanted any more; each ends with its system's timeout, or at `deadline`.
pub(super) fn dial(
    host: &str,
    port: u16,
    deadline: Option<Instant>,
    register: &Register<'_>,
) -> Result<TcpStream, OpenError> {
    let (sender, events) = mpsc::channel();
    let cancel: Arc<dyn ShutdownHandle> = Arc::new(Cancel(sender.clone()));
    register(Arc::downgrade(&cancel)).map_err(OpenError::Ureq)?;

    if let Ok(address) = host.parse::<IpAddr>() {
        let _ = sender.send(Event::Resolved(Ok(vec![SocketAddr::new(address, port)])));
    } else {
        let host = host.to_owned();
        spawn(&sender, move || {
            Event::Resolved((host.as_str(), port).to_socket_addrs().map(Iterator::collect))
        })?;
    }

    first_to_answer(sender, &events, deadline)
}

/// Waits for the addresses, and tries them.
fn first_to_answer(
    sender: Sender<Event>,
    events: &Receiver<Event>,
    deadline: Option<Instant>,
) -> Result<TcpStream, OpenError> {
    let mut dialling = Dialling { sender, deadline, addresses: VecDeque::new(), under_way: 0 };
    let mut last = None;
    let mut next_at = None;
    loop {
        let until = [next_at, deadline].into_iter().flatten().min();
        let event = match until {
            Some(until) => {
                events.recv_timeout(until.saturating_duration_since(Instant::now())).map_err(Some)
            }
            None => events.recv().map_err(|_| None),
        };
        match event {
            Ok(Event::Connected(stream)) => return Ok(stream),
            Ok(Event::Cancelled) => return Err(unreachable("cancelled while connecting").into()),
            Ok(Event::Resolved(Err(error))) => {
                return Err(TransportError::from_look_up(&error).into());
            }
            Ok(Event::Resolved(Ok(addresses))) => {
                dialling.addresses = interleave_families(addresses);
            }
            Ok(Event::Failed(error)) => {
                dialling.under_way -= 1;
                last = Some(error);
            }
            Err(Some(RecvTimeoutError::Timeout))
                if deadline.is_some_and(|end| end <= Instant::now()) =>
            {
                return Err(unreachable("no connection was made in time").into());
            }
            // Time for the next address; this end of the channel keeps the other one open.
            Err(_) => {}
        }
        dialling.try_next()?;
        if dialling.under_way == 0 {
            return Err(last
                .map_or_else(
                    || unreachable("the host's name has no address"),
                    |error| TransportError::from_connecting(&error),
                )
                .into());
        }
        next_at =
            (!dialling.addresses.is_empty()).then(|| Instant::now() + CONNECTION_ATTEMPT_DELAY);
    }
}

struct Dialling {
    sender: Sender<Event>,
    deadline: Option<Instant>,
    addresses: VecDeque<SocketAddr>,
    under_way: usize,
}

impl Dialling {
    fn try_next(&mut self) -> Result<(), TransportError> {
        let Some(address) = self.addresses.pop_front() else { return Ok(()) };
        let deadline = self.deadline;
        spawn(&self.sender, move || {
            connect(address, deadline).map_or_else(Event::Failed, Event::Connected)
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

/// Does `work` on a thread of its own and sends what came of it, if anyone still receives.
fn spawn(
    sender: &Sender<Event>,
    work: impl FnOnce() -> Event + Send + 'static,
) -> Result<(), TransportError> {
    let sender = sender.clone();
    thread::Builder::new()
        .name("jellyfin-auth dial".to_owned())
        .spawn(move || drop(sender.send(work())))
        .map_err(|error| TransportError::from_connecting(&error))?;
    Ok(())
}

fn unreachable(text: impl Into<String>) -> TransportError {
    TransportError::new(Failure::Unreachable, text)
}

#[cfg(test)]
mod tests {
    use jellyfin_auth_testkit::raw_server::{Conduct, FullBacklog, refused_port};

    use super::*;

    fn first_of(addresses: &[SocketAddr], time: Duration) -> Option<TcpStream> {
        let (sender, events) = mpsc::channel();
        sender.send(Event::Resolved(Ok(addresses.to_vec()))).expect("it is received");
        first_to_answer(sender, &events, Some(Instant::now() + time)).ok()
    }

    #[test]
    fn an_address_that_does_not_answer_costs_one_delay() {
        // Not every system lets a test fill a backlog.
        let Some(silent) = FullBacklog::start() else { return };
        let server = Conduct::new(|_| Vec::new()).start();
        let began = Instant::now();

        let stream = first_of(&[silent.address(), server.address()], Duration::from_secs(20));

        let stream = stream.expect("the second address answers");
        assert_eq!(stream.peer_addr().ok(), Some(server.address()));
        assert!(began.elapsed() >= CONNECTION_ATTEMPT_DELAY, "{:?}", began.elapsed());
    }

    #[test]
    fn an_address_that_has_not_answered_is_waited_for_when_another_refuses() {
        let Some(silent) = FullBacklog::start() else { return };
        let (began, time) = (Instant::now(), CONNECTION_ATTEMPT_DELAY * 2);

        assert!(first_of(&[silent.address(), refused_port()], time).is_none());

        assert!(began.elapsed() >= time, "the refusal isn't the end");
    }

    #[test]
    fn a_refusal_is_followed_by_the_next_address() {
        let server = Conduct::new(|_| Vec::new()).start();

        let stream = first_of(&[refused_port(), server.address()], Duration::from_secs(20));

        assert_eq!(stream.and_then(|it| it.peer_addr().ok()), Some(server.address()));
    }
}
