use std::{collections::VecDeque, net::SocketAddr, time::Duration};

/// For drivers: how much later the next address is tried while the last one hasn't answered
/// (RFC 8305).
pub const CONNECTION_ATTEMPT_DELAY: Duration = Duration::from_millis(250);

/// Addresses beyond this many aren't tried.
const MOST_ADDRESSES: usize = 16;

/// For drivers: the addresses of a host in the order in which they are tried.
///
/// It is the system's order of preference with IPv6 and IPv4 interleaved, so that a network where one of
/// them is broken costs one delay. At most 16 are returned.
#[must_use]
pub fn interleave_families(addresses: Vec<SocketAddr>) -> VecDeque<SocketAddr> {
    let preferred = addresses.first().is_some_and(SocketAddr::is_ipv6);
    let (first, second): (Vec<_>, Vec<_>) =
        addresses.into_iter().partition(|address| address.is_ipv6() == preferred);
    let mut second = second.into_iter();
    let mut ordered = VecDeque::new();
    for address in first {
        ordered.push_back(address);
        ordered.extend(second.next());
    }
    ordered.extend(second);
    ordered.truncate(MOST_ADDRESSES);
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    fn addresses(texts: &[&str]) -> Vec<SocketAddr> {
        texts.iter().map(|text| text.parse().expect("the test's address is one")).collect()
    }

    #[test]
    fn families_take_turns_in_the_systems_order() {
        let found = addresses(&["[::1]:1", "[::2]:1", "[::3]:1", "1.1.1.1:1", "2.2.2.2:1"]);

        let expected = addresses(&["[::1]:1", "1.1.1.1:1", "[::2]:1", "2.2.2.2:1", "[::3]:1"]);
        assert_eq!(interleave_families(found), expected);
    }

    #[test]
    fn of_very_many_sixteen_are_tried() {
        let many =
            (1..=40).map(|port| SocketAddr::from(([127, 0, 0, 1], port))).collect::<Vec<_>>();

        assert_eq!(interleave_families(many.clone()), &many[..16]);
    }

    #[test]
    fn the_family_that_the_system_prefers_comes_first() {
        let found = addresses(&["1.1.1.1:1", "2.2.2.2:1", "[::1]:1"]);

        assert_eq!(interleave_families(found), addresses(&["1.1.1.1:1", "[::1]:1", "2.2.2.2:1"]));
    }

    #[test]
    fn families_take_turns_and_the_one_that_the_system_prefers_comes_first() {
        let found = addresses(&["1.1.1.1:1", "2.2.2.2:1", "3.3.3.3:1", "[::1]:1"]);

        let expected = addresses(&["1.1.1.1:1", "[::1]:1", "2.2.2.2:1", "3.3.3.3:1"]);
        assert_eq!(interleave_families(found), expected);
    }

    #[test]
    fn a_family_that_is_not_preferred_keeps_its_order() {
        let found = addresses(&["[::1]:1", "1.1.1.1:1", "2.2.2.2:1", "3.3.3.3:1"]);

        let expected = addresses(&["[::1]:1", "1.1.1.1:1", "2.2.2.2:1", "3.3.3.3:1"]);
        assert_eq!(interleave_families(found), expected);
    }

    #[test]
    fn no_more_than_sixteen_are_tried() {
        let all: Vec<SocketAddr> = (1..=20).map(|host| ([192, 0, 2, host], 1).into()).collect();

        assert_eq!(interleave_families(all.clone()), all[..16].to_vec());
    }
}
