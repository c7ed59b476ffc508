//! What stands in front of a server, by each form of its answer: it is named, nothing is sent there, a live
//! code outlasts it, and no token is dropped for it.

mod lookalikes;
mod passing;

use http::Response;
use jellyfin_auth::{
    Advice, Discovery, Error, GatewayKind, Login, Machine, Session, SessionCheck, SignOut,
    WaitReason,
    endpoint::{Endpoint as _, GetServerInfo},
};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};

use crate::{
    endpoints::{NAMES, read_by_name},
    gateway_answers::{Form, GATEWAY, Kind, forms},
    given::*,
    recordings,
};

fn gateways() -> impl Iterator<Item = Form> {
    forms().into_iter().filter(|form| form.kind == Kind::Gateway)
}

fn answer_of(form: &Form) -> Response<Vec<u8>> {
    form.answer(GATEWAY)
}

fn expected(form: &Form) -> String {
    form.expected(SERVER, GATEWAY)
}

/// The error of a machine that gives up after the first failure.
fn error<M: Machine>(script: &mut Script<M>, form: &Form) -> String
where
    M::Output: std::fmt::Debug,
{
    let error = script.fails();
    let shown = format!("{error:?} {error}");
    assert!(!shown.contains("c4n4ry"), "{}: {shown}", form.name);
    if let Error::LoginGateway { gateway, .. } = &error {
        assert!(!shown.contains("use that address"), "{}: {shown}", form.name);
        let sentence = error.to_string();
        let product = gateway.to_string();
        assert!(sentence.contains(&product), "{}: {sentence}", form.name);
        assert!(sentence.ends_with(gateway.how_to_pass()), "{}: {sentence}", form.name);
    }
    format!("{error:?}")
}

fn impatient(policy: &mut jellyfin_auth::Policy) {
    policy.retries = 0;
    policy.patience = seconds(0);
}

#[test]
fn each_form_of_an_answer_to_the_anonymous_probe_is_what_the_table_says() {
    for form in forms() {
        for login in [password_login(SERVER), quick_connect_login(SERVER)] {
            let mut script = with_policy(login, impatient);
            let request = script.sends("GET", INFO);
            assert!(!request.request().headers().contains_key("authorization"));
            request.answers(answer_of(&form));
            assert_eq!(error(&mut script, &form), expected(&form), "{}", form.name);
        }
        let (server, device) = (url(SERVER), device());
        let read = GetServerInfo { server: &server, device: &device }.read(&answer_of(&form));
        let read = read.expect_err("no server");
        assert_eq!(format!("{read:?}"), expected(&form), "{}", form.name);
        let mut script = Script::new(Discovery::at(url(SERVER), device));
        script.sends("GET", INFO).answers(answer_of(&form));
        let Error::NoServer { tried, .. } = script.fails() else { panic!("{}", form.name) };
        assert_eq!(format!("{:?}", tried[0].error), expected(&form), "{}", form.name);
    }
}

#[test]
fn a_gateway_is_named_whatever_was_asked() {
    for form in gateways() {
        for name in NAMES {
            let read = read_by_name(name, &answer_of(&form));
            assert_eq!(read, format!("! {}", expected(&form)), "{}, {name}", form.name);
        }
    }
}

#[test]
fn a_gateway_between_the_server_and_the_password_is_no_wrong_password() {
    for form in gateways() {
        let mut script = asked_for_password();
        script.sends("POST", AUTHENTICATE).answers(answer_of(&form));
        assert_eq!(error(&mut script, &form), expected(&form), "{}", form.name);
        // Also of a server that doesn't set the marker.
        let mut script = probed_unmarked(password_login(SERVER));
        script.sends("POST", AUTHENTICATE).answers(answer_of(&form));
        assert_eq!(error(&mut script, &form), expected(&form), "{}", form.name);
    }
}

#[test]
fn a_live_code_outlasts_a_gateway_and_is_redeemed_when_it_is_passed() {
    for form in gateways() {
        let mut script = polling();
        for _ in 0..3 {
            script.sends("GET", POLL).answers(answer_of(&form));
            let wait = script.waits(5);
            assert_eq!(wait.reason(), WaitReason::Gateway, "{}", form.name);
            assert_eq!(wait.code(), Some("123456"), "{}", form.name);
        }
        script.sends("GET", POLL).answers(approved());
        script.sends("POST", EXCHANGE).answers(answer_of(&form));
        assert_eq!(script.waits(5).reason(), WaitReason::Gateway, "{}", form.name);
        script.sends("POST", EXCHANGE).answers(token());
        script.ends();
    }
}

#[test]
fn a_resumed_code_and_a_renewal_outlast_a_gateway() {
    for form in gateways() {
        let kept = polling().machine.to_record().expect("a code is alive");
        let mut script = Script::new(Login::resume(kept).expect("a record"));
        script.sends("GET", INFO).answers(answer_of(&form));
        assert_eq!(script.waits(5).reason(), WaitReason::Gateway, "{}", form.name);
        script.sends("GET", INFO).answers(info());
        script.sends("GET", POLL).answers(approved());
        script.sends("POST", EXCHANGE).answers(token());
        script.ends();

        let mut script =
            polling_with(|policy| policy.renewals = jellyfin_auth::Renewals::Unlimited);
        script.sends("GET", POLL).answers(refusal(404));
        script.sends("POST", INITIATE).answers(answer_of(&form));
        assert_eq!(script.waits(5).reason(), WaitReason::Gateway, "{}", form.name);
        script.sends("POST", INITIATE).answers(pending());
        script.waits(5);
    }
}

#[test]
fn a_gateway_before_there_is_a_code_is_named_even_where_quick_connect_said_no() {
    for form in gateways() {
        for enabled in [on(), off()] {
            let mut script = asked_for_a_code();
            script.sends("GET", ENABLED).answers(enabled);
            script.sends("POST", INITIATE).answers(answer_of(&form));
            assert_eq!(error(&mut script, &form), expected(&form), "{}", form.name);
        }
    }
}

#[test]
fn a_gateway_is_no_reason_to_drop_a_token() {
    for form in gateways() {
        let ended = |script: &mut Script<SessionCheck>| error(script, &form);
        let mut script = Script::new(SessionCheck::new(session()));
        script.sends("GET", INFO).answers(answer_of(&form));
        assert_eq!(ended(&mut script), expected(&form), "{}", form.name);
        for info in [info(), without_marker(info())] {
            let mut script = Script::new(SessionCheck::new(session()));
            script.sends("GET", INFO).answers(info.clone());
            script.sends("GET", ME).answers(answer_of(&form));
            assert_eq!(ended(&mut script), expected(&form), "{}", form.name);

            let mut script = Script::new(SignOut::new(session()));
            script.sends("GET", INFO).answers(info);
            script.sends("POST", "/Sessions/Logout").answers(answer_of(&form));
            assert_eq!(error(&mut script, &form), expected(&form), "{}", form.name);
        }
    }
}

/// The token is shown to nobody when the first request meets a gateway.
#[test]
fn nothing_secret_is_sent_where_the_first_request_meets_a_gateway() {
    let session: Session = session();
    for form in gateways() {
        let mut script = Script::new(SignOut::new(session.clone()));
        let request = script.sends("GET", INFO);
        assert!(!format!("{:?}", request.request()).contains("0123456789abcdef"));
        assert!(request.request().headers().get("authorization").is_none());
        request.answers(answer_of(&form));
        script.fails();
    }
}

#[test]
fn a_gateways_advice_is_to_pass_it_and_a_portals_to_ask_for_the_address() {
    for form in forms() {
        let mut script = with_policy(password_login(SERVER), impatient);
        script.sends("GET", INFO).answers(answer_of(&form));
        let error = script.fails();
        let Error::LoginGateway { gateway, .. } = &error else {
            assert_eq!(form.kind, Kind::Other, "{}", form.name);
            continue;
        };
        let is_portal = gateway.kind() == GatewayKind::NasPortal;
        assert_eq!(is_portal, form.kind == Kind::Portal, "{}", form.name);
        let advice = if is_portal { Advice::AskAddress } else { Advice::PassGateway };
        assert_eq!(error.advice(), advice, "{}", form.name);
    }
}

#[test]
fn a_filter_for_bots_is_none_to_log_in_at() {
    use jellyfin_auth::Gateway::{Anubis, CloudflareChallenge, CrowdSec, GoAway};
    for filter in [Anubis, CloudflareChallenge, CrowdSec, GoAway] {
        assert_eq!(filter.kind(), GatewayKind::BotFilter, "{filter}");
    }
}

#[test]
fn an_answer_with_the_servers_marker_is_never_a_gateways() {
    for form in forms() {
        let answer = answer_of(&form).with_header("x-response-time-ms", "1.5");
        for name in NAMES {
            let read = read_by_name(name, &answer);
            assert!(!read.contains("LoginGateway"), "{}, {name}: {read}", form.name);
            assert!(!read.contains("by_cloudflare: true"), "{}, {name}: {read}", form.name);
        }
    }
}

#[test]
fn no_recorded_answer_of_a_server_or_of_an_ordinary_proxy_is_a_gateways() {
    let servers = recordings::all().iter().flat_map(|recording| &recording.exchanges);
    let servers: Vec<_> = servers.filter_map(|exchange| exchange.answer.clone()).collect();
    let fronts = recordings::fronts();
    let fronts: Vec<_> =
        fronts.values().flatten().filter_map(|exchange| exchange.answer.clone()).collect();
    assert!(servers.len() >= 1500 && fronts.len() >= 100, "{} {}", servers.len(), fronts.len());
    for answer in servers.into_iter().chain(fronts) {
        // As it is, and as a server of another make would say it.
        for answer in [answer.clone(), without_marker(answer)] {
            for name in NAMES {
                let read = read_by_name(name, &answer);
                assert!(!read.contains("LoginGateway"), "{name}: {read}: {answer:?}");
                assert!(!read.contains("by_cloudflare: true"), "{name}: {read}: {answer:?}");
                assert!(!read.contains("SecondFactor"), "{name}: {read}: {answer:?}");
            }
        }
    }
}

/// A gateway that lets the program through leaves its marks on what the server says.
#[test]
fn what_the_server_says_through_a_gateway_is_the_servers() {
    let info = |answer: Response<Vec<u8>>| read_by_name("GetServerInfo", &answer);
    let go_away = |answer: Response<Vec<u8>>| answer.with_header("via", "HTTP/1.1 go-away");
    let starting = go_away(set_up_server().with_html("starting"));
    assert_eq!(info(starting.with_header("retry-after", "5")), "! ServerStarting");
    assert!(info(go_away(answer::unmarked(502).with_html("nginx"))).contains("ServerBusy"));
    assert_eq!(info(go_away(answer::unmarked(404).with_html("nginx"))), "! NotJellyfin");
    let renewed = ("set-cookie", "_oauth2_proxy=c4n4ry; Path=/");
    let refused = answer::unmarked(401).with_header(renewed.0, renewed.1);
    let read = read_by_name("AuthenticateByName", &refused);
    assert!(read.contains("BadCredentials"), "{read}");
    for cookie in ["_oauth2_proxy=x", "authentik_proxy_0a1b=x", ".go-away-0a-state=x"] {
        let mut script = password_login(SERVER);
        let to_its_base = redirect(302, "/jf/web/").with_header("set-cookie", cookie);
        script.sends("GET", INFO).answers(to_its_base);
        let base = format!("/jf{INFO}");
        script.sends("GET", &base).answers(crate::given::info());
    }
}

#[test]
fn only_the_first_64_kib_of_a_page_are_looked_at() {
    let page = |before: usize| {
        let body = format!("<html>{}<i id=\"anubis_challenge\">", " ".repeat(before));
        read_by_name("GetServerInfo", &answer::unmarked(200).with_html(&body))
    };
    assert!(page(60_000).contains("Anubis"));
    assert_eq!(page(66_000), "! NotJellyfin");
}

#[test]
fn the_server_that_cloudflare_cant_reach_is_waited_for_and_named() {
    let cut_off = || answer::unmarked(530).with_header("server", "cloudflare");
    let mut script = password_login(SERVER);
    script.sends("GET", INFO).answers(cut_off());
    assert_eq!(script.waits(1).reason(), WaitReason::Busy);
    script.sends("GET", INFO).answers(info());
    script.sends("POST", AUTHENTICATE).answers(cut_off());
    let error = script.fails();
    assert!(error.to_string().contains("can't be reached by Cloudflare"), "{error}");
    assert_eq!(error.advice(), Advice::TryAgain);
}
