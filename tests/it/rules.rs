//! The table of rules on the core's page leads to where each rule stands.

use std::{fs, path::Path};

const TABLE: &str = include_str!("../../core/docs/rules.md");

/// The last cell of each row: files, each with the functions that are named behind it.
fn pointers() -> Vec<&'static str> {
    let rows = TABLE.lines().skip(2);
    rows.map(|row| row.trim_end_matches(" |").rsplit("| ").next().expect("a last cell")).collect()
}

fn named_in(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

#[test]
fn every_row_names_a_file_and_only_functions_that_stand_in_it() {
    let core = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/src");
    let cells = pointers();
    assert!(cells.len() > 20, "{cells:?}");
    for cell in cells {
        let mut source = None;
        for name in named_in(cell) {
            if Path::new(name).extension().is_some_and(|extension| extension == "rs") {
                source = Some(fs::read_to_string(core.join(name)).expect(name));
            } else {
                let source = source.as_deref().expect("a function stands behind its file");
                assert!(source.contains(&format!("fn {name}(")), "{name} in {cell}");
            }
        }
        assert!(source.is_some(), "{cell} names a file");
    }
}

/// Nobody should have to open more than four files for a rule, this page included.
#[test]
fn no_row_leads_to_more_than_three_files() {
    for cell in pointers() {
        let files = named_in(cell).into_iter().filter(|name| name.contains(".rs")).count();
        assert!((1..=3).contains(&files), "{cell}");
    }
}
