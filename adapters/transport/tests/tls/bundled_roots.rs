//! Mozilla's authorities, which a program has with it.

use jellyfin_auth_transport::{Distrust, Options, Proxy, Tls};

use crate::{
    certificates::{authority, issued_by, self_signed, shake_hands},
    distrust, run_alone, runs_alone, trusting,
};

#[test]
fn a_system_without_authorities_has_them_and_what_was_given() {
    const NAME: &str = "bundled_roots::a_system_without_authorities_has_them_and_what_was_given";
    if !runs_alone() {
        let none = [("SSL_CERT_FILE", "/nonexistent"), ("SSL_CERT_DIR", "/nonexistent")];
        return run_alone(NAME, &none);
    }
    let options = Options::new().proxy(Proxy::none());
    assert!(Tls::new(&options).peer("nas.example", 443).is_ok(), "there are authorities");
    let unknown = issued_by(&authority(), "nas.example");
    assert_eq!(distrust(&options, &unknown, "nas.example"), Distrust::UnknownIssuer);

    let given = self_signed("nas.example");
    assert_eq!(shake_hands(&trusting(&given.certificate), &given, "nas.example"), Ok(()));
}
