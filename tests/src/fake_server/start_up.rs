//! What a server that isn't ready says (protocol facts, section 8.3), and what one says that was never
//! set up (8.4).

use http::{HeaderValue, Response, header::RETRY_AFTER};

use super::{
    FakeServer, Phase,
    answer::{Accepted, Answer, Frame},
    dto::PublicSystemInfo,
    json::{Casing, to_json},
    pipeline::Call,
};

const SET_UP_PAGE: &str = "<!DOCTYPE html>\n<html><head><title>Jellyfin Startup</title></head><body>starting</body></html>\n";

impl FakeServer {
    pub(super) fn public_info(&self, casing: Casing) -> Vec<u8> {
        let base = self.settings.base_path();
        let info = PublicSystemInfo {
            local_address: format!("{}{base}", self.settings.local_address),
            server_name: &self.settings.server_name,
            version: self.version.number(),
            product_name: "Jellyfin Server",
            operating_system: if self.version < super::Version::V10_9 { "Linux" } else { "" },
            id: &self.server_id,
            startup_wizard_completed: self.settings.wizard_completed,
        };
        to_json(&info, casing)
    }

    /// The set-up server of 10.11 and newer: it knows no base URL, no tokens and no casing but its own.
    pub(super) fn set_up_answer(&mut self, path: &str, frame: &Frame<'_>) -> Response<Vec<u8>> {
        let path = path.to_ascii_lowercase();
        let is = |prefix: &str| {
            path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let frame = Frame { accepted: Accepted::read(&http::HeaderMap::new()), ..*frame };
        if is("/health") {
            return frame.unmarked(Answer::Health("Degraded"), &mut self.draw);
        }
        let (answer, is_later) = match (is("/system/info/public"), self.phase) {
            (true, Phase::SetUpServer) => (Answer::Json(self.set_up_info()), false),
            (true, _) => (Answer::Empty(503), true),
            (false, _) => (Answer::Page(503, SET_UP_PAGE), true),
        };
        let mut response = frame.unmarked(answer, &mut self.draw);
        if is_later {
            response.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("005"));
        }
        response
    }

    /// It says that no wizard was gone through, whatever is true.
    fn set_up_info(&self) -> Vec<u8> {
        let info = PublicSystemInfo {
            local_address: self.settings.local_address.clone(),
            server_name: &self.settings.server_name,
            version: self.version.number(),
            product_name: "Jellyfin Server",
            operating_system: "",
            id: &self.server_id,
            startup_wizard_completed: false,
        };
        to_json(&info, Casing::Camel)
    }

    /// `GET /Startup/User` creates the first administrator, without a password.
    pub(super) fn startup_user(&mut self, call: &Call<'_>) -> Answer {
        #[derive(serde::Serialize)]
        #[serde(rename_all = "PascalCase")]
        struct StartupUser<'s> {
            name: &'s str,
        }
        if self.users.is_empty() {
            self.add_user("MyJellyfinUser", "");
            self.users[0].settings.is_administrator = true;
        }
        call.json(&StartupUser { name: &self.users[0].name })
    }
}
