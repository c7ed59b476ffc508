//! Names with every odd character: what the server stored is what was meant.

use jellyfin_auth::{Device, DeviceFields, DeviceId, Login};

use super::Case;
use crate::{
    administrator::Identity,
    scene::{Scene, TestUser},
};

pub(super) const CASES: &[Case] = &[
    Case::new("every_ascii_character_reaches_the_server", |scene, _| {
        expect_stored(scene, &(' '..='~').collect::<Vec<_>>());
    }),
    Case::new("every_latin_1_character_reaches_the_server", |scene, _| {
        expect_stored(scene, &('\u{a0}'..='\u{ff}').collect::<Vec<_>>());
    }),
    Case::new("characters_of_every_kind_reach_the_server", |scene, _| {
        // Ends of planes, joiners, marks, directions, blanks, non-characters and private use.
        let odd = "ĀſƎȺΩЖאبकไ한你ー０\u{200b}\u{200d}\u{200e}\u{202e}\u{2028}\u{2029}\u{2066}\
                   \u{3000}\u{feff}\u{fffc}\u{fffd}\u{e000}\u{f8ff}\u{301}\u{1ab0}😀👩\u{1f3fd}\
                   \u{10000}\u{1f1e9}\u{e0041}\u{f0000}\u{10fffd}ßẞİıŉǰ";
        expect_stored(scene, &odd.chars().collect::<Vec<_>>());
    }),
    Case::new("what_looks_like_the_headers_own_syntax_reaches_the_server", |scene, _| {
        let user = user(scene);
        for (number, text) in SYNTAX.iter().enumerate() {
            let id = DeviceId::new(scene.own(&format!("{number}={text}"))).unwrap();
            let device = Device::new(DeviceFields { client: text, version: text, name: text, id })
                .expect("no field is blank");
            expect_identity(scene, &user, &device);
        }
    }),
    Case::new("quick_connect_keeps_the_names_too", |scene, _| {
        let user = scene.user();
        let approver = scene.approver(&user);
        let id = DeviceId::new(scene.own("é,\"%+")).unwrap();
        let device = Device::new(DeviceFields {
            client: "A, \"B\"",
            version: "1+1%",
            name: "Küche, links 😀",
            id,
        })
        .unwrap();
        let login = Login::quick_connect(scene.server(), device.clone());
        let mut approved = false;
        let session = scene
            .run(login.with_policy(Scene::policy()), |wait, _| {
                if let (Some(code), false) = (wait.code(), approved) {
                    scene.approve(&approver, code).expect("the code is right");
                    approved = true;
                }
            })
            .expect("the code was approved");
        scene.expect_works(&session, &user);
        expect_known(scene, &device);
    }),
];

const SYNTAX: [&str; 12] = [
    "a, Token=\"b\"",
    "\"quoted\"",
    "100%",
    "%41%2C",
    "a+b c",
    "\\\"",
    "=,=",
    "MediaBrowser Client=\"x\"",
    "  blanks  ",
    "'; <b>&amp;",
    "?a=b#c",
    "back\\slash\\",
];

/// Puts the characters into names, as many as fit into each, and looks what the server made of them.
fn expect_stored(scene: &Scene<'_>, characters: &[char]) {
    let user = user(scene);
    for (number, chunk) in characters.chunks(30).enumerate() {
        // A name can't be blank, and each is in the middle once and at an end once.
        let text = |edge: char| format!("{edge}{}", chunk.iter().collect::<String>());
        let backwards: String = chunk.iter().rev().collect();
        let id = DeviceId::new(scene.own(&format!("{number}{}", text('.')))).unwrap();
        let device = Device::new(DeviceFields {
            client: &text('c'),
            version: &text('v'),
            name: &format!("n{backwards}"),
            id,
        });
        expect_identity(scene, &user, &device.expect("the names are short enough"));
    }
}

fn expect_identity(scene: &Scene<'_>, user: &TestUser, device: &Device) {
    let session = scene.sign_in_on(device.clone(), &user.name, "");
    scene.expect_works(&session.expect("no password is the right one"), user);
    expect_known(scene, device);
}

/// A user without a password, whom the server looks up without hashing for a long time.
fn user(scene: &Scene<'_>) -> TestUser {
    scene.user_with(&scene.own("names"), "")
}

fn expect_known(scene: &Scene<'_>, device: &Device) {
    let meant = Identity {
        client: device.client().to_owned(),
        version: device.version().to_owned(),
        name: device.name().to_owned(),
        id: device.id().as_str().to_owned(),
    };
    for (place, known) in [
        ("sessions", scene.administrator().sessions()),
        ("devices", scene.administrator().devices()),
    ] {
        let alike: Vec<_> = known.iter().filter(|one| one.id == meant.id).collect();
        assert_eq!(alike, [&meant], "the {place} should hold what was meant");
    }
}
