use std::sync::{
    Mutex,
    atomic::{AtomicBool, Ordering},
};

use log::{Level, Log, Metadata};

use super::lock;

/// One record of the crate `log`.
#[derive(Clone, Debug)]
pub(crate) struct Record {
    pub(crate) target: String,
    pub(crate) level: Level,
    pub(crate) text: String,
}

/// Whether ureq and its protocol crate may log the bytes on the wire.
static BYTES_TOO: AtomicBool = AtomicBool::new(false);

/// From now on they may.
pub(super) fn record_bytes() {
    BYTES_TOO.store(true, Ordering::SeqCst);
}

/// A logger at the most verbose level, set as the ureq adapter's documentation demands.
pub(super) struct Collector(pub(super) &'static Mutex<Vec<Record>>);

impl Log for Collector {
    fn enabled(&self, about: &Metadata<'_>) -> bool {
        let crate_name = about.target().split("::").next().unwrap_or_default();
        let logs_bytes = ["ureq", "ureq_proto"].contains(&crate_name);
        !logs_bytes || about.level() <= Level::Debug || BYTES_TOO.load(Ordering::SeqCst)
    }

    fn log(&self, record: &log::Record<'_>) {
        if self.enabled(record.metadata()) {
            lock(self.0).push(Record {
                target: record.target().to_owned(),
                level: record.level(),
                text: format!("{} {:?}", record.args(), record.module_path()),
            });
        }
    }

    fn flush(&self) {}
}
