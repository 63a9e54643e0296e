//! Man pages and shell completions of every command, read by the programs they are for.

use std::collections::BTreeMap;
use std::process::Command;

use crate::support::binary::Installation;

#[tokio::test]
async fn a_shell_completes_commands_and_options() {
    let installation = Installation::new("sqlite://nowhere.db");
    let ran = installation.run_alone(&["completions", "bash"], "").await;
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    installation.write("completions.bash", &ran.stdout);
    let script = installation.path("completions.bash");
    let complete = "source \"$0\"; COMP_WORDS=(xabar issue send --d); COMP_CWORD=3; \
        _xabar xabar --d send; echo \"${COMPREPLY[@]}\"";
    let bash = Command::new("bash")
        .args(["-c", complete])
        .arg(script)
        .output()
        .unwrap();
    let offered = String::from_utf8_lossy(&bash.stdout);
    assert!(offered.contains("--dry-run"), "{bash:?}");
    assert!(!installation.path("nowhere.db").exists());
}

#[tokio::test]
async fn each_command_has_a_man_page() {
    let installation = Installation::new("sqlite://nowhere.db");
    let ran = installation.run_alone(&["man", "pages"], "").await;
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    for (page, words) in [
        ("xabar.1", "newsletter service"),
        ("xabar-issue-send.1", "dry\\-run"),
        ("xabar-import.1", "consent_wording"),
    ] {
        let text = installation.read(format!("pages/{page}"));
        assert!(
            text.contains(".TH") && text.contains(words),
            "{page}: {text}"
        );
    }
}

/// The last word of every command, by its words joined by hyphens; found by what `--help` lists.
async fn all_commands(installation: &Installation) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut unread = vec![vec!["xabar".to_owned()]];
    while let Some(command) = unread.pop() {
        let words = command[1..].iter().map(String::as_str);
        let args: Vec<&str> = words.chain(["--help"]).collect();
        let ran = installation.run_alone(&args, "").await;
        assert_eq!(ran.status, Some(0), "{}", ran.stderr);
        let listed = ran.stdout.lines().skip_while(|line| *line != "Commands:");
        let listed = listed.skip(1).take_while(|line| !line.is_empty());
        // A longer explanation goes on further to the right.
        let names = listed.filter(|line| line.starts_with("  ") && !line.starts_with("   "));
        for name in names.filter_map(|line| line.split_whitespace().next()) {
            if name != "help" {
                let longer = command.iter().cloned().chain([name.to_owned()]);
                unread.push(longer.collect());
            }
        }
        found.insert(command.join("-"), command[command.len() - 1].clone());
    }
    found
}

#[tokio::test]
async fn no_command_is_without_a_page_and_a_completion() {
    let installation = Installation::new("sqlite://nowhere.db");
    let commands = all_commands(&installation).await;
    assert!(commands.contains_key("xabar-issue-send"), "{commands:?}");
    let ran = installation.run_alone(&["man", "pages"], "").await;
    assert_eq!(ran.status, Some(0), "{}", ran.stderr);
    let pages = std::fs::read_dir(installation.path("pages")).unwrap();
    let mut pages: Vec<String> = pages
        .map(|page| page.unwrap().file_name().into_string().unwrap())
        .collect();
    pages.sort();
    let mut expected: Vec<String> = commands.keys().map(|name| format!("{name}.1")).collect();
    expected.sort();
    assert_eq!(pages, expected);
    for shell in ["bash", "zsh", "fish"] {
        let ran = installation.run_alone(&["completions", shell], "").await;
        assert_eq!(ran.status, Some(0), "{}", ran.stderr);
        for word in commands.values() {
            assert!(ran.stdout.contains(word.as_str()), "{shell}: {word}");
        }
    }
}
