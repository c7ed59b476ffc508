use jellyfin_auth::{ServerUrl, lan::Announcement};
use jellyfin_auth_ureq::{LanSearch, find_servers};
use serde_json::json;

use super::can_ask;
use crate::{
    Program,
    connection::Connection,
    failed::{Exit, Failed},
    messages::show,
    prompts,
};

/// Asks the local network; when several servers answer, the user chooses.
pub(super) fn search(program: &Program, connection: &Connection) -> Result<Vec<ServerUrl>, Failed> {
    Ok(announced(program, connection)?.candidates())
}

fn announced(program: &Program, connection: &Connection) -> Result<Announcement, Failed> {
    program.messages.report("searching", json!({}), "Looking for servers on the local network …");
    let search = connection.ask.iter().fold(LanSearch::new(), |search, host| search.ask(*host));
    let mut found = program
        .interrupts
        .wait_for(move || find_servers(&search))?
        .map_err(|error| Failed::here(format!("the local network can't be asked: {error}")))?;
    match found.len() {
        0 => Err(Failed::new(
            Exit::Address,
            "no server answered on the local network: give its address, such as nas:8096",
        )),
        1 => Ok(found.remove(0)),
        many if can_ask(program) => {
            for (index, server) in found.iter().enumerate() {
                show(&format!("{:>3}  {server}", index + 1));
            }
            Ok(found.remove(prompts::number(&program.interrupts, many)? - 1))
        }
        _ => {
            let list: Vec<_> = found.iter().map(ToString::to_string).collect();
            let list = list.join(", ");
            Err(Failed::new(Exit::Address, format!("several servers answered, name one: {list}")))
        }
    }
}
