//! What a scenario works with: servers, logins and what came of them.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        mpsc::{self, Receiver, RecvTimeoutError},
    },
    thread,
    time::{Duration, Instant},
};

use jellyfin_auth::{
    Device, DeviceFields, DeviceId, GatewayHeaders, Login, Policy, ServerUrl, Session, Wait,
};

use super::{
    driver::{Command, Controls, Driver, Ended, Environment, OnWait},
    end::End,
};
use crate::raw_server::{Authority, Conduct, ConnectionRecord, RawServer, Traffic};

/// How long anything may take that should take no time: less than a request's timeout, and enough on a
/// machine that has much else to do.
pub(super) const SOON: Duration = Duration::from_secs(8);

/// What a scenario finds: nothing to complain of, or why.
pub(super) type Finding = Result<(), Complaint>;

/// Why a scenario is not passed.
#[derive(Debug)]
pub(super) enum Complaint {
    /// What the driver did and what it should have done.
    Broken(String),
    /// It can't be found out on this machine.
    Impossible(&'static str),
    /// The driver isn't made for it.
    LeftOut(&'static str),
}

#[cfg(not(feature = "listen"))]
impl Complaint {
    pub(super) const NEEDS_LISTEN: Self =
        Self::Impossible("jellyfin-auth-testkit was built without its feature `listen`");
}

/// Complains unless something holds.
macro_rules! ensure {
    ($holds:expr, $($complaint:tt)+) => {
        if !$holds {
            return Err(crate::conformance::bench::Complaint::Broken(format!($($complaint)+)));
        }
    };
}
pub(super) use ensure;

/// One scenario's bench.
pub(super) struct Bench {
    driver: Arc<dyn Driver>,
    traffic: Mutex<Vec<Arc<Traffic>>>,
}

impl Bench {
    pub(super) fn new(driver: Arc<dyn Driver>) -> Self {
        Self { driver, traffic: Mutex::default() }
    }

    /// Starts a server whose traffic is shown when the scenario fails.
    pub(super) fn serve(&self, conduct: Conduct) -> RawServer {
        let server = conduct.start();
        self.watch(&server);
        server
    }

    pub(super) fn watch(&self, server: &RawServer) {
        let mut traffic = self.traffic.lock().unwrap_or_else(PoisonError::into_inner);
        traffic.push(Arc::clone(server.traffic()));
    }

    /// A new authority for certificates, where there is TLS.
    #[cfg(feature = "listen")]
    #[expect(clippy::unnecessary_wraps, clippy::unused_self, reason = "without TLS there is none")]
    pub(super) fn authority(&self) -> Result<Authority, Complaint> {
        Ok(Authority::new())
    }

    #[cfg(not(feature = "listen"))]
    #[expect(clippy::unused_self, reason = "scenarios ask their bench for what they need")]
    pub(super) fn authority(&self) -> Result<Authority, Complaint> {
        Err(Complaint::NEEDS_LISTEN)
    }

    /// Signs in by password, once this is [`start`](Plan::start)ed.
    pub(super) fn password(&self, server: &str) -> Plan {
        self.plan(server, |server, device| {
            Login::password(server, device, "alice", "wonderland").expect("the name isn't blank")
        })
    }

    /// Signs in by Quick Connect.
    pub(super) fn quick_connect(&self, server: &str) -> Plan {
        self.plan(server, Login::quick_connect)
    }

    /// Signs in with `login`.
    pub(super) fn plan(
        &self,
        server: &str,
        login: impl FnOnce(ServerUrl, Device) -> Login,
    ) -> Plan {
        let url = ServerUrl::parse(server).expect("a scenario's address can be read");
        let mut policy = Policy::default();
        // One try each and no patience: a login ends with the first failure that the driver reports.
        policy.retries = 0;
        policy.patience = Duration::ZERO;
        policy.poll_interval = Duration::from_secs(1);
        policy.request_timeout = Duration::from_secs(10);
        Plan {
            driver: Arc::clone(&self.driver),
            login: login(url, device()),
            policy,
            environment: Environment::default(),
            on_wait: None,
        }
    }

    pub(super) fn driver(&self) -> &dyn Driver {
        &*self.driver
    }

    pub(super) fn traffic(&self) -> String {
        let traffic = self.traffic.lock().unwrap_or_else(PoisonError::into_inner);
        traffic.iter().map(ToString::to_string).collect::<Vec<_>>().join("another server: ")
    }
}

/// The device of every scenario, with a name that needs encoding.
pub(super) fn device() -> Device {
    let id = DeviceId::new("conformance-1").expect("a plain id is taken");
    let fields = DeviceFields { client: "Conformance", version: "1.0", name: "Bob's, \"TV\"", id };
    Device::new(fields).expect("no field is blank")
}

/// What a gateway in front of `server` wants.
pub(super) fn gateway_headers(server: &str, lines: &[(&str, &str)]) -> GatewayHeaders {
    let server = ServerUrl::parse(server).expect("a scenario's address can be read");
    let mut headers = GatewayHeaders::default();
    for (name, value) in lines {
        headers.add(&server, name, value).expect("a gateway may ask for it");
    }
    headers
}

/// A login that was not started yet.
pub(super) struct Plan {
    driver: Arc<dyn Driver>,
    login: Login,
    policy: Policy,
    environment: Environment,
    on_wait: Option<OnWait>,
}

impl Plan {
    /// Does this while the driver shows a wait.
    pub(super) fn on_wait(mut self, act: impl Fn(&Controls) + Send + Sync + 'static) -> Self {
        self.on_wait = Some(Arc::new(act));
        self
    }

    pub(super) fn timeout(self, timeout: Duration) -> Self {
        self.policy(|policy| {
            policy.request_timeout = timeout;
            policy.password_timeout = timeout;
        })
    }

    pub(super) fn policy(mut self, change: impl FnOnce(&mut Policy)) -> Self {
        change(&mut self.policy);
        self
    }

    pub(super) fn trusting(mut self, pem: &str) -> Self {
        self.environment.root_certificate = Some(pem.to_owned());
        self
    }

    pub(super) fn through(mut self, proxy: &str) -> Self {
        self.environment.proxy = Some(proxy.to_owned());
        self
    }

    pub(super) fn with_gateway_headers(mut self, headers: GatewayHeaders) -> Self {
        self.login = self.login.with_gateway_headers(headers);
        self
    }

    pub(super) fn start(self) -> Running {
        let (waits_in, waits) = mpsc::channel();
        let (end_in, end) = mpsc::channel();
        let Self { driver, login, policy, environment, on_wait } = self;
        let controls = Controls::new(waits_in, on_wait);
        let login = login.with_policy(policy);
        let (inner, running) = (controls.clone(), Arc::clone(&driver));
        let started = Instant::now();
        thread::spawn(move || {
            let ended = running.run(login, &environment, &inner);
            // A scenario that gave up listens no more.
            let _ = end_in.send((ended, Instant::now()));
        });
        Running { driver, controls, waits, end, ended: None, started }
    }

    /// Runs it to its end.
    pub(super) fn end(self) -> Result<End, Complaint> {
        self.start().end()
    }
}

/// A login under way.
pub(super) struct Running {
    driver: Arc<dyn Driver>,
    pub(super) controls: Controls,
    waits: Receiver<Wait>,
    end: Receiver<(Result<Session, Ended>, Instant)>,
    ended: Option<(Result<Session, Ended>, Instant)>,
    started: Instant,
}

impl Running {
    pub(super) fn cancel(&self) {
        self.controls.give(Command::Cancel);
    }

    pub(super) fn check_now(&self) {
        self.controls.give(Command::CheckNow);
    }

    /// The next wait that the driver shows.
    pub(super) fn next_wait(&mut self) -> Result<Wait, Complaint> {
        let deadline = Instant::now() + SOON;
        loop {
            if let Ok(wait) = self.waits.recv_timeout(Duration::from_millis(20)) {
                return Ok(wait);
            }
            let ended = self.has_ended(Duration::ZERO)?;
            let how = self.ended.as_ref().map(|(ended, _)| ended);
            ensure!(!ended, "a wait was to be shown; the login ended: {how:?}");
            ensure!(Instant::now() < deadline, "a wait was to be shown; none was");
        }
    }

    /// Whether it ends in this time.
    pub(super) fn has_ended(&mut self, limit: Duration) -> Result<bool, Complaint> {
        if self.ended.is_none() {
            self.ended = match self.end.recv_timeout(limit) {
                Ok(ended) => Some(ended),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(Complaint::Broken("the driver panicked".to_owned()));
                }
            };
        }
        Ok(self.ended.is_some())
    }

    /// Goes on until the servers' traffic is as `wanted` says.
    pub(super) fn until(
        &mut self,
        traffic: &Traffic,
        what: &str,
        wanted: impl Fn(&[ConnectionRecord]) -> bool,
    ) -> Finding {
        let deadline = Instant::now() + SOON;
        while !traffic.wait_until(Duration::from_millis(20), &wanted) {
            let ended = self.has_ended(Duration::ZERO)?;
            let how = self.ended.as_ref().map(|(ended, _)| ended);
            ensure!(!ended, "{what} was to arrive; the login ended: {how:?}");
            ensure!(Instant::now() < deadline, "{what} was to arrive; none did");
        }
        Ok(())
    }

    /// How it ended.
    pub(super) fn end(self) -> Result<End, Complaint> {
        self.end_within(Duration::from_secs(30))
    }

    /// How it ended, where nobody needs to wait longer to see that it doesn't.
    pub(super) fn end_within(mut self, limit: Duration) -> Result<End, Complaint> {
        self.has_ended(limit)?;
        let still = || Complaint::Broken(format!("the login still runs after {limit:?}"));
        let (ended, at) = self.ended.ok_or_else(still)?;
        let (took, waits) = (at - self.started, self.waits.try_iter().collect());
        Ok(End { driver: self.driver, ended, at, took, waits })
    }
}
