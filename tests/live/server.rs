//! A real Jellyfin server as a process of its own.

use std::{
    ffi::OsString,
    io,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use crate::{
    daemon::{Daemon, free_port},
    plain_http::PlainHttp,
    release::Release,
};

/// The folder with `start`; without it nothing of this can run.
pub(crate) fn servers_folder() -> Option<PathBuf> {
    std::env::var_os("JELLYFIN_SERVERS").filter(|folder| !folder.is_empty()).map(PathBuf::from)
}

/// A server's data folder and port, and the process while it runs.
#[derive(Debug)]
pub(crate) struct Server {
    release: Release,
    servers: PathBuf,
    data: tempfile::TempDir,
    port: u16,
    base_path: &'static str,
    process: Option<Daemon>,
}

const LOG: &str = "output.log";
const LONGEST_START: Duration = Duration::from_secs(90);

impl Server {
    /// A server with an empty data folder, not yet started.
    pub(crate) fn new(servers: &Path, release: Release, base_path: &'static str) -> Self {
        Self {
            release,
            servers: servers.to_owned(),
            data: tempfile::tempdir().expect("there is room for a data folder"),
            port: free_port(),
            base_path,
            process: None,
        }
    }

    /// `http://127.0.0.1:PORT`, without the base path.
    pub(crate) fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Where the API is.
    pub(crate) fn url(&self) -> String {
        format!("{}{}", self.origin(), self.base_path)
    }

    /// The folder that the server writes to.
    pub(crate) fn data(&self) -> &Path {
        self.data.path()
    }

    /// Starts the process and returns at once.
    pub(crate) fn launch(&mut self) {
        assert!(self.process.is_none(), "the server runs already");
        let arguments: [OsString; 4] = [
            self.release.name().into(),
            self.port.to_string().into(),
            self.data.path().into(),
            self.base_path.into(),
        ];
        let log = self.data.path().join(LOG);
        self.process = Some(Daemon::start(&self.servers.join("start"), arguments, &log));
    }

    /// Waits until the server does business.
    pub(crate) fn wait_until_ready(&mut self) {
        let deadline = Instant::now() + LONGEST_START;
        let http = PlainHttp::new(self.url());
        loop {
            let ready = http.get("/System/Info/Public").is_ok_and(|answer| {
                // The set-up server answers in camelCase; the main one while it loads, with 503.
                answer.status == 200 && answer.body.contains("\"StartupWizardCompleted\"")
            }) && http.get("/Users/Public").is_ok_and(|answer| answer.status == 200);
            if ready {
                return;
            }
            let ended = self.process.as_mut().and_then(Daemon::ended);
            assert!(
                ended.is_none() && Instant::now() < deadline,
                "{} did not start ({ended:?}):\n{}",
                self.release,
                self.log()
            );
            thread::sleep(Duration::from_millis(50));
        }
    }

    /// Stops the process as an administrator does, and waits for its end.
    pub(crate) fn stop(&mut self) {
        self.process = None;
    }

    fn log(&self) -> String {
        let read = || -> io::Result<String> {
            let text = std::fs::read_to_string(self.data.path().join(LOG))?;
            let lines: Vec<_> = text.lines().collect();
            Ok(lines[lines.len().saturating_sub(40)..].join("\n"))
        };
        read().unwrap_or_else(|error| error.to_string())
    }
}
