//! Keeps everything that the process records: spans and events, log records, panics.

mod events;
mod logs;
mod panics;

use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use tracing_subscriber::{Registry, layer::SubscriberExt as _};

pub(crate) use events::Event;
pub(crate) use logs::Record;

/// Every secret of these tests starts so.
pub(crate) const CANARY: &str = "cAnArY";

#[derive(Default)]
struct Store {
    events: Mutex<Vec<Event>>,
    records: Mutex<Vec<Record>>,
    panics: Mutex<Vec<String>>,
}

/// The recorder of the process. Tests run side by side: each finds its own events by its own span.
pub(crate) struct Recorder(&'static Store);

impl Recorder {
    /// Begins to record, if that hasn't been done yet.
    pub(crate) fn start() -> Self {
        static STORE: OnceLock<&'static Store> = OnceLock::new();
        Self(STORE.get_or_init(|| {
            let store: &'static Store = Box::leak(Box::default());
            let subscriber = Registry::default().with(events::Collector(&store.events));
            tracing::subscriber::set_global_default(subscriber).expect("it is the only one");
            log::set_boxed_logger(Box::new(logs::Collector(&store.records)))
                .expect("it is the only one");
            log::set_max_level(log::LevelFilter::Trace);
            panics::collect(&store.panics);
            store
        }))
    }

    /// All events, of every target.
    pub(crate) fn events(&self) -> Vec<Event> {
        lock(&self.0.events).clone()
    }

    /// The events of what ran in `scene`, by the adapters.
    pub(crate) fn events_in(&self, scene: &tracing::Span) -> Vec<Event> {
        let scene = scene.id().expect("a span that is recorded").into_u64();
        let mut events = self.events();
        events.retain(|event| event.target == "jellyfin_auth" && event.is_in(scene));
        events
    }

    /// The records of `log` that hold a secret, of every target.
    pub(crate) fn records_with_secrets(&self) -> Vec<Record> {
        let mut records = self.records();
        records.retain(|record| has_secret(&record.text));
        records
    }

    /// All records of `log`, of every target.
    pub(crate) fn records(&self) -> Vec<Record> {
        lock(&self.0.records).clone()
    }

    /// From now on `ureq` and `ureq_proto` are recorded at `trace` too.
    pub(crate) fn record_bytes() {
        logs::record_bytes();
    }

    /// What was printed of panics, with backtraces.
    pub(crate) fn panics(&self) -> Vec<String> {
        lock(&self.0.panics).clone()
    }
}

/// Whether a secret can be read in `text`: as it is, in any case of letters, as a list of bytes, or
/// in base64.
pub(crate) fn has_secret(text: &str) -> bool {
    let in_decimal = CANARY.bytes().map(|byte| byte.to_string()).collect::<Vec<_>>().join(", ");
    let in_hex: String =
        CANARY.bytes().flat_map(|byte| [byte >> 4, byte & 15]).map(digit).collect();
    let text_in_small = text.to_lowercase();
    text_in_small.contains(&CANARY.to_lowercase())
        || text_in_small.contains(&in_hex)
        || text.contains(&in_decimal)
        // The letters that depend on nothing else, at each of the three places in a group of base64.
        || ["Y0FuQXJ", "NBbkFyW", "jQW5Bcl"].iter().any(|base64| text.contains(base64))
}

fn digit(value: u8) -> char {
    char::from_digit(value.into(), 16).expect("half a byte is one digit")
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[test]
fn a_secret_is_found_in_every_disguise() {
    let hidden = "al:cAnArY-1";
    assert!(has_secret(hidden) && has_secret(&hidden.to_uppercase()));
    assert!(has_secret(&format!("{:?}", hidden.as_bytes())));
    assert!(has_secret("616c3a63416e4172592d31"));
    assert!(has_secret("Basic YWw6Y0FuQXJZLTE="));
    assert!(has_secret("Basic bDpjQW5BclktMQ=="));
    assert!(has_secret("Basic OmNBbkFyWS0x"));
    assert!(!has_secret("Basic YWw6d29uZGVybGFuZA==") && !has_secret("GET /System/Info/Public"));
}
