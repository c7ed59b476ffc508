//! What lets the program past a gateway in front of a server: the lines of `--header-file`.

use std::{fmt, path::Path};

use jellyfin_auth::{Gateway, GatewayHeaderError, GatewayHeaders, GatewayKind, ServerUrl, Session};
use serde_json::json;

use crate::{
    Program,
    connection::Connection,
    failed::{Exit, Failed},
    private_file,
};

impl Program {
    /// Takes the lines of `--header-file` for the address that was typed.
    pub(crate) fn take_headers(
        &mut self,
        connection: &Connection,
        address: Option<&str>,
    ) -> Result<(), Failed> {
        let Some(file) = &connection.header_file else { return Ok(()) };
        let Some(address) = address else {
            let message = "--header-file needs the server's address, which its lines go to";
            return Err(Failed::new(Exit::Usage, message));
        };
        let server = ServerUrl::parse(address)
            .map_err(|error| Failed::new(Exit::Address, error.to_string()))?;
        let mut headers = std::mem::take(&mut self.gateway_headers);
        self.read_headers(file, &server, &mut headers)?;
        self.gateway_headers = headers;
        Ok(())
    }

    /// The session with the lines of `--header-file`, if it is given, for where its server is.
    pub(crate) fn with_headers(
        &self,
        connection: &Connection,
        session: Session,
    ) -> Result<Session, Failed> {
        let Some(file) = &connection.header_file else { return Ok(session) };
        let mut headers = session.gateway_headers().clone();
        self.read_headers(file, session.server(), &mut headers)?;
        Ok(session.with_gateway_headers(headers))
    }

    /// Puts the lines of `file` in the place of those for the origin of `server`.
    fn read_headers(
        &self,
        file: &Path,
        server: &ServerUrl,
        headers: &mut GatewayHeaders,
    ) -> Result<(), Failed> {
        headers.remove(server);
        let path = file.to_owned();
        let content = self.interrupts.wait_for(move || private_file::read(&path))??;
        let broken = |number: usize, why: &dyn fmt::Display| {
            Failed::new(Exit::Usage, format!("{}, line {number}: {why}", file.display()))
        };
        for (line, number) in content.split(|byte| *byte == b'\n').zip(1..) {
            let line = std::str::from_utf8(line).map_err(|_| broken(number, &"it isn't text"))?;
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (name, value) = line
                .split_once(':')
                .ok_or_else(|| broken(number, &"it is no header line: write `Name: value`"))?;
            headers.add(server, name, value).map_err(|error| match error {
                // Who mixed the two up has a secret for a name.
                GatewayHeaderError::BadValue { .. } => {
                    broken(number, &"it has no usable value: 1 to 8192 visible ASCII characters")
                }
                other => broken(number, &other),
            })?;
        }
        if headers.are_for(server) {
            Ok(())
        } else {
            Err(Failed::new(Exit::Usage, format!("{} has no header lines", file.display())))
        }
    }

    /// Warns of lines that were given for another address than that where the server is.
    pub(crate) fn report_unused_headers(&self, connection: &Connection, server: &ServerUrl) {
        if connection.header_file.is_some() && !self.gateway_headers.are_for(server) {
            self.messages.report(
                "headers_unused",
                json!({ "url": server.as_str() }),
                &format!(
                    "Warning: the lines of --header-file were given for another address than {server}, \
                     and weren't sent there. They go to the scheme, host and port that you type; without a \
                     scheme that is https."
                ),
            );
        }
    }
}

/// What to do about a gateway with this program.
pub(crate) fn advice(gateway: &Gateway) -> Option<String> {
    const ELSEWHERE: &str =
        "use an address of the server that doesn't lead through it, such as the one at home";
    let lines = gateway.header_lines();
    match gateway.kind() {
        _ if !lines.is_empty() => Some(format!(
            "Put its lines into a file that only you can read, and give that by --header-file FILE: `{}`. Or \
             {ELSEWHERE}.",
            lines.join("` and `")
        )),
        GatewayKind::LogIn => Some(format!(
            "If it takes a header or a cookie, put that line into a file that only you can read, and give \
             that by --header-file FILE. Or {ELSEWHERE}."
        )),
        GatewayKind::NasPortal => None,
        _ => Some(format!("Or {ELSEWHERE}.")),
    }
}
