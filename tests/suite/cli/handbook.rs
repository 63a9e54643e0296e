//! Completions and man pages: of every command, and read by the programs they are for.

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
