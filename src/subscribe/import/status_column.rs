//! Columns of other services that tell who has left. Nobody who has left becomes a reader again by an import.

use csv::ByteRecord;

use super::row::cell;

/// Names of columns that have a word for each row, as letters and digits in lower case.
const STATUS: [&str; 7] = [
    "status",
    "subscriptionstatus",
    "subscriberstatus",
    "subscribertype",
    "emailstatus",
    "contactstatus",
    "emailmarketingstatus",
];
/// Names of columns that say yes or no.
const SUBSCRIBED: [&str; 3] = ["subscribed", "issubscribed", "subscribedtoemails"];
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
const LEFT: [&str; 18] = [
    "unsubscribed",
    "unsubscribedat",
    "unsubscribedon",
    "unsubscribedate",
    "unsubtime",
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
/// What stands in them for those who have not.
const HAS_NOT: [&str; 4] = ["", "false", "no", "0"];
/// The most of a cell that is shown again, in characters.
const MAX_SHOWN_CHARS: usize = 40;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Status,
    Subscribed,
    Left,
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

    /// Lets a row pass that it says nothing against.
    ///
    /// # Errors
    /// Why the row is refused, and what to do if it is right.
    pub(super) fn check(&self, record: &ByteRecord) -> Result<(), String> {
        let text = cell(record, self.index, &self.name)?;
        let word = letters(text);
        let passes = match self.kind {
            // A word that is missing says nothing; an empty box says no.
            Kind::Status => word.is_empty() || IS_SUBSCRIBED.contains(&word.as_str()),
            Kind::Subscribed => IS_SUBSCRIBED.contains(&word.as_str()),
            Kind::Left => HAS_NOT.contains(&word.as_str()),
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
        ] {
            let column = StatusColumn::named(name, 1).unwrap();
            let record = ByteRecord::from(vec!["a@example.org", cell]);
            assert_eq!(column.check(&record).is_ok(), passes, "{name}: {cell}");
        }
        for name in ["State", "id", "name", "Last changed"] {
            assert_eq!(StatusColumn::named(name, 1), None, "{name}");
        }
    }
}
