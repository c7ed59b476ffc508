use jellyfin_auth::{
    Error, Login, Password,
    endpoint::{PasswordResetAction, RedeemPin, RequestPasswordReset},
};
use jellyfin_auth_both_drivers::BOTH;
use jellyfin_auth_testkit::fake_server::Version;

use crate::scene::{device, server, url};

#[test]
fn a_pin_resets_the_password_on_every_version() {
    for version in Version::ALL {
        for adapter in BOTH {
            let server = server(version);
            let (url, device) = (url(&server), device("PC"));

            let asked = RequestPasswordReset::new(&url, &device, "alice").expect("a user name");
            let reset = adapter.call(&asked).expect("it answers");
            assert_eq!(reset.action, PasswordResetAction::PinCode, "{version}");
            assert_eq!(reset.pin_file.is_some(), version != Version::V10_7, "{version}");
            assert!(reset.pin_expiration_date.is_some(), "{version}");

            // The administrator reads it in the server's folder.
            let pin = server.server().pin("alice").expect("a PIN was drawn").to_owned();
            let pin = Password::from(pin);
            let redeem = RedeemPin::new(&url, &device, &pin).expect("a PIN");
            assert_eq!(adapter.call(&redeem).expect("the right PIN"), ["alice"], "{version}");

            let login = Login::password(url, device, "alice", pin).expect("a user name");
            adapter.run(login).expect("the PIN is the password now");
        }
    }
}

#[test]
fn a_wrong_pin_is_refused() {
    for version in Version::ALL {
        for adapter in BOTH {
            let server = server(version);
            let (url, device, pin) = (url(&server), device("PC"), Password::from("00-00-00-00"));
            let redeem = RedeemPin::new(&url, &device, &pin).expect("it can be a PIN");

            let error = adapter.call(&redeem).expect_err("a wrong PIN");

            assert!(matches!(error, Error::PinRefused), "{version}: {error:?}");
        }
    }
}

#[test]
fn only_old_servers_show_whether_a_user_exists() {
    for version in Version::ALL {
        for adapter in BOTH {
            let server = server(version);
            let (url, device) = (url(&server), device("PC"));
            let asked = RequestPasswordReset::new(&url, &device, "nobody").expect("a user name");
            let expected = if version >= Version::V10_11 {
                PasswordResetAction::PinCode
            } else {
                PasswordResetAction::InNetworkRequired
            };
            assert_eq!(adapter.call(&asked).expect("it answers").action, expected, "{version}");
        }
    }
}
