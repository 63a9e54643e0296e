//! Exim and OpenSMTPD, in a root of their own.
//!
//! Their packages exclude each other, so they are not installed: paths and users that are
//! built into the programs exist only in a folder that a server is confined to. Both keep
//! what they accept in their queue; nothing is passed on.

use std::ffi::OsString;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{StoredMail, files_below, installed, with_crlf};

/// Users that no host has, one for each name that the programs look up.
const EXIM_USER: u32 = 64_001;
const OPENSMTPD_USER: u32 = 64_002;
const OPENSMTPD_QUEUE_USER: u32 = 64_003;

const EXIM_QUEUE: &str = "root/var/spool/exim4";
const OPENSMTPD_QUEUE: &str = "root/var/spool/smtpd";

/// The command that runs Exim on this port.
pub(super) fn exim(folder: &Path, port: u16) -> Vec<OsString> {
    let root = Root::make(folder, "exim4", &[("Debian-exim", EXIM_USER)]);
    for place in ["var/spool/exim4", "var/log/exim4"] {
        let place = root.folder(place);
        chown(&place, Some(EXIM_USER), Some(EXIM_USER)).expect("chown of Exim's folder");
    }
    root.file(
        "etc/exim4/exim4.conf",
        &format!(
            "primary_hostname = exim.example.org\n\
             local_interfaces = 127.0.0.1\n\
             daemon_smtp_ports = {port}\n\
             pid_file_path = /exim.pid\n\
             keep_environment =\n\
             queue_only = true\n\
             host_lookup =\n\
             tls_advertise_hosts =\n\
             smtp_accept_max_per_connection = 50\n\
             smtp_accept_max_per_host = 10\n\
             acl_smtp_rcpt = accept\n\
             acl_smtp_data = accept\n"
        ),
    );
    root.command(&["-bdf"])
}

/// The command that runs OpenSMTPD on this port.
pub(super) fn opensmtpd(folder: &Path, port: u16) -> Vec<OsString> {
    let users = [
        ("opensmtpd", OPENSMTPD_USER),
        ("opensmtpq", OPENSMTPD_QUEUE_USER),
    ];
    let root = Root::make(folder, "smtpd", &users);
    root.folder("var/lib/opensmtpd/empty");
    root.folder("var/run");
    let spool = root.folder("var/spool/smtpd");
    let for_others = std::fs::Permissions::from_mode(0o711);
    std::fs::set_permissions(spool, for_others).expect("the rights of OpenSMTPD's folder");
    root.file(
        "etc/smtpd.conf",
        &format!(
            "listen on 127.0.0.1 port {port} hostname opensmtpd.example.org\n\
             action keep relay host \"smtp://127.0.0.1:9\"\n\
             match from any for any action keep\n"
        ),
    );
    root.command(&["-d", "-P", "mda", "-P", "mta"])
}

/// Two files a mail: ID-H has the envelope and the headers, ID-D the body behind its name.
pub(super) fn exim_queue(folder: &Path) -> Vec<StoredMail> {
    let input = folder.join(EXIM_QUEUE).join("input");
    let files = files_below(&input).into_iter();
    let envelopes = files.filter(|path| path.to_string_lossy().ends_with("-H"));
    envelopes.map(|path| exim_mail(&path)).collect()
}

fn exim_mail(path: &Path) -> StoredMail {
    let envelope = std::fs::read_to_string(path).expect("Exim's envelope file");
    let (envelope, headers) = envelope.split_once("\n\n").expect("headers");
    let mut recipients = envelope.lines().rev();
    let recipient = recipients.next().unwrap().to_owned();
    assert_eq!(recipients.next(), Some("1"), "one recipient: {envelope}");
    let body = path.to_str().unwrap().strip_suffix('H').unwrap().to_owned() + "D";
    let body = std::fs::read(body).expect("Exim's body file");
    let end_of_name = body.iter().position(|octet| *octet == b'\n').unwrap();
    let mut raw = exim_headers(headers).into_bytes();
    raw.push(b'\n');
    raw.extend_from_slice(&body[end_of_name + 1..]);
    StoredMail {
        recipient,
        raw: with_crlf(&raw),
    }
}

/// Each header stands behind its length in three digits, a letter and a space.
fn exim_headers(mut stored: &str) -> String {
    let mut headers = String::new();
    while stored.len() > 5 {
        let (length, rest) = stored.split_at(5);
        let length = length[..3].parse().expect("the length of a header");
        let (header, rest) = rest.split_at(length);
        headers.push_str(header);
        stored = rest;
    }
    headers
}

/// A folder a mail: `message`, and a file for each recipient.
pub(super) fn opensmtpd_queue(folder: &Path) -> Vec<StoredMail> {
    let queue = folder.join(OPENSMTPD_QUEUE).join("queue");
    let files = files_below(&queue).into_iter();
    let envelopes = files.filter(|path| !path.ends_with("message"));
    envelopes
        .map(|path| {
            let envelope = std::fs::read_to_string(&path).expect("OpenSMTPD's envelope file");
            let mut lines = envelope.lines();
            let recipient = lines.find_map(|line| line.strip_prefix("rcpt: "));
            let message = std::fs::read(path.with_file_name("message"));
            StoredMail {
                recipient: recipient.expect("a recipient").to_owned(),
                raw: with_crlf(&message.expect("OpenSMTPD's message file")),
            }
        })
        .collect()
}

/// A folder that holds all that one program needs.
struct Root {
    root: PathBuf,
    program: String,
}

impl Root {
    /// With the program, the libraries it is linked with, and these users.
    fn make(folder: &Path, program: &str, users: &[(&str, u32)]) -> Self {
        let is_root = std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0);
        assert!(is_root, "{program} changes its user: run the tests as root");
        let readable = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(folder, readable).expect("the rights of the server's folder");
        let made = Self {
            root: folder.join("root"),
            program: format!("/usr/sbin/{program}"),
        };
        let original = installed("debian").join(&made.program[1..]);
        made.copy(&original, &made.program);
        for (library, place) in libraries(&original) {
            made.copy(&library, &place);
        }
        // Placed where programs look without being told.
        made.file("dev/null", "");
        let mut passwd = "root:x:0:0::/:/bin/sh\n".to_owned();
        let mut group = "root:x:0:\n".to_owned();
        for (name, id) in users {
            passwd += &format!("{name}:x:{id}:{id}::/:/bin/false\n");
            group += &format!("{name}:x:{id}:\n");
        }
        made.file("etc/passwd", &passwd);
        made.file("etc/group", &group);
        made
    }

    fn folder(&self, path: &str) -> PathBuf {
        let folder = self.root.join(path.trim_start_matches('/'));
        std::fs::create_dir_all(&folder).expect("a folder of the server");
        folder
    }

    fn file(&self, path: &str, content: &str) {
        let path = Path::new(path);
        let parent = self.folder(path.parent().unwrap().to_str().unwrap());
        let file = parent.join(path.file_name().unwrap());
        std::fs::write(file, content).expect("a file of the server");
    }

    fn copy(&self, original: &Path, path: &str) {
        let path = Path::new(path);
        let parent = self.folder(path.parent().unwrap().to_str().unwrap());
        let copied = std::fs::copy(original, parent.join(path.file_name().unwrap()));
        copied.unwrap_or_else(|error| panic!("{}: {error}", original.display()));
    }

    fn command(&self, arguments: &[&str]) -> Vec<OsString> {
        let mut command: Vec<OsString> = vec!["chroot".into(), self.root.clone().into()];
        command.push(self.program.clone().into());
        command.extend(arguments.iter().map(OsString::from));
        command
    }
}

/// The libraries of a program, and the place of each in the server's root. All but the
/// loader, whose path is built into the program, go where the loader looks by itself.
fn libraries(program: &Path) -> Vec<(PathBuf, String)> {
    let unpacked = std::fs::read_dir(installed("debian/usr/lib")).expect("unpacked libraries");
    let unpacked: Vec<_> = unpacked.flatten().map(|entry| entry.path()).collect();
    let said = Command::new("ldd")
        .arg(program)
        .env("LD_LIBRARY_PATH", std::env::join_paths(unpacked).unwrap())
        .output()
        .expect("cannot run ldd");
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(!said.contains("not found"), "{}: {said}", program.display());
    let found = said.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        let path = words.find(|word| word.starts_with('/'))?;
        let name = Path::new(path).file_name()?.to_str()?;
        let place = match line.contains("=>") {
            true => format!("/lib/{name}"),
            false => path.to_owned(),
        };
        Some((PathBuf::from(path), place))
    });
    found.collect()
}
