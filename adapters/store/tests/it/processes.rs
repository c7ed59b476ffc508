//! Several processes at one store, and processes that are killed.

use std::{
    collections::HashSet,
    env,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use jellyfin_auth_store::{AccountId, Error, Slot, Store};

use crate::{names, session, store};

const TASK: &str = "STORE_TEST_TASK";
const HOME: &str = "STORE_TEST_HOME";

/// This program once more, to do a task.
pub(crate) struct Task {
    name: &'static str,
    home: PathBuf,
    /// What a shell does before it.
    before: &'static str,
}

pub(crate) fn child(name: &'static str, home: &Path) -> Task {
    Task { name, home: home.to_owned(), before: "" }
}

impl Task {
    /// With a Secret Service of its own, unlocked.
    #[cfg(all(feature = "keyring", target_os = "linux"))]
    pub(crate) fn with_a_keyring(self) -> Self {
        let before = "printf only-a-test | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1;";
        Self { before, ..self }
    }

    pub(crate) fn limit_files_to_nothing(self) -> Self {
        Self { before: "trap '' XFSZ; ulimit -f 0;", ..self }
    }

    fn start(&self) -> Child {
        self.command().spawn().unwrap()
    }

    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new("sh");
        command
            .arg("-ec")
            .arg(format!("{} exec \"$@\"", self.before))
            .arg("sh")
            .arg(env::current_exe().unwrap())
            .args([
                "--exact",
                "processes::a_task_of_another_process",
                "--ignored",
                "--nocapture",
                "-q",
            ])
            .env(TASK, self.name)
            .env(HOME, &self.home)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        command
    }

    /// The lines that the task has printed.
    pub(crate) fn output(&self) -> String {
        let output = self.start().wait_with_output().unwrap();
        assert!(output.status.success());
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().filter(|line| !line.starts_with("test result")).fold(
            String::new(),
            |all, line| {
                if line.contains(": ") { all + line + "\n" } else { all }
            },
        )
    }
}

/// What the other processes do.
#[test]
#[ignore = "the others run it, in processes of its own"]
fn a_task_of_another_process() {
    let Ok(task) = env::var(TASK) else { return };
    let home = PathBuf::from(env::var_os(HOME).unwrap());
    let store = Store::open(home.join("accounts")).unwrap();
    let id = || -> AccountId { store.list().unwrap().accounts[0].id().clone() };
    let short = session("u-1", "t-1", "d-1");
    match task.as_str() {
        "full-disk" => {
            println!();
            println!("prepare: {}", refusal(&store.prepare(None)));
            println!("replace: {}", refusal(&store.replace(&id(), &short)));
            println!("add: {}", refusal(&store.add(&session("u-1", "t-2", "d-2"))));
        }
        "write" => {
            let long = session("u-1", &"t".repeat(4000), "d-2");
            let slot = Slot::file(home.join("session.json"));
            println!("\nbegun");
            loop {
                for session in [&long, &short] {
                    let _ = store.add(session).unwrap();
                    let _ = slot.prepare().unwrap().keep(session).unwrap();
                    store.set_current(&id()).unwrap();
                }
            }
        }
        "add" => {
            for number in 0..25 {
                let user = format!("u-{}-{number}", std::process::id());
                let _ = store.add(&session(&user, &user, &user)).unwrap();
                let token = format!("shared-{user}");
                let kept = store.add(&session("shared", &token, &token)).unwrap();
                println!("won: {token}");
                if let Some(replaced) = kept.replaced {
                    println!("lost: {}", replaced.access_token().expose());
                }
            }
        }
        "hold" => {
            let prepared = store.prepare(Some(&id())).unwrap();
            println!("\nholds: {}", prepared.device_id());
            let _ = std::io::stdin().read_line(&mut String::new());
        }
        #[cfg(all(feature = "keyring", target_os = "linux"))]
        "keyring" => crate::keyring::task(&home),
        #[cfg(all(feature = "keyring", target_os = "linux"))]
        "no-keyring" => crate::keyring::task_without(&home),
        other => panic!("no task {other}"),
    }
}

fn refusal<T>(result: &Result<T, Error>) -> &'static str {
    match result {
        Err(Error::Io { .. }) => "refused",
        _ => "something else",
    }
}

fn sorted<const COUNT: usize>(mut names: [String; COUNT]) -> [String; COUNT] {
    names.sort();
    names
}

/// Waits for the line that begins with `start`.
fn wait_for(child: &mut Child, start: &str) -> String {
    let lines = BufReader::new(child.stdout.as_mut().unwrap()).lines();
    lines.map(Result::unwrap).find(|line| line.starts_with(start)).expect("the line")
}

/// `STORE_TEST_KILLS=2000` for a thorough run.
#[test]
fn killed_at_any_moment_the_old_or_the_new_session_is_there() {
    let rounds = env::var("STORE_TEST_KILLS").map_or(40, |rounds| rounds.parse().unwrap());
    let (home, store) = store();
    let slot = Slot::file(home.path().join("session.json"));
    let (short, long) = (session("u-1", "t-1", "d-1"), session("u-1", &"t".repeat(4000), "d-2"));
    let id = store.add(&short).unwrap().id;
    let _ = slot.prepare().unwrap().keep(&short).unwrap();
    let mut seen = HashSet::new();

    for round in 0..rounds {
        let mut writer = child("write", home.path()).start();
        wait_for(&mut writer, "begun");
        // Any moment will do; these are spread over several writes.
        std::thread::sleep(Duration::from_micros(round * 397 % 20_000));
        writer.kill().unwrap();
        writer.wait().unwrap();

        for session in [store.get(&id).unwrap(), slot.read().unwrap()] {
            assert!(session == short || session == long, "round {round}");
            seen.insert(session);
        }
        let listing = store.list().unwrap();
        assert_eq!((listing.accounts.len(), listing.damaged.len()), (1, 0), "round {round}");
        assert_eq!(store.current().unwrap().as_ref(), Some(&id), "round {round}");
    }

    assert_eq!(seen.len(), 2, "writers were killed before and after a change");
    // Nothing holds up the next one, and what was left behind goes.
    let _ = store.add(&short).unwrap();
    let _ = slot.prepare().unwrap().keep(&short).unwrap();
    assert_eq!(names(&home), sorted([format!("{id}.json"), "current".to_owned()]));
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 2);
}

#[test]
fn processes_that_add_at_the_same_time_lose_nothing() {
    let (home, store) = store();
    let tasks: Vec<_> = (0..4)
        .map(|_| {
            let home = home.path().to_owned();
            std::thread::spawn(move || child("add", &home).output())
        })
        .collect();

    let output: String = tasks.into_iter().map(|task| task.join().unwrap()).collect();

    let listing = store.list().unwrap();
    assert_eq!((listing.accounts.len(), listing.damaged.len()), (4 * 25 + 1, 0));
    let those = |what: &str| -> HashSet<&str> {
        output.lines().filter_map(|line| line.split_once(what)).map(|(_, token)| token).collect()
    };
    let (won, lost) = (those("won: "), those("lost: "));
    let shared = listing.accounts.iter().find(|account| account.user_id() == "shared").unwrap();
    let kept = store.get(shared.id()).unwrap();
    assert_eq!(
        won.difference(&lost).copied().collect::<Vec<_>>(),
        [kept.access_token().expose()],
        "every other one was handed back to be signed out"
    );
}

#[test]
fn the_device_id_of_a_process_that_signs_in_is_lent_to_no_other() {
    let (home, store) = store();
    let id = store.add(&session("u-1", "t-1", "d-1")).unwrap().id;
    let mut other = child("hold", home.path()).start();
    assert_eq!(wait_for(&mut other, "holds"), "holds: d-1");

    assert_ne!(store.prepare(Some(&id)).unwrap().device_id().as_str(), "d-1");
    other.kill().unwrap();
    other.wait().unwrap();

    assert_eq!(store.prepare(Some(&id)).unwrap().device_id().as_str(), "d-1");
}
