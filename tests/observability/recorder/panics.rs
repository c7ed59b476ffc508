use std::{
    backtrace::Backtrace,
    panic::{self, PanicHookInfo},
    sync::Mutex,
};

use super::lock;

/// Keeps what the usual hook prints, and more: always with a backtrace.
pub(super) fn collect(panics: &'static Mutex<Vec<String>>) {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info: &PanicHookInfo<'_>| {
        usual(info);
        lock(panics).push(format!("{info}\n{info:?}\n{}", Backtrace::force_capture()));
    }));
}
