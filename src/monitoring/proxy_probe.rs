//! How `xabar doctor` finds out whom the service takes for its visitor, behind a proxy.

use data_encoding::HEXLOWER;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::net::IpAddr;
use subtle::ConstantTimeEq;

use crate::domain::LinkKey;

/// The address that the doctor claims to come from: one that nobody has (TEST-NET-1, RFC 5737).
pub const CLAIMED: &str = "192.0.2.1";
/// How long a probe may be asked for, in seconds; clocks may differ a little.
const VALID_SECONDS: i64 = 300;

/// What the service saw of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Seen {
    /// Whom it takes for the visitor.
    pub client: Option<IpAddr>,
    /// Whether it believes the other end of the connection, as a proxy of ours.
    pub trusts_peer: bool,
    /// The clients that `X-Forwarded-For` or `Forwarded` name.
    pub hops: Vec<String>,
}

/// The path of a probe, which only the holder of the key can make.
#[must_use]
pub fn path(key: &LinkKey, now: Timestamp) -> String {
    let second = now.as_second();
    format!(
        "/proxy-probe/{second}.{}",
        HEXLOWER.encode(&seal(key, second))
    )
}

/// Whether the last part of the path was made with this key, within five minutes.
#[must_use]
pub fn is_genuine(key: &LinkKey, token: &str, now: Timestamp) -> bool {
    let Some((second, sealed)) = token.split_once('.') else {
        return false;
    };
    let Ok(second) = second.parse::<i64>() else {
        return false;
    };
    let fresh = now.as_second().abs_diff(second) <= VALID_SECONDS.unsigned_abs();
    let expected = HEXLOWER.encode(&seal(key, second));
    fresh && bool::from(expected.as_bytes().ct_eq(sealed.as_bytes()))
}

fn seal(key: &LinkKey, second: i64) -> [u8; 32] {
    key.keyed_hash("proxy-probe", &[&second.to_be_bytes()])
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::{is_genuine, path};
    use crate::domain::LinkKey;

    #[test]
    fn a_probe_is_for_the_holder_of_the_key_and_for_a_while() {
        let (key, other) = (LinkKey::new([1; 32]), LinkKey::new([2; 32]));
        let at = |second| Timestamp::from_second(second).unwrap();
        let path = path(&key, at(1_000));
        let token = path.strip_prefix("/proxy-probe/").unwrap();
        assert!(is_genuine(&key, token, at(1_000)) && is_genuine(&key, token, at(1_300)));
        assert!(!is_genuine(&key, token, at(1_301)) && !is_genuine(&key, token, at(699)));
        assert!(!is_genuine(&other, token, at(1_000)));
        for wrong in [
            "",
            ".",
            "1000",
            "1000.",
            "x.00",
            &token.replace("1000", "1001"),
        ] {
            assert!(!is_genuine(&key, wrong, at(1_000)), "{wrong}");
        }
    }
}
