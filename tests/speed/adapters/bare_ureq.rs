//! ureq alone, with the driver's settings: the probe on the connection that was kept, the password on
//! a fresh one.

use std::{hint::black_box, time::Duration};

use http::Request;
use side_by_side::hand_written::{Shared, read_authentication, read_info};
use ureq::Agent;

pub(crate) fn contestant(url: &str) -> impl FnMut() + use<> {
    let config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .max_response_header_size(64 * 1024)
        .max_idle_connections(1)
        .max_idle_age(Duration::from_secs(30))
        .proxy(None)
        .accept("")
        .accept_encoding("")
        .user_agent("")
        .build();
    let agent = Agent::new_with_config(config);
    let shared = Shared::at(url.to_owned());
    move || {
        let (parts, _) = shared.probe_request().into_parts();
        let info = send(&agent, Request::from_parts(parts, ()), Duration::from_secs(30));
        let info = read_info(&info);
        let authentication = send(&agent, shared.password_request(), Duration::ZERO);
        drop(black_box((info, read_authentication(&authentication))));
    }
}

fn send(agent: &Agent, request: Request<impl ureq::AsSendBody>, idle: Duration) -> Vec<u8> {
    let request = agent
        .configure_request(request)
        .timeout_global(Some(Duration::from_secs(30)))
        .max_idle_age(idle)
        .build();
    let mut answer = agent.run(request).expect("an answer");
    assert_eq!(answer.status(), 200);
    answer.body_mut().with_config().limit(1024 * 1024).read_to_vec().expect("a body")
}
