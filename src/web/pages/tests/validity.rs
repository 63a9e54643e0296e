//! The Nu HTML checker on every page in every language.

use std::path::PathBuf;
use std::process::Command;

use super::all;
use crate::domain::Language;

/// Where `tests/run` puts the checker.
fn checker() -> PathBuf {
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| "target".into(), PathBuf::from);
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join(target)
        .join("vnu/vnu.jar")
}

#[test]
fn the_nu_html_checker_finds_nothing() {
    let checker = checker();
    assert!(
        checker.exists(),
        "`tests/run` fetches the checker: {}",
        checker.display()
    );
    let folder = tempfile::tempdir().unwrap();
    let mut pages = 0;
    for language in Language::ALL {
        for (name, html) in all(*language, "Mots") {
            pages += 1;
            std::fs::write(
                folder.path().join(format!("{pages:03}-{language}-{name}")),
                html,
            )
            .unwrap();
        }
    }
    let checked = Command::new("java")
        .arg("-jar")
        .arg(&checker)
        .arg(folder.path())
        .output()
        .unwrap();
    let found = String::from_utf8_lossy(&checked.stderr);
    // The sample issue is French whatever the page's language.
    let is_meant =
        |line: &&str| line.is_empty() || line.contains("appears to be written in French");
    let found: Vec<_> = found.lines().filter(|line| !is_meant(line)).collect();
    assert!(checked.status.success() && found.is_empty(), "{found:#?}");
    assert!(pages > 100, "{pages}");
}

#[test]
fn the_nu_html_checker_would_find_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("page.html");
    std::fs::write(
        &page,
        "<!doctype html><html lang=en><title>x</title><p><div id=a><b id=a></p>",
    )
    .unwrap();
    let checked = Command::new("java")
        .arg("-jar")
        .arg(checker())
        .arg(&page)
        .output()
        .unwrap();
    let found = String::from_utf8_lossy(&checked.stderr);
    assert!(
        !checked.status.success() && found.contains("Duplicate ID"),
        "{found}"
    );
}
