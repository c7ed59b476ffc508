//! What packages are made of: completions and manual pages.

use std::io;

use clap::CommandFactory as _;

use crate::{
    arguments::{Arguments, Generate},
    failed::Failed,
};

pub(crate) fn generate(what: &Generate) -> Result<(), Failed> {
    let mut command = Arguments::command();
    match what {
        Generate::Completions { shell } => {
            clap_complete::generate(*shell, &mut command, "jellyfin-login", &mut io::stdout());
            Ok(())
        }
        Generate::Man { folder: None } => {
            clap_mangen::Man::new(command).render(&mut io::stdout()).map_err(written("the page"))
        }
        Generate::Man { folder: Some(folder) } => {
            let name = folder.display().to_string();
            clap_mangen::generate_to(command, folder).map_err(written(&name))
        }
    }
}

fn written(what: &str) -> impl Fn(io::Error) -> Failed {
    move |error| Failed::here(format!("{what} can't be written: {error}"))
}
