//! Architecture tests: which module may use which, how long a file may be, which paths documents may name.

use std::path::{Path, PathBuf};

mod scan;

use scan::{Uses, uses_of};

/// What one room may use. Rooms and single files at the top of `src` are both rooms.
struct Rule {
    room: &'static str,
    /// The other rooms it may name; None for any.
    may_use: Option<&'static [&'static str]>,
    /// External crates that it must not name.
    never: &'static [&'static str],
}

/// What a flow may use; flows do not call each other.
const FLOW: Option<&[&str]> = Some(&[
    "domain",
    "store",
    "membership",
    "mail",
    "clock",
    "texts",
    "config",
    "links",
    "service",
    "group_commit",
    "log_limiter",
    "fetch",
    "bucket",
    "dns",
    "metrics",
    "heartbeat",
    "heavy_work",
]);

const RULES: &[Rule] = &[
    rule(
        "domain",
        Some(&[]),
        &["sqlx", "axum", "lettre", "tokio", "reqwest"],
    ),
    rule(
        "store",
        Some(&["domain", "clock", "log_limiter", "heartbeat", "own_files"]),
        &["axum", "lettre"],
    ),
    rule(
        "membership",
        Some(&["domain", "store", "clock"]),
        &["sqlx", "axum", "lettre"],
    ),
    rule(
        "mail",
        Some(&["domain", "texts", "config", "links", "log_limiter", "dns"]),
        &["sqlx", "axum"],
    ),
    rule(
        "fetch",
        Some(&["config", "dns"]),
        &["sqlx", "axum", "lettre"],
    ),
    rule("bucket", Some(&["config"]), &["sqlx", "axum", "lettre"]),
    rule("subscribe", FLOW, &["sqlx", "axum"]),
    rule("publish", FLOW, &["sqlx", "axum"]),
    rule("deliver", FLOW, &["sqlx", "axum"]),
    rule("accounts", FLOW, &["sqlx", "axum"]),
    // Small things that everybody may hold; they must stay small.
    rule("clock", Some(&[]), &["sqlx", "axum", "lettre"]),
    rule("dns", Some(&[]), &["sqlx", "axum", "lettre"]),
    rule(
        "config",
        Some(&["domain", "secret"]),
        &["sqlx", "axum", "lettre"],
    ),
    rule(
        "secret",
        Some(&["domain", "clock", "own_files"]),
        &["sqlx", "axum", "lettre"],
    ),
    rule("links", Some(&["domain"]), &["sqlx", "axum", "lettre"]),
    rule("texts", Some(&["domain"]), &["sqlx", "axum", "lettre"]),
    rule("json_input", Some(&["domain"]), &["sqlx", "axum", "lettre"]),
    rule("group_commit", Some(&[]), &["sqlx", "axum", "lettre"]),
    rule("log_limiter", Some(&[]), &["sqlx", "axum", "lettre"]),
    rule("heartbeat", Some(&[]), &["sqlx", "axum", "lettre"]),
    rule("own_files", Some(&[]), &["sqlx", "axum", "lettre"]),
    rule("heavy_work", Some(&[]), &["sqlx", "axum", "lettre"]),
    rule("metrics", Some(&["domain"]), &["sqlx", "axum", "lettre"]),
    rule(
        "service",
        Some(&[
            "domain",
            "clock",
            "config",
            "links",
            "mail",
            "store",
            "group_commit",
            "fetch",
            "bucket",
            "dns",
            "metrics",
            "heartbeat",
            "heavy_work",
        ]),
        &["sqlx", "axum", "lettre"],
    ),
    rule("web", None, &["sqlx"]),
    rule("cli", None, &["sqlx"]),
    rule("worker", None, &["sqlx", "axum"]),
];

/// For every other room: only the store speaks SQL.
const OTHERWISE: Rule = rule("", None, &["sqlx"]);

const fn rule(
    room: &'static str,
    may_use: Option<&'static [&'static str]>,
    never: &'static [&'static str],
) -> Rule {
    Rule {
        room,
        may_use,
        never,
    }
}

/// Says what in a file breaks the rules. `path` is relative to `src`.
fn breaches(path: &str, source: &str) -> Vec<String> {
    let room = path
        .split('/')
        .next()
        .unwrap_or_default()
        .trim_end_matches(".rs");
    let rule = RULES
        .iter()
        .find(|rule| rule.room == room)
        .unwrap_or(&OTHERWISE);
    let Uses { rooms, crates } = uses_of(path, source, rule.never);
    let strangers = rooms
        .into_iter()
        .filter(|(_, used)| used != room)
        .filter(|(_, used)| {
            rule.may_use
                .is_some_and(|allowed| !allowed.contains(&used.as_str()))
        });
    strangers
        .chain(crates)
        .map(|(line, used)| format!("src/{path}:{line}: {room} must not use {used}"))
        .collect()
}

#[test]
fn every_room_uses_only_what_it_may() {
    let breaches: Vec<String> = sources()
        .iter()
        .flat_map(|(path, source)| breaches(path, source))
        .collect();
    assert!(breaches.is_empty(), "{breaches:#?}");
}

#[test]
fn a_breach_is_seen() {
    for (path, source, breach) in [
        (
            "domain/a.rs",
            "use crate::store::Store;",
            "1: domain must not use store",
        ),
        (
            "domain/a.rs",
            "\nuse crate::{domain::X, mail};",
            "2: domain must not use mail",
        ),
        (
            "domain/a.rs",
            "use crate::{\n    domain::{b, c},\n    web::page,\n};",
            "3: domain must not use web",
        ),
        (
            "domain/a/b.rs",
            "use super::super::super::store::Store;",
            "domain must not use store",
        ),
        (
            "domain/mod.rs",
            "use super::{domain::X, store::Y};",
            "domain must not use store",
        ),
        (
            "domain/a.rs",
            "fn f() { tokio::spawn(x) }",
            "domain must not use tokio",
        ),
        (
            "store/a.rs",
            "fn f(x: crate::web::Page) {}",
            "store must not use web",
        ),
        (
            "mail/a.rs",
            "#[derive(sqlx::FromRow)]",
            "mail must not use sqlx",
        ),
        (
            "publish/a.rs",
            "use crate::subscribe::confirm;",
            "publish must not use subscribe",
        ),
        ("publish/a.rs", "use axum;", "publish must not use axum"),
        (
            "membership/a.rs",
            "use crate::subscribe::confirm;",
            "membership must not use subscribe",
        ),
        (
            "store/a.rs",
            "use crate::membership;",
            "store must not use membership",
        ),
        ("web/a.rs", "use ::sqlx::query;", "web must not use sqlx"),
        (
            "web/a.rs",
            "use {serde::Serialize, sqlx as q};",
            "web must not use sqlx",
        ),
        (
            "worker/a.rs",
            "extern crate axum;",
            "worker must not use axum",
        ),
        ("app.rs", "use sqlx::Pool;", "app must not use sqlx"),
        (
            "web/a.rs",
            "#[cfg(test)]\nuse x::y;\nuse sqlx::query;",
            "3: web must not use sqlx",
        ),
        (
            "web/a.rs",
            "const A: char = '\"'; use sqlx::query; const B: char = '\"';",
            "sqlx",
        ),
    ] {
        let found = breaches(path, source);
        assert!(
            found.len() == 1 && found[0].contains(breach),
            "{path}: {source}\nshould be flagged with {breach:?}, not {found:?}"
        );
    }
}

#[test]
fn what_is_allowed_passes() {
    for (path, source) in [
        (
            "store/a.rs",
            "use crate::{clock::Clock, domain::Id};\nuse sqlx::query;",
        ),
        ("store/a.rs", "use super::rows; use crate::store::dialect;"),
        ("domain/a.rs", "use super::{store, ids}; use self::web::X;"),
        (
            "domain/a.rs",
            "// crate::store\n/* crate::web /* sqlx:: */ */ const S: &str = \"crate::web\";",
        ),
        (
            "domain/a.rs",
            "const S: &str = r#\"a \" crate::web\"#; fn f<'a>(x: &'a str) {}",
        ),
        (
            "web/a.rs",
            "#[cfg(test)]\nmod tests { use sqlx::query; fn f() { sqlx::query(\"}\") } }",
        ),
        ("web/a.rs", "fn my_sqlx() { let sqlx_like = a.sqlx(); }"),
        ("app.rs", "use crate::{web, worker, store};"),
        ("main.rs", "use xabar::cli;"),
    ] {
        assert_eq!(breaches(path, source), Vec::<String>::new(), "{source}");
    }
}

/// The lines that build a consent event with a struct literal.
fn built_consent_events(source: &str) -> Vec<usize> {
    let not_literals = ["->", "struct", "for", "impl"];
    let builds = |line: &str| {
        line.match_indices("ConsentEvent {").any(|(at, _)| {
            let before = line[..at].trim_end();
            !not_literals.iter().any(|word| before.ends_with(word))
        })
    };
    let lines = source.lines().zip(1..);
    lines
        .filter(|(line, _)| builds(line))
        .map(|(_, number)| number)
        .collect()
}

/// Consent events are the proof of consent: `membership` builds every one of them, and the store
/// reads them back.
#[test]
fn only_membership_builds_consent_events() {
    let mut builders: Vec<String> = sources()
        .iter()
        .filter(|(_, source)| !built_consent_events(source).is_empty())
        .map(|(path, _)| path.clone())
        .collect();
    builders.sort();
    assert_eq!(
        builders,
        ["membership/consent_event.rs", "store/consent/mod.rs"]
    );
}

#[test]
fn a_built_consent_event_is_seen() {
    let source = "fn f() -> ConsentEvent {\n    let a = ConsentEvent { at, ..b };\n}\npub struct ConsentEvent {\n";
    assert_eq!(built_consent_events(source), [2]);
}

#[test]
fn files_stay_short() {
    let lengths: Vec<(usize, String)> = sources()
        .into_iter()
        .map(|(path, source)| (source.lines().count(), path))
        .collect();
    for (lines, path) in lengths.iter().filter(|(lines, _)| *lines > 300) {
        println!("src/{path} has {lines} lines; aim for 300");
    }
    let long: Vec<_> = lengths.iter().filter(|(lines, _)| *lines > 400).collect();
    assert!(long.is_empty(), "over 400 lines: {long:?}");
}

/// A reader's folders are not ours, so a path that starts at the root helps nobody.
#[test]
fn documents_name_no_machine() {
    let mut documents = Vec::new();
    collect(&root().join("docs"), "md", &mut documents);
    collect_files(&root(), "md", &mut documents);
    assert!(documents.len() > 40, "{}", documents.len());
    for path in documents {
        let text = std::fs::read_to_string(&path).unwrap();
        for place in ["/work/", "/root/", "/home/", "/Users/", "/tmp/"] {
            assert!(!text.contains(place), "{}: {place}", path.display());
        }
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// Every source file, by its path from `src`.
fn sources() -> Vec<(String, String)> {
    let src = root().join("src");
    let mut paths = Vec::new();
    collect(&src, "rs", &mut paths);
    assert!(!paths.is_empty(), "no sources found");
    paths
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(&src).unwrap().to_str().unwrap();
            (name.to_owned(), std::fs::read_to_string(&path).unwrap())
        })
        .collect()
}

/// Adds the files with an extension in a folder and all below; none if there is no folder.
fn collect(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    collect_files(folder, extension, found);
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.path().is_dir() {
            collect(&entry.path(), extension, found);
        }
    }
}

fn collect_files(folder: &Path, extension: &str, found: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    found.extend(
        entries
            .map(|entry| entry.path())
            .filter(|path| path.is_file() && path.extension().is_some_and(|e| e == extension)),
    );
}
