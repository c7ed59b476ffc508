//! Signing in by user name and password.

use jellyfin_auth::Error;

use super::Case;
use crate::scene::{PASSWORD, Scene};

pub(super) const CASES: &[Case] = &[
    Case::new("a_right_password_signs_in", |scene, _| {
        let user = scene.user();
        let session = scene.sign_in(&user, PASSWORD).expect("the password is right");
        scene.expect_works(&session, &user);
    }),
    Case::new("a_user_without_a_password_signs_in", |scene, _| {
        let user = scene.user_with(&scene.own("nopw"), "");
        let session = scene.sign_in(&user, "").expect("no password is the right one");
        scene.expect_works(&session, &user);
        assert_eq!(scene.sign_in(&user, "any").unwrap_err(), wrong(scene));
    }),
    Case::new("names_and_passwords_may_be_in_any_script", |scene, _| {
        let password = "pässwörd 密码 😀 \"\\ \u{7} +%&";
        let user = scene.user_with(&scene.own("Zoë 名前 Ñoño"), password);
        let session = scene.sign_in(&user, password).expect("the password is right");
        scene.expect_works(&session, &user);
        assert_eq!(scene.sign_in(&user, "passwort").unwrap_err(), wrong(scene));
    }),
    Case::new("blanks_around_a_password_count", |scene, _| {
        let user = scene.user_with(&scene.own("blanks"), " pw ");
        assert!(scene.sign_in(&user, " pw ").is_ok());
        assert_eq!(scene.sign_in(&user, "pw").unwrap_err(), wrong(scene));
    }),
    Case::new("a_wrong_password_or_an_unknown_name_is_bad_credentials", |scene, _| {
        let user = scene.user();
        for password in ["wrong", "", "Correct Horse"] {
            let refused = scene.sign_in(&user, password).unwrap_err();
            assert!(matches!(refused, Error::BadCredentials { .. }), "{refused:?}");
        }
        let nobody = scene.own("nobody");
        let refused = scene.sign_in_on(scene.device("device"), &nobody, PASSWORD).unwrap_err();
        assert!(matches!(refused, Error::BadCredentials { .. }), "{refused:?}");
    }),
    Case::new("the_case_of_a_user_name_does_not_matter", |scene, _| {
        let user = scene.user();
        let shouted = user.name.to_uppercase();
        let session = scene.sign_in_on(scene.device("device"), &shouted, PASSWORD);
        scene.expect_works(&session.expect("it is the same user"), &user);
    }),
    Case::new("before_the_wizard_the_server_is_not_set_up", |scene, _| {
        let early = scene.running.before_set_up.iter().find(|(who, _)| *who == scene.adapter);
        let refused = early.expect("each adapter knocked").1.as_ref().unwrap_err();
        assert!(matches!(refused, Error::ServerNotSetUp), "{refused:?}");
    }),
];

/// The error for a password that is wrong, taken from where it can't be anything else.
fn wrong(scene: &Scene<'_>) -> Error {
    let nobody = scene.own("nobody");
    scene.sign_in_on(scene.device("device"), &nobody, "none").unwrap_err()
}
