//! Settings of what editors do: the desk, its checks, what is fetched for them, summaries.

use ipnet::IpNet;
use serde::Deserialize;

use super::nets;

/// `[desk]`
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Desk {
    pub idle_hours: u32,
    pub absolute_days: u32,
    pub require_totp: bool,
}

/// `[check]`: what is checked before an issue is sent.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Check {
    pub min_articles: usize,
}

/// `[fetch]`: what is fetched from other sites.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Fetch {
    #[serde(deserialize_with = "nets")]
    pub allow: Vec<IpNet>,
    pub seconds: u64,
}

/// `[summary]`: when the summary of a month goes out, in the next.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct Summary {
    pub day: i8,
    pub hour: i8,
}
