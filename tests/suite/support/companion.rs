//! A program that lives as long as the test process, and not a moment longer.
//!
//! Rust never drops statics, and nothing at all runs after a SIGKILL. So a small
//! shell stands between: it reads from a pipe whose other end only the test process
//! holds. However that process ends, the pipe closes, and the shell ends the program
//! and removes its folder.

use std::ffi::OsStr;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// `$1` the folder, `$2` the signal that ends the program, then the program itself.
///
/// The program gets its process group's signal too, because a browser driver has
/// children of its own; the shell ignores that one to be able to tidy up.
const WATCHDOG: &str = r#"
dir=$1 signal=$2
shift 2
"$@" </dev/null >"$dir/log" 2>&1 &
read -r _
: >"$dir/over" # for programs that begin again whatever is sent to them
trap '' "$signal"
kill -s "$signal" 0
wait
for _ in 1 2 3 4 5; do
    rm -rf "$dir" && break
    sleep 0.2 # a grandchild is still writing
done
"#;

/// A running program, its folder and its log.
pub struct Companion {
    // Holds the pipe: dropping it, or dying with it, ends the program.
    _watchdog: Child,
    dir: PathBuf,
}

impl Companion {
    /// Starts `program` with `dir` as the folder that is removed with it.
    pub fn start<S: AsRef<OsStr>>(dir: &Path, signal: &str, program: &[S]) -> Self {
        let watchdog = Command::new("sh")
            .args(["-c", WATCHDOG, "watchdog"])
            .arg(dir)
            .arg(signal)
            .args(program)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            // A group of its own: Ctrl-C at the terminal must reach the tests only.
            .process_group(0)
            .spawn()
            .expect("cannot start sh");
        Self {
            _watchdog: watchdog,
            dir: dir.to_owned(),
        }
    }

    /// What the program has said so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.dir.join("log")).unwrap_or_default()
    }

    /// Waits until `found` sees in the log what it looks for.
    pub fn wait_for<T>(&self, what: &str, found: impl Fn(&str) -> Option<T>) -> T {
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let log = self.log();
            if let Some(found) = found(&log) {
                return found;
            }
            assert!(Instant::now() < deadline, "{what}: it said\n{log}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}
