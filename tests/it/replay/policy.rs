//! What an administrator allows a user, as recordings write it.

use jellyfin_auth_testkit::fake_server::UserSettings;
use serde_json::Value;

pub fn change(settings: &mut UserSettings, name: &str, value: &Value) {
    let number = || u32::try_from(value.as_u64().expect("a number")).expect("a small one");
    match name {
        "IsHidden" => settings.is_hidden = value == true,
        "IsDisabled" => settings.is_disabled = value == true,
        "EnableRemoteAccess" => settings.remote_access = value == true,
        "LoginAttemptsBeforeLockout" => settings.lockout_limit = Some(number()),
        "MaxActiveSessions" => settings.max_active_sessions = number(),
        "EnabledDevices" => {
            settings.allowed_devices = serde_json::from_value(value.clone()).expect("device ids");
        }
        "EnableAllDevices" => {}
        // All recorded schedules are open for less than a minute a week.
        "AccessSchedules" => settings.schedule_closed = value != &Value::Array(Vec::new()),
        other => panic!("a policy that nobody models: {other}"),
    }
}
