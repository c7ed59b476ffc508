use std::{sync::Arc, time::Duration};

use http::Response;
use jellyfin_auth::{
    Error, Failure, HttpResponse, Login, Machine, Policy, ServerUrl, Step, Ticket, Timestamp,
};

use super::gather::Way;

/// Asks who a server is, and ends with the response as it came, whoever sent it and whatever it means.
///
/// It is a sign-in that never gets beyond its first request, which shows nothing of a user.
pub(super) struct Probe {
    login: Login,
    response: Option<Response<Vec<u8>>>,
}

impl Probe {
    pub(super) fn new(server: ServerUrl, way: &Way, timeout: Duration) -> Self {
        let mut policy = Policy::default();
        policy.request_timeout = timeout;
        policy.retries = 0;
        policy.patience = Duration::ZERO;
        let login = Login::quick_connect(server, way.device.clone())
            .with_gateway_headers(way.gateway_headers.clone())
            .with_policy(Arc::new(policy));
        Self { login, response: None }
    }
}

impl Machine for Probe {
    type Output = Response<Vec<u8>>;

    fn handle(&mut self, ticket: Ticket, result: Result<&dyn HttpResponse, Failure>) -> bool {
        let Ok(response) = result else { return self.login.handle(ticket, result) };
        let mut kept = Response::new(response.body().to_vec());
        *kept.status_mut() = response.status();
        *kept.headers_mut() = response.headers().clone();
        self.response = Some(kept);
        true
    }

    fn check_now(&mut self) -> bool {
        self.login.check_now()
    }

    fn cancel(&mut self) {
        self.login.cancel();
    }

    fn poll(&mut self, now: Timestamp) -> Result<Step<Self::Output>, Error> {
        if let Some(response) = &self.response {
            return Ok(Step::Done(response.clone()));
        }
        Ok(match self.login.poll(now)? {
            Step::Send(request) => Step::Send(request),
            Step::Wait(wait) => Step::Wait(wait),
            // A sign-in that gets no response is never done.
            Step::Pending | Step::Done(_) => Step::Pending,
        })
    }
}
