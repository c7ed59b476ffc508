//! Explores every interleaving: `jellyfin-auth-model [--losses N] [--waits N] …`.

use std::{process::ExitCode, thread};

use jellyfin_auth_model::{Bounds, Report, SignIn, Way};

const HELP: &str = "\
Explores every interleaving of a sign-in, a server and a network, within bounds: without any, those
that every change is checked with.

    jellyfin-auth-model [--losses N] [--duplicates N] [--restarts N] [--expiries N]
                        [--sleeps N] [--renewals N] [--resumes N] [--presses N] [--waits N]
                        [--threads N]
";

fn main() -> Result<ExitCode, lexopt::Error> {
    use lexopt::{Arg::Long, ValueExt as _};
    let mut bounds = Bounds::CALM;
    let mut threads = thread::available_parallelism().map_or(1, usize::from);
    let mut arguments = lexopt::Parser::from_env();
    while let Some(argument) = arguments.next()? {
        let bound = match argument {
            Long("losses") => &mut bounds.losses,
            Long("duplicates") => &mut bounds.duplicates,
            Long("restarts") => &mut bounds.restarts,
            Long("expiries") => &mut bounds.expiries,
            Long("sleeps") => &mut bounds.sleeps,
            Long("renewals") => &mut bounds.renewals,
            Long("resumes") => &mut bounds.resumes,
            Long("presses") => &mut bounds.presses,
            Long("waits") => &mut bounds.waits,
            Long("threads") => {
                threads = arguments.value()?.parse()?;
                continue;
            }
            Long("help") => {
                print!("{HELP}");
                return Ok(ExitCode::SUCCESS);
            }
            _ => return Err(argument.unexpected()),
        };
        *bound = arguments.value()?.parse()?;
    }
    let all = if bounds == Bounds::CALM { Bounds::SMALL.to_vec() } else { vec![bounds] };
    let mut holds = true;
    for bounds in all {
        println!("{bounds:?}");
        for way in [Way::Password, Way::QuickConnect] {
            let report = Report::of(SignIn { way, bounds }, threads);
            println!("{report}");
            holds &= report.holds();
        }
    }
    Ok(if holds { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
