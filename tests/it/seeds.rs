//! Every seed of the fuzz targets, and every find that became one, on a stable compiler; and how many
//! inputs get past a target's first check.

use std::{fs, path::Path};

use jellyfin_auth_fuzzing::{TARGETS, Target};

fn folder(of: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../fuzz").join(of)
}

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let entries = fs::read_dir(folder("seeds").join(target)).expect("every target has seeds");
    let mut paths: Vec<_> =
        entries.map(|seed| seed.expect("the folder can be read").path()).collect();
    paths.sort();
    paths.into_iter().map(|path| fs::read(path).expect("a seed can be read")).collect()
}

#[test]
fn every_seed_of_every_fuzz_target_keeps_its_promises() {
    for (name, target) in TARGETS {
        let seeds = seeds(name);
        assert!(!seeds.is_empty(), "{name} has no seed");
        for seed in seeds {
            println!("{name}: {}", seed.escape_ascii());
            target(&seed);
        }
    }
}

/// The programs, the folders of seeds and the dictionaries go together.
#[test]
fn every_fuzz_target_has_its_program_and_dictionary() {
    let names = |of: &str| {
        let entries = fs::read_dir(folder(of)).expect("the folder is there");
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

/// Bytes that look random and are the same every time.
struct Bytes(u64);

impl Bytes {
    fn next(&mut self) -> u8 {
        // Xorshift.
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0.to_le_bytes()[3]
    }

    fn below(&mut self, end: usize) -> usize {
        (usize::from(self.next()) << 8 | usize::from(self.next())) % end
    }

    fn some(&mut self) -> Vec<u8> {
        (0..self.below(300)).map(|_| self.next()).collect()
    }

    /// A few bytes are gone, new or others.
    fn mutated(&mut self, mut seed: Vec<u8>) -> Vec<u8> {
        for _ in 0..=self.below(8) {
            let at = self.below(seed.len() + 1);
            match self.next() % 3 {
                0 => seed.insert(at, self.next()),
                1 if at < seed.len() => drop(seed.remove(at)),
                _ if at < seed.len() => seed[at] = self.next(),
                _ => {}
            }
        }
        seed
    }
}

fn percent(target: Target, inputs: impl IntoIterator<Item = Vec<u8>>) -> usize {
    let past: Vec<_> = inputs.into_iter().map(|input| target(&input)).collect();
    past.iter().filter(|past| **past).count() * 100 / past.len()
}

#[test]
fn most_inputs_get_past_the_first_check() {
    for (name, target) in TARGETS {
        if !["answers", "records"].contains(&name) {
            continue;
        }
        let mut bytes = Bytes(0x9e37_79b9_7f4a_7c15);
        let of_random = percent(target, (0..2_000).map(|_| bytes.some()));
        let seeds: Vec<_> = (0..100).flat_map(|_| seeds(name)).collect();
        let of_mutated = percent(target, seeds.into_iter().map(|seed| bytes.mutated(seed)));
        println!("{name}: {of_random} % of random inputs, {of_mutated} % of mutated seeds");
        assert!(of_random >= 60 && of_mutated >= 60, "{name}: {of_random} %, {of_mutated} %");
    }
}
