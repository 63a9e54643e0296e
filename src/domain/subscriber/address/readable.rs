//! An address as people write it.

/// An address with its domain in letters instead of A-labels, which browsers send for it. What is no such domain stays
/// as it was typed.
#[must_use]
pub fn readable_address(typed: &str) -> String {
    let Some((local, domain)) = typed.rsplit_once('@') else {
        return typed.to_owned();
    };
    match idna::domain_to_unicode(domain) {
        (letters, Ok(())) if domain.to_ascii_lowercase().contains("xn--") => {
            format!("{local}@{letters}")
        }
        _ => typed.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::readable_address;

    #[test]
    fn a_domain_is_read_in_its_own_letters() {
        for (typed, read) in [
            ("anna@xn--mnchen-3ya.example", "anna@münchen.example"),
            ("anna@münchen.example", "anna@münchen.example"),
            ("Anna@Example.ORG", "Anna@Example.ORG"),
            ("anna", "anna"),
            ("anna@xn--a.example", "anna@xn--a.example"),
        ] {
            assert_eq!(readable_address(typed), read);
        }
    }
}
