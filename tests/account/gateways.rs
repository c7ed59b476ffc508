//! Gateways in front of a server, through both adapters and real sockets: they are named, and nothing secret
//! reaches their own origin.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use http::Response;
use jellyfin_auth::{
    AccessToken, Error, GatewayHeaders, Login, Machine, Session, SessionCheck, SignOut, User,
    WaitReason,
    endpoint::{Endpoint as _, GetBranding},
};
use jellyfin_auth_both_drivers::{Adapter, BOTH};
use jellyfin_auth_testkit::{
    answer::{self, ResponseExt as _},
    fake_server::Version,
    raw_server::{Conduct, RawRequest, RawServer},
};

use crate::{
    gateway_answers::{Form, Kind, forms},
    scene::{
        CODE, SECRET, SERVER_ID, TOKEN, USER_ID, address, authentication, by_password, device,
        hasty, impatient, info, sends, server, url,
    },
};

const INFO: &str = "/System/Info/Public";

/// A gateway's own origin, where nothing is to be sent.
fn page() -> RawServer {
    Conduct::new(|_| sends(&answer::unmarked(200).with_html("<h1>Log in</h1>"))).start()
}

/// A server of which the gateway answers in place of everything but these paths.
fn behind(form: &Form, page: &RawServer, passes: &'static [&'static str]) -> RawServer {
    let answer = form.answer(&page.url_as("localhost"));
    Conduct::new(move |request| match request.path() {
        INFO if passes.contains(&INFO) => info(),
        "/QuickConnect/Enabled" => sends(&answer::marked(200).with_json(&true.into())),
        _ => sends(&answer),
    })
    .start()
}

fn session(server: &RawServer) -> Session {
    let token = AccessToken::try_from(TOKEN.to_owned()).expect("it is a token");
    let (url, id) = (address(&server.url()), Some(SERVER_ID.to_owned()));
    Session::from_parts(url, id, User::new(USER_ID), token, device("PC"))
}

/// The error of a machine, and that no secret was in what it sent before it knew who answers.
fn ends<M: Machine>(adapter: Adapter, machine: M, form: &Form) -> String {
    match adapter.run(machine) {
        Err(error) => {
            let shown = format!("{error:?} {error}");
            assert!(!shown.contains("c4n4ry"), "{adapter}, {}: {shown}", form.name);
            format!("{error:?}")
        }
        Ok(_) => panic!("{adapter}, {}: it should fail", form.name),
    }
}

#[test]
fn each_gateway_is_named_before_anything_secret_is_sent() {
    let page = page();
    for adapter in BOTH {
        for form in forms() {
            let server = behind(&form, &page, &[]);
            let expected = form.expected(&server.url(), &page.url_as("localhost"));
            let url = || address(&server.url());
            let login = Login::quick_connect(url(), device("PC"));
            let found = [
                ends(adapter, by_password(url()).with_policy(impatient()), &form),
                ends(adapter, login.with_policy(impatient()), &form),
                ends(adapter, SessionCheck::new(session(&server)).with_policy(impatient()), &form),
                ends(adapter, SignOut::new(session(&server)).with_policy(impatient()), &form),
            ];
            for found in found {
                assert_eq!(found, expected, "{adapter}, {}", form.name);
            }
            for request in server.traffic().requests() {
                assert_eq!(request.path(), INFO, "{adapter}, {}", form.name);
                assert!(request.header("authorization").is_empty(), "{adapter}, {}", form.name);
            }
        }
    }
    assert!(page.traffic().requests().is_empty(), "nothing goes to a gateway's own origin");
}

#[test]
fn a_gateway_that_comes_later_gets_no_secret_and_no_token_is_dropped() {
    let page = page();
    for adapter in BOTH {
        for form in forms().into_iter().filter(|form| form.kind == Kind::Gateway) {
            let server = behind(&form, &page, &[INFO]);
            let expected = form.expected(&server.url(), &page.url_as("localhost"));
            for found in [
                ends(adapter, by_password(address(&server.url())), &form),
                ends(adapter, SessionCheck::new(session(&server)), &form),
                ends(adapter, SignOut::new(session(&server)), &form),
            ] {
                assert_eq!(found, expected, "{adapter}, {}", form.name);
            }
        }
    }
    assert!(page.traffic().requests().is_empty(), "nothing goes to a gateway's own origin");
}

/// A server whose code is approved, but for the answers from `gone` on, so many of them.
fn whose_gateway_runs_out(gateway: Response<Vec<u8>>, times: usize) -> RawServer {
    let left = Arc::new(AtomicUsize::new(times));
    Conduct::new(move |request: &RawRequest| match request.path() {
        INFO => info(),
        "/QuickConnect/Enabled" => sends(&answer::marked(200).with_json(&true.into())),
        "/QuickConnect/Initiate" => sends(&answer::quick_connect(CODE, SECRET, false)),
        _ if left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1))
            .is_ok() =>
        {
            sends(&gateway)
        }
        "/QuickConnect/Connect" => sends(&answer::quick_connect(CODE, SECRET, true)),
        _ => authentication(),
    })
    .start()
}

#[test]
fn a_sign_in_goes_on_when_the_gateways_session_is_renewed() {
    let (page, forms) = (page(), forms());
    let form = forms.iter().find(|form| form.name == "Authelia, 401 to JSON").expect("its form");
    for adapter in BOTH {
        let server = whose_gateway_runs_out(form.answer(&page.url_as("localhost")), 2);
        let login = Login::quick_connect(address(&server.url()), device("Television"));
        let mut reasons = Vec::new();

        let session = adapter
            .run_with(login.with_policy(hasty()), |wait, _| {
                assert_eq!(wait.code(), Some(CODE), "{adapter}");
                reasons.push(wait.reason());
            })
            .expect("the code was approved");

        assert_eq!(session.access_token().expose(), TOKEN);
        assert_eq!(reasons[1..], [WaitReason::Gateway, WaitReason::Gateway], "{adapter}");
    }
    assert!(page.traffic().requests().is_empty());
}

#[test]
fn a_second_factor_is_named_by_both_drivers() {
    let wanted = serde_json::json!({
        "TwoFactorRequired": true, "ChallengeToken": "c4n4ry", "Methods": ["totp"],
        "ChallengePageUrl": "/TwoFactorAuth/Challenge?token=c4n4ry",
    });
    for adapter in BOTH {
        let wanted = answer::marked(401).with_json(&wanted);
        let server = Conduct::new(move |request| match request.path() {
            INFO => info(),
            _ => sends(&wanted),
        })
        .start();
        let error = adapter.run(by_password(address(&server.url()))).expect_err("a second factor");
        let Error::SecondFactorRequired { methods, page, .. } = error else { panic!("{error:?}") };
        assert_eq!(methods, ["totp"], "{adapter}");
        let expected = format!("{}/TwoFactorAuth/Challenge", server.url());
        assert_eq!(page, Some(expected), "{adapter}");
    }
}

#[test]
fn the_log_in_notice_is_read_by_both_drivers_from_every_version() {
    for adapter in BOTH {
        for version in [Version::V10_7, Version::V10_8, Version::V10_11, Version::V12] {
            let server = server(version);
            let notice = "<a href=\"/sso/OID/start/home\">Sign in</a>";
            server.server().settings_mut().login_disclaimer = Some(notice.to_owned());
            let (url, device) = (url(&server), device("PC"));
            let headers = GatewayHeaders::default();
            let endpoint = GetBranding { server: &url, device: &device };

            let branding =
                adapter.call(&endpoint.with_gateway_headers(&headers)).expect("branding");

            assert_eq!(branding.login_disclaimer.as_deref(), Some(notice), "{adapter} {version}");
            assert_eq!(branding.custom_css, None);
            assert_eq!(branding.splashscreen_enabled.is_some(), version > Version::V10_7);
        }
    }
}
