use std::time::Duration;

use jellyfin_auth::{
    ApproveQuickConnect, Discovery, Login, LoginRecord, ServerUrl, SessionCheck, SignOut,
};

use super::World;
use crate::{agenda::Event, client::Client, oracle::Oracle, plan::Goal, recorder::PASSWORD};

/// A login that was kept when the program stopped.
pub(super) struct KeptLogin {
    record: String,
    /// By the computer's clock; `None` when the program doesn't keep it, or doesn't know.
    code_is_from: Option<Duration>,
    renewals_used: u32,
}

impl World {
    /// The program ends, and keeps what it can.
    pub(super) fn stop(&mut self, pause: Duration) {
        if self.plan.goal != Goal::QuickConnect || self.facts.cancelled {
            return;
        }
        let Some(client) = self.client.take() else { return };
        self.kept = client.to_record().map(|record| self.keep(record));
        let since_poll = self.clock.elapsed_by(self.now).saturating_sub(self.clock.elapsed());
        let before = self.facts.kept_age_is_short_by.unwrap_or_default();
        self.facts.kept_age_is_short_by = Some(before + since_poll + Duration::from_secs(1));
        self.in_flight.clear();
        self.agenda.abandon();
        self.agenda.plan(self.now + pause, Event::Start);
    }

    fn keep(&self, record: LoginRecord) -> KeptLogin {
        let shows = self.clock.shows(self.now);
        let age = self.oracle.code_age(self.clock.elapsed()).filter(|_| self.plan.knows_code_age);
        let record = if self.plan.knows_code_age { record.as_of(shows) } else { record };
        KeptLogin {
            record: serde_json::to_string(&record).expect("a record is JSON"),
            code_is_from: age.map(|age| Duration::from_secs(shows.saturating_sub(age).as_secs())),
            renewals_used: self.oracle.renewals_used(),
        }
    }

    /// The program starts, with what was kept if there is something.
    pub(super) fn start(&mut self) {
        self.clock.begin();
        self.facts.begin();
        let policy = self.plan.policy.clone();
        self.oracle = Oracle::new(self.plan.goal, &policy);
        if let Some(kept) = self.kept.take() {
            return self.resume(&kept);
        }
        self.facts.kept_age_is_short_by = None;
        let id = self.session.as_ref().and_then(|session| session.server_id());
        self.recorder.begin(id);
        self.oracle.expect_server(id);
        let device = self.device.clone();
        let server = || ServerUrl::parse(self.plan.address).expect("an address");
        let session = || self.session.clone().expect("it was kept");
        self.client = Some(match self.plan.goal {
            Goal::Password => {
                let login = Login::password(server(), device, "alice", PASSWORD);
                Client::Login(Box::new(login.expect("a user name").with_policy(policy)))
            }
            Goal::QuickConnect => {
                self.facts.code = None;
                let login = Login::quick_connect(server(), device);
                Client::Login(Box::new(login.with_policy(policy)))
            }
            Goal::FindServer => {
                let search = Discovery::new(self.plan.address, device).expect("an address");
                Client::Discovery(Box::new(search.with_policy(policy)))
            }
            Goal::CheckSession => {
                let check = SessionCheck::new(session());
                Client::SessionCheck(Box::new(check.with_policy(policy)))
            }
            Goal::FindSession => {
                let mut session = session();
                let addresses = ServerUrl::candidates(self.plan.address).expect("an address");
                for address in addresses {
                    session.add_address(address);
                }
                session.prefer_address(&self.plan.addresses()[0]);
                Client::SessionCheck(Box::new(SessionCheck::new(session).with_policy(policy)))
            }
            Goal::SignOut => Client::SignOut(Box::new(SignOut::new(session()).with_policy(policy))),
            Goal::Approve => {
                let approval = ApproveQuickConnect::new(session(), &self.other_code);
                Client::Approval(Box::new(approval.expect("a code").with_policy(policy)))
            }
        });
    }

    fn resume(&mut self, kept: &KeptLogin) {
        let record: LoginRecord = serde_json::from_str(&kept.record).expect("it was just written");
        let fields: serde_json::Value =
            serde_json::from_str(&kept.record).expect("it was just written");
        let id = fields["server_id"].as_str();
        let shows = self.clock.shows(self.now);
        let age = kept.code_is_from.map(|from| shows.saturating_sub(from));
        self.recorder.begin(id);
        self.oracle.expect_server(id);
        self.oracle.resume(age, kept.renewals_used);
        let record = if self.plan.knows_code_age { record.as_of(shows) } else { record };
        let login = Login::resume(record).expect("a record that was just written");
        self.client = Some(Client::Login(Box::new(login.with_policy(self.plan.policy.clone()))));
    }
}
