//! Errors, made from answers, records and addresses that are full of secrets.

use http::Response;
use jellyfin_auth::{
    Device, DeviceFields, DeviceId, Error, Login, LoginRecord, Machine as _, QuickConnectSecret,
    ServerUrl, Session, SessionRecord, Step, Timestamp,
};
use jellyfin_auth_testkit::answer::{self, ResponseExt as _};

use super::{CANARY, assert_secret, shown_error};
use crate::given::{device, url};

/// An answer with a secret in every place where one can stand.
fn leaky(status: u16, marked: bool, body: &[u8]) -> Response<Vec<u8>> {
    let response = if marked { answer::marked(status) } else { answer::unmarked(status) };
    response
        .with_body(body)
        .with_header("location", "https://cAnArY:cAnArY@sso.example/in?token=cAnArY#cAnArY")
        .with_header("www-authenticate", "Bearer realm=\"cAnArY\", token=cAnArY")
        .with_header("proxy-authenticate", "Basic realm=\"cAnArY\"")
        .with_header("retry-after", "cAnArY")
        .with_header("set-cookie", "session=cAnArY")
        .with_header("server", "cAnArY")
}

fn bodies() -> Vec<Vec<u8>> {
    [
        "",
        "cAnArY",
        "\"cAnArY\"",
        "{\"cAnArY\":\"cAnArY\"}",
        "{\"AccessToken\":\"cAnArY\",\"AccessToken\":\"cAnArY\"}",
        "{\"AccessToken\":\"cAnArY \\u0007\",\"User\":{\"Id\":\"u\"}}",
        "{\"Authenticated\":\"cAnArY\",\"Code\":\"cAnArY cAnArY\",\"Secret\":\"cAnArY\"}",
        "<html>cAnArY</html>",
    ]
    .map(|body| body.as_bytes().to_vec())
    .to_vec()
}

/// Brings a login to its `stage`-th request and gives it that answer there, again and again.
fn ended_by(mut login: Login, stage: usize, answer: &Response<Vec<u8>>) -> Option<Error> {
    let good = [
        answer::server_info("ab12", "12.0.0"),
        answer::marked(200).with_json(&true.into()),
        answer::quick_connect("123456", "cAnArY-secret", false),
        answer::quick_connect("123456", "cAnArY-secret", true),
    ];
    let mut now = std::time::Duration::ZERO;
    let mut sent = 0;
    for _ in 0..400 {
        match login.poll(Timestamp::new(now)) {
            Ok(Step::Send(request)) => {
                let (_, ticket, _) = request.into_parts();
                let answer = good.get(sent).filter(|_| sent < stage).unwrap_or(answer);
                assert!(login.handle(ticket, Ok(answer)));
                sent += 1;
            }
            Ok(Step::Wait(wait)) => {
                assert_secret("Wait", &format!("{wait:?} {}", wait.reason()));
                now += wait.delay();
            }
            Ok(_) => return None,
            Err(error) => return Some(error),
        }
    }
    None
}

#[test]
fn no_error_shows_what_an_answer_held() {
    let mut variants = std::collections::BTreeSet::new();
    for status in [200_u16, 204, 302, 307, 400, 401, 403, 404, 405, 407, 418, 429, 500, 502, 503] {
        for (marked, body) in [true, false]
            .into_iter()
            .flat_map(|marked| bodies().into_iter().map(move |body| (marked, body)))
        {
            let bare = {
                let kind = if marked { answer::marked(status) } else { answer::unmarked(status) };
                kind.with_body(&body)
            };
            for answer in [leaky(status, marked, &body), bare] {
                let at = url("https://nas.example/jf");
                let logins = (0..2).map(|stage| {
                    let login = Login::password(at.clone(), device(), "alice", "cAnArY-password");
                    (login.expect("a user name"), stage)
                });
                let logins = logins
                    .chain((0..5).map(|stage| (Login::quick_connect(at.clone(), device()), stage)));
                for (login, stage) in logins {
                    let Some(error) = ended_by(login, stage, &answer) else { continue };
                    assert_secret("Error", &shown_error(&error));
                    let name = format!("{error:?}");
                    variants.insert(name.split([' ', '{']).next().map(str::to_owned));
                }
            }
        }
    }
    assert!(variants.len() > 15, "many kinds of errors were made: {variants:?}");
}

#[test]
fn no_error_of_a_record_shows_the_secret_in_it() {
    let record = |change: &dyn Fn(&mut serde_json::Value)| {
        let mut record = serde_json::json!({
            "version": 1, "server": "https://nas.example", "server_id": "ab", "user_id": "u",
            "access_token": "cAnArY", "client": "A", "client_version": "1",
            "device_name": "D", "device_id": "d", "code": "123456", "secret": "cAnArY",
        });
        change(&mut record);
        record.to_string()
    };
    let mut records = vec![
        record(&|record| record["version"] = 3.into()),
        record(&|record| record["access_token"] = "cAnArY\u{7}".into()),
        record(&|record| record["secret"] = "cAnArY cAnArY".into()),
        record(&|record| record["server"] = "https://cAnArY:cAnArY@nas.example".into()),
        record(&|record| record["device_name"] = "".into()),
        record(&|record| record["code"] = "cAnArY\u{1b}".into()),
    ];
    let whole = record(&|_| {});
    // A file that was cut, at every byte.
    records.extend((0..whole.len()).map(|end| whole[..end].to_owned()));
    records.push(whole.replace("\"version\":1", "\"version\":\"1\",\"access_token\":\"cAnArY\""));
    let mut errors = 0;
    for record in records {
        match serde_json::from_str::<SessionRecord>(&record).map(Session::try_from) {
            Ok(Err(error)) => {
                errors += 1;
                assert_secret("RecordError", &shown_error(&error));
            }
            Err(error) => {
                errors += 1;
                assert_secret("serde_json::Error", &shown_error(&error));
            }
            Ok(Ok(_)) => {}
        }
        match serde_json::from_str::<LoginRecord>(&record) {
            Ok(saved) => {
                if let Err(error) = Login::resume(saved) {
                    assert_secret("RecordError", &shown_error(&error));
                }
            }
            Err(error) => assert_secret("serde_json::Error", &shown_error(&error)),
        }
    }
    assert!(errors > 100);
}

/// People paste addresses with passwords in them.
#[test]
fn no_error_of_an_address_shows_its_password_or_query() {
    for typed in [
        "https://user:cAnArY@nas.example",
        "https://cAnArY@nas.example:8096/jf",
        "ftp://user:cAnArY@nas.example/x?cAnArY#cAnArY",
        "user:cAnArY@nas.example",
        "https://nas.example:99999/?api_key=cAnArY",
        "https:///?token=cAnArY",
        "https://nas example/?token=cAnArY",
    ] {
        let errors = [ServerUrl::parse(typed).err(), ServerUrl::candidates(typed).err()];
        for error in errors.into_iter().flatten() {
            assert_secret(typed.split(CANARY).next().unwrap_or_default(), &shown_error(&error));
        }
    }
}

#[test]
fn no_error_of_a_device_shows_more_than_its_kind() {
    let id = || DeviceId::new("d").expect("a device id");
    let long = CANARY.repeat(50);
    let errors = [
        DeviceId::new(CANARY.repeat(50)).err(),
        DeviceId::new("cAnArY\n").err(),
        Device::new(DeviceFields { client: &long, version: "1", name: "D", id: id() }).err(),
        Device::new(DeviceFields { client: "A", version: "cAnArY\u{7f}", name: "D", id: id() })
            .err(),
        Device::new(DeviceFields { client: "A", version: "1", name: &long, id: id() }).err(),
    ];
    for error in errors {
        assert_secret("DeviceError", &shown_error(&error.expect("it is refused")));
    }
    let secret = QuickConnectSecret::try_from("cAnArY cAnArY".to_owned());
    assert_secret("SecretError", &shown_error(&secret.expect_err("it has a blank")));
}
