//! No secret is in anything that is recorded, at any level.

use std::{collections::BTreeSet, sync::OnceLock, thread};

use jellyfin_auth::{GatewayHeaders, SessionCheck, SessionState, SignOut};
use jellyfin_auth_both_drivers::{Adapter, BOTH};
use jellyfin_auth_testkit::raw_server::Identity;
use jellyfin_auth_ureq::{Options, Proxy};
use rcgen::{CertificateParams, KeyPair};

use crate::{
    recorder::{Record, Recorder, has_secret},
    server::{Fault, by_password, by_quick_connect, conduct, server, url},
};

/// Every way that a secret takes through an adapter.
fn play(adapter: Adapter) {
    signed_in_checked_and_out(adapter);
    let faults = [
        ("/System/Info/Public", Fault::Lost),
        ("/System/Info/Public", Fault::Busy),
        ("/QuickConnect/Enabled", Fault::Lost),
        ("/QuickConnect/Connect", Fault::Pending),
    ];
    approved(adapter, &faults);
    for fault in [Fault::Refused, Fault::Lost, Fault::Redirect] {
        let server = server(&[("/Users/AuthenticateByName", fault)]);
        adapter.driver().run(by_password(&server.url())).expect_err("it fails");
    }
    encrypted(adapter);
    behind_a_proxy(adapter);
}

fn signed_in_checked_and_out(adapter: Adapter) {
    let server = server(&[]);
    let mut headers = GatewayHeaders::default();
    headers.add(&url(&server.url()), "X-Front", "cAnArY-header").expect("a header of one's own");
    let mut driver = adapter.driver_with(Options::new().proxy(Proxy::none()));
    let login = by_password(&server.url()).with_gateway_headers(headers);
    let session = driver.run(login).expect("signed in");
    let state = driver.run(SessionCheck::new(session.clone())).expect("it answers").state;
    assert!(matches!(state, SessionState::Valid(_)), "{adapter:?}: {state:?}");
    driver.run(SignOut::new(session)).expect("signed out");
    let sent = server.traffic().requests();
    assert!(sent.iter().all(|request| request.header("x-front") == ["cAnArY-header"]));
}

fn approved(adapter: Adapter, faults: &[(&'static str, Fault)]) {
    let server = server(faults);
    let mut driver = adapter.driver();
    let handle = driver.handle();
    let mut codes = BTreeSet::new();
    let ended = driver.run_with(by_quick_connect(&server.url()), |wait| {
        codes.extend(wait.code().map(str::to_owned));
        handle.check_now();
    });
    ended.expect("approved");
    assert_eq!(codes, BTreeSet::from(["cAnArY-code".to_owned()]), "{adapter:?}");
}

fn encrypted(adapter: Adapter) {
    let identity = Identity::self_signed(&["127.0.0.1"]);
    let server = conduct(&[]).tls(&identity).start();
    let options = Options::new().proxy(Proxy::none());
    let options = options.root_certificate_pem(identity.pem().as_bytes()).expect("a certificate");
    let Client { certificate, key } = client();
    let options = options
        .client_certificate(&url(&server.url()), certificate.as_bytes(), key.as_bytes())
        .expect("the two belong together");
    adapter.driver_with(options).run(by_password(&server.url())).expect("signed in");
}

/// Whom this side shows itself as.
struct Client {
    certificate: String,
    key: String,
}

fn client() -> &'static Client {
    static CLIENT: OnceLock<Client> = OnceLock::new();
    CLIENT.get_or_init(|| {
        let key = KeyPair::generate().expect("keys can be made");
        let params = CertificateParams::new(vec!["alice.example".to_owned()]).expect("a name");
        let certificate = params.self_signed(&key).expect("complete").pem();
        Client { certificate, key: key.serialize_pem() }
    })
}

/// Whether a line of the client's key is in it.
fn has_key(text: &str) -> bool {
    client().key.lines().filter(|line| line.len() > 20).any(|line| text.contains(line))
}

fn behind_a_proxy(adapter: Adapter) {
    // To a proxy that isn't asked for a tunnel, it looks as if it were the server.
    let proxy = server(&[]);
    let address = format!("http://cAnArY-user:cAnArY-word@{}", proxy.address());
    let options = Options::new().proxy(Proxy::parse(&address).expect("a proxy"));
    adapter.driver_with(options).run(by_password("http://nas.example:8096")).expect("signed in");
    let asked = proxy.traffic().requests();
    assert!(asked.iter().all(|request| !request.header("proxy-authorization").is_empty()));
}

#[test]
fn nothing_that_is_recorded_at_any_level_holds_a_secret() {
    let recorder = Recorder::start();

    thread::scope(|threads| {
        for adapter in BOTH {
            threads.spawn(move || play(adapter));
        }
    });

    let events = recorder.events();
    assert!(events.iter().any(|event| event.message == "request answered"), "it records");
    for event in events {
        let shown = format!("{event:?}");
        assert!(!has_secret(&shown) && !has_key(&shown), "{shown}");
    }
    // `ureq` and `ureq_proto` are recorded up to `debug`, all others up to `trace`.
    let targets: BTreeSet<_> = recorder.records().into_iter().map(|record| record.target).collect();
    assert!(targets.contains("ureq::run"), "it records: {targets:?}");
    assert_eq!(targets_of(&recorder.records_with_secrets()), BTreeSet::new());

    assert!(!recorder.records().iter().any(|record| has_key(&record.text)));

    // The one exception, which the ureq adapter's documentation names.
    Recorder::record_bytes();
    signed_in_checked_and_out(Adapter::Ureq);
    approved(Adapter::Ureq, &[]);

    assert!(recorder.records().iter().any(|record| record.level == log::Level::Trace));
    let exception = ["ureq::run", "ureq_proto::util"].map(str::to_owned);
    assert_eq!(targets_of(&recorder.records_with_secrets()), BTreeSet::from(exception));
}

fn targets_of(records: &[Record]) -> BTreeSet<String> {
    records.iter().map(|record| record.target.clone()).collect()
}
