use std::borrow::Cow;

use super::authorization::url_decode;

/// A query as ASP.NET Core reads it: names ignore case, a repeated name's values are joined by commas.
#[derive(Clone, Debug, Default)]
pub(super) struct Query {
    pairs: Vec<(String, String)>,
}

impl Query {
    pub(super) fn parse(text: &str) -> Self {
        let parts = text.split('&').filter(|part| !part.is_empty());
        let pairs = parts.map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            (url_decode(name), url_decode(value))
        });
        Self { pairs: pairs.collect() }
    }

    /// 10.8 and newer take a query that is one encoded lump apart before an endpoint reads it.
    pub(super) fn unwrapped(self) -> Self {
        match &*self.pairs {
            [(lump, value)] if value.is_empty() && lump.contains('=') => Self::parse(lump),
            _ => self,
        }
    }

    /// `None` when missing or empty.
    pub(super) fn get(&self, name: &str) -> Option<Cow<'_, str>> {
        let mut values = self
            .pairs
            .iter()
            .filter(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| &**value);
        let first = values.next()?;
        let joined =
            values.fold(Cow::Borrowed(first), |joined, value| format!("{joined},{value}").into());
        (!joined.is_empty()).then_some(joined)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lump_is_taken_apart_and_nothing_else_is() {
        let value =
            |text: &str, name: &str| Query::parse(text).unwrapped().get(name).map(Cow::into_owned);
        assert_eq!(value("a%3D1%26b%3D2%26c%3D3", "b").as_deref(), Some("2"));
        assert_eq!(value("a%3Db%26a%3Dc", "a").as_deref(), Some("b,c"));
        assert_eq!(value("a=1&B=2&c=3", "b").as_deref(), Some("2"));
        assert_eq!(value("a=1", "a").as_deref(), Some("1"));
        assert_eq!(value("a=", "a"), None);
    }
}
