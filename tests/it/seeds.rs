//! Every seed of the fuzz targets, and every find that became one, on a stable compiler.

use std::{fs, path::Path};

use jellyfin_auth_fuzzing::TARGETS;

#[test]
fn every_seed_of_every_fuzz_target_keeps_its_promises() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz/seeds");
    for (name, target) in TARGETS {
        let seeds = fs::read_dir(folder.join(name)).expect("every target has a folder of seeds");
        let mut count = 0;
        for seed in seeds {
            let path = seed.expect("the folder can be read").path();
            println!("{}", path.display());
            target(&fs::read(&path).expect("a seed can be read"));
            count += 1;
        }
        assert!(count > 0, "{name} has no seed");
    }
}

/// The programs, the folders of seeds and the dictionaries go together.
#[test]
fn every_fuzz_target_has_its_program_and_dictionary() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz");
    let names = |of: &str| {
        let entries = fs::read_dir(folder.join(of)).expect("the folder is there");
        let mut names: Vec<_> = entries
            .map(|entry| entry.expect("the folder can be read").path())
            .map(|path| path.file_stem().expect("a name").to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    };
    let targets: Vec<_> = TARGETS.iter().map(|(name, _)| (*name).to_owned()).collect();
    for of in ["fuzz_targets", "dictionaries", "seeds"] {
        assert_eq!(names(of), targets, "{of}");
    }
}
