//! What a relay announces in its reply to EHLO.

/// The extensions that matter here; none after HELO.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Extensions {
    /// RFC 2920.
    pub(crate) pipelining: bool,
    /// RFC 3207.
    pub(crate) starttls: bool,
    /// RFC 6531.
    pub(crate) smtputf8: bool,
    /// RFC 3030; noted for the log, not used.
    pub(crate) chunking: bool,
    /// The largest message that the relay takes, in octets (RFC 1870); none where it sets no limit.
    pub(crate) size: Option<usize>,
    /// The mechanisms of AUTH in upper case, in the relay's order (RFC 4954).
    pub(crate) auth: Vec<String>,
}

impl Extensions {
    /// Reads the lines of the reply to EHLO; the first greets.
    pub(crate) fn parse(lines: &str) -> Self {
        let mut all = Self::default();
        for line in lines.lines().skip(1) {
            // Servers before RFC 2554 wrote `AUTH=LOGIN PLAIN`, and some write it still.
            let mut words = line.split([' ', '\t', '=']).filter(|word| !word.is_empty());
            let Some(keyword) = words.next() else {
                continue;
            };
            match keyword.to_ascii_uppercase().as_str() {
                "PIPELINING" => all.pipelining = true,
                "STARTTLS" => all.starttls = true,
                "SMTPUTF8" => all.smtputf8 = true,
                "CHUNKING" => all.chunking = true,
                // 0 says that there is no fixed limit.
                "SIZE" => {
                    let octets = words.next().and_then(|octets| octets.parse().ok());
                    all.size = octets.filter(|octets| *octets > 0);
                }
                "AUTH" => {
                    for mechanism in words.map(str::to_ascii_uppercase) {
                        if !all.auth.contains(&mechanism) {
                            all.auth.push(mechanism);
                        }
                    }
                }
                _ => {}
            }
        }
        all
    }
}

#[cfg(test)]
mod tests {
    use super::Extensions;

    #[test]
    fn keywords_are_read_in_any_case_and_in_both_forms_of_auth() {
        let all = Extensions::parse(
            "relay.example.org STARTTLS\nPipelining\nSIZE 1000\nauth PLAIN\nAUTH=LOGIN PLAIN\nSMTPUTF8\nCHUNKING\n\n8BITMIME",
        );
        let expected = Extensions {
            pipelining: true,
            // The first line greets, whatever words it has.
            starttls: false,
            smtputf8: true,
            chunking: true,
            size: Some(1000),
            auth: vec!["PLAIN".to_owned(), "LOGIN".to_owned()],
        };
        assert_eq!(all, expected);
        assert_eq!(Extensions::parse("relay\nSIZE 0\nSIZE\nAUTH").size, None);
        assert_eq!(Extensions::parse(""), Extensions::default());
    }
}
