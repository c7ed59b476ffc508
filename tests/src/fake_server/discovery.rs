use serde::Serialize;

use super::{
    FakeServer,
    json::{Casing, to_json},
};

const QUESTION: &str = "who is jellyfinserver?";

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Discovered<'s> {
    address: String,
    id: &'s str,
    name: &'s str,
    endpoint_address: Option<&'s str>,
}

impl FakeServer {
    /// What port 7359 answers to a datagram (protocol facts, section 11a).
    #[must_use]
    pub fn discovery_answer(&self, datagram: &[u8]) -> Option<Vec<u8>> {
        let asks = String::from_utf8_lossy(datagram).to_lowercase().contains(QUESTION);
        (asks && self.settings.auto_discovery).then(|| {
            let discovered = Discovered {
                address: format!("{}{}", self.settings.local_address, self.settings.base_path()),
                id: &self.server_id,
                name: &self.settings.server_name,
                endpoint_address: None,
            };
            to_json(&discovered, Casing::Pascal)
        })
    }
}
