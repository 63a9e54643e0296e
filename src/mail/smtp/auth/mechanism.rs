//! What is said in each way of signing in.

use data_encoding::BASE64;

/// The ways that we know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Mechanism {
    /// RFC 4616.
    Plain,
    /// draft-murchison-sasl-login.
    Login,
    /// What Google and Microsoft take a token by.
    XOAuth2,
    /// RFC 7628.
    OAuthBearer,
}

/// Who signs in where.
pub(super) struct OfferedTo<'a> {
    pub(super) user: &'a str,
    /// A password or a token.
    pub(super) secret: &'a str,
    pub(super) relay: (&'a str, u16),
}

impl Mechanism {
    /// As it stands in EHLO.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Plain => "PLAIN",
            Self::Login => "LOGIN",
            Self::XOAuth2 => "XOAUTH2",
            Self::OAuthBearer => "OAUTHBEARER",
        }
    }

    /// Whether its secret is a token of OAuth.
    pub(super) fn takes_token(self) -> bool {
        matches!(self, Self::XOAuth2 | Self::OAuthBearer)
    }

    /// The lines to say, the first unasked and each other one when it is asked for.
    pub(super) fn lines(self, to: &OfferedTo<'_>) -> Vec<String> {
        let (user, secret, (host, port)) = (to.user, to.secret, to.relay);
        let encoded = |text: &str| BASE64.encode(text.as_bytes());
        let first = |text: &str| format!("AUTH {} {}", self.name(), encoded(text));
        match self {
            Self::Plain => {
                let response = format!("\0{user}\0{secret}");
                // Some servers ask for what they were told already.
                vec![first(&response), encoded(&response)]
            }
            Self::Login => vec!["AUTH LOGIN".to_owned(), encoded(user), encoded(secret)],
            Self::XOAuth2 => {
                vec![first(&format!(
                    "user={user}\x01auth=Bearer {secret}\x01\x01"
                ))]
            }
            Self::OAuthBearer => {
                let user = user.replace('=', "=3D").replace(',', "=2C");
                vec![first(&format!(
                    "n,a={user},\x01host={host}\x01port={port}\x01auth=Bearer {secret}\x01\x01"
                ))]
            }
        }
    }

    /// What to say when the relay tells its reasons before it refuses.
    pub(super) fn answer_to_reasons(self) -> &'static str {
        match self {
            Self::XOAuth2 => "",
            Self::OAuthBearer => "AQ==",
            // RFC 4954 §4: gives up.
            Self::Plain | Self::Login => "*",
        }
    }
}

/// The text behind base64, or as it stands where it is none.
pub(super) fn decode(text: &str) -> String {
    let octets = BASE64.decode(text.trim().as_bytes());
    octets.map_or_else(
        |_| text.to_owned(),
        |octets| String::from_utf8_lossy(&octets).into_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::{Mechanism, OfferedTo, decode};

    #[test]
    fn each_says_who_signs_in_with_what() {
        let to = OfferedTo {
            user: "a,b=c@example.org",
            secret: "s3cret",
            relay: ("mail.example.org", 587),
        };
        let said = |mechanism: Mechanism| {
            let lines = mechanism.lines(&to).into_iter();
            let shown = lines.map(|line| match line.rsplit_once(' ') {
                Some((command, response)) if command != "AUTH" => {
                    format!("{command} {}", decode(response))
                }
                Some(_) => line,
                None => decode(&line),
            });
            shown.collect::<Vec<_>>()
        };
        let plain = "\0a,b=c@example.org\0s3cret";
        assert_eq!(
            said(Mechanism::Plain),
            [format!("AUTH PLAIN {plain}"), plain.to_owned()]
        );
        assert_eq!(
            said(Mechanism::Login),
            ["AUTH LOGIN", "a,b=c@example.org", "s3cret"]
        );
        assert_eq!(
            said(Mechanism::XOAuth2),
            ["AUTH XOAUTH2 user=a,b=c@example.org\x01auth=Bearer s3cret\x01\x01"]
        );
        assert_eq!(
            said(Mechanism::OAuthBearer),
            [
                "AUTH OAUTHBEARER n,a=a=2Cb=3Dc@example.org,\x01host=mail.example.org\x01port=587\x01auth=Bearer s3cret\x01\x01"
            ]
        );
    }
}
