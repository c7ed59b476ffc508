use std::{any, fmt::Debug, time::Duration};

/// A type's name without its path and what it is made of: `Login`, also for `&mut Login`.
pub(super) fn name_of<T>() -> &'static str {
    let full = any::type_name::<T>();
    let outer = full.split('<').next().unwrap_or(full);
    outer.rsplit([':', ' ', '&']).next().unwrap_or(outer)
}

/// The name of an error's variant, without its fields.
pub(super) fn variant(error: &impl Debug) -> String {
    let mut shown = format!("{error:?}");
    let end = shown.find(|c: char| !c.is_alphanumeric()).unwrap_or(shown.len());
    shown.truncate(end);
    shown
}

pub(super) fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use jellyfin_auth::{Login, endpoint::LogOut};

    use super::*;
    use crate::ConfigError;

    struct Lent<T>(T);

    #[test]
    fn a_type_is_named_without_path_reference_and_parameters() {
        assert_eq!(name_of::<Login>(), "Login");
        assert_eq!(name_of::<&mut Login>(), "Login");
        assert_eq!(name_of::<Lent<&mut Login>>(), "Lent");
        assert_eq!(name_of::<LogOut<'_>>(), "LogOut");
    }

    #[test]
    fn an_errors_kind_is_its_variant_alone() {
        assert_eq!(variant(&jellyfin_auth::Error::Cancelled), "Cancelled");
        assert_eq!(variant(&ConfigError::ProxyKind { scheme: "socks5".into() }), "ProxyKind");
    }

    #[test]
    fn a_time_without_end_is_shown_as_the_longest() {
        assert_eq!(milliseconds(Duration::from_micros(1_999)), 1);
        assert_eq!(milliseconds(Duration::MAX), u64::MAX);
    }
}
