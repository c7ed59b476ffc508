//! What the user sees: what happens on standard error, what came of it on standard output.

use jellyfin_auth::{AccessToken, ServerInfo, Session, User, Wait, WaitReason};

/// Shows each wait as it begins, and the code when it is new.
pub(crate) struct Waits {
    shown: Option<String>,
    enter_checks: bool,
}

impl Waits {
    pub(crate) fn new(enter_checks: bool) -> Self {
        Self { shown: None, enter_checks }
    }

    pub(crate) fn show(&mut self, wait: &Wait) {
        if let Some(code) = wait.code() {
            if self.shown.as_deref() != Some(code) {
                eprintln!();
                eprintln!("    Quick Connect code: {code}");
                eprintln!();
                eprintln!(
                    "Type it into an app that is signed in: its user settings, Quick Connect."
                );
                if self.enter_checks {
                    eprintln!("Press Enter to check at once whether it was approved.");
                }
                self.shown = Some(code.to_owned());
            }
        }
        let seconds = wait.delay().as_secs_f64();
        let reason = match wait.reason() {
            WaitReason::Approval => "the code has not been approved yet".to_owned(),
            reason => reason.to_string(),
        };
        match wait.code_expires_in() {
            Some(left) => {
                let (minutes, seconds_left) = (left.as_secs() / 60, left.as_secs() % 60);
                eprintln!(
                    "Checking again in {seconds:.0} s: {reason} ({minutes}:{seconds_left:02} left)"
                );
            }
            None => eprintln!("Trying again in {seconds:.0} s: {reason}"),
        }
    }
}

/// Shows who is signed in where.
pub(crate) fn show_session(session: &Session, info: &ServerInfo, user: &User) {
    let server_name = info.name.as_deref().unwrap_or("a server without a name");
    let product = info.product.as_deref().unwrap_or("Jellyfin");
    println!("Server:  {server_name}, {product} {}, {}", info.version, session.server());
    println!("User:    {} ({})", user.name.as_deref().unwrap_or("without a name"), user.id);
    println!("Token:   {}", masked(session.access_token()));
}

/// Enough of a token to distinguish it from another one, and not enough to use it.
fn masked(token: &AccessToken) -> String {
    const SHOWN: usize = 4;
    let token = token.expose();
    format!("{}… ({} characters)", token.get(..SHOWN).unwrap_or_default(), token.len())
}
