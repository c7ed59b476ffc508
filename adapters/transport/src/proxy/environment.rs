use std::env;

use http::Uri;

use super::{ProxyServer, Route, no_proxy::NoProxy};
use crate::ConfigError;

/// The environment's proxies, as curl reads them.
pub(super) struct Environment {
    http: Option<Result<ProxyServer, ConfigError>>,
    https: Option<Result<ProxyServer, ConfigError>>,
    no_proxy: NoProxy,
}

impl Environment {
    pub(super) fn read() -> Self {
        Self::from(|name| env::var(name).ok())
    }

    fn from(variable: impl Fn(&str) -> Option<String>) -> Self {
        let first = |names: [&str; 2]| names.into_iter().find_map(&variable);
        let proxy = |names| {
            let url = first(names).filter(|url| !url.trim().is_empty())?;
            Some(ProxyServer::parse(url.trim()))
        };
        // Of a CGI program, `HTTP_PROXY` is the header `Proxy` of whoever asks it.
        let is_cgi = variable("REQUEST_METHOD").is_some();
        let http = if is_cgi { ["http_proxy"; 2] } else { ["HTTP_PROXY", "http_proxy"] };
        let all = proxy(["ALL_PROXY", "all_proxy"]);
        Self {
            http: proxy(http).or_else(|| all.clone()),
            https: proxy(["HTTPS_PROXY", "https_proxy"]).or(all),
            no_proxy: NoProxy::parse(&first(["NO_PROXY", "no_proxy"]).unwrap_or_default()),
        }
    }

    pub(super) fn route(&self, uri: &Uri) -> Result<Route, ConfigError> {
        let proxy = match uri.scheme_str() {
            Some("http") => &self.http,
            Some("https") => &self.https,
            _ => &None,
        };
        match proxy {
            Some(proxy) if !self.no_proxy.contains(uri.host().unwrap_or_default()) => {
                proxy.clone().map(Route::Proxy)
            }
            _ => Ok(Route::Direct),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(uri: &str, variables: &[(&str, &str)]) -> String {
        let environment = Environment::from(|name| {
            let (_, value) = variables.iter().find(|(known, _)| *known == name)?;
            Some((*value).to_owned())
        });
        match environment.route(&uri.parse().expect("the test's URI is one")) {
            Ok(Route::Direct) => "direct".to_owned(),
            Ok(Route::Proxy(server)) => format!("{}:{}", server.host(), server.port()),
            Err(error) => format!("{error:?}"),
        }
    }

    #[test]
    fn a_schemes_own_variable_comes_before_the_one_for_all() {
        let both = [("all_proxy", "all:1"), ("https_proxy", "secure:2")];
        assert_eq!(way("https://nas/", &both), "secure:2");
        assert_eq!(way("http://nas/", &both), "all:1");
    }

    #[test]
    fn an_empty_variable_names_no_proxy() {
        assert_eq!(way("http://nas/", &[("http_proxy", "")]), "direct");
        assert_eq!(way("http://nas/", &[("http_proxy", " "), ("all_proxy", "all:1")]), "all:1");
    }

    #[test]
    fn a_proxy_that_cannot_be_read_is_not_gone_around_in_silence() {
        assert_eq!(way("http://nas/", &[("http_proxy", "http://a b")]), "BadProxy");
        let around = [("http_proxy", "http://a b"), ("no_proxy", "nas")];
        assert_eq!(way("http://nas/", &around), "direct");
    }

    #[test]
    fn nobody_who_asks_a_cgi_program_chooses_its_proxy() {
        let cgi = ("REQUEST_METHOD", "GET");
        assert_eq!(way("http://nas/", &[cgi, ("HTTP_PROXY", "evil:1")]), "direct");
        assert_eq!(way("http://nas/", &[cgi, ("http_proxy", "good:1")]), "good:1");
    }
}
