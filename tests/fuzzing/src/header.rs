use http::header;
use jellyfin_auth::{
    Device, DeviceFields, DeviceId, Endpoint as _, ServerUrl, Session, SessionRecord,
    endpoint::{GetCurrentUser, GetQuickConnectEnabled},
};

use jellyfin_auth_testkit::fake_server::{Version, parse_authorization};

/// Five lines: client, version, device name, device id, token. Every server since 10.8 reads in the
/// header what was meant, whatever the characters.
///
/// Past the first check: it is a device.
pub fn header(input: &[u8]) -> bool {
    let Ok(text) = std::str::from_utf8(input) else { return false };
    let mut lines = text.split('\n');
    let mut line = || lines.next().unwrap_or_default();
    let (client, version, name, id, token) = (line(), line(), line(), line(), line());
    let Ok(device) =
        DeviceId::new(id).and_then(|id| Device::new(DeviceFields { client, version, name, id }))
    else {
        return false;
    };
    let server = ServerUrl::parse("https://nas.example").expect("an address");
    let request = GetQuickConnectEnabled { server: &server, device: &device }.request();
    let meant = [("Client", client), ("Version", version), ("Device", name), ("DeviceId", id)];
    assert_reads(&request, &meant);

    let record: SessionRecord = serde_json::from_value(serde_json::json!({
        "version": 1, "server": "https://nas.example", "server_id": "ab", "user_id": "u",
        "access_token": token, "client": client, "client_version": version,
        "device_name": name, "device_id": id,
    }))
    .expect("a record");
    if let Ok(session) = Session::try_from(record) {
        let request = GetCurrentUser { session: &session }.request();
        assert_reads(&request, &meant);
        assert_reads(&request, &[("Token", token)]);
    }
    true
}

fn assert_reads(request: &http::Request<Vec<u8>>, meant: &[(&str, &str)]) {
    let value = &request.headers()[header::AUTHORIZATION];
    assert!(value.is_sensitive());
    assert!(value.as_bytes().iter().all(|byte| (b' '..=b'~').contains(byte)));
    let versions = Version::ALL.into_iter().filter(|version| *version >= Version::V10_8);
    for version in versions {
        let fields = parse_authorization(version, value.as_bytes());
        assert_eq!(fields.scheme(), "MediaBrowser");
        for (key, text) in meant {
            assert_eq!(fields.get(key), Some(*text), "{key} on {version}");
        }
    }
}
