//! Times, durations and numbers in sentences.

use jiff::Timestamp;

use crate::domain::{Language, Newsletter, PauseCode, PausedBecause, without_addresses};
use crate::instance::hold;
use crate::texts::{TextValue, number, text};

/// A sentence of this part of the desk.
pub(super) fn say(language: Language, key: &str, values: &[(&str, TextValue<'_>)]) -> String {
    text(language, &format!("desk-sending-{key}"), values)
}

/// A number that is shown as text and chooses the form of its noun: `count` and `number`.
pub(super) fn counted(language: Language, count: i64) -> [(&'static str, TextValue<'static>); 2] {
    [
        ("count", count.into()),
        ("number", number(language, count).into()),
    ]
}

/// So many mails a minute.
pub(super) fn rate(language: Language, per_minute: i64) -> String {
    say(language, "rate", &counted(language, per_minute))
}

/// Why the service stopped an issue by itself. What a relay said is quoted without addresses.
pub(super) fn stopped(language: Language, why: &PausedBecause) -> String {
    let said = without_addresses(&why.said);
    let key = match why.code {
        // A reason that nobody wrote is none.
        PauseCode::Held if said == hold::BY_HAND => "because-held-unsaid".to_owned(),
        code => format!("because-{code}"),
    };
    say(language, &key, &[("said", said.into())])
}

/// The hour and minute of a time in the newsletter's zone.
pub(super) fn clock_time(newsletter: &Newsletter, at: Timestamp) -> String {
    let local = newsletter.time_zone.to_datetime(at);
    local.strftime("%H:%M").to_string()
}

/// The same of an RFC 3339 time, with its day where that is another than today.
pub(super) fn when(
    language: Language,
    newsletter: &Newsletter,
    now: Timestamp,
    at: &str,
) -> String {
    let Ok(at) = at.parse::<Timestamp>() else {
        return at.to_owned();
    };
    match newsletter.day(at) == newsletter.day(now) {
        true => clock_time(newsletter, at),
        false => crate::texts::local_time(language, newsletter.time_zone.to_datetime(at)),
    }
}

/// A duration in words, in the largest unit that tells enough.
pub(super) fn lasts(language: Language, seconds: i64) -> String {
    let (key, count) = match seconds {
        ..=90 => ("seconds", seconds.max(1)),
        91..=5_400 => ("minutes", (seconds + 30) / 60),
        5_401..=172_800 => ("hours", (seconds + 1_800) / 3_600),
        _ => ("days", (seconds + 43_200) / 86_400),
    };
    say(
        language,
        &format!("lasts-{key}"),
        &[("count", count.into())],
    )
}

/// The name of a provider as people write it.
pub(super) fn provider(language: Language, name: &str) -> String {
    match name {
        "" => say(language, "other-providers", &[]),
        domain if domain.contains('.') => domain.to_owned(),
        "gmx" => "GMX".to_owned(),
        "tonline" => "T-Online".to_owned(),
        name => {
            let mut letters = name.chars();
            let first = letters.next().into_iter().flat_map(char::to_uppercase);
            first.chain(letters).collect()
        }
    }
}
