//! Whether to trust a certificate that no authority vouches for.

use jellyfin_auth_transport::{Distrust, UntrustedCertificate};

use super::{facts, shown};
use crate::{Program, failed::Failed, messages::show, prompts, server::can_ask};

/// What the user said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// The program connects with it from now on.
    Trusted,
    Declined,
    /// Nobody can be asked, or asking would be wrong: another certificate was trusted there.
    NotAsked,
}

/// Shows the certificate and asks about it.
pub(crate) fn decide(
    program: &mut Program,
    untrusted: &UntrustedCertificate,
) -> Result<Decision, Failed> {
    let fingerprint = untrusted.certificate.fingerprint;
    if program.connecting.is_given(fingerprint) {
        // At an address that the one that was typed led to.
        trust(program, untrusted);
        return Ok(Decision::Trusted);
    }
    let is_question = !matches!(
        untrusted.distrust,
        Distrust::CertificateChanged { .. } | Distrust::Revoked | Distrust::DeviceClock
    );
    if !is_question || !can_ask(program) {
        return Ok(Decision::NotAsked);
    }
    show(&shown(untrusted));
    let answer = prompts::line(
        &program.interrupts,
        "Is that what the server's own screen shows? Type the last 4 digits that stand there, or compare \
         all of it and type yes. [no] ",
    )?;
    if !agrees(&answer, &fingerprint.to_string()) {
        return Ok(Decision::Declined);
    }
    trust(program, untrusted);
    program.messages.report("trusted", facts(untrusted), "Trusted.");
    Ok(Decision::Trusted)
}

fn trust(program: &mut Program, untrusted: &UntrustedCertificate) {
    program.connecting.trust(&untrusted.origin, untrusted.certificate.fingerprint);
    program.driver.set_options(program.connecting.options().clone());
}

/// A mere "y" comes too easily.
fn agrees(answer: &str, fingerprint: &str) -> bool {
    let digits = |text: &str| text.trim().replace([':', ' '], "").to_ascii_uppercase();
    let (answer, fingerprint) = (digits(answer), digits(fingerprint));
    answer == "YES" || (answer.len() >= 4 && fingerprint.ends_with(&answer))
}

#[cfg(test)]
mod tests {
    use super::agrees;

    #[test]
    fn only_yes_and_the_last_digits_agree() {
        let fingerprint = "5E:4A:C9:2F:00:1F:78:48:1D:B4:6E:84:34:30:3D:DD:\
                           76:A1:31:D1:02:49:21:65:A6:A5:65:7F:F4:42:8E:B9";
        for answer in ["yes", "YES\n", "8EB9", "8e:b9", " 8e b9 ", "42:8E:B9", fingerprint] {
            assert!(agrees(answer, fingerprint), "{answer}");
        }
        for answer in ["", "\n", "y", "no", "ye", "B9", "EB9", "8EB8", "5E4A", "yes please", ":::"]
        {
            assert!(!agrees(answer, fingerprint), "{answer}");
        }
    }
}
