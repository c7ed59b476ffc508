//! What stands in front of a server.

use std::{
    env,
    ffi::OsString,
    fs,
    net::TcpStream,
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use crate::daemon::{Daemon, free_port};

/// A proxy that runs until it is dropped.
#[derive(Debug)]
pub(crate) struct Front {
    /// Where it listens.
    pub(crate) port: u16,
    folder: tempfile::TempDir,
    _daemon: Daemon,
}

const LONGEST_START: Duration = Duration::from_secs(30);

impl Front {
    /// nginx with these servers; `FOLDER` and `PORT` in the text are its folder and its port. `None`
    /// when there is no nginx.
    pub(crate) fn nginx(servers: &str) -> Option<Self> {
        let program = installed("nginx")?;
        let configuration = format!(
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
        );
        let started = |folder: &Path, file: &Path| {
            let arguments = ["-p".as_ref(), folder.as_os_str(), "-c".as_ref(), file.as_os_str()];
            Daemon::start(&program, arguments, &folder.join("output.log"))
        };
        Some(Self::start(&configuration, started))
    }

    /// Caddy with these sites; `FOLDER` and `PORT` in the text are its folder and its port. `None`
    /// when there is no Caddy.
    pub(crate) fn caddy(sites: &str) -> Option<Self> {
        Self::caddy_with("", sites)
    }

    /// The same with global options.
    pub(crate) fn caddy_with(options: &str, sites: &str) -> Option<Self> {
        let program = installed("caddy")?;
        let configuration = format!(
            "{{\nadmin off\nauto_https off\nstorage file_system FOLDER\n{options}\n}}\n{sites}"
        );
        let started = |folder: &Path, file: &Path| {
            // Caddy keeps its last configuration in the user's home.
            let home = OsString::from(format!("XDG_CONFIG_HOME={}", folder.display()));
            let run = ["run", "--adapter", "caddyfile", "--config"].map(OsString::from);
            let arguments = [home, program.into()].into_iter().chain(run).chain([file.into()]);
            Daemon::start(Path::new("env"), arguments, &folder.join("output.log"))
        };
        Some(Self::start(&configuration, started))
    }

    /// `HAProxy` with these sections; `FOLDER` and `PORT` in the text are its folder and its port. `None` when there is no `HAProxy`.
    pub(crate) fn haproxy(sections: &str) -> Option<Self> {
        let program = installed("haproxy")?;
        let configuration = format!(
            "defaults\n mode http\n timeout connect 1s\n timeout client 60s\n timeout server 60s\n{sections}\n"
        );
        let started = |folder: &Path, file: &Path| {
            let arguments = ["-db".as_ref(), "-f".as_ref(), file.as_os_str()];
            Daemon::start(&program, arguments, &folder.join("output.log"))
        };
        Some(Self::start(&configuration, started))
    }

    /// Varnish in front of this port. `None` when there is no Varnish.
    pub(crate) fn varnish(backend: u16) -> Option<Self> {
        let program = installed("varnishd")?;
        let configuration = format!(
            "vcl 4.1;\nbackend default {{ .host = \"127.0.0.1\"; .port = \"{backend}\"; .connect_timeout = 1s; }}\n\
             # PORT\n"
        );
        let started = |folder: &Path, file: &Path| {
            let text = fs::read_to_string(file).expect("it was just written");
            let port = text.lines().last().and_then(|line| line.strip_prefix("# "));
            let listen = format!("127.0.0.1:{}", port.expect("the port"));
            let arguments = ["-F", "-j", "none", "-s", "malloc,16m", "-a", &listen, "-n"];
            let arguments =
                arguments.map(OsString::from).into_iter().chain([folder.join("varnish").into()]);
            let arguments = arguments.chain(["-f".into(), file.as_os_str().to_owned()]);
            Daemon::start(&program, arguments, &folder.join("output.log"))
        };
        Some(Self::start(&configuration, started))
    }

    /// Apache with `mod_auth_openidc` and these directives; `FOLDER` and `PORT` in the text are its folder
    /// and its port. `None` when there is no such Apache.
    pub(crate) fn apache(directives: &str) -> Option<Self> {
        let program = installed("apache2")?;
        let modules = Path::new("/usr/lib/apache2/modules");
        if !modules.join("mod_auth_openidc.so").is_file() {
            return None;
        }
        let load: String = [
            "mpm_event",
            "authn_core",
            "authz_core",
            "authz_user",
            "headers",
            "proxy",
            "proxy_http",
            "auth_openidc",
        ]
        .map(|name| format!("LoadModule {name}_module {}/mod_{name}.so\n", modules.display()))
        .concat();
        let configuration = format!(
            "ServerRoot FOLDER\nServerName 127.0.0.1\nListen 127.0.0.1:PORT\nPidFile FOLDER/pid\n\
             DefaultRuntimeDir FOLDER\nErrorLog FOLDER/error.log\nUser #65534\nGroup #65534\n{load}{directives}\n"
        );
        let started = |folder: &Path, file: &Path| {
            let arguments = ["-X".as_ref(), "-f".as_ref(), file.as_os_str()];
            Daemon::start(&program, arguments, &folder.join("output.log"))
        };
        Some(Self::start(&configuration, started))
    }

    fn start(configuration: &str, start: impl FnOnce(&Path, &Path) -> Daemon) -> Self {
        let folder = tempfile::tempdir().expect("there is room for a folder");
        let port = free_port();
        let configuration = configuration
            .replace("FOLDER", &folder.path().display().to_string())
            .replace("PORT", &port.to_string());
        let file = folder.path().join("configuration");
        fs::write(&file, configuration).expect("a file can be written");
        let mut daemon = start(folder.path(), &file);
        let deadline = Instant::now() + LONGEST_START;
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            let log = || fs::read_to_string(folder.path().join("output.log")).unwrap_or_default();
            assert!(daemon.ended().is_none() && Instant::now() < deadline, "{}", log());
            thread::sleep(Duration::from_millis(20));
        }
        Self { port, folder, _daemon: daemon }
    }

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

/// Runs `test` by each adapter and with each of the `fronts` that is installed.
pub(crate) fn with_each<const N: usize>(
    fronts: [(&str, Option<Front>); N],
    test: impl Fn(&Front, jellyfin_auth_both_drivers::Adapter),
) {
    for (name, front) in fronts {
        let Some(front) = front else {
            eprintln!("skipped: no {name}");
            continue;
        };
        for adapter in jellyfin_auth_both_drivers::BOTH {
            eprintln!("{name}, {}", adapter.name());
            test(&front, adapter);
        }
    }
}

fn installed(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    // nginx lies where only administrators look.
    let more = ["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from);
    let mut folders = env::split_paths(&path).chain(more);
    folders.find_map(|folder| Some(folder.join(program)).filter(|file| file.is_file()))
}
