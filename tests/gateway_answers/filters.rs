//! Filters for bots, Cloudflare's errors, and the portals of a NAS.

use super::Form;

pub(super) fn forms() -> Vec<Form> {
    [bots(), cloudflare_errors(), portals()].concat()
}

fn bots() -> Vec<Form> {
    const CHALLENGE: &str = "LoginGateway { gateway: CloudflareChallenge, page: None }";
    const ANUBIS: &str = "LoginGateway { gateway: Anubis, page: None }";
    const GO_AWAY: &str = "LoginGateway { gateway: GoAway, page: None }";
    const CROWD_SEC: &str = "LoginGateway { gateway: CrowdSec, page: None }";
    vec![
        Form::gateway(
            "Cloudflare's challenge",
            "403\ncf-mitigated: challenge\nserver: cloudflare\ncontent-type: text/html; charset=UTF-8\n\n\
             <!DOCTYPE html><title>Just a moment...</title>",
            CHALLENGE,
        ),
        Form::gateway(
            "Cloudflare's challenge, older",
            "503\ncf-mitigated: challenge\nserver: cloudflare\nretry-after: 5\n\n<html>",
            CHALLENGE,
        ),
        Form::gateway(
            "Cloudflare's challenge, by its page",
            "403\nserver: cloudflare\ncontent-type: text/html\n\n\
             <script>window._cf_chl_opt={cRay:'c4n4ry'}</script>",
            CHALLENGE,
        ),
        Form::gateway(
            "Anubis, 200",
            "200\ncontent-type: text/html; charset=utf-8\nset-cookie: techaro.lol-anubis-cookie-\
             verification=c4n4ry\n\n<!doctype html><title>Making sure you're not a bot!</title><script \
             id=\"anubis_challenge\" type=\"application/json\">{\"challenge\":\"c4n4ry\"}</script>",
            ANUBIS,
        ),
        Form::gateway(
            "Anubis, by its page alone",
            "200\ncontent-type: text/html\n\n<script id=\"anubis_challenge\">\"c4n4ry\"</script>",
            ANUBIS,
        ),
        Form::gateway(
            "Anubis, which refreshes",
            "200\ncontent-type: text/html\nrefresh: 1; url=/.within.website/x/cmd/anubis/api/\
             pass-challenge?challenge=c4n4ry\n\n<html>",
            ANUBIS,
        ),
        Form::gateway(
            "Anubis, which denies",
            "200\ncontent-type: text/html\n\n<title>Oh noes!</title><link \
             href=\"/.within.website/x/cmd/anubis/static/x.css\">",
            ANUBIS,
        ),
        Form::gateway(
            "Anubis, as a sub-request",
            "307\nlocation: https://auth.example.com/.within.website/?redir=https%3A%2F%2Fc4n4ry\n\n",
            "LoginGateway { gateway: Anubis, page: Some(\"https://auth.example.com/.within.website/\") }",
        ),
        Form::gateway(
            "go-away, by Via",
            "200\nvia: HTTP/1.1 go-away\ncontent-type: text/html\n\n<html>Checking</html>",
            GO_AWAY,
        ),
        Form::gateway(
            "go-away, by its cookie",
            "403\nset-cookie: .go-away-0a1b-state=c4n4ry; Path=/\ncontent-type: text/html\n\n<html>",
            GO_AWAY,
        ),
        Form::gateway(
            "CrowdSec in Traefik",
            "403\ncontent-type: text/html\n\n<html><head><title>CrowdSec Access Forbidden</title></head>",
            CROWD_SEC,
        ),
        Form::gateway(
            "CrowdSec's captcha",
            "200\ncontent-type: text/html\n\n<html><head><title>CrowdSec Captcha</title></head></html>",
            CROWD_SEC,
        ),
        Form::gateway(
            "CrowdSec in nginx",
            "403\ncontent-type: text/html\n\n<html><head><title>CrowdSec Ban</title></head></html>",
            CROWD_SEC,
        ),
    ]
}

fn cloudflare_errors() -> Vec<Form> {
    vec![
        Form::other(
            "Cloudflare, whose tunnel isn't connected",
            "530\nserver: cloudflare\ncontent-type: text/plain\n\nerror code: 1033",
            "ServerBusy { status: 530, by_cloudflare: true }",
        ),
        Form::other(
            "Cloudflare, the same as JSON",
            "530\nserver: cloudflare\ncontent-type: application/json\n\n{\"cloudflare_error\":true,\
             \"error_code\":1033,\"error_name\":\"tunnel_error\",\"status\":530}",
            "ServerBusy { status: 530, by_cloudflare: true }",
        ),
        Form::other(
            "Cloudflare, which can't connect",
            "522\nserver: cloudflare\ncontent-type: text/html\n\n<html>Connection timed out</html>",
            "ServerBusy { status: 522, by_cloudflare: true }",
        ),
        Form::other(
            "Cloudflare's own 502",
            "502\nserver: cloudflare\ncontent-type: application/json\n\n\
             {\"cloudflare_error\":true,\"status\":502}",
            "ServerBusy { status: 502, by_cloudflare: true }",
        ),
        Form::other(
            "an origin's 502 through Cloudflare",
            "502\nserver: cloudflare\ncf-ray: 8a1b\ncontent-type: text/html\n\n<html>nginx</html>",
            "ServerBusy { status: 502, by_cloudflare: false }",
        ),
    ]
}

fn portals() -> Vec<Form> {
    vec![
        Form::portal(
            "Synology's portal",
            "200\ncontent-type: text/html\n\n<html><script src=\"webman/3rdparty/x.js\"></script>\
             <script>SYNO.SDS.init()</script></html>",
            "LoginGateway { gateway: Synology, page: None }",
        ),
        Form::portal(
            "QNAP's redirect",
            "302\nlocation: /cgi-bin/\n\n",
            "LoginGateway { gateway: Qnap, page: Some(\"SERVER/cgi-bin/\") }",
        ),
        Form::portal(
            "QNAP's portal",
            "200\ncontent-type: text/html\n\n<html><title>QNAP</title><a href=\"/cgi-bin/login.html\">",
            "LoginGateway { gateway: Qnap, page: None }",
        ),
    ]
}
