//! Facts to lines: nothing here asks the network.

mod answer;
mod certificate;
mod connection;

use super::{
    facts::{Candidate, Facts, LookUp, Visit},
    report::{Line, Report, Section, Severity},
};
use crate::failed::Exit;

pub(super) fn judge(facts: &Facts) -> Report {
    let mut candidates: Vec<_> =
        facts.candidates.iter().map(|candidate| section(candidate, facts)).collect();
    let is_good = |index: usize| {
        let is_server =
            |visit: &Visit| matches!(&visit.answer, Some(Ok(answer)) if answer.info.is_ok());
        let lines: &[Line] = &candidates[index].lines;
        facts.candidates[index].last().is_some_and(is_server) && !lines.iter().any(Line::is_problem)
    };
    let best = (0..candidates.len()).find(|index| is_good(*index));
    for (index, candidate) in facts.candidates.iter().enumerate() {
        let lines = &mut candidates[index].lines;
        if best.is_some_and(|best| best != index) {
            *lines = vec![in_short(candidate, lines)];
        } else if best.is_none() && speaks_https(candidate, facts) {
            *lines =
                vec![Line::ok("Server", "that port speaks https, as above; http isn't needed")];
        }
    }
    Report {
        general: vec![typed(facts), look_up(facts)],
        candidates,
        best: best.and_then(|best| facts.candidates[best].last()).map(|visit| visit.url.clone()),
    }
}

fn typed(facts: &Facts) -> Line {
    let understood: Vec<_> =
        facts.candidates.iter().map(|candidate| candidate.url.as_str()).collect();
    Line::ok("Typed", format!("{}, understood as {}", facts.typed, understood.join(", ")))
}

fn look_up(facts: &Facts) -> Line {
    const SUBJECT: &str = "Name";
    let host = facts.candidates.first().map_or("", |candidate| candidate.url.host());
    let is_local = host.trim_end_matches('.').to_ascii_lowercase().ends_with(".local");
    let failed = |text: String| {
        let advice = if is_local {
            "names that end in .local are looked up by mDNS, which this system can't do, or nobody \
             answered to it: type the server's IP address"
        } else {
            "check its spelling, and this device's network and DNS; or type the server's IP address"
        };
        Line::problem(SUBJECT, Exit::Address, text, advice)
    };
    match &facts.look_up {
        LookUp::NotNeeded(_) => Line::ok(SUBJECT, "an IP address: nothing to look up"),
        LookUp::ByProxy => Line::ok(SUBJECT, format!("{host} is looked up by the proxy")),
        LookUp::Found { addresses, took } if !addresses.is_empty() => {
            let addresses: Vec<_> = addresses.iter().map(ToString::to_string).collect();
            let took = took.as_millis();
            Line::ok(SUBJECT, format!("{host} is {} ({took} ms)", addresses.join(", ")))
        }
        LookUp::Found { .. } => failed(format!("{host} has no address")),
        LookUp::Failed(error) => failed(format!("{host} can't be looked up: {error}")),
        LookUp::TimedOut => failed(format!("the look-up of {host} takes too long")),
    }
}

fn section(candidate: &Candidate, facts: &Facts) -> Section {
    let mut lines = Vec::new();
    if let Some(last) = candidate.last() {
        lines.extend(redirects(candidate));
        lines.extend(connection::proxy(last));
        lines.extend(connection::connections(candidate));
        if last.url.is_encrypted() {
            lines.extend(certificate::lines(candidate, facts.now));
        } else {
            lines.extend(connection::unencrypted(candidate));
        }
        lines.extend(answer::lines(candidate));
    }
    Section { url: candidate.url.clone(), lines }
}

fn redirects(candidate: &Candidate) -> Option<Line> {
    const SUBJECT: &str = "Redirects";
    let [_, targets @ ..] = candidate.visits.as_slice() else { return None };
    let urls: Vec<_> = targets.iter().map(|visit| visit.url.as_str()).collect();
    let text = format!("to {}", urls.join(", then to "));
    if candidate.goes_in_circles {
        let advice = "correct the redirects of the server or of the proxy in front of it";
        return Some(Line::problem(SUBJECT, Exit::Address, format!("{text}, and on"), advice));
    }
    let last = targets.last()?;
    Some(Line {
        advice: Some(format!("use {} as the address", last.url)),
        ..Line::ok(SUBJECT, text)
    })
}

/// Whether a certificate was presented where `candidate` would talk http.
fn speaks_https(candidate: &Candidate, facts: &Facts) -> bool {
    facts.candidates.iter().any(|other| {
        !candidate.url.is_encrypted()
            && other.url.port() == candidate.url.port()
            && other.url.is_encrypted()
            && other.tls().is_some_and(Result::is_ok)
    })
}

/// A candidate that isn't needed, in one line. It is worth a warning where a server is behind it.
fn in_short(candidate: &Candidate, lines: &[Line]) -> Line {
    let answered = candidate.tls().is_some_and(Result::is_ok)
        || candidate.last().is_some_and(|last| last.answer.is_some());
    match lines.iter().find(|line| line.is_problem()) {
        None => Line::ok("Server", "it can be used, too"),
        Some(problem) if answered => Line { severity: Severity::Warning, ..problem.clone() },
        Some(Line { subject, text, .. }) => Line::ok(subject, format!("{text}; it isn't needed")),
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use jellyfin_auth::ServerUrl;

    use super::*;

    fn name_of(typed: &str, look_up: LookUp) -> Line {
        let candidates = ServerUrl::candidates(typed).expect("an address").into_iter();
        let candidates = candidates
            .map(|url| Candidate { url, visits: Vec::new(), goes_in_circles: false })
            .collect();
        let facts = Facts { typed: typed.into(), look_up, candidates, now: SystemTime::now() };
        judge(&facts).general.remove(1)
    }

    #[test]
    fn names_of_mdns_have_advice_of_their_own() {
        for typed in ["nas.local", "NAS.Local.:8096"] {
            let line = name_of(typed, LookUp::Failed("unknown".into()));

            assert_eq!(line.severity, Severity::Problem(Exit::Address));
            assert!(line.advice.expect("advice").contains("mDNS"));
        }
        let other = name_of("nas.localdomain", LookUp::Failed("unknown".into()));
        assert!(!other.advice.expect("advice").contains("mDNS"));
    }

    #[test]
    fn a_name_without_an_address_is_a_problem() {
        let nothing = LookUp::Found { addresses: Vec::new(), took: std::time::Duration::ZERO };

        for look_up in [nothing, LookUp::TimedOut] {
            assert!(name_of("nas", look_up).is_problem());
        }
    }
}
