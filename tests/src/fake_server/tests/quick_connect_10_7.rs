//! Quick Connect on 10.7 (protocol facts, sections 4.6, 5.3 and 5.4).

use super::{
    super::{ApproveError, QuickConnectState},
    Answer, Client, Version,
};

fn activated() -> Client {
    let mut client = Client::of(Version::V10_7);
    client.server.activate_quick_connect(client.now());
    client
}

fn initiate(client: &mut Client) -> (String, String) {
    let answer = client.get("/QuickConnect/Initiate");
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.json.get("DeviceId"), None, "10.7 keeps no device");
    (answer.text("/Secret").to_owned(), answer.text("/Code").to_owned())
}

fn poll(client: &mut Client, secret: &str) -> Answer {
    client.get(&format!("/QuickConnect/Connect?secret={secret}"))
}

fn exchange(client: &mut Client, token: &str) -> Answer {
    let body = format!(r#"{{"Token":"{token}"}}"#);
    client.send("POST", "/Users/AuthenticateWithQuickConnect", &body)
}

#[test]
fn any_user_activates_what_an_administrator_made_available() {
    let mut client = Client::of(Version::V10_7);
    let status = |client: &mut Client| client.get("/QuickConnect/Status").body().to_owned();
    assert_eq!(status(&mut client), r#""Unavailable""#);
    assert_eq!(client.get("/QuickConnect/Initiate").status, 401);
    assert_eq!(poll(&mut client, "00").status, 400);
    assert_eq!(client.get("/QuickConnect/Enabled").status, 404);

    let alice = client.token("alice");
    assert_eq!(client.with_token(&alice).post("/QuickConnect/Activate").status, 403);
    assert_eq!(client.post("/QuickConnect/Available").status, 403);
    let root = client.device("d-2").login("root", "pw-root");
    assert_eq!(
        client.with_token(root.text("/AccessToken")).post("/QuickConnect/Available").status,
        204
    );
    assert_eq!(status(&mut client), r#""Available""#);
    assert_eq!(client.with_token(&alice).post("/QuickConnect/Activate").status, 204);
    assert_eq!(status(&mut client), r#""Active""#);
    client.seconds = 301;
    assert_eq!(status(&mut client), r#""Available""#);
}

#[test]
fn the_token_to_post_is_good_once_and_is_one_itself() {
    let mut client = activated();
    let (secret, code) = initiate(&mut client);
    let pending = poll(&mut client, &secret);
    assert_eq!(
        (&pending.json["Authenticated"], pending.json.get("Authentication")),
        (&false.into(), None)
    );
    client.server.approve(client.now(), &code, "alice").expect("approved");
    let helper = poll(&mut client, &secret).text("/Authentication").to_owned();
    assert_eq!(client.server.token_owner(&helper), Some("alice"));

    let answer = exchange(&mut client, &helper);
    assert_eq!((answer.status, answer.text("/User/Name")), (200, "alice"));
    assert_ne!(answer.text("/AccessToken"), helper);
    assert_eq!(answer.text("/SessionInfo/DeviceId"), "d-1");
    assert_eq!(exchange(&mut client, &helper).status, 403);
    assert!(!client.server.is_token_valid(&helper));
}

#[test]
fn a_missing_field_consumes_the_token_and_brings_none() {
    let mut client = activated();
    let (secret, code) = initiate(&mut client);
    client.server.approve(client.now(), &code, "alice").expect("approved");
    let helper = poll(&mut client, &secret).text("/Authentication").to_owned();
    client.authorization(r#"MediaBrowser Device="PC", DeviceId="d-1", Version="1.0""#);
    assert_eq!(exchange(&mut client, &helper).status, 500);
    assert_eq!(exchange(&mut client, &helper).status, 403);
    assert_eq!(exchange(&mut client, "").text("/errors/Token/0"), "The Token field is required.");
}

#[test]
fn an_approval_after_a_minute_is_lost_at_the_next_poll() {
    let mut client = activated();
    let (secret, code) = initiate(&mut client);
    client.seconds = 61;
    client.server.approve(client.now(), &code, "alice").expect("approved");
    assert_eq!(poll(&mut client, &secret).body(), r#""Unknown secret""#);
}

#[test]
fn an_approval_within_a_minute_can_be_fetched_until_the_minute_ends() {
    let mut client = activated();
    let (secret, code) = initiate(&mut client);
    client.seconds = 59;
    client.server.approve(client.now(), &code, "alice").expect("approved");
    client.seconds = 60;
    assert_eq!(poll(&mut client, &secret).json["Authenticated"], true);
    client.seconds = 61;
    assert_eq!(poll(&mut client, &secret).status, 404);
}

#[test]
fn the_end_of_the_activation_forgets_everything() {
    let mut client = activated();
    client.seconds = 200;
    let (secret, code) = initiate(&mut client);
    client.seconds = 301;
    assert_eq!(poll(&mut client, &secret).status, 400);
    let approved = client.server.approve(client.now(), &code, "alice");
    assert_eq!(approved, Err(ApproveError::Disabled));
    assert_eq!(client.server.settings().quick_connect_state, QuickConnectState::Available);
    client.server.activate_quick_connect(client.now());
    assert_eq!(poll(&mut client, &secret).status, 404);
}

#[test]
fn deauthorising_takes_unused_tokens_back() {
    let mut client = activated();
    let (secret, code) = initiate(&mut client);
    client.server.approve(client.now(), &code, "alice").expect("approved");
    let helper = poll(&mut client, &secret).text("/Authentication").to_owned();
    let alice = client.token("alice");
    assert_eq!(client.with_token(&alice).post("/QuickConnect/Deauthorize").body(), "1");
    assert_eq!(exchange(&mut client, &helper).status, 403);
}
