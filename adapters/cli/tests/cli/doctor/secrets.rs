//! The doctor asks without a secret and shows none.

use http::{HeaderValue, Response};
use jellyfin_auth_testkit::raw_server::refused_port;

use super::{answering, doctor, public_info, read};
use crate::{
    run::{Ran, program, run},
    server,
};

#[test]
fn nothing_is_sent_but_two_questions() {
    let server = server();

    doctor(&[&server.url()]);

    let requests = server.requests();
    assert!(!requests.is_empty());
    for request in requests {
        let header = request.headers().get("Authorization").map(HeaderValue::to_str);
        let header = header.transpose().unwrap().unwrap_or_default();
        assert!(["/System/Info/Public", "/QuickConnect/Enabled"].contains(&request.uri().path()));
        assert_eq!((request.uri().query(), request.body().len()), (None, 0));
        assert!(!header.contains("Token"), "{header}");
    }
}

#[test]
fn a_redirect_to_another_host_is_shown_and_not_followed() {
    let elsewhere = server();
    let location =
        format!("http://user:hunter2@localhost:{}/login?token=hunter2", elsewhere.port());
    let response = Response::builder().status(302).header("Location", location);
    let server = answering(&response.body(Vec::new()).unwrap());

    let report = doctor(&[&server.url()]);

    assert_eq!(report.status, 4);
    let leads_to = format!("leads to http://localhost:{}/login", elsewhere.port());
    assert_eq!(report.line("Server").1, leads_to);
    assert!(elsewhere.requests().is_empty());
    assert!(!format!("{}{}", report.text, report.json).contains("hunter2"));
}

#[test]
fn queries_and_fragments_are_never_shown() {
    let server = server();
    for rest in ["/web/?api_key=hunter2", "/web/#!/home?token=hunter2", "?a=hunter2#hunter2"] {
        let report = doctor(&[&format!("{}{rest}", server.url())]);

        assert_eq!(report.status, 0, "{}", report.text);
        assert!(!format!("{}{}", report.text, report.json).contains("hunter2"));
    }
}

#[test]
fn a_user_name_in_the_address_is_refused_and_never_shown() {
    let ran = run(&["--json", "doctor", "http://alice:hunter2@nas"], "");

    assert_eq!((ran.status, ran.out.as_str()), (4, ""));
    assert!(!ran.err.contains("hunter2") && !ran.err.contains("alice"), "{}", ran.err);
}

#[test]
fn a_proxy_of_the_environment_is_shown_without_its_log_in() {
    let proxy = answering(&public_info());
    let through = |address: std::net::SocketAddr, json: bool| {
        let proxy = format!("http://alice:hunter2@{address}");
        let mut command = program();
        command.args(if json { &["--json"][..] } else { &[] });
        command.args(["doctor", "http://nas.invalid:8096"]).env("http_proxy", proxy);
        let output = command.output().unwrap();
        Ran {
            status: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    };

    let report = read(through(proxy.address(), false), &through(proxy.address(), true));
    let dead = refused_port();
    let without = read(through(dead, false), &through(dead, true));

    let proxy_line = report.line("Proxy").1;
    assert!(proxy_line.contains(&proxy.address().to_string()), "{proxy_line}");
    assert_eq!(report.line("Encryption").0, "warning", "the proxy isn't the server");
    assert_eq!(report.line("Name").1, "nas.invalid is looked up by the proxy");
    assert!(report.line("Server").1.starts_with("Jellyfin 12.0.0"));
    assert_eq!(without.status, 8, "{}", without.text);
    assert_eq!(without.line("Connection").0, "problem");
    for report in [report, without] {
        let shown = format!("{}{}", report.text, report.json);
        assert!(!shown.contains("hunter2") && !shown.contains("alice"), "{shown}");
    }
}
