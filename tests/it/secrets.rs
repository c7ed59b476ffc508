//! No secret is shown: not by `Debug`, `{:#?}`, `Display` or a chain of errors, of any public type.

mod errors;
mod public_types;
mod types;

use std::{
    error::Error,
    fmt::{Debug, Write as _},
};

/// Every secret starts so.
pub const CANARY: &str = "cAnArY";

/// Whatever can be shown of a value.
pub fn shown(value: &impl Debug) -> String {
    format!("{value:?}\n{value:#?}")
}

/// Whatever can be shown of an error and of what caused it.
pub fn shown_error(error: &dyn Error) -> String {
    let mut text = String::new();
    let mut next = Some(error);
    while let Some(error) = next {
        write!(text, "{error}\n{error:?}\n{error:#?}\n").expect("a string takes all text");
        next = error.source();
    }
    text
}

#[track_caller]
pub fn assert_secret(name: &str, text: &str) {
    assert!(!text.is_empty(), "{name} shows nothing");
    let lower = text.to_lowercase();
    assert!(!lower.contains(&CANARY.to_lowercase()), "{name} shows a secret: {text}");
}
