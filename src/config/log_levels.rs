//! `log`

use super::SettingsError;

/// What a level may be written as.
const LEVELS: &[&str] = &["off", "error", "warn", "info", "debug", "trace"];
/// What people write for a level.
const MEANT: &[(&str, &str)] = &[
    ("warning", "warn"),
    ("warnings", "warn"),
    ("err", "error"),
    ("errors", "error"),
    ("critical", "error"),
    ("fatal", "error"),
    ("information", "info"),
    ("notice", "info"),
    ("verbose", "debug"),
    ("all", "trace"),
    ("none", "off"),
];

/// Refuses a word that is no level. The log would take it for the name of a program part, log all of that part, and
/// nothing else.
pub(super) fn check(directives: &str) -> Result<(), SettingsError> {
    let wrong = parts(directives).into_iter().find(|part| !is_known(part));
    let Some(word) = wrong else {
        return Ok(());
    };
    let meant = MEANT
        .iter()
        .find(|(known, _)| word.eq_ignore_ascii_case(known));
    let why = match meant {
        Some((_, level)) => format!("`{word}` is no level; write {level}"),
        None => format!(
            "`{word}` is no level ({}); for one part of the program write its level too, as in info,xabar::mail=debug",
            LEVELS.join(", ")
        ),
    };
    Err(SettingsError::Invalid {
        path: "log".to_owned(),
        why,
    })
}

/// The directives between commas; those in the fields of a span separate nothing.
fn parts(directives: &str) -> Vec<&str> {
    let mut depth = 0_usize;
    let parts = directives.split(|c| {
        match c {
            '[' | '{' => depth += 1,
            ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        c == ',' && depth == 0
    });
    parts
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect()
}

/// A level, or what cannot be one: a part with its level, a span, or a part of this program.
fn is_known(part: &str) -> bool {
    let is_level = LEVELS.iter().any(|level| part.eq_ignore_ascii_case(level));
    let is_number = matches!(part, "0" | "1" | "2" | "3" | "4" | "5");
    let is_target = part == "xabar" || part.contains("::") || part.contains(['=', '[']);
    is_level || is_number || is_target
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn a_word_that_is_no_level_is_refused_with_what_may_be_meant() {
        for (log, told) in [
            ("warning", "write warn"),
            ("Warning,xabar=debug", "write warn"),
            ("xabar=debug,none", "write off"),
            ("inof", "off, error, warn, info, debug, trace"),
            ("sqlx", "`sqlx` is no level"),
            ("6", "`6` is no level"),
        ] {
            let error = check(log).unwrap_err().to_string();
            assert!(error.contains("`log`") && error.contains(told), "{error}");
        }
    }

    #[test]
    fn what_can_be_meant_is_taken() {
        for log in [
            "",
            "info",
            "WARN",
            "off",
            "3",
            "info, xabar=debug",
            "xabar",
            "xabar::mail",
            "warn,sqlx=debug,[delivery{issue=a,lease}]=trace",
        ] {
            assert!(check(log).is_ok(), "{log}");
        }
    }
}
