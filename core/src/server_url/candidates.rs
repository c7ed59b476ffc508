use super::{ServerUrl, ServerUrlError, authority, check, has_scheme};

/// Jellyfin's own ports, for http and https.
const HTTP_PORT: u16 = 8096;
const HTTPS_PORT: u16 = 8920;

impl ServerUrl {
    /// Guesses what was meant, best guess first.
    ///
    /// An address with a scheme is meant as it stands. `host:port/path` gives https, then http, at
    /// that port. `host/path` gives https, http at port 8096, http, and https at port 8920.
    ///
    /// ```
    /// use jellyfin_auth::ServerUrl;
    ///
    /// let guesses = ServerUrl::candidates("nas:8096")?;
    /// assert_eq!(guesses, [ServerUrl::parse("https://nas:8096")?, ServerUrl::parse("http://nas:8096")?]);
    /// # Ok::<(), jellyfin_auth::ServerUrlError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`ServerUrlError`], as [`parse`](Self::parse).
    pub fn candidates(typed: &str) -> Result<Vec<Self>, ServerUrlError> {
        let typed = check(typed)?;
        let secure = Self::parse(typed)?;
        if has_scheme(typed) {
            return Ok(vec![secure]);
        }
        let plain = Self::from_complete(&format!("http://{typed}"))?;
        // Told apart by the text: a URL parser drops a port that is the scheme's own.
        let authority = authority(typed.trim_start_matches(['/', '\\']));
        let port_was_typed =
            authority.rfind(':').is_some_and(|colon| !authority[colon..].contains(']'));
        if port_was_typed {
            return Ok(vec![secure, plain]);
        }
        let at = |scheme: &str, port: u16| {
            let (host, path) = (secure.host(), secure.base_path());
            Self::from_complete(&format!("{scheme}://{host}:{port}{path}"))
        };
        // A guess that the port makes too long is none.
        let mut guesses = vec![secure.clone()];
        guesses.extend(at("http", HTTP_PORT));
        guesses.push(plain);
        guesses.extend(at("https", HTTPS_PORT));
        Ok(guesses)
    }
}
