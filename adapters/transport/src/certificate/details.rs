use std::time::{SystemTime, UNIX_EPOCH};

use der::DateTime;
use jellyfin_auth::CertificateFingerprint;

/// What a certificate says about itself, for people to compare with what the server's own screen shows.
///
/// The texts come from whoever made the certificate: characters that can't be seen, or that turn the
/// direction of writing, are replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct CertificateDetails {
    /// The SHA-256 of the whole certificate.
    pub fingerprint: CertificateFingerprint,
    /// The host names and IP addresses that it is for. `*.example.com` is for all names with one label
    /// in place of the star. A certificate without any, as old ones are, is for no host.
    pub names: Vec<String>,
    /// From when it is valid.
    pub not_before: SystemTime,
    /// Until when it is valid.
    pub not_after: SystemTime,
    /// Who vouches for it: `CN=R3,O=Let's Encrypt,C=US`.
    pub issuer: String,
    /// Whose it is, in the same form. It is equal to the issuer where a certificate is self-signed.
    pub subject: String,
}

impl CertificateDetails {
    /// Whether it vouches for itself.
    #[must_use]
    pub fn is_self_signed(&self) -> bool {
        self.issuer == self.subject
    }

    /// The day from which it is valid, in UTC: `2026-11-25`.
    #[must_use]
    pub fn first_day(&self) -> String {
        day(self.not_before)
    }

    /// The last day on which it is valid, in UTC: `2026-11-25`.
    #[must_use]
    pub fn last_day(&self) -> String {
        day(self.not_after)
    }
}

fn day(moment: SystemTime) -> String {
    let since = moment.duration_since(UNIX_EPOCH).unwrap_or_default();
    DateTime::from_unix_duration(since).map_or_else(
        |_| "after 9999".to_owned(),
        |date| format!("{}-{:02}-{:02}", date.year(), date.month(), date.day()),
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn only_who_vouches_for_itself_is_self_signed() {
        for (issuer, expected) in [("CN=nas", true), ("CN=R3", false)] {
            let details = CertificateDetails {
                fingerprint: CertificateFingerprint::from_sha256([0; 32]),
                names: Vec::new(),
                not_before: UNIX_EPOCH,
                not_after: UNIX_EPOCH,
                issuer: issuer.to_owned(),
                subject: "CN=nas".to_owned(),
            };
            assert_eq!(details.is_self_signed(), expected, "{issuer}");
        }
    }

    #[test]
    fn days_are_those_of_the_calendar() {
        for (seconds, expected) in [
            (0, "1970-01-01"),
            (951_782_399, "2000-02-28"),
            (951_782_400, "2000-02-29"),
            (1_795_564_800, "2026-11-25"),
            (4_107_542_400, "2100-03-01"),
        ] {
            assert_eq!(day(UNIX_EPOCH + Duration::from_secs(seconds)), expected);
        }
    }
}
