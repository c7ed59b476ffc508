//! Connecting: all of a host's addresses, each a little later than the one before, until one answers.

use std::{
    collections::VecDeque,
    future::{Future, poll_fn},
    io,
    net::{IpAddr, SocketAddr},
    pin::{Pin, pin},
    task::Poll,
    time::Duration,
};

use jellyfin_auth::Failure;
use jellyfin_auth_transport::{CONNECTION_ATTEMPT_DELAY, TransportError, interleave_families};

use crate::runtime::{self, TcpStream};

type Attempt = Pin<Box<dyn Future<Output = io::Result<TcpStream>> + Send>>;

/// Connects to `host`, which may be an address without brackets.
pub(super) async fn dial(host: &str, port: u16) -> Result<TcpStream, TransportError> {
    first_to_answer(resolve(host, port).await?).await
}

async fn first_to_answer(mut addresses: VecDeque<SocketAddr>) -> Result<TcpStream, TransportError> {
    let mut attempts: Vec<Attempt> = Vec::new();
    let mut last = None;
    loop {
        match addresses.pop_front() {
            Some(address) => attempts.push(Box::pin(runtime::connect(address))),
            None if attempts.is_empty() => {
                return Err(last.map_or_else(
                    || unreachable("the host's name has no address"),
                    |error| TransportError::from_connecting(&error),
                ));
            }
            None => {}
        }
        let patience = if addresses.is_empty() { Duration::MAX } else { CONNECTION_ATTEMPT_DELAY };
        match first_of(&mut attempts, patience).await {
            Some(Ok(stream)) => return Ok(stream),
            Some(Err(error)) => last = Some(error),
            None => {}
        }
    }
}

/// The first attempt that ends; it is taken out. `None` when none has in time.
async fn first_of(
    attempts: &mut Vec<Attempt>,
    patience: Duration,
) -> Option<io::Result<TcpStream>> {
    let mut too_long = pin!(runtime::sleep(patience));
    poll_fn(|cx| {
        for index in 0..attempts.len() {
            if let Poll::Ready(ended) = attempts[index].as_mut().poll(cx) {
                drop(attempts.swap_remove(index));
                return Poll::Ready(Some(ended));
            }
        }
        too_long.as_mut().poll(cx).map(|()| None)
    })
    .await
}

async fn resolve(host: &str, port: u16) -> Result<VecDeque<SocketAddr>, TransportError> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return Ok([SocketAddr::new(address, port)].into());
    }
    let found =
        runtime::resolve(host, port).await.map_err(|error| TransportError::from_look_up(&error))?;
    Ok(interleave_families(found))
}

fn unreachable(text: impl Into<String>) -> TransportError {
    TransportError::new(Failure::Unreachable, text)
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use futures_lite::future::{self, block_on};
    use jellyfin_auth_testkit::raw_server::{Conduct, FullBacklog, refused_port};

    use super::*;

    #[test]
    fn an_address_that_does_not_answer_costs_one_delay() {
        // Not every system lets a test fill a backlog.
        let Some(silent) = FullBacklog::start() else { return };
        let server = Conduct::new(|_| Vec::new()).start();
        let began = Instant::now();

        let stream = block_on(first_to_answer([silent.address(), server.address()].into()));

        let stream = stream.expect("the second address answers");
        assert_eq!(stream.peer_addr().ok(), Some(server.address()));
        assert!(
            (CONNECTION_ATTEMPT_DELAY..CONNECTION_ATTEMPT_DELAY * 3).contains(&began.elapsed()),
            "{:?}",
            began.elapsed()
        );
    }

    #[test]
    fn an_address_that_has_not_answered_is_waited_for_when_another_refuses() {
        let Some(silent) = FullBacklog::start() else { return };
        let addresses = [silent.address(), refused_port()];

        let ended =
            block_on(future::or(async { Some(first_to_answer(addresses.into()).await) }, async {
                runtime::sleep(CONNECTION_ATTEMPT_DELAY * 2).await;
                None
            }));

        assert!(ended.is_none(), "the refusal isn't the end");
    }

    #[test]
    fn a_refusal_is_followed_by_the_next_address_at_once() {
        let server = Conduct::new(|_| Vec::new()).start();
        let began = Instant::now();

        let stream = block_on(first_to_answer([refused_port(), server.address()].into()));

        stream.expect("the second address answers");
        assert!(began.elapsed() < CONNECTION_ATTEMPT_DELAY, "{:?}", began.elapsed());
    }
}
