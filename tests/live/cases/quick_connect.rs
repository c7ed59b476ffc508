//! Signing in by Quick Connect.

use jellyfin_auth::{Error, Failure, Login, LoginRecord, WaitReason};

use super::Case;
use crate::{cable::Cable, scene::Scene};

pub(super) const CASES: &[Case] = &[
    Case::new("an_approved_code_signs_in", |scene, _| {
        let user = scene.user();
        let approver = scene.approver(&user);
        let mut shown = Vec::new();
        let session = scene
            .run(scene.quick_connect(), |wait, _| {
                let code = wait.code().expect("a code is alive at every wait");
                if shown.len() == 2 {
                    scene.approve(&approver, code).expect("the code is right");
                }
                shown.push(code.to_owned());
            })
            .expect("the code was approved");
        scene.expect_works(&session, &user);
        assert_eq!(shown, vec![shown[0].clone(); 3], "one code, polled twice in vain");
    }),
    Case::new("next_fetches_the_session_before_the_poll_is_due", |scene, _| {
        let user = scene.user();
        let approver = scene.approver(&user);
        let mut policy = Scene::policy();
        // Far longer than the case may take.
        policy.poll_interval = std::time::Duration::from_secs(600);
        let mut approved = false;
        let session = scene
            .run(scene.quick_connect().with_policy(policy), |wait, handle| {
                // What is left of the second that must pass between two requests is a wait, too.
                if let (Some(code), false) = (wait.code(), approved) {
                    scene.approve(&approver, code).expect("the code is right");
                    approved = true;
                    handle.check_now();
                }
            })
            .expect("the code was approved");
        scene.expect_works(&session, &user);
    }),
    Case::new("a_code_approved_while_offline_is_still_redeemed", |scene, _| {
        let user = scene.user();
        let approver = scene.approver(&user);
        let cable = Cable::to(scene.running.port());
        let device = scene.device("television");
        let login = Login::quick_connect(Scene::address(&cable.url()), device);
        let mut reasons = Vec::new();
        let session = scene
            .run(login.with_policy(Scene::policy()), |wait, _| {
                reasons.push(wait.reason());
                match reasons.len() {
                    1 => {
                        cable.pull();
                        scene.approve(&approver, wait.code().unwrap()).expect("the code is right");
                    }
                    3 => cable.plug_in(),
                    _ => {}
                }
            })
            .expect("the code was approved");
        scene.expect_works(&session, &user);
        // Whether anything was sent before the connection broke is a matter of microseconds.
        let [WaitReason::Approval, rest @ ..] = reasons.as_slice() else { panic!("{reasons:?}") };
        let broken = [Failure::Interrupted, Failure::Unreachable].map(WaitReason::NoAnswer);
        assert!(rest.len() == 2 && rest.iter().all(|one| broken.contains(one)), "{reasons:?}");
    }),
    Case::new("a_code_approved_while_the_program_was_closed_is_still_redeemed", |scene, _| {
        let user = scene.user();
        let record = close_while_waiting(scene);
        scene.approve(&scene.approver(&user), record.code()).expect("the code is right");
        let login = resume(record);
        scene.expect_works(&scene.run(login, |_, _| {}).expect("the code was approved"), &user);
    }),
    Case::new("a_code_is_redeemed_a_second_time_after_the_program_was_killed", |scene, _| {
        let user = scene.user();
        let approver = scene.approver(&user);
        let record = close_while_waiting(scene);
        scene.approve(&approver, record.code()).expect("the code is right");
        let redeem =
            || scene.run(resume(record.clone()), |_, _| {}).expect("the code was approved");
        let (first, second) = (redeem(), redeem());
        scene.expect_works(&second, &user);
        assert_eq!(first.access_token().expose(), second.access_token().expose());
    }),
    Case::new("a_dead_token_is_noticed_when_asked_for", |scene, _| {
        let user = scene.user();
        let record = close_while_waiting(scene);
        scene.approve(&scene.approver(&user), record.code()).expect("the code is right");
        scene.administrator().remove_device(scene.device("television").id().as_str());
        let mut policy = Scene::policy();
        policy.verify_token = true;
        let login = resume(record).with_policy(policy);
        let ended = scene.run(login, |_, _| {}).unwrap_err();
        assert!(matches!(ended, Error::TokenRevoked), "{ended:?}");
    }),
];

/// Asks for a code, and stops as a program does that is closed while it shows the code.
fn close_while_waiting(scene: &Scene<'_>) -> LoginRecord {
    let mut login = scene.quick_connect();
    let ended = scene.adapter.run_with(&mut login, |_, handle| handle.cancel());
    assert!(matches!(ended, Err(Error::Cancelled)), "{ended:?}");
    login.to_record().expect("the code is still alive")
}

fn resume(record: LoginRecord) -> Login {
    Login::resume(record).expect("the record is whole").with_policy(Scene::policy())
}
