//! Requests as the tests send them themselves: nothing of the library that is tested is used.

use std::time::Duration;

use serde_json::Value;
use ureq::{Agent, http};

/// Plain HTTP to one server.
#[derive(Clone, Debug)]
pub(crate) struct PlainHttp {
    agent: Agent,
    base: String,
}

/// An answer, whatever its status.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl PlainHttp {
    pub(crate) fn new(base: impl Into<String>) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .timeout_global(Some(Duration::from_secs(60)))
            .build();
        Self { agent: config.into(), base: base.into() }
    }

    pub(crate) fn get(&self, path: &str) -> Result<Answered, ureq::Error> {
        self.send("GET", path, None, None)
    }

    pub(crate) fn send(
        &self,
        method: &str,
        path: &str,
        authorization: Option<&str>,
        body: Option<&Value>,
    ) -> Result<Answered, ureq::Error> {
        let mut request =
            http::Request::builder().method(method).uri(format!("{}{path}", self.base));
        if let Some(authorization) = authorization {
            request = request.header("Authorization", authorization);
        }
        let text = match body {
            Some(body) => {
                request = request.header("Content-Type", "application/json");
                body.to_string()
            }
            None => String::new(),
        };
        let mut response = match method {
            "GET" | "DELETE" => self.agent.run(request.body(())?)?,
            _ => self.agent.run(request.body(text)?)?,
        };
        let body = response.body_mut().read_to_string()?;
        Ok(Answered { status: response.status().as_u16(), body })
    }
}
