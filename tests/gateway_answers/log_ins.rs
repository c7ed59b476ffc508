//! Gateways that want their own log-in.

use super::Form;

pub(super) fn forms() -> Vec<Form> {
    [cloudflare_access(), authelia(), oauth2_proxy(), authentik(), pangolin(), others()].concat()
}

fn cloudflare_access() -> Vec<Form> {
    vec![
        Form::gateway(
            "Cloudflare Access, to the team's domain",
            "302\nlocation: https://auth.example.com/cdn-cgi/access/login/jf.example.com?kid=c4n4ry&\
             meta=c4n4ry&redirect_url=%2FSystem%2FInfo%2FPublic\nwww-authenticate: Cloudflare-Access\n\
             server: cloudflare\ncf-ray: 8a1b\n\n",
            "LoginGateway { gateway: CloudflareAccess, page: \
             Some(\"https://auth.example.com/cdn-cgi/access/login/jf.example.com\") }",
        ),
        Form::gateway(
            "Cloudflare Access, to the application's own host",
            "302\nlocation: /cdn-cgi/access/login/jf.example.com?meta=c4n4ry\n\n",
            "LoginGateway { gateway: CloudflareAccess, page: \
             Some(\"SERVER/cdn-cgi/access/login/jf.example.com\") }",
        ),
        Form::gateway(
            "Cloudflare Access, 401 for service tokens",
            "401\nwww-authenticate: Cloudflare-Access resource_metadata=\"https://jf.example.com/\
             .well-known/cloudflare-access-protected-resource/\"\ncontent-type: application/json\n\n{}",
            "LoginGateway { gateway: CloudflareAccess, page: None }",
        ),
        Form::gateway(
            "Cloudflare Access, 403",
            "403\ncf-access-domain: jf.example.com\ncf-access-aud: c4n4ry\ncontent-type: text/html\n\n\
             <html>Forbidden</html>",
            "LoginGateway { gateway: CloudflareAccess, page: None }",
        ),
    ]
}

fn authelia() -> Vec<Form> {
    const EXPECTED: &str =
        "LoginGateway { gateway: Authelia, page: Some(\"https://auth.example.com/\") }";
    vec![
        Form::gateway(
            "Authelia, 401 to JSON",
            "401\nlocation: https://auth.example.com/?rd=https%3A%2F%2Fjf.example.com%2FSystem%2FInfo\
             %2FPublic%3Fc4n4ry&rm=GET\ncontent-type: text/html; charset=utf-8\n\n\
             <a href=\"https://auth.example.com/?rd=c4n4ry\">401 Unauthorized</a>",
            EXPECTED,
        ),
        Form::gateway(
            "Authelia, 302 to a page",
            "302\nlocation: https://auth.example.com/?rd=https%3A%2F%2Fjf.example.com%2F&rm=GET\n\n",
            EXPECTED,
        ),
        Form::gateway(
            "Authelia, 303 to a POST",
            "303\nlocation: https://auth.example.com/?rd=https%3A%2F%2Fjf.example.com%2F&rm=POST\n\n",
            EXPECTED,
        ),
        Form::gateway(
            "Authelia, which takes Jellyfin's Authorization for its own",
            "401\nwww-authenticate: Basic realm=\"Authorization Required\"\n\
             content-type: text/plain; charset=utf-8\n\n401 Unauthorized",
            "LoginGateway { gateway: Authelia, page: None }",
        ),
    ]
}

fn oauth2_proxy() -> Vec<Form> {
    vec![
        Form::gateway(
            "OAuth2 Proxy, 401 to JSON",
            "401\ncontent-type: application/json\n\n{}",
            "LoginGateway { gateway: OAuth2Proxy, page: None }",
        ),
        Form::gateway(
            "OAuth2 Proxy, its sign-in page",
            "403\ncontent-type: text/html; charset=utf-8\n\n<!DOCTYPE html><html><head><title>Sign In\
             </title></head><form method=\"GET\" action=\"/oauth2/start\"><input type=\"hidden\" \
             name=\"rd\" value=\"/c4n4ry\"></form><a href=\"#\">OAuth2 Proxy</a></html>",
            "LoginGateway { gateway: OAuth2Proxy, page: None }",
        ),
        Form::gateway(
            "OAuth2 Proxy, which clears its cookie",
            "403\ncontent-type: text/html\nset-cookie: _oauth2_proxy=; Path=/; Max-Age=0\n\n<html>",
            "LoginGateway { gateway: OAuth2Proxy, page: None }",
        ),
        Form::gateway(
            "OAuth2 Proxy, 302 to the identity provider",
            "302\nlocation: https://auth.example.com/authorize?client_id=jf&redirect_uri=https%3A%2F%2F\
             jf.example.com%2Foauth2%2Fcallback&response_type=code&state=c4n4ry\n\
             set-cookie: _oauth2_proxy_csrf=c4n4ry; Path=/; HttpOnly\n\n",
            "LoginGateway { gateway: OAuth2Proxy, page: Some(\"https://auth.example.com/authorize\") }",
        ),
        Form::gateway(
            "OAuth2 Proxy, the same without its cookie",
            "302\nlocation: https://auth.example.com/authorize?client_id=jf&redirect_uri=https%3A%2F%2F\
             jf.example.com%2Foauth2%2Fcallback&response_type=code&state=c4n4ry\n\n",
            "LoginGateway { gateway: OAuth2Proxy, page: Some(\"https://auth.example.com/authorize\") }",
        ),
        Form::gateway(
            "OAuth2 Proxy behind nginx",
            "302\nlocation: https://auth.example.com/oauth2/sign_in?rd=https%3A%2F%2Fjf.example.com\n\n",
            "LoginGateway { gateway: OAuth2Proxy, page: \
             Some(\"https://auth.example.com/oauth2/sign_in\") }",
        ),
        Form::gateway(
            "OAuth2 Proxy behind an older nginx",
            "403\nlocation: /oauth2/sign_in?rd=%2FSystem\nserver: nginx\n\n<html>",
            "LoginGateway { gateway: OAuth2Proxy, page: Some(\"SERVER/oauth2/sign_in\") }",
        ),
        Form::gateway(
            "OAuth2 Proxy, straight to its start",
            "302\nlocation: /oauth2/start?rd=%2FSystem\n\n",
            "LoginGateway { gateway: OAuth2Proxy, page: Some(\"SERVER/oauth2/start\") }",
        ),
    ]
}

fn authentik() -> Vec<Form> {
    vec![
        Form::gateway(
            "Authentik, 302 to the identity provider",
            "302\nlocation: https://auth.example.com/application/o/authorize/?client_id=c4n4ry&\
             redirect_uri=https%3A%2F%2Fjf.example.com%2Foutpost.goauthentik.io%2Fcallback%3F\
             X-authentik-auth-callback%3Dtrue&response_type=code&state=c4n4ry\n\n",
            "LoginGateway { gateway: Authentik, page: \
             Some(\"https://auth.example.com/application/o/authorize/\") }",
        ),
        Form::gateway(
            "Authentik, 307 to its start",
            "307\nlocation: https://auth.example.com/outpost.goauthentik.io/start\n\n",
            "LoginGateway { gateway: Authentik, page: \
             Some(\"https://auth.example.com/outpost.goauthentik.io/start\") }",
        ),
        Form::gateway(
            "Authentik behind nginx",
            "302\nlocation: /outpost.goauthentik.io/start?rd=https://jf.example.com/System/Info/Public\n\n",
            "LoginGateway { gateway: Authentik, page: \
             Some(\"SERVER/outpost.goauthentik.io/start\") }",
        ),
        Form::gateway(
            "Authentik, which takes Jellyfin's Authorization for its own",
            "401\ncontent-type: text/html; charset=utf-8\n\n<html><body><h1>Unauthenticated</h1><p>Due to \
             'Receive header authentication' being set, no redirect is performed.</p></body></html>",
            "LoginGateway { gateway: Authentik, page: None }",
        ),
        Form::gateway(
            "Authentik, by its cookie",
            "302\nlocation: https://auth.example.com/if/flow/?next=c4n4ry\n\
             set-cookie: authentik_proxy_1a2b3c4d=c4n4ry; Path=/\n\n",
            "LoginGateway { gateway: Authentik, page: Some(\"https://auth.example.com/if/flow/\") }",
        ),
    ]
}

fn pangolin() -> Vec<Form> {
    vec![
        Form::gateway(
            "Pangolin, 302 to its dashboard",
            "302\nlocation: https://auth.example.com/auth/resource/5f3c?redirect=https%3A%2F%2F\
             jf.example.com%2F%3Fp_token%3Dc4n4ry\n\n",
            "LoginGateway { gateway: Pangolin, page: \
             Some(\"https://auth.example.com/auth/resource/5f3c\") }",
        ),
        Form::gateway(
            "Pangolin with header authentication",
            "401\nwww-authenticate: Basic realm=\"pangolin\"\ncontent-type: text/html\n\n\
             <html>Redirecting…</html>",
            "LoginGateway { gateway: Pangolin, page: None }",
        ),
    ]
}

fn others() -> Vec<Form> {
    vec![
        Form::gateway(
            "traefik-forward-auth",
            "307\nlocation: https://auth.example.com/o/oauth2/auth?client_id=c4n4ry&prompt=select&\
             redirect_uri=https%3A%2F%2Fjf.example.com%2F_oauth&response_type=code&state=c4n4ry\n\
             set-cookie: _forward_auth_csrf_0a1b2c=c4n4ry; Path=/\n\n",
            "LoginGateway { gateway: TraefikForwardAuth, page: \
             Some(\"https://auth.example.com/o/oauth2/auth\") }",
        ),
        Form::gateway(
            "traefik-forward-auth without its cookie",
            "307\nlocation: https://auth.example.com/auth?redirect_uri=https%3A%2F%2Fjf.example.com%2F\
             _oauth&state=c4n4ry\n\n",
            "LoginGateway { gateway: TraefikForwardAuth, page: \
             Some(\"https://auth.example.com/auth\") }",
        ),
        Form::gateway(
            "Tinyauth",
            "401\ncontent-type: application/json\nx-tinyauth-location: https://auth.example.com/login?\
             redirect_uri=https%3A%2F%2Fjf.example.com%2F%3Fc4n4ry\n\n\
             {\"message\":\"Unauthorized\",\"status\":401}",
            "LoginGateway { gateway: Tinyauth, page: Some(\"https://auth.example.com/login\") }",
        ),
        Form::gateway(
            "Pomerium, 401 to JSON",
            "401\ncontent-type: application/json\n\n\
             {\"error\":\"Unauthenticated\",\"request_id\":\"c4n4ry\"}",
            "LoginGateway { gateway: Pomerium, page: None }",
        ),
        Form::gateway(
            "Pomerium, 302 to its sign-in",
            "302\nlocation: https://auth.example.com/.pomerium/sign_in?pomerium_expiry=1&\
             pomerium_signature=c4n4ry\n\n",
            "LoginGateway { gateway: Pomerium, page: \
             Some(\"https://auth.example.com/.pomerium/sign_in\") }",
        ),
        Form::gateway(
            "Pomerium, a page for an error",
            "403\nx-pomerium-intercepted-response: true\ncontent-type: text/html\n\n<html>",
            "LoginGateway { gateway: Pomerium, page: None }",
        ),
        Form::gateway(
            "Vouch behind nginx",
            "302\nlocation: https://auth.example.com/login?url=https://jf.example.com/&vouch-failcount=1&\
             X-Vouch-Token=c4n4ry&error=c4n4ry\n\n",
            "LoginGateway { gateway: Vouch, page: Some(\"https://auth.example.com/login\") }",
        ),
        Form::gateway(
            "Gatekeeper",
            "303\nlocation: /oauth/authorize?state=c4n4ry\nset-cookie: OAuth_Token_Request_State=c4n4ry\n\n",
            "LoginGateway { gateway: Gatekeeper, page: Some(\"SERVER/oauth/authorize\") }",
        ),
        Form::gateway(
            "Gatekeeper without its cookie",
            "303\nlocation: /oauth/authorize?state=c4n4ry\n\n",
            "LoginGateway { gateway: Gatekeeper, page: Some(\"SERVER/oauth/authorize\") }",
        ),
        Form::gateway(
            "mod_auth_openidc",
            "302\nlocation: https://auth.example.com/authorize?response_type=code&client_id=jf&\
             state=c4n4ry&redirect_uri=https%3A%2F%2Fjf.example.com%2Fcallback\n\
             set-cookie: mod_auth_openidc_state_c4n4ry=c4n4ry; Path=/\nserver: Apache\n\n",
            "LoginGateway { gateway: ModAuthOpenidc, page: \
             Some(\"https://auth.example.com/authorize\") }",
        ),
        Form::gateway(
            "Zoraxy's own single sign-on",
            "401\ncontent-type: application/json\n\n{\"error\":\"Session expired\",\"redirectUrl\":\
             \"https://auth.example.com/login?rd=c4n4ry\",\"requireAuth\":true}",
            "LoginGateway { gateway: Zoraxy, page: Some(\"https://auth.example.com/login\") }",
        ),
        Form::gateway(
            "Zoraxy by OAuth2, which looks like any other",
            "302\nlocation: https://auth.example.com/authorize?client_id=z&response_type=code&\
             redirect_uri=https%3A%2F%2Fjf.example.com%2Finternal%2Foauth2%3Fc4n4ry&state=c4n4ry\n\n",
            "LoginGateway { gateway: Unknown { host: \"HOST\" }, page: \
             Some(\"https://auth.example.com/authorize\") }",
        ),
    ]
}
