//! Properties that can't fail a sign-in: what can't be read counts as absent.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::value::RawValue;

use crate::invisible::{is_format, is_invisible};

/// The longest name or other text that is kept for being shown, in characters.
const LONGEST_SHOWN: usize = 256;

/// The longest id that is taken from a server, in characters. Real ones have 32.
const LONGEST_ID: usize = 128;

/// Any value of its type. Text with a lone surrogate and a number out of range are no value.
pub(crate) fn any<'de, D: Deserializer<'de>, T: DeserializeOwned>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    let raw = <&RawValue>::deserialize(deserializer)?;
    Ok(serde_json::from_str(raw.get()).ok())
}

/// Text that is [fit to be shown](shown).
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let raw = <&RawValue>::deserialize(deserializer)?;
    Ok(unquoted(raw).map(|text| shown(&text)))
}

/// A JSON string. Nearly always there is nothing in it that is escaped.
fn unquoted(raw: &RawValue) -> Option<Cow<'_, str>> {
    let inner = raw.get().strip_prefix('"')?.strip_suffix('"')?;
    if inner.contains('\\') {
        return serde_json::from_str(raw.get()).ok().map(Cow::Owned);
    }
    Some(Cow::Borrowed(inner))
}

/// `true` and `false`, also as texts: some servers of other makes write them so.
pub(crate) fn boolean<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<bool>, D::Error> {
    let raw = <&RawValue>::deserialize(deserializer)?;
    Ok(match raw.get().trim_matches('"') {
        "true" | "True" => Some(true),
        "false" | "False" => Some(false),
        _ => None,
    })
}

/// An id: text, or a whole number as servers of other makes have it.
pub(crate) fn id<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let raw = <&RawValue>::deserialize(deserializer)?;
    let number = raw.get().bytes().all(|byte| byte.is_ascii_digit());
    let text = if number { Some(Cow::Borrowed(raw.get())) } else { unquoted(raw) };
    Ok(text.filter(|text| is_id(text)).map(Cow::into_owned))
}

/// Whether `text` can be the id of a server or a user. It is compared and sent back as it is, and shown,
/// too: characters that a terminal obeys or nobody sees can't be taken out, and no server has them.
pub(crate) fn is_id(text: &str) -> bool {
    let is_short = text.len() <= LONGEST_ID || text.chars().count() <= LONGEST_ID;
    is_short && !text.trim().is_empty() && !text.chars().any(is_invisible)
}

/// Makes text from outside fit to be shown: no control characters and line breaks (a terminal would obey
/// them), none that turn the direction of writing or can't be seen, and not endless.
pub(crate) fn shown(text: &str) -> String {
    // Nearly always there is nothing to do. Bytes outnumber characters, if anything.
    if text.len() <= LONGEST_SHOWN && !text.chars().any(is_invisible) {
        return text.to_owned();
    }
    text.chars()
        // Joiners belong to honest names, which can be read without them.
        .filter(|next| !is_format(*next))
        .map(|next| if is_invisible(next) { char::REPLACEMENT_CHARACTER } else { next })
        .take(LONGEST_SHOWN)
        .collect()
}
