//! A mail that is compiled once, and filled in for each subscriber.
//!
//! The mail is built and encoded once for a subscriber who does not exist. That subscriber's values mark
//! where each subscriber's own values go. They have the same length for everybody and consist of characters
//! that quoted-printable does not encode, so that all line breaks of the encoding stay in place.

use std::sync::Arc;

use lettre::message::header::Headers;

use super::octets::{SharedBody, header_octets};
use super::precompiled_text::{PrecompiledText, VALUES};
use super::{Envelope, MessageError, MessageOctets, Personal, build, to_header};
use crate::domain::EmailAddress;
use crate::mail::RenderedMail;

/// Enough for the final dot and the commands of a next mail, nearly always.
const COMMANDS_OCTETS: usize = 256;

/// A built mail with placeholders for the personal values.
#[derive(Debug)]
pub struct PrecompiledMail {
    /// The headers before `To`.
    before: String,
    /// The headers after `To`, and the empty line.
    after: PrecompiledText,
    body: Arc<SharedBody>,
    /// The length of each personal value.
    lengths: [usize; VALUES],
}

impl PrecompiledMail {
    /// Builds a mail whose personal values are `marks`, and makes them placeholders. No text of the mail may
    /// contain a mark otherwise.
    ///
    /// # Errors
    /// Those of [`build`].
    pub fn compile(
        envelope: &Envelope<'_>,
        mail: &RenderedMail,
        marks: &Personal,
    ) -> Result<Self, MessageError> {
        let built = build(envelope, mail)?;
        let missing = |header| MessageError::Header {
            header,
            why: "it was not found in the built mail".to_owned(),
        };
        let end = header_octets(&built).ok_or_else(|| missing("Content-Type"))?;
        let (header, body) = built.split_at(end);
        // With the line end before it, as the name of Reply-To ends in the same letters.
        let to = ["\r\n", &*to_line(envelope.to)].concat();
        let at = header.find(&to).ok_or_else(|| missing("To"))?;
        let marks = marks.values();
        Ok(Self {
            before: header[..at + 2].to_owned(),
            after: PrecompiledText::new(&header[at + to.len()..], &marks),
            body: Arc::new(SharedBody::new(body, &marks)),
            lengths: marks.map(str::len),
        })
    }

    /// The mail for one subscriber: the same octets that [`build`] makes for them.
    ///
    /// # Errors
    /// When the address cannot stand in a header, a value does not have the length of its mark, or has other
    /// characters than those of base64url (RFC 4648 §5).
    pub fn render_for(
        &self,
        to: &EmailAddress,
        personal: Personal,
    ) -> Result<MessageOctets, MessageError> {
        let values = personal.values();
        let fits = |octet: u8| octet.is_ascii_alphanumeric() || octet == b'-' || octet == b'_';
        if values.map(str::len) != self.lengths || !values.iter().all(|v| v.bytes().all(fits)) {
            return Err(MessageError::Header {
                header: "Message-ID",
                why: "a personal value has another form than its placeholder".to_owned(),
            });
        }
        let to = to_line(to);
        let length = self.before.len() + to.len() + self.after.len();
        // With room for what follows it on the wire, so that it is not moved for that.
        let behind = self.body.own_octets + COMMANDS_OCTETS;
        let mut header = String::with_capacity(length + behind);
        header.push_str(&self.before);
        header.push_str(&to);
        header.extend(self.after.pieces(values));
        Ok(MessageOctets::new(header, Arc::clone(&self.body), personal))
    }
}

/// The whole To header with its line end, encoded by lettre.
fn to_line(to: &EmailAddress) -> String {
    let mut headers = Headers::new();
    headers.set(to_header(to));
    headers.to_string()
}

#[cfg(test)]
mod tests {
    use super::{Personal, PrecompiledMail};
    use crate::domain::{EmailAddress, LinkKey, LinkToken, Newsletter, Purpose, SubscriptionId};
    use crate::mail::{Envelope, FeedbackId, ListHeaders, MessageOctets, RenderedMail, build};
    use jiff::Timestamp;
    use proptest::prelude::*;

    const BASE: &str = "https://news.example.org";

    fn newsletter() -> Newsletter {
        let settings = crate::config::Settings::defaults().unwrap();
        let id = crate::domain::NewsletterId(uuid::Uuid::nil());
        settings.newsletter.to_newsletter(id).unwrap()
    }

    fn personal(subscription: i64) -> Personal {
        let key = LinkKey::new([7; 32]);
        let token = |purpose| {
            let token = LinkToken {
                subscription: SubscriptionId(subscription),
                issued_at: Timestamp::UNIX_EPOCH,
            };
            key.sign(purpose, token)
        };
        Personal {
            name: key.short_name("test", &[&subscription.to_be_bytes()]),
            unsubscribe: token(Purpose::Unsubscribe),
            preferences: token(Purpose::Preferences),
        }
    }

    /// The octets of a vectored write.
    fn written(mail: MessageOctets) -> String {
        let octets = mail.into_transparent();
        let slices = octets.slices(0, octets.len());
        let written: Vec<u8> = slices.iter().flat_map(|slice| slice.to_vec()).collect();
        assert_eq!(written.len(), octets.len());
        String::from_utf8(written).unwrap()
    }

    /// Like the templates: any text, with the links of one subscriber in it.
    fn rendered(pieces: &[String], personal: &Personal) -> RenderedMail {
        let links = [
            format!("{BASE}/unsubscribe/{}", personal.unsubscribe),
            format!("{BASE}/preferences/{}", personal.preferences),
        ];
        let mut text = String::new();
        for (number, piece) in pieces.iter().enumerate() {
            text.push_str(piece);
            text.push_str(&links[number % 2]);
        }
        RenderedMail {
            subject: pieces.concat().replace(['\n', '\r'], " "),
            html: format!("<p>{text}</p>\n."),
            text,
        }
    }

    fn with_envelope<T>(
        to: &EmailAddress,
        personal: &Personal,
        act: impl FnOnce(&Envelope<'_>) -> T,
    ) -> T {
        let mut newsletter = newsletter();
        newsletter.reply_to = newsletter.sender_address.clone();
        let unsubscribe = format!("{BASE}/unsubscribe/{}", personal.unsubscribe);
        act(&Envelope {
            newsletter: &newsletter,
            to,
            date: Timestamp::UNIX_EPOCH,
            message_id: &format!("{}@example.org", personal.name),
            list: Some(ListHeaders {
                unsubscribe_url: unsubscribe,
                unsubscribe_mailto: format!(
                    "mailto:u@example.org?subject={}",
                    personal.unsubscribe
                ),
                feedback_id: FeedbackId {
                    campaign: "a".to_owned(),
                    list: "b".to_owned(),
                    kind: "c",
                    sender: "exampleorg".to_owned(),
                },
            }),
            auto_generated: false,
        })
    }

    /// Texts with difficult line ends, dots, soft breaks and scripts.
    fn piece() -> impl Strategy<Value = String> {
        prop_oneof![
            "[ -~]{0,200}",
            "\\PC{0,120}",
            "(\\.|\r\n\\.\\.|\n| \n|\t\n|=){1,8}",
            "[a-z]{900,1200}",
            "(\nFrom |From |\n| [a-z]{60,75}\nFrom ){1,4}",
            "[\u{400}-\u{45f} ]{1,300}",
        ]
    }

    fn address() -> impl Strategy<Value = EmailAddress> {
        prop_oneof![
            "[a-z0-9.+_-]{0,20}[a-z0-9]@[a-z]{1,60}\\.example",
            "[а-яёқғ]{1,20}@пошта\\.example",
            "[a-z]{60,64}@[a-z]{60,63}\\.[a-z]{60,63}\\.example",
        ]
        .prop_filter_map("an address", |text| EmailAddress::parse(&text).ok())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]
        #[test]
        fn a_filled_in_mail_equals_a_built_one(
            pieces in prop::collection::vec(piece(), 1..8),
            to in address(),
            subscription in 1..i64::MAX,
        ) {
            let (marks, reader) = (personal(-1), personal(subscription));
            let nobody = EmailAddress::parse("lettre@example.org").unwrap();
            let precompiled = with_envelope(&nobody, &marks, |envelope| {
                PrecompiledMail::compile(envelope, &rendered(&pieces, &marks), &marks).unwrap()
            });
            let fitted = precompiled.render_for(&to, reader.clone()).unwrap();
            let built = with_envelope(&to, &reader, |envelope| {
                build(envelope, &rendered(&pieces, &reader)).unwrap()
            });
            prop_assert_eq!(fitted.octets(), built.len());
            prop_assert_eq!(fitted.to_string(), built.as_str());
            let whole = MessageOctets::from(built);
            let signed = |mail: &MessageOctets| mail.canonical_body().collect::<String>();
            prop_assert_eq!(signed(&fitted), signed(&whole));
            prop_assert_eq!(written(fitted), written(whole));
        }
    }

    #[test]
    fn a_value_of_another_form_is_refused() {
        let marks = personal(-1);
        let to = EmailAddress::parse("a@example.org").unwrap();
        let mail = rendered(&["hello ".to_owned()], &marks);
        let precompiled = with_envelope(&to, &marks, |e| {
            PrecompiledMail::compile(e, &mail, &marks).unwrap()
        });
        let mut longer = personal(1);
        longer.unsubscribe.push('x');
        assert!(precompiled.render_for(&to, longer).is_err());
        // It could stand at the beginning of a line.
        let mut dotted = personal(1);
        dotted.preferences.replace_range(..1, ".");
        assert!(precompiled.render_for(&to, dotted).is_err());
    }
}
