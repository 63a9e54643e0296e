//! Columns of other services that tell who has left. Nobody who has left becomes a reader again by an import.

use csv::ByteRecord;

use super::row::cell;

/// Names of columns that have a word for each row, as letters and digits in lower case.
const STATUS: [&str; 9] = [
    "status",
    "liststatus",
    "globalstatus",
    "subscriptionstatus",
    "subscriberstatus",
    "subscribertype",
    "emailstatus",
    "contactstatus",
    "emailmarketingstatus",
];
/// Names of columns that say yes or no.
const SUBSCRIBED: [&str; 8] = [
    "subscribed",
    "issubscribed",
    "subscribedtoemails",
    "confirmed",
    "active",
    "isactive",
    "acceptsmarketing",
    "acceptsemailmarketing",
];
/// What stands in both for somebody who is subscribed.
const IS_SUBSCRIBED: [&str; 18] = [
    "subscribed",
    "active",
    "enabled",
    "confirmed",
    "optedin",
    "optin",
    "regular",
    "true",
    "yes",
    "1",
    "x",
    "checked",
    "y",
    "t",
    "ja",
    "oui",
    "да",
    "on",
];
/// A column whose name has one of these somewhere has something for those who have left. It may mean something else; to
/// refuse its rows harms nobody.
const LEFT_PARTS: [&str; 24] = [
    "unsub",
    "optout",
    "optedout",
    "blacklist",
    "blocklist",
    "deactivat",
    "deletedat",
    "exclud",
    "suppress",
    "bounce",
    "complain",
    "cleantime",
    "désinscri",
    "desinscri",
    "désabonn",
    "desabonn",
    "désactiv",
    "desactiv",
    "abgemeldet",
    "abmeld",
    "ausgetrag",
    "austrag",
    "deaktivier",
    "отпис",
];
/// These say so as a word of the name.
const LEFT_WORDS: [&str; 5] = ["cleaned", "deleted", "removed", "disabled", "spam"];
/// This one only as the first: few are called "left at", and many things are left.
const LEFT_FIRST_WORD: &str = "left";
/// What a column of any name has for those who have left, in the languages of our readers: other services translate
/// the names of their columns.
const HAS_LEFT: [&str; 21] = [
    "unsubscribed",
    "unsubscribe",
    "optedout",
    "optout",
    "bounced",
    "hardbounced",
    "hardbounce",
    "cleaned",
    "complained",
    "spamcomplaint",
    "blocklisted",
    "blacklisted",
    "désinscrit",
    "désinscrite",
    "désabonné",
    "désabonnée",
    "abgemeldet",
    "ausgetragen",
    "отписан",
    "отписался",
    "отписалась",
];
/// No word of [`HAS_LEFT`] has more octets, signs between its letters included.
const LONGEST_WORD: usize = 40;
/// What stands for those who have not in a column about those who have, besides zeros and nothing.
const HAS_NOT: [&str; 14] = [
    "false", "no", "n", "f", "off", "never", "none", "null", "nein", "falsch", "non", "faux",
    "нет", "ложь",
];
/// The most of a cell that is shown again, in characters.
const MAX_SHOWN_CHARS: usize = 40;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Status,
    Subscribed,
    Left,
    /// One that means nothing to us by its name.
    Other,
}

/// A column that tells who has left.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct StatusColumn {
    index: usize,
    name: String,
    kind: Kind,
}

impl StatusColumn {
    /// The column with this name, if it is one.
    pub(super) fn named(name: &str, index: usize) -> Option<Self> {
        let letters = letters(name);
        let kind = if STATUS.contains(&letters.as_str()) {
            Kind::Status
        } else if SUBSCRIBED.contains(&letters.as_str()) {
            Kind::Subscribed
        } else if tells_of_the_left(name, &letters) {
            Kind::Left
        } else {
            return None;
        };
        let name = name.to_owned();
        Some(Self { index, name, kind })
    }

    /// A column of any other name.
    pub(super) fn other(name: &str, index: usize) -> Self {
        Self {
            index,
            name: name.to_owned(),
            kind: Kind::Other,
        }
    }

    /// Lets a row pass that it says nothing against.
    ///
    /// # Errors
    /// Why the row is refused, and what to do if it is right.
    pub(super) fn check(&self, record: &ByteRecord) -> Result<(), String> {
        let text = match self.kind {
            Kind::Other => {
                let octets = record
                    .get(self.index)
                    .filter(|one| one.len() <= LONGEST_WORD);
                std::str::from_utf8(octets.unwrap_or_default()).unwrap_or_default()
            }
            _ => cell(record, self.index, &self.name)?,
        };
        let word = letters(text);
        let passes = match self.kind {
            // A word that is missing says nothing; an empty box says no.
            Kind::Status => word.is_empty() || IS_SUBSCRIBED.contains(&word.as_str()),
            Kind::Subscribed => IS_SUBSCRIBED.contains(&word.as_str()),
            // A time that never was is one of zeros.
            Kind::Left => word.chars().all(|c| c == '0') || HAS_NOT.contains(&word.as_str()),
            Kind::Other => !HAS_LEFT.contains(&word.as_str()),
        };
        if passes {
            return Ok(());
        }
        let shown: String = text.chars().take(MAX_SHOWN_CHARS).collect();
        Err(format!(
            "the column `{0}` says `{shown}`: who has left is not imported; if it means something else, add \
             --ignore \"{0}\"",
            self.name
        ))
    }
}

fn tells_of_the_left(name: &str, letters: &str) -> bool {
    let words = words(name);
    LEFT_PARTS.iter().any(|part| letters.contains(part))
        || words.iter().any(|word| LEFT_WORDS.contains(&word.as_str()))
        || words.first().is_some_and(|word| word == LEFT_FIRST_WORD)
}

/// The words of a name in lower case, as in `left_at`, `Left at` and `leftAt`.
fn words(name: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut after_lower = false;
    for c in name.chars() {
        if !c.is_alphanumeric() || (after_lower && c.is_uppercase()) {
            words.push(String::new());
        }
        after_lower = c.is_lowercase();
        if let Some(word) = words.last_mut().filter(|_| c.is_alphanumeric()) {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn letters(text: &str) -> String {
    let letters = text.chars().filter(|c| c.is_alphanumeric());
    letters.flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::{ByteRecord, StatusColumn};

    #[test]
    fn who_has_left_is_told_by_the_columns_of_other_services() {
        for (name, cell, passes) in [
            ("status", "enabled", true),
            ("Status", "blocklisted", false),
            ("status", "disabled", false),
            ("status", "", true),
            ("Email Status", "Opted-In", true),
            ("subscribed_to_emails", "true", true),
            ("subscribed_to_emails", "false", false),
            ("Subscribed", "", false),
            ("Subscribed", "x", true),
            ("subscriber_type", "unsubscribed", false),
            ("UNSUB_TIME", "", true),
            ("UNSUB_TIME", "2024-07-31 10:00:00", false),
            ("Unsubscribed", "No", true),
            ("Unsubscribed", "Yes", false),
            ("deleted_at", "2024-07-31", false),
            ("email_disabled", "true", false),
            ("List status", "bounced", false),
            ("CLEAN_TIME", "2024-07-31 10:00:00", false),
            ("confirmed", "0", false),
            ("Accepts Email Marketing", "no", false),
            ("active", "1", true),
            ("deactivated", "2024-03-02 15:04:05", false),
            ("deactivated", "0000-00-00 00:00:00", true),
            ("IsUnsubscribed", "true", false),
            ("IsUnsubscribed", "FALSE", true),
            ("Excluded from campaigns", "true", false),
            ("IsExcludedFromCampaigns", "false", true),
            ("unsubscribed_time", "2024-07-31", false),
            ("UNSUB_REASON", "NORMAL", false),
            ("blacklist", "1", false),
            ("blacklist", "0", true),
            ("EMAIL_BLACKLIST", "Nein", true),
            ("Opt-out date", "\\N", true),
            ("Suppressed?", "n", true),
            ("Date cleaned", "2024-07-31", false),
            ("leftAt", "2024-07-31", false),
            ("Abgemeldet am", "31.07.2024", false),
            ("Date de désinscription", "31/07/2024", false),
            ("Date de de\u{301}sinscription", "", true),
            ("Дата отписки", "31.07.2024", false),
            ("unsubscribe_url", "https://example.org/u/1", false),
        ] {
            let column = StatusColumn::named(name, 1).unwrap();
            let record = ByteRecord::from(vec!["a@example.org", cell]);
            assert_eq!(column.check(&record).is_ok(), passes, "{name}: {cell}");
        }
        for (cell, passes) in [
            ("Désabonné", false),
            ("Abgemeldet", false),
            ("Kazakhstan", true),
            ("", true),
        ] {
            let column = StatusColumn::other("Statut dans la liste", 1);
            let record = ByteRecord::from(vec!["a@example.org", cell]);
            assert_eq!(column.check(&record).is_ok(), passes, "{cell}");
        }
        for name in [
            "State",
            "id",
            "name",
            "Last changed",
            "Credits left",
            "Exclusive offers",
        ] {
            assert_eq!(StatusColumn::named(name, 1), None, "{name}");
        }
    }
}
