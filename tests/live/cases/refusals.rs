//! A right password that the server still refuses: 403, without a reason.

use jellyfin_auth::Error;
use serde_json::json;

use super::Case;
use crate::scene::{PASSWORD, Scene, TestUser};

pub(super) const CASES: &[Case] = &[
    Case::new("a_disabled_user_is_refused", |scene, _| {
        let user = scene.user();
        scene.administrator().change_policy(&user.id, json!({ "IsDisabled": true }));
        expect_refused(scene, &user);
        scene.administrator().change_policy(&user.id, json!({ "IsDisabled": false }));
        assert!(scene.sign_in(&user, PASSWORD).is_ok());
    }),
    Case::new("too_many_wrong_passwords_lock_a_user_out", |scene, _| {
        let user = scene.user();
        let limit = json!({ "LoginAttemptsBeforeLockout": 2 });
        scene.administrator().change_policy(&user.id, limit);
        for _ in 0..2 {
            let wrong = scene.sign_in(&user, "wrong").unwrap_err();
            assert!(matches!(wrong, Error::BadCredentials { .. }), "{wrong:?}");
        }
        if scene.release().locks_out() {
            expect_refused(scene, &user);
        } else {
            assert!(scene.sign_in(&user, PASSWORD).is_ok());
        }
    }),
    Case::new("one_session_more_than_allowed_is_refused", |scene, _| {
        let user = scene.user();
        scene.administrator().change_policy(&user.id, json!({ "MaxActiveSessions": 1 }));
        let first = scene.sign_in_on(scene.device("first"), &user.name, PASSWORD);
        scene.expect_works(&first.expect("the first session is allowed"), &user);
        expect_refused(scene, &user);
    }),
    Case::new("a_device_that_is_not_allowed_is_refused", |scene, _| {
        let user = scene.user();
        let allowed = scene.device("allowed");
        let policy =
            json!({ "EnableAllDevices": false, "EnabledDevices": [allowed.id().as_str()] });
        scene.administrator().change_policy(&user.id, policy);
        expect_refused(scene, &user);
        let session = scene.sign_in_on(allowed, &user.name, PASSWORD);
        scene.expect_works(&session.expect("this device is allowed"), &user);
    }),
    Case::new("outside_the_access_schedule_a_user_is_refused", |scene, _| {
        let user = scene.user();
        scene.administrator().change_policy(&user.id, never());
        expect_refused(scene, &user);
    }),
];

/// An access schedule that is open for no time at all.
pub(super) fn never() -> serde_json::Value {
    json!({ "AccessSchedules": [{ "DayOfWeek": "Everyday", "StartHour": 0.0, "EndHour": 0.0 }] })
}

fn expect_refused(scene: &Scene<'_>, user: &TestUser) {
    let refused = scene.sign_in(user, PASSWORD).unwrap_err();
    assert!(matches!(refused, Error::LoginRefused { .. }), "{refused:?}");
}
