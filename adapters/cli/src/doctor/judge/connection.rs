use std::{io, net::SocketAddr};

use crate::{
    doctor::{
        facts::{Candidate, Connection, Visit},
        report::Line,
    },
    failed::Exit,
};

const SUBJECT: &str = "Connection";

pub(super) fn proxy(last: &Visit) -> Option<Line> {
    let proxy = last.proxy.as_ref()?;
    let text =
        format!("requests go through the proxy {proxy}, which --proxy or the environment names");
    Some(Line::ok("Proxy", text))
}

pub(super) fn connections(candidate: &Candidate) -> Option<Line> {
    let last = candidate.last()?;
    let connections = candidate.connections();
    let text: Vec<_> = connections.iter().map(shown).collect();
    let text = text.join("; ");
    let failures: Vec<_> =
        connections.iter().filter_map(|one| one.outcome.as_ref().err()).collect();
    if connections.is_empty() {
        let is_missing = last.answer.is_none() && last.tls.is_none();
        let what =
            if last.proxy.is_some() { "the proxy has no address" } else { "no reply in time" };
        let advice = "check the address, and the network between here and there";
        return is_missing.then(|| Line::problem(SUBJECT, Exit::Address, what, advice));
    }
    Some(if failures.is_empty() {
        Line::ok(SUBJECT, text)
    } else if failures.len() < connections.len() {
        let advice = "the others are used; other programs may wait for that one: correct the name's \
                      addresses, or let the server listen there";
        Line::warning(SUBJECT, text, advice)
    } else if last.proxy.is_some() {
        Line::problem(SUBJECT, Exit::Proxy, text, "check the proxy's address, and whether it runs")
    } else {
        Line::problem(SUBJECT, Exit::Address, text, advice(&failures, last.url.port()))
    })
}

fn shown(connection: &Connection) -> String {
    let address: &SocketAddr = &connection.address;
    match &connection.outcome {
        Ok(took) => format!("{address} in {} ms", took.as_millis()),
        Err(io::ErrorKind::ConnectionRefused) => format!("{address} refuses"),
        Err(io::ErrorKind::TimedOut) => format!("{address} doesn't reply"),
        Err(error) => format!("{address}: {error}"),
    }
}

fn advice(failures: &[&io::ErrorKind], port: u16) -> String {
    if failures.iter().all(|kind| **kind == io::ErrorKind::ConnectionRefused) {
        return format!(
            "nothing listens on port {port} there: check that the server runs, and its port (8096, or \
             8920 for https, unless its administrator chose another)"
        );
    }
    "check the address, that the machine is on, and firewalls on the way".to_owned()
}

pub(super) fn unencrypted(candidate: &Candidate) -> Option<Line> {
    let is_reached = |connection: &&Connection| connection.outcome.is_ok();
    let reached: Vec<_> = candidate.connections().iter().filter(is_reached).collect();
    if reached.is_empty() {
        return None;
    }
    let is_here = reached.iter().all(|connection| connection.address.ip().is_loopback());
    let goes_on = candidate.last().is_some_and(|last| last.proxy.is_some());
    Some(if is_here && !goes_on {
        Line::ok("Encryption", "none, and none is needed: it is this very device")
    } else {
        Line::warning(
            "Encryption",
            "none: whoever is on the way can read passwords",
            "use http in your own network alone, and https from anywhere else",
        )
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use jellyfin_auth::ServerUrl;

    use super::*;
    use crate::doctor::report::Severity;

    type Outcome = Result<Duration, io::ErrorKind>;

    fn candidate(outcomes: &[(&str, Outcome)]) -> Candidate {
        let url = ServerUrl::parse("http://nas:8096").expect("an address");
        let connections = outcomes.iter().map(|(address, outcome)| Connection {
            address: address.parse().expect("an address"),
            outcome: *outcome,
        });
        let connections = connections.collect();
        let visit = Visit { url: url.clone(), proxy: None, connections, tls: None, answer: None };
        Candidate { url, visits: vec![visit], goes_in_circles: false }
    }

    const REFUSED: Outcome = Err(io::ErrorKind::ConnectionRefused);
    const SILENT: Outcome = Err(io::ErrorKind::TimedOut);
    const REACHED: Outcome = Ok(Duration::from_millis(7));

    #[test]
    fn each_address_is_shown_and_one_that_fails_is_worth_a_warning() {
        let both = [("192.0.2.7:8096", REACHED), ("[2001:db8::7]:8096", SILENT)];

        let line = connections(&candidate(&both)).expect("a line");

        assert_eq!(line.severity, Severity::Warning);
        assert_eq!(line.text, "192.0.2.7:8096 in 7 ms; [2001:db8::7]:8096 doesn't reply");
    }

    #[test]
    fn nobody_there_and_no_reply_have_advice_of_their_own() {
        let of = |outcome| connections(&candidate(&[("192.0.2.7:8096", outcome)])).expect("a line");

        assert!(of(REFUSED).advice.expect("advice").contains("nothing listens on port 8096"));
        assert!(of(SILENT).advice.expect("advice").contains("firewalls"));
        assert_eq!(of(SILENT).severity, Severity::Problem(Exit::Address));
    }

    #[test]
    fn http_is_worth_a_warning_but_on_this_device() {
        let of = |address| unencrypted(&candidate(&[(address, REACHED)])).expect("a line").severity;

        assert_eq!(of("192.0.2.7:8096"), Severity::Warning);
        assert_eq!(of("127.0.0.1:8096"), Severity::Ok);
        assert_eq!(unencrypted(&candidate(&[("192.0.2.7:8096", REFUSED)])), None);
    }
}
