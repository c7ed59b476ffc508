//! What can be done beside signing in.

use std::{env, path::PathBuf};

use clap::{Args, Subcommand};
use clap_complete::Shell;

use super::account_of;
use crate::place::Place;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Checks whether a session still works: valid (status 0), revoked (3) or not allowed now (7)
    Check(Source),
    /// Approves the Quick Connect code of another device
    Approve {
        /// The code that the other device shows
        code: String,
        #[command(flatten)]
        source: Source,
    },
    /// Signs out: the server forgets the session, and the file, keyring entry or account is deleted
    Logout(Source),
    /// Lists the addresses of a session's server, adds one or removes one: at home it is reached by one
    /// address, from outside by another
    Address {
        #[command(subcommand)]
        what: Address,
    },
    /// Lists the accounts that --account keeps
    ///
    /// Each with a number, its id, its user and its server; `*` is the current one. With --json it is a
    /// list of objects. What is damaged is reported, and left as it is.
    Accounts,
    /// Makes an account the current one, which --account alone means
    Use {
        /// Its id or number, as `accounts` lists it
        #[arg(value_name = "ID|NUMBER")]
        account: String,
    },
    /// Signs an account out, then deletes it
    Remove {
        /// Its id or number, as `accounts` lists it
        #[arg(value_name = "ID|NUMBER")]
        account: String,
        /// Deletes it without signing out: its server is gone, or the entry is damaged
        #[arg(long)]
        forget: bool,
    },
    /// Prints the value of the `Authorization` header for requests to the server
    Header {
        /// Prints the whole line, for `curl -H @-`, which keeps it out of the list of processes
        #[arg(long)]
        line: bool,
        #[command(flatten)]
        source: Source,
    },
    /// Lists the users that the server shows on its log-in page
    Users {
        /// The server; without it, the local network is searched
        address: Option<String>,
    },
    /// Shows which server it is, and whether Quick Connect is on
    Info {
        /// The server; without it, the local network is searched
        address: Option<String>,
    },
    /// Examines the way to a server: a report to paste where you ask for help
    ///
    /// What was typed and how it was understood, the look-up of the name, connections, the certificate,
    /// the clock, redirects and proxies, the server, Quick Connect; each with a severity and what to do.
    /// No password, token or code is sent or shown, nor what follows a `?` in an address.
    ///
    /// Exit status: 0 when the server can be used, whatever the warnings; otherwise the most telling
    /// problem's, in this order: 7 (the administrator must act), 5 (starting, busy, no answer, or away
    /// behind its proxy), 8 (a proxy is in the way), 9 (an answer that makes no sense), 1 (this
    /// machine's set-up), 4 (nothing there, or its certificate isn't trusted). `jellyfin-login --help`
    /// has the whole list.
    Doctor {
        /// The server, as you would type it to sign in
        address: String,
    },
    /// Prints what packages need
    #[command(hide = true)]
    Generate {
        #[command(subcommand)]
        what: Generate,
    },
}

/// Where a session is.
#[derive(Args, Debug)]
pub(crate) struct Source {
    /// The file that holds the session; `-` is standard input. Without it, the variable
    /// `JELLYFIN_SESSION` names the file, else it is standard input
    #[arg(short, long, value_name = "FILE", conflicts_with_all = ["keyring", "account"])]
    session: Option<PathBuf>,
    /// Takes the current account's session, or that of the account with this id or number
    #[arg(
        long, value_name = "ID|NUMBER", num_args = 0..=1, require_equals = true,
        default_missing_value = "", conflicts_with = "keyring"
    )]
    account: Option<String>,
    /// Takes the session from the system's keyring, where it has this name
    #[arg(
        long, value_name = "NAME", num_args = 0..=1, require_equals = true,
        default_missing_value = "default"
    )]
    keyring: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Address {
    /// Lists them in the order in which they are preferred
    List(Source),
    /// Adds one as the last; if a server can be reached there, it must be the session's own
    Add {
        /// The address, such as `nas`, `nas:8096` or `https://example.com/jellyfin`
        address: String,
        /// Prefers it to all others
        #[arg(long)]
        first: bool,
        /// Accepts an address without encryption that was found where no https was: the session's token can
        /// be read on the way there. An address that begins with `http://` needs no consent
        #[arg(long)]
        allow_http: bool,
        #[command(flatten)]
        source: Source,
    },
    /// Removes one; the last one stays
    Remove {
        /// The address
        address: String,
        #[command(flatten)]
        source: Source,
    },
}

#[derive(Debug, Subcommand)]
pub(crate) enum Generate {
    /// A completion script
    Completions {
        /// The shell
        shell: Shell,
    },
    /// The manual page
    Man {
        /// Writes the pages of all sub-commands into this folder
        #[arg(long, value_name = "FOLDER")]
        folder: Option<PathBuf>,
    },
}

impl Source {
    pub(crate) fn place(&self) -> Place {
        if let Some(name) = &self.keyring {
            return Place::Keyring(name.clone());
        }
        if let Some(account) = &self.account {
            return account_of(account);
        }
        // Read here, since clap takes a variable for a contradiction to `--keyring`.
        let named = || env::var_os("JELLYFIN_SESSION").filter(|file| !file.is_empty());
        match self.session.clone().or_else(|| named().map(PathBuf::from)) {
            Some(file) if file.as_os_str() != "-" => Place::File(file),
            _ => Place::Stream,
        }
    }
}
