//! Domains of disposable mailboxes.

use std::collections::HashSet;

use crate::domain::EmailAddress;

/// The domains whose addresses may not sign up. The list is empty unless the operator gives one.
#[derive(Debug, Clone, Default)]
pub struct DisposableDomains(HashSet<String>);

impl DisposableDomains {
    /// Parses a list: one domain a line; a `#` begins a comment.
    #[must_use]
    pub fn parse(list: &str) -> Self {
        let lines = list.lines().map(|line| match line.split_once('#') {
            Some((domain, _)) => domain.trim(),
            None => line.trim(),
        });
        let domains = lines.filter(|domain| !domain.is_empty());
        Self(domains.map(str::to_ascii_lowercase).collect())
    }

    /// Whether the address is at one of the domains or at a subdomain of one.
    #[must_use]
    pub fn contains(&self, address: &EmailAddress) -> bool {
        let mut domain = address.domain();
        loop {
            if self.0.contains(domain) {
                return true;
            }
            match domain.split_once('.') {
                Some((_, parent)) => domain = parent,
                None => return false,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::DisposableDomains;
    use crate::domain::EmailAddress;

    #[test]
    fn a_list_names_domains_and_what_is_below() {
        let list =
            DisposableDomains::parse("# thrown away\nTrash.example\n\n  bin.example # too\n");
        let has = |text: &str| list.contains(&EmailAddress::parse(text).unwrap());
        assert!(has("a@trash.example") && has("a@x.y.TRASH.example") && has("a@bin.example"));
        assert!(!has("a@notrash.example") && !has("a@example.org"));
        assert!(
            !DisposableDomains::default()
                .contains(&EmailAddress::parse("a@trash.example").unwrap())
        );
    }
}
