//! Why the bucket could not be used.

use std::error::Error;

/// How much of a cause is told.
const MAX_CHARS: usize = 160;

/// Why the bucket could not be used. The words are the same for the same cause, so that many requests make
/// one line in the log.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BucketError {
    /// There is no such object.
    #[error(
        "the bucket has no object {0}; was it removed by hand, or does pictures.bucket name another one?"
    )]
    Missing(String),
    /// It is not what was put there.
    #[error("the object {0} of the bucket is not what was put there")]
    Damaged(String),
    /// The bucket does not take the key, or the key may not do this.
    #[error("the bucket refuses the key ({0}); it needs to get, put, delete and list objects")]
    Refused(String),
    /// No answer, or one that is no answer of S3.
    #[error("the bucket cannot be used: {0}")]
    Unusable(String),
}

/// Answers to a key that is not known, or may not do this.
const REFUSALS: [&str; 2] = ["401 Unauthorized", "403 Forbidden"];

impl BucketError {
    /// What a client's error about the object `key` means.
    pub(super) fn of(key: &str, error: &object_store::Error) -> Self {
        let why = cause(error);
        // What only lists is not told apart by the client.
        let refused = REFUSALS.iter().any(|status| why.contains(status));
        match error {
            _ if refused => Self::Refused(why),
            // Without a bucket there is no object either.
            object_store::Error::NotFound { .. } if !why.contains("NoSuchBucket") => {
                Self::Missing(key.to_owned())
            }
            _ => Self::Unusable(why),
        }
    }
}

/// The innermost cause, without what differs from request to request: the path, the duration, and what the
/// answer says beside the code of S3, as in `403 Forbidden SignatureDoesNotMatch`.
fn cause(error: &object_store::Error) -> String {
    let mut inner: &(dyn Error + 'static) = error;
    while let Some(source) = inner.source() {
        inner = source;
    }
    let told = inner.to_string();
    let (before, body) = told.split_once('<').unwrap_or((&told, ""));
    let code = body
        .split_once("Code>")
        .and_then(|(_, rest)| rest.split_once('<'));
    let before = before.lines().next().unwrap_or_default();
    let before = before.trim_end_matches([':', ' ']);
    let mut cause: String = before.chars().take(MAX_CHARS).collect();
    if let Some((code, _)) = code.filter(|(code, _)| code.len() <= MAX_CHARS) {
        cause.push(' ');
        cause.push_str(code);
    }
    cause
}

#[cfg(test)]
mod tests {
    use super::*;

    fn generic(told: &str) -> object_store::Error {
        object_store::Error::Generic {
            store: "S3",
            source: told.to_owned().into(),
        }
    }

    #[test]
    fn the_same_cause_has_the_same_words() {
        let told = |request: u32| {
            format!(
                "Server returned non-2xx status code: 503 Service Unavailable: <?xml version=\"1.0\"?><Error><Code>SlowDown</Code><RequestId>{request}</RequestId></Error>"
            )
        };
        let (first, second) = (generic(&told(1)), generic(&told(2)));
        assert_eq!(BucketError::of("k", &first), BucketError::of("k", &second));
        let said = BucketError::of("k", &first).to_string();
        assert!(said.ends_with("503 Service Unavailable SlowDown"), "{said}");
        let page =
            generic("Server returned non-2xx status code: 502 Bad Gateway: <html>\n<p>7</p>");
        let said = BucketError::of("k", &page).to_string();
        assert!(said.ends_with("502 Bad Gateway"), "{said}");
    }
}
