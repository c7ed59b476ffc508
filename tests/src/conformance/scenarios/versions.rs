//! Both flows on every version of the server, as the fake server plays it.

use jellyfin_auth::{Error, Session};

use crate::{
    conformance::bench::{Bench, Complaint, Finding, ensure},
    fake_server::{FakeServer, Version},
    listen::Listening,
    raw_server::Authority,
};

fn fake(version: Version) -> FakeServer {
    let mut server = FakeServer::new(version);
    server.add_user("alice", "wonderland");
    server.settings_mut().quick_connect = true;
    server
}

fn plain(bench: &Bench, version: Version) -> Finding {
    let listening = fake(version).listen().expect("a loopback address can be listened on");
    both_flows(bench, version, &listening, None)
}

fn secure(bench: &Bench, version: Version) -> Finding {
    let authority = Authority::new();
    let identity = authority.identity(&["127.0.0.1"]);
    let listening = fake(version).listen_tls(&identity);
    let listening = listening.expect("a loopback address can be listened on");
    both_flows(bench, version, &listening, Some(authority.pem()))
}

fn both_flows(
    bench: &Bench,
    version: Version,
    listening: &Listening,
    root: Option<&str>,
) -> Finding {
    let url = listening.url();
    let trusting = |plan: crate::conformance::bench::Plan| match root {
        Some(pem) => plan.trusting(pem),
        None => plan,
    };
    let session = trusting(bench.password(&url)).end()?.session()?;
    token_is_good(listening, &session)?;

    let mut login = trusting(bench.quick_connect(&url)).start();
    if version == Version::V10_7 {
        return login.end()?.error("no Quick Connect on 10.7", |error| {
            matches!(error, Error::QuickConnectUnsupported)
        });
    }
    let wait = login.next_wait()?;
    let no_code = || Complaint::Broken("the wait was to have a code".to_owned());
    let code = wait.code().ok_or_else(no_code)?;
    let approved = listening.approve(code, "alice");
    ensure!(approved.is_ok(), "the server doesn't know the code that was shown: {approved:?}");
    token_is_good(listening, &login.end()?.session()?)
}

fn token_is_good(listening: &Listening, session: &Session) -> Finding {
    let good = listening.server().is_token_valid(session.access_token().expose());
    ensure!(good, "the server doesn't know the session's token");
    Ok(())
}

macro_rules! versions {
    ($($plain:ident, $secure:ident: $version:ident;)+) => {$(
        pub(super) fn $plain(bench: &Bench) -> Finding {
            plain(bench, Version::$version)
        }

        pub(super) fn $secure(bench: &Bench) -> Finding {
            secure(bench, Version::$version)
        }
    )+};
}

versions! {
    both_flows_on_10_7, https_both_flows_on_10_7: V10_7;
    both_flows_on_10_8, https_both_flows_on_10_8: V10_8;
    both_flows_on_10_9, https_both_flows_on_10_9: V10_9;
    both_flows_on_10_10, https_both_flows_on_10_10: V10_10;
    both_flows_on_10_11, https_both_flows_on_10_11: V10_11;
    both_flows_on_12, https_both_flows_on_12: V12;
}
