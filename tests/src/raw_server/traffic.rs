use std::{
    fmt,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use super::RawRequest;

/// What happened at a [`RawServer`](super::RawServer), connection by connection.
#[derive(Debug)]
pub struct Traffic {
    began: Instant,
    connections: Mutex<Vec<ConnectionRecord>>,
    changed: Condvar,
}

/// One connection.
#[derive(Clone, Debug)]
pub struct ConnectionRecord {
    /// When it was accepted.
    pub accepted: Instant,
    /// The requests that came on it.
    pub requests: Vec<RawRequest>,
    /// How many bytes were sent on it: over TLS, before they were encrypted.
    pub sent: u64,
    /// Its end.
    pub closed: Option<Closed>,
}

/// How a connection ended.
#[derive(Clone, Debug)]
pub enum Closed {
    /// The client went.
    ByClient(Instant),
    /// The script ended it, or the server was dropped.
    ByServer(Instant),
    /// There was no TLS handshake.
    WithoutTls(Instant, String),
}

impl Closed {
    /// When it was.
    #[must_use]
    pub fn at(&self) -> Instant {
        match self {
            Self::ByClient(at) | Self::ByServer(at) | Self::WithoutTls(at, _) => *at,
        }
    }
}

impl Default for Traffic {
    fn default() -> Self {
        Self { began: Instant::now(), connections: Mutex::default(), changed: Condvar::new() }
    }
}

impl Traffic {
    /// Every connection until now, in the order in which they came.
    #[must_use]
    pub fn connections(&self) -> Vec<ConnectionRecord> {
        self.lock().clone()
    }

    /// Every request until now, in the order in which they came.
    #[must_use]
    pub fn requests(&self) -> Vec<RawRequest> {
        let mut requests: Vec<_> =
            self.lock().iter().flat_map(|connection| connection.requests.clone()).collect();
        requests.sort_by_key(|request| request.arrived);
        requests
    }

    /// The requests for this path.
    #[must_use]
    pub fn requests_for(&self, path: &str) -> Vec<RawRequest> {
        self.requests().into_iter().filter(|request| request.path() == path).collect()
    }

    /// Waits until the connections are as `wanted` says; whether they were so in time.
    pub fn wait_until(
        &self,
        limit: Duration,
        wanted: impl Fn(&[ConnectionRecord]) -> bool,
    ) -> bool {
        let deadline = Instant::now() + limit;
        let mut connections = self.lock();
        loop {
            if wanted(&connections) {
                return true;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            connections = self
                .changed
                .wait_timeout(connections, left)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    /// Waits until a request for `path` has come; whether one came in time.
    pub fn wait_for_request(&self, limit: Duration, path: &str) -> bool {
        self.wait_until(limit, |connections| {
            connections.iter().flat_map(|one| &one.requests).any(|found| found.path() == path)
        })
    }

    /// Waits until no connection is open; whether that was so in time.
    pub fn wait_until_all_are_closed(&self, limit: Duration) -> bool {
        self.wait_until(limit, |connections| connections.iter().all(|one| one.closed.is_some()))
    }

    pub(super) fn accepted(&self) -> usize {
        let mut connections = self.lock();
        connections.push(ConnectionRecord {
            accepted: Instant::now(),
            requests: Vec::new(),
            sent: 0,
            closed: None,
        });
        self.changed.notify_all();
        connections.len() - 1
    }

    pub(super) fn arrived(&self, request: RawRequest) {
        self.with(request.connection, |connection| connection.requests.push(request));
    }

    pub(super) fn sent(&self, connection: usize, bytes: usize) {
        self.with(connection, |connection| {
            connection.sent = connection.sent.saturating_add(bytes as u64);
        });
    }

    pub(super) fn closed(&self, connection: usize, closed: Closed) {
        self.with(connection, |connection| {
            connection.closed.get_or_insert(closed);
        });
    }

    fn with(&self, connection: usize, change: impl FnOnce(&mut ConnectionRecord)) {
        change(&mut self.lock()[connection]);
        self.changed.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, Vec<ConnectionRecord>> {
        self.connections.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a person wants to read when a test failed. No queries, headers or bodies: they hold secrets.
impl fmt::Display for Traffic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let since = |at: Instant| at.saturating_duration_since(self.began).as_millis();
        let connections = self.lock();
        if connections.is_empty() {
            return writeln!(f, "no connection came");
        }
        for (number, connection) in connections.iter().enumerate() {
            writeln!(f, "connection {number}, accepted at {} ms", since(connection.accepted))?;
            for request in &connection.requests {
                let (method, path) = (request.method(), request.path());
                writeln!(f, "  {method} {path} at {} ms", since(request.arrived))?;
            }
            match &connection.closed {
                None => writeln!(f, "  {} bytes sent, still open", connection.sent)?,
                Some(closed) => {
                    let how = match closed {
                        Closed::ByClient(_) => "closed by the client",
                        Closed::ByServer(_) => "closed by the server",
                        Closed::WithoutTls(_, why) => why,
                    };
                    let (sent, at) = (connection.sent, since(closed.at()));
                    writeln!(f, "  {sent} bytes sent, {how} at {at} ms")?;
                }
            }
        }
        Ok(())
    }
}
