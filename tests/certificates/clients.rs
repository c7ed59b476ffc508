//! Servers that let nobody in without a client certificate.

use jellyfin_auth::ServerUrl;
use jellyfin_auth_ureq::Options;
use rustls::version::{TLS12, TLS13};

use crate::{
    made::{Authority, HERE, Made, expired, names},
    row::{Outcome, Row},
};

pub(crate) fn rows() -> Vec<Row> {
    let (home, clients) = (Authority::new("Home"), Authority::new("Clients"));
    let server = home.issue(&names(HERE));
    let row = |name, version, client: Option<Made>, expected| {
        let root = home.pem.clone();
        Row::new(name, server.demanding(&clients, version), expected).given(move |options, url| {
            let options = options.root_certificate_pem(root.as_bytes()).unwrap();
            client.iter().fold(options, |options, client| giving(options, url, client))
        })
    };
    let right = || Some(client(&clients));
    let wrong = || Some(client(&Authority::new("Others")));
    let late = || Some(clients.issue(&expired(for_clients())));
    let refused = Outcome::ClientCertificate;
    let (root, elsewhere) = (home.pem.clone(), client(&clients));
    vec![
        row("client certificate, right, TLS 1.2", &TLS12, right(), Outcome::Taken),
        row("client certificate, right, TLS 1.3", &TLS13, right(), Outcome::Taken),
        row("client certificate, missing, TLS 1.2", &TLS12, None, refused.clone()),
        row("client certificate, missing, TLS 1.3", &TLS13, None, refused.clone()),
        row("client certificate, of another authority, TLS 1.2", &TLS12, wrong(), refused.clone()),
        row("client certificate, of another authority, TLS 1.3", &TLS13, wrong(), refused.clone()),
        row("client certificate, expired, TLS 1.2", &TLS12, late(), refused.clone()),
        row("client certificate, expired, TLS 1.3", &TLS13, late(), refused.clone()),
        Row::new(
            "client certificate, given for another origin",
            server.demanding(&clients, &TLS13),
            refused,
        )
        .given(move |options, url| {
            let options = options.root_certificate_pem(root.as_bytes()).unwrap();
            let other = format!("https://{}:{}", url.host(), url.port() ^ 1);
            giving(options, &ServerUrl::parse(&other).unwrap(), &elsewhere)
        }),
    ]
}

fn for_clients() -> rcgen::CertificateParams {
    let mut params = names(&["alice.example"]);
    params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];
    params
}

fn client(authority: &Authority) -> Made {
    authority.issue(&for_clients())
}

fn giving(options: Options, url: &ServerUrl, client: &Made) -> Options {
    let key = client.key.serialize_pem();
    options.client_certificate(url, client.pem.as_bytes(), key.as_bytes()).unwrap()
}
