//! What the allocator gets back holds no password: a login wipes its own buffers, and those that it
//! serialises the password in are sized beforehand, so that growing leaves no copy behind.

#[path = "wiped/bodies.rs"]
mod bodies;
#[path = "wiped/gateway_headers.rs"]
mod gateway_headers;
use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    mem::ManuallyDrop,
    slice,
};

use jellyfin_auth::{
    Device, DeviceFields, DeviceId, Endpoint as _, Error, Failure, Login, LoginRecord,
    Machine as _, Password, QuickConnectSecret, ServerUrl, Session, SessionRecord, Step, Timestamp,
    endpoint::{
        AuthenticateByName, AuthenticateWithQuickConnect, GetCurrentUser, GetQuickConnectState,
        InitiateMethod, InitiateQuickConnect,
    },
};
use jellyfin_auth_testkit::answer;

/// What is looked for.
const CANARY: &[u8] = b"cAnArY-0123456789";

/// Looks at every block that is given back.
struct Watching;

thread_local! {
    /// Tests run side by side, each on a thread of its own.
    static FOUND: Cell<usize> = const { Cell::new(0) };
}

fn look(block: *const u8, size: usize) {
    // SAFETY: the block is still the caller's: it is looked at before it is given back. Blocks that
    // were never written are zeroed when they are handed out.
    let bytes = unsafe { slice::from_raw_parts(block, size) };
    if bytes.windows(CANARY.len()).any(|window| window == CANARY) {
        // A thread that is ending has nothing to count any more.
        let _ = FOUND.try_with(|found| found.set(found.get() + 1));
    }
}

// SAFETY: everything is left to the system's allocator.
unsafe impl GlobalAlloc for Watching {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: the caller keeps the contract. Zeroed, so that every byte may be read later.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        look(block, layout.size());
        // SAFETY: the caller keeps the contract.
        unsafe { System.dealloc(block, layout) }
    }

    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        let new = Layout::from_size_align(size, layout.align()).expect("it is the caller's");
        // SAFETY: the caller keeps the contract. A block that moves is a block that is given back.
        unsafe {
            let moved = System.alloc_zeroed(new);
            if !moved.is_null() {
                std::ptr::copy_nonoverlapping(block, moved, layout.size().min(size));
                self.dealloc(block, layout);
            }
            moved
        }
    }
}

#[global_allocator]
static ALLOCATOR: Watching = Watching;

/// How many blocks with the canary are given back while `work` is done and its result dropped.
fn left_behind<T>(work: impl FnOnce() -> T) -> usize {
    FOUND.set(0);
    drop(work());
    FOUND.get()
}

fn canary() -> String {
    String::from_utf8(CANARY.to_vec()).expect("it is ASCII")
}

fn device() -> Device {
    let id = DeviceId::new("d-1").expect("a device id");
    let fields = DeviceFields { client: "Example", version: "1.0", name: "Test", id };
    Device::new(fields).expect("a device")
}

fn server() -> ServerUrl {
    ServerUrl::parse("https://nas.example").expect("an address")
}

/// A driver that wipes what is its own: the request's body.
fn sent(request: http::Request<Vec<u8>>) {
    std::mem::forget(request.into_body());
}

fn login() -> Login {
    let password = Password::from(canary());
    Login::password(server(), device(), "alice", password).expect("a user name")
}

fn send(login: &mut Login) -> jellyfin_auth::Ticket {
    match login.poll(Timestamp::ORIGIN) {
        Ok(Step::Send(request)) => {
            let (request, ticket, _) = request.into_parts();
            sent(request);
            ticket
        }
        other => panic!("it should send: {other:?}"),
    }
}

/// A login up to the moment at which the password is under way.
fn authenticating() -> (Login, jellyfin_auth::Ticket) {
    let mut login = login();
    let probe = send(&mut login);
    assert!(login.handle(probe, Ok(&answer::server_info("ab12", "12.0.0"))));
    let ticket = send(&mut login);
    (login, ticket)
}

#[test]
fn the_allocator_sees_what_is_not_wiped() {
    assert_eq!(left_behind(canary), 1);
    assert_eq!(
        left_behind(|| {
            let mut growing = CANARY.to_vec();
            growing.reserve(4096);
            std::mem::forget(growing);
        }),
        1,
        "a buffer that grows leaves a copy behind"
    );
}

#[test]
fn a_finished_login_leaves_no_password() {
    let left = left_behind(|| {
        let (mut login, ticket) = authenticating();
        let token = answer::authentication("0123456789abcdef", "u", "ab12");
        assert!(login.handle(ticket, Ok(&token)));
        let step = login.poll(Timestamp::ORIGIN);
        assert!(matches!(step, Ok(Step::Done(_))));
        (login, step)
    });
    assert_eq!(left, 0);
}

#[test]
fn a_refused_an_unanswered_a_cancelled_and_a_dropped_login_leave_no_password() {
    for end in 0..4 {
        let left = left_behind(|| {
            let (mut login, ticket) = authenticating();
            match end {
                0 => assert!(login.handle(ticket, Ok(&answer::marked(401)))),
                1 => assert!(login.handle(ticket, Err(Failure::Timeout))),
                2 => login.cancel(),
                _ => {}
            }
            login
        });
        assert_eq!(left, 0, "end {end}");
    }
}

/// Not at the drop, but when it ends: a program may keep the login for long.
#[test]
fn the_password_is_wiped_when_the_login_ends() {
    let holds_password = |login: &Login| format!("{login:?}").contains("password: Password");

    let (mut refused, ticket) = authenticating();
    assert!(holds_password(&refused));
    assert!(refused.handle(ticket, Ok(&answer::marked(401))));
    assert!(matches!(refused.poll(Timestamp::ORIGIN), Err(Error::BadCredentials { .. })));
    assert!(!holds_password(&refused), "{refused:?}");

    let (mut cancelled, _ticket) = authenticating();
    cancelled.cancel();
    assert!(!holds_password(&cancelled), "{cancelled:?}");
}

/// The body that is emitted is the driver's, and the only copy.
#[test]
fn serialising_a_password_leaves_no_copy() {
    let password = ManuallyDrop::new(Password::from(canary()));
    let (server, device) = (server(), device());
    let request = || {
        AuthenticateByName {
            server: &server,
            device: &device,
            user_name: "alice",
            password: &password,
        }
        .request()
    };
    assert_eq!(left_behind(|| sent(request())), 0);
}

#[test]
fn redeeming_a_secret_leaves_no_copy() {
    let secret = ManuallyDrop::new(QuickConnectSecret::try_from(canary()).expect("a secret"));
    let (server, device) = (server(), device());
    let request = || {
        AuthenticateWithQuickConnect { server: &server, device: &device, secret: &secret }.request()
    };
    assert_eq!(left_behind(|| sent(request())), 0);
}

#[test]
fn polling_leaves_no_copy_of_the_secret() {
    // What follows the canary is escaped: a buffer that grew then would leave the canary behind.
    for secret in [canary(), format!("{}{}", canary(), "%".repeat(200))] {
        let secret = ManuallyDrop::new(QuickConnectSecret::try_from(secret).expect("a secret"));
        let (server, device) = (server(), device());
        let request =
            || GetQuickConnectState { server: &server, device: &device, secret: &secret }.request();
        assert_eq!(left_behind(|| sent(request())), 0);
    }
}

#[test]
fn passwords_full_of_characters_that_json_escapes_leave_no_copy() {
    let escaped = "\u{1}\"\\".repeat(200);
    for password in [format!("{escaped}{}", canary()), format!("{}{escaped}", canary())] {
        let password = ManuallyDrop::new(Password::from(password));
        let (server, device) = (server(), device());
        let left = left_behind(|| {
            sent(
                AuthenticateByName {
                    server: &server,
                    device: &device,
                    user_name: "alice",
                    password: &password,
                }
                .request(),
            );
        });
        assert_eq!(left, 0);
    }
}

/// The answer's body is the driver's.
#[test]
fn reading_a_token_or_a_secret_leaves_no_copy() {
    let password = Password::from("pw");
    let (server, device) = (server(), device());
    let token = ManuallyDrop::new(answer::authentication(&canary(), "u", "ab12"));
    let pending = ManuallyDrop::new(answer::quick_connect("123456", &canary(), false));
    let login = AuthenticateByName {
        server: &server,
        device: &device,
        user_name: "alice",
        password: &password,
    };
    let initiate =
        InitiateQuickConnect { server: &server, device: &device, method: InitiateMethod::Post };
    assert_eq!(left_behind(|| login.read(&*token).expect("a token")), 0);
    assert_eq!(left_behind(|| initiate.read(&*pending).expect("a code")), 0);
}

#[test]
fn sessions_and_records_leave_no_token() {
    let json = ManuallyDrop::new(format!(
        r#"{{"version":1,"server":"https://nas.example","server_id":"ab","user_id":"u",
            "access_token":"{}","client":"A","client_version":"1","device_name":"D","device_id":"d"}}"#,
        canary()
    ));
    let left = left_behind(|| {
        let record: SessionRecord = serde_json::from_str(&json).expect("a record");
        let session = Session::try_from(record.clone()).expect("a session");
        let request = GetCurrentUser { session: &session }.request();
        sent(request);
        (session.to_record(), record, session.clone())
    });
    assert_eq!(left, 0);
}

#[test]
fn pending_codes_leave_no_secret() {
    let json = ManuallyDrop::new(format!(
        r#"{{"version":1,"server":"https://nas.example","client":"A","client_version":"1",
            "device_name":"D","device_id":"d","code":"123456","secret":"{}"}}"#,
        canary()
    ));
    let left = left_behind(|| {
        let saved: LoginRecord = serde_json::from_str(&json).expect("a record");
        let login = Login::resume(saved.clone()).expect("a record");
        (login.to_record(), login, saved)
    });
    assert_eq!(left, 0);
}
