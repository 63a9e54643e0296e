//! Two people in one issue: what each of them has changed since the same state is put together.

use std::fmt;

use data_encoding::HEXLOWER;
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::IssueContent;

/// How many octets of a hash are a mark: enough to tell two texts of one field apart.
const MARK_OCTETS: usize = 8;

/// What somebody had before them: a mark of each field and each part, which tells whether it is still the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContentMarks {
    fields: [String; 3],
    parts: Vec<String>,
}

/// Two changes of one state, put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MergedContent {
    /// Both; where both changed the same field or part, the own text.
    pub content: IssueContent,
    /// The fields that the other one alone has changed, as the API names them, as in `parts[0]`.
    pub theirs: Vec<String>,
    /// The fields that both have changed.
    pub both: Vec<String>,
}

impl ContentMarks {
    /// The marks of a content.
    #[must_use]
    pub fn of(content: &IssueContent) -> Self {
        Self {
            fields: [&content.subject, &content.preheader, &content.intro].map(mark),
            parts: content.parts.iter().map(mark).collect(),
        }
    }

    /// Reads what [`ContentMarks`] shows itself as.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut marks = text.split('.').map(str::to_owned);
        let fields = [marks.next()?, marks.next()?, marks.next()?];
        let parts = marks.collect();
        Some(Self { fields, parts })
    }

    /// Puts together what two people have made of the state with these marks.
    #[must_use]
    pub fn merge(&self, own: &IssueContent, other: &IssueContent) -> MergedContent {
        let mut content = own.clone();
        let (mut theirs, mut both) = (Vec::new(), Vec::new());
        let mut take = |before: &str, own: &mut String, other: &String, name: &str| match changed_by(
            before, own, other,
        ) {
            Side::Own => {}
            Side::Other => {
                own.clone_from(other);
                theirs.push(name.to_owned());
            }
            Side::Both => both.push(name.to_owned()),
        };
        let [subject, preheader, intro] = &self.fields;
        take(subject, &mut content.subject, &other.subject, "subject");
        take(
            preheader,
            &mut content.preheader,
            &other.preheader,
            "preheader",
        );
        take(intro, &mut content.intro, &other.intro, "intro");
        let count = self.parts.len();
        if count == own.parts.len() && count == other.parts.len() {
            let parts = content.parts.iter_mut().zip(&other.parts);
            for (number, ((own, other), before)) in parts.zip(&self.parts).enumerate() {
                match changed_by(before, own, other) {
                    Side::Own => {}
                    Side::Other => {
                        own.clone_from(other);
                        theirs.push(format!("parts[{number}]"));
                    }
                    Side::Both => both.push(format!("parts[{number}]")),
                }
            }
        } else if own.parts != other.parts {
            // Parts came or went: which of the one is which of the other is not known.
            let marks = |content: &IssueContent| Vec::from_iter(content.parts.iter().map(mark));
            if marks(own) == self.parts {
                content.parts.clone_from(&other.parts);
                theirs.push("parts".to_owned());
            } else if marks(other) != self.parts {
                both.push("parts".to_owned());
            }
        }
        MergedContent {
            content,
            theirs,
            both,
        }
    }
}

impl fmt::Display for ContentMarks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.fields.join("."))?;
        self.parts.iter().try_for_each(|mark| write!(f, ".{mark}"))
    }
}

/// Who has changed something.
enum Side {
    /// The one, or nobody, or both in the same way.
    Own,
    Other,
    Both,
}

fn changed_by<T: Serialize + PartialEq>(before: &str, own: &T, other: &T) -> Side {
    if own == other || mark(other) == before {
        Side::Own
    } else if mark(own) == before {
        Side::Other
    } else {
        Side::Both
    }
}

fn mark<T: Serialize>(text: &T) -> String {
    let json = serde_json::to_vec(text).unwrap_or_default();
    HEXLOWER.encode(&Sha256::digest(json)[..MARK_OCTETS])
}

#[cfg(test)]
mod tests {
    use super::ContentMarks;
    use crate::domain::IssueContent;

    fn content(subject: &str, intro: &str, parts: &[&str]) -> IssueContent {
        let parts = parts.iter();
        let parts = parts.map(|body| serde_json::json!({ "kind": "text", "body": body }));
        let parts: Vec<_> = parts.collect();
        let json = serde_json::json!({ "subject": subject, "intro": intro, "parts": parts });
        serde_json::from_value(json).unwrap()
    }

    /// What becomes of two changes of `S`, `I` and the parts `a` and `b`.
    fn merged(own: &IssueContent, other: &IssueContent) -> (IssueContent, String, String) {
        let marks = ContentMarks::of(&content("S", "I", &["a", "b"])).to_string();
        let merged = ContentMarks::parse(&marks).unwrap().merge(own, other);
        (
            merged.content,
            merged.theirs.join(" "),
            merged.both.join(" "),
        )
    }

    #[test]
    fn what_one_alone_has_changed_is_taken() {
        let own = content("S2", "I", &["a", "b2"]);
        let other = content("S", "I2", &["a2", "b"]);
        let (both, theirs, collided) = merged(&own, &other);
        assert_eq!(both, content("S2", "I2", &["a2", "b2"]));
        assert_eq!((&*theirs, &*collided), ("intro parts[0]", ""));
    }

    #[test]
    fn what_both_have_changed_is_named_and_ones_own() {
        let own = content("S2", "I2", &["a2", "b"]);
        let other = content("S2", "I3", &["a3", "b3"]);
        let (both, theirs, collided) = merged(&own, &other);
        assert_eq!(both, content("S2", "I2", &["a2", "b3"]));
        assert_eq!((&*theirs, &*collided), ("parts[1]", "intro parts[0]"));
    }

    #[test]
    fn parts_that_come_or_go_are_of_one_person() {
        let longer = content("S", "I", &["a", "b", "c"]);
        let edited = content("S", "I", &["a2", "b"]);
        let same = content("S2", "I", &["a", "b"]);
        let (both, theirs, _) = merged(&same, &longer);
        assert_eq!(both, content("S2", "I", &["a", "b", "c"]));
        assert_eq!(theirs, "parts");
        assert_eq!(
            merged(&longer, &same).0,
            content("S2", "I", &["a", "b", "c"])
        );
        assert_eq!(merged(&longer, &edited).2, "parts");
    }

    #[test]
    fn marks_that_nobody_made_are_none() {
        assert_eq!(ContentMarks::parse("a.b"), None);
    }
}
