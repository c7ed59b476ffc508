//! `POST /Users/AuthenticateByName` (protocol facts, sections 3.1, 4.4, 6.2 and 6.3).

use super::{
    FakeServer, Version,
    answer::Answer,
    body::{self, Model},
    dto::{AuthenticationResult, SessionInfo, UserDto},
    pipeline::Call,
    session::{ActiveSession, Incomplete, Refusal},
    user::User,
};

const MODEL: Model = Model {
    class: "Jellyfin.Api.Models.UserDtos.AuthenticateUserByName",
    parameter: "request",
    demanded: "",
};

impl From<Refusal> for Answer {
    fn from(_: Refusal) -> Self {
        Self::Text(403)
    }
}

impl From<Incomplete> for Answer {
    fn from(incomplete: Incomplete) -> Self {
        match incomplete {
            Incomplete::Late => Self::Text(400),
            Incomplete::NotStored => Self::Text(500),
        }
    }
}

impl FakeServer {
    pub(super) fn authenticate_by_name(&mut self, call: &Call<'_>) -> Result<Answer, Answer> {
        let [name, password] = body::read(self.version, call.request, &MODEL, ["Username", "Pw"])?;
        if self.version >= Version::V10_9 && !call.identity().is_complete() {
            return Err(Answer::Text(400));
        }
        let name = name.filter(|name| !name.trim().is_empty()).ok_or(Answer::Text(400))?;
        let at = self.user_named(&name).ok_or(Answer::Text(401))?;
        self.check_password(at, password.as_deref())?;
        let before = self.users[at].clone();
        let user = &mut self.users[at];
        user.settings.failures = 0;
        user.last_login = Some(call.now);
        user.last_activity = Some(call.now);

        self.may_start_session(at, call.identity().device_id.as_deref())?;
        let token = self.issue_token(call.now, at, call.identity())?;
        let address = self.settings.caller_address.clone();
        let session = self.start_session(call.now, at, call.identity(), Some(&address))?;
        let shown = self.shown_after_login(call, at, before);
        Ok(self.authentication_result(call, &shown, &session, &token))
    }

    /// The rows of section 6.2 up to the password.
    fn check_password(&mut self, at: usize, password: Option<&str>) -> Result<(), Answer> {
        let caller_is_remote = self.settings.caller_is_remote;
        let user = &mut self.users[at].settings;
        if self.version == Version::V10_7 && password.is_none() && !user.password.is_empty() {
            return Err(Answer::Text(400));
        }
        if user.is_disabled || user.schedule_closed || caller_is_remote && !user.remote_access {
            return Err(Answer::Text(403));
        }
        let password = password.unwrap_or_default();
        let is_easy = self.version < Version::V10_9
            && !caller_is_remote
            && user.enable_local_password
            && user.easy_password.as_deref() == Some(password);
        if password == user.password || is_easy {
            return Ok(());
        }
        user.failures += 1;
        // 10.11 disables a copy of the user that is never stored.
        if self.version != Version::V10_11
            && user.lockout_limit.is_some_and(|limit| user.failures >= limit)
        {
            user.is_disabled = true;
        }
        Err(Answer::Text(401))
    }

    /// The user that the answer shows; on 10.11 also what is stored, since noting the activity of the new
    /// session writes back the user as it was read before the login.
    fn shown_after_login(&mut self, call: &Call<'_>, at: usize, before: User) -> User {
        let mut shown = self.users[at].clone();
        match self.version {
            Version::V10_11 => {
                shown = before;
                let stored = shown.last_activity;
                shown.be_active(call.now);
                if shown.last_activity != stored || stored.is_none() {
                    self.users[at] = shown.clone();
                }
            }
            Version::V12 => shown.settings.failures = before.settings.failures,
            _ => {}
        }
        shown
    }

    pub(super) fn authentication_result(
        &self,
        call: &Call<'_>,
        user: &User,
        session: &ActiveSession,
        token: &str,
    ) -> Answer {
        call.json(&AuthenticationResult {
            user: UserDto::new(self.version, &self.server_id, user),
            session_info: SessionInfo::new(self.version, &self.server_id, session),
            access_token: token,
            server_id: &self.server_id,
        })
    }
}
