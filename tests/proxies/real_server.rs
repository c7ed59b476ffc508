//! A real server behind nginx: with TLS at a path of its host, and at two addresses.

use jellyfin_auth::{Login, ServerUrl, Session, SessionCheck, SessionState};
use jellyfin_auth_both_drivers::{BOTH, options};

use crate::{
    administrator::Administrator,
    certificates::self_signed,
    front::{Configured, Front, Proxy},
    release::Release,
    server::{Server, servers_folder},
    sign_in::device,
};

pub(crate) fn a_session_goes_on_through_another_proxy_when_one_is_stopped(_: Proxy) {
    let servers = servers_folder().expect("a test is ignored without servers");
    let mut server = Server::new(&servers, Release::V12, "");
    server.launch();
    server.wait_until_ready();
    Administrator::set_up(&server.url());
    let nginx = format!(
        "server {{ listen 127.0.0.1:PORT; location / {{ proxy_pass {}; }} }}",
        server.origin()
    );
    for adapter in BOTH {
        let nginx = Configured::nginx(&nginx);
        let (home, outside) = (nginx.start(), nginx.start());
        let url = |front: &Front| ServerUrl::parse(&front.url()).unwrap();
        let (at_home, from_outside) = (url(&home), url(&outside));
        let login = Login::password(
            at_home.clone(),
            device(adapter),
            Administrator::NAME,
            Administrator::PASSWORD,
        );
        let mut session = adapter.run(login.unwrap()).unwrap();
        session.add_address(from_outside.clone());
        let check = |session: Session| {
            let checked = adapter.run(SessionCheck::new(session)).unwrap();
            let SessionState::Valid(session) = checked.state else { panic!("{checked:?}") };
            *session
        };
        let session = check(session);
        assert_eq!(session.server(), &at_home, "{adapter}");
        drop(home);
        let session = check(session);
        assert_eq!(session.server(), &from_outside, "{adapter}");
        assert_eq!(session.addresses(), [at_home, from_outside], "{adapter}");
    }
}

pub(crate) fn a_real_server_behind_nginx_is_signed_in_to(proxy: Proxy) {
    let servers = servers_folder().expect("a test is ignored without servers");
    for release in [Release::V12, Release::V10_8] {
        let mut server = Server::new(&servers, release, "/jellyfin");
        server.launch();
        server.wait_until_ready();
        let administrator = Administrator::set_up(&server.url());
        let identity = self_signed();
        let file = identity.file.path().display();
        let nginx = format!(
            "server {{
                listen 127.0.0.1:PORT ssl; ssl_certificate {file}; ssl_certificate_key {file};
                location / {{ proxy_pass {}; }}
            }}",
            server.origin()
        );
        proxy.with_each([Configured::nginx(&nginx)], |front, adapter| {
            let options = options().root_certificate_pem(identity.root.as_bytes()).unwrap();
            let typed = format!("https://127.0.0.1:{}", front.port);
            let url = ServerUrl::parse(&typed).unwrap();
            let by_password = Login::password(
                url.clone(),
                device(adapter),
                Administrator::NAME,
                Administrator::PASSWORD,
            );
            for login in [by_password.unwrap(), Login::quick_connect(url, device(adapter))] {
                let mut approved = false;
                let session = adapter
                    .run_by(options.clone(), login, |wait, handle| {
                        if let (Some(code), false) = (wait.code(), approved) {
                            administrator.approve(code);
                            approved = true;
                            handle.check_now();
                        }
                    })
                    .unwrap();
                assert_eq!(session.server().as_str(), format!("{typed}/jellyfin"));
                let check = SessionCheck::new(session);
                let checked = adapter.run_by(options.clone(), check, |_, _| {}).unwrap();
                assert!(matches!(checked.state, SessionState::Valid(_)), "{checked:?}");
            }
        });
    }
}
