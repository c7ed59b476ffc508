//! Each error, provoked.

use jellyfin_auth::{
    Advice, Discovery, Error, Failure, Login, SessionCheck, SignOut,
    endpoint::{AuthorizeQuickConnect, Endpoint as _, GetCurrentUser, RedeemPin},
};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};

use crate::given::*;

pub const FAILURES: [Failure; 13] = [
    Failure::Unreachable,
    Failure::HostNotFound,
    Failure::Interrupted,
    Failure::Timeout,
    Failure::Tls,
    Failure::UntrustedCertificate,
    Failure::CertificateChanged,
    Failure::ClientCertificateRequired,
    Failure::NoTls,
    Failure::TooLarge,
    Failure::Proxy,
    Failure::Redirected,
    Failure::Other,
];

/// The error of a password login that is answered so.
fn after(response: http::Response<Vec<u8>>) -> Error {
    let mut script = asked_for_password();
    script.sends("POST", AUTHENTICATE).answers(response);
    script.fails()
}

const SECOND_FACTOR: &str = r#"{"TwoFactorRequired":true,"ChallengeToken":"c4n4ry","Methods":["totp"],
    "ChallengePageUrl":"/TwoFactorAuth/Challenge?token=c4n4ry"}"#;
const SSO_REQUIRED: &str = r#"{"error":"sso_required","message":"c4n4ry"}"#;
const LOCKED: &str = r#"{"accountLocked":true,"message":"c4n4ry"}"#;

fn by_plugin(status: u16, json: &str) -> http::Response<Vec<u8>> {
    answer::marked(status).with_body(json.as_bytes())
}

/// The error of a probe that is answered so until no patience is left.
fn of_the_probe(response: &http::Response<Vec<u8>>) -> Error {
    let mut script = with_policy(password_login(SERVER), |policy| {
        policy.retries = 0;
        policy.patience = seconds(0);
    });
    script.sends("GET", INFO).answers(response.clone());
    script.fails()
}

/// The error of a live code's poll that is answered with 404 after so many seconds.
fn of_a_poll(after: u64) -> Error {
    let mut script = polling();
    script.clock.advance(seconds(after));
    script.sends("GET", POLL).answers(refusal(404));
    script.fails()
}

fn in_circles() -> Error {
    let mut script = password_login("http://nas.example");
    for hop in 0..6 {
        let target = if hop == 0 { INFO.to_owned() } else { format!("/{}{INFO}", hop - 1) };
        script.sends("GET", &target).answers(redirect(302, &format!("/{hop}{INFO}")));
    }
    script.fails()
}

fn no_server() -> Error {
    let mut script = Script::new(Discovery::at(url(SERVER), device()));
    script.sends("GET", INFO).fails(Failure::Tls);
    script.fails()
}

fn different_server() -> Error {
    let mut script = Script::new(SessionCheck::new(session()));
    script.sends("GET", INFO).answers(other_info());
    script.fails()
}

fn sign_out(answer: http::Response<Vec<u8>>) -> Error {
    let mut script = Script::new(SignOut::new(session()));
    script.sends("GET", INFO).answers(info());
    script.sends("POST", "/Sessions/Logout").answers(answer);
    script.fails()
}

fn no_answer(failure: Failure) -> Error {
    let mut script = with_policy(password_login(SERVER), |policy| policy.retries = 0);
    script.sends("GET", INFO).fails(failure);
    script.fails()
}

fn password_timeout() -> Error {
    let mut script = asked_for_password();
    script.sends("POST", AUTHENTICATE).fails(Failure::Timeout);
    script.fails()
}

fn cancelled() -> Error {
    let mut login = password_login(SERVER);
    jellyfin_auth::Machine::cancel(&mut login.machine);
    login.fails()
}

fn enabled(status: u16) -> Error {
    let mut script = asked_for_a_code();
    script.sends("GET", ENABLED).answers(answer::marked(status));
    script.fails()
}

fn initiate(status: u16) -> Error {
    let mut script = asked_for_a_code();
    script.sends("GET", ENABLED).answers(on());
    script.sends("POST", INITIATE).answers(refusal(status));
    script.fails()
}

/// Each variant with the advice that it gives and the words that say what to do.
pub fn each() -> Vec<(Error, Advice, &'static str)> {
    [by_password(), of_the_server(), by_quick_connect(), with_a_token()]
        .into_iter()
        .flatten()
        .chain(FAILURES.map(|failure| {
            let advice = match failure {
                Failure::UntrustedCertificate => Advice::TrustCertificate,
                Failure::ClientCertificateRequired => Advice::GiveClientCertificate,
                Failure::Tls | Failure::CertificateChanged => Advice::AskAdministrator,
                Failure::Redirected | Failure::HostNotFound | Failure::NoTls => Advice::AskAddress,
                Failure::Proxy => Advice::FixProxy,
                _ => Advice::TryAgain,
            };
            let words = match failure {
                Failure::UntrustedCertificate => "compare its fingerprint",
                Failure::CertificateChanged => "nothing was sent; ask who runs the server",
                Failure::ClientCertificateRequired => "give the certificate and key",
                _ => "check the address and the network",
            };
            (no_answer(failure), advice, words)
        }))
        .collect()
}

fn by_password() -> Vec<(Error, Advice, &'static str)> {
    let blank = Login::password(url(SERVER), device(), " ", "pw").expect_err("blank");
    let challenge = answer::unmarked(401).with_header("www-authenticate", "Basic realm=c4n4ry");
    vec![
        (after(refusal(401)), Advice::AskPassword, "check both"),
        (blank, Advice::AskPassword, "type one"),
        (password_timeout(), Advice::TryAgain, "do that, then try again"),
        (after(refusal(403)), Advice::AskAdministrator, "ask the server's administrator why"),
        (after(by_plugin(403, SSO_REQUIRED)), Advice::OfferQuickConnect, "use Quick Connect here"),
        (after(by_plugin(401, LOCKED)), Advice::AskAdministrator, "locked after wrong passwords"),
        (
            after(by_plugin(401, SECOND_FACTOR)),
            Advice::OfferQuickConnect,
            "finish the sign-in in a browser (https://nas.example/TwoFactorAuth/Challenge)",
        ),
        (after(refusal(500)), Advice::OfferQuickConnect, "its log shows why"),
        (after(challenge), Advice::PassGateway, "wants its own log-in (Basic)"),
        (after(answer::unmarked(401)), Advice::AskPassword, "or something in front of the server"),
        (after(answer::unmarked(403)), Advice::FixProxy, "check the proxy"),
        (after(answer::marked(200).with_body(b"c4n4ry")), Advice::ReportBug, "report this"),
        (after(answer::marked(418).with_body(b"c4n4ry")), Advice::ReportBug, "report this"),
        (cancelled(), Advice::TryAgain, "cancelled"),
    ]
}

fn of_the_server() -> Vec<(Error, Advice, &'static str)> {
    let not_set_up = serde_json::json!({"StartupWizardCompleted": false});
    let not_set_up = answer::marked(200).with_json(&not_set_up);
    let portal = redirect(302, "https://sso.example/in?token=c4n4ry");
    let gateway =
        redirect(302, "https://t.cloudflareaccess.com/cdn-cgi/access/login/h?meta=c4n4ry");
    let nas = answer::unmarked(200).with_html("<script src=webman/x></script>SYNO.c4n4ry");
    let asked_administrator = "ask its administrator to change them";
    vec![
        (of_the_probe(&answer::unmarked(404)), Advice::AskAddress, "check it"),
        (of_the_probe(&answer::marked(404)), Advice::AskAddress, "what follows the host's name"),
        (
            of_the_probe(&portal),
            Advice::AskAddress,
            "if that is the right server, use that address",
        ),
        (of_the_probe(&answer::unmarked(302)), Advice::AskAddress, "use that address"),
        (of_the_probe(&gateway), Advice::PassGateway, "headers of a service token"),
        (of_the_probe(&nas), Advice::AskAddress, "add Jellyfin's own port to the address"),
        (in_circles(), Advice::AskAddress, "check the address"),
        (different_server(), Advice::AskAddress, "check the address"),
        (no_server(), Advice::AskAddress, "https://nas.example: no secure connection"),
        (of_the_probe(&loading()), Advice::TryAgain, "in a few minutes"),
        (of_the_probe(&answer::unmarked(502)), Advice::TryAgain, "try again later"),
        (of_the_probe(&not_set_up), Advice::AskAdministrator, "finish its wizard"),
        (of_the_probe(&answer::marked(503)), Advice::AskAdministrator, asked_administrator),
        (of_the_probe(&refusal(500)), Advice::AskAdministrator, "its log shows why"),
    ]
}

fn by_quick_connect() -> Vec<(Error, Advice, &'static str)> {
    vec![
        (of_a_poll(600), Advice::TryAgain, "ask for a new one"),
        (of_a_poll(0), Advice::TryAgain, "ask for a new one"),
        (initiate(401), Advice::OfferPassword, "use a password"),
        (enabled(404), Advice::OfferPassword, "use a password"),
    ]
}

fn with_a_token() -> Vec<(Error, Advice, &'static str)> {
    let session = session();
    let me = |status| {
        GetCurrentUser { session: &session }.read(&answer::marked(status)).expect_err("refused")
    };
    let approve = || AuthorizeQuickConnect::new(&session, "123456").expect("a code");
    let refused = |status| approve().read(&refusal(status)).expect_err("refused");
    let no_code = AuthorizeQuickConnect::new(&session, "?").expect_err("no code");
    let no_user = approve().for_user("").expect_err("no id");
    let (server, device, pin) = (url(SERVER), device(), "AB".into());
    let redeem = RedeemPin::new(&server, &device, &pin).expect("a PIN");
    let redeem = redeem.read(&refusal(404)).expect_err("refused");
    vec![
        (me(403), Advice::AskAdministrator, "try again later"),
        (me(401), Advice::SignInAgain, "sign in again"),
        (refused(404), Advice::AskCode, "check it, or ask for a new one"),
        (refused(500), Advice::TryAgain, "look at the device that shows it"),
        (no_code, Advice::AskCode, "type the digits"),
        (no_user, Advice::ReportBug, "take the id that the server gives its user"),
        (redeem, Advice::AskCode, "check it, or ask for a new one"),
        (
            sign_out(answer::marked(404)),
            Advice::AskAdministrator,
            "only its administrator can end it",
        ),
    ]
}
