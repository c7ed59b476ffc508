//! What stands in front of a server.

use std::{
    ffi::OsString,
    fs,
    net::TcpStream,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use jellyfin_auth_both_drivers::{Adapter, BOTH};
use jellyfin_auth_testkit::test_program::{Need, find_program};

use crate::daemon::{Daemon, free_port};

/// A program that stands in front of a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Proxy {
    Nginx,
    Caddy,
    Haproxy,
    Varnish,
    /// With `mod_auth_openidc`.
    Apache,
}

/// A proxy with its configuration, in which `FOLDER` and `PORT` are its folder and its port.
#[derive(Clone, Debug)]
pub(crate) struct Configured {
    proxy: Proxy,
    configuration: String,
}

/// A proxy that runs until it is dropped.
#[derive(Debug)]
pub(crate) struct Front {
    /// Where it listens.
    pub(crate) port: u16,
    folder: tempfile::TempDir,
    _daemon: Daemon,
}

const LONGEST_START: Duration = Duration::from_secs(30);
/// Another program may take a port between the moment when it was free and the start.
const STARTS: usize = 5;
const MODULES: &str = "/usr/lib/apache2/modules";

impl Proxy {
    pub(crate) const fn program(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::Caddy => "caddy",
            Self::Haproxy => "haproxy",
            Self::Varnish => "varnishd",
            Self::Apache => "apache2",
        }
    }

    pub(crate) fn need(self) -> Need {
        let need = Need::program(self.program());
        match self {
            Self::Apache => {
                let module = Path::new(MODULES).join("mod_auth_openidc.so");
                Need::new(need.name(), need.is_met() && module.is_file())
            }
            _ => need,
        }
    }

    /// Runs `test` by each adapter, with this proxy among those that are configured.
    pub(crate) fn with_each<const N: usize>(
        self,
        fronts: [Configured; N],
        test: impl Fn(&Front, Adapter),
    ) {
        let front = self.start(fronts);
        for adapter in BOTH {
            test(&front, adapter);
        }
    }

    /// This proxy among those that are configured.
    pub(crate) fn start<const N: usize>(self, fronts: [Configured; N]) -> Front {
        let front = fronts.into_iter().find(|front| front.proxy == self);
        front.expect("each of a test's proxies is configured").start()
    }

    fn starts(self, folder: &Path, file: &Path, port: u16) -> Daemon {
        let program = find_program(self.program()).expect("a test is ignored without its proxy");
        let log = folder.join("output.log");
        let words = |words: &[&str]| words.iter().map(OsString::from).collect::<Vec<_>>();
        let (folder, file) = (folder.as_os_str().to_owned(), file.as_os_str().to_owned());
        let (program, arguments) = match self {
            Self::Nginx => (program, ["-p".into(), folder, "-c".into(), file].to_vec()),
            Self::Caddy => {
                // Caddy keeps its last configuration in the user's home.
                let mut home = OsString::from("XDG_CONFIG_HOME=");
                home.push(folder);
                let run = words(&["run", "--adapter", "caddyfile", "--config"]);
                let arguments = [vec![home, program.into()], run, vec![file]].concat();
                ("env".into(), arguments)
            }
            Self::Haproxy => (program, ["-db".into(), "-f".into(), file].to_vec()),
            Self::Varnish => {
                let listen = format!("127.0.0.1:{port}");
                let own = Path::new(&folder).join("varnish").into();
                let first = words(&["-F", "-j", "none", "-s", "malloc,16m", "-a", &listen, "-n"]);
                (program, [first, vec![own, "-f".into(), file]].concat())
            }
            Self::Apache => (program, ["-X".into(), "-f".into(), file].to_vec()),
        };
        Daemon::start(&program, arguments, &log)
    }
}

impl Configured {
    fn new(proxy: Proxy, configuration: String) -> Self {
        Self { proxy, configuration }
    }

    /// nginx with these servers.
    pub(crate) fn nginx(servers: &str) -> Self {
        Self::new(
            Proxy::Nginx,
            format!(
                "pid FOLDER/pid; error_log FOLDER/error.log warn; daemon off; master_process off;
            events {{ worker_connections 64; }}
            http {{
                log_format whole '$request $http_authorization $request_body';
                access_log FOLDER/access.log whole;
                client_body_temp_path FOLDER/body; proxy_temp_path FOLDER/proxy;
                fastcgi_temp_path FOLDER/fastcgi; uwsgi_temp_path FOLDER/uwsgi;
                scgi_temp_path FOLDER/scgi;
                proxy_http_version 1.1; proxy_set_header Host $http_host;
                {servers}
            }}"
            ),
        )
    }

    /// Caddy with these sites.
    pub(crate) fn caddy(sites: &str) -> Self {
        Self::caddy_with("", sites)
    }

    /// The same with global options.
    pub(crate) fn caddy_with(options: &str, sites: &str) -> Self {
        Self::new(
            Proxy::Caddy,
            format!(
                "{{\nadmin off\nauto_https off\nstorage file_system FOLDER\n{options}\n}}\n{sites}"
            ),
        )
    }

    /// `HAProxy` with these sections.
    pub(crate) fn haproxy(sections: &str) -> Self {
        Self::new(
            Proxy::Haproxy,
            format!(
                "defaults\n mode http\n timeout connect 1s\n timeout client 60s\n timeout server 60s\n{sections}\n"
            ),
        )
    }

    /// Varnish in front of this port.
    pub(crate) fn varnish(backend: u16) -> Self {
        Self::new(
            Proxy::Varnish,
            format!(
                "vcl 4.1;\nbackend default {{ .host = \"127.0.0.1\"; .port = \"{backend}\"; .connect_timeout = 1s; }}\n"
            ),
        )
    }

    /// Apache with `mod_auth_openidc` and these directives.
    pub(crate) fn apache(directives: &str) -> Self {
        let modules = [
            "mpm_event",
            "authn_core",
            "authz_core",
            "authz_user",
            "headers",
            "proxy",
            "proxy_http",
            "auth_openidc",
        ];
        let load = modules
            .map(|name| format!("LoadModule {name}_module {MODULES}/mod_{name}.so\n"))
            .concat();
        Self::new(
            Proxy::Apache,
            format!(
                "ServerRoot FOLDER\nServerName 127.0.0.1\nListen 127.0.0.1:PORT\nPidFile FOLDER/pid\n\
             DefaultRuntimeDir FOLDER\nErrorLog FOLDER/error.log\nUser #65534\nGroup #65534\n{load}{directives}\n"
            ),
        )
    }

    pub(crate) fn start(&self) -> Front {
        let mut last = String::new();
        for _ in 0..STARTS {
            match self.try_start() {
                Ok(front) => return front,
                Err(log) => last = log,
            }
        }
        panic!("{} did not start:\n{last}", self.proxy.program());
    }

    /// Starts it, or returns its log when it ended.
    fn try_start(&self) -> Result<Front, String> {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let port = free_port();
        let configuration = self
            .configuration
            .replace("FOLDER", &folder.path().display().to_string())
            .replace("PORT", &port.to_string());
        let file = folder.path().join("configuration");
        fs::write(&file, configuration).expect("a file can be written");
        let mut daemon = self.proxy.starts(folder.path(), &file, port);
        let deadline = Instant::now() + LONGEST_START;
        loop {
            let log = || fs::read_to_string(folder.path().join("output.log")).unwrap_or_default();
            if daemon.ended().is_some() {
                return Err(log());
            }
            if TcpStream::connect(("127.0.0.1", port)).is_ok() {
                return Ok(Front { port, folder, _daemon: daemon });
            }
            assert!(Instant::now() < deadline, "{}", log());
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Front {
    /// Its address as one types it.
    pub(crate) fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// A file in the proxy's folder.
    pub(crate) fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What nginx was asked: request line, `Authorization` and body of each request. It writes a
    /// request down after it has answered, so the last ones can be missing.
    pub(crate) fn asked(&self) -> String {
        fs::read_to_string(self.file("access.log")).unwrap_or_default()
    }

    /// The same once `path` is in it.
    pub(crate) fn asked_for(&self, path: &str) -> String {
        let deadline = Instant::now() + LONGEST_START;
        loop {
            let asked = self.asked();
            if asked.contains(path) {
                return asked;
            }
            assert!(Instant::now() < deadline, "nginx was not asked for {path}:\n{asked}");
            thread::sleep(Duration::from_millis(20));
        }
    }
}
