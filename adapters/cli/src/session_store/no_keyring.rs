//! A build without the feature `keyring`.

use crate::failed::Failed;

pub(super) fn prepare(_name: &str) -> Result<(), Failed> {
    Err(unsupported())
}

pub(super) fn read(_name: &str) -> Result<String, Failed> {
    Err(unsupported())
}

pub(super) fn write(_name: &str, _text: &str) -> Result<(), Failed> {
    Err(unsupported())
}

pub(super) fn forget(_name: &str) -> Result<(), Failed> {
    Err(unsupported())
}

fn unsupported() -> Failed {
    Failed::here(
        "this program was built without the keyring: use --save FILE or --session FILE, or \
         install it with `--features keyring`",
    )
}
