//! A sign-in by this crate, without I/O.

use std::{hint::black_box, sync::Arc, time::Duration};

use jellyfin_auth::{Device, Login, Machine as _, Policy, ServerUrl, Session, Step, Timestamp};

use crate::{Answer, PASSWORD, USER, enabled, pending, server_info};

/// What many sign-ins share.
#[derive(Debug)]
pub struct Shared {
    server: ServerUrl,
    device: Device,
    policy: Arc<Policy>,
}

impl Default for Shared {
    /// Used once, so that what is made on first use has been made.
    fn default() -> Self {
        let shared =
            Self { server: crate::server(), device: crate::device(), policy: Arc::default() };
        drop(shared.pending(Duration::ZERO));
        shared
    }
}

impl Shared {
    /// Probe and password, from nothing to the session.
    #[must_use]
    pub fn password_login(&self, answers: [Answer; 2]) -> Session {
        let (server, device) = (self.server.clone(), self.device.clone());
        let mut login = Login::password(server, device, USER, PASSWORD)
            .expect("a user name")
            .with_policy(Arc::clone(&self.policy));
        for answer in answers {
            exchange(&mut login, Timestamp::ORIGIN, answer);
        }
        match login.poll(Timestamp::ORIGIN) {
            Ok(Step::Done(session)) => session,
            other => panic!("{other:?}"),
        }
    }

    /// A Quick Connect that shows its code and has begun to wait.
    #[must_use]
    pub fn pending(&self, now: Duration) -> Login {
        let (server, device) = (self.server.clone(), self.device.clone());
        let mut login = Login::quick_connect(server, device).with_policy(Arc::clone(&self.policy));
        for answer in [server_info(), enabled(), pending()] {
            exchange(&mut login, Timestamp::new(now), answer);
        }
        assert!(matches!(login.poll(Timestamp::new(now)), Ok(Step::Wait(_))));
        login
    }
}

/// One round of a Quick Connect that waits: it still waits, then it asks, then it learns that the
/// code was not approved yet.
pub fn poll_round(login: &mut Login, now: Duration, answer: Answer) {
    match login.poll(Timestamp::new(now)) {
        Ok(Step::Wait(wait)) => drop(black_box(wait)),
        other => panic!("{other:?}"),
    }
    exchange(login, Timestamp::new(now + Duration::from_secs(5)), answer);
}

#[expect(clippy::needless_pass_by_value, reason = "a driver drops what it has handed in")]
fn exchange(login: &mut Login, now: Timestamp, answer: Answer) {
    match login.poll(now) {
        Ok(Step::Send(request)) => {
            let (request, ticket, _) = request.into_parts();
            drop(black_box(request));
            assert!(login.handle(ticket, Ok(&answer)));
        }
        other => panic!("{other:?}"),
    }
}
