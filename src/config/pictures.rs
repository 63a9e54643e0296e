//! `[pictures]`

use serde::Deserialize;
use url::Url;

use super::SettingsError;
use super::addresses::unfit_public_url;

/// `[pictures]`: where the pictures of issues are kept.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Pictures {
    pub bucket: String,
    pub endpoint: String,
    pub region: String,
    pub path_style: bool,
    pub prefix: String,
    pub access_key_id: String,
    pub secret_access_key: String,
}

/// Without the keys.
impl std::fmt::Debug for Pictures {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("Pictures");
        shown.field("bucket", &self.bucket);
        shown.field("endpoint", &self.endpoint);
        shown.field("prefix", &self.prefix).finish_non_exhaustive()
    }
}

impl Pictures {
    /// Where requests go; `None` for Amazon. The name of the bucket is in the host unless it is in the path.
    #[must_use]
    pub fn request_endpoint(&self) -> Option<String> {
        let mut url = Url::parse(&self.endpoint).ok()?;
        if !self.path_style {
            let host = format!("{}.{}", self.bucket, url.host_str()?);
            url.set_host(Some(&host)).ok()?;
        }
        Some(url.as_str().trim_end_matches('/').to_owned())
    }

    pub(super) fn check(&self) -> Result<(), SettingsError> {
        let wrong = |path: &str, why: &str| {
            Err(SettingsError::Invalid {
                path: format!("pictures.{path}"),
                why: why.to_owned(),
            })
        };
        if self.access_key_id.is_empty() != self.secret_access_key.is_empty() {
            return wrong(
                "access_key_id",
                "it and pictures.secret_access_key are given together, or neither of them",
            );
        }
        if self.bucket.is_empty() {
            return Ok(());
        }
        // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
        let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'.';
        if !(3..=63).contains(&self.bucket.len()) || !self.bucket.bytes().all(fits) {
            return wrong(
                "bucket",
                "the name of a bucket has 3 to 63 small letters, digits, hyphens and dots; the host belongs in pictures.endpoint",
            );
        }
        if self.region.is_empty() {
            return wrong("region", "must not be empty; most servers take us-east-1");
        }
        // A host and nothing else, as the public URL.
        let fits =
            |endpoint| Url::parse(endpoint).is_ok_and(|url| unfit_public_url(&url).is_none());
        if !self.endpoint.is_empty() && !fits(&self.endpoint) {
            return wrong(
                "endpoint",
                "must be https://HOST or http://HOST:PORT, without the name of the bucket",
            );
        }
        let fits = |b: u8| b.is_ascii_alphanumeric() || b"-_./".contains(&b);
        if !self.prefix.bytes().all(fits)
            || self
                .prefix
                .split('/')
                .any(|part| part == "." || part == "..")
        {
            return wrong(
                "prefix",
                "may have letters, digits, `-`, `_`, `.` and `/` between them",
            );
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use crate::config::tests::load;

    #[test]
    fn a_bucket_that_cannot_be_is_refused_by_name() -> Result<(), String> {
        let bucket = ("XABAR_PICTURES__BUCKET", "letters-pictures");
        load(&[bucket])?;
        let all = [
            bucket,
            ("XABAR_PICTURES__ENDPOINT", "http://127.0.0.1:9000"),
            ("XABAR_PICTURES__PREFIX", "asie/pictures"),
            ("XABAR_PICTURES__ACCESS_KEY_ID", "12345"),
            ("XABAR_PICTURES__SECRET_ACCESS_KEY", "0815"),
        ];
        let settings = load(&all)?;
        assert_eq!(settings.pictures.secret_access_key, "0815");
        let endpoint = settings.pictures.request_endpoint();
        assert_eq!(endpoint.as_deref(), Some("http://127.0.0.1:9000"));
        let in_the_host = [
            bucket,
            ("XABAR_PICTURES__ENDPOINT", "https://s3.example.org"),
            ("XABAR_PICTURES__PATH_STYLE", "false"),
        ];
        let endpoint = load(&in_the_host)?.pictures.request_endpoint();
        let endpoint = endpoint.as_deref();
        assert_eq!(endpoint, Some("https://letters-pictures.s3.example.org"));
        let shown = format!("{settings:?}");
        assert!(
            !shown.contains("0815") && !shown.contains("12345"),
            "{shown}"
        );
        for (name, value, told) in [
            (
                "BUCKET",
                "https://s3.example.org/letters",
                "pictures.bucket",
            ),
            ("ENDPOINT", "s3.example.org", "pictures.endpoint"),
            (
                "ENDPOINT",
                "https://s3.example.org/letters",
                "pictures.endpoint",
            ),
            (
                "ENDPOINT",
                "https://me:word@s3.example.org",
                "pictures.endpoint",
            ),
            ("REGION", "", "pictures.region"),
            ("PREFIX", "../other", "pictures.prefix"),
            ("ACCESS_KEY_ID", "AKIA", "pictures.secret_access_key"),
        ] {
            let name = format!("XABAR_PICTURES__{name}");
            let mut given = vec![bucket];
            given.retain(|(known, _)| *known != name);
            given.push((&name, value));
            let error = load(&given).unwrap_err();
            assert!(error.contains(told) && !error.contains("word@"), "{error}");
        }
        Ok(())
    }
}
