//! The bodies of the fuzz targets: each takes any bytes and panics when a promise is broken.
//!
//! Inputs are text where they can be, so that a find is read, shortened and kept as a seed by hand, and
//! all bytes are some such text: what a target has a first check for, most of them pass.

#![expect(clippy::must_use_candidate, reason = "a target is called for what it panics at")]

mod answers;
mod header;
mod operations;
mod records;
mod server_urls;
mod text;

pub use answers::answers;
pub use header::header;
pub use operations::{BODIES, FAILURES, HEADERS, Operation, Start, Way, keep_promises, operations};
pub use records::records;
pub use server_urls::server_urls;

use jellyfin_auth::{Device, DeviceFields, DeviceId};

/// The body of a fuzz target. It returns whether the input got past the first check, which each target
/// names.
pub type Target = fn(&[u8]) -> bool;

/// Every target, by the name of its program and of its folder of seeds.
pub const TARGETS: [(&str, Target); 5] = [
    ("answers", answers),
    ("header", header),
    ("operations", operations),
    ("records", records),
    ("server_urls", server_urls),
];

fn device() -> Device {
    let id = DeviceId::new("d-1").expect("a device id");
    let fields = DeviceFields { client: "Example", version: "1.0", name: "Test", id };
    Device::new(fields).expect("a device")
}

/// A terminal that is shown such text obeys it, or shows it in another order.
fn assert_fit_to_be_shown(text: &str) {
    let is_unfit = |next: char| next.is_control() || is_formatting(next);
    assert!(!text.chars().any(is_unfit), "a character is shown that can't be seen: {text:?}");
}

/// Line separators, marks and overrides of the direction, joiners, tags.
fn is_formatting(next: char) -> bool {
    matches!(
        next,
        '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{206f}' | '\u{feff}' | '\u{e0020}'..='\u{e007f}'
    )
}
