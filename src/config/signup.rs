//! `[signup]`

use std::net::SocketAddr;
use std::path::PathBuf;

use ipnet::IpNet;
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

use super::{nets, word};

/// When a sign-up has to bring a proof of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ProofOfWork {
    /// Never.
    Off,
    /// During an attack, and where mails to a domain have to wait.
    Attack,
    /// Always.
    Always,
}

/// `[signup]`
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct SignupLimits {
    pub per_ip_per_10_minutes: i64,
    pub per_ip_per_hour: i64,
    pub per_ip_per_day: i64,
    pub mails_per_15_minutes: i64,
    pub mails_per_day: i64,
    pub mails_per_30_days: i64,
    pub mails_per_domain_per_hour: i64,
    pub mails_per_hour: i64,
    #[serde(deserialize_with = "nets")]
    pub trusted_networks: Vec<IpNet>,
    pub disposable_domains: PathBuf,
    pub check_mx: bool,
    #[serde(deserialize_with = "servers")]
    pub dns_servers: Vec<SocketAddr>,
    pub min_fill_seconds: u32,
    pub max_fill_hours: u32,
    #[serde(deserialize_with = "word")]
    pub proof_of_work: ProofOfWork,
    pub proof_cost: u32,
    pub proof_cost_in_attack: u32,
    pub slow_seconds: u32,
    pub slow_per_hour: i64,
    pub attack_signups_per_hour: i64,
    pub attack_confirmed_percent: i64,
    pub attack_mails_per_hour: i64,
    pub confirm_hours: u32,
    pub declined_days: u32,
}

/// Reads addresses with their ports, so that a wrong one is refused with the form that it should have.
fn servers<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<SocketAddr>, D::Error> {
    let read = |server: String| {
        server.parse().map_err(|_| {
            D::Error::custom(format!(
                "{server} is no address with its port, as in 192.0.2.53:53 or [2001:db8::53]:53"
            ))
        })
    };
    let servers = Vec::<String>::deserialize(deserializer)?;
    servers.into_iter().map(read).collect()
}
