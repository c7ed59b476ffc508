//! What the program is asked to do.

mod command;

pub(crate) use command::{Address, Command, Generate};

use std::{env, ffi::OsString, path::PathBuf, process::ExitCode};

use clap::{Args, CommandFactory as _, Parser, error::ErrorKind};

use crate::{
    connection::Connection,
    failed::{Exit, Failed},
    messages::Messages,
    place::Place,
    server::Consent,
};

const EXAMPLES: &str = "\
Examples:
  jellyfin-login nas                             show a Quick Connect code, print the session
  jellyfin-login --save ~/.jellyfin nas          the same, and keep it in a file of your own
  jellyfin-login --yes --allow-http              the same at the one server of the local network
  jellyfin-login --user alice https://example.com
                                                 by password
  jellyfin-login header --line --session ~/.jellyfin | curl -H @- http://nas:8096/Users/Me
                                                 use it
  jellyfin-login approve 123456 --session ~/.jellyfin
                                                 let another device in
  jellyfin-login logout --session ~/.jellyfin    sign out and delete the file
  jellyfin-login --account nas                   sign in, and keep it with your other accounts
  jellyfin-login accounts                        list them; `use 2` and `remove 2` take one
  jellyfin-login check --account                 the current one
  jellyfin-login --trust 5E:4A:… https://nas:8920
                                                 trust the certificate with this fingerprint there
  jellyfin-login doctor nas                      find out why it doesn't work
  jellyfin-login --header-file gate --save ~/.jellyfin https://media.example.com
                                                 past a log-in gateway, by its headers

Exit status:
  0    done
  1    something on this machine failed: a file, the keyring, the network's set-up
  2    called wrongly
  3    the user name or password is wrong, or the session was revoked: sign in (again)
  4    no server at that address, not the right one, or its certificate isn't trusted
  5    try again later: no answer, the server is starting or busy, the code is not known
  6    there is no Quick Connect on this server, or it is off: use --user
  7    the server's administrator must act, or the user isn't allowed in now
  8    a proxy, firewall or log-in page is in the way, or a client certificate is wanted
  9    the server's answer makes no sense: report it
  130  cancelled (Ctrl-C)

Messages go to standard error, data to standard output. With --json each is one line of JSON.";

/// Signs in to a Jellyfin server and prints the session, or keeps it.
///
/// Without --user, Quick Connect is used: a code is shown, which you approve in an app that is signed
/// in already, or by scanning the QR code. Nobody has to type a password here.
#[derive(Debug, Parser)]
#[command(
    version,
    subcommand_precedence_over_arg = true,
    override_usage = "jellyfin-login [OPTIONS] [ADDRESS]\n       jellyfin-login [OPTIONS] <COMMAND>",
    after_help = "See --help for examples and for what each exit status means.",
    after_long_help = EXAMPLES
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) sign_in: SignIn,
    #[command(flatten)]
    pub(crate) connection: Connection,
    /// Prints everything as JSON, one object a line: errors and messages too
    #[arg(long, global = true)]
    pub(crate) json: bool,
}

/// A sign-in.
#[derive(Args, Debug)]
pub(crate) struct SignIn {
    /// The server, such as `nas`, `nas:8096` or `https://example.com/jellyfin`; without it, the local
    /// network is searched
    pub(crate) address: Option<String>,
    #[command(flatten)]
    pub(crate) consent: Consent,
    /// Signs in by password, which is asked for, or read as a line from standard input when that is
    /// no terminal
    #[arg(short, long, value_name = "NAME")]
    pub(crate) user: Option<String>,
    /// Keeps the session in this file, which its owner alone can read, instead of printing it. A
    /// session that is there already is replaced, and its device id kept
    #[arg(short, long, value_name = "FILE", conflicts_with_all = ["keyring", "account"])]
    pub(crate) save: Option<PathBuf>,
    /// Keeps the session with your other accounts, instead of printing it. With one's id or number, that
    /// account signs in again, at its own server unless another address is given
    #[arg(
        long, value_name = "ID|NUMBER", num_args = 0..=1, require_equals = true,
        default_missing_value = "", conflicts_with = "keyring"
    )]
    pub(crate) account: Option<String>,
    /// Keeps the session in the system's keyring, under this name, instead of printing it
    #[arg(
        long, value_name = "NAME", num_args = 0..=1, require_equals = true,
        default_missing_value = "default"
    )]
    pub(crate) keyring: Option<String>,
    /// The program that the session is for, as the server's dashboard shows it; `jellyfin-login` by
    /// default
    #[arg(long, value_name = "NAME")]
    pub(crate) client: Option<String>,
    /// The device, as the server's dashboard shows it; this machine's name by default
    #[arg(long, value_name = "NAME")]
    pub(crate) device_name: Option<String>,
    /// The device's id. Signing in again with the same one ends the session before. Without it, the
    /// id of --save's file, of the keyring or of --account=ID is used again, or a new one made
    #[arg(long, value_name = "ID")]
    pub(crate) device_id: Option<String>,
}

/// Reads the command line. The error is what to end with; what is wrong has been shown.
pub(crate) fn read() -> Result<Arguments, ExitCode> {
    parse(env::args_os()).map_err(|error| {
        if !error.use_stderr() {
            // --help and --version, which nobody may be left to read.
            let _ = error.print();
            return ExitCode::SUCCESS;
        }
        // The command line as a whole made no sense, so that nobody else can have seen the switch.
        if env::args_os().any(|argument| argument == "--json") {
            let text = error.render().to_string();
            let text = text.trim().strip_prefix("error: ").unwrap_or(&text).to_owned();
            Messages::new(true).failed(&Failed::new(Exit::Usage, text));
        } else {
            let _ = error.print();
        }
        Exit::Usage.into()
    })
}

fn parse(line: impl IntoIterator<Item = OsString>) -> Result<Arguments, clap::Error> {
    let arguments = Arguments::try_parse_from(line)?;
    if arguments.command.is_some() && arguments.sign_in.is_asked_for() {
        // clap's own switch for this would refuse `--json check` too.
        return Err(Arguments::command().error(
            ErrorKind::ArgumentConflict,
            "options of a sign-in, and the server's address, can't stand before a sub-command",
        ));
    }
    Ok(arguments)
}

impl SignIn {
    fn is_asked_for(&self) -> bool {
        let Self { address, consent, user, save, account, keyring, client, device_name, device_id } =
            self;
        let Consent { allow_http, yes } = *consent;
        let texts = [address, user, account, keyring, client, device_name, device_id];
        allow_http || yes || save.is_some() || texts.into_iter().any(Option::is_some)
    }

    pub(crate) fn place(&self) -> Place {
        match (&self.keyring, &self.save, &self.account) {
            (Some(name), _, _) => Place::Keyring(name.clone()),
            (_, Some(file), _) => Place::File(file.clone()),
            (_, _, Some(account)) => account_of(account),
            (None, None, None) => Place::Stream,
        }
    }
}

/// `--account` without a value is the current account, or a new one.
fn account_of(value: &str) -> Place {
    Place::Account(Some(value.to_owned()).filter(|value| !value.is_empty()))
}

#[cfg(test)]
mod tests;
