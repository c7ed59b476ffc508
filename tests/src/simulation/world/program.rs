use std::time::Duration;

use jellyfin_auth::{Login, ServerUrl};

use super::World;
use crate::simulation::{agenda::Event, plan::Way, witness::PASSWORD};

impl World {
    /// The program ends, and keeps what it can.
    pub(super) fn stop(&mut self, pause: Duration) {
        let Some(login) = self.login.take() else { return };
        if self.plan.way == Way::QuickConnect && !self.facts.cancelled {
            self.saved = login.saved();
            self.in_flight = None;
            self.agenda.abandon();
            self.agenda.plan(self.now + pause, Event::Start);
        } else {
            self.login = Some(login);
        }
    }

    /// The program starts, with what was kept if there is something.
    pub(super) fn start(&mut self) {
        let policy = self.plan.policy.clone();
        let server = ServerUrl::parse("http://nas.example").expect("an address");
        let device = self.device.clone();
        let saved = self.saved.take();
        self.witness.begin();
        self.facts.begin(saved.is_some());
        let login = match (saved, self.plan.way) {
            (Some(saved), _) => {
                let kept = serde_json::to_string(&saved).expect("a record is JSON");
                let saved = serde_json::from_str(&kept).expect("it was just written");
                Login::resume(saved, policy).expect("a record that was just written")
            }
            (None, Way::QuickConnect) => {
                self.facts.code = None;
                Login::quick_connect(server, device).with_policy(policy)
            }
            (None, Way::Password) => Login::password(server, device, "alice", PASSWORD)
                .expect("a user name")
                .with_policy(policy),
        };
        self.login = Some(login);
    }
}
