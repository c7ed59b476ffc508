//! Answers of gateways that look like any other proxy's, and what only looks like a gateway.

use super::Form;

const REFUSED: &str = "Intercepted { request: GetServerInfo, status: 401 }";
const FORBIDDEN: &str = "Intercepted { request: GetServerInfo, status: 403 }";
const BASIC: &str = "ProxyAuthentication { scheme: \"Basic\" }";

pub(super) fn forms() -> Vec<Form> {
    [of_gateways(), basic(), of_others()].concat()
}

fn of_gateways() -> Vec<Form> {
    vec![
        Form::other(
            "Authelia, a refused Proxy-Authorization",
            "407\nproxy-authenticate: Basic realm=\"Authorization Required\"\n\n407",
            BASIC,
        ),
        Form::other(
            "OAuth2 Proxy's sub-request",
            "401\ncontent-type: text/plain\n\nUnauthorized",
            REFUSED,
        ),
        Form::other(
            "OAuth2 Proxy without a fallback for bearer tokens",
            "403\ncontent-type: text/plain\n\nForbidden",
            FORBIDDEN,
        ),
        Form::other("Authentik's sub-request", "401\n\nunauthorized request", REFUSED),
        Form::other("Pangolin, blocked", "401\ncontent-type: text/plain\n\nUnauthorized", REFUSED),
        Form::other(
            "Pangolin, whose API is down",
            "500\ncontent-type: text/plain\n\nInternal Server Error",
            "ServerFault { request: GetServerInfo, status: 500 }",
        ),
        Form::other("traefik-forward-auth, an invalid cookie", "401\n\nNot authorized\n", REFUSED),
        Form::other(
            "Tinyauth behind nginx",
            "401\nserver: nginx\ncontent-type: text/html\n\n<html>401 Authorization Required</html>",
            REFUSED,
        ),
        Form::other("Gatekeeper without redirects", "401\n\n", REFUSED),
        Form::other(
            "mod_auth_openidc, to JSON",
            "401\nserver: Apache\ncontent-type: text/html; charset=iso-8859-1\n\n<!DOCTYPE HTML PUBLIC \
             \"-//IETF//DTD HTML 2.0//EN\"><title>401 Unauthorized</title>",
            REFUSED,
        ),
        Form::other("Anubis's sub-request", "401\n\nAuthorization required", REFUSED),
        Form::other("CrowdSec without a template", "403\n\n", FORBIDDEN),
        Form::other(
            "Cloudflare's firewall",
            "403\nserver: cloudflare\ncontent-type: application/json\n\n\
             {\"cloudflare_error\":true,\"error_code\":1020,\"status\":403}",
            FORBIDDEN,
        ),
    ]
}

fn basic() -> Vec<Form> {
    vec![
        Form::other(
            "nginx",
            "401\nwww-authenticate: Basic realm=\"Door\"\nserver: nginx/1.22.1\ncontent-type: text/html\
             \n\n<html><hr><center>nginx/1.22.1</center></html>",
            BASIC,
        ),
        Form::other(
            "nginx Proxy Manager",
            "401\nwww-authenticate: Basic realm=\"Authorization required\"\n\n<html>openresty</html>",
            BASIC,
        ),
        Form::other("Caddy", "401\nwww-authenticate: Basic realm=\"restricted\"\n\n", BASIC),
        Form::other(
            "Traefik",
            "401\nwww-authenticate: Basic realm=\"traefik\"\ncontent-type: text/plain\n\n\
             401 Unauthorized\n",
            BASIC,
        ),
        Form::other(
            "HAProxy",
            "401\nwww-authenticate: Basic realm=\"users\"\ncontent-type: text/html\n\n\
             <html><body><h1>401 Unauthorized</h1>\nYou need a valid user and password to access this \
             content.\n</body></html>",
            BASIC,
        ),
        Form::other(
            "Zoraxy",
            "401\nwww-authenticate: Basic realm=\"Restricted\"\n\n401 - Unauthorized",
            BASIC,
        ),
        Form::other(
            "Apache",
            "401\nwww-authenticate: Basic realm=\"Authorization Required\"\ncontent-type: text/html\n\n\
             <!DOCTYPE HTML><title>401 Unauthorized</title>",
            BASIC,
        ),
    ]
}

fn of_others() -> Vec<Form> {
    vec![
        Form::other(
            "a captive portal's page",
            "200\ncontent-type: text/html\n\n<h1>Log in to the hotel's network</h1>",
            "NotJellyfin",
        ),
        Form::other(
            "a captive portal's redirect",
            "302\nlocation: https://auth.example.com/hotel?rd=c4n4ry\n\n",
            "Redirected { to: Some(\"https://auth.example.com/hotel\") }",
        ),
        Form::other("nginx, another host", "404\nserver: nginx\n\n<html>404</html>", "NotJellyfin"),
        Form::other(
            "Traefik, another host",
            "404\ncontent-type: text/plain\n\n404 page not found\n",
            "NotJellyfin",
        ),
        Form::other(
            "nginx, whose server is away",
            "502\nserver: nginx\ncontent-type: text/html\n\n<html>502 Bad Gateway</html>",
            "ServerBusy { status: 502, by_cloudflare: false }",
        ),
    ]
}
