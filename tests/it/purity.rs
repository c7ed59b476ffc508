//! The core is pure, and every file is short: read off the sources themselves.

use std::{
    fs,
    path::{Path, PathBuf},
};

/// The most lines that a source file may have.
const LONGEST_FILE: usize = 300;

/// What the core may not name, each with the reason.
const BANNED: &[(&str, &str)] = &[
    ("static", "a static is shared by all sign-ins of a process"),
    ("thread_local!", "a thread-local is a static for each thread"),
    ("lazy_static!", "a static by another name"),
    // Not `core::net`, which has addresses and no sockets.
    ("std::net", "requests leave through Step::Send"),
    ("std::thread", "a machine runs where it is polled"),
    ("std::fs", "a program keeps records where it likes"),
    ("std::env", "nothing is configured behind the program's back"),
    ("std::process", "a machine starts and ends nothing"),
    ("std::io", "the core does no I/O"),
    ("Instant", "time enters through Machine::poll"),
    ("SystemTime", "time enters through Machine::poll"),
    ("RandomState", "nothing is drawn at random"),
    ("HashMap", "its order is drawn at random"),
    ("HashSet", "its order is drawn at random"),
    ("unsafe", "it is forbidden"),
    ("todo!", "nothing is left out"),
    ("unimplemented!", "nothing is left out"),
    ("println!", "nothing is written"),
    ("eprintln!", "nothing is written"),
    ("dbg!", "nothing is written"),
];

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// Every Rust file below `folder`, with its text.
pub fn sources(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let Ok(entries) = fs::read_dir(folder) else { return found };
    for entry in entries {
        let path = entry.expect("a folder that can be read").path();
        if path.is_dir() {
            // What is built is nobody's source.
            if !path.ends_with("target") {
                found.extend(sources(&path));
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).expect("a source file is text");
            found.push((path, text));
        }
    }
    found
}

/// The text without comments and without what stands in quotes, which may name anything.
fn code(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(next) = rest.chars().next() {
        if rest.starts_with("//") {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
        } else if rest.starts_with("/*") {
            rest = rest.find("*/").map_or("", |end| &rest[end + 2..]);
        } else if let Some(raw) = raw_text(rest) {
            rest = raw;
        } else if next == '"' {
            rest = after_quote(&rest[1..]);
        } else if let Some(after) = after_letter(rest) {
            rest = after;
        } else {
            code.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    code
}

/// What follows `r#"…"#`, with any number of `#`.
fn raw_text(text: &str) -> Option<&str> {
    let after = text.strip_prefix('r')?;
    let hashes = after.len() - after.trim_start_matches('#').len();
    let inside = after[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", "#".repeat(hashes));
    Some(inside.find(&end).map_or("", |at| &inside[at + end.len()..]))
}

fn after_quote(text: &str) -> &str {
    let mut escaped = false;
    for (index, next) in text.char_indices() {
        match next {
            '"' if !escaped => return &text[index + 1..],
            '\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    ""
}

/// What follows `'x'` or `'\x'`; `None` for a lifetime.
fn after_letter(text: &str) -> Option<&str> {
    let inside = text.strip_prefix('\'')?;
    let inside = match inside.strip_prefix('\\') {
        Some(escape) => &escape[escape.chars().next()?.len_utf8()..],
        None => &inside[inside.chars().next()?.len_utf8()..],
    };
    let end = inside.find('\'').filter(|&end| end == 0 || inside.starts_with('{'))?;
    Some(&inside[end + 1..])
}

/// What of [`BANNED`] stands in `text` as a word of its own. `'static` is a lifetime and fine.
fn banned_in(text: &str) -> Vec<&'static str> {
    let code = code(text);
    let is_word = |next: char| next.is_alphanumeric() || next == '_';
    BANNED
        .iter()
        .map(|(word, _)| *word)
        .filter(|word| {
            code.match_indices(word).any(|(at, _)| {
                let before = code[..at].chars().next_back();
                let after = code[at + word.len()..].chars().next();
                let own = !before.is_some_and(|next| is_word(next) || next == '\'');
                own && (word.ends_with('!') || !after.is_some_and(is_word))
            })
        })
        .chain(grouped_imports(&code))
        .collect()
}

/// `use std::{net::…}`: the same by another way of writing it.
fn grouped_imports(code: &str) -> impl Iterator<Item = &'static str> {
    let groups: Vec<&str> = code
        .match_indices("use std::{")
        .map(|(at, _)| code[at..].split(';').next().unwrap_or_default())
        .collect();
    BANNED
        .iter()
        .filter_map(|(word, _)| word.strip_prefix("std::").map(|module| (*word, module)))
        .filter_map(move |(word, module)| {
            let named = |group: &&str| {
                group.split(['{', ',', '}']).any(|item| {
                    let item = item.trim();
                    item == module || item.starts_with(&format!("{module}::"))
                })
            };
            groups.iter().any(named).then_some(word)
        })
}

#[test]
fn the_core_has_no_statics_clocks_threads_sockets_or_unsafe_code() {
    let sources = sources(&repository().join("core/src"));
    assert!(sources.len() > 40, "the core was found: {} files", sources.len());
    for (path, text) in sources {
        let found = banned_in(&text);
        let why: Vec<_> = BANNED.iter().filter(|(word, _)| found.contains(word)).collect();
        assert!(why.is_empty(), "{}: {why:?}", path.display());
    }
}

#[test]
fn each_violation_would_be_found() {
    for (word, snippet) in [
        ("static", "static COUNTER: AtomicU64 = AtomicU64::new(0);"),
        ("static", "pub(crate) static mut X: u8 = 0;"),
        ("thread_local!", "thread_local! { static X: u8 = 0; }"),
        ("thread_local!", "std::thread_local!(const X: u8 = 0);"),
        ("lazy_static!", "lazy_static! { X }"),
        ("std::net", "use std::net::TcpStream;"),
        ("std::net", "use std::{fmt, net::TcpStream};"),
        ("std::net", "fn f(_: ::std::net::IpAddr) {}"),
        ("std::thread", "fn f() { std::thread::sleep(d) }"),
        ("std::thread", "use std::{\n    thread,\n    time::Duration,\n};"),
        ("std::fs", "std::fs::read(\"x\")"),
        ("std::env", "let x = std::env::var(\"X\");"),
        ("std::process", "std::process::exit(1)"),
        ("std::io", "use std::io;"),
        ("Instant", "use std::time::{Duration, Instant};"),
        ("Instant", "let now = /* why not */ Instant::now();"),
        ("SystemTime", "fn f(now: SystemTime) {}"),
        ("RandomState", "RandomState::new()"),
        ("HashMap", "let map: HashMap<u8, u8>;"),
        ("HashSet", "let set = HashSet::new();"),
        ("unsafe", "fn f() { unsafe { g() } }"),
        ("unsafe", "let s = \"a \\\" b\"; unsafe fn f() {}"),
        ("unsafe", "let c = '\"'; unsafe fn f() {}"),
        ("unsafe", "let s = r#\"\"x\"\"#; unsafe fn f<'a>() {}"),
        ("todo!", "fn f() { todo!() }"),
        ("unimplemented!", "unimplemented!(\"later\")"),
        ("println!", "println!(\"{x}\");"),
        ("eprintln!", "eprintln!(\"{x}\");"),
        ("dbg!", "dbg!(x)"),
    ] {
        assert!(banned_in(snippet).contains(&word), "{word} in {snippet}");
    }
    let covered = BANNED.iter().all(|(word, _)| !banned_in(&format!("{word} x")).is_empty());
    assert!(covered, "each word is found alone");
}

#[test]
fn what_only_looks_like_a_violation_is_let_through() {
    for snippet in [
        "fn f(_: &'static str) -> Box<dyn Send + 'static> {}",
        "HeaderValue::from_static(\"x\")",
        "const X: &str = \"static Instant std::net unsafe\";",
        "/// Not an `Instant`, and nothing `unsafe`.",
        "//! let now = Instant::now();",
        "/* static X: u8 = 0; */",
        "let r = r#\"static \"quoted\" unsafe\"#;",
        "let instant = statically_known; let c = 's'; let q = '\\''; let thread_count = 0;",
        "use std::{fmt, time::Duration, sync::Arc};",
        "use core::net::IpAddr;",
        "assert!(x); write!(f, \"x\")",
    ] {
        assert_eq!(banned_in(snippet), [""; 0], "{snippet}");
    }
}

/// The files of `sources` that are longer than is allowed.
fn too_long(sources: Vec<(PathBuf, String)>) -> Vec<(PathBuf, usize)> {
    sources
        .into_iter()
        .map(|(path, text)| (path, text.lines().count()))
        .filter(|(_, lines)| *lines > LONGEST_FILE)
        .collect()
}

#[test]
fn no_source_file_of_any_package_is_too_long() {
    let mut all = Vec::new();
    for folder in ["core", "adapters", "tests", "fuzz"] {
        all.extend(sources(&repository().join(folder)));
    }
    assert!(all.len() > 80, "the packages were found: {} files", all.len());
    assert_eq!(too_long(all), []);
}

#[test]
fn a_file_that_is_too_long_would_be_found() {
    let of = |lines: usize| vec![(PathBuf::from("x.rs"), "x\n".repeat(lines))];
    assert_eq!(too_long(of(LONGEST_FILE)), []);
    assert_eq!(too_long(of(LONGEST_FILE + 1)), [(PathBuf::from("x.rs"), LONGEST_FILE + 1)]);
}
