//! An app that keeps a driver, and the server that it asks.

use std::sync::mpsc;

use jellyfin_auth::{Device, Error, Failure, ServerUrl};

use super::{
    bench::{Bench, Complaint, Finding, device, ensure},
    driver::{Controls, Ended, Environment},
    kept::{AnyKept, Call},
};
use crate::raw_server::{Authority, RawRequest, RawServer};

pub(super) struct App {
    pub(super) driver: Box<dyn AnyKept>,
    pub(super) server: ServerUrl,
    pub(super) device: Device,
}

impl App {
    pub(super) fn new(bench: &Bench, server: &RawServer) -> Result<Self, Complaint> {
        Self::with(bench, server, &Environment::default())
    }

    /// The same over TLS, if there is an authority.
    pub(super) fn trusting(
        bench: &Bench,
        server: &RawServer,
        authority: Option<&Authority>,
    ) -> Result<Self, Complaint> {
        let root_certificate = authority.map(|authority| authority.pem().to_owned());
        Self::with(bench, server, &Environment { root_certificate, proxy: None })
    }

    fn with(
        bench: &Bench,
        server: &RawServer,
        environment: &Environment,
    ) -> Result<Self, Complaint> {
        let driver = bench.driver().keep(environment);
        let driver = driver.ok_or(Complaint::LeftOut("nothing is kept between runs"))?;
        let broken = |ended| Complaint::Broken(format!("the driver was to be made: {ended:?}"));
        let (driver, server) = (driver.map_err(broken)?.0, address(server));
        Ok(Self { driver, server, device: device() })
    }

    pub(super) fn call(&mut self, call: Call) -> Result<(), Ended> {
        self.call_with(call, &controls())
    }

    pub(super) fn call_with(&mut self, call: Call, controls: &Controls) -> Result<(), Ended> {
        self.driver.call(call, &self.server, &self.device, controls)
    }

    /// The request is answered.
    pub(super) fn answered(&mut self, call: Call) -> Finding {
        let ended = self.call(call);
        ensure!(ended.is_ok(), "{call:?} was to be answered: {ended:?}");
        Ok(())
    }

    /// The request is interrupted, which includes that it may have arrived.
    pub(super) fn interrupted(&mut self, call: Call) -> Finding {
        let ended = self.call(call);
        let lost = Error::from(Failure::Interrupted);
        let right = matches!(&ended, Err(Ended::Login { error, .. }) if *error == lost);
        ensure!(right, "{call:?} was to be interrupted: {ended:?}");
        Ok(())
    }
}

/// Without anybody who gives commands or looks at the waits.
pub(super) fn controls() -> Controls {
    Controls::new(mpsc::channel().0, None)
}

pub(super) fn address(server: &RawServer) -> ServerUrl {
    ServerUrl::parse(&server.url()).expect("a server's address can be read")
}

/// Whether it ended because it was cancelled.
pub(super) fn is_cancelled<T>(ended: &Result<T, Ended>) -> bool {
    matches!(ended, Err(Ended::Dropped | Ended::Login { error: Error::Cancelled, .. }))
}

/// The requests came on these connections.
pub(super) fn came_on(server: &RawServer, wanted: &[usize]) -> Finding {
    let found: Vec<_> = server.traffic().requests().iter().map(RawRequest::connection).collect();
    ensure!(found == wanted, "requests were to come on connections {wanted:?}, not {found:?}");
    Ok(())
}
