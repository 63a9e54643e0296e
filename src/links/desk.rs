//! The links in mails to editors: accept an invitation, set a new password.
//!
//! A link holds the account, a time, and a keyed hash of them, of its purpose and of the present password's hash.
//! So it needs no row, is good for one purpose, and works once: with the new password it is worth nothing.

use data_encoding::BASE64URL_NOPAD;
use jiff::{SignedDuration, Timestamp};
use subtle::ConstantTimeEq;

use super::Links;
use crate::domain::EditorId;

/// Octets of the signature that are kept.
const MAC_LEN: usize = 16;

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DeskLink {
    /// Sets the first password of somebody who was invited.
    Invitation,
    /// Sets a new password of somebody who has forgotten it.
    Reset,
}

impl DeskLink {
    /// How long such a link works, in hours.
    #[must_use]
    pub const fn hours(self) -> u32 {
        match self {
            Self::Invitation => 7 * 24,
            Self::Reset => 1,
        }
    }

    /// Its name in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Reset => "reset",
        }
    }
}

/// What a token says, before anybody has checked it against the account.
#[derive(Debug, Clone)]
pub struct DeskToken {
    /// The account.
    pub editor: EditorId,
    at: i64,
    mac: Vec<u8>,
}

impl DeskToken {
    /// Reads a token; none when it is not complete.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let octets = BASE64URL_NOPAD.decode(text.as_bytes()).ok()?;
        let (editor, rest) = octets.split_at_checked(16)?;
        let (at, mac) = rest.split_at_checked(8)?;
        Some(Self {
            editor: EditorId(uuid::Uuid::from_slice(editor).ok()?),
            at: i64::from_be_bytes(at.try_into().ok()?),
            mac: mac.to_vec(),
        })
    }
}

impl Links {
    /// The page of a link that is mailed at `at` to an editor with this hash of the password (empty: none yet).
    #[must_use]
    pub fn desk(&self, link: DeskLink, editor: EditorId, hash: &str, at: Timestamp) -> String {
        let at = at.as_second();
        let mut octets = editor.0.as_bytes().to_vec();
        octets.extend_from_slice(&at.to_be_bytes());
        octets.extend_from_slice(&self.desk_mac(link, editor, hash, at));
        let token = BASE64URL_NOPAD.encode(&octets);
        self.page(&format!("/desk/{}/{token}", link.as_str()))
    }

    /// Whether a token is one for this purpose and this hash of the password, and has not expired.
    #[must_use]
    pub fn opens_desk(
        &self,
        link: DeskLink,
        token: &DeskToken,
        hash: &str,
        now: Timestamp,
    ) -> bool {
        let expected = self.desk_mac(link, token.editor, hash, token.at);
        let age = now.as_second().saturating_sub(token.at);
        let lasts = SignedDuration::from_hours(link.hours().into()).as_secs();
        let genuine = bool::from(expected.as_slice().ct_eq(&token.mac));
        genuine && (0..=lasts).contains(&age)
    }

    fn desk_mac(&self, link: DeskLink, editor: EditorId, hash: &str, at: i64) -> [u8; MAC_LEN] {
        let parts: [&[u8]; 4] = [
            link.as_str().as_bytes(),
            editor.0.as_bytes(),
            &at.to_be_bytes(),
            hash.as_bytes(),
        ];
        let full = self.key.keyed_hash("desk link", &parts);
        let mut mac = [0; MAC_LEN];
        mac.copy_from_slice(&full[..MAC_LEN]);
        mac
    }
}

#[cfg(test)]
mod tests {
    use super::{DeskLink, DeskToken};
    use crate::domain::{EditorId, LinkKey};
    use crate::links::Links;
    use jiff::{SignedDuration, Timestamp};
    use uuid::Uuid;

    #[test]
    fn a_link_works_once_for_one_purpose_and_for_its_time() {
        let base = "https://news.example.org".parse().unwrap();
        let links = Links::new(&base, LinkKey::new([3; 32]));
        let (editor, at) = (EditorId(Uuid::from_u128(7)), Timestamp::UNIX_EPOCH);
        let url = links.desk(DeskLink::Reset, editor, "hash", at);
        let token = DeskToken::read(url.rsplit('/').next().unwrap()).unwrap();
        assert_eq!(token.editor, editor);
        let later = |minutes| at + SignedDuration::from_mins(minutes);
        assert!(links.opens_desk(DeskLink::Reset, &token, "hash", later(59)));
        assert!(!links.opens_desk(DeskLink::Reset, &token, "hash", later(61)));
        assert!(!links.opens_desk(DeskLink::Reset, &token, "new hash", later(1)));
        assert!(!links.opens_desk(DeskLink::Invitation, &token, "hash", later(1)));
        let cut = &url[..url.len() - 1];
        let cut = DeskToken::read(cut.rsplit('/').next().unwrap());
        assert!(cut.is_none_or(|cut| !links.opens_desk(DeskLink::Reset, &cut, "hash", later(1))));
    }
}
