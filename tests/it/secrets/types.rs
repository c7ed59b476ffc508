//! Every public type, holding canaries wherever it can hold a secret.

use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use http::Response;
use jellyfin_auth::{
    AccessToken, ApproveQuickConnect, Device, DeviceFields, Discovery, Failure, GatewayHeaders,
    Login, LoginRecord, Machine, Password, Policy, QuickConnectSecret, Renewals, Session,
    SessionCheck, SignOut, Step, Timestamp, endpoint::*, lan::Announcements,
};
use jellyfin_auth_testkit::answer::{self, ResponseExt as _};

use super::{CANARY, assert_secret, public_types::public_types, shown};
use crate::given::{device, fingerprint, url};

const TOKEN: &str = "cAnArY-token";
const SECRET: &str = "cAnArY-secret";
const PASSWORD: &str = "cAnArY-password";
const GATEWAY_SECRET: &str = "cAnArY-gateway";

/// What was shown, by the name of its type.
#[derive(Default)]
struct Gallery(BTreeSet<&'static str>);

impl Gallery {
    #[track_caller]
    fn show(&mut self, name: &'static str, value: &impl std::fmt::Debug) {
        assert_secret(name, &shown(value));
        self.0.insert(name);
    }
}

fn request<M: Machine>(machine: &mut M) -> jellyfin_auth::Request {
    match machine.poll(Timestamp::ORIGIN) {
        Ok(Step::Send(request)) => request,
        _ => panic!("it should send"),
    }
}

/// Lets a machine come as far as these answers take it.
fn answered<M: Machine>(mut machine: M, answers: Vec<Response<Vec<u8>>>) -> M {
    for answer in answers {
        let (_, ticket, _) = request(&mut machine).into_parts();
        assert!(machine.handle(ticket, Ok(&answer)));
    }
    machine
}

fn info() -> Response<Vec<u8>> {
    answer::server_info("ab12", "12.0.0")
}

fn on() -> Response<Vec<u8>> {
    answer::marked(200).with_json(&true.into())
}

fn pending() -> Response<Vec<u8>> {
    answer::quick_connect("123456", SECRET, false)
}

fn token() -> Response<Vec<u8>> {
    answer::authentication(TOKEN, "6eec", "ab12")
}

fn gateway_headers() -> GatewayHeaders {
    let mut headers = GatewayHeaders::default();
    let at = url("https://nas.example");
    headers.add(&at, "CF-Access-Client-Secret", GATEWAY_SECRET).expect("a header");
    headers.add(&at, "Cookie", "session=cAnArY-cookie").expect("a cookie");
    headers
}

fn password_login() -> Login {
    let at = url("https://nas.example");
    let login = Login::password(at, device(), "alice", PASSWORD).expect("a user name");
    login.with_gateway_headers(gateway_headers())
}

fn session() -> Session {
    let mut login = answered(password_login(), vec![info(), token()]);
    match login.poll(Timestamp::ORIGIN) {
        Ok(Step::Done(session)) => session,
        other => panic!("it should be done: {other:?}"),
    }
}

fn show_machines(gallery: &mut Gallery) {
    gallery.show("Login", &answered(password_login(), vec![info()]));
    let at = url("https://nas.example");
    let login = Login::quick_connect(at.clone(), device());
    let login = login.with_gateway_headers(gateway_headers());
    let mut login = answered(login, vec![info(), on(), pending()]);
    gallery.show("Login", &login);
    let step = login.poll(Timestamp::ORIGIN);
    gallery.show("Step", &step);
    gallery.show("LoginRecord", &login.to_record().expect("a code waits"));
    let Ok(Step::Wait(wait)) = step else { panic!("it waits") };
    gallery.show("Wait", &wait);
    gallery.show("WaitReason", &wait.reason());

    // While it redeems, verifies, and when it is done.
    let saved = login.to_record().expect("a code waits");
    let mut policy = Policy::default();
    policy.verify_token = true;
    gallery.show("Policy", &policy);
    let approved = answer::quick_connect("123456", SECRET, true);
    let resumed = Login::resume(saved).expect("a record").with_policy(policy);
    let resumed = answered(resumed, vec![info(), approved]);
    gallery.show("Login", &resumed);
    let mut verifying = answered(resumed, vec![token()]);
    gallery.show("Login", &verifying);
    let request = request(&mut verifying);
    gallery.show("Request", &request);
    let (_, ticket, _) = request.into_parts();
    gallery.show("Ticket", &ticket);
    let me = answer::marked(200).with_json(&serde_json::json!({"Id": "6eec", "Name": "alice"}));
    assert!(verifying.handle(ticket, Ok(&me)));
    gallery.show("Step", &verifying.poll(Timestamp::ORIGIN));
    gallery.show("Login", &verifying);

    let mut polling = answered(password_login(), vec![info()]);
    gallery.show("Step", &polling.poll(Timestamp::ORIGIN));
    gallery.show("SignOut", &SignOut::new(session()));
    let approval = ApproveQuickConnect::new(session(), "123456").expect("a code");
    gallery.show("ApproveQuickConnect", &approval);
    let check = SessionCheck::new(session());
    gallery.show("SessionCheck", &check);
    let mut check = answered(check, vec![info(), user()]);
    let step = check.poll(Timestamp::ORIGIN);
    gallery.show("Step", &step);
    let Ok(Step::Done(checked)) = step else { panic!("it is done") };
    gallery.show("CheckedSession", &checked);
    gallery.show("SessionState", &checked.state);
    let mut discovery = Discovery::among(vec![url("http://nas.example")], device())
        .with_gateway_headers(&gateway_headers());
    gallery.show("Discovery", &discovery);
    discovery = answered(discovery, vec![info()]);
    let Ok(Step::Done(found)) = discovery.poll(Timestamp::ORIGIN) else { panic!("it is done") };
    gallery.show("Found", &found);
    let server = found.into_best();
    gallery.show("Server", &server);
    gallery.show("ServerInfo", server.info());
    let unencrypted = server.url().expect_err("nobody typed http");
    gallery.show("Unencrypted", &unencrypted);
    gallery.show("NoHttps", &unencrypted.reason());
}

fn user() -> Response<Vec<u8>> {
    answer::marked(200).with_json(&serde_json::json!({"Id": "6eec", "Name": "alice"}))
}

fn show_endpoints(gallery: &mut Gallery) {
    let (server, device, session) = (url("https://nas.example"), device(), session());
    let password = Password::from(PASSWORD);
    let secret = QuickConnectSecret::try_from(SECRET.to_owned()).expect("a secret");
    let by_password = AuthenticateByName {
        server: &server,
        device: &device,
        user_name: "alice",
        password: &password,
    };
    gallery.show("AuthenticateByName", &by_password);
    gallery.show("Authentication", &by_password.read(&token()).expect("a token"));
    let by_code =
        AuthenticateWithQuickConnect { server: &server, device: &device, secret: &secret };
    gallery.show("AuthenticateWithQuickConnect", &by_code);
    gallery.show(
        "GetQuickConnectState",
        &GetQuickConnectState { server: &server, device: &device, secret: &secret },
    );
    let method = InitiateMethod::Post;
    gallery.show("InitiateMethod", &method);
    let initiate = InitiateQuickConnect { server: &server, device: &device, method };
    gallery.show("InitiateQuickConnect", &initiate);
    gallery.show("PendingQuickConnect", &initiate.read(&pending()).expect("a code"));
    gallery.show(
        "GetQuickConnectEnabled",
        &GetQuickConnectEnabled { server: &server, device: &device },
    );
    gallery.show("GetServerInfo", &GetServerInfo { server: &server, device: &device });
    gallery.show("GetPublicUsers", &GetPublicUsers { server: &server, device: &device });
    let branding = GetBranding { server: &server, device: &device };
    gallery.show("GetBranding", &branding);
    let notice = answer::marked(200).with_json(&serde_json::json!({"LoginDisclaimer": "Hello"}));
    gallery.show("Branding", &branding.read(&notice).expect("branding"));
    let headers = gateway_headers();
    gallery.show("GatewayHeaders", &headers);
    let with_headers = branding.with_gateway_headers(&headers);
    gallery.show("WithGatewayHeaders", &with_headers);
    let request = with_headers.request();
    assert_eq!(request.headers()["cf-access-client-secret"], GATEWAY_SECRET, "it is sent");
    gallery.show("WithGatewayHeaders", &request);
    let authorize = AuthorizeQuickConnect::new(&session, "123456").expect("a code");
    gallery.show("AuthorizeQuickConnect", &authorize);
    gallery.show("GetCurrentUser", &GetCurrentUser { session: &session });
    gallery.show("LogOut", &LogOut { session: &session });
    gallery.show("RedeemPin", &RedeemPin::new(&server, &device, &password).expect("a PIN"));
    let forgotten = RequestPasswordReset::new(&server, &device, "alice").expect("a name");
    gallery.show("RequestPasswordReset", &forgotten);
    let reset = answer::marked(200).with_json(&serde_json::json!({"Action": "PinCode"}));
    let reset = forgotten.read(&reset).expect("an answer");
    gallery.show("PasswordResetAction", &reset.action);
    gallery.show("PasswordReset", &reset);
}

fn show_values(gallery: &mut Gallery) {
    let session = session();
    gallery.show("Session", &session);
    gallery.show("SessionRecord", &session.to_record());
    gallery.show("User", session.user());
    gallery.show("ServerUrl", session.server());
    gallery.show("Device", session.device());
    gallery.show("DeviceId", session.device().id());
    let id = session.device().id().clone();
    let fields = DeviceFields { client: "Example", version: "1.0", name: "Test", id };
    gallery.show("DeviceFields", &fields);
    gallery.show("AccessToken", &AccessToken::try_from(TOKEN.to_owned()));
    gallery.show("Password", &Password::from(PASSWORD));
    gallery.show("QuickConnectSecret", &QuickConnectSecret::try_from(SECRET.to_owned()));
    gallery.show("Timestamp", &Timestamp::ORIGIN);
    gallery.show("Failure", &Failure::Tls);
    let mut trusting = session.clone();
    trusting.trust_certificate(session.server(), fingerprint(7));
    let trusted = &trusting.trusted_certificates()[0];
    gallery.show("CertificateFingerprint", &trusted.fingerprint());
    gallery.show("TrustedCertificate", trusted);
    gallery.show("Renewals", &Renewals::Never);
    let mut announcements = Announcements::new();
    announcements.handle(br#"{"Address":"nas","Id":"ab12"}"#, ([192, 0, 2, 7], 7359).into());
    gallery.show("Announcements", &announcements);
    gallery.show("Announcement", &announcements.into_vec()[0]);
    // The header for later requests says that it is sensitive; `http` keeps it out of `Debug`.
    gallery.show("Session", &session.authorization());
    let mut request = http::Request::get("https://nas.example/").body(()).expect("a request");
    session.authorize(&mut request);
    gallery.show("Session", &request);
    let kept = serde_json::to_string(&session.to_record()).expect("a record is JSON");
    assert!(kept.contains(CANARY), "the canary is where it belongs");
    assert!(kept.contains(GATEWAY_SECRET), "the gateway's header is kept");
    gallery.show("LoginRecord", &serde_json::from_str::<LoginRecord>(&kept).expect("a record"));
}

#[test]
fn the_debug_of_a_session_shows_everything_but_its_token() {
    let text = format!("{:?}", session());
    for part in ["https://nas.example", "ab12", "6eec", "[redacted]", "Example"] {
        assert!(text.contains(part), "{part} in {text}");
    }
}

#[test]
fn secrets_differ_by_their_hash() {
    let hash = |token: &str| {
        let mut hasher = DefaultHasher::new();
        AccessToken::try_from(token.to_owned()).expect("a token").hash(&mut hasher);
        hasher.finish()
    };
    assert_eq!(hash("t0k3n"), hash("t0k3n"));
    assert_ne!(hash("t0k3n"), hash("t0k4n"));
}

#[test]
fn no_public_type_shows_a_secret() {
    let mut gallery = Gallery::default();
    show_machines(&mut gallery);
    show_endpoints(&mut gallery);
    show_values(&mut gallery);

    // Errors have a test of their own.
    let errors = [
        "Advice",
        "Attempt",
        "SecretError",
        "UserNameHint",
        "DeviceError",
        "InvalidFingerprint",
        "DeviceField",
        "Error",
        "RecordError",
        "ServerUrlError",
        "Gateway",
        "GatewayHeaderError",
        "GatewayKind",
        "LoginRefusal",
        "RequestName",
    ];
    // They hold nothing, or are no part of the interface.
    let plain = ["Body", "DeviceFields", "Limits", "NotRead", "WakeReason"];
    let forgotten: Vec<_> = public_types()
        .into_iter()
        .filter(|name| !gallery.0.contains(&**name))
        .filter(|name| !errors.contains(&&**name) && !plain.contains(&&**name))
        .collect();
    assert!(forgotten.is_empty(), "show these too: {forgotten:?}");
    let device: &Device = &device();
    assert_secret("Device", &shown(device));
}
