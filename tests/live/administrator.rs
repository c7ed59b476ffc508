//! What the person does who runs the server: the wizard, users, settings, looking at devices.

use std::sync::Mutex;

use serde_json::{Value, json};

use crate::plain_http::PlainHttp;

const DEVICE: &str = r#"Client="Dashboard", Device="Office", DeviceId="dashboard", Version="1.0""#;

/// The administrator of one server, signed in.
#[derive(Debug)]
pub(crate) struct Administrator {
    http: PlainHttp,
    authorization: String,
    /// Settings are read, changed and written back: one change at a time.
    changing: Mutex<()>,
}

/// What the server knows about a device or session, in the same order for both.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    pub(crate) client: String,
    pub(crate) version: String,
    pub(crate) name: String,
    pub(crate) id: String,
}

impl Administrator {
    pub(crate) const NAME: &'static str = "root";
    pub(crate) const PASSWORD: &'static str = "pw-root";

    /// Goes through the wizard of a fresh server and signs in.
    pub(crate) fn set_up(url: &str) -> Self {
        let http = PlainHttp::new(url);
        let unsigned = format!("MediaBrowser {DEVICE}");
        let act = |method: &str, path: &str, body: Option<&Value>| {
            act(&http, &unsigned, method, path, body)
        };
        // Asking for the first user is what creates it.
        act("GET", "/Startup/User", None);
        let language = json!({ "UICulture": "en-US", "MetadataCountryCode": "US",
            "PreferredMetadataLanguage": "en" });
        act("POST", "/Startup/Configuration", Some(&language));
        let user = json!({ "Name": Self::NAME, "Password": Self::PASSWORD });
        act("POST", "/Startup/User", Some(&user));
        act("POST", "/Startup/Complete", None);
        let login = json!({ "Username": Self::NAME, "Pw": Self::PASSWORD });
        let signed_in = act("POST", "/Users/AuthenticateByName", Some(&login));
        let token = text(&signed_in["AccessToken"]);
        Self {
            authorization: format!("{unsigned}, Token=\"{token}\""),
            http,
            changing: Mutex::default(),
        }
    }

    /// Makes a user and returns the id. `""` is no password.
    pub(crate) fn add_user(&self, name: &str, password: &str) -> String {
        let _alone = self.changing.lock().expect("no change was left half done");
        let user = if password.is_empty() {
            json!({ "Name": name })
        } else {
            json!({ "Name": name, "Password": password })
        };
        text(&self.act("POST", "/Users/New", Some(&user))["Id"])
    }

    /// Changes what a user may do.
    pub(crate) fn change_policy(&self, user_id: &str, change: Value) {
        let _alone = self.changing.lock().expect("no change was left half done");
        let mut policy = self.act("GET", &format!("/Users/{user_id}"), None)["Policy"].take();
        merge(&mut policy, change);
        self.act("POST", &format!("/Users/{user_id}/Policy"), Some(&policy));
    }

    /// Changes the server's settings.
    pub(crate) fn configure(&self, change: Value) {
        let _alone = self.changing.lock().expect("no change was left half done");
        let mut settings = self.act("GET", "/System/Configuration", None);
        merge(&mut settings, change);
        self.act("POST", "/System/Configuration", Some(&settings));
    }

    /// Approves a code as the administrator's own.
    pub(crate) fn approve(&self, code: &str) {
        let approved = self.act("POST", &format!("/QuickConnect/Authorize?code={code}"), None);
        assert_eq!(approved, json!(true));
    }

    /// Signs a device out.
    pub(crate) fn remove_device(&self, id: &str) {
        self.act("DELETE", &format!("/Devices?id={id}"), None);
    }

    /// The devices that have a token.
    pub(crate) fn devices(&self) -> Vec<Identity> {
        let devices = self.act("GET", "/Devices", None);
        let items = devices["Items"].as_array().expect("devices are a list");
        items.iter().map(|item| identity(item, ["AppName", "AppVersion", "Name", "Id"])).collect()
    }

    /// The sessions that the server remembers.
    pub(crate) fn sessions(&self) -> Vec<Identity> {
        let sessions = self.act("GET", "/Sessions", None);
        let items = sessions.as_array().expect("sessions are a list");
        let names = ["Client", "ApplicationVersion", "DeviceName", "DeviceId"];
        items.iter().map(|item| identity(item, names)).collect()
    }

    fn act(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        act(&self.http, &self.authorization, method, path, body)
    }
}

fn act(
    http: &PlainHttp,
    authorization: &str,
    method: &str,
    path: &str,
    body: Option<&Value>,
) -> Value {
    let answer = http.send(method, path, Some(authorization), body).expect("the server answers");
    assert!(
        (200..300).contains(&answer.status),
        "{method} {path}: {} {}",
        answer.status,
        answer.body
    );
    serde_json::from_str(&answer.body).unwrap_or(Value::Null)
}

fn merge(into: &mut Value, change: Value) {
    let (Value::Object(into), Value::Object(change)) = (into, change) else {
        panic!("settings are objects");
    };
    into.extend(change);
}

fn identity(item: &Value, [client, version, name, id]: [&str; 4]) -> Identity {
    Identity {
        client: text(&item[client]),
        version: text(&item[version]),
        name: text(&item[name]),
        id: text(&item[id]),
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} should be text")).to_owned()
}
