//! The program and device that sign in: nothing that a server would refuse, or worse, can be built.

use jellyfin_auth::{Device, DeviceError, DeviceField, DeviceFields, DeviceId};
use proptest::prelude::*;

const FIELDS: [DeviceField; 4] =
    [DeviceField::Client, DeviceField::Version, DeviceField::Name, DeviceField::Id];

/// A device of which one field is `text`.
fn with(field: DeviceField, text: &str) -> Result<Device, DeviceError> {
    let of = |this, usual| if this == field { text } else { usual };
    Device::new(DeviceFields {
        client: of(DeviceField::Client, "Example"),
        version: of(DeviceField::Version, "1.0"),
        name: of(DeviceField::Name, "Test"),
        id: DeviceId::new(of(DeviceField::Id, "d-1"))?,
    })
}

fn read(device: &Device, field: DeviceField) -> &str {
    match field {
        DeviceField::Client => device.client(),
        DeviceField::Version => device.version(),
        DeviceField::Name => device.name(),
        DeviceField::Id => device.id().as_str(),
        other => panic!("a new field wants tests of its own: {other}"),
    }
}

fn longest(field: DeviceField) -> usize {
    match field {
        DeviceField::Client => Device::MAX_CLIENT,
        DeviceField::Version => Device::MAX_VERSION,
        DeviceField::Name => Device::MAX_NAME,
        _ => DeviceId::MAX_LENGTH,
    }
}

#[test]
fn the_limits_are_those_of_the_servers_own_fields() {
    assert_eq!(FIELDS.map(longest), [64, 32, 64, 256]);
}

#[test]
fn a_field_may_be_as_long_as_the_servers_in_characters_not_bytes() {
    for field in FIELDS {
        for letter in ["a", "ü", "你", "😀", "e\u{301}"] {
            let count = longest(field) / letter.chars().count();
            let text = letter.repeat(count);
            assert_eq!(read(&with(field, &text).expect("it fits"), field), text);
            let text = format!("{}{letter}", "a".repeat(longest(field)));
            match with(field, &text).expect_err("too long") {
                DeviceError::TooLong { field: named, length, longest: limit, .. } => {
                    assert_eq!(named, field);
                    assert_eq!(length, text.chars().count());
                    assert_eq!(limit, longest(field));
                }
                other => panic!("{other:?}"),
            }
        }
    }
}

#[test]
fn no_field_may_be_blank() {
    for field in FIELDS {
        for blank in ["", " ", "    ", "\t", "\r\n", "\u{a0}", "\u{2003}\u{3000}", "\u{2028}"] {
            match with(field, blank).expect_err("blank") {
                DeviceError::Blank { field: named, .. } => assert_eq!(named, field),
                other => panic!("{blank:?}: {other:?}"),
            }
        }
    }
}

#[test]
fn control_characters_are_refused_wherever_they_stand() {
    let c0_del_c1 = (0..=0x1F_u32).chain(0x7F..=0x9F).map(|code| char::from_u32(code).expect("Cc"));
    for control in c0_del_c1 {
        for field in FIELDS {
            for text in [format!("{control}a"), format!("a{control}b"), format!("a{control}")] {
                match with(field, &text).expect_err("a control character") {
                    DeviceError::ControlCharacter { field: named, .. } => assert_eq!(named, field),
                    other => panic!("{text:?}: {other:?}"),
                }
            }
        }
    }
}

#[test]
fn everything_else_is_free_and_kept_as_it_is() {
    for field in FIELDS {
        for text in
            ["Bob's <PC> & co", "50%, \"ü\"", " x ", "a=b;c", "😀", "\u{202e}", "100%25", "+"]
        {
            assert_eq!(read(&with(field, text).expect("allowed"), field), text);
        }
    }
}

#[test]
fn a_refusal_names_the_field_and_says_what_to_do_without_repeating_the_text() {
    for (field, name) in FIELDS.into_iter().zip([
        "the client's name",
        "the client's version",
        "the device's name",
        "the device id",
    ]) {
        let long = "geheim".repeat(100);
        for (text, what_to_do) in [
            ("", "give it at least one visible character"),
            ("geheim\u{1b}", "remove it"),
            (long.as_str(), "shorten it to"),
        ] {
            let refusal = with(field, text).expect_err("refused").to_string();
            assert!(refusal.starts_with(name), "{refusal}");
            assert!(refusal.contains(what_to_do), "{refusal}");
            assert!(!refusal.contains("geheim"), "{refusal}");
        }
    }
}

#[test]
fn random_bytes_become_a_fresh_id_that_every_server_reads_alike() {
    let bytes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0xA, 0xB, 0xC, 0xD, 0xE, 0xFF];
    assert_eq!(DeviceId::from_random(bytes).as_str(), "000102030405060708090a0b0c0d0eff");
    assert_eq!(DeviceId::from_random([0; 16]).as_str(), "0".repeat(32));
    assert_eq!(DeviceId::from_random([0xFF; 16]).to_string(), "f".repeat(32));
}

#[test]
fn a_clone_is_the_same_device() {
    let device = with(DeviceField::Name, "Living room").expect("a device");
    assert_eq!(device.clone(), device);
    assert_ne!(with(DeviceField::Name, "Kitchen").expect("a device"), device);
    assert_eq!(
        format!("{device:?}"),
        "Device { client: \"Example\", version: \"1.0\", name: \"Living room\", id: DeviceId(\"d-1\") }"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_field_is_taken_exactly_when_it_is_visible_short_and_free_of_controls(
        text in prop_oneof![".{0,80}", "[ \\t\u{a0}]{0,5}", prop::collection::vec(any::<char>(), 0..300)
            .prop_map(String::from_iter)],
        field in prop::sample::select(FIELDS.to_vec()),
    ) {
        let fine = text.chars().any(|next| !next.is_whitespace())
            && !text.chars().any(char::is_control)
            && text.chars().count() <= longest(field);
        prop_assert_eq!(with(field, &text).is_ok(), fine);
    }

    #[test]
    fn an_id_of_random_bytes_is_taken_back_and_differs_from_others(bytes: [u8; 16], others: [u8; 16]) {
        let id = DeviceId::from_random(bytes);
        prop_assert!(id.as_str().bytes().all(|byte| byte.is_ascii_hexdigit()) && id.as_str().len() == 32);
        prop_assert_eq!(DeviceId::new(id.as_str()), Ok(id.clone()));
        prop_assert_eq!(DeviceId::from_random(others) == id, bytes == others);
    }
}
