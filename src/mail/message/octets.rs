//! The octets of a message (RFC 5322): its header section, and a body that it may share with other mails.
//!
//! The body is kept in the forms that it is needed in, so that none is made anew for each reader.

use std::fmt::{self, Display, Formatter};
use std::sync::Arc;

use mail_auth::common::headers::Writable;
use mail_auth::dkim::Canonicalization;

use super::precompiled_text::{Part, PrecompiledText, VALUES};
use super::transparent::{TransparentOctets, is_shared};
use crate::mail::smtp::dots::with_dots_doubled;

/// The canonicalization of all signed bodies (RFC 6376 §3.4.4).
pub(super) const BODY_CANONICALIZATION: Canonicalization = Canonicalization::Relaxed;

/// What differs from subscriber to subscriber, besides the address.
#[derive(Debug, Clone, Default)]
pub struct Personal {
    /// The Message-ID up to the `@`, also used in the MIME boundary.
    pub name: String,
    /// The token of the unsubscribe links.
    pub unsubscribe: String,
    /// The token of the preferences link.
    pub preferences: String,
}

impl Personal {
    pub(super) fn values(&self) -> [&str; VALUES] {
        [&self.name, &self.unsubscribe, &self.preferences]
    }
}

/// A body without the personal values.
#[derive(Debug)]
pub(super) struct SharedBody {
    /// As it was built.
    built: PrecompiledText,
    /// As it is written after DATA: leading dots doubled (RFC 5321 §4.5.2), the last line ended.
    pub(super) transparent: PrecompiledText,
    /// How many octets of that each mail copies.
    pub(super) own_octets: usize,
    /// As it is signed.
    canonical: PrecompiledText,
}

impl SharedBody {
    /// The marks have no dots and no white space, so that each form has them where the body has them.
    pub(super) fn new(built: &str, marks: &[&str]) -> Self {
        let mut transparent = with_dots_doubled(built.to_owned());
        if !transparent.is_empty() && !transparent.ends_with("\r\n") {
            transparent.push_str("\r\n");
        }
        let mut canonical = Vec::with_capacity(built.len());
        BODY_CANONICALIZATION
            .canonical_body(built.as_bytes(), 0)
            .write(&mut canonical);
        // White space of one octet each is all that canonicalization touches.
        let canonical = String::from_utf8_lossy(&canonical);
        let transparent = PrecompiledText::new(&transparent, marks);
        let own = transparent.parts().iter().filter(|part| !is_shared(part));
        Self {
            built: PrecompiledText::new(built, marks),
            own_octets: own.map(Part::len).sum(),
            transparent,
            canonical: PrecompiledText::new(&canonical, marks),
        }
    }
}

/// A whole message with CRLF line ends, 7-bit.
#[derive(Debug, Clone)]
pub struct MessageOctets {
    /// With the empty line that ends it.
    header: String,
    body: Arc<SharedBody>,
    personal: Personal,
}

impl MessageOctets {
    pub(super) fn new(header: String, body: Arc<SharedBody>, personal: Personal) -> Self {
        Self {
            header,
            body,
            personal,
        }
    }

    /// How many octets it has (RFC 1870 §5: before dots are doubled).
    #[must_use]
    pub fn octets(&self) -> usize {
        self.header.len() + self.body.built.len()
    }

    /// The header section, with the empty line that ends it.
    pub(crate) fn header(&self) -> &str {
        &self.header
    }

    /// The message as it is written after DATA.
    pub(crate) fn into_transparent(self) -> TransparentOctets {
        TransparentOctets::new(self.header, self.body, self.personal.values())
    }

    /// The body as it is signed, in pieces.
    pub(super) fn canonical_body(&self) -> impl Iterator<Item = &str> {
        self.body.canonical.pieces(self.personal.values())
    }

    /// Puts whole headers before the others.
    pub(super) fn put_first(&mut self, headers: &str) {
        self.header.insert_str(0, headers);
    }
}

/// A message that shares its body with no other.
impl From<String> for MessageOctets {
    fn from(mut built: String) -> Self {
        let body = match header_octets(&built) {
            Some(octets) => built.split_off(octets),
            None => String::new(),
        };
        let body = Arc::new(SharedBody::new(&body, &[]));
        Self::new(built, body, Personal::default())
    }
}

impl Display for MessageOctets {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(&self.header)?;
        let mut body = self.body.built.pieces(self.personal.values());
        body.try_for_each(|piece| f.write_str(piece))
    }
}

/// How long the header section of a message is, with the empty line that ends it; none without that.
pub(super) fn header_octets(message: &str) -> Option<usize> {
    const END: &str = "\r\n\r\n";
    message.find(END).map(|at| at + END.len())
}
