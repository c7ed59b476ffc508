//! Past a gateway in front of the server by `--header-file`, and what is shown without it.

use std::{
    fs,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    sync::Mutex,
    time::Instant,
};

use jellyfin_auth_testkit::{
    answer::{ResponseExt as _, unmarked},
    fake_server::{FakeServer, Version},
    raw_server::{Conduct, Move, RawRequest, RawServer, wire},
};

use crate::run::{Ran, path, run, run_at};

const COOKIE: &str = "_oauth2_proxy=s3cret";

/// A server behind oauth2-proxy, which lets this cookie through.
fn behind_oauth2_proxy(cookie: &'static str) -> RawServer {
    let mut server = FakeServer::new(Version::V12);
    server.add_user("alice", "wonderland");
    let (server, started) = (Mutex::new(server), Instant::now());
    Conduct::new(move |request| {
        let response = if request.header("cookie") == [cookie] {
            let mut response =
                server.lock().unwrap().handle(started.elapsed(), &passed_on(request));
            response.headers_mut().remove("transfer-encoding");
            response
        } else {
            unmarked(401).with_json(&serde_json::json!({}))
        };
        vec![Move::Send(wire::with_length(&response))]
    })
    .start()
}

fn passed_on(request: &RawRequest) -> http::Request<Vec<u8>> {
    let mut passed = http::Request::builder().method(request.method()).uri(request.target());
    for (name, value) in request.headers() {
        passed = passed.header(name, value);
    }
    passed.body(request.body().to_vec()).unwrap()
}

fn file(folder: &Path, name: &str, content: &[u8], mode: u32) -> PathBuf {
    let file = folder.join(name);
    fs::write(&file, content).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
    file
}

fn headers(folder: &Path) -> PathBuf {
    let lines = format!("# of the gateway\n\nCookie: {COOKIE}\r\n");
    file(folder, "headers", lines.as_bytes(), 0o600)
}

fn sign_in(headers: &Path, url: &str, place: &[&str]) -> Ran {
    let arguments = ["--json", "--header-file", path(headers), "--user", "alice"];
    run(&[&arguments[..], place, &[url]].concat(), "wonderland\n")
}

#[test]
fn the_lines_of_a_file_pass_a_gateway_and_are_kept_with_the_session() {
    let (server, folder) = (behind_oauth2_proxy(COOKIE), tempfile::tempdir().unwrap());
    let (headers, session) = (headers(folder.path()), folder.path().join("session"));

    let ran = sign_in(&headers, &server.url(), &["--save", path(&session)]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(!ran.err.contains("s3cret") && !ran.out.contains("s3cret"), "{}", ran.err);

    // Without the file from here on.
    let session = path(&session);
    let ran = run(&["check", "--session", session], "");
    assert_eq!((ran.status, ran.out.as_str()), (0, "valid\n"), "{}", ran.err);
    let lines = run(&["header", "--line", "--session", session], "").out;
    let lines: Vec<_> = lines.lines().collect();
    assert!(lines[0].starts_with("Authorization: MediaBrowser "), "{lines:?}");
    assert_eq!(lines[1..], [format!("cookie: {COOKIE}")]);
    assert!(!run(&["header", "--session", session], "").out.contains("s3cret"));
    assert_eq!(run(&["logout", "--session", session], "").status, 0);
}

#[test]
fn an_account_keeps_them_for_when_it_signs_in_again() {
    let (server, home) = (behind_oauth2_proxy(COOKIE), tempfile::tempdir().unwrap());
    let headers = headers(home.path());
    let arguments =
        ["--header-file", path(&headers), "--user", "alice", "--account", &server.url()];
    let ran = run_at(home.path(), &arguments, "wonderland\n");
    assert_eq!(ran.status, 0, "{}", ran.err);

    let ran = run_at(home.path(), &["--user", "alice", "--account=1"], "wonderland\n");

    assert_eq!(ran.status, 0, "{}", ran.err);
    assert_eq!(run_at(home.path(), &["check", "--account"], "").status, 0);
}

#[test]
fn a_cookie_that_has_run_out_is_replaced_and_the_token_stays() {
    let folder = tempfile::tempdir().unwrap();
    let (old, session) = (headers(folder.path()), folder.path().join("session"));
    let before = behind_oauth2_proxy(COOKIE);
    assert_eq!(sign_in(&old, &before.url(), &["--save", path(&session)]).status, 0);
    // The same server, whose gateway wants another cookie now.
    let kept = fs::read_to_string(&session).unwrap().replace("s3cret", "0ld");
    fs::write(&session, kept).unwrap();

    let ran = run(&["--json", "check", "--session", path(&session)], "");
    assert_eq!(
        (ran.status, ran.error()["name"].as_str()),
        (8, Some("LoginGateway")),
        "{}",
        ran.err
    );
    assert!(session.exists());
    let ran = run(&["check", "--header-file", path(&old), "--session", path(&session)], "");
    assert_eq!((ran.status, ran.out.as_str()), (0, "valid\n"), "{}", ran.err);

    assert_eq!(run(&["check", "--session", path(&session)], "").status, 0, "it was kept");
}

#[test]
fn a_gateways_message_names_it_and_the_lines_that_it_wants() {
    let to = "https://team.cloudflareaccess.com/cdn-cgi/access/login/x?meta=hunter2";
    let redirect = wire::with_length(&unmarked(302).with_header("location", to));
    let server = Conduct::new(move |_| vec![Move::send(redirect.clone())]).start();

    let ran = run(&["--json", "--user", "alice", &server.url()], "wonderland\n");

    assert_eq!(ran.status, 8, "{}", ran.err);
    let error = ran.error();
    assert_eq!(error["name"], "LoginGateway");
    assert!(error["message"].as_str().unwrap().contains("Cloudflare Access wants its own log-in"));
    let advice = error["advice"].as_str().unwrap();
    for words in ["--header-file FILE", "`CF-Access-Client-Id: …` and `CF-Access-Client-Secret: …`"]
    {
        assert!(advice.contains(words), "{advice}");
    }
    assert!(!ran.err.contains("hunter2") && !ran.err.contains("use that address"), "{}", ran.err);

    let report = run(&["doctor", &server.url()], "");
    assert_eq!(report.status, 8, "{}", report.out);
    for words in
        ["Cloudflare Access wants its own log-in", "service token", "CF-Access-Client-Id: …"]
    {
        assert!(report.out.contains(words), "{words}: {}", report.out);
    }
    assert!(!report.out.contains("hunter2"), "{}", report.out);
}

#[test]
fn the_doctor_and_the_public_commands_pass_a_gateway_too() {
    let (server, folder) = (behind_oauth2_proxy(COOKIE), tempfile::tempdir().unwrap());
    let headers = headers(folder.path());
    for command in ["doctor", "info", "users"] {
        let without = run(&[command, &server.url()], "");
        let with = run(&[command, "--header-file", path(&headers), &server.url()], "");
        assert_eq!((without.status, with.status), (8, 0), "{}{}", with.out, with.err);
    }
}

#[test]
fn a_file_that_others_can_read_is_refused_before_anything_is_sent() {
    let (server, folder) = (behind_oauth2_proxy(COOKIE), tempfile::tempdir().unwrap());
    for mode in [0o640, 0o604, 0o660] {
        let headers = file(folder.path(), "open", format!("Cookie: {COOKIE}").as_bytes(), mode);
        let ran = sign_in(&headers, &server.url(), &[]);
        assert_eq!(ran.status, 1, "{mode:o}: {}", ran.err);
        assert!(ran.err.contains("chmod 600") && !ran.err.contains("s3cret"), "{}", ran.err);
    }
    assert!(server.traffic().requests().is_empty());
}

#[test]
fn a_broken_line_is_named_by_its_number_and_never_by_its_content() {
    let folder = tempfile::tempdir().unwrap();
    for (content, words) in [
        (&b"Cookie: a=1\nhunter2\n"[..], "line 2: it is no header line: write `Name: value`"),
        (b"# c\n\nhunter2 hunter2: x", "line 3: that can't be the name of an HTTP header"),
        (b"hunter2:", "line 1: it has no usable value"),
        (b"hunter2: \x01", "line 1: it has no usable value"),
        (b"A: 1\nB: 2\n\xFF\xFEhunter2", "line 3: it isn't text"),
        (
            b"Authorization: Basic hunter2",
            "line 1: the header Authorization carries Jellyfin's own",
        ),
        (b"X-Emby-Token: hunter2", "line 1: the header x-emby-token would be taken for a sign-in"),
        (b"# nothing\n", "has no header lines"),
    ] {
        let headers = file(folder.path(), "headers", content, 0o600);
        let ran = run(&["info", "--header-file", path(&headers), "https://nas.invalid"], "");
        assert_eq!(ran.status, 2, "{}", ran.err);
        assert!(ran.err.contains(words), "{words}: {}", ran.err);
        assert!(!ran.err.contains("hunter2"), "{}", ran.err);
    }
}

#[test]
fn lines_go_to_the_typed_address_alone_which_is_https_without_a_scheme() {
    let (server, folder) = (behind_oauth2_proxy(COOKIE), tempfile::tempdir().unwrap());
    let headers = headers(folder.path());
    let address = server.address().to_string();

    let ran = run(&["info", "--header-file", path(&headers), &address], "");

    assert_eq!(ran.status, 8, "{}", ran.err);
    let requests = server.traffic().requests();
    assert!(requests.iter().all(|request| request.header("cookie").is_empty()));
    let ran = run(&["info", "--header-file", path(&headers)], "");
    assert_eq!(ran.status, 2, "{}", ran.err);
    assert!(ran.err.contains("needs the server's address"), "{}", ran.err);
    let ran = run(&["info", "--header-file", "/nowhere/headers", &address], "");
    assert_eq!(ran.status, 1, "{}", ran.err);
}

#[test]
fn an_address_that_is_added_can_have_lines_of_its_own() {
    let (home, outside) = (behind_oauth2_proxy(COOKIE), behind_oauth2_proxy("_oauth2_proxy=other"));
    let folder = tempfile::tempdir().unwrap();
    let (lines, session) = (headers(folder.path()), folder.path().join("session"));
    assert_eq!(sign_in(&lines, &home.url(), &["--save", path(&session)]).status, 0);
    let others = file(folder.path(), "others", b"Cookie: _oauth2_proxy=other", 0o600);

    let arguments = ["address", "add", "--header-file", path(&others), "--session", path(&session)];
    let ran = run(&[&arguments[..], &[&outside.url()]].concat(), "");

    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(fs::read_to_string(&session).unwrap().contains("_oauth2_proxy=other"));
    let cookies = outside.traffic().requests();
    assert!(cookies.iter().all(|request| request.header("cookie") == ["_oauth2_proxy=other"]));
    assert!(home.traffic().requests().iter().all(|request| request.header("cookie") == [COOKIE]));
}

#[test]
fn a_proxys_password_is_taken_from_a_file_and_refused_on_the_command_line() {
    let (server, folder) = (behind_oauth2_proxy(COOKIE), tempfile::tempdir().unwrap());
    let headers = headers(folder.path());
    let proxy = format!("http://alice:hunter2@{}", server.address());

    let info = ["info", "--header-file", path(&headers), "http://nas.invalid"];
    let ran = run(&[&info[..], &["--proxy", &proxy]].concat(), "");

    assert_eq!(ran.status, 2, "{}", ran.err);
    assert!(ran.err.contains("https_proxy") && ran.err.contains("--proxy-file"), "{}", ran.err);
    assert!(!ran.err.contains("hunter2"), "{}", ran.err);
    assert!(server.traffic().requests().is_empty());

    let address = file(folder.path(), "proxy", format!("{proxy}\n").as_bytes(), 0o600);
    let ran = run(&[&info[..], &["--proxy-file", path(&address)]].concat(), "");
    assert_eq!(ran.status, 0, "{}", ran.err);
    let asked = server.traffic().requests();
    assert!(asked.iter().all(|request| !request.header("proxy-authorization").is_empty()));
    let open = file(folder.path(), "open", proxy.as_bytes(), 0o644);
    let ran = run(&[&info[..], &["--proxy-file", path(&open)]].concat(), "");
    assert_eq!(ran.status, 1, "{}", ran.err);
}
