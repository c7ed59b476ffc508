//! A real Jellyfin server as a process of its own.

use std::{
    ffi::OsString,
    fs::File,
    io,
    net::{Ipv4Addr, TcpListener},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::{plain_http::PlainHttp, release::Release};

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
    process: Option<Child>,
}

/// A server that hangs must not outlive the test by much.
const LONGEST_LIFE: &str = "1800";
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
        let log = self.data.path().join("output.log");
        let log =
            File::options().append(true).create(true).open(log).expect("a log can be written");
        let arguments: [OsString; 6] = [
            LONGEST_LIFE.into(),
            self.servers.join("start").into(),
            self.release.name().into(),
            self.port.to_string().into(),
            self.data.path().into(),
            self.base_path.into(),
        ];
        let process = Command::new("timeout")
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a file can be shared"))
            .stderr(log)
            .spawn()
            .expect("the server can be started");
        self.process = Some(process);
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
            let ended = self.process.as_mut().and_then(|process| process.try_wait().ok().flatten());
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
        let Some(mut process) = self.process.take() else { return };
        // The standard library can only kill, which loses what the server has not written yet.
        let asked = Command::new("kill").arg(process.id().to_string()).status();
        if !asked.is_ok_and(|status| status.success()) {
            drop(process.kill());
        }
        drop(process.wait());
    }

    fn log(&self) -> String {
        let read = || -> io::Result<String> {
            let text = std::fs::read_to_string(self.data.path().join("output.log"))?;
            let lines: Vec<_> = text.lines().collect();
            Ok(lines[lines.len().saturating_sub(40)..].join("\n"))
        };
        read().unwrap_or_else(|error| error.to_string())
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop();
    }
}

fn free_port() -> u16 {
    let listener =
        TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("loopback can be listened on");
    listener.local_addr().expect("a listener has an address").port()
}
