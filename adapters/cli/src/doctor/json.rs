//! The report for programs: the lines, and the facts behind them.

use std::time::Duration;

use jellyfin_auth::{Error, ServerUrl};
use jellyfin_auth_transport::Inspection;
use serde_json::{Value, json};

use super::{
    facts::{Answer, Candidate, Connection, Facts, Visit},
    report::{Line, Report},
};
use crate::failed::Failed;

pub(super) fn report(facts: &Facts, report: &Report) -> Value {
    json!({
        "version": env!("CARGO_PKG_VERSION"),
        "date": httpdate::fmt_http_date(facts.now),
        "typed": facts.typed,
        "addresses": facts.look_up.addresses(),
        "use": report.best.as_ref().map(ServerUrl::as_str),
        "exit_status": report.exit().map_or(0, |exit| exit as u8),
        "lines": report.lines().map(|(at, line)| line_of(at.map(ServerUrl::as_str), line)).collect::<Vec<_>>(),
        "candidates": facts.candidates.iter().map(candidate).collect::<Vec<_>>(),
    })
}

fn line_of(at: Option<&str>, line: &Line) -> Value {
    let Line { subject, severity, text, advice } = line;
    json!({
        "at": at, "subject": subject, "severity": severity.name(), "text": text, "advice": advice,
    })
}

fn candidate(candidate: &Candidate) -> Value {
    json!({
        "url": candidate.url.as_str(),
        "visits": candidate.visits.iter().map(visit).collect::<Vec<_>>(),
    })
}

fn visit(visit: &Visit) -> Value {
    let Visit { url, proxy, connections, tls, answer } = visit;
    json!({
        "url": url.as_str(),
        "proxy": proxy,
        "connections": connections.iter().map(connection).collect::<Vec<_>>(),
        "certificate": tls.as_ref().and_then(|tls| tls.as_ref().ok()).map(certificate),
        "tls_error": tls.as_ref().and_then(|tls| tls.as_ref().err()),
        "answer": answer.as_ref().and_then(|answer| answer.as_ref().ok()).map(answer_of),
        "error": answer.as_ref().and_then(|answer| answer.as_ref().err()).map(Failed::text),
    })
}

fn connection(connection: &Connection) -> Value {
    let Connection { address, outcome } = connection;
    json!({
        "address": address,
        "ms": outcome.as_ref().ok().map(Duration::as_millis),
        "error": outcome.as_ref().err().map(ToString::to_string),
    })
}

fn certificate(inspection: &Inspection) -> Value {
    let certificate = &inspection.certificate;
    json!({
        "fingerprint": certificate.fingerprint,
        "names": certificate.names,
        "not_before": certificate.first_day(),
        "not_after": certificate.last_day(),
        "issuer": certificate.issuer,
        "subject": certificate.subject,
        "is_trusted": inspection.trust.is_ok(),
        "asks_for_client_certificate": inspection.asks_for_client_certificate,
        "why_not": inspection.trust.as_ref().err().map(ToString::to_string),
    })
}

fn answer_of(answer: &Answer) -> Value {
    let Answer { status, took, server, via, has_marker, date, info, quick_connect } = answer;
    let skew = date.map(|(theirs, ours)| match ours.duration_since(theirs) {
        Ok(ahead) => i64::try_from(ahead.as_secs()).ok(),
        Err(behind) => i64::try_from(behind.duration().as_secs()).ok().map(|behind| -behind),
    });
    let is_set_up = match info {
        Ok(_) => Some(true),
        Err(Error::ServerNotSetUp) => Some(false),
        Err(_) => None,
    };
    let info = info.as_ref();
    json!({
        "status": status,
        "ms": took.as_millis(),
        "server_header": server,
        "via_header": via,
        "has_x_response_time_ms": has_marker,
        // How far this device's clock is ahead of the server's.
        "clock_skew_s": skew,
        "product": info.ok().map(|info| info.product.as_deref().unwrap_or("Jellyfin")),
        "name": info.ok().and_then(|info| info.name.as_deref()),
        "server_version": info.ok().map(|info| info.version.as_str()),
        "id": info.ok().map(|info| info.id.as_str()),
        "is_set_up": is_set_up,
        "error": info.err().map(ToString::to_string),
        "quick_connect": quick_connect.as_ref().and_then(|enabled| enabled.as_ref().ok()),
    })
}
