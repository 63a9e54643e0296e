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
const SUBSCRIBED: [&str; 4] = [
    "subscribed",
    "issubscribed",
    "subscribedtoemails",
    "confirmed",
];
/// What stands in both for somebody who is subscribed.
const IS_SUBSCRIBED: [&str; 12] = [
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
];
/// Names of columns in which something stands for those who have left.
const LEFT: [&str; 20] = [
    "unsubscribed",
    "unsubscribedat",
    "unsubscribedon",
    "unsubscribedate",
    "unsubtime",
    "cleantime",
    "emaildisabled",
    "optout",
    "optedout",
    "emailoptout",
    "hasoptedoutofemail",
    "blocklisted",
    "blacklisted",
    "emailblacklisted",
    "suppressed",
    "bounced",
    "cleaned",
    "complained",
    "deleted",
    "deletedat",
];
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
/// What stands in them for those who have not.
const HAS_NOT: [&str; 4] = ["", "false", "no", "0"];
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
        } else if LEFT.contains(&letters.as_str()) {
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
            Kind::Left => HAS_NOT.contains(&word.as_str()),
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
        for name in ["State", "id", "name", "Last changed"] {
            assert_eq!(StatusColumn::named(name, 1), None, "{name}");
        }
    }
}
