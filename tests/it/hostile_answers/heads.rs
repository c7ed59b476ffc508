//! Statuses and headers that make no sense.

use http::{HeaderValue, Response, StatusCode, header};
use jellyfin_auth_testkit::{answer, answer::ResponseExt as _};

use super::Row;

pub fn rows() -> Vec<Row> {
    [statuses(), locations(), challenges(), retry_afters()].into_iter().flatten().collect()
}

fn with_bytes(
    mut response: Response<Vec<u8>>,
    name: header::HeaderName,
    value: &[u8],
) -> Response<Vec<u8>> {
    response.headers_mut().insert(name, HeaderValue::from_bytes(value).expect("bytes of a header"));
    response
}

fn statuses() -> Vec<Row> {
    let of = |status: u16| {
        let mut response = answer::marked(200).with_body(b"true");
        *response.status_mut() = StatusCode::from_u16(status).expect("a status");
        response
    };
    let mut rows = Vec::new();
    for status in
        [100, 101, 102, 199, 402, 406, 409, 411, 416, 421, 425, 428, 451, 499, 600, 799, 999]
    {
        let unexpected =
            format!("! Unexpected {{ request: InitiateQuickConnect, status: {status} }}");
        rows.push(Row::new("InitiateQuickConnect", of(status), &unexpected));
        let unexpected =
            format!("! Unexpected {{ request: AuthenticateByName, status: {status} }}");
        rows.push(Row::new("AuthenticateByName", of(status), &unexpected));
    }
    for status in [500, 505, 507, 508, 511, 520, 521, 525, 599] {
        for name in ["GetQuickConnectEnabled", "LogOut"] {
            let fault = format!("! ServerFault {{ request: {name}, status: {status} }}");
            rows.push(Row::new(name, of(status), &fault));
        }
    }
    rows.push(Row::new("GetQuickConnectEnabled", of(501), "! QuickConnectUnsupported"));
    rows.push(Row::new("LogOut", of(501), "! SignOutUnsupported"));
    for status in [201, 202, 203, 206, 226, 299] {
        rows.push(Row::new(
            "AuthenticateByName",
            of(status),
            "! Malformed { request: AuthenticateByName }",
        ));
        rows.push(Row::new("GetServerInfo", of(status), "! Malformed { request: GetServerInfo }"));
        rows.push(Row::new("LogOut", of(status), "! Malformed { request: LogOut }"));
    }
    for status in [300, 303, 304, 305, 306, 399] {
        rows.push(Row::new("GetCurrentUser", of(status), "! Redirected { to: None }"));
    }
    rows
}

fn locations() -> Vec<Row> {
    let to = |location: &[u8]| with_bytes(answer::unmarked(302), header::LOCATION, location);
    let mut rows: Vec<Row> = [
        ("", "https://nas.example/jf/QuickConnect/Enabled"),
        ("//evil.example/x", "https://evil.example/x"),
        ("\\\\evil.example\\x", "https://evil.example/x"),
        ("https://nas.example@evil.example/", "https://evil.example/"),
        ("https://u:p@evil.example/?token=c4n4ry#x", "https://evil.example/"),
        ("?token=c4n4ry", "https://nas.example/jf/QuickConnect/Enabled"),
        ("#c4n4ry", "https://nas.example/jf/QuickConnect/Enabled"),
        ("javascript:alert('c4n4ry')", "javascript:"),
        ("data:text/html,c4n4ry", "data:"),
        ("mailto:c4n4ry@example.com", "mailto:"),
        ("ftp://h/x", "ftp://h/x"),
        ("file:///etc/passwd", "file:///etc/passwd"),
        ("http://[::1]:8096/../..", "http://[::1]:8096/"),
        ("/a\tb", "https://nas.example/ab"),
        ("https://EVIL.example:443/%1b[2J", "https://evil.example/%1b[2J"),
        ("/\u{202e}gpj", "https://nas.example/%E2%80%AEgpj"),
        ("https://b\u{fc}cher.example", "https://xn--bcher-kva.example/"),
    ]
    .into_iter()
    .map(|(location, shown)| {
        let expected = format!("! Redirected {{ to: Some({shown:?}) }}");
        Row::new("GetQuickConnectEnabled", to(location.as_bytes()), &expected)
    })
    .collect();
    for unreadable in [
        b"https://".as_slice(),
        b"https://[",
        b"http://h:99999/",
        b"https://a b/",
        b"\xFF\xFE",
        b"https://\xC3",
    ] {
        rows.push(Row::new("GetQuickConnectEnabled", to(unreadable), "! Redirected { to: None }"));
    }
    let long = format!("/{}", "a".repeat(1024 * 1024));
    let shown = format!("https://nas.example/{}", "a".repeat(2048 - "https://nas.example/".len()));
    let expected = format!("! Redirected {{ to: Some({shown:?}) }}");
    rows.push(Row::new("GetQuickConnectEnabled", to(long.as_bytes()), &expected));
    rows
}

fn challenges() -> Vec<Row> {
    let of = |challenge: &[u8]| {
        let response = answer::unmarked(401).with_html("log in");
        with_bytes(response, header::WWW_AUTHENTICATE, challenge)
    };
    let long = "x".repeat(100_000);
    [
        (b"Basic realm=\"c4n4ry\"".as_slice(), "Basic"),
        (b"", "an unknown scheme"),
        (b" Basic", "an unknown scheme"),
        (b"\xC2\x9B31m", "an unknown scheme"),
        (b"Basic\xC2\x9B31m", "Basic"),
        (b"Basic\tx", "Basic"),
        (b"<script>", "an unknown scheme"),
        (b"Bearer,Basic", "Bearer"),
        (b"Tailscale-2.0_x", "Tailscale-2.0_x"),
        (b"\"quoted\"", "an unknown scheme"),
        (b"\xF0\x9F\x94\x91", "an unknown scheme"),
        (long.as_bytes(), &long[..32]),
    ]
    .into_iter()
    .map(|(challenge, scheme)| {
        let expected = format!("! ProxyAuthentication {{ scheme: {scheme:?} }}");
        Row::new("AuthenticateByName", of(challenge), &expected)
    })
    .collect()
}

fn retry_afters() -> Vec<Row> {
    let values: [&[u8]; 12] = [
        b"5",
        b"005",
        b"0",
        b"-1",
        b"1e9",
        b"99999999999999999999999999",
        b"5.5",
        b"soon",
        b"",
        b"Tue, 24 Nov 2026 13:00:00 GMT",
        b"\xFF",
        b"5; 6",
    ];
    values
        .into_iter()
        .flat_map(|value| {
            let with = |status| with_bytes(answer::unmarked(status), header::RETRY_AFTER, value);
            [
                Row::new("GetServerInfo", with(503), "! ServerStarting"),
                Row::new(
                    "GetServerInfo",
                    with(429),
                    "! ServerBusy { status: 429, by_cloudflare: false }",
                ),
                Row::new("GetServerInfo", with(404), "! NotJellyfin"),
            ]
        })
        .collect()
}
