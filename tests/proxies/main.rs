//! Both adapters behind real proxies: nginx, Caddy, `HAProxy`, Apache and Varnish, in front of the fake server
//! and of a real one.
//!
//! Each test ends signed in, or with the error that names the cause. It is run with each proxy that it is
//! for, and ignored where that proxy, or the real server, is not installed.
#![allow(clippy::unwrap_used)]

#[allow(dead_code, reason = "the live tests need more of it")]
#[path = "../live/administrator.rs"]
mod administrator;
mod backend;
mod certificates;
mod client_certificates;
#[path = "../live/daemon.rs"]
mod daemon;
mod front;
mod gates;
mod log_ins;
mod outages;
mod paths;
#[allow(dead_code, reason = "the live tests need more of it")]
#[path = "../live/plain_http.rs"]
mod plain_http;
mod real_server;
#[allow(dead_code, reason = "the live tests need more of it")]
#[path = "../live/release.rs"]
mod release;
mod secure;
#[allow(dead_code, reason = "the live tests need more of it")]
#[path = "../live/server.rs"]
mod server;
mod sign_in;

use std::process::ExitCode;

use front::Proxy::{self, Apache, Caddy, Haproxy, Nginx, Varnish};
use jellyfin_auth_testkit::test_program::{Need, TestProgram};

/// Most of a test is waiting.
const TESTS_AT_A_TIME: usize = 12;

/// A test, its name, and the proxies that it is run with.
type Row = (fn(Proxy), &'static str, &'static [Proxy]);

macro_rules! rows {
    ($($module:ident::$name:ident => [$($proxy:ident),+],)+) => { &[$((
        $module::$name, concat!(stringify!($module), "::", stringify!($name)), &[$($proxy),+],
    )),+] };
}

/// Those that take the longest come first.
const ROWS: &[Row] = rows! {
    gates::a_limit_without_a_burst_is_waited_for_by_quick_connect => [Nginx],
    outages::a_maintenance_page_is_waited_for_and_shown => [Nginx, Caddy],
    outages::connections_that_the_proxy_keeps_for_a_second_lose_nothing => [Nginx, Caddy],
    outages::a_server_that_is_down_is_busy_and_one_that_comes_up_is_signed_in_to => [Nginx, Caddy],
    outages::a_code_outlasts_a_server_that_is_away_and_not_one_that_restarts => [Nginx, Caddy],
    outages::a_server_that_is_down_behind_haproxy_or_varnish_is_named_and_one_that_comes_up_is_signed_in_to => [Haproxy, Varnish],
    client_certificates::without_one_the_error_says_that_one_is_wanted => [Nginx, Caddy, Haproxy],
    client_certificates::one_that_is_not_accepted_is_the_same_error => [Nginx, Caddy, Haproxy],
    client_certificates::with_the_right_one_both_flows_sign_in => [Nginx, Caddy, Haproxy],
    gates::basic_authentication_of_the_proxy_is_distinguished_from_the_password => [Nginx, Caddy, Haproxy],
    gates::a_log_in_page_on_another_host_is_named_and_gets_nothing => [Nginx, Caddy],
    gates::a_limit_on_requests_is_waited_for => [Nginx],
    gates::a_limit_that_looks_like_a_lost_response_ends_a_sign_in_by_password => [Nginx],
    gates::a_body_limit_that_a_password_exceeds_is_the_proxys => [Nginx, Caddy],
    log_ins::oauth2_proxy_behind_nginx => [Nginx],
    log_ins::authentik_behind_nginx => [Nginx],
    log_ins::authelia_behind_nginx => [Nginx],
    log_ins::mod_auth_openidc_is_named_where_it_redirects_and_a_proxy_like_any_other_to_json => [Apache],
    outages::a_server_that_is_too_slow_for_the_proxy_is_busy => [Nginx, Caddy],
    outages::a_password_that_the_proxy_gave_up_on_is_not_sent_again => [Nginx, Caddy],
    paths::a_path_that_the_proxy_takes_away_leads_to_a_server_without_base_url => [Nginx, Caddy],
    paths::a_path_that_is_the_servers_base_url_is_found_from_the_root => [Nginx, Caddy],
    paths::another_sites_page_is_no_jellyfin_and_gets_no_secret => [Nginx, Caddy],
    paths::a_host_name_that_caddy_does_not_know_is_no_jellyfin => [Caddy],
    secure::a_permanent_redirect_to_https_is_followed_before_any_secret_is_sent => [Nginx, Caddy],
    secure::a_308_to_https_is_followed_to_a_self_signed_certificate_that_is_trusted => [Nginx, Caddy],
    secure::a_certificate_that_nobody_vouches_for_is_refused => [Nginx, Caddy],
};

const BEFORE_A_REAL_SERVER: &[Row] = rows! {
    real_server::a_session_goes_on_through_another_proxy_when_one_is_stopped => [Nginx],
    real_server::a_real_server_behind_nginx_is_signed_in_to => [Nginx],
};

fn main() -> ExitCode {
    let mut program = TestProgram::from_arguments().side_by_side(TESTS_AT_A_TIME);
    let servers = Need::new("servers", server::servers_folder().is_some());
    add(&mut program, ROWS, &[]);
    add(&mut program, BEFORE_A_REAL_SERVER, &[servers]);
    program.run()
}

fn add(program: &mut TestProgram, rows: &[Row], needs: &[Need]) {
    for &(test, name, proxies) in rows {
        for &proxy in proxies {
            let name = format!("{}/{name}", proxy.program());
            program.test(&name, &[needs, &[proxy.need()]].concat(), move || test(proxy));
        }
    }
}
