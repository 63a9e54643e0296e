//! The sender in Feedback-ID, by which Gmail's Postmaster Tools group complaints.

use serde::Deserialize;

/// How long it may be, in characters, as Google asks.
const LENGTH: std::ops::RangeInclusive<usize> = 5..=15;

/// The sender's identifier of all mails of an installation: 5 to 15 ASCII letters, digits, `-` or `_`.
/// Where none is set it is made from the domain of the newsletter's sender.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "String")]
pub struct FeedbackSender(Option<String>);

/// It has the wrong length or other characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("must have 5 to 15 letters, digits, hyphens or underscores, as in asie-centrale")]
pub struct NotAFeedbackSender;

impl TryFrom<String> for FeedbackSender {
    type Error = NotAFeedbackSender;

    fn try_from(text: String) -> Result<Self, NotAFeedbackSender> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        match text.as_str() {
            "" => Ok(Self(None)),
            given if LENGTH.contains(&given.len()) && given.chars().all(allowed) => {
                Ok(Self(Some(text)))
            }
            _ => Err(NotAFeedbackSender),
        }
    }
}

impl FeedbackSender {
    /// The identifier for mails from this domain.
    #[must_use]
    pub fn of_domain(&self, domain: &str) -> String {
        if let Self(Some(given)) = self {
            return given.clone();
        }
        let plain: String = domain.chars().filter(char::is_ascii_alphanumeric).collect();
        let end = plain.get(plain.len().saturating_sub(*LENGTH.end())..);
        let end = end.unwrap_or_default();
        if end.len() < *LENGTH.start() {
            return format!("xabar{end}");
        }
        end.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::{FeedbackSender, LENGTH, NotAFeedbackSender};

    #[test]
    fn it_is_given_or_made_from_the_domain() {
        let sender = |text: &str| FeedbackSender::try_from(text.to_owned());
        for wrong in [
            "abcd",
            "a-name-of-more-than-15",
            "with:colon",
            "Ünicode",
            "a b c",
        ] {
            assert_eq!(sender(wrong), Err(NotAFeedbackSender), "{wrong}");
        }
        let made = |text: &str, domain: &str| sender(text).map(|sender| sender.of_domain(domain));
        assert_eq!(
            made("asie-centrale", "example.org"),
            Ok("asie-centrale".to_owned())
        );
        assert_eq!(made("", "example.org"), Ok("exampleorg".to_owned()));
        assert_eq!(made("", "a.de"), Ok("xabarade".to_owned()));
        for domain in [
            "news.letters.of.a.long.example",
            "xn--80ak6aa92e.example",
            "x.y",
        ] {
            let id = made("", domain).unwrap_or_default();
            assert!(LENGTH.contains(&id.len()), "{domain}: {id}");
        }
    }
}
