//! A search over real sockets: all addresses at the same time, whatever the better ones do.

use std::{
    sync::{Arc, Barrier},
    thread,
    time::{Duration, Instant},
};

use jellyfin_auth::{Discovery, Error, Found, NoHttps, Server};
use jellyfin_auth_both_drivers::{Adapter, BOTH, login_error, options};
use jellyfin_auth_testkit::{
    answer,
    answer::ResponseExt as _,
    fake_server::Version,
    raw_server::{Authority, Conduct, FullBacklog, Identity, Move, RawServer, refused_port},
};

use crate::scene::{address, device, info, sends, server};

const HERE: &[&str] = &["127.0.0.1"];
/// How long an address may take to answer, and a search that finds a server.
const CANDIDATE_TIMEOUT: Duration = Duration::from_secs(4);
/// How long a search may take that finds none.
const LONGEST_SEARCH: Duration = Duration::from_secs(10);
/// How long a search may take where every address answers at once.
const ALL_ANSWER: Duration = Duration::from_millis(500);

fn jellyfin() -> RawServer {
    Conduct::new(|_| info()).start()
}

/// Looks for a server as for the name `nas`: https at its own port, http, http, https at another one.
/// Returns what was found, and how long that took.
fn search(adapter: Adapter, https: &str, root: &str, http: &RawServer) -> (Found, Duration) {
    let refused = [(); 2].map(|()| refused_port());
    let typed = [
        https.to_owned(),
        http.url(),
        format!("http://{}", refused[0]),
        format!("https://{}", refused[1]),
    ];
    let urls = typed.iter().map(|typed| address(typed)).collect();
    let options = options().root_certificate_pem(root.as_bytes()).expect("a certificate");
    let begun = Instant::now();
    let search = Discovery::among(urls, device("PC"));
    let found = adapter.driver_with(options).run(search);
    (found.expect("it is there"), begun.elapsed())
}

#[test]
fn a_server_is_found_whatever_https_does_in_its_place() {
    let authority = Authority::new();
    let html = answer::unmarked(200).with_html("welcome");
    let bad_gateway = answer::unmarked(502).with_html("bad gateway");
    let saying = |response| Conduct::new(move |_| sends(&response)).tls(&authority.identity(HERE));
    let self_signed = Conduct::new(|_| info()).tls(&Identity::self_signed(HERE)).start();
    let busy = saying(bad_gateway).start();
    let other = saying(html).start();
    let silent = Conduct::new(|_| Vec::new()).greeting(|_| vec![Move::Hold]).start();
    let plain = jellyfin();
    let dropping = FullBacklog::start();
    let mut cases = vec![
        (format!("https://{}", refused_port()), NoHttps::Unavailable),
        (format!("https://{}", silent.address()), NoHttps::Unavailable),
        (format!("https://{}", plain.address()), NoHttps::Unavailable),
        (self_signed.url(), NoHttps::UntrustedCertificate),
        (busy.url(), NoHttps::OtherService),
        (other.url(), NoHttps::OtherService),
    ];
    // Not every system lets a test fill a backlog. Linux does.
    assert!(dropping.is_some() || !cfg!(target_os = "linux"));
    cases.extend(
        dropping
            .iter()
            .map(|dropping| (format!("https://{}", dropping.address()), NoHttps::Unavailable)),
    );
    for adapter in BOTH {
        for (https, reason) in &cases {
            let http = jellyfin();
            let (found, took) = search(adapter, https, authority.pem(), &http);
            eprintln!("{adapter}: {https} {reason:?} {took:?}");
            assert!(took < CANDIDATE_TIMEOUT, "{adapter}: {https} took {took:?}");
            let server = found.into_best();
            assert_eq!(server.address(), http.url(), "{adapter}: {https}");
            let unencrypted = server.url().expect_err("nobody typed http");
            assert_eq!(unencrypted.reason(), *reason, "{adapter}: {https}");
        }
    }
}

/// One run of several has to be as fast: a busy machine makes some of them slow.
#[test]
fn half_a_second_is_enough_where_every_address_answers() {
    const RUNS: usize = 30;
    let authority = Authority::new();
    let trusted = || Conduct::new(|_| info()).tls(&authority.identity(HERE)).start();
    let bad_gateway = answer::unmarked(502).with_html("bad gateway");
    let busy = Conduct::new(move |_| sends(&bad_gateway)).tls(&authority.identity(HERE)).start();
    let self_signed = Conduct::new(|_| info()).tls(&Identity::self_signed(HERE)).start();
    let (plain, good) = (server(Version::V12), trusted());
    let refused = format!("https://{}", refused_port());
    let no_tls = format!("https://127.0.0.1:{}", plain.port());
    for adapter in BOTH {
        for https in [&good.url(), &refused, &no_tls, &self_signed.url(), &busy.url()] {
            let http = jellyfin();
            let mut runs = (0..RUNS).map(|_| search(adapter, https, authority.pem(), &http).1);
            assert!(runs.any(|took| took < ALL_ANSWER), "{adapter}: {https} took longer each time");
        }
    }
}

#[test]
fn https_is_preferred_even_when_http_was_faster() {
    let authority = Authority::new();
    for adapter in BOTH {
        // Both have been asked when http answers, and https later: in the middle of the 1.5 s that a
        // search waits for a better one, so that a busy machine is neither too early nor too late.
        let both_asked = Arc::new(Barrier::new(2));
        let answering = |pause: Duration| {
            let both_asked = Arc::clone(&both_asked);
            Conduct::new(move |_| {
                both_asked.wait();
                [vec![Move::Pause(pause)], info()].concat()
            })
        };
        let http = answering(Duration::ZERO).start();
        let https = answering(Duration::from_millis(750)).tls(&authority.identity(HERE)).start();
        let (found, _) = search(adapter, &https.url(), authority.pem(), &http);
        let addresses: Vec<_> = found.servers().iter().map(Server::address).collect();
        assert_eq!(addresses, [https.url(), http.url()], "{adapter}");
        assert!(found.into_best().url().is_ok(), "{adapter}: it is encrypted");
    }
}

#[test]
fn all_addresses_are_under_way_at_the_same_time() {
    // Each answers when all of them were asked.
    for adapter in BOTH {
        let barrier = Arc::new(Barrier::new(3));
        let servers = [(); 3].map(|()| {
            let barrier = Arc::clone(&barrier);
            Conduct::new(move |_| {
                barrier.wait();
                info()
            })
            .start()
        });
        let urls = servers.iter().map(|server| address(&server.url())).collect();
        let found = adapter.run(Discovery::among(urls, device("PC"))).expect("all are there");
        assert_eq!(found.into_best().address(), servers[0].url(), "{adapter}");
    }
}

#[test]
fn cancelling_ends_a_search_at_once_and_closes_its_connections() {
    for adapter in BOTH {
        let silent = [(); 3].map(|()| Conduct::new(|_| vec![Move::Hold]).start());
        let urls = silent.iter().map(|server| address(&server.url())).collect();
        let mut driver = adapter.driver_with(options());
        let handle = driver.handle();
        let ended = thread::scope(|scope| {
            scope.spawn(|| {
                for server in &silent {
                    let asked =
                        server.traffic().wait_for_request(LONGEST_SEARCH, "/System/Info/Public");
                    assert!(asked, "{adapter}");
                }
                handle.cancel();
            });
            driver.run(Discovery::among(urls, device("PC"))).map_err(login_error)
        });
        assert_eq!(ended.map(drop), Err(Error::Cancelled), "{adapter}");
        for server in &silent {
            assert!(server.traffic().wait_until_all_are_closed(LONGEST_SEARCH), "{adapter}");
        }
    }
}

#[test]
fn what_is_left_of_a_search_ends_with_it() {
    for adapter in BOTH {
        let silent = Conduct::new(|_| vec![Move::Hold]).start();
        // The better one answers once the worse one is under way.
        let (worse, found) = (silent.url(), jellyfin());
        let better =
            Conduct::new(|_| [vec![Move::Pause(CANDIDATE_TIMEOUT / 4)], info()].concat()).start();
        let urls = [better.url(), worse, found.url()];
        let urls = urls.iter().map(|url| address(url)).collect();
        let found = adapter.run(Discovery::among(urls, device("PC"))).expect("it is there");
        assert_eq!(found.into_best().address(), better.url(), "{adapter}");
        assert!(silent.traffic().wait_until_all_are_closed(LONGEST_SEARCH), "{adapter}");
    }
}

#[test]
fn a_search_has_an_end_even_if_nobody_says_anything() {
    for adapter in BOTH {
        let silent = [(); 4].map(|()| Conduct::new(|_| vec![Move::Hold]).start());
        let urls = silent.iter().map(|server| address(&server.url())).collect();
        let begun = Instant::now();
        let ended = adapter.run(Discovery::among(urls, device("PC")));
        let Err(Error::NoServer { tried, .. }) = ended else { panic!("{adapter}: {ended:?}") };
        assert_eq!(tried.len(), 4, "{adapter}");
        for attempt in tried {
            assert!(attempt.response_time >= CANDIDATE_TIMEOUT, "{adapter}: {attempt:?}");
        }
        assert!(begun.elapsed() < LONGEST_SEARCH, "{adapter}: all at the same time");
    }
}
