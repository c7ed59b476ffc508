//! Every pointer to the protocol facts, and to the gateway facts, leads to a section of them.

use std::{collections::BTreeSet, fs, path::Path};

use crate::purity::sources;

/// A page of facts.
struct Facts {
    text: &'static str,
    /// What a pointer to it begins with.
    name: &'static str,
    module: &'static str,
    fewest_pointers: usize,
}

const PROTOCOL: Facts = Facts {
    text: include_str!("../../core/docs/protocol.md"),
    name: "protocol facts",
    module: "protocol_facts",
    fewest_pointers: 60,
};
const GATEWAYS: Facts = Facts {
    text: include_str!("../../core/docs/gateways.md"),
    name: "gateway facts",
    module: "gateway_facts",
    fewest_pointers: 12,
};

fn repository() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the repository's folder")
}

/// The numbers of the headings: `2.`, `2.1`, `11a.`
fn sections(facts: &Facts) -> BTreeSet<&'static str> {
    let headings =
        facts.text.lines().filter_map(|line| line.trim_start_matches('#').strip_prefix(' '));
    let numbers = headings.filter_map(|heading| heading.split(' ').next());
    numbers.map(|number| number.trim_end_matches('.')).filter(|number| is_section(number)).collect()
}

/// `4`, `4.10`, `11a`.
fn is_section(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_digit())
        && word.bytes().all(|next| next.is_ascii_digit() || b".ab".contains(&next))
}

/// One line of text: the marks of comments are gone.
fn in_one_line(text: &str) -> String {
    let lines = text.lines().map(|line| line.trim_start().trim_start_matches(['/', '!']).trim());
    lines.collect::<Vec<_>>().join(" ")
}

/// The section numbers that follow `section` or `sections` at the start of `text`.
fn numbers_in(text: &str) -> Vec<String> {
    let Some(list) = text.strip_prefix("section") else { return Vec::new() };
    let words = list.trim_start_matches('s').split_whitespace();
    let words = words.filter(|word| !matches!(*word, "and" | "to"));
    let words = words.map(|word| word.trim_end_matches([',', '.', ')', ':', ';', '`', '"']));
    words.take_while(|word| is_section(word)).map(str::to_owned).collect()
}

/// What `(protocol facts, sections 4.5 and 6)` points to.
fn pointers(facts: &Facts, text: &str) -> Vec<String> {
    let Facts { name, module, .. } = facts;
    let text = in_one_line(text)
        .replace(&format!("]({module})"), "")
        .replace(&format!("](crate::{module})"), "");
    let name = format!("{name}, ");
    let after = text.match_indices(&name).map(|(at, found)| at + found.len());
    after.flat_map(|at| numbers_in(&text[at..])).collect()
}

/// What the facts themselves point to: `see 3.1`, `section 6`, `(8.1)`.
fn pointers_within(text: &str) -> Vec<String> {
    let mut found: Vec<String> =
        text.match_indices("section").flat_map(|(at, _)| numbers_in(&text[at..])).collect();
    let number = |rest: &str| -> String {
        rest.chars().take_while(|next| next.is_ascii_digit() || ".ab".contains(*next)).collect()
    };
    for (mark, end) in [("see ", ""), ("(", ")")] {
        for (at, _) in text.match_indices(mark) {
            let number = number(&text[at + mark.len()..]);
            let follows = &text[at + mark.len() + number.len()..];
            // Versions stand in brackets, too: 10.8 is none of the sections.
            let is_pointer = number.contains('.') && !number.starts_with("10.");
            if is_pointer && is_section(&number) && follows.starts_with(end) {
                found.push(number.trim_end_matches('.').to_owned());
            }
        }
    }
    found
}

/// Files whose text may point to the facts.
fn texts() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for folder in ["core", "adapters", "tests", "fuzz"] {
        let sources = sources(&repository().join(folder));
        all.extend(sources.into_iter().map(|(path, text)| (path.display().to_string(), text)));
    }
    for folder in ["core/docs", "tests", "."] {
        for entry in fs::read_dir(repository().join(folder)).expect("the folder can be read") {
            let path = entry.expect("the folder can be read").path();
            if path.extension().is_some_and(|extension| extension == "md") {
                let text = fs::read_to_string(&path).expect("a page is text");
                all.push((path.display().to_string(), text));
            }
        }
    }
    all
}

#[test]
fn every_pointer_to_facts_resolves() {
    let texts = texts();
    for facts in [PROTOCOL, GATEWAYS] {
        let sections = sections(&facts);
        assert!(sections.len() > 25, "the headings were found: {sections:?}");
        let mut count = 0;
        let mut dangling = Vec::new();
        for (path, text) in &texts {
            // This file has examples of pointers that lead nowhere.
            if path.ends_with("protocol_facts.rs") {
                continue;
            }
            for pointer in pointers(&facts, text) {
                count += 1;
                if !sections.contains(pointer.as_str()) {
                    dangling.push(format!("{path}: {}, section {pointer}", facts.name));
                }
            }
        }
        assert!(dangling.is_empty(), "{}", dangling.join("\n"));
        assert!(count > facts.fewest_pointers, "the pointers were found: {count}");
    }
}

#[test]
fn every_pointer_within_the_protocol_facts_resolves() {
    let sections = sections(&PROTOCOL);
    let pointers = pointers_within(PROTOCOL.text);
    assert!(pointers.len() > 15, "the pointers were found: {pointers:?}");
    let dangling: Vec<_> =
        pointers.iter().filter(|pointer| !sections.contains(pointer.as_str())).collect();
    assert!(dangling.is_empty(), "{dangling:?}");
}

#[test]
fn every_pointer_within_the_gateway_facts_resolves() {
    let sections = sections(&GATEWAYS);
    let pointers = pointers_within(&GATEWAYS.text.replace("protocol facts, section", ""));
    assert!(pointers.len() > 3, "the pointers were found: {pointers:?}");
    let dangling: Vec<_> =
        pointers.iter().filter(|pointer| !sections.contains(pointer.as_str())).collect();
    assert!(dangling.is_empty(), "{dangling:?}");
}

#[test]
fn a_pointer_is_found_however_it_is_written() {
    for (text, expected) in [
        ("/// It does (protocol facts, section 5.3).", &["5.3"][..]),
        ("//! `POST` (protocol facts, sections 4.4, 4.5 and 6).", &["4.4", "4.5", "6"]),
        ("    /// now (protocol facts,\n    /// section 11a)", &["11a"]),
        ("does ([protocol facts](protocol_facts), section 8.7)", &["8.7"]),
        ("the protocol facts, section 2.5, column 8 to 12.", &["2.5"]),
        ("see the protocol facts", &[]),
        ("(protocol facts, section 99.1)", &["99.1"]),
    ] {
        assert_eq!(pointers(&PROTOCOL, text), expected, "{text}");
    }
    let text = "(gateway facts, sections 2 and 3.21; protocol facts, section 4.12)";
    assert_eq!(pointers(&GATEWAYS, text), ["2", "3.21"]);
    assert_eq!(pointers(&PROTOCOL, text), ["4.12"]);
    assert_eq!(
        pointers_within("see 3.1, (8.1), section 6. Not (10.8), not 4.2."),
        ["6", "3.1", "8.1"]
    );
    let sections = sections(&PROTOCOL);
    assert!(!sections.contains("99.1") && !sections.contains("10.8"));
}
