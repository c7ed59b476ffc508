//! What a session is worth later: checking it, signing out, losing it.

use jellyfin_auth::{
    Error, Session, SessionState,
    endpoint::{GetCurrentUser, LogOut},
};
use serde_json::json;

use super::{Case, refusals::never};
use crate::scene::{PASSWORD, Scene, TestUser};

pub(super) const CASES: &[Case] = &[
    Case::new("a_kept_session_works_again", |scene, _| {
        let (user, session) = signed_in(scene);
        let kept = serde_json::to_string(&session.to_record()).unwrap();
        let record: jellyfin_auth::SessionRecord = serde_json::from_str(&kept).unwrap();
        let session = Session::try_from(record).expect("the record is whole");
        scene.expect_works(&session, &user);
        let me =
            scene.adapter.call(&GetCurrentUser { session: &session }).expect("the token is good");
        assert_eq!(me.id, user.id);
    }),
    Case::new("signing_out_ends_a_session_and_can_be_repeated", |scene, _| {
        let (_, session) = signed_in(scene);
        assert_eq!(scene.sign_out(&session), Ok(()));
        assert_eq!(scene.check(&session), Ok(SessionState::Revoked));
        assert_eq!(scene.sign_out(&session), Ok(()));
        let refused = scene.adapter.call(&LogOut { session: &session }).unwrap_err();
        assert!(matches!(refused, Error::TokenRevoked), "{refused:?}");
        let refused = scene.adapter.call(&GetCurrentUser { session: &session }).unwrap_err();
        assert!(matches!(refused, Error::TokenRevoked), "{refused:?}");
    }),
    Case::new("a_device_that_the_administrator_removes_is_signed_out", |scene, _| {
        let (_, session) = signed_in(scene);
        scene.administrator().remove_device(session.device().id().as_str());
        assert_eq!(scene.check(&session), Ok(SessionState::Revoked));
    }),
    Case::new("signing_in_again_on_one_device_replaces_the_token", |scene, _| {
        let (user, old) = signed_in(scene);
        let new = scene.sign_in(&user, PASSWORD).expect("the password is right");
        scene.expect_works(&new, &user);
        if scene.release().replaces_tokens() {
            assert_eq!(scene.check(&old), Ok(SessionState::Revoked));
        } else {
            assert_eq!(old.access_token().expose(), new.access_token().expose());
        }
    }),
    Case::new("two_users_on_one_device_id_depend_on_the_release", |scene, _| {
        let (user, session) = signed_in(scene);
        let other = scene.user_with(&scene.own("other"), PASSWORD);
        let others = scene.sign_in(&other, PASSWORD).expect("the password is right");
        scene.expect_works(&others, &other);
        if scene.release().replaces_tokens() {
            scene.expect_works(&session, &user);
        } else {
            assert_eq!(scene.check(&session), Ok(SessionState::Revoked));
        }
    }),
    Case::new("outside_the_access_schedule_a_session_stays", |scene, _| {
        let (user, session) = signed_in(scene);
        scene.administrator().change_policy(&user.id, never());
        assert_eq!(scene.check(&session), Ok(SessionState::NotAllowedNow));
        let refused = scene.sign_out(&session).unwrap_err();
        assert!(matches!(refused, Error::NotAllowedNow), "{refused:?}");
        scene.administrator().change_policy(&user.id, json!({ "AccessSchedules": [] }));
        scene.expect_works(&session, &user);
    }),
    Case::new("a_disabled_user_is_signed_out", |scene, _| {
        let (user, session) = signed_in(scene);
        scene.administrator().change_policy(&user.id, json!({ "IsDisabled": true }));
        assert_eq!(scene.check(&session), Ok(SessionState::Revoked));
    }),
];

fn signed_in(scene: &Scene<'_>) -> (TestUser, Session) {
    let user = scene.user();
    let session = scene.sign_in(&user, PASSWORD).expect("the password is right");
    (user, session)
}
