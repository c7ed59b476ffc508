//! Sign-ins that succeeded, replayed as whole logins: the core's requests match the recorded ones in
//! method, path and the meaning of header and body.

use std::collections::BTreeMap;

use http::{Request, Response, header};
use jellyfin_auth::{Device, DeviceFields, DeviceId, Login, WaitReason};
use jellyfin_auth_testkit::{Script, answer, answer::ResponseExt as _};
use serde_json::Value;

use super::{endpoint, exchanges, expected::property};
use crate::{
    given::{ENABLED, INFO, INITIATE, url},
    recordings::{self, Exchange, Recording},
    server_parser,
};

/// The four fields of a header: client, version, device, device id.
type Identity = [String; 4];

/// How a server reads the header that was sent, when it names a whole device.
fn sent_identity(exchange: &Exchange) -> Option<Identity> {
    let (scheme, mut fields) = server_parser::parse(exchange.header("authorization")?)?;
    let known = scheme.eq_ignore_ascii_case("MediaBrowser");
    let fields = ["Client", "Version", "Device", "DeviceId"].map(|key| fields.remove(key));
    let [Some(client), Some(version), Some(device), Some(id)] = fields else { return None };
    known.then_some([client, version, device, id])
}

/// The same of a request of the core's.
fn identity_of(request: &Request<Vec<u8>>) -> Identity {
    let header = request.headers()[header::AUTHORIZATION].to_str().expect("ASCII");
    let (_, mut fields) = server_parser::parse(header).expect("a header");
    assert!(!fields.contains_key("Token"), "no token before there is one");
    ["Client", "Version", "Device", "DeviceId"].map(|key| fields.remove(key).expect("each field"))
}

fn device_of([client, version, name, id]: &Identity) -> Result<Device, jellyfin_auth::DeviceError> {
    Device::new(DeviceFields { client, version, name, id: DeviceId::new(id)? })
}

/// The answer to the probe: who the recorded server is, as the sign-in's own answer names it.
fn probe(recording: &Recording, server_id: &str) -> Response<Vec<u8>> {
    let public = recordings::of(recording.version, "public");
    let recorded = public.exchanges.iter().find(|one| one.path == INFO).expect("it was asked");
    let mut info = recorded.json().expect("JSON");
    info["Id"] = server_id.into();
    let answer = recorded.answer.clone().expect("an answer");
    answer.with_body(info.to_string().as_bytes())
}

/// Where the recorded server was: some recordings have a base path.
fn base(exchange: &Exchange) -> &'static str {
    if exchange.path.starts_with("/jf/") { "https://nas.example/jf" } else { "https://nas.example" }
}

fn path(base: &str, path: &str) -> String {
    format!("{}{path}", &base["https://nas.example".len()..])
}

#[track_caller]
fn assert_ended(script: &mut Script<Login>, result: &Value, device: &Device) {
    let session = script.ends();
    let (user, text) = (property(result, "User"), |name| property(result, name).as_str());
    assert_eq!(Some(session.access_token().expose()), text("AccessToken"));
    assert_eq!(Some(session.user().id.as_str()), property(user, "Id").as_str());
    assert_eq!(session.user().name.as_deref(), property(user, "Name").as_str());
    assert_eq!(session.server_id(), text("ServerId"));
    assert_eq!(session.device(), device);
}

/// Replays a sign-in by password; `Err` says why it isn't one of this crate's.
fn replay_password(recording: &Recording, recorded: &Exchange) -> Result<(), &'static str> {
    let result = recorded.json().ok_or("no result: an address filter's 200")?;
    let identity = sent_identity(recorded).ok_or("a legacy header, or two of them")?;
    let device = device_of(&identity).map_err(|_| "a device that is blank, too long or unfit")?;
    let sent = recorded.sent_json().expect("JSON");
    let name = property(&sent, "Username").as_str().ok_or("no user name as text")?;
    // A user without a password may leave it out; the core never does.
    let password = property(&sent, "Pw").as_str().unwrap_or_default();

    let base = base(recorded);
    let login = Login::password(url(base), device.clone(), name, password).expect("a name");
    let mut script = Script::new(login);
    let server_id = property(&result, "ServerId").as_str().expect("an id");
    script.sends("GET", &path(base, INFO)).answers(probe(recording, server_id));
    let exchange = script.sends(&recorded.method, &recorded.path);
    assert_eq!(identity_of(exchange.request()), identity);
    let body: Value = serde_json::from_slice(exchange.request().body()).expect("JSON");
    assert_eq!(body, serde_json::json!({"Username": name, "Pw": password}));
    exchange.answers(recorded.answer.clone().expect("an answer"));
    assert_ended(&mut script, &result, &device);
    Ok(())
}

#[test]
fn every_password_that_was_taken_is_taken_again() {
    let mut replayed: BTreeMap<&str, usize> = BTreeMap::new();
    let mut left_out: BTreeMap<&str, usize> = BTreeMap::new();
    for (recording, recorded) in exchanges() {
        if endpoint(recorded) == Some("AuthenticateByName") && recorded.status() == 200 {
            match replay_password(recording, recorded) {
                Ok(()) => *replayed.entry(recording.version).or_default() += 1,
                Err(reason) => *left_out.entry(reason).or_default() += 1,
            }
        }
    }
    assert_eq!(replayed, BTreeMap::from([("12.0", 86), ("10.11.11", 95), ("10.8.13", 85)]));
    assert_eq!(
        left_out,
        BTreeMap::from([
            ("a device that is blank, too long or unfit", 22),
            ("a legacy header, or two of them", 16),
            ("no result: an address filter's 200", 1),
        ])
    );
}

/// What the server stored is what the transcription reads: the answers name it.
#[test]
fn the_servers_read_each_header_as_the_transcription_does() {
    let mut compared = 0;
    for (_, recorded) in exchanges() {
        let Some(result) = recorded.json() else { continue };
        let session = &result["SessionInfo"];
        let named = ["Client", "ApplicationVersion", "DeviceName", "DeviceId"];
        if endpoint(recorded) != Some("AuthenticateByName") || session.is_null() {
            continue;
        }
        let Some(identity) = sent_identity(recorded) else { continue };
        let stored = named.map(|name| session[name].as_str().unwrap_or_default());
        let mut read = identity.each_ref().map(String::as_str);
        // A session is found by its device id in any letter case, and keeps the first.
        if read[3].eq_ignore_ascii_case(stored[3]) {
            read[3] = stored[3];
        }
        assert_eq!(stored, read, "{:?}", recorded.headers);
        compared += 1;
    }
    assert_eq!(compared, 285);
}

/// A recorded Quick Connect: what came of it, from its code on.
struct Flow<'r> {
    recording: &'r Recording,
    initiate: &'r Exchange,
    polls: Vec<&'r Exchange>,
    exchange: &'r Exchange,
}

/// The Quick Connects of a recording that ended with a token.
fn quick_connects(recording: &Recording) -> Vec<Flow<'_>> {
    let initiated =
        recording.exchanges.iter().enumerate().filter(|(_, one)| {
            endpoint(one) == Some("InitiateQuickConnect") && one.status() == 200
        });
    initiated
        .filter_map(|(at, initiate)| {
            let secret = initiate.json()?["Secret"].as_str()?.to_owned();
            let later = || recording.exchanges[at..].iter();
            let end = later().position(|one| {
                endpoint(one) == Some("AuthenticateWithQuickConnect")
                    && one.status() == 200
                    && one.sent_json().is_some_and(|sent| sent["Secret"] == *secret)
            })?;
            let polls = later().take(end).filter(|one| {
                endpoint(one) == Some("GetQuickConnectState")
                    && one.query.eq_ignore_ascii_case(&format!("secret={secret}"))
            });
            let exchange = later().nth(end)?;
            Some(Flow { recording, initiate, polls: polls.collect(), exchange })
        })
        .collect()
}

/// What a server that takes another method for Initiate says.
fn wrong_method(recording: &Recording) -> Option<Response<Vec<u8>>> {
    let recorded = recordings::of(recording.version, "quick-connect").exchanges.iter();
    let mut refusal = recorded.filter(|one| one.method == "POST" && one.status() == 405);
    refusal.find_map(|one| one.answer.clone())
}

fn replay_quick_connect(flow: &Flow<'_>) -> usize {
    let Flow { recording, initiate, polls, exchange } = flow;
    let (code, result) = (initiate.json().expect("JSON"), exchange.json().expect("JSON"));
    let identity = sent_identity(initiate).expect("a code is asked for with a whole header");
    let device = device_of(&identity).expect("a device");
    let base = base(initiate);
    let mut script = Script::new(Login::quick_connect(url(base), device.clone()));
    let server_id = property(&result, "ServerId").as_str().expect("an id");
    script.sends("GET", &path(base, INFO)).answers(probe(recording, server_id));
    let on = answer::marked(200).with_body(b"true");
    script.sends("GET", &path(base, ENABLED)).answers(on);
    // 10.8 takes GET alone, which the core finds out by asking.
    let method = match wrong_method(recording) {
        Some(refusal) => {
            script.sends("POST", &path(base, INITIATE)).answers(refusal);
            "GET"
        }
        None => "POST",
    };
    let asked = script.sends(method, &initiate.path);
    assert_eq!(identity_of(asked.request()), identity);
    asked.answers(initiate.answer.clone().expect("an answer"));
    assert_eq!(script.is_waiting().code(), code["Code"].as_str());

    let secret = code["Secret"].as_str().expect("a secret");
    let target = path(base, &format!("/QuickConnect/Connect?secret={secret}"));
    let (mut approved, mut fed) = (false, 0);
    for poll in polls {
        let wait = script.is_waiting();
        assert_eq!(wait.code(), code["Code"].as_str(), "it is shown");
        script.clock.advance(wait.delay());
        let asked = script.sends("GET", &target);
        assert_eq!(identity_of(asked.request()), identity);
        asked.answers(poll.answer.clone().expect("an answer"));
        fed += 1;
        approved = poll.json().is_some_and(|body| body["Authenticated"] == true);
        if approved {
            break;
        }
        let reason = if poll.status() == 401 { WaitReason::Disabled } else { WaitReason::Approval };
        assert_eq!(script.is_waiting().reason(), reason);
    }
    if !approved {
        // Nobody looked between the approval and the exchange.
        let wait = script.is_waiting();
        script.clock.advance(wait.delay());
        let mut body = code.clone();
        body["Authenticated"] = true.into();
        let answer = initiate.answer.clone().expect("an answer");
        script.sends("GET", &target).answers(answer.with_body(body.to_string().as_bytes()));
    }
    let asked = script.sends(&exchange.method, &exchange.path);
    assert_eq!(identity_of(asked.request()), identity);
    let body: Value = serde_json::from_slice(asked.request().body()).expect("JSON");
    assert_eq!(body, exchange.sent_json().expect("JSON"));
    asked.answers(exchange.answer.clone().expect("an answer"));
    assert_ended(&mut script, &result, &device);
    fed
}

#[test]
fn every_quick_connect_that_was_approved_ends_with_its_token() {
    let mut replayed: BTreeMap<&str, usize> = BTreeMap::new();
    let mut polls = 0;
    for recording in recordings::all() {
        for flow in quick_connects(recording) {
            polls += replay_quick_connect(&flow);
            *replayed.entry(recording.version).or_default() += 1;
        }
    }
    assert_eq!(replayed, BTreeMap::from([("12.0", 7), ("10.11.11", 7), ("10.8.13", 6)]));
    assert_eq!(polls, 24);
}
