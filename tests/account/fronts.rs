//! Something in front of the server answers in its place: no secret is sent twice or too far, and what
//! can succeed does.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use jellyfin_auth::{
    AccessToken, ApproveQuickConnect, Error, Login, RequestName, Session, SignOut, User, WaitReason,
};
use jellyfin_auth_both_drivers::{BOTH, options};
use jellyfin_auth_testkit::{
    answer::{self, ResponseExt as _},
    raw_server::{Conduct, Identity, Move, RawRequest, RawServer},
};

use crate::scene::{
    CODE, SECRET, SERVER_ID, TOKEN, USER_ID, address, authentication, by_password, device, hasty,
    impatient, info, sends,
};

const INFO: &str = "/System/Info/Public";
const BY_NAME: &str = "/Users/AuthenticateByName";
const LOG_OUT: &str = "/Sessions/Logout";

/// A Jellyfin server, but for what `front` answers in its place.
fn behind(front: impl Fn(&RawRequest) -> Option<Vec<Move>> + Send + Sync + 'static) -> RawServer {
    Conduct::new(move |request| front(request).unwrap_or_else(|| jellyfin(request))).start()
}

/// A server whose Quick Connect code was approved.
fn jellyfin(request: &RawRequest) -> Vec<Move> {
    match request.path() {
        INFO => info(),
        BY_NAME | "/Users/AuthenticateWithQuickConnect" => authentication(),
        "/QuickConnect/Initiate" => sends(&answer::quick_connect(CODE, SECRET, false)),
        "/QuickConnect/Connect" => sends(&answer::quick_connect(CODE, SECRET, true)),
        "/QuickConnect/Enabled" | "/QuickConnect/Authorize" => {
            sends(&answer::marked(200).with_json(&true.into()))
        }
        LOG_OUT => sends(&answer::marked(204)),
        _ => sends(&answer::marked(404)),
    }
}

fn session(server: &RawServer) -> Session {
    let token = AccessToken::try_from(TOKEN.to_owned()).expect("it is a token");
    let (url, id) = (address(&server.url()), Some(SERVER_ID.to_owned()));
    Session::from_parts(url, id, User::new(USER_ID), token, device("PC"))
}

/// The requests that hold the token or the password.
fn with_secret(server: &RawServer) -> Vec<String> {
    let has_secret =
        |request: &RawRequest| request.path() == BY_NAME || request.head().contains(TOKEN);
    let requests = server.traffic().requests();
    requests.iter().filter(|one| has_secret(one)).map(|one| one.path().to_owned()).collect()
}

#[test]
fn envoys_503_to_the_password_is_not_followed_by_the_password_again() {
    for adapter in BOTH {
        let server = behind(|request| {
            let lost = answer::unmarked(503).with_body(
                b"upstream connect error or disconnect/reset before headers. reset reason: \
                  connection termination",
            );
            (request.path() == BY_NAME).then(|| sends(&lost))
        });

        let error = adapter.run(by_password(address(&server.url()))).expect_err("503");

        assert!(matches!(error, Error::ServerBusy { status: 503, .. }), "{adapter}: {error:?}");
        assert_eq!(with_secret(&server), [BY_NAME], "{adapter}");
    }
}

#[test]
fn a_503_with_retry_after_to_the_password_is_followed_by_the_password_again() {
    for adapter in BOTH {
        let refused = AtomicBool::new(false);
        let server = behind(move |request| {
            let first = request.path() == BY_NAME && !refused.swap(true, Ordering::Relaxed);
            first.then(|| sends(&answer::unmarked(503).with_header("retry-after", "1")))
        });
        let mut waits = Vec::new();

        let session = adapter
            .run_with(by_password(address(&server.url())), |wait, _| {
                waits.push((wait.reason(), wait.delay().as_secs()));
            })
            .expect("the second time it is let in");

        assert_eq!(session.access_token().expose(), TOKEN);
        assert_eq!(waits, [(WaitReason::ServerStarting, 1)], "{adapter}");
        assert_eq!(with_secret(&server), [BY_NAME, BY_NAME], "{adapter}");
    }
}

#[test]
fn a_captive_portals_401_is_no_sign_out() {
    for adapter in BOTH {
        let server = behind(|request| {
            let page = answer::unmarked(401).with_html("<h1>Log in to the hotel's network</h1>");
            (request.path() == LOG_OUT).then(|| sends(&page))
        });

        let error = adapter
            .run(SignOut::new(session(&server)).with_policy(impatient()))
            .expect_err("the server didn't answer");

        let Error::Intercepted { request: RequestName::LogOut, status: 401, .. } = error else {
            panic!("{adapter}: {error:?}")
        };
    }
}

#[test]
fn a_captive_portal_that_answers_everything_gets_no_token() {
    for adapter in BOTH {
        let server = behind(|_| {
            Some(sends(&answer::unmarked(200).with_html("<h1>Log in to the hotel's network</h1>")))
        });
        let approval = ApproveQuickConnect::new(session(&server), CODE).expect("it is a code");

        let errors = [adapter.run(SignOut::new(session(&server))), adapter.run(approval)];

        assert_eq!(errors, [Err(Error::NotJellyfin), Err(Error::NotJellyfin)], "{adapter}");
        assert!(with_secret(&server).is_empty(), "{adapter}");
    }
}

#[test]
fn another_server_at_the_same_address_gets_no_token() {
    for adapter in BOTH {
        let server = behind(|request| {
            let other = answer::server_info("another", "10.11.11");
            (request.path() == INFO).then(|| sends(&other))
        });
        let approval = ApproveQuickConnect::new(session(&server), CODE).expect("it is a code");

        for ended in [adapter.run(SignOut::new(session(&server))), adapter.run(approval)] {
            let Err(Error::DifferentServer { found, .. }) = ended else {
                panic!("{adapter}: {ended:?}")
            };
            assert_eq!((&*found.id, found.name.as_deref()), ("another", Some("nas")));
        }
        assert!(with_secret(&server).is_empty(), "{adapter}");
    }
}

#[test]
fn the_right_server_gets_the_token_and_forgets_it() {
    for adapter in BOTH {
        let server = behind(|_| None);
        let approval = ApproveQuickConnect::new(session(&server), "123 456").expect("it is a code");

        adapter.run(approval).expect("approved");
        adapter.run(SignOut::new(session(&server))).expect("signed out");

        let asked: Vec<_> = with_secret(&server);
        assert_eq!(asked, ["/QuickConnect/Authorize", LOG_OUT], "{adapter}");
    }
}

#[test]
fn a_resumed_quick_connect_outlasts_traefiks_404_and_redeems_its_code() {
    for adapter in BOTH {
        let restarts = Arc::new(AtomicUsize::new(0));
        let left = Arc::clone(&restarts);
        let server = behind(move |_| {
            let is_away =
                left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| left.checked_sub(1));
            let not_found = answer::unmarked(404).with_body(b"404 page not found\n");
            is_away.ok().map(|_| sends(&not_found))
        });
        let mut login = Login::quick_connect(address(&server.url()), device("Television"));
        let cancelled = adapter.run_with(&mut login, |_, handle| handle.cancel());
        assert_eq!(cancelled, Err(Error::Cancelled), "{adapter}");
        let record = login.to_record().expect("the code is alive");
        restarts.store(2, Ordering::Relaxed);

        let login = Login::resume(record).expect("the record is whole").with_policy(hasty());
        let mut waits = Vec::new();
        let session = adapter
            .run_with(login, |wait, _| {
                assert_eq!(wait.code(), Some(CODE), "{adapter}");
                waits.push((wait.reason(), wait.delay().as_secs()));
            })
            .expect("the code was approved");

        assert_eq!(session.access_token().expose(), TOKEN);
        assert_eq!(waits, [(WaitReason::Other, 1), (WaitReason::Other, 2)], "{adapter}");
    }
}

#[test]
fn a_server_that_is_not_set_up_gets_no_password() {
    for adapter in BOTH {
        for status in [200, 203] {
            let server = behind(move |request| {
                let fresh = answer::unmarked(status).with_json(&serde_json::json!({
                    "Id": SERVER_ID, "Version": "10.11.11", "StartupWizardCompleted": false,
                }));
                (request.path() == INFO).then(|| sends(&fresh))
            });

            let error = adapter.run(by_password(address(&server.url()))).expect_err("a new server");

            assert_eq!(error, Error::ServerNotSetUp, "{adapter} {status}");
            assert!(with_secret(&server).is_empty(), "{adapter} {status}");
        }
    }
}

#[test]
fn a_wrong_password_behind_a_proxy_that_hides_the_marker_is_a_wrong_password() {
    let identity = Identity::self_signed(&["127.0.0.1"]);
    for adapter in BOTH {
        let encrypted = Conduct::new(|request| match request.path() {
            INFO => {
                let mut info = answer::server_info(SERVER_ID, "10.11.11");
                info.headers_mut().remove("x-response-time-ms");
                sends(&info)
            }
            _ => sends(&answer::unmarked(401)),
        })
        .tls(&identity)
        .start();
        let moved = format!("{}{INFO}", encrypted.url());
        let plain =
            Conduct::new(move |_| sends(&answer::marked(301).with_header("location", &moved)))
                .start();
        let options =
            options().root_certificate_pem(identity.pem().as_bytes()).expect("a certificate");

        let login = by_password(address(&plain.url()));
        let error = adapter.run_by(options, login, |_, _| {}).expect_err("a wrong password");

        assert!(matches!(error, Error::BadCredentials { .. }), "{adapter}: {error:?}");
        assert!(with_secret(&plain).is_empty(), "{adapter}");
        assert_eq!(with_secret(&encrypted), [BY_NAME], "{adapter}");
    }
}
