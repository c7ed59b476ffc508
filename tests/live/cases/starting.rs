//! A server that stops and starts meanwhile.

use jellyfin_auth::{Error, Login, Policy, Renewals};

use super::Case;
use crate::{
    administrator::Administrator,
    scene::Scene,
    stand::{Cue, Running},
};

pub(super) const CASES: &[Case] = &[
    Case::alone("a_password_login_begun_before_the_server_ends_signed_in", |scene, cue| {
        let login = Login::password(
            scene.server(),
            scene.device("device"),
            Administrator::NAME,
            Administrator::PASSWORD,
        );
        let session = scene.run(login.unwrap().with_policy(patient()), |_, _| cue.give());
        let session = session.expect("the server came up");
        assert_eq!(session.user().name.as_deref(), Some(Administrator::NAME));
    })
    .before(Running::stop)
    .meanwhile(Running::start_again),
    Case::alone("a_quick_connect_begun_before_the_server_ends_signed_in", |scene, cue| {
        let mut approved = false;
        let login = scene.quick_connect().with_policy(patient());
        let session = scene.run(login, |wait, _| {
            cue.give();
            if let (Some(code), false) = (wait.code(), approved) {
                scene.administrator().approve(code);
                approved = true;
            }
        });
        let session = session.expect("the server came up");
        assert_eq!(session.user().name.as_deref(), Some(Administrator::NAME));
    })
    .before(Running::stop)
    .meanwhile(Running::start_again),
    Case::alone("a_restart_loses_the_code_and_the_login_ends_with_that", |scene, cue| {
        let ended = scene.run(scene.quick_connect(), |_, _| cue.give());
        assert!(matches!(ended, Err(Error::CodeLost)), "{ended:?}");
    })
    .meanwhile(restart),
    Case::alone("a_code_that_a_restart_lost_is_renewed", renew).meanwhile(restart),
];

/// Before any answer came, refused connections count as retries where no start-up server answers.
fn patient() -> Policy {
    let mut policy = Scene::policy();
    policy.retries = 8;
    policy
}

fn restart(running: &Running) {
    running.stop();
    running.start_again();
}

fn renew(scene: &Scene<'_>, cue: &Cue) {
    let mut policy = Scene::policy();
    policy.renewals = Renewals::Times(1);
    let mut codes = Vec::new();
    let session = scene.run(scene.quick_connect().with_policy(policy), |wait, _| {
        let Some(code) = wait.code() else { return };
        if !codes.iter().any(|known| known == code) {
            codes.push(code.to_owned());
            match codes.len() {
                1 => cue.give(),
                _ => scene.administrator().approve(code),
            }
        }
    });
    let session = session.expect("the second code was approved");
    assert_eq!(session.user().name.as_deref(), Some(Administrator::NAME));
    assert_eq!(codes.len(), 2, "one code before the restart and one after it");
}
