//! `POST /Sessions/Logout`: sign out (protocol facts, section 4.8).

use http::{Request, Response};

use super::{Endpoint, request};
use crate::{
    Error, ServerUrl, Session, Stage,
    answer::Answer,
    verdict::{Judged, Verdict, judge},
};

const PATH: &str = "/Sessions/Logout";

/// Signs out: the server forgets the token. A token that it didn't know any more (401) counts as
/// signed out, too.
///
/// [`read`](Endpoint::read) fails with [`Error::NotAllowedNow`] (403: **the token is still good**,
/// its user is outside the access schedule or the local network), [`Error::Unexpected`], and as every
/// endpoint with [`Error::ServerStarting`], [`Error::ServerBusy`], [`Error::ServerFault`],
/// [`Error::AddressBlocked`], [`Error::ProxyAuthentication`] and [`Error::Redirected`].
#[derive(Clone, Copy, Debug)]
pub struct Logout<'a> {
    session: &'a Session,
}

impl<'a> Logout<'a> {
    /// Signs this session out.
    #[must_use]
    pub fn new(session: &'a Session) -> Self {
        Self { session }
    }
}

impl Endpoint for Logout<'_> {
    type Output = ();

    fn request(&self) -> Request<Vec<u8>> {
        let authorization = self.session.authorization();
        request::post_nothing(self.session.server(), self.session.device(), PATH, &authorization)
    }

    fn read<B: AsRef<[u8]>>(&self, response: &Response<B>) -> Result<(), Error> {
        Ok(judge(self, &Answer::new(response), false)?)
    }
}

impl Judged for Logout<'_> {
    type Output = ();

    const STAGE: Stage = Stage::Logout;

    fn target(&self) -> (&ServerUrl, &'static str) {
        (self.session.server(), PATH)
    }

    /// Only 204, without a body, says that the token is gone: a page with 200 is a captive portal's,
    /// and an empty 200 the address filter's on 10.8.
    fn success(&self, answer: &Answer<'_>) -> Option<()> {
        (answer.status() == 204).then_some(())
    }

    fn own(&self, answer: &Answer<'_>) -> Option<Verdict<()>> {
        match answer.status() {
            401 => Some(Ok(())),
            403 => Some(Err(Error::NotAllowedNow.into())),
            _ => None,
        }
    }
}
