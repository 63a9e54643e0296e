//! The key of the links: whether it is there, and ours alone. Whether it is this database's: `database.rs`.

use super::Diagnosis;
use crate::config::Settings;
use crate::domain::LinkKey;
use crate::secret;

pub(super) fn examine(settings: &Settings) -> (Option<LinkKey>, Vec<Diagnosis>) {
    let file = settings.secret_file.display().to_string();
    match secret::load(&settings.secret_file) {
        Ok(Some(key)) => {
            let says = "it is there, and others cannot read it";
            (Some(key), vec![Diagnosis::green("key", &file, says)])
        }
        Ok(None) => {
            let mend = "restore the file from your backup, or correct `secret_file`; for a new installation make one as docs/OPERATIONS.md says";
            let says = "the key does not exist";
            (None, vec![Diagnosis::red("key", &file, says, mend)])
        }
        Err(why) => {
            let mend = "correct the file that `secret_file` names";
            (None, vec![Diagnosis::red("key", &file, why, mend)])
        }
    }
}
