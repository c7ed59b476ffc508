//! A server with a base URL, and people who don't know of it.

use jellyfin_auth::{Discovery, Login, Session};

use super::Case;
use crate::scene::{PASSWORD, Scene, TestUser};

pub(super) const CASES: &[Case] = &[
    Case::new("the_right_base_url_signs_in", |scene, _| {
        let user = scene.user();
        expect_found(scene, &user, &scene.sign_in(&user, PASSWORD).expect("the password is right"));
    }),
    Case::new("the_servers_redirect_leads_a_password_login_to_its_base_url", |scene, _| {
        let user = scene.user();
        let origin = scene.running.origin();
        for typed in [origin.to_owned(), format!("{origin}/wrong"), format!("{origin}/jf/web/#/")] {
            let (address, device) = (Scene::address(&typed), scene.device("device"));
            let login = Login::password(address, device, &user.name, PASSWORD).unwrap();
            let session = scene.run(login, |_, _| {}).expect("the redirect leads there");
            expect_found(scene, &user, &session);
        }
    }),
    Case::new("the_servers_redirect_leads_quick_connect_to_its_base_url", |scene, _| {
        let user = scene.user();
        let approver = scene.approver(&user);
        let address = Scene::address(scene.running.origin());
        let login = Login::quick_connect(address, scene.device("television"));
        let mut approved = false;
        let session = scene
            .run(login.with_policy(Scene::policy()), |wait, _| {
                if let (Some(code), false) = (wait.code(), approved) {
                    scene.approve(&approver, code).expect("the code is right");
                    approved = true;
                }
            })
            .expect("the redirect leads there");
        expect_found(scene, &user, &session);
    }),
    Case::new("the_search_finds_the_base_url", |scene, _| {
        let typed = scene.running.origin().trim_start_matches("http://");
        let search = Discovery::new(typed, scene.device("device")).expect("it is an address");
        let found = scene.adapter.run(search).expect("the server is there").into_best();
        assert_eq!(found.address(), scene.server().as_str());
    }),
];

fn expect_found(scene: &Scene<'_>, user: &TestUser, session: &Session) {
    assert_eq!(session.server(), &scene.server());
    scene.expect_works(session, user);
}
