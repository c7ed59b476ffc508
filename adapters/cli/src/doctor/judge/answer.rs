use std::time::{Duration, SystemTime};

use jellyfin_auth::{Error, ServerUrl, endpoint::ServerInfo};
use jellyfin_auth_transport::Inspection;

use crate::{
    doctor::{
        facts::{Answer, Candidate},
        report::Line,
    },
    failed::{Exit, Failed},
    gateway,
};

const SUBJECT: &str = "Answer";
/// How far two clocks may be apart before anybody should care.
const TOLERANCE: Duration = Duration::from_secs(120);
/// What Jellyfin's own web server calls itself.
const JELLYFINS_OWN: &str = "Kestrel";

pub(super) fn lines(candidate: &Candidate) -> Vec<Line> {
    let Some(last) = candidate.last() else { return Vec::new() };
    let answer = match &last.answer {
        None if !was_asked(candidate) => return Vec::new(),
        None => {
            let advice = "try again; if it stays so, look at the server's log";
            return vec![Line::problem(SUBJECT, Exit::Later, "none in time", advice)];
        }
        Some(Err(failed)) => return vec![Line::failed(SUBJECT, failed)],
        Some(Ok(answer)) => answer,
    };
    let mut lines = vec![answered(answer)];
    lines.extend(answer.date.map(|(theirs, ours)| clock(theirs, ours)));
    match &answer.info {
        Ok(info) => {
            lines.push(server(info));
            lines.push(Line::ok("Set-up", "finished"));
            lines.extend(answer.quick_connect.as_ref().map(quick_connect));
        }
        Err(error) => lines.push(refused(&last.url, answer, error)),
    }
    lines
}

/// Whether there was a connection, and a certificate that is trusted.
fn was_asked(candidate: &Candidate) -> bool {
    let is_refused =
        |tls: &Result<Inspection, String>| !tls.as_ref().is_ok_and(|seen| seen.trust.is_ok());
    candidate.connections().iter().any(|connection| connection.outcome.is_ok())
        && !candidate.tls().is_some_and(is_refused)
}

/// Who spoke.
fn answered(answer: &Answer) -> Line {
    let Answer { status, took, server, via, has_marker, .. } = answer;
    let who = match (has_marker, server.as_deref()) {
        (true, None | Some(JELLYFINS_OWN)) => "Jellyfin itself".to_owned(),
        (true, Some(front)) => format!("Jellyfin, through {front}"),
        (false, None) => "something that doesn't name itself".to_owned(),
        (false, Some(JELLYFINS_OWN)) => format!("{JELLYFINS_OWN}, as Jellyfin has it"),
        (false, Some(other)) => other.to_owned(),
    };
    let via = via.as_ref().map(|via| format!(", Via: {via}")).unwrap_or_default();
    let marker = if *has_marker { "with" } else { "without" };
    let took = took.as_millis();
    let text = format!("{status} in {took} ms by {who}{via}, {marker} X-Response-Time-ms");
    Line::ok(SUBJECT, text)
}

fn clock(theirs: SystemTime, ours: SystemTime) -> Line {
    const SUBJECT: &str = "Clock";
    let (skew, direction) = match theirs.duration_since(ours) {
        Ok(skew) => (skew, "behind"),
        Err(error) => (error.duration(), "ahead of"),
    };
    let seconds = skew.as_secs();
    let shown = match seconds {
        0..120 => format!("{seconds} s"),
        120..7200 => format!("{} min", seconds / 60),
        7200..172_800 => format!("{} h", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    };
    if skew <= TOLERANCE {
        return Line::ok(SUBJECT, format!("this device's and the server's are {shown} apart"));
    }
    let text = format!("this device's is {shown} {direction} the server's");
    Line::warning(SUBJECT, text, "set the one that is wrong: certificates depend on it")
}

fn server(info: &ServerInfo) -> Line {
    let ServerInfo { id, name, version, product, .. } = info;
    let product = product.as_deref().unwrap_or("Jellyfin");
    let name = name.as_deref().unwrap_or("without a name");
    Line::ok("Server", format!("{product} {version}, {name}, id {id}"))
}

fn quick_connect(enabled: &Result<bool, Failed>) -> Line {
    const SUBJECT: &str = "Quick Connect";
    let off = |text: &str| Line::warning(SUBJECT, text, "sign in by password: --user NAME");
    match enabled {
        Ok(true) => Line::ok(SUBJECT, "on"),
        Ok(false) => off("off"),
        Err(failed) if failed.exit() == Exit::NoQuickConnect => off("there is none, or it is off"),
        Err(failed) => {
            let Line { text, advice, .. } = Line::failed(SUBJECT, failed);
            Line::warning(SUBJECT, text, advice.unwrap_or_default())
        }
    }
}

/// Why what answered isn't a server that one can sign in to.
fn refused(url: &ServerUrl, answer: &Answer, error: &Error) -> Line {
    let line = Line::failed("Server", &Failed::from(error.clone()));
    let by = answer.server.as_deref().unwrap_or("a proxy");
    match error {
        Error::ServerBusy { status: status @ (502 | 504 | 520..=530), .. } => Line {
            text: format!(
                "{by} is in front (status {status}), and the server behind it doesn't answer"
            ),
            advice: Some(
                "start the server, or correct the address that the proxy passes requests on to"
                    .into(),
            ),
            ..line
        },
        Error::WrongBasePath => Line {
            advice: Some(format!("leave {} out of the address, or correct it", url.base_path())),
            ..line
        },
        Error::Intercepted { status: 400, .. } | Error::Unexpected { status: 400, .. }
            if !url.is_encrypted() =>
        {
            let advice = "if that port is for https, type https:// in front of the address";
            Line { advice: Some(advice.into()), ..line }
        }
        Error::LoginGateway { gateway, page, .. } => {
            let page = page.as_ref().map(|page| format!(" (its page: {page})")).unwrap_or_default();
            let advice = match gateway::advice(gateway) {
                Some(advice) => format!("{}. {advice}", gateway.how_to_pass()),
                None => gateway.how_to_pass().to_owned(),
            };
            Line { text: format!("{}{page}", line.text), advice: Some(advice), ..line }
        }
        Error::ServerNotSetUp => Line { subject: "Set-up", ..line },
        Error::Redirected { to: Some(to), .. } => Line { text: format!("leads to {to}"), ..line },
        _ => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doctor::report::Severity;

    fn ahead(seconds: u64) -> Line {
        let theirs = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
        clock(theirs, theirs + Duration::from_secs(seconds))
    }

    #[test]
    fn clocks_may_be_two_minutes_apart() {
        for (seconds, severity, text) in [
            (0, Severity::Ok, "this device's and the server's are 0 s apart"),
            (120, Severity::Ok, "this device's and the server's are 2 min apart"),
            (121, Severity::Warning, "this device's is 2 min ahead of the server's"),
            (7200, Severity::Warning, "this device's is 2 h ahead of the server's"),
            (172_800, Severity::Warning, "this device's is 2 days ahead of the server's"),
        ] {
            let line = ahead(seconds);
            assert_eq!((line.severity, line.text.as_str()), (severity, text));
        }
    }

    #[test]
    fn a_clock_can_be_behind() {
        let ours = SystemTime::UNIX_EPOCH;
        let line = clock(ours + Duration::from_secs(300), ours);
        assert_eq!(line.text, "this device's is 5 min behind the server's");
    }
}
