//! What the administrator switches off and on.

use std::time::Duration;

use jellyfin_auth::{Error, WaitReason, endpoint::GetQuickConnectEnabled};
use serde_json::json;

use super::Case;
use crate::scene::{PASSWORD, Scene};

pub(super) const CASES: &[Case] = &[
    Case::alone("quick_connect_that_is_off_is_an_error", |scene, _| {
        switch(scene, false);
        let ended = scene.run(scene.quick_connect(), |_, _| {});
        let (server, device) = (scene.server(), scene.device("device"));
        let enabled =
            scene.adapter.call(&GetQuickConnectEnabled { server: &server, device: &device });
        let approver = scene.approver(&scene.user());
        let approved = scene.approve(&approver, "123456");
        switch(scene, true);
        assert!(matches!(ended, Err(Error::QuickConnectDisabled)), "{ended:?}");
        assert_eq!(enabled, Ok(false));
        assert!(matches!(approved, Err(Error::QuickConnectDisabled)), "{approved:?}");
    }),
    Case::alone("a_code_outlasts_quick_connect_being_switched_off_and_on", |scene, _| {
        let user = scene.user();
        let approver = scene.approver(&user);
        let mut reasons = Vec::new();
        let session = scene.run(scene.quick_connect(), |wait, _| {
            reasons.push(wait.reason());
            match reasons.len() {
                1 => switch(scene, false),
                2 => {
                    switch(scene, true);
                    scene.approve(&approver, wait.code().unwrap()).expect("the code is right");
                }
                _ => {}
            }
        });
        switch(scene, true);
        scene.expect_works(&session.expect("the code was approved"), &user);
        assert_eq!(reasons, [WaitReason::Approval, WaitReason::Disabled]);
    }),
    Case::alone("quick_connect_that_stays_off_ends_with_the_patience", |scene, _| {
        let mut policy = Scene::policy();
        policy.patience = Duration::from_secs(2);
        let mut shown = false;
        let ended = scene.run(scene.quick_connect().with_policy(policy), |_, _| {
            if !std::mem::replace(&mut shown, true) {
                switch(scene, false);
            }
        });
        switch(scene, true);
        assert!(matches!(ended, Err(Error::QuickConnectDisabled)), "{ended:?}");
    }),
    Case::alone("everything_works_whether_legacy_authorization_is_off_or_on", |scene, _| {
        let ways: &[bool] = if scene.release().has_legacy_switch() { &[false, true] } else { &[] };
        let usual = scene.release() != crate::release::Release::V12;
        for &legacy in ways {
            scene.administrator().configure(json!({ "EnableLegacyAuthorization": legacy }));
            let user = scene.user_with(&scene.own(&format!("legacy-{legacy}")), PASSWORD);
            let session = scene.sign_in(&user, PASSWORD);
            scene.expect_works(&session.expect("the password is right"), &user);
            let approver = scene.approver(&user);
            let mut approved = false;
            let session = scene.run(scene.quick_connect(), |wait, _| {
                if let (Some(code), false) = (wait.code(), approved) {
                    scene.approve(&approver, code).expect("the code is right");
                    approved = true;
                }
            });
            scene.expect_works(&session.expect("the code was approved"), &user);
        }
        if !ways.is_empty() {
            scene.administrator().configure(json!({ "EnableLegacyAuthorization": usual }));
        }
    }),
];

fn switch(scene: &Scene<'_>, on: bool) {
    scene.administrator().configure(json!({ "QuickConnectAvailable": on }));
}
