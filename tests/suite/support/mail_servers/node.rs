//! Haraka and Nodemailer's smtp-server. Both write each mail into a file of its own.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use super::{StoredMail, files_below, with_crlf};
use crate::support::npm;

/// The command that runs Haraka on this port.
pub(super) fn haraka(folder: &Path, port: u16) -> Vec<OsString> {
    let home = folder.join("haraka");
    let write = |path: &str, content: &str| {
        let path = home.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    };
    write("config/me", "haraka.example.org\n");
    write("config/plugins", "keep_mails\n");
    write("config/log.ini", "[main]\nlevel=warn\nformat=default\n");
    write(
        "config/smtp.ini",
        &format!("listen=127.0.0.1:{port}\nnodes=0\n"),
    );
    write(
        "plugins/keep_mails.js",
        include_str!("haraka/keep_mails.js"),
    );
    // It does not start without this one of the files that it comes with.
    let shipped = npm::installed("Haraka/config/connection.ini");
    std::fs::copy(shipped, home.join("config/connection.ini")).unwrap();
    let program = npm::installed("Haraka/bin/haraka");
    node(folder, &[program, "-c".into(), home])
}

/// The command that runs smtp-server; it says its port in its log.
pub(super) fn nodemailer_server(folder: &Path) -> Vec<OsString> {
    let program = folder.join("nodemailer_server.js");
    std::fs::write(&program, include_str!("nodemailer_server.js")).unwrap();
    node(folder, &[program])
}

fn node(folder: &Path, arguments: &[PathBuf]) -> Vec<OsString> {
    let mails = folder.join("mails");
    std::fs::create_dir(&mails).unwrap();
    let variable = |name: &str, value: PathBuf| {
        let mut variable = OsString::from(name);
        variable.push("=");
        variable.push(value);
        variable
    };
    let mut command = vec!["env".into()];
    command.push(variable("MAIL_FOLDER", mails));
    command.push(variable("NODE_PATH", npm::installed("")));
    command.push(npm::node().into());
    command.extend(arguments.iter().map(OsString::from));
    command
}

/// Each file has the recipient, a line end, and the text.
pub(super) fn mails(folder: &Path) -> Vec<StoredMail> {
    let files = files_below(&folder.join("mails")).into_iter();
    files
        .map(|path| {
            let file = std::fs::read(&path).unwrap();
            let end = file.iter().position(|octet| *octet == b'\n').unwrap();
            let recipient = String::from_utf8_lossy(&file[..end]).into_owned();
            let raw = with_crlf(&file[end + 1..]);
            StoredMail { recipient, raw }
        })
        .collect()
}
