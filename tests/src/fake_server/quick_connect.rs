//! Quick Connect (protocol facts, section 5): a code on one device, an approval on another.

mod activation;

use std::fmt;

use super::{
    FakeServer, Version,
    account::{guid, not_valid},
    answer::Answer,
    body::{self, Model, required},
    dto::QuickConnectResult,
    identity::{Caller, Identity},
    moment::Moment,
    pipeline::Call,
    session::{ActiveSession, Refusal},
    user::User,
};

/// How long a code and a login result live on 10.8 and newer, in seconds.
const LIFE: i64 = 10 * 60;

/// How far an approval moves the date that a request lives from.
const MOVED_BY_APPROVAL: i64 = 60;

const DISABLED: &str = "Quick connect is disabled";

const MODEL: Model = Model {
    class: "Jellyfin.Api.Models.UserDtos.QuickConnectDto",
    parameter: "request",
    demanded: "",
};

/// All that is pending: in memory only.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub(super) struct QuickConnect {
    pending: Vec<Pending>,
    granted: Vec<Granted>,
    /// When 10.7 was activated.
    activated: Option<Moment>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct Pending {
    code: String,
    secret: String,
    identity: Identity,
    date_added: Moment,
    is_authenticated: bool,
    /// 10.7: what to post for a login.
    authentication: Option<String>,
}

/// A login result that waits for its secret.
#[derive(Clone, PartialEq, Eq, Hash)]
struct Granted {
    secret: String,
    at: Moment,
    user: User,
    session: ActiveSession,
    token: String,
}

/// Why a code was not approved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ApproveError {
    /// Quick Connect is off.
    Disabled,
    /// No such code, or not any more.
    UnknownCode,
    /// It was approved before.
    AlreadyApproved,
    /// No such user.
    UnknownUser,
    /// The user may not use that device.
    DeviceNotAllowed,
    /// The user has as many sessions as allowed.
    SessionLimit,
}

impl fmt::Display for ApproveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Disabled => "Quick Connect is off: switch it on in the server's settings",
            Self::UnknownCode => "no such code is pending: let the device ask for a new one",
            Self::AlreadyApproved => "the code was approved before: the device only has to poll",
            Self::UnknownUser => "no such user: add it first",
            Self::DeviceNotAllowed => "the user may not use that device: change the user's policy",
            Self::SessionLimit => "the user has too many sessions: end one or raise the limit",
        })
    }
}

impl std::error::Error for ApproveError {}

impl From<Refusal> for ApproveError {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::DeviceNotAllowed => Self::DeviceNotAllowed,
            Refusal::SessionLimit => Self::SessionLimit,
        }
    }
}

impl FakeServer {
    /// Approves a code for a user, as that user does from a second device.
    ///
    /// # Errors
    ///
    /// What the server would refuse the approval for.
    pub fn approve(
        &mut self,
        now: std::time::Duration,
        code: &str,
        user: &str,
    ) -> Result<(), ApproveError> {
        let at = self.user_named(user).ok_or(ApproveError::UnknownUser)?;
        self.approve_for(Moment::at(now), code, Some(at))
    }

    /// The codes that wait for an approval, the oldest first; those that have just expired too, until the
    /// next call of Quick Connect sweeps them.
    pub fn pending_codes(&self) -> impl Iterator<Item = &str> {
        let open = self.quick_connect.pending.iter().filter(|pending| !pending.is_authenticated);
        open.map(|pending| pending.code.as_str())
    }

    /// Whether Quick Connect works now; sweeps what has expired.
    fn is_active(&mut self, now: Moment) -> bool {
        if self.version == Version::V10_7 {
            return self.is_activated(now);
        }
        if !self.settings.quick_connect {
            return false;
        }
        self.quick_connect.pending.retain(|pending| !now.is_over(LIFE, pending.date_added));
        self.quick_connect.granted.retain(|granted| !now.is_over(LIFE, granted.at));
        true
    }

    pub(super) fn initiate(&mut self, call: &Call<'_>) -> Result<Answer, Answer> {
        let is_10_7 = self.version == Version::V10_7;
        if !is_10_7 && !call.identity().is_complete() {
            return Err(Answer::Text(400));
        }
        if !self.is_active(call.now) {
            return Err(if is_10_7 { Answer::Text(401) } else { Answer::Message(401, DISABLED) });
        }
        let pending = Pending {
            secret: self.draw.secret(),
            code: self.draw.code(),
            identity: call.identity().clone(),
            date_added: call.now,
            is_authenticated: false,
            authentication: None,
        };
        let answer = call.json(&self.result(&pending));
        // A code that is drawn twice belongs to the later request.
        self.quick_connect.pending.retain(|older| older.code != pending.code);
        self.quick_connect.pending.push(pending);
        Ok(answer)
    }

    fn result<'p>(&self, pending: &'p Pending) -> QuickConnectResult<'p> {
        let field =
            |field: &'p Option<String>| field.as_deref().filter(|_| self.version > Version::V10_7);
        QuickConnectResult {
            authenticated: pending.is_authenticated,
            secret: &pending.secret,
            code: &pending.code,
            authentication: pending.authentication.as_deref(),
            device_id: field(&pending.identity.device_id),
            device_name: field(&pending.identity.device),
            app_name: field(&pending.identity.client),
            app_version: field(&pending.identity.version),
            date_added: pending.date_added,
        }
    }

    pub(super) fn connect(&mut self, call: &Call<'_>) -> Result<Answer, Answer> {
        let secret = call.query.get("secret").ok_or_else(|| Answer::missing("secret"))?;
        if !self.is_active(call.now) {
            return Err(match self.version {
                Version::V10_7 => Answer::Text(400),
                _ => Answer::Message(401, DISABLED),
            });
        }
        let pending = self.quick_connect.pending.iter().find(|pending| pending.secret == *secret);
        let pending = pending.ok_or(Answer::Message(404, "Unknown secret"))?;
        Ok(call.json(&self.result(pending)))
    }

    pub(super) fn authorize(&mut self, call: &Call<'_>) -> Result<Answer, Answer> {
        let code = call.query.get("code").ok_or_else(|| Answer::missing("code"))?;
        let user = self.target_of_approval(call)?;
        match self.approve_for(call.now, &code, user) {
            Ok(()) => Ok(call.json(&true)),
            Err(ApproveError::Disabled) if self.version > Version::V10_7 => {
                Err(Answer::Message(401, DISABLED))
            }
            Err(ApproveError::Disabled | ApproveError::UnknownUser) => Err(Answer::Text(400)),
            Err(ApproveError::UnknownCode) => Err(Answer::Text(404)),
            Err(ApproveError::AlreadyApproved) => Err(Answer::Text(500)),
            Err(ApproveError::DeviceNotAllowed | ApproveError::SessionLimit) => {
                Err(Answer::Text(403))
            }
        }
    }

    /// Whom an approval is for; `None` for nobody that exists.
    fn target_of_approval(&self, call: &Call<'_>) -> Result<Option<usize>, Answer> {
        let own = match call.presented.caller {
            Caller::User(at) => Some(at),
            _ => None,
        };
        let Some(id) = call.query.get("userId").filter(|_| self.version >= Version::V10_9) else {
            return Ok(own);
        };
        let id = guid(&id).ok_or_else(|| not_valid("userId", &id))?;
        if id.bytes().all(|digit| digit == b'0') {
            return Ok(own);
        }
        let target = self.user_with_id(&id);
        match own {
            Some(own) if target != Some(own) && !self.users[own].settings.is_administrator => {
                Err(Answer::Text(403))
            }
            _ => Ok(target),
        }
    }

    fn approve_for(
        &mut self,
        now: Moment,
        code: &str,
        user: Option<usize>,
    ) -> Result<(), ApproveError> {
        if !self.is_active(now) {
            return Err(ApproveError::Disabled);
        }
        let pending = self.quick_connect.pending.iter_mut().find(|pending| pending.code == code);
        let pending = pending.ok_or(ApproveError::UnknownCode)?;
        if pending.is_authenticated {
            return Err(ApproveError::AlreadyApproved);
        }
        if self.version == Version::V10_7 {
            self.approve_on_10_7(now, code, user);
            return Ok(());
        }
        // The request lives on from here, even when no session comes of it.
        pending.date_added = now.plus_seconds(MOVED_BY_APPROVAL);
        let (secret, identity) = (pending.secret.clone(), pending.identity.clone());
        let at = user.ok_or(ApproveError::UnknownUser)?;
        self.may_start_session(at, identity.device_id.as_deref())?;
        let complete = "Initiate demanded a complete identity";
        let token = self.issue_token(now, at, &identity).expect(complete);
        let session = self.start_session(now, at, &identity, None).expect(complete);
        self.users[at].be_active(now);
        let user = self.users[at].clone();
        self.quick_connect.granted.push(Granted { secret, at: now, user, session, token });
        for pending in self.quick_connect.pending.iter_mut().filter(|pending| pending.code == code)
        {
            pending.is_authenticated = true;
        }
        Ok(())
    }

    pub(super) fn authenticate_with_quick_connect(
        &mut self,
        call: &Call<'_>,
    ) -> Result<Answer, Answer> {
        let member = if self.version == Version::V10_7 { "Token" } else { "Secret" };
        let [secret] = body::read(self.version, call.request, &MODEL, [member])?;
        let secret = required(member, secret)?;
        if self.version == Version::V10_7 {
            return self.exchange_on_10_7(call, &secret);
        }
        if !self.is_active(call.now) {
            return Err(Answer::Text(401));
        }
        let granted =
            self.quick_connect.granted.iter().rev().find(|granted| granted.secret == secret);
        let granted = granted.ok_or(Answer::Text(404))?;
        // Until 10.9 the result holds the session itself, which goes on changing.
        let live = self.sessions.iter().find(|session| session.id == granted.session.id);
        let session = live.filter(|_| self.version <= Version::V10_9).unwrap_or(&granted.session);
        Ok(self.authentication_result(call, &granted.user, session, &granted.token))
    }
}
