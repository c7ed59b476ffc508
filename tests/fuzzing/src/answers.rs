mod drawn;

use std::{collections::HashSet, fmt::Debug, net::SocketAddr};

use http::Response;
use jellyfin_auth::{
    Endpoint, Password, QuickConnectSecret, ServerUrl, Session, SessionRecord,
    endpoint::{
        AuthenticateByName, AuthenticateWithQuickConnect, AuthorizeQuickConnect, GetBranding,
        GetCurrentUser, GetPublicUsers, GetQuickConnectEnabled, GetQuickConnectState,
        GetServerInfo, InitiateMethod, InitiateQuickConnect, LogOut, RedeemPin,
        RequestPasswordReset,
    },
    lan::{self, Announcement},
};

use crate::{assert_fit_to_be_shown, device};

/// Any answer, given to every endpoint, as lines such as `status=401` and `Name=alice`.
///
/// Past the first check: an endpoint reads it.
pub fn answers(input: &[u8]) -> bool {
    let mut answer = Answer { response: drawn::answer(input), is_read: false };
    let (device, server) =
        (device(), ServerUrl::parse("https://nas.example/jf").expect("an address"));
    let password = Password::from("cAnArY");
    let secret = QuickConnectSecret::try_from("cAnArY".to_owned()).expect("a secret");
    let session = session();

    if let Some(info) = answer.read(&GetServerInfo { server: &server, device: &device }) {
        // Kept as it is: it is compared, and sent back.
        assert!(!info.id.chars().any(char::is_control), "{:?}", info.id);
        assert_fit_to_be_shown(&info.version);
        info.name.as_deref().into_iter().for_each(assert_fit_to_be_shown);
        info.product.as_deref().into_iter().for_each(assert_fit_to_be_shown);
    }
    let users = answer.read(&GetPublicUsers { server: &server, device: &device });
    let names = users.iter().flatten().filter_map(|user| user.name.as_deref());
    names.for_each(assert_fit_to_be_shown);
    answer.read(&GetBranding { server: &server, device: &device });
    answer.read(&GetQuickConnectEnabled { server: &server, device: &device });
    answer.read(&InitiateQuickConnect {
        server: &server,
        device: &device,
        method: InitiateMethod::Post,
    });
    answer.read(&GetQuickConnectState { server: &server, device: &device, secret: &secret });
    answer.read(&LogOut { session: &session });
    answer.read(&GetCurrentUser { session: &session });
    let authorize = AuthorizeQuickConnect::new(&session, "123 456").expect("a code");
    answer.read(&authorize);
    let forgotten = RequestPasswordReset::new(&server, &device, "alice").expect("a user name");
    answer.read(&forgotten);
    answer.read(&RedeemPin::new(&server, &device, &password).expect("a PIN"));

    let by_password = AuthenticateByName {
        server: &server,
        device: &device,
        user_name: "alice",
        password: &password,
    };
    let by_code =
        AuthenticateWithQuickConnect { server: &server, device: &device, secret: &secret };
    for read in [answer.read(&by_password), answer.read(&by_code)] {
        let Some(authentication) = read else { continue };
        let token = authentication.access_token.expose();
        assert!(
            (1..=4096).contains(&token.len()) && token.bytes().all(|byte| byte.is_ascii_graphic())
        );
        assert!(token.len() < 6 || !format!("{authentication:?}").contains(token));
        authentication.user.name.as_deref().into_iter().for_each(assert_fit_to_be_shown);
    }
    if let Some(pending) = answer.read(&InitiateQuickConnect {
        server: &server,
        device: &device,
        method: InitiateMethod::Get,
    }) {
        assert!(pending.code.len() <= 32);
        assert_fit_to_be_shown(&pending.code);
    }
    let sender = SocketAddr::from(([192, 0, 2, 7], lan::PORT));
    if let Some(announcement) = Announcement::read(answer.response.body(), sender) {
        announcement.name.as_deref().into_iter().for_each(assert_fit_to_be_shown);
        assert_fit_to_be_shown(announcement.address());
        let candidates = announcement.candidates();
        assert!((1..=8).contains(&candidates.len()), "{candidates:?}");
        answer.is_read = true;
        let different: HashSet<_> = candidates.iter().collect();
        assert_eq!(different.len(), candidates.len(), "{candidates:?}");
    }
    answer.is_read
}

struct Answer {
    response: Response<Vec<u8>>,
    is_read: bool,
}

impl Answer {
    /// Reads it; what comes of it can be shown.
    fn read<E: Endpoint<Output: Debug>>(&mut self, endpoint: &E) -> Option<E::Output> {
        let read = endpoint.read(&self.response);
        if let Err(error) = &read {
            let shown = error.to_string();
            assert_fit_to_be_shown(&shown);
            assert!(shown.len() < 4096, "an error of {} bytes", shown.len());
            assert!(!shown.contains("cAnArY"));
            // It sorts itself.
            let _ = error.advice();
        }
        self.is_read |= read.is_ok();
        read.ok()
    }
}

fn session() -> Session {
    let record: SessionRecord = serde_json::from_value(serde_json::json!({
        "version": 1, "server": "https://nas.example/jf", "server_id": "ab", "user_id": "u",
        "access_token": "cAnArY", "client": "Example", "client_version": "1.0",
        "device_name": "Test", "device_id": "d-1",
    }))
    .expect("a record");
    Session::try_from(record).expect("a session")
}
