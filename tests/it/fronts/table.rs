//! What each recorded set-up does to a sign-in.

/// What a set-up does to sign-ins that meet it at different moments.
pub struct Front {
    pub name: &'static str,
    /// A password login that meets it from the start.
    pub password: &'static str,
    /// A Quick Connect that meets it from the start.
    pub quick_connect: &'static str,
    /// When it comes between a server that sets the marker and the password.
    pub authenticate: &'static str,
    /// When it comes between a server that sets the marker and the question whether Quick Connect is on.
    pub enabled: &'static str,
    /// When it comes while a code is shown: what is waited for, or how it ends.
    pub poll: &'static str,
}

const PASSED: [&str; 5] =
    ["BadCredentials", "CodeLost", "BadCredentials", "it goes on", "CodeLost"];
const BUSY_502: [&str; 5] = [
    "ServerBusy { status: 502, by_cloudflare: false }",
    "ServerBusy { status: 502, by_cloudflare: false }",
    "Intercepted { status: 502 }",
    "ServerBusy { status: 502, by_cloudflare: false }",
    "Busy",
];
const BUSY_503: [&str; 5] = [
    "ServerBusy { status: 503, by_cloudflare: false }",
    "ServerBusy { status: 503, by_cloudflare: false }",
    "ServerBusy { status: 503, by_cloudflare: false }",
    "ServerBusy { status: 503, by_cloudflare: false }",
    "Busy",
];
const BUSY_504: [&str; 5] = [
    "ServerBusy { status: 504, by_cloudflare: false }",
    "ServerBusy { status: 504, by_cloudflare: false }",
    "Intercepted { status: 504 }",
    "ServerBusy { status: 504, by_cloudflare: false }",
    "Busy",
];
const BUSY_429: [&str; 5] = [
    "ServerBusy { status: 429, by_cloudflare: false }",
    "ServerBusy { status: 429, by_cloudflare: false }",
    "ServerBusy { status: 429, by_cloudflare: false }",
    "ServerBusy { status: 429, by_cloudflare: false }",
    "Busy",
];
const CHALLENGE: [&str; 5] = [
    "ProxyAuthentication { scheme: \"Basic\" }",
    "ProxyAuthentication { scheme: \"Basic\" }",
    "ProxyAuthentication { scheme: \"Basic\" }",
    "ProxyAuthentication { scheme: \"Basic\" }",
    "Intercepted { status: 401 }",
];
const DENIED: [&str; 5] = [
    "Intercepted { status: 403 }",
    "Intercepted { status: 403 }",
    "Intercepted { status: 403 }",
    "Intercepted { status: 403 }",
    "Intercepted { status: 403 }",
];
const ANOTHER_SITE_404: [&str; 5] = [
    "NotJellyfin",
    "NotJellyfin",
    "Intercepted { status: 404 }",
    "Intercepted { status: 404 }",
    "Intercepted { status: 404 }",
];
const EMPTY_200: [&str; 5] = [
    "NotJellyfin",
    "NotJellyfin",
    "Intercepted { status: 200 }",
    "Intercepted { status: 200 }",
    "Intercepted { status: 200 }",
];

pub fn table() -> Vec<Front> {
    let front =
        |name, [password, quick_connect, authenticate, enabled, poll]: [&'static str; 5]| Front {
            name,
            password,
            quick_connect,
            authenticate,
            enabled,
            poll,
        };
    vec![
        front("nginx-ok", PASSED),
        front("haproxy-ok", PASSED),
        front("caddy-ok", PASSED),
        front("nginx-backend-down", BUSY_502),
        front("haproxy-backend-down", BUSY_503),
        front("caddy-backend-down", BUSY_502),
        front("haproxy-no-backend", BUSY_503),
        front("caddy-no-healthy-backend", BUSY_503),
        front("nginx-backend-slow", BUSY_504),
        front("haproxy-backend-slow", BUSY_504),
        front("nginx-rate-limit-503", BUSY_503),
        front("nginx-rate-limit-429", BUSY_429),
        front("nginx-maintenance", BUSY_503),
        front("caddy-maintenance", BUSY_503),
        front("nginx-basic-auth", CHALLENGE),
        front("caddy-basic-auth", CHALLENGE),
        front("nginx-deny", DENIED),
        front("haproxy-deny", DENIED),
        front("caddy-deny", DENIED),
        front("nginx-sub-path", ANOTHER_SITE_404),
        front("caddy-sub-path", EMPTY_200),
        front("caddy-unknown-host", EMPTY_200),
        front(
            "nginx-other-site",
            [
                "NotJellyfin",
                "NotJellyfin",
                "Intercepted { status: 405 }",
                "Intercepted { status: 200 }",
                "Intercepted { status: 200 }",
            ],
        ),
        front(
            "nginx-body-limit",
            [
                "Intercepted { status: 413 }",
                "CodeLost",
                "Intercepted { status: 413 }",
                "it goes on",
                "CodeLost",
            ],
        ),
        front(
            "nginx-log-in-redirect",
            [
                "Redirected { to: Some(\"https://auth.example.com/login\") }",
                "Redirected { to: Some(\"https://auth.example.com/login\") }",
                "Redirected { to: Some(\"https://auth.example.com/login\") }",
                "Redirected { to: Some(\"https://auth.example.com/login\") }",
                "Intercepted { status: 302 }",
            ],
        ),
        front(
            "nginx-to-https",
            [
                // From the start: it is adopted, and the server behind answers.
                "BadCredentials",
                "CodeLost",
                "Redirected { to: Some(\"https://media.example.com/Users/AuthenticateByName\") }",
                "Redirected { to: Some(\"https://media.example.com/QuickConnect/Enabled\") }",
                "Intercepted { status: 301 }",
            ],
        ),
        front(
            "caddy-to-https",
            [
                "BadCredentials",
                "CodeLost",
                "Redirected { to: Some(\"https://127.0.0.1/Users/AuthenticateByName\") }",
                "Redirected { to: Some(\"https://127.0.0.1/QuickConnect/Enabled\") }",
                "Intercepted { status: 308 }",
            ],
        ),
    ]
}
