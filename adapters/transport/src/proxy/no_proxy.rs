use std::net::{IpAddr, Ipv6Addr};

/// The hosts that are asked without a proxy.
pub(super) struct NoProxy(Vec<Rule>);

enum Rule {
    Everything,
    /// An address, or all that have so many of its first bits.
    Network(IpAddr, u32),
    /// A name and all names below it; lower case.
    Domain(String),
}

impl NoProxy {
    pub(super) fn parse(list: &str) -> Self {
        Self(list.split(',').map(str::trim).filter(|rule| !rule.is_empty()).map(rule).collect())
    }

    /// `host` is that of a URI: an IPv6 address comes in brackets.
    pub(super) fn contains(&self, host: &str) -> bool {
        let host = host.trim_start_matches('[').trim_end_matches(']').to_ascii_lowercase();
        let address = host.parse::<IpAddr>();
        self.0.iter().any(|rule| match (rule, &address) {
            (Rule::Everything, _) => true,
            (Rule::Network(network, bits), Ok(address)) => is_in(*address, *network, *bits),
            (Rule::Domain(domain), Err(_)) => is_below(&host, domain),
            (Rule::Network(..), Err(_)) | (Rule::Domain(_), Ok(_)) => false,
        })
    }
}

fn rule(text: &str) -> Rule {
    if text == "*" {
        return Rule::Everything;
    }
    let (address, bits) = match text.split_once('/') {
        Some((address, bits)) => (address, bits.parse().ok()),
        None => (text, Some(u32::MAX)),
    };
    match (address.trim_matches(['[', ']']).parse(), bits) {
        (Ok(network), Some(bits)) => Rule::Network(network, bits),
        _ => Rule::Domain(text.trim_start_matches('.').to_ascii_lowercase()),
    }
}

fn is_in(address: IpAddr, network: IpAddr, bits: u32) -> bool {
    let differ = |length: u32| length.saturating_sub(bits);
    match (address, network) {
        (IpAddr::V4(address), IpAddr::V4(network)) => {
            let difference = u64::from(address.to_bits() ^ network.to_bits());
            difference >> differ(32) == 0
        }
        (IpAddr::V6(address), IpAddr::V6(network)) => {
            let difference = address.to_bits() ^ network.to_bits();
            difference.checked_shr(differ(Ipv6Addr::BITS)).unwrap_or_default() == 0
        }
        _ => false,
    }
}

fn is_below(host: &str, domain: &str) -> bool {
    let host = host.trim_end_matches('.');
    host.strip_suffix(domain).is_some_and(|before| before.is_empty() || before.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_names_domains_addresses_and_networks() {
        for (list, host, expected) in [
            ("", "nas", false),
            ("nas", "nas", true),
            ("nas", "NAS", true),
            ("example.com", "nas.example.com", true),
            (".example.com", "example.com", true),
            ("example.com", "badexample.com", false),
            ("example.com", "example.com.evil.org", false),
            ("example.com", "nas.example.com.", true),
            ("other.org , example.com", "example.com", true),
            ("*", "nas", true),
            ("other.org,*", "192.0.2.1", true),
            ("192.0.2.1", "192.0.2.1", true),
            ("192.0.2.1", "192.0.2.10", false),
            ("192.168.0.0/16", "192.168.200.1", true),
            ("192.168.0.0/16", "192.169.0.1", false),
            ("0.0.0.0/0", "8.8.8.8", true),
            ("10.0.0.0/33", "10.0.0.1", false),
            ("10.0.0.0/x", "10.0.0.0", false),
            ("fd00::/8", "[fd12::1]", true),
            ("fd00::/8", "[fe80::1]", false),
            ("::/0", "[2001:db8::1]", true),
            ("::1", "[::1]", true),
            ("[::1]", "[::1]", true),
            ("::1", "127.0.0.1", false),
            ("2.1", "192.0.2.1", false),
        ] {
            assert_eq!(NoProxy::parse(list).contains(host), expected, "{host} in {list:?}");
        }
    }
}
