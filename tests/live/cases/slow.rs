//! Codes that expire by the server's own clock: ten minutes, and twenty in all.

use jellyfin_auth::{Error, Renewals};

use super::Case;
use crate::{administrator::Administrator, scene::Scene};

pub(super) const CASES: &[Case] = &[
    Case::new("slow_a_code_expires_by_the_real_clock", |scene, _| {
        let mut policy = Scene::policy();
        policy.poll_interval = std::time::Duration::from_secs(5);
        let ended = scene.run(scene.quick_connect().with_policy(policy), |_, _| {});
        assert!(matches!(ended, Err(Error::CodeExpired)), "{ended:?}");
    })
    .meanwhile(|_| {}),
    Case::new("slow_a_code_that_expired_is_renewed_and_approved", |scene, _| {
        let mut policy = Scene::policy();
        policy.poll_interval = std::time::Duration::from_secs(5);
        policy.renewals = Renewals::Unlimited;
        let mut codes = Vec::new();
        let session = scene.run(scene.quick_connect().with_policy(policy), |wait, _| {
            let Some(code) = wait.code() else { return };
            if codes.last().is_none_or(|known| known != code) {
                codes.push(code.to_owned());
                if codes.len() == 2 {
                    scene.administrator().approve(code);
                }
            }
        });
        let session = session.expect("the second code was approved");
        assert_eq!(session.user().name.as_deref(), Some(Administrator::NAME));
        assert_eq!(codes.len(), 2);
    })
    .meanwhile(|_| {}),
];
