//! What the program is asked to do.

use std::{ffi::OsString, path::PathBuf};

use jellyfin_auth::ServerUrl;
use lexopt::{Arg, Parser, ValueExt as _};

pub(crate) const HELP: &str = "\
Signs in to a Jellyfin server.

Usage: sign_in [ADDRESS [--user NAME [--approve CODE]]] [OPTIONS]

  ADDRESS            the server, such as https://media.example.com or nas:8096;
                     without it, a fake server in this process shows what happens
  --user NAME        signs in by password, which is asked for without echo, or read
                     from standard input when that is no terminal;
                     without it, Quick Connect is used
  --allow-http       signs in over http, too, where no https was found; without it
                     a terminal is asked
  --approve CODE     approves the Quick Connect code that another device shows
  --ca FILE          trusts these certificates too (PEM): a private authority's, or
                     the self-signed one of a home server
  --proxy URL        goes through this proxy in place of the environment's
  --help             shows this

While a Quick Connect code is shown, Enter checks at once whether it was approved.
Exit status: 0 signed in, 1 failed, 2 called wrongly.
";

pub(crate) enum Command {
    Help,
    /// Without an address.
    Demonstrate,
    SignIn(Box<Request>),
}

/// A sign-in to a server.
pub(crate) struct Request {
    /// As it was typed.
    pub(crate) address: String,
    /// `None`: by Quick Connect.
    pub(crate) user: Option<String>,
    /// The code of another device.
    pub(crate) approve: Option<String>,
    pub(crate) allow_http: bool,
    pub(crate) certificates: Option<PathBuf>,
    pub(crate) proxy: Option<String>,
}

/// Reads the command line. The error is a sentence for the user.
pub(crate) fn read() -> Result<Command, String> {
    parse(std::env::args_os().skip(1))
}

fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Command, String> {
    let mut parser = Parser::from_args(arguments);
    let (mut address, mut user, mut approve) = (None, None, None);
    let (mut certificates, mut proxy, mut allow_http) = (None, None, false);
    while let Some(argument) = parser.next().map_err(|error| error.to_string())? {
        let taken = match argument {
            Arg::Short('h') | Arg::Long("help") => return Ok(Command::Help),
            Arg::Long("user") => set(&mut user, "--user", text(&mut parser)?),
            Arg::Long("allow-http") => {
                allow_http = true;
                Ok(())
            }
            Arg::Long("approve") => set(&mut approve, "--approve", text(&mut parser)?),
            Arg::Long("ca") => set(&mut certificates, "--ca", PathBuf::from(value(&mut parser)?)),
            Arg::Long("proxy") => set(&mut proxy, "--proxy", text(&mut parser)?),
            Arg::Value(value) => set(&mut address, "ADDRESS", utf8(value)?),
            other => Err(other.unexpected().to_string()),
        };
        taken?;
    }
    let Some(address) = address else {
        let options = [&user, &approve, &proxy];
        let has_options = options.into_iter().any(Option::is_some) || certificates.is_some();
        return if has_options || allow_http {
            Err("give the server's ADDRESS".to_owned())
        } else {
            Ok(Command::Demonstrate)
        };
    };
    ServerUrl::candidates(&address).map_err(|error| error.to_string())?;
    if user.as_ref().is_some_and(|name| name.trim().is_empty()) {
        return Err("the name after --user is blank".to_owned());
    }
    if approve.is_some() && user.is_none() {
        return Err("--approve goes with --user: who approves must be signed in".to_owned());
    }
    let request = Request { address, user, approve, allow_http, certificates, proxy };
    Ok(Command::SignIn(Box::new(request)))
}

fn set<T>(place: &mut Option<T>, name: &str, value: T) -> Result<(), String> {
    if place.replace(value).is_some() {
        return Err(format!("{name} is given twice"));
    }
    Ok(())
}

fn value(parser: &mut Parser) -> Result<OsString, String> {
    parser.value().map_err(|error| error.to_string())
}

fn text(parser: &mut Parser) -> Result<String, String> {
    utf8(value(parser)?)
}

fn utf8(value: OsString) -> Result<String, String> {
    value.string().map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(line: &str) -> Result<Command, String> {
        parse(line.split_whitespace().map(OsString::from))
    }

    #[test]
    fn without_arguments_it_demonstrates() {
        assert!(matches!(parsed(""), Ok(Command::Demonstrate)));
    }

    #[test]
    fn an_address_alone_means_quick_connect() {
        let Ok(Command::SignIn(request)) = parsed("nas:8096") else { panic!("it is one") };

        assert_eq!(request.address, "nas:8096");
        assert_eq!(request.user, None);
    }

    #[test]
    fn who_approves_a_code_signs_in_by_password() {
        let Ok(Command::SignIn(request)) = parsed("nas --user alice --approve 123456") else {
            panic!("it is one")
        };
        assert_eq!(request.approve.as_deref(), Some("123456"));
        assert!(parsed("nas --approve 123456").is_err());
        assert!(parsed("--approve 123456").is_err());
    }

    #[test]
    fn a_user_means_a_password_wherever_it_stands() {
        for line in ["nas --user alice", "--user alice nas", "--user=alice nas"] {
            let Ok(Command::SignIn(request)) = parsed(line) else { panic!("{line}") };
            assert_eq!(request.user.as_deref(), Some("alice"), "{line}");
        }
    }

    #[test]
    fn what_cannot_be_meant_is_explained_in_a_sentence() {
        for (line, expected) in [
            ("--user alice", "ADDRESS"),
            ("--ca ca.pem", "ADDRESS"),
            ("nas --user", "--user"),
            ("nas other", "twice"),
            ("nas --user a --user b", "twice"),
            ("nas --insecure", "--insecure"),
            ("ftp://nas", "https://"),
            ("nas:port", "port"),
        ] {
            let Err(sentence) = parsed(line) else { panic!("{line}") };
            assert!(sentence.contains(expected), "{line}: {sentence}");
        }
    }

    #[test]
    fn help_is_given_whatever_else_is_asked() {
        assert!(matches!(parsed("nas --help"), Ok(Command::Help)));
        assert!(matches!(parsed("-h"), Ok(Command::Help)));
    }
}
