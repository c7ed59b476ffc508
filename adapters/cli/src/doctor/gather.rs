//! All candidates at once, each on a thread of its own, until a deadline.

use std::{
    net::{IpAddr, SocketAddr, ToSocketAddrs as _},
    sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc},
    thread,
    time::{Duration, Instant, SystemTime},
};

use jellyfin_auth::{Device, GatewayHeaders, ServerUrl};
use jellyfin_auth_transport::{Options, Route, interleave_families};

use super::{
    facts::{Candidate, Facts, LookUp, Visit},
    visit::Visitor,
};

/// How long everything may take together.
const LIMIT: Duration = Duration::from_secs(10);
/// How long a name server may take.
pub(super) const LOOK_UP: Duration = Duration::from_secs(4);
/// Redirects beyond this many aren't followed.
const MOST_REDIRECTS: usize = 5;

/// How everything is asked.
#[derive(Clone)]
pub(super) struct Way {
    pub(super) options: Options,
    pub(super) gateway_headers: GatewayHeaders,
    pub(super) device: Device,
}

/// Looks at each of `candidates`, of which there is at least one. Threads that take too long are left
/// behind.
pub(super) fn gather(typed: &str, candidates: Vec<ServerUrl>, way: &Way) -> Facts {
    let deadline = Instant::now() + LIMIT;
    let look_up = if candidates.iter().all(|url| is_proxied(url, &way.options)) {
        LookUp::ByProxy
    } else {
        look_up(candidates[0].host(), LOOK_UP)
    };
    let visitor = Visitor { addresses: look_up.addresses().to_vec(), way: way.clone() };
    let (sender, finished) = mpsc::channel();
    let notebooks: Vec<_> = candidates
        .into_iter()
        .map(|url| {
            let notebook = Notebook::new(url);
            let (page, sender, visitor) = (notebook.clone(), sender.clone(), visitor.clone());
            thread::spawn(move || {
                explore(&page, &visitor);
                let _ = sender.send(());
            });
            notebook
        })
        .collect();
    drop(sender);
    let left = || deadline.saturating_duration_since(Instant::now());
    while finished.recv_timeout(left()).is_ok() {}
    Facts {
        typed: without_query(typed),
        look_up,
        candidates: notebooks.into_iter().map(Notebook::close).collect(),
        now: SystemTime::now(),
    }
}

/// Queries may hold secrets.
fn without_query(typed: &str) -> String {
    typed.trim().split(['?', '#']).next().unwrap_or_default().to_owned()
}

fn explore(notebook: &Notebook, visitor: &Visitor) {
    let mut next = Some(notebook.candidate().url.clone());
    for _ in 0..=MOST_REDIRECTS {
        let Some(url) = next.take() else { return };
        next = visitor.visit(&url, notebook);
    }
    notebook.candidate().goes_in_circles = next.is_some();
}

fn is_proxied(url: &ServerUrl, options: &Options) -> bool {
    url.as_str().parse().is_ok_and(|uri| matches!(options.route(&uri), Ok(Route::Proxy(_))))
}

/// Asks the system for the addresses of `host`.
pub(super) fn look_up(host: &str, limit: Duration) -> LookUp {
    let bare = host.trim_matches(['[', ']']).to_owned();
    if let Ok(address) = bare.parse() {
        return LookUp::NotNeeded(address);
    }
    let begun = Instant::now();
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let found = (bare.as_str(), 0).to_socket_addrs().map(Iterator::collect::<Vec<_>>);
        drop(sender.send(found));
    });
    match receiver.recv_timeout(limit) {
        Ok(Ok(found)) => {
            let mut addresses: Vec<_> =
                interleave_families(found).iter().map(SocketAddr::ip).collect();
            addresses.dedup();
            LookUp::Found { addresses, took: begun.elapsed() }
        }
        Ok(Err(error)) => LookUp::Failed(error.to_string()),
        Err(_) => LookUp::TimedOut,
    }
}

impl LookUp {
    pub(super) fn addresses(&self) -> &[IpAddr] {
        match self {
            Self::NotNeeded(address) => std::slice::from_ref(address),
            Self::Found { addresses, .. } => addresses,
            Self::ByProxy | Self::Failed(_) | Self::TimedOut => &[],
        }
    }
}

/// What is known about a candidate so far: whoever gathers may be late.
#[derive(Clone)]
pub(super) struct Notebook(Arc<Mutex<Candidate>>);

impl Notebook {
    fn new(url: ServerUrl) -> Self {
        let candidate = Candidate { url, visits: Vec::new(), goes_in_circles: false };
        Self(Arc::new(Mutex::new(candidate)))
    }

    pub(super) fn candidate(&self) -> MutexGuard<'_, Candidate> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds to the visit that was begun last, unless the notebook was closed meanwhile.
    pub(super) fn add(&self, note: impl FnOnce(&mut Visit)) {
        if let Some(visit) = self.candidate().visits.last_mut() {
            note(visit);
        }
    }

    fn close(self) -> Candidate {
        let mut candidate = self.candidate();
        Candidate {
            url: candidate.url.clone(),
            visits: std::mem::take(&mut candidate.visits),
            goes_in_circles: candidate.goes_in_circles,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_and_fragments_are_left_out() {
        for typed in [" nas/web?api_key=hunter2 ", "nas/web#/home?token=hunter2", "nas/web"] {
            assert_eq!(without_query(typed), "nas/web");
        }
    }
}
