//! The memory of a process.

use std::{
    fs::{self, File},
    os::unix::fs::FileExt as _,
};

/// How much is read at a time.
const AT_A_TIME: usize = 1024 * 1024;

/// How often each text is in the memory of a process; `None` where that can't be read.
pub(crate) fn count<const N: usize>(process: u32, texts: [&str; N]) -> Option<[usize; N]> {
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).ok()?;
    let memory = File::open(format!("/proc/{process}/mem")).ok()?;
    let overlap = texts.iter().map(|text| text.len()).max()?.saturating_sub(1);
    let mut counts = [0; N];
    let mut bytes = vec![0; AT_A_TIME];
    let mut was_read = false;
    for (start, end) in maps.lines().filter_map(writable) {
        let mut at = start;
        while at < end {
            let length = usize::try_from(end - at).unwrap_or(AT_A_TIME).min(AT_A_TIME);
            let Ok(read) = memory.read_at(&mut bytes[..length], at) else { break };
            was_read = true;
            for (count, text) in counts.iter_mut().zip(texts) {
                let windows = bytes[..read].windows(text.len());
                *count += windows.filter(|window| *window == text.as_bytes()).count();
            }
            if read <= overlap || read < length {
                break;
            }
            at += read as u64;
            // What lies across two pieces is found in the second one.
            if at < end {
                at -= overlap as u64;
            }
        }
    }
    was_read.then_some(counts)
}

/// The bounds of a part that the process can write to: secrets are nowhere else.
fn writable(line: &str) -> Option<(u64, u64)> {
    let mut fields = line.split(' ');
    let (start, end) = fields.next()?.split_once('-')?;
    let address = |text| u64::from_str_radix(text, 16).ok();
    let is_writable = fields.next()?.starts_with("rw");
    is_writable.then_some((address(start)?, address(end)?))
}
