//! `POST /QuickConnect/Authorize`: approve another device's code (protocol facts, section 4.6).

use http::{Request, Response};

use super::{Endpoint, quick_connect_initiate::is_code, request};
use crate::{
    Error, ServerUrl, Session, Stage,
    answer::Answer,
    verdict::{Judged, Verdict, judge},
};

const PATH: &str = "/QuickConnect/Authorize";

/// Approves a Quick Connect code that another device shows: that device is then signed in.
///
/// [`read`](Endpoint::read) fails with [`Error::CodeUnknown`] (404: wrong or expired),
/// [`Error::CodeAlreadyApproved`] (500, which is what servers say), [`Error::LoginRefused`] (403: the
/// user may not sign in on that device, has too many sessions, or is somebody else's to sign in),
/// [`Error::QuickConnectDisabled`] (401 with a text), [`Error::TokenRevoked`] (401 without one),
/// [`Error::Malformed`], [`Error::Unexpected`], and as every endpoint with
/// [`Error::ServerStarting`], [`Error::ServerBusy`], [`Error::AddressBlocked`],
/// [`Error::ProxyAuthentication`] and [`Error::Redirected`].
#[derive(Clone, Debug)]
pub struct AuthorizeQuickConnect<'a> {
    session: &'a Session,
    code: String,
    user_id: Option<&'a str>,
}

impl<'a> AuthorizeQuickConnect<'a> {
    /// Approves `code` as the session's own user. Blanks in it are dropped: `"123 456"` is fine.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidCode`] when it can't be a code.
    pub fn new(session: &'a Session, code: &str) -> Result<Self, Error> {
        let code: String = code.chars().filter(|next| !next.is_whitespace()).collect();
        if !is_code(&code) {
            return Err(Error::InvalidCode);
        }
        Ok(Self { session, code, user_id: None })
    }

    /// Signs another user in on that device: only administrators may, and servers up to 10.8 ignore
    /// it.
    #[must_use]
    pub fn for_user(mut self, user_id: &'a str) -> Self {
        self.user_id = Some(user_id);
        self
    }
}

impl Endpoint for AuthorizeQuickConnect<'_> {
    type Output = ();

    fn request(&self) -> Request<Vec<u8>> {
        let mut path = format!("{PATH}?code=");
        request::push_encoded(&mut path, &self.code);
        if let Some(user_id) = self.user_id {
            path.push_str("&userId=");
            request::push_encoded(&mut path, user_id);
        }
        let authorization = self.session.authorization();
        request::post_nothing(self.session.server(), self.session.device(), &path, &authorization)
    }

    fn read<B: AsRef<[u8]>>(&self, response: &Response<B>) -> Result<(), Error> {
        Ok(judge(self, &Answer::new(response), false)?)
    }
}

impl Judged for AuthorizeQuickConnect<'_> {
    type Output = ();

    const STAGE: Stage = Stage::Authorize;

    fn target(&self) -> (&ServerUrl, &'static str) {
        (self.session.server(), PATH)
    }

    fn success(&self, answer: &Answer<'_>) -> Option<()> {
        serde_json::from_slice::<bool>(answer.body()).ok()?.then_some(())
    }

    fn own(&self, answer: &Answer<'_>) -> Option<Verdict<()>> {
        let error = match answer.status() {
            401 if answer.body().is_empty() => Error::TokenRevoked,
            401 => Error::QuickConnectDisabled,
            403 => Error::LoginRefused,
            404 => Error::CodeUnknown,
            500 => Error::CodeAlreadyApproved,
            _ => return None,
        };
        Some(Err(error.into()))
    }
}
