//! Quick Connect on 10.7: activated for five minutes, approved into a helper token that a login consumes.

use super::super::{
    FakeServer, QuickConnectState,
    answer::Answer,
    identity::{Caller, Identity},
    moment::Moment,
    pipeline::Call,
};

/// How long an activation and a request last, in seconds.
const LIFE: i64 = 5 * 60;

/// How far an approval moves the request's date into the past.
const MOVED_BY_APPROVAL: i64 = -4 * 60;

/// The client that helper tokens are stored for.
const HELPER: &str = "QuickConnect";

impl FakeServer {
    /// Activates Quick Connect on 10.7, as any user may once it is available.
    pub fn activate_quick_connect(&mut self, now: std::time::Duration) {
        self.change_state(QuickConnectState::Active);
        self.quick_connect.activated = Some(Moment::at(now));
    }

    /// Every change of state drops what is pending.
    fn change_state(&mut self, state: QuickConnectState) {
        self.settings.quick_connect_state = state;
        self.quick_connect.pending.clear();
        self.quick_connect.activated = None;
    }

    pub(super) fn is_activated(&mut self, now: Moment) -> bool {
        if self.settings.quick_connect_state != QuickConnectState::Active {
            self.quick_connect.pending.clear();
            return false;
        }
        let activated = *self.quick_connect.activated.get_or_insert(now);
        if now.is_over(LIFE, activated) {
            self.change_state(QuickConnectState::Available);
            return false;
        }
        self.quick_connect.pending.retain(|pending| !now.is_over(LIFE, pending.date_added));
        true
    }

    pub(in super::super) fn quick_connect_status(&mut self, call: &Call<'_>) -> Answer {
        self.is_activated(call.now);
        call.json(&self.settings.quick_connect_state.name())
    }

    pub(in super::super) fn activate(&mut self, call: &Call<'_>) -> Answer {
        if self.settings.quick_connect_state == QuickConnectState::Unavailable {
            return Answer::Message(403, "Quick connect is unavailable");
        }
        self.change_state(QuickConnectState::Active);
        self.quick_connect.activated = Some(call.now);
        Answer::Empty(204)
    }

    pub(in super::super) fn make_available(&mut self, call: &Call<'_>) -> Answer {
        let status = call.query.get("status").unwrap_or("Available".into());
        let state = [
            QuickConnectState::Unavailable,
            QuickConnectState::Available,
            QuickConnectState::Active,
        ]
        .into_iter()
        .find(|state| state.name().eq_ignore_ascii_case(&status));
        let Some(state) = state else {
            return super::not_valid("status", &status);
        };
        self.change_state(state);
        Answer::Empty(204)
    }

    pub(in super::super) fn deauthorize(&mut self, call: &Call<'_>) -> Answer {
        let before = self.tokens.len();
        if let Caller::User(at) = call.presented.caller {
            let id = self.users[at].id.clone();
            self.delete_tokens(|token| token.user_id == id && token.client == HELPER);
        }
        call.json(&(before - self.tokens.len()))
    }

    pub(super) fn approve_on_10_7(&mut self, now: Moment, code: &str, user: Option<usize>) {
        let token = self.draw.guid();
        let user_id = match user {
            Some(at) => self.users[at].id.clone(),
            None => String::new(),
        };
        self.tokens.push(super::super::StoredToken {
            token: token.clone(),
            user_id,
            client: HELPER.to_owned(),
            device: HELPER.to_owned(),
            device_id: self.server_id.clone(),
            version: self.version.number().to_owned(),
            last_activity: now,
        });
        for pending in self.quick_connect.pending.iter_mut().filter(|pending| pending.code == code)
        {
            pending.is_authenticated = true;
            pending.authentication = Some(token.clone());
            pending.date_added = pending.date_added.plus_seconds(MOVED_BY_APPROVAL);
        }
    }

    /// The helper token goes, whatever comes of the login.
    pub(super) fn exchange_on_10_7(
        &mut self,
        call: &Call<'_>,
        token: &str,
    ) -> Result<Answer, Answer> {
        let helper = self.tokens.iter().position(|stored| stored.token == token);
        let helper =
            helper.filter(|&at| self.tokens[at].client == HELPER).ok_or(Answer::Text(403))?;
        let user_id = self.tokens.remove(helper).user_id;
        let at = self.user_with_id(&user_id).ok_or(Answer::Text(400))?;
        let identity: &Identity = call.identity();
        self.may_start_session(at, identity.device_id.as_deref())?;
        let token = self.issue_token(call.now, at, identity)?;
        let address = self.settings.caller_address.clone();
        let session = self.start_session(call.now, at, identity, Some(&address))?;
        self.users[at].be_active(call.now);
        Ok(self.authentication_result(call, &self.users[at], &session, &token))
    }
}
