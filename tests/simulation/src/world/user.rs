use std::time::Duration;

use super::{World, setting::code_of_another_device};
use crate::{agenda::Event, person::Act};
use jellyfin_auth_testkit::fake_server::ApproveError;

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
                let result = self.servers.active_mut().approve(self.now, &code, "alice");
                self.note(|_| format!("approving: {result:?}"));
                let retry = match result {
                    Ok(()) => {
                        self.facts.approved.push(code.clone());
                        self.facts.approved_meanwhile = true;
                        again
                    }
                    Err(ApproveError::Disabled | ApproveError::UnknownUser) => tries > 0,
                    Err(_) => false,
                };
                if retry {
                    let act = Act::Approve { code, tries: tries.saturating_sub(1), again: false };
                    self.agenda.plan(self.now + Duration::from_secs(10), Event::Person(act));
                }
            }
            Act::ApproveAnother => {
                let server = self.servers.active_mut();
                let Some(other) = code_of_another_device(server, self.now) else { return };
                // The user of another device gets in there, and nothing comes of it here.
                let _ = server.approve(self.now, &other, "mallory");
            }
        }
    }
}
