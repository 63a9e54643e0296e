//! The envelope sender in the form that a relay accepts from us.

use lettre::Address;

use crate::domain::EmailAddress;
use crate::links::ReturnPath;
use crate::mail::message::envelope_address;

/// Stands for the signed part in the setting `return_path`.
const TOKEN: &str = "TOKEN";
/// The longest signed part that is planned for, in octets (a local part has at most 64, RFC 5321 §4.5.3.1.1).
const TOKEN_OCTETS: usize = 48;

/// What the setting `return_path` of a relay asks for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ReturnPathForm {
    /// Each mail has its own signed address (VERP): a bounce says to whom it belongs.
    Signed {
        /// What stands before the signed part, with the delimiter.
        before: String,
        /// What stands behind it, before the `@`.
        behind: String,
        /// That of the newsletter's sender where there is none.
        domain: Option<String>,
    },
    /// All mails have this address.
    Plain(Address),
}

impl ReturnPathForm {
    /// Reads the setting.
    pub(crate) fn parse(setting: &str) -> Result<Self, String> {
        let wrong = "must be such as bounce+TOKEN, bounce-TOKEN@example.org or news@example.org";
        let valid = |address: &str| {
            let parsed =
                EmailAddress::parse(address).map_err(|error| format!("{wrong}: {error}"))?;
            match parsed.needs_smtputf8() {
                false => Ok(envelope_address(&parsed)),
                true => Err(format!("{wrong}: its letters must be ASCII")),
            }
        };
        let Some((before, rest)) = setting.split_once(TOKEN) else {
            return Ok(Self::Plain(valid(setting)?));
        };
        let (behind, domain) = match rest.split_once('@') {
            Some((behind, domain)) => (behind, Some(domain.to_owned())),
            None => (rest, None),
        };
        let (specimen, host) = ("x".repeat(TOKEN_OCTETS), domain.as_deref());
        let host = host.unwrap_or("example.org");
        valid(&format!("{before}{specimen}{behind}@{host}"))?;
        Ok(Self::Signed {
            before: before.to_owned(),
            behind: behind.to_owned(),
            domain,
        })
    }

    /// The envelope sender of a mail. The setting was tried with a longer signed part, and a newsletter's sender is an
    /// address in ASCII, so it need not be parsed for each mail.
    pub(crate) fn address(&self, path: &ReturnPath) -> Address {
        match self {
            Self::Plain(address) => address.clone(),
            Self::Signed {
                before,
                behind,
                domain,
            } => {
                let domain = domain.as_deref().unwrap_or(&path.domain);
                Address::new_dangerous(format!("{before}{}{behind}", path.token), domain)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Address, ReturnPathForm};
    use crate::links::ReturnPath;

    #[test]
    fn a_relay_gets_the_form_it_accepts() -> Result<(), String> {
        let path = ReturnPath {
            token: "7.ab.sig".to_owned(),
            domain: "example.org".to_owned(),
        };
        for (setting, address) in [
            ("bounce+TOKEN", "bounce+7.ab.sig@example.org"),
            ("bounce-TOKEN", "bounce-7.ab.sig@example.org"),
            ("TOKEN-return", "7.ab.sig-return@example.org"),
            (
                "news+TOKEN@mail.example.net",
                "news+7.ab.sig@mail.example.net",
            ),
            ("news@example.net", "news@example.net"),
        ] {
            let made = ReturnPathForm::parse(setting)?.address(&path);
            assert_eq!(made.to_string(), address);
            let parsed: Address = address.parse().map_err(|_| address.to_owned())?;
            assert_eq!(made, parsed);
        }
        let too_long = format!("{}TOKEN", "b".repeat(17));
        for wrong in [
            "",
            "bounce",
            "bounce TOKEN",
            "TOKEN@",
            "a@b@c",
            "é+TOKEN",
            &too_long,
        ] {
            assert!(ReturnPathForm::parse(wrong).is_err(), "{wrong}");
        }
        Ok(())
    }
}
