//! How many of the inputs that a fuzzer found get past each target's first check: `share [FOLDER]`, where
//! the folder has one for each target (`fuzz/corpus`).

use std::{env, fs, io, path::PathBuf};

use jellyfin_auth_fuzzing::TARGETS;

fn main() -> io::Result<()> {
    let folder = env::args_os().nth(1).map_or_else(|| PathBuf::from("fuzz/corpus"), PathBuf::from);
    for (name, target) in TARGETS {
        let Ok(inputs) = fs::read_dir(folder.join(name)) else {
            println!("{name:12} no inputs");
            continue;
        };
        let (mut count, mut past) = (0_usize, 0);
        for input in inputs {
            count += 1;
            past += usize::from(target(&fs::read(input?.path())?));
        }
        println!("{name:12} {past} of {count}: {} %", past * 100 / count.max(1));
    }
    Ok(())
}
