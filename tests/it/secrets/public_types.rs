use std::{collections::BTreeSet, fs, path::Path};

/// The public types as the sources name them, so that a new one is not forgotten.
pub fn public_types() -> BTreeSet<String> {
    let mut types = BTreeSet::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("the core's sources are there") {
            let path = entry.expect("the folder can be read").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            for line in fs::read_to_string(&path).expect("sources are text").lines() {
                let rest = line.strip_prefix("pub struct ").or(line.strip_prefix("pub enum "));
                let name = rest.map(|rest| rest.split(|c: char| !c.is_alphanumeric()));
                types.extend(name.and_then(|mut words| words.next()).map(str::to_owned));
            }
        }
    }
    assert!(types.len() > 40, "{types:?}");
    types
}
