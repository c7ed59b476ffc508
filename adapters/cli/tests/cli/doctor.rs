//! What the doctor finds on the way to a server, as a line of text and as JSON.

mod certificates;
mod secrets;

use std::time::{Duration, Instant};

use http::{HeaderValue, Request, Response};
use jellyfin_auth_testkit::{
    fake_server::{FakeServer, Phase, Version},
    raw_server::{
        Conduct, FullBacklog, Move, RawRequest, RawServer, refused_port, wire::with_length,
    },
};
use serde_json::Value;

use crate::{
    run::{Ran, run},
    server,
};

/// What the doctor prints about an address, as text and as JSON; both end alike.
struct Report {
    status: i32,
    text: String,
    json: Value,
}

fn doctor(arguments: &[&str]) -> Report {
    let text = run(&[&["doctor"], arguments].concat(), "");
    let json = run(&[&["--json", "doctor"], arguments].concat(), "");
    assert_eq!(text.status, json.status, "{}", text.out);
    read(text, &json)
}

fn read(text: Ran, json: &Ran) -> Report {
    let value: Value = serde_json::from_str(&json.out).expect("JSON");
    assert_eq!(value["exit_status"], json.status, "{value}");
    Report { status: text.status, text: text.out, json: value }
}

impl Report {
    /// The only line about this: its severity, text and advice.
    fn line(&self, subject: &str) -> (String, String, String) {
        let is_about = |line: &&Value| line["subject"] == subject;
        let mut lines = self.json["lines"].as_array().expect("a list").iter().filter(is_about);
        let line = lines.next().unwrap_or_else(|| panic!("no {subject}: {}", self.text));
        assert!(lines.next().is_none(), "{subject} twice: {}", self.text);
        let of = |key: &str| line[key].as_str().unwrap_or_default().to_owned();
        let shown = format!("{:<9}{subject:<15}", of("severity"));
        assert!(self.text.contains(&shown), "{shown}: {}", self.text);
        (of("severity"), of("text"), of("advice"))
    }

    /// The facts of the last visit to the candidate of this number.
    fn facts(&self, candidate: usize) -> &Value {
        let visits = self.json["candidates"][candidate]["visits"].as_array().expect("a list");
        visits.last().expect("a visit")
    }
}

/// What a Jellyfin answers to the probe.
fn public_info() -> Response<Vec<u8>> {
    let request = Request::get("/System/Info/Public").body(Vec::new()).unwrap();
    let mut response = FakeServer::new(Version::V12).handle(Duration::ZERO, &request);
    // Its length is announced instead.
    response.headers_mut().remove("Transfer-Encoding");
    response
}

fn answering(response: &Response<Vec<u8>>) -> RawServer {
    let bytes = with_length(response);
    Conduct::new(move |_| vec![Move::send(bytes.clone())]).start()
}

#[test]
fn a_healthy_server_has_no_problem_and_ends_with_0() {
    let server = server();

    let report = doctor(&[&server.url()]);

    assert_eq!(report.status, 0, "{}", report.text);
    assert_eq!(report.json["use"], server.url());
    assert!(report.line("Server").1.starts_with("Jellyfin 12.0.0, nas, id "));
    assert_eq!(report.line("Set-up").1, "finished");
    assert_eq!(report.line("Quick Connect").1, "on");
    assert!(report.line("Answer").1.contains("with X-Response-Time-ms"));
    for subject in ["Typed", "Name", "Connection", "Encryption", "Answer", "Server"] {
        assert_eq!(report.line(subject).0, "ok", "{}", report.text);
    }
    let answer = &report.facts(0)["answer"];
    assert_eq!(answer["id"], server.server().server_id());
    assert_eq!(answer["has_x_response_time_ms"], true);
    assert_eq!((&answer["is_set_up"], &answer["quick_connect"]), (&true.into(), &true.into()));
    assert!(report.text.ends_with(&format!("can be used at {}\n", server.url())));
}

#[test]
fn candidates_that_are_not_needed_are_no_problem() {
    let server = server();
    let typed = format!("127.0.0.1:{}", server.port());

    let report = doctor(&[&typed]);

    assert_eq!(report.status, 0, "{}", report.text);
    assert_eq!(report.json["use"], server.url());
    let (severity, text, _) = report.line("TLS");
    assert_eq!((severity.as_str(), text.ends_with("it isn't needed")), ("ok", true), "{text}");
    assert!(report.line("Typed").1.contains(&format!("https://{typed}, http://{typed}")));
}

#[test]
fn a_wrong_port_ends_with_4() {
    let report = doctor(&[&format!("http://{}", refused_port())]);

    assert_eq!(report.status, 4);
    let (severity, text, advice) = report.line("Connection");
    assert_eq!(severity, "problem");
    assert!(text.ends_with("refuses"), "{text}");
    assert!(advice.contains("8096"), "{advice}");
    assert_eq!(report.json["use"], Value::Null);
}

#[test]
#[cfg_attr(
    not(target_os = "linux"),
    ignore = "only Linux keeps connections waiting at a full queue"
)]
fn silence_is_given_up_in_time() {
    let silent = FullBacklog::start().expect("Linux keeps connections waiting");
    let begun = Instant::now();

    let ran = run(&["doctor", &silent.address().to_string()], "");

    assert!(begun.elapsed() < Duration::from_secs(12), "{:?}", begun.elapsed());
    assert_eq!(ran.status, 4);
    assert!(ran.out.contains("doesn't reply"), "{}", ran.out);
}

#[test]
fn a_base_path_is_found_by_the_redirect() {
    let mut server = FakeServer::new(Version::V12);
    "/jellyfin".clone_into(&mut server.settings_mut().base_url);
    let server = server.listen().unwrap();
    let expected = format!("{}/jellyfin", server.url());

    let report = doctor(&[&server.url()]);

    assert_eq!(report.status, 0, "{}", report.text);
    assert_eq!(report.json["use"], *expected);
    assert_eq!(report.line("Redirects").1, format!("to {expected}"));
    assert!(report.line("Redirects").2.contains(&expected));
}

#[test]
fn a_wrong_path_is_to_be_left_out() {
    let server = server();

    let report = doctor(&[&format!("{}/jelly", server.url())]);

    assert_eq!(report.status, 4);
    let (severity, text, advice) = report.line("Server");
    assert_eq!(severity, "problem");
    assert!(text.contains("another path") && advice.contains("/jelly"), "{text}: {advice}");
}

#[test]
fn a_dead_server_behind_a_proxy_ends_with_5() {
    let response = Response::builder().status(502).header("Server", "nginx/1.26.3");
    let proxy = answering(&response.body(b"<h1>502 Bad Gateway</h1>".to_vec()).unwrap());

    let report = doctor(&[&proxy.url()]);

    assert_eq!(report.status, 5);
    assert_eq!(report.facts(0)["answer"]["server_header"], "nginx/1.26.3");
    let (severity, text, advice) = report.line("Server");
    assert_eq!(severity, "problem");
    assert!(text.starts_with("nginx/1.26.3 is in front (status 502)"), "{text}");
    assert!(advice.starts_with("start the server"), "{advice}");
}

#[test]
fn http_to_a_port_for_https_has_advice() {
    let front = answering(&Response::builder().status(400).body(Vec::new()).unwrap());

    let report = doctor(&[&front.url()]);

    let (severity, _, advice) = report.line("Server");
    assert_eq!(severity, "problem");
    assert!(advice.contains("type https://"), "{advice}");
}

#[test]
fn a_starting_server_ends_with_5() {
    let server = server();

    for phase in [Phase::SetUpServerWaiting, Phase::SetUpServer, Phase::Loading] {
        server.server().set_phase(phase);
        let report = doctor(&[&server.url()]);

        assert_eq!(report.status, 5, "{}", report.text);
        let (severity, text, _) = report.line("Server");
        assert_eq!(severity, "problem");
        assert!(text.contains("starting") || text.contains("busy"), "{text}");
    }
}

#[test]
fn a_server_before_its_wizard_ends_with_7() {
    let server = FakeServer::before_wizard(Version::V12).listen().unwrap();

    let report = doctor(&[&server.url()]);

    assert_eq!(report.status, 7);
    assert_eq!(report.facts(0)["answer"]["is_set_up"], false);
    let (severity, _, advice) = report.line("Set-up");
    assert_eq!(severity, "problem");
    assert!(advice.contains("wizard"), "{advice}");
}

#[test]
fn quick_connect_that_is_off_is_a_warning() {
    let server = server();
    server.server().settings_mut().quick_connect = false;

    let report = doctor(&[&server.url()]);

    assert_eq!(report.status, 0);
    let (severity, text, advice) = report.line("Quick Connect");
    assert_eq!((severity.as_str(), text.as_str()), ("warning", "off"));
    assert!(advice.contains("--user"), "{advice}");
}

#[test]
fn a_clock_that_is_wrong_is_a_warning() {
    let mut response = public_info();
    let date = HeaderValue::from_static("Wed, 01 Jan 2020 00:00:00 GMT");
    response.headers_mut().insert("Date", date);
    let server = answering(&response);

    let report = doctor(&[&server.url()]);

    let (severity, text, _) = report.line("Clock");
    assert_eq!(severity, "warning", "{text}");
    assert!(text.contains("days ahead of the server's"), "{text}");
    assert!(report.facts(0)["answer"]["clock_skew_s"].as_i64().unwrap() > 100_000_000);
}

#[test]
fn redirects_in_circles_have_an_end() {
    let response = |request: &RawRequest| {
        let location = format!("{}{}", "/x", request.path());
        let response = Response::builder().status(302).header("Location", location);
        vec![Move::send(with_length(&response.body(Vec::new()).unwrap()))]
    };
    let server = Conduct::new(response).start();

    let report = doctor(&[&server.url()]);

    assert_eq!(report.status, 4);
    assert_eq!(report.line("Redirects").0, "problem");
    let asked = server.traffic().requests().len();
    assert_eq!(asked, 12, "six for each of two runs");
}

#[test]
fn an_address_is_needed_and_one_that_can_be() {
    assert_eq!(run(&["doctor"], "").status, 2);
    for address in ["ftp://nas", "nas:99999", "two words", ""] {
        let ran = run(&["--json", "doctor", address], "");

        assert_eq!((ran.status, ran.out.as_str()), (4, ""), "{address}: {}", ran.err);
        assert_eq!(ran.error()["name"], "Address");
    }
}
