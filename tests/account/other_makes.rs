//! Servers of other makes that speak the same interface, more or less.

use http::Response;
use jellyfin_auth::{AccessToken, Discovery, Error, Session, SignOut, User};
use jellyfin_auth_both_drivers::BOTH;
use jellyfin_auth_testkit::{
    answer::{self, ResponseExt as _},
    raw_server::{Conduct, RawServer},
};

use crate::scene::{TOKEN, address, device, sends};

/// A server without the marker, of this product, that answers everything else with `other`.
fn server(product: &'static str, other: Response<Vec<u8>>) -> RawServer {
    Conduct::new(move |request| {
        if request.path() == "/System/Info/Public" {
            sends(&answer::unmarked(200).with_json(&serde_json::json!({
                "Id": "other-1", "Version": "4.9.0", "ServerName": "attic", "ProductName": product,
            })))
        } else {
            sends(&other)
        }
    })
    .start()
}

#[test]
fn a_server_that_cant_sign_out_is_an_error_of_its_own() {
    let nothing = answer::unmarked(200).with_json(&serde_json::json!({}));
    let answers = [404, 405, 501].map(answer::unmarked).into_iter().chain([nothing]);
    for answer in answers {
        for adapter in BOTH {
            let server = server("Other Server", answer.clone());
            let token = AccessToken::try_from(TOKEN.to_owned()).expect("it is a token");
            let session = Session::from_parts(
                address(&server.url()),
                Some("other-1".to_owned()),
                User::new("7"),
                token,
                device("PC"),
            );

            let ended = adapter.run(SignOut::new(session));

            assert_eq!(ended, Err(Error::SignOutUnsupported), "{adapter} {}", answer.status());
        }
    }
}

#[test]
fn a_server_is_shown_as_what_it_is() {
    for adapter in BOTH {
        let server = server("Emby Server", answer::unmarked(404));

        let found = adapter.run(Discovery::at(address(&server.url()), device("PC")));

        let found = found.expect("it speaks the same interface").into_best();
        assert_eq!(found.info().product.as_deref(), Some("Emby Server"), "{adapter}");
        assert_eq!(found.info().name.as_deref(), Some("attic"), "{adapter}");
    }
}
