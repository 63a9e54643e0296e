//! A reader of mails that shares no code with the writer, and forgives nothing.

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use serde::Deserialize;

/// A mail as Python's standard library understands it: decoded, in order.
#[derive(Debug, Deserialize)]
pub struct ParsedMail {
    pub headers: Vec<(String, String)>,
    #[serde(deserialize_with = "or_empty")]
    pub text: String,
    #[serde(deserialize_with = "or_empty")]
    pub html: String,
    /// Everything a strict receiver might object to.
    pub defects: Vec<String>,
}

impl ParsedMail {
    /// The decoded value of a header; None where it is missing.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

/// Reads a mail and fails the test if it has any defect.
#[track_caller]
pub fn strict_parse(raw: &[u8]) -> ParsedMail {
    let mail = parse(raw);
    assert!(
        mail.defects.is_empty(),
        "{:#?}\nin\n{}",
        mail.defects,
        String::from_utf8_lossy(raw)
    );
    mail
}

/// Reads a mail and reports its defects.
pub fn parse(raw: &[u8]) -> ParsedMail {
    let mut python = Command::new(super::smtp::PYTHON)
        .arg(script("mail_check.py"))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3 is not installed");
    // It reads to the end before it writes, so the two pipes cannot block each other.
    let mut stdin = python.stdin.take().expect("piped");
    stdin.write_all(raw).expect("mail_check.py stopped reading");
    drop(stdin);
    let output = python.wait_with_output().expect("mail_check.py");
    assert!(output.status.success(), "mail_check.py failed");
    serde_json::from_slice(&output.stdout).expect("mail_check.py's answer")
}

/// The path of a script beside this file.
pub(super) fn script(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests/suite/support", name]
        .iter()
        .collect()
}

fn or_empty<'de, D: serde::Deserializer<'de>>(value: D) -> Result<String, D::Error> {
    Ok(Option::deserialize(value)?.unwrap_or_default())
}
