use std::time::Duration;

use http::Request;

use super::World;
use crate::{
    fake_server::{ApproveError, Version},
    simulation::{agenda::Event, person::Act, witness::HOST},
};

impl World {
    /// The user sees a code, and acts when it is a new one.
    pub(super) fn show(&mut self, code: Option<&str>) {
        let Some(code) = code.filter(|code| **code != *self.code_shown) else { return };
        code.clone_into(&mut self.code_shown);
        let (now, agenda) = (self.now, &mut self.agenda);
        self.plan.person.sees(code, &mut self.plan.dice, &mut |after, act| {
            agenda.plan(now + after, Event::Person(act));
        });
    }

    pub(super) fn act(&mut self, act: Act) {
        match act {
            Act::Approve { code, tries, again } => {
                let result = self.server.approve(self.now, &code, "alice");
                self.note(|_| format!("approving: {result:?}"));
                let retry = match result {
                    Ok(()) => {
                        self.facts.approved.push(code.clone());
                        again
                    }
                    Err(ApproveError::Disabled) => tries > 0,
                    Err(_) => false,
                };
                if retry {
                    let act = Act::Approve { code, tries: tries.saturating_sub(1), again: false };
                    self.agenda.plan(self.now + Duration::from_secs(10), Event::Person(act));
                }
            }
            Act::ApproveAnother => {
                let Some(other) = self.another_code() else { return };
                // The user of another device gets in there, and nothing comes of it here.
                let _ = self.server.approve(self.now, &other, "mallory");
            }
        }
    }

    /// Another device asks for a code of its own.
    fn another_code(&mut self) -> Option<String> {
        let method = if self.plan.version < Version::V10_9 { "GET" } else { "POST" };
        let identity =
            r#"MediaBrowser Client="Other", Device="Other", DeviceId="d-2", Version="1""#;
        let base = &self.server.settings().base_url;
        let request = Request::builder()
            .method(method)
            .uri(format!("https://{HOST}{base}/QuickConnect/Initiate"))
            .header("authorization", identity)
            .body(Vec::new())
            .expect("a request");
        let before: Vec<_> = self.server.pending_codes().map(str::to_owned).collect();
        self.server.handle(self.now, &request);
        let mut codes = self.server.pending_codes();
        codes.find(|code| !before.iter().any(|old| old == code)).map(str::to_owned)
    }
}
