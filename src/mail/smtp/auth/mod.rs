//! Signs in to a relay (RFC 4954).

mod mechanism;
mod token;

use super::channel::Channel;
use super::connect_error::{ConnectError, ConnectPhase, in_words};
use super::connection::COMMAND;
use crate::domain::Reply;
use mechanism::{Mechanism, OfferedTo};
pub(crate) use token::TokenSource;

/// Who signs in, and with what.
#[derive(Clone)]
pub(crate) struct Login {
    pub(crate) user: String,
    pub(crate) password: Option<String>,
    pub(crate) token: Option<TokenSource>,
}

/// What a relay said to one mechanism.
enum Outcome {
    SignedIn,
    /// With the reasons that it gave before, as servers of OAuth do.
    Refused(Reply, Option<String>),
}

impl Login {
    /// Those that can be tried, the better ones first.
    fn mechanisms(&self) -> Vec<Mechanism> {
        let by_token = [Mechanism::XOAuth2, Mechanism::OAuthBearer];
        let by_password = [Mechanism::Plain, Mechanism::Login];
        let by_token = by_token.into_iter().filter(|_| self.token.is_some());
        let by_password = by_password.into_iter().filter(|_| self.password.is_some());
        by_token.chain(by_password).collect()
    }

    /// Signs in with the first mechanism that the relay offers and does not turn down as such.
    ///
    /// `section` is where the relay's settings stand, as in `smtp`; `relay` its host and port.
    pub(crate) async fn sign_in(
        &self,
        channel: &mut Channel,
        offered: &[String],
        section: &str,
        relay: (&str, u16),
    ) -> Result<(), ConnectError> {
        let failed = |why: String| ConnectError::new(ConnectPhase::Login, why);
        let ours = self.mechanisms();
        let common = ours
            .iter()
            .filter(|ours| offered.iter().any(|o| o == ours.name()));
        let (mut last, mut token) = (None, None);
        for mechanism in common {
            let secret = match &self.token {
                Some(source) if mechanism.takes_token() => match &token {
                    Some(token) => token,
                    None => token.insert(source.read(section).await.map_err(failed)?),
                },
                _ => self.password.as_deref().unwrap_or_default(),
            };
            let to = OfferedTo {
                user: &self.user,
                secret,
                relay,
            };
            match exchange(channel, mechanism.lines(&to), *mechanism).await? {
                Outcome::SignedIn => return Ok(()),
                Outcome::Refused(reply, reasons) => {
                    let error = self.refused(*mechanism, &reply, reasons, section);
                    if !turns_mechanism_down(&reply) {
                        return Err(error);
                    }
                    last = Some(error);
                }
            }
        }
        Err(last.unwrap_or_else(|| failed(self.nothing_in_common(offered, &ours, section))))
    }

    fn refused(
        &self,
        mechanism: Mechanism,
        reply: &Reply,
        reasons: Option<String>,
        section: &str,
    ) -> ConnectError {
        if reply.code < 500 {
            let what = "it cannot sign us in at the moment";
            return ConnectError::refused(ConnectPhase::Login, what, reply);
        }
        let what = match (&self.token, mechanism.takes_token()) {
            (Some(source), true) => format!(
                "it refuses the token that {section}.{} gives for the user in {section}.url",
                source.setting()
            ),
            _ => format!("it refuses the user or the password in {section}.url"),
        };
        let what = match reasons {
            None => format!("{what} ({})", mechanism.name()),
            Some(reasons) => format!("{what} ({}, {reasons})", mechanism.name()),
        };
        ConnectError {
            // The next token may be a new one.
            refuses_login: !mechanism.takes_token(),
            ..ConnectError::refused(ConnectPhase::Login, &what, reply)
        }
    }

    fn nothing_in_common(&self, offered: &[String], ours: &[Mechanism], section: &str) -> String {
        if offered.is_empty() {
            return format!(
                "it offers no way to sign in (AUTH); take the user out of {section}.url, or use the \
                 port that it takes logins at, such as 587 or 465"
            );
        }
        let names: Vec<_> = ours.iter().map(|ours| ours.name()).collect();
        let (offers, can) = (offered.join(", "), names.join(" and "));
        let takes_token = |offered: &String| offered == "XOAUTH2" || offered == "OAUTHBEARER";
        let advice = if self.token.is_none() && offered.iter().any(takes_token) {
            format!("set {section}.oauth_token_file or {section}.oauth_token_command")
        } else if self.password.is_none() && offered.iter().any(|o| o == "PLAIN" || o == "LOGIN") {
            format!("name a password in {section}.url")
        } else {
            "have it offer PLAIN or LOGIN under TLS, or use another relay in ".to_owned()
                + section
                + ".url"
        };
        format!("it offers to sign in by {offers}, and we can by {can}; {advice}")
    }
}

/// Whether another mechanism may do: this one is not known, too weak, or switched off.
fn turns_mechanism_down(reply: &Reply) -> bool {
    let text = reply.text.to_ascii_lowercase();
    let unknown = [
        "unrecognized",
        "unrecognised",
        "not supported",
        "unsupported",
        "not implemented",
    ];
    matches!(reply.code, 502 | 504 | 534)
        || matches!(reply.enhanced_status(), Some((5, 7, 4)))
        || (reply.code >= 500 && unknown.iter().any(|words| text.contains(words)))
}

/// Says the lines of a mechanism, each when the relay asks for it; what it asks with is not looked
/// at, as no two servers agree on those words.
async fn exchange(
    channel: &mut Channel,
    lines: Vec<String>,
    mechanism: Mechanism,
) -> Result<Outcome, ConnectError> {
    let mut reasons = None;
    let mut lines = lines.into_iter();
    let mut line = lines.next().unwrap_or_default();
    loop {
        let written = channel
            .write(format!("{line}\r\n").as_bytes(), COMMAND)
            .await;
        let lost = |lost| ConnectError::lost(ConnectPhase::Login, lost);
        written.map_err(lost)?;
        let code = channel.read_code(COMMAND).await.map_err(lost)?;
        let reply = channel.reply();
        match (code, reasons) {
            (200..=299, _) => return Ok(Outcome::SignedIn),
            (300..=399, None) => match lines.next() {
                Some(next) => {
                    (line, reasons) = (next, None);
                }
                None => {
                    // RFC 7628 §3.2.3, and XOAUTH2: the reasons come first, and want an answer.
                    line = mechanism.answer_to_reasons().to_owned();
                    reasons = Some(mechanism::decode(&reply.text));
                }
            },
            (300..=399, Some(_)) => {
                let why = format!("it does not come to an end with AUTH: {}", in_words(&reply));
                return Err(ConnectError::new(ConnectPhase::Login, why));
            }
            (_, reasons) => return Ok(Outcome::Refused(reply, reasons)),
        }
    }
}
