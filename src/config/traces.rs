//! `[traces]`

use serde::Deserialize;

use super::SettingsError;

/// `[traces]`
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Traces {
    pub endpoint: String,
    pub headers: String,
    pub sample_ratio: f64,
}

impl std::fmt::Debug for Traces {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut shown = f.debug_struct("Traces");
        shown.field("endpoint", &self.endpoint);
        shown
            .field("sample_ratio", &self.sample_ratio)
            .finish_non_exhaustive()
    }
}

impl Traces {
    /// Where spans go, if anywhere.
    #[must_use]
    pub fn address(&self) -> Option<String> {
        let endpoint = self.endpoint.trim_end_matches('/');
        (!endpoint.is_empty()).then(|| format!("{endpoint}/v1/traces"))
    }

    pub(super) fn check(&self) -> Result<(), SettingsError> {
        let wrong = |path: &str, why: &str| {
            Err(SettingsError::Invalid {
                path: path.to_owned(),
                why: why.to_owned(),
            })
        };
        if !(0.0..=1.0).contains(&self.sample_ratio) {
            return wrong("traces.sample_ratio", "must be 0 to 1");
        }
        if self.endpoint.is_empty() {
            return Ok(());
        }
        let fits = url::Url::parse(&self.endpoint).is_ok_and(|url| {
            matches!(url.scheme(), "http" | "https")
                && url.has_host()
                && url.username().is_empty()
                && url.password().is_none()
                && url.query().is_none()
                && url.fragment().is_none()
        });
        match fits {
            true => Ok(()),
            false => wrong(
                "traces.endpoint",
                "must be http://HOST:PORT or https://HOST:PORT; a password belongs in traces.headers",
            ),
        }
    }
}
