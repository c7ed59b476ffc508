//! How a request's body becomes an endpoint's argument: lenient towards names and numbers, and full of
//! .NET's own words when it fails (protocol facts, section 7.3).

use std::fmt;

use http::{Request, header::CONTENT_TYPE};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::{Value, error::Category};

use super::{Version, answer::Answer};

/// Kestrel's limit.
const MAX_BODY: usize = 30_000_000;

/// The class that a body is read into.
pub(super) struct Model {
    pub(super) class: &'static str,
    /// The action's parameter, named in every failure.
    pub(super) parameter: &'static str,
    /// Members that the class itself demands (10.9 and newer).
    pub(super) demanded: &'static str,
}

/// A JSON object's members in their order, so that the last of a name wins in any casing.
pub(super) struct Members(Vec<(String, Value)>);

impl Members {
    /// The text of a string member; `None` when absent or null. Numbers and booleans are taken as text.
    fn text(&self, name: &str) -> Result<Option<String>, &str> {
        let Some((written, value)) =
            self.0.iter().rev().find(|(key, _)| key.eq_ignore_ascii_case(name))
        else {
            return Ok(None);
        };
        match value {
            Value::Null => Ok(None),
            Value::String(text) => Ok(Some(text.clone())),
            Value::Bool(_) | Value::Number(_) => Ok(Some(value.to_string())),
            Value::Array(_) | Value::Object(_) => Err(written),
        }
    }
}

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Object;
        impl<'de> Visitor<'de> for Object {
            type Value = Members;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Members, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(Object)
    }
}

/// The string members `names` of a request's body.
pub(super) fn read<const N: usize>(
    version: Version,
    request: &Request<Vec<u8>>,
    model: &Model,
    names: [&str; N],
) -> Result<[Option<String>; N], Answer> {
    if !is_json(request) {
        return Err(Answer::Problem(415, "Unsupported Media Type"));
    }
    let body = request.body();
    if body.len() > MAX_BODY {
        return Err(Answer::Text(500));
    }
    let required = (model.parameter, format!("The {} field is required.", model.parameter));
    let fail = |key: &str, message: String| {
        let (parameter, message_too) = required.clone();
        Answer::validation([(key.to_owned(), message), (parameter.to_owned(), message_too)])
    };
    if body.is_empty() || body.trim_ascii() == b"null" {
        return Err(fail("", "A non-empty request body is required.".to_owned()));
    }
    let members: Members =
        serde_json::from_slice(body).map_err(|error| fail("$", explain(&error, body, model)))?;
    if version >= Version::V10_9
        && !model.demanded.is_empty()
        && !members.0.iter().any(|(name, _)| name.eq_ignore_ascii_case(model.demanded))
    {
        // .NET 9 changed the words.
        let which = if version < Version::V10_11 {
            format!(", including the following: {}", model.demanded)
        } else {
            format!(" including: '{}'.", model.demanded)
        };
        let class = model.class;
        let message = format!(
            "JSON deserialization for type '{class}' was missing required properties{which}"
        );
        return Err(fail("$", message));
    }
    let mut texts = [const { None }; N];
    for (text, name) in texts.iter_mut().zip(names) {
        *text = members.text(name).map_err(|written| {
            let path = format!("$.{written}");
            let at = position_behind(body, written);
            let converter = "Jellyfin.Extensions.Json.Converters.JsonStringConverter";
            let message = format!(
                "The converter '{converter}' read too much or not enough. Path: {path} | LineNumber: 0 | BytePositionInLine: {at}."
            );
            fail(&path, message)
        })?;
    }
    Ok(texts)
}

/// A member that must be neither missing nor blank.
pub(super) fn required(name: &str, text: Option<String>) -> Result<String, Answer> {
    text.filter(|text| !text.trim().is_empty()).ok_or_else(|| Answer::missing(name))
}

fn is_json(request: &Request<Vec<u8>>) -> bool {
    let Some(value) = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok())
    else {
        return false;
    };
    let kind = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match kind.split_once('/') {
        Some(("application", kind)) => kind == "json" || kind.ends_with("+json"),
        Some(("text", kind)) => kind == "json",
        _ => false,
    }
}

fn explain(error: &serde_json::Error, body: &[u8], model: &Model) -> String {
    let trailing_comma = body.trim_ascii_end().strip_suffix(b"}").and_then(|rest| {
        rest.trim_ascii_end().ends_with(b",").then(|| body.trim_ascii_end().len() - 1)
    });
    let (message, at) = match (error.classify(), trailing_comma) {
        (Category::Eof, _) => (
            "Expected depth to be zero at the end of the JSON payload. There is an open JSON object or array that should be closed.".to_owned(),
            body.len(),
        ),
        (Category::Data, _) => {
            (format!("The JSON value could not be converted to {}.", model.class), 1)
        }
        (_, Some(at)) => (
            "The JSON object contains a trailing comma at the end which is not supported in this mode. Change the reader options.".to_owned(),
            at,
        ),
        _ => {
            let at = error.column().saturating_sub(1);
            let found = body.get(at).map_or(' ', |&byte| char::from(byte));
            (format!("'{found}' is an invalid start of a value."), at)
        }
    };
    format!("{message} Path: $ | LineNumber: 0 | BytePositionInLine: {at}.")
}

/// Where the first byte of a member's value ends.
fn position_behind(body: &[u8], name: &str) -> usize {
    let quoted = format!("\"{name}\"");
    let text = String::from_utf8_lossy(body);
    let behind_name = text.find(&quoted).map_or(0, |at| at + quoted.len());
    let rest = &text[behind_name..];
    behind_name + rest.find(['{', '[']).map_or(0, |at| at + 1)
}
