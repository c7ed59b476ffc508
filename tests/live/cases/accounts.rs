//! What can be done without being signed in: users to choose from, a forgotten password.

use jellyfin_auth::{
    Discovery, Error, NoHttps, Password,
    endpoint::{GetPublicUsers, PasswordResetAction, RedeemPin, RequestPasswordReset},
};
use serde_json::{Value, json};

use super::Case;
use crate::scene::{PASSWORD, Scene, TestUser};

pub(super) const CASES: &[Case] = &[
    Case::new("only_users_that_are_not_hidden_are_public", |scene, _| {
        let hidden = scene.user();
        let shown = scene.user_with(&scene.own("shown"), PASSWORD);
        scene.administrator().change_policy(&shown.id, json!({ "IsHidden": false }));
        scene.administrator().change_policy(&hidden.id, json!({ "IsHidden": true }));
        let (server, device) = (scene.server(), scene.device("device"));
        let users = scene
            .adapter
            .call(&GetPublicUsers { server: &server, device: &device })
            .expect("it is public");
        let names: Vec<_> = users.iter().filter_map(|user| user.name.as_deref()).collect();
        assert!(names.contains(&shown.name.as_str()), "{names:?}");
        assert!(!names.contains(&hidden.name.as_str()), "{names:?}");
    }),
    Case::new("a_pin_from_the_servers_folder_resets_a_password", |scene, _| {
        let user = scene.user();
        let pin = ask_for_pin(scene, &user);
        let (server, device) = (scene.server(), scene.device("device"));
        let wrong = Password::from("00-00-00-00");
        let refused =
            scene.adapter.call(&RedeemPin::new(&server, &device, &wrong).unwrap()).unwrap_err();
        assert!(matches!(refused, Error::PinRefused), "{refused:?}");
        let right = Password::from(pin.as_str());
        let redeemed = scene.adapter.call(&RedeemPin::new(&server, &device, &right).unwrap());
        assert_eq!(redeemed, Ok(vec![user.name.clone()]));
        assert!(matches!(scene.sign_in(&user, PASSWORD), Err(Error::BadCredentials { .. })));
        let session = scene.sign_in(&user, &pin).expect("the PIN is the password now");
        scene.expect_works(&session, &user);
        let again = scene.adapter.call(&RedeemPin::new(&server, &device, &right).unwrap());
        assert!(matches!(again, Err(Error::PinRefused)), "{again:?}");
    }),
    Case::new("a_pin_for_nobody_is_promised_or_refused_by_release", |scene, _| {
        let (server, device, nobody) =
            (scene.server(), scene.device("device"), scene.own("nobody"));
        let reset = RequestPasswordReset::new(&server, &device, &nobody).unwrap();
        let action = scene.adapter.call(&reset).expect("the server answers").action;
        let expected = if scene.release().replaces_tokens() {
            PasswordResetAction::PinCode
        } else {
            PasswordResetAction::InNetworkRequired
        };
        assert_eq!(action, expected);
    }),
    Case::new("a_server_is_found_by_what_one_types", |scene, _| {
        let typed = scene.running.origin().trim_start_matches("http://");
        let search = Discovery::new(typed, scene.device("device")).expect("it is an address");
        let found = scene.adapter.run(search).expect("the server is there").into_best();
        let unencrypted = found.url().expect_err("nobody typed http");
        assert_eq!(unencrypted.reason(), NoHttps::Unavailable);
        assert_eq!(unencrypted.accept(), scene.server());
        let version = &found.info().version;
        assert!(version.starts_with(&scene.release().name()[..4]), "{version}");
    }),
];

fn ask_for_pin(scene: &Scene<'_>, user: &TestUser) -> String {
    let (server, device) = (scene.server(), scene.device("device"));
    let reset = RequestPasswordReset::new(&server, &device, &user.name).unwrap();
    let reset = scene.adapter.call(&reset).expect("the server answers");
    assert_eq!(reset.action, PasswordResetAction::PinCode);
    let file = reset.pin_file.expect("the file is named since 10.8");
    assert!(std::path::Path::new(&file).starts_with(scene.running.data()), "{file}");
    let text = std::fs::read_to_string(&file).expect("the server wrote it");
    let contents: Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(contents["UserName"], json!(user.name));
    contents["Pin"].as_str().expect("a PIN is text").to_owned()
}
