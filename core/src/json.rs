//! Reading JSON objects as servers write them.
//!
//! Property names are matched without regard to case, since a server in start-up answers in another
//! case than later (protocol facts, sections 7 and 8.3). Unknown properties are skipped without a
//! copy. A needed property twice is an error; optional ones of the wrong type count as absent.

use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::{
    Deserialize, Deserializer,
    de::{Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

/// The longest name or other text that is kept for being shown, in characters.
const LONGEST_SHOWN: usize = 256;

/// An object of which some properties are wanted.
pub(crate) trait Object: Default {
    /// Takes the property's value out of `values` when it is wanted. `false` leaves it there.
    fn property<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        values: &mut A,
    ) -> Result<bool, A::Error>;
}

/// Reads a whole body as one object.
pub(crate) fn object<T: Object>(body: &[u8]) -> Option<T> {
    serde_json::from_slice(body).ok().map(|Read(object)| object)
}

/// Reads a whole body as a list of objects.
pub(crate) fn list<T: Object>(body: &[u8]) -> Option<Vec<T>> {
    let objects: Vec<Read<T>> = serde_json::from_slice(body).ok()?;
    Some(objects.into_iter().map(|Read(object)| object).collect())
}

pub(crate) fn is(name: &str, wanted: &str) -> bool {
    name.eq_ignore_ascii_case(wanted)
}

/// A needed property: of its type, and once.
pub(crate) fn needed<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    place: &mut Option<T>,
    values: &mut A,
) -> Result<bool, A::Error> {
    if place.is_some() {
        return Err(A::Error::custom("a needed property stands twice"));
    }
    *place = Some(values.next_value()?);
    Ok(true)
}

/// A needed property that a server in start-up doesn't know yet.
pub(crate) fn needed_or_null<'de, T: Deserialize<'de>, A: MapAccess<'de>>(
    place: &mut Option<T>,
    values: &mut A,
) -> Result<bool, A::Error> {
    let mut read = place.take().map(Some);
    needed(&mut read, values)?;
    *place = read.flatten();
    Ok(true)
}

/// A needed property that is an object itself.
pub(crate) fn nested<'de, T: Object, A: MapAccess<'de>>(
    place: &mut Option<T>,
    values: &mut A,
) -> Result<bool, A::Error> {
    let mut read: Option<Read<T>> = place.take().map(Read);
    needed(&mut read, values)?;
    *place = read.map(|Read(object)| object);
    Ok(true)
}

/// An optional property: absent when it is of another type. The first one counts.
pub(crate) fn optional<'de, T: FromScalar, A: MapAccess<'de>>(
    place: &mut Option<T>,
    values: &mut A,
) -> Result<bool, A::Error> {
    let value: Scalar<'de> = values.next_value()?;
    if place.is_none() {
        *place = T::from_scalar(value);
    }
    Ok(true)
}

/// Makes text from outside fit to be shown: no control characters (a terminal would obey them), and
/// not endless.
pub(crate) fn shown(text: &str) -> String {
    // Nearly always there is nothing to do. Bytes outnumber characters, if anything.
    if text.len() <= LONGEST_SHOWN && !text.chars().any(char::is_control) {
        return text.to_owned();
    }
    text.chars()
        .take(LONGEST_SHOWN)
        .map(|next| if next.is_control() { char::REPLACEMENT_CHARACTER } else { next })
        .collect()
}

/// What an optional property may hold.
#[derive(Debug)]
pub(crate) enum Scalar<'de> {
    Text(Cow<'de, str>),
    Bool(bool),
    Other,
}

pub(crate) trait FromScalar: Sized {
    fn from_scalar(scalar: Scalar<'_>) -> Option<Self>;
}

impl FromScalar for bool {
    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        match scalar {
            Scalar::Bool(value) => Some(value),
            _ => None,
        }
    }
}

/// Text to be shown: [`shown`] has been applied.
impl FromScalar for String {
    fn from_scalar(scalar: Scalar<'_>) -> Option<Self> {
        match scalar {
            Scalar::Text(text) => Some(shown(&text)),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for Scalar<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ScalarVisitor)
    }
}

struct ScalarVisitor;

impl<'de> Visitor<'de> for ScalarVisitor {
    type Value = Scalar<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Scalar::Bool(value))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Scalar::Text(Cow::Owned(text.to_owned())))
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self::Value, E> {
        Ok(Scalar::Other)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Scalar::Other)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self::Value, E> {
        Ok(Scalar::Other)
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Scalar::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self::Value, A::Error> {
        while seq.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Scalar::Other)
    }
}

/// Reads an [`Object`] property by property.
struct Read<T>(T);

impl<'de, T: Object> Deserialize<'de> for Read<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(ObjectVisitor(PhantomData))
    }
}

struct ObjectVisitor<T>(PhantomData<T>);

impl<'de, T: Object> Visitor<'de> for ObjectVisitor<T> {
    type Value = Read<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut object = T::default();
        while let Some(Name(name)) = map.next_key()? {
            if !object.property(&name, &mut map)? {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(Read(object))
    }
}

/// A property's name, borrowed where it has no escapes.
struct Name<'de>(Cow<'de, str>);

impl<'de> Deserialize<'de> for Name<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;
        impl<'de> Visitor<'de> for NameVisitor {
            type Value = Name<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Borrowed(name)))
            }

            fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
                Ok(Name(Cow::Owned(name.to_owned())))
            }
        }
        deserializer.deserialize_str(NameVisitor)
    }
}
