//! The tokens in the links of mails.
//!
//! A token is bound to one purpose and one subject and signed with
//! HMAC-SHA-256 (RFC 2104) under a key that is kept outside the database:
//! a million unsubscribe links need no row each, and a stolen database opens none.

use data_encoding::{BASE32_NOPAD, BASE64URL_NOPAD};
use hmac::{Hmac, KeyInit, Mac};
use jiff::Timestamp;
use sha2::Sha256;
use subtle::ConstantTimeEq;

use super::{EmailAddress, SubscriptionId, SuppressionKeys};

/// Octets of the signature that are kept; 128 bits cannot be guessed.
const MAC_LEN: usize = 16;

/// What a link does. A token is valid for its own purpose only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Confirms a sign-up; expires.
    Confirm,
    /// Ends the subscription; never expires.
    Unsubscribe,
    /// Opens the preferences; never expires.
    Preferences,
    /// Opens everything that is stored of the person; expires after an hour.
    MyData,
    /// Confirms a new address; expires.
    NewAddress,
    /// Takes back an unsubscription; expires after an hour.
    Undo,
}

impl Purpose {
    /// How long a link of [`Purpose::MyData`] works.
    pub const MY_DATA_HOURS: u32 = 1;
    /// How long a link of [`Purpose::NewAddress`] works.
    pub const NEW_ADDRESS_HOURS: u32 = 24;
    /// How long a link of [`Purpose::Undo`] works.
    pub const UNDO_HOURS: u32 = 1;

    const fn tag(self) -> u8 {
        match self {
            Self::Confirm => 1,
            Self::Unsubscribe => 2,
            Self::Preferences => 3,
            Self::MyData => 4,
            Self::NewAddress => 5,
            Self::Undo => 6,
        }
    }
}

/// The content of a valid token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinkToken {
    /// The subscription of the link.
    pub subscription: SubscriptionId,
    /// When it was issued, to the second.
    pub issued_at: Timestamp,
}

/// Why a token is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Cut off, mistyped, forged, or made for another purpose.
    #[error("the link is not complete or not genuine")]
    Invalid,
    /// Genuine, but too old.
    #[error("the link has expired")]
    Expired(LinkToken),
}

/// The secret key of every link and every keyed hash.
#[derive(Clone)]
pub struct LinkKey(
    /// HMAC-SHA-256 after the key: taking it in anew costs as much as hashing a short text.
    Hmac<Sha256>,
);

impl std::fmt::Debug for LinkKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("LinkKey(…)")
    }
}

/// Stands behind a token that would end in punctuation.
const END_MARK: char = '0';

impl LinkKey {
    /// A key from 32 secret octets.
    #[must_use]
    pub fn new(octets: [u8; 32]) -> Self {
        // HMAC pads its key with zeros to a block: the same key, in the type that cannot be refused.
        let mut block = [0; 64];
        block[..32].copy_from_slice(&octets);
        Self(Hmac::new(&block.into()))
    }

    /// The keyed hash of `parts`, each prefixed by its length; `domain` separates purposes.
    #[must_use]
    pub fn keyed_hash(&self, domain: &str, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = self.0.clone();
        for part in std::iter::once(domain.as_bytes()).chain(parts.iter().copied()) {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }

    /// The keyed hash under which an address is suppressed or found; `address_key` is the form in
    /// which addresses are compared.
    #[must_use]
    pub fn address_hash(&self, address_key: &str) -> [u8; 32] {
        self.keyed_hash("address", &[address_key.as_bytes()])
    }

    /// The keyed hash of the mailbox that an address usually reaches, see [`EmailAddress::mailbox`].
    #[must_use]
    pub fn mailbox_hash(&self, address: &EmailAddress) -> [u8; 32] {
        self.keyed_hash("mailbox", &[address.mailbox().as_bytes()])
    }

    /// The keyed hashes under which sign-ups of an address may be refused.
    #[must_use]
    pub fn suppression_keys(&self, address: &EmailAddress) -> SuppressionKeys {
        SuppressionKeys {
            address: self.address_hash(&address.key()),
            mailbox: self.mailbox_hash(address),
            plain: self.address_hash(&address.mailbox()),
        }
    }

    /// A token for a link.
    #[must_use]
    pub fn sign(&self, purpose: Purpose, token: LinkToken) -> String {
        self.sign_with(purpose, token, &[])
    }

    /// A token that is valid for further subscriptions too; [`LinkKey::verify`] refuses it.
    #[must_use]
    pub fn sign_with(
        &self,
        purpose: Purpose,
        token: LinkToken,
        others: &[SubscriptionId],
    ) -> String {
        let mut octets = Vec::with_capacity(14 + 8 * others.len() + MAC_LEN);
        octets.extend_from_slice(&token.subscription.0.to_be_bytes());
        // Seconds since 1970 fit in 40 bits until the year 36812.
        octets.extend_from_slice(&token.issued_at.as_second().to_be_bytes()[3..]);
        for other in others {
            octets.extend_from_slice(&other.0.to_be_bytes());
        }
        let mac = self.keyed_hash("link", &[&[purpose.tag()], &octets]);
        octets.extend_from_slice(&mac[..MAC_LEN]);
        let mut text = BASE64URL_NOPAD.encode(&octets);
        // Mail programs leave a mark at the end of an address out of the link.
        if text.ends_with(['-', '_']) {
            text.push(END_MARK);
        }
        text
    }

    /// Verifies a token made by [`LinkKey::sign`] for the same purpose.
    ///
    /// # Errors
    /// [`TokenError::Invalid`] for anything that this key did not sign for this purpose.
    pub fn verify(&self, purpose: Purpose, token: &str) -> Result<LinkToken, TokenError> {
        match self.verify_with(purpose, token)? {
            (token, others) if others.is_empty() => Ok(token),
            _ => Err(TokenError::Invalid),
        }
    }

    /// Verifies a token made by [`LinkKey::sign_with`] for the same purpose.
    ///
    /// # Errors
    /// [`TokenError::Invalid`] for anything that this key did not sign for this purpose.
    pub fn verify_with(
        &self,
        purpose: Purpose,
        token: &str,
    ) -> Result<(LinkToken, Vec<SubscriptionId>), TokenError> {
        let marked = token.strip_suffix(END_MARK);
        let payload = self.genuine(purpose, token);
        let payload = payload.or_else(|| self.genuine(purpose, marked?));
        let payload = payload.ok_or(TokenError::Invalid)?;
        let (id, seconds) = payload
            .split_first_chunk::<8>()
            .ok_or(TokenError::Invalid)?;
        let (seconds, others) = seconds
            .split_first_chunk::<5>()
            .ok_or(TokenError::Invalid)?;
        let mut wide = [0_u8; 8];
        wide[3..].copy_from_slice(seconds);
        let token = LinkToken {
            subscription: SubscriptionId(i64::from_be_bytes(*id)),
            issued_at: Timestamp::from_second(i64::from_be_bytes(wide))
                .map_err(|_| TokenError::Invalid)?,
        };
        let (others, rest) = others.as_chunks::<8>();
        if !rest.is_empty() {
            return Err(TokenError::Invalid);
        }
        let id = |octets: &[u8; 8]| SubscriptionId(i64::from_be_bytes(*octets));
        Ok((token, others.iter().map(id).collect()))
    }

    /// What a token says, if this key signed it for this purpose.
    fn genuine(&self, purpose: Purpose, token: &str) -> Option<Vec<u8>> {
        let mut octets = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
        let (payload, mac) = octets.split_last_chunk::<MAC_LEN>()?;
        let expected = self.keyed_hash("link", &[&[purpose.tag()], payload]);
        if !bool::from(expected[..MAC_LEN].ct_eq(mac)) {
            return None;
        }
        let length = payload.len();
        octets.truncate(length);
        Some(octets)
    }

    /// Like [`LinkKey::verify_with`], for tokens that expire `hours` after they were made.
    ///
    /// # Errors
    /// [`TokenError::Expired`] carries the token, so that the page can offer a new link.
    pub fn verify_fresh(
        &self,
        purpose: Purpose,
        token: &str,
        now: Timestamp,
        hours: u32,
    ) -> Result<(LinkToken, Vec<SubscriptionId>), TokenError> {
        let (token, others) = self.verify_with(purpose, token)?;
        let age = now.as_second() - token.issued_at.as_second();
        if age > i64::from(hours) * 3600 {
            return Err(TokenError::Expired(token));
        }
        Ok((token, others))
    }

    /// A short keyed hash of `parts` in lower-case base 32, for a local part or a Message-ID, where
    /// upper case may be lost.
    #[must_use]
    pub fn short_name(&self, domain: &str, parts: &[&[u8]]) -> String {
        BASE32_NOPAD
            .encode(&self.keyed_hash(domain, parts)[..15])
            .to_ascii_lowercase()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use super::{LinkKey, LinkToken, Purpose, TokenError};
    use crate::domain::SubscriptionId;
    use jiff::Timestamp;

    static KEY: LazyLock<LinkKey> = LazyLock::new(|| LinkKey::new([7; 32]));

    /// Computed by another program: what is stored must be found again.
    #[test]
    fn a_keyed_hash_is_hmac_sha_256_over_parts_with_their_lengths() {
        let hash = data_encoding::HEXLOWER.encode(&KEY.address_hash("reader@example.org"));
        assert_eq!(
            hash,
            "dd08baf4ae768243e2ee150e8f6a0733f3c76874d2dae6142f683565d5c51a55"
        );
    }

    fn token() -> LinkToken {
        LinkToken {
            subscription: SubscriptionId(42),
            issued_at: Timestamp::UNIX_EPOCH + jiff::SignedDuration::from_secs(1_800_000_000),
        }
    }

    #[test]
    fn a_token_is_valid_for_its_own_purpose_only() {
        let link = KEY.sign(Purpose::Unsubscribe, token());
        assert_eq!(KEY.verify(Purpose::Unsubscribe, &link), Ok(token()));
        assert_eq!(
            KEY.verify(Purpose::Confirm, &link),
            Err(TokenError::Invalid)
        );
        assert_eq!(
            KEY.verify(Purpose::Preferences, &link),
            Err(TokenError::Invalid)
        );
    }

    #[test]
    fn any_changed_character_is_refused() {
        let link = KEY.sign(Purpose::Confirm, token());
        for position in 0..link.len() {
            let mut forged = link.clone().into_bytes();
            forged[position] = if forged[position] == b'A' { b'B' } else { b'A' };
            let forged = String::from_utf8_lossy(&forged).into_owned();
            assert_eq!(
                KEY.verify(Purpose::Confirm, &forged),
                Err(TokenError::Invalid)
            );
        }
        for cut in ["", "A", "é", &link[1..], &link[..link.len() - 1]] {
            assert_eq!(KEY.verify(Purpose::Confirm, cut), Err(TokenError::Invalid));
        }
        let other = LinkKey::new([8; 32]);
        assert_eq!(
            other.verify(Purpose::Confirm, &link),
            Err(TokenError::Invalid)
        );
    }

    #[test]
    fn expires_after_its_hours() {
        let link = KEY.sign(Purpose::Confirm, token());
        let later = |seconds| token().issued_at + jiff::SignedDuration::from_secs(seconds);
        let fresh = |seconds| KEY.verify_fresh(Purpose::Confirm, &link, later(seconds), 1);
        assert_eq!(fresh(3600), Ok((token(), Vec::new())));
        assert_eq!(fresh(3601), Err(TokenError::Expired(token())));
        // A clock that was set back does not expire anything.
        assert_eq!(fresh(-86_400), Ok((token(), Vec::new())));
    }

    #[test]
    fn one_token_may_be_valid_for_several_subscriptions() {
        let others = [SubscriptionId(7), SubscriptionId(i64::MAX)];
        let link = KEY.sign_with(Purpose::Confirm, token(), &others);
        let found = KEY.verify_with(Purpose::Confirm, &link);
        assert_eq!(found, Ok((token(), others.to_vec())));
        // `verify` does not take the first of several.
        assert_eq!(
            KEY.verify(Purpose::Confirm, &link),
            Err(TokenError::Invalid)
        );
        assert_eq!(
            KEY.verify_with(Purpose::Unsubscribe, &link),
            Err(TokenError::Invalid)
        );
    }
}
