//! Signed time stamps in forms.

use data_encoding::BASE64URL_NOPAD;
use jiff::Timestamp;
use subtle::ConstantTimeEq;

use crate::domain::LinkKey;

/// Octets of the signature that are kept.
const MAC_LEN: usize = 16;

impl LinkKey {
    /// A signed time for a form. It is valid for one `purpose` and one `subject` only.
    #[must_use]
    pub fn stamp(&self, purpose: &str, subject: &[u8], at: Timestamp) -> String {
        let seconds = at.as_second().to_be_bytes();
        let mac = self.keyed_hash("stamp", &[purpose.as_bytes(), subject, &seconds]);
        BASE64URL_NOPAD.encode(&[&seconds, &mac[..MAC_LEN]].concat())
    }

    /// The time of a stamp that this key signed for the same purpose and subject; None for any
    /// other text.
    #[must_use]
    pub fn stamped_at(&self, purpose: &str, subject: &[u8], stamp: &str) -> Option<Timestamp> {
        let octets = BASE64URL_NOPAD.decode(stamp.as_bytes()).ok()?;
        let (seconds, mac) = octets.split_first_chunk::<8>()?;
        let expected = self.keyed_hash("stamp", &[purpose.as_bytes(), subject, seconds]);
        if !bool::from(expected[..MAC_LEN].ct_eq(mac)) {
            return None;
        }
        Timestamp::from_second(i64::from_be_bytes(*seconds)).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::LinkKey;
    use jiff::Timestamp;

    #[test]
    fn a_stamp_is_valid_for_its_own_purpose_only() {
        let key = LinkKey::new([3; 32]);
        let at = Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_secs(1_800_000_000);
        let stamp = key.stamp("form", b"a", at);
        assert_eq!(key.stamped_at("form", b"a", &stamp), Some(at));
        assert_eq!(key.stamped_at("form", b"b", &stamp), None);
        assert_eq!(key.stamped_at("wait", b"a", &stamp), None);
        assert_eq!(LinkKey::new([4; 32]).stamped_at("form", b"a", &stamp), None);
        for position in 0..stamp.len() {
            let mut forged = stamp.clone().into_bytes();
            forged[position] = if forged[position] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8_lossy(&forged).into_owned();
            assert_eq!(key.stamped_at("form", b"a", &forged), None, "{position}");
        }
        for cut in ["", "A", "é", &stamp[1..], &stamp[..stamp.len() - 1]] {
            assert_eq!(key.stamped_at("form", b"a", cut), None);
        }
    }
}
