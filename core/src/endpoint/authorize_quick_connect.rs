//! `POST /QuickConnect/Authorize`: approve another device's code (protocol facts, section 4.6).

use std::borrow::Cow;

use super::{
    Body, Definition, Endpoint, RequestName, initiate_quick_connect::is_code, lenient, request,
};
use crate::{Error, ServerUrl, Session, reply::NotRead};

/// Approves a Quick Connect code that another device shows: that device is then signed in.
///
/// The token goes to whatever answers at the session's address. Unless you know who that is, use
/// [`ApproveQuickConnect`](crate::ApproveQuickConnect), which asks first.
///
/// [`read`](Endpoint::read) fails with [`Error::CodeUnknown`] (404: wrong or expired),
/// [`Error::CodeAlreadyApproved`] (500, which servers answer to that, and to failures of their own),
/// [`Error::LoginRefused`] (403: the user may not sign in on that device, has too many sessions, or is
/// somebody else's to sign in), [`Error::QuickConnectDisabled`] (401 with a text) and
/// [`Error::TokenRevoked`] (401 without one).
#[derive(Clone, Debug)]
pub struct AuthorizeQuickConnect<'a> {
    session: &'a Session,
    code: Cow<'a, str>,
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
        Ok(Self { session, code: code.into(), user_id: None })
    }

    pub(crate) fn of_checked_code(session: &'a Session, code: &'a str) -> Self {
        Self { session, code: code.into(), user_id: None }
    }

    /// Signs another user in on that device: only administrators may, and servers up to 10.8 ignore
    /// it.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidUserId`] when it is blank, longer than 128 characters or has characters
    /// that can't be seen.
    pub fn for_user(mut self, user_id: &'a str) -> Result<Self, Error> {
        if !lenient::is_id(user_id) {
            return Err(Error::InvalidUserId);
        }
        self.user_id = Some(user_id);
        Ok(self)
    }

    /// The code as it is sent: without blanks.
    #[must_use]
    pub fn code(&self) -> &str {
        &self.code
    }
}

impl Endpoint for AuthorizeQuickConnect<'_> {
    type Output = ();

    fn request(&self) -> http::Request<Vec<u8>> {
        let mut path = format!("{}?code=", Self::PATH);
        request::push_encoded(&mut path, &self.code);
        if let Some(user_id) = self.user_id {
            path.push_str("&userId=");
            request::push_encoded(&mut path, user_id);
        }
        request::post_nothing_with_token(self.session, &path)
    }
}

impl Definition<()> for AuthorizeQuickConnect<'_> {
    const NAME: RequestName = RequestName::AuthorizeQuickConnect;
    const PATH: &'static str = "/QuickConnect/Authorize";

    fn server(&self) -> &ServerUrl {
        self.session.server()
    }

    fn read_success(&self, body: &Body<'_>) -> Result<(), NotRead> {
        body.boolean().filter(|&approved| approved).map(drop).ok_or(NotRead::Unreadable)
    }
}
