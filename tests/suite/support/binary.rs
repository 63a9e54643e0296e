//! The program as people run it: the real binary, in a folder of its own.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};
use tokio::sync::OnceCell;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

/// Far longer than anything here takes: a test should fail rather than hang.
const PATIENCE: Duration = Duration::from_secs(60);

/// A folder with settings, as variables of the environment.
pub struct Installation {
    folder: TempDir,
    settings: Vec<(String, String)>,
    set_up: OnceCell<()>,
}

/// How a run ended.
#[derive(Debug)]
pub struct Ran {
    pub status: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

/// A service that runs until it is stopped or this is dropped.
pub struct Serving {
    /// Where it listens; empty for a worker alone.
    pub base: String,
    process: Child,
    log: Arc<Mutex<String>>,
    reading: JoinHandle<()>,
}

impl Installation {
    /// With this database, a free port, and logs that a program can read.
    pub fn new(database: &str) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("xabar-test-cli-")
            .tempdir()
            .unwrap();
        Self {
            folder,
            settings: Vec::new(),
            set_up: OnceCell::new(),
        }
        .with("DATABASE__URL", database)
        .with("HTTP__LISTEN", "127.0.0.1:0")
        .with("LOG_FORMAT", "json")
    }

    /// With one more setting, or another value of one.
    pub fn with(self, setting: &str, value: &str) -> Self {
        self.with_variable(&format!("XABAR_{setting}"), value)
    }

    /// Gives one setting another value.
    pub fn set(&mut self, setting: &str, value: &str) {
        self.settings
            .push((format!("XABAR_{setting}"), value.to_owned()));
    }

    /// With a variable that is no setting of ours.
    pub fn with_variable(mut self, name: &str, value: &str) -> Self {
        self.settings.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The names of the variables that are set.
    pub fn variables(&self) -> Vec<String> {
        self.settings.iter().map(|(name, _)| name.clone()).collect()
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    pub fn read(&self, name: impl AsRef<Path>) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap()
    }

    fn command(&self, args: &[&str]) -> Command {
        self.command_under(&[], args)
    }

    /// The same, started by another program, as by `prlimit --nofile=300`.
    fn command_under(&self, starter: &[&str], args: &[&str]) -> Command {
        // A write past a limit of the system should fail rather than kill (SIGXFSZ).
        let mut command = Command::new("sh");
        command.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]);
        command.args(starter);
        command.arg(env!("CARGO_BIN_EXE_xabar"));
        for (name, _) in std::env::vars_os() {
            if name.to_string_lossy().starts_with("XABAR_") {
                command.env_remove(name);
            }
        }
        command
            .args(args)
            .current_dir(self.folder.path())
            .envs(self.settings.iter().cloned())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        command
    }

    /// A command whose log goes elsewhere.
    pub fn command_to(&self, args: &[&str], log: Stdio) -> Command {
        let mut command = self.command(args);
        command.stderr(log);
        command
    }

    pub async fn run(&self, args: &[&str]) -> Ran {
        self.run_with_input(args, "").await
    }

    /// Runs a command; before the first one that needs a service, `migrate` sets one up.
    pub async fn run_with_input(&self, args: &[&str], input: &str) -> Ran {
        let sets_up = ["migrate", "serve", "demo", "openapi"];
        if !args.iter().any(|arg| sets_up.contains(arg)) {
            let migrate = async { drop(self.run_alone(&["migrate"], "").await) };
            self.set_up.get_or_init(|| migrate).await;
        }
        self.run_alone(args, input).await
    }

    /// Runs a command where perhaps no service is.
    pub async fn run_alone(&self, args: &[&str], input: &str) -> Ran {
        let mut process = self.command(args).stdin(Stdio::piped()).spawn().unwrap();
        let mut stdin = process.stdin.take().unwrap();
        // Whoever does not read has ended, and says why.
        let _ = stdin.write_all(input.as_bytes()).await;
        drop(stdin);
        let output = timeout(PATIENCE, process.wait_with_output()).await;
        let output = output
            .unwrap_or_else(|_| panic!("{args:?} did not end"))
            .unwrap();
        Ran {
            status: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs a command at a terminal, where somebody types `answer`; returns its exit status and
    /// whatever appears there.
    pub async fn at_terminal(&self, args: &[&str], answer: &str) -> (Option<i32>, String) {
        let binary = env!("CARGO_BIN_EXE_xabar");
        let line = format!("{binary} {}", args.join(" "));
        let mut command = self.command(&[]);
        let mut script = Command::new("script");
        script.args([
            "--quiet",
            "--return",
            "--echo",
            "never",
            "--command",
            &line,
            "/dev/null",
        ]);
        script.current_dir(self.folder.path()).env_clear();
        let environment = command.as_std_mut().get_envs();
        let ours =
            environment.filter_map(|(name, value)| Some((name.to_owned(), value?.to_owned())));
        script
            .envs(ours.collect::<Vec<_>>())
            .env("PATH", "/usr/bin:/bin")
            .env("TERM", "xterm");
        script
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true);
        let mut process = script.spawn().unwrap();
        let mut stdin = process.stdin.take().unwrap();
        stdin.write_all(answer.as_bytes()).await.unwrap();
        let ended = timeout(PATIENCE, process.wait_with_output())
            .await
            .unwrap()
            .unwrap();
        drop(stdin);
        (
            ended.status.code(),
            String::from_utf8_lossy(&ended.stdout).into_owned(),
        )
    }

    /// Runs what must work, in silence on standard error; returns what it printed.
    pub async fn ok(&self, args: &[&str]) -> String {
        let ran = self.run(args).await;
        assert_eq!(
            (ran.status, ran.stderr.as_str()),
            (Some(0), ""),
            "{args:?}: {ran:?}"
        );
        ran.stdout
    }

    /// The same with `--json`.
    pub async fn json(&self, args: &[&str]) -> Value {
        let printed = self.ok(&[args, &["--json"]].concat()).await;
        serde_json::from_str(&printed).unwrap_or_else(|e| panic!("{args:?}: {e}: {printed}"))
    }

    /// The same of a command that prints a line for each event; returns them.
    pub async fn events(&self, args: &[&str]) -> Vec<Value> {
        json_lines(&self.ok(&[args, &["--json"]].concat()).await)
    }

    /// Runs what must fail with status 1, or 78 where settings do not fit, one line on standard error and
    /// nothing else; returns the line.
    pub async fn refused(&self, args: &[&str]) -> String {
        let ran = self.run(args).await;
        assert!(
            matches!(ran.status, Some(1 | 78)) && ran.stdout.is_empty(),
            "{args:?}: {ran:?}"
        );
        assert_eq!(ran.stderr.lines().count(), 1, "{args:?}: {}", ran.stderr);
        let line = ran.stderr.strip_prefix("xabar: ");
        line.expect("the program's name before what it says")
            .trim_end()
            .to_owned()
    }

    /// Starts something that goes on by itself.
    pub fn start(&self, args: &[&str]) -> Child {
        self.command(args).spawn().unwrap()
    }

    /// Starts a demo whose data is in the folder `mine`; returns what it prints as well.
    pub async fn start_demo(&self) -> (Child, Value) {
        let mut process = self.start(&[
            "demo",
            "--json",
            "--listen",
            "127.0.0.1:0",
            "--data",
            "mine",
        ]);
        let greeting = first_json(process.stdout.take().unwrap()).await;
        (process, greeting)
    }

    pub async fn serve(&self, role: &str) -> Serving {
        self.serve_with(&[], role).await
    }

    /// The same with further options, for example `-v`.
    pub async fn serve_with(&self, options: &[&str], role: &str) -> Serving {
        self.serve_under(&[], options, role).await
    }

    /// The same, started by another program.
    pub async fn serve_under(&self, starter: &[&str], options: &[&str], role: &str) -> Serving {
        let args = [&["serve", "--role", role], options].concat();
        let mut process = self.command_under(starter, &args).spawn().unwrap();
        let mut lines = BufReader::new(process.stderr.take().unwrap()).lines();
        let log = Arc::new(Mutex::new(String::new()));
        let mut base = String::new();
        while role != "worker" && base.is_empty() {
            let line = timeout(PATIENCE, lines.next_line()).await.unwrap().unwrap();
            let Some(line) = line else {
                panic!("serve ended: {}", log.lock().unwrap());
            };
            let said: Value = serde_json::from_str(&line).unwrap_or_default();
            if said["fields"]["message"] == "listening" {
                base = format!("http://{}", said["fields"]["address"].as_str().unwrap());
            }
            log.lock().unwrap().extend([&line, "\n"]);
        }
        let rest = Arc::clone(&log);
        let reading = tokio::spawn(async move {
            while let Ok(Some(line)) = lines.next_line().await {
                rest.lock().unwrap().extend([&line, "\n"]);
            }
        });
        Serving {
            base,
            process,
            log,
            reading,
        }
    }
}

impl Serving {
    pub async fn get(&self, path: &str) -> (u16, String) {
        let answer = reqwest::get(format!("{}{path}", self.base)).await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    /// Waits until its log is as asked.
    pub async fn wait_for(&self, what: &str, is_there: impl Fn(&str) -> bool) {
        let waiting = async {
            while !is_there(&self.log()) {
                sleep(Duration::from_millis(20)).await;
            }
        };
        let came = timeout(PATIENCE, waiting).await;
        assert!(came.is_ok(), "{what}: {}", self.log());
    }

    /// SIGTERM; returns the exit status.
    pub async fn terminate(mut self) -> Option<i32> {
        terminate(&mut self.process).await
    }

    /// SIGTERM, and the whole log. Of a process that runs, a log written by a thread of its own
    /// may lack the last lines.
    pub async fn finish(mut self) -> String {
        let status = terminate(&mut self.process).await;
        let read = timeout(PATIENCE, &mut self.reading).await;
        let log = self.log();
        assert!(read.is_ok(), "its log does not end: {log}");
        assert_eq!(status, Some(0), "{log}");
        log
    }

    /// STOP or CONT.
    pub async fn signal(&self, name: &str) {
        signal(&self.process, name).await;
    }

    /// No file may become larger than so many octets; "unlimited" again.
    pub async fn limit_files(&self, octets: &str) {
        let pid = self.process.id().expect("it has ended already").to_string();
        let limit = format!("--fsize={octets}:unlimited");
        let set = Command::new("prlimit")
            .args([&limit, "--pid", &pid])
            .status()
            .await;
        assert!(set.unwrap().success());
    }

    /// SIGKILL.
    pub async fn kill(mut self) {
        self.process.kill().await.unwrap();
    }

    /// What it has logged so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }
}

/// The lines of a log with this message.
pub fn events(log: &str, message: &str) -> Vec<Value> {
    let lines = log
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok());
    let has_message = |line: &Value| line["fields"]["message"] == message;
    lines.filter(has_message).collect()
}

/// A JSON value on each line.
pub fn json_lines(printed: &str) -> Vec<Value> {
    let value = |line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}"));
    printed.lines().map(value).collect()
}

/// SIGTERM; returns the exit status.
pub async fn terminate(process: &mut Child) -> Option<i32> {
    signal(process, "TERM").await;
    let ended = timeout(PATIENCE, process.wait()).await;
    ended.expect("it goes on after SIGTERM").unwrap().code()
}

async fn signal(process: &Child, name: &str) {
    let id = process.id().expect("it has ended already").to_string();
    let mut kill = Command::new("sh");
    let sent = kill
        .args(["-c", "kill -s \"$1\" \"$0\"", &id, name])
        .status()
        .await;
    assert!(sent.unwrap().success());
}

/// The first JSON document that a running program prints.
pub async fn first_json(mut stdout: tokio::process::ChildStdout) -> Value {
    use tokio::io::AsyncReadExt;
    let mut printed = Vec::new();
    loop {
        assert!(
            stdout.read_buf(&mut printed).await.unwrap() > 0,
            "it has ended"
        );
        if let Ok(value) = serde_json::from_slice(&printed) {
            return value;
        }
    }
}
