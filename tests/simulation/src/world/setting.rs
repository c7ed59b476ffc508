//! The world before the program starts.

use std::time::Duration;

use http::Request;
use jellyfin_auth::{
    Device, DeviceFields, DeviceId, Endpoint as _, Password, ServerUrl, Session,
    endpoint::AuthenticateByName,
};

use super::World;
use crate::{
    agenda::{Agenda, Event},
    facts::Facts,
    front::Front,
    oracle::Oracle,
    plan::{Account, Goal, Move, OtherCode, Plan},
    program_clock::ProgramClock,
    recorder::{HOST, PASSWORD, Recorder},
    servers::Servers,
};
use jellyfin_auth_testkit::fake_server::{FakeServer, Version};

const BEGIN: Duration = Duration::from_secs(1000);

impl World {
    pub(crate) fn new(plan: Plan, traced: bool) -> Self {
        let mut server = FakeServer::with_seed(plan.version, plan.seed);
        server.add_user("alice", PASSWORD);
        server.add_user("mallory", "pw");
        let id = DeviceId::new("d-1").expect("a device id");
        let fields = DeviceFields { client: "Example", version: "1.0", name: "Test", id };
        let device = Device::new(fields).expect("a device");
        let session = plan.goal.needs_session().then(|| session(&plan, &mut server, &device));
        let other_code = match plan.goal {
            Goal::Approve => prepare_other_code(&plan, &mut server),
            _ => String::new(),
        };
        prepare_account(plan.account, &mut server);
        plan.base_url.clone_into(&mut server.settings_mut().base_url);
        server.settings_mut().require_https = plan.front == Front::HidesTheMarkerOverHttps;
        let mut recorder = Recorder::new(plan.goal.is_search());
        if let Some(session) = &session {
            recorder.learn_secret(session.access_token().expose());
        }
        Self {
            servers: Servers::new(server, plan.make, plan.front, plan.seed),
            facts: Facts::default(),
            clock: ProgramClock::default(),
            recorder,
            oracle: Oracle::new(plan.goal, &plan.policy),
            agenda: Agenda::default(),
            client: None,
            kept: None,
            session,
            other_code,
            now: BEGIN,
            asleep_until: BEGIN,
            device,
            in_flight: Vec::new(),
            exchanges: 0,
            events: 0,
            waits: std::collections::BTreeMap::new(),
            code_shown: String::new(),
            trace: traced.then(Vec::new),
            plan,
        }
    }

    /// Everything that the plan says will happen.
    pub(super) fn plan_ahead(&mut self) {
        for (at, incident) in std::mem::take(&mut self.plan.incidents) {
            self.agenda.plan(BEGIN + at, Event::Befall(incident));
        }
        for (at, step) in std::mem::take(&mut self.plan.moves) {
            let event = match step {
                Move::PressNext => Event::PressNext,
                Move::Stop { pause } => Event::Stop { pause },
                Move::Cancel => Event::Cancel,
                Move::Sleep { time, clock_stands_still } => {
                    Event::Sleep { time, clock_stands_still }
                }
                Move::SetClockBack(time) => Event::SetClockBack(time),
                Move::SetClockForward(time) => Event::SetClockForward(time),
            };
            self.agenda.plan(BEGIN + at, event);
        }
        self.agenda.plan(BEGIN + self.plan.heal_at, Event::Heal);
    }
}

/// Alice signed in before all this.
fn session(plan: &Plan, server: &mut FakeServer, device: &Device) -> Session {
    let address = ServerUrl::parse(plan.address).expect("an address");
    let root = ServerUrl::parse(&format!("http://{HOST}")).expect("an address");
    let password = Password::from(PASSWORD);
    let endpoint =
        AuthenticateByName { server: &root, device, user_name: "alice", password: &password };
    let response = server.handle(BEGIN, &endpoint.request());
    let authentication = endpoint.read(&response).expect("the password is right");
    let id = plan.knows_server_id.then(|| server.server_id().to_owned());
    let (user, token) = (authentication.user, authentication.access_token);
    Session::from_parts(address, id, user, token, device.clone())
}

fn prepare_account(account: Account, server: &mut FakeServer) {
    match account {
        Account::Good => {}
        Account::WrongPassword => "another".clone_into(&mut server.user_mut("alice").password),
        Account::Disabled => server.update_policy("alice", |user| user.is_disabled = true),
        Account::OutsideSchedule => server.user_mut("alice").schedule_closed = true,
        Account::ServerNotSetUp => server.settings_mut().wizard_completed = false,
    }
}

fn prepare_other_code(plan: &Plan, server: &mut FakeServer) -> String {
    let code = code_of_another_device(server, BEGIN).expect("Quick Connect is on");
    match plan.other_code {
        OtherCode::Pending => {}
        OtherCode::Unknown => return "000000".to_owned(),
        OtherCode::ApprovedBefore => {
            server.approve(BEGIN, &code, "mallory").expect("it was just drawn");
        }
        OtherCode::OnDeviceNotAllowed => {
            server.user_mut("alice").allowed_devices = Some(vec!["d-1".to_owned()]);
        }
    }
    code
}

/// Another device asks for a code of its own.
pub(super) fn code_of_another_device(server: &mut FakeServer, now: Duration) -> Option<String> {
    let method = if server.version() < Version::V10_9 { "GET" } else { "POST" };
    let identity = r#"MediaBrowser Client="Other", Device="Other", DeviceId="d-2", Version="1""#;
    let base = &server.settings().base_url;
    let request = Request::builder()
        .method(method)
        .uri(format!("https://{HOST}{base}/QuickConnect/Initiate"))
        .header("authorization", identity)
        .body(Vec::new())
        .expect("a request");
    let before: Vec<_> = server.pending_codes().map(str::to_owned).collect();
    server.handle(now, &request);
    let mut codes = server.pending_codes();
    codes.find(|code| !before.iter().any(|old| old == code)).map(str::to_owned)
}
