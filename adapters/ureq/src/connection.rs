//! One connector in place of ureq's chain: that one can't be interrupted while it connects, doesn't
//! show whether a byte of the request was sent, takes either the system's authorities or given roots,
//! and asks every proxy for a tunnel.

mod absolute_form;
mod buffers;
mod dial;
mod link;
mod socket;
mod tunnel;

use std::{fmt, sync::Arc, time::Instant};

use http::Uri;
use jellyfin_auth::Failure;
use jellyfin_auth_transport::{
    Options, Progress, Route, Target, Tls, TransportError,
    rustls::{ClientConnection, StreamOwned},
};
use ureq::{
    config::Config,
    unversioned::{
        resolver::{ResolvedSocketAddrs, Resolver},
        transport::{ConnectionDetails, Connector, NextTimeout},
    },
};

use absolute_form::AbsoluteForm;
use link::{Channel, Link};
use socket::Socket;

/// Makes the connections of one driver.
pub(crate) struct Dialer {
    pub(crate) options: Arc<Options>,
    pub(crate) tls: Arc<Tls>,
    pub(crate) progress: Arc<Progress>,
}

impl Connector for Dialer {
    type Out = Link;

    fn connect(
        &self,
        details: &ConnectionDetails<'_>,
        _: Option<()>,
    ) -> Result<Option<Link>, ureq::Error> {
        let channel = self.open(details).map_err(|error| match error {
            OpenError::Transport(error) => ureq::Error::Other(Box::new(error)),
            OpenError::Ureq(error) => error,
        })?;
        let Opened { channel, absolute_form } = channel;
        self.progress.opened();
        Ok(Some(Link::new(channel, Arc::clone(&self.progress), absolute_form)))
    }
}

struct Opened {
    channel: Channel,
    absolute_form: Option<AbsoluteForm>,
}

enum OpenError {
    Transport(TransportError),
    /// The run was cancelled meanwhile.
    Ureq(ureq::Error),
}

impl From<TransportError> for OpenError {
    fn from(error: TransportError) -> Self {
        Self::Transport(error)
    }
}

impl Dialer {
    fn open(&self, details: &ConnectionDetails<'_>) -> Result<Opened, OpenError> {
        let deadline = Instant::now().checked_add(*details.timeout.after);
        let route = self.options.route(details.uri).map_err(TransportError::from)?;
        let target = Target::new(details.uri, &route)?;
        // Before connecting: on a machine without authorities it fails at once.
        let peer = target.tls(&self.tls)?;
        let (host, port) = target.connects_to();
        let register = |handle| (details.register_shutdown)(handle);
        let stream =
            dial::dial(host, port, deadline, &register).map_err(|error| match (error, &route) {
                (OpenError::Transport(error), Route::Proxy(_)) => error.at_proxy().into(),
                (error, _) => error,
            })?;
        let mut socket = Socket::new(stream, Arc::clone(&self.progress));
        register(socket.shutdown_handle()).map_err(OpenError::Ureq)?;
        socket.set_deadline(deadline);
        let Some(peer) = peer else {
            let absolute_form = match &route {
                Route::Direct => None,
                Route::Proxy(_) => Some(AbsoluteForm::of(target.origin().into())),
            };
            return Ok(Opened { channel: Channel::Plain(socket), absolute_form });
        };
        if let Route::Proxy(proxy) = &route {
            tunnel::open(&mut socket, &target, proxy)?;
        }
        let connection = ClientConnection::new(peer.config(), peer.name())
            .map_err(|error| TransportError::new(Failure::Tls, error.to_string()))?;
        let mut stream = StreamOwned::new(connection, socket);
        while stream.conn.is_handshaking() {
            stream
                .conn
                .complete_io(&mut stream.sock)
                .map_err(|error| peer.handshake_error(error))?;
        }
        Ok(Opened { channel: Channel::Tls(Box::new(stream), peer), absolute_form: None })
    }
}

impl fmt::Debug for Dialer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dialer").finish_non_exhaustive()
    }
}

/// Leaves the look-up of names to the [`Dialer`], which can be interrupted.
#[derive(Debug)]
pub(crate) struct NoResolver;

impl Resolver for NoResolver {
    fn resolve(
        &self,
        _: &Uri,
        _: &Config,
        _: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        Ok(self.empty())
    }
}
