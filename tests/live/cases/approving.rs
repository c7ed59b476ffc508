//! The other side of Quick Connect: the user who is signed in and types a code.

use jellyfin_auth::{ApproveQuickConnect, Error, Session, SessionState};
use serde_json::json;

use super::Case;
use crate::scene::{PASSWORD, Scene};

pub(super) const CASES: &[Case] = &[
    Case::new("an_unknown_code_cannot_be_approved", |scene, _| {
        let approver = scene.approver(&scene.user());
        // Codes have six digits and never begin with a zero.
        let refused = scene.approve(&approver, "000000").unwrap_err();
        assert!(matches!(refused, Error::CodeUnknown), "{refused:?}");
    }),
    Case::new("a_code_is_approved_once_the_server_was_asked_who_it_is", |scene, _| {
        let user = scene.user();
        let approver = scene.approver(&user);
        let mut approved = None;
        let session = scene
            .run(scene.quick_connect(), |wait, _| {
                if let (Some(code), None) = (wait.code(), &approved) {
                    let approval = ApproveQuickConnect::new(approver.clone(), code);
                    approved = Some(scene.adapter.run(approval.expect("it is a code")));
                }
            })
            .expect("the code was approved");
        assert_eq!(approved, Some(Ok(())));
        scene.expect_works(&session, &user);
    }),
    Case::new("a_code_with_blanks_is_approved_and_only_once", |scene, _| {
        let user = scene.user();
        let approver = scene.approver(&user);
        let mut answers = Vec::new();
        let session = scene
            .run(scene.quick_connect(), |wait, _| {
                if let (Some(code), true) = (wait.code(), answers.is_empty()) {
                    let typed = format!(" {} {}", &code[..3], &code[3..]);
                    answers.push(scene.approve(&approver, &typed));
                    answers.push(scene.approve(&approver, code));
                }
            })
            .expect("the code was approved");
        scene.expect_works(&session, &user);
        assert_eq!(answers[0], Ok(()));
        let again = answers[1].as_ref().unwrap_err();
        assert!(matches!(again, Error::CodeAlreadyApproved), "{again:?}");
    }),
    Case::new("a_revoked_session_approves_nothing", |scene, _| {
        let approver = scene.approver(&scene.user());
        scene.sign_out(&approver).expect("the session works");
        let refused = scene.approve(&approver, "123456").unwrap_err();
        assert!(matches!(refused, Error::TokenRevoked), "{refused:?}");
    }),
    Case::new("a_device_over_the_session_limit_is_refused_to_the_approver", |scene, _| {
        let user = scene.user();
        scene.administrator().change_policy(&user.id, json!({ "MaxActiveSessions": 1 }));
        let approver = scene.approver(&user);
        let mut refused = None;
        let ended = scene.run(scene.quick_connect(), |wait, handle| {
            if let Some(code) = wait.code() {
                refused = Some(scene.approve(&approver, code));
                handle.cancel();
            }
        });
        assert!(matches!(ended, Err(Error::Cancelled)), "{ended:?}");
        assert!(matches!(refused, Some(Err(Error::LoginRefused { .. }))), "{refused:?}");
        works(scene, &approver);
    }),
    Case::new("an_administrator_signs_another_user_in", |scene, _| {
        let administrator = scene.user();
        let policy = json!({ "IsAdministrator": true });
        scene.administrator().change_policy(&administrator.id, policy);
        let approver = scene.approver(&administrator);
        let guest = scene.user_with(&scene.own("guest"), PASSWORD);
        let session = scene
            .run(scene.quick_connect(), |wait, _| {
                let Some(code) = wait.code() else { return };
                let approval = jellyfin_auth::endpoint::AuthorizeQuickConnect::new(&approver, code);
                let approval = approval.expect("it is a code").for_user(&guest.id);
                let approval = approval.expect("it is an id");
                // Polled again before the answer was seen, the code is approved already.
                drop(scene.adapter.call(&approval));
            })
            .expect("the code was approved");
        // 10.8 doesn't know the parameter and signs the approver in.
        let signed_in = if scene.release().replaces_tokens() { &guest } else { &administrator };
        scene.expect_works(&session, signed_in);
    }),
];

fn works(scene: &Scene<'_>, session: &Session) {
    let state = scene.check(session);
    assert!(matches!(state, Ok(SessionState::Valid(_))), "{state:?}");
}
