use std::time::{Duration, SystemTime};

use jellyfin_auth_transport::{CertificateDetails, Distrust, Inspection};

use crate::{
    certificates::{issuer, names, reason},
    doctor::{facts::Candidate, report::Line},
    failed::Exit,
};

const DAY: u64 = 24 * 60 * 60;
/// A certificate that ends sooner should have been renewed.
const SOON: Duration = Duration::from_secs(14 * DAY);

pub(super) fn lines(candidate: &Candidate, now: SystemTime) -> Vec<Line> {
    let inspection = match candidate.tls() {
        None if candidate.last().is_some_and(|last| last.proxy.is_some()) => {
            return vec![Line::ok("Certificate", "not shown: the proxy is in between")];
        }
        None => return Vec::new(),
        Some(Err(error)) => {
            let (text, advice) = match error.split_once(": ") {
                Some((text, _)) if error.contains("plain http") => {
                    (text, "type http:// in front of the address, if that is meant")
                }
                _ => (error.as_str(), "check the port, and how https is set up there"),
            };
            return vec![Line::problem("TLS", Exit::Address, text, advice)];
        }
        Some(Ok(inspection)) => inspection,
    };
    let certificate = &inspection.certificate;
    let mut lines = vec![
        Line::ok("Certificate", format!("for {}, {}", names(certificate), issuer(certificate))),
        Line::ok("Fingerprint", format!("SHA-256 {}", certificate.fingerprint)),
        validity(certificate, now),
        trust(inspection.trust.as_ref().err(), certificate),
    ];
    lines.extend(client_certificate(inspection));
    lines
}

fn validity(certificate: &CertificateDetails, now: SystemTime) -> Line {
    let text = format!("{} to {}", certificate.first_day(), certificate.last_day());
    span(certificate.not_before, certificate.not_after, now, &text)
}

/// `text` is both dates.
fn span(from: SystemTime, until: SystemTime, now: SystemTime, text: &str) -> Line {
    const SUBJECT: &str = "Validity";
    let problem = |text: String, advice| Line::problem(SUBJECT, Exit::Address, text, advice);
    if let Some(early) = from.duration_since(now).ok().filter(|early| !early.is_zero()) {
        let advice = "set this device's clock, or else have the certificate made again";
        return problem(format!("{text}, not valid for {} yet", days(early)), advice);
    }
    match until.duration_since(now) {
        Ok(left) if left < SOON => Line::warning(
            SUBJECT,
            format!("{text}, for {}", left_of(left)),
            "renew the certificate",
        ),
        Ok(left) => Line::ok(SUBJECT, format!("{text}, for {}", left_of(left))),
        Err(late) => {
            let text = format!("{text}, expired {} ago", days(late.duration()));
            problem(text, "renew the certificate on the server; or set this device's clock")
        }
    }
}

/// Whole days that have passed or are left.
fn days(span: Duration) -> String {
    match span.as_secs() / DAY {
        0 => "less than a day".to_owned(),
        1 => "1 day".to_owned(),
        many => format!("{many} days"),
    }
}

fn left_of(span: Duration) -> String {
    days(span).replacen(" day", " more day", usize::from(span.as_secs() >= DAY))
}

fn trust(distrust: Option<&Distrust>, certificate: &CertificateDetails) -> Line {
    const SUBJECT: &str = "Trust";
    let Some(distrust) = distrust else {
        return Line::ok(SUBJECT, "it is trusted here");
    };
    let (why, advice) = reason(distrust, certificate);
    Line::problem(SUBJECT, Exit::Address, format!("it isn't trusted here: {why}"), advice)
}

fn client_certificate(inspection: &Inspection) -> Option<Line> {
    inspection.asks_for_client_certificate.then(|| {
        Line::ok("Client", "the server asks for a client certificate: --cert FILE --key FILE")
    })
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;
    use crate::doctor::report::Severity;

    /// Of a certificate that is valid from the 100th to the 200th day.
    fn at(days: u64, seconds: u64) -> (Severity, String) {
        let day = |number| UNIX_EPOCH + Duration::from_secs(number * DAY);
        let line = span(day(100), day(200), day(days) + Duration::from_secs(seconds), "dates");
        (line.severity, line.text)
    }

    #[test]
    fn days_are_counted_from_now() {
        let problem = Severity::Problem(Exit::Address);
        for (days, seconds, severity, text) in [
            (97, 1, problem, "dates, not valid for 2 days yet"),
            (99, DAY - 1, problem, "dates, not valid for less than a day yet"),
            (100, 0, Severity::Ok, "dates, for 100 more days"),
            (142, 0, Severity::Ok, "dates, for 58 more days"),
            (186, 0, Severity::Ok, "dates, for 14 more days"),
            (186, 1, Severity::Warning, "dates, for 13 more days"),
            (198, DAY, Severity::Warning, "dates, for 1 more day"),
            (200, 0, Severity::Warning, "dates, for less than a day"),
            (200, 1, problem, "dates, expired less than a day ago"),
            (203, 1, problem, "dates, expired 3 days ago"),
        ] {
            assert_eq!(at(days, seconds), (severity, text.to_owned()));
        }
    }
}
