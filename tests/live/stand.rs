//! A server that is set up on which each case is run by each adapter.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::{Mutex, MutexGuard, OnceLock, RwLock, mpsc},
    thread,
    time::Duration,
};

use jellyfin_auth::{Error, Login, ServerUrl, Session};
use jellyfin_auth_both_drivers::{Adapter, BOTH};

use crate::{
    administrator::Administrator,
    cases::Case,
    release::Release,
    scene::Scene,
    server::{Server, servers_folder},
};

/// A server that starts when the first case needs it.
#[derive(Debug)]
pub(crate) struct Stand {
    release: Release,
    base_path: &'static str,
    running: OnceLock<Running>,
    /// Written by a case that must be alone.
    side_by_side: RwLock<()>,
}

/// A server that is set up.
#[derive(Debug)]
pub(crate) struct Running {
    pub(crate) release: Release,
    pub(crate) administrator: Administrator,
    /// What each adapter's sign-in ended with before the wizard was gone through.
    pub(crate) before_set_up: Vec<(Adapter, Result<Session, Error>)>,
    server: Mutex<Server>,
    url: String,
    origin: String,
    data: PathBuf,
}

/// An actor's signal that it has come to where the others wait.
#[derive(Debug)]
pub(crate) struct Cue(mpsc::Sender<()>);

const LONGEST_WAIT_FOR_CUE: Duration = Duration::from_secs(60);

impl Stand {
    pub(crate) fn new(release: Release, base_path: &'static str) -> Self {
        Self { release, base_path, running: OnceLock::new(), side_by_side: RwLock::new(()) }
    }

    pub(crate) fn release(&self) -> Release {
        self.release
    }

    fn running(&self) -> &Running {
        self.running.get_or_init(|| {
            let servers = servers_folder().expect("a case is ignored without servers");
            Running::start(&servers, self.release, self.base_path)
        })
    }

    /// Plays a case by each adapter; gives what each ended with.
    pub(crate) fn play(&self, case: &Case) -> Vec<(Adapter, Result<(), String>)> {
        let _others = (!case.alone).then(|| self.side_by_side.read());
        let _alone = case.alone.then(|| self.side_by_side.write());
        let running = self.running();
        if let Some(before) = case.before {
            before(running);
        }
        let (cue, cues) = mpsc::channel();
        let act = |adapter| {
            let cue = Cue(cue.clone());
            let scene = Scene::new(running, adapter, case.name);
            catch_unwind(AssertUnwindSafe(|| (case.act)(&scene, &cue)))
                .map_err(|panic| message(&*panic))
        };
        let Some(meanwhile) = case.meanwhile else {
            return BOTH.map(|adapter| (adapter, act(adapter))).into();
        };
        thread::scope(|scope| {
            let actors = BOTH.map(|adapter| (adapter, scope.spawn(move || act(adapter))));
            for _ in &actors {
                // An actor that failed on its way gives no cue; the others still deserve the act.
                if cues.recv_timeout(LONGEST_WAIT_FOR_CUE).is_err() {
                    break;
                }
            }
            meanwhile(running);
            let end = |(adapter, actor): (_, thread::ScopedJoinHandle<'_, _>)| {
                (adapter, actor.join().unwrap_or_else(|panic| Err(message(&*panic))))
            };
            actors.map(end).into()
        })
    }
}

impl Cue {
    /// The point at which the rest of the world acts.
    pub(crate) fn give(&self) {
        // Nobody listens any more once the world has acted.
        let _ = self.0.send(());
    }
}

impl Running {
    fn start(servers: &Path, release: Release, base_path: &'static str) -> Self {
        let mut server = Server::new(servers, release, base_path);
        server.launch();
        server.wait_until_ready();
        let url = server.url();
        let before_set_up = BOTH.map(|adapter| (adapter, knock(adapter, &url))).into();
        Self {
            release,
            administrator: Administrator::set_up(&url),
            before_set_up,
            origin: server.origin(),
            url,
            data: server.data().to_owned(),
            server: Mutex::new(server),
        }
    }

    /// Where the API is, as one types it.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The same without the base path.
    pub(crate) fn origin(&self) -> &str {
        &self.origin
    }

    pub(crate) fn port(&self) -> u16 {
        self.server().port()
    }

    /// The folder that the server writes to.
    pub(crate) fn data(&self) -> &Path {
        &self.data
    }

    pub(crate) fn stop(&self) {
        self.server().stop();
    }

    /// Starts the process and waits until it does business.
    pub(crate) fn start_again(&self) {
        let mut server = self.server();
        server.launch();
        server.wait_until_ready();
    }

    fn server(&self) -> MutexGuard<'_, Server> {
        self.server.lock().expect("no start was left half done")
    }
}

fn knock(adapter: Adapter, url: &str) -> Result<Session, Error> {
    let url = ServerUrl::parse(url).expect("it is an address");
    let device = Scene::device_of("too-early");
    adapter.run(Login::password(url, device, "root", "pw-root")?)
}

fn message(panic: &(dyn Any + Send)) -> String {
    panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(|&text| text.to_owned()))
        .unwrap_or_else(|| "it panicked".to_owned())
}
