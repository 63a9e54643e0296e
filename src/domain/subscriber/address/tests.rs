//! What is an address.

use super::{AddressError, EmailAddress};
use proptest::prelude::*;

#[test]
fn accepts_what_mail_servers_accept() -> Result<(), AddressError> {
    for (given, shown) in [
        ("reader@example.org", "reader@example.org"),
        ("  reader@example.org\t", "reader@example.org"),
        (
            "Anne.O'Neill+news@Example.ORG",
            "Anne.O'Neill+news@example.org",
        ),
        ("a@xn--bcher-kva.example", "a@xn--bcher-kva.example"),
        ("a@bücher.example", "a@xn--bcher-kva.example"),
        ("чингиз@пример.рф", "чингиз@xn--e1afmkfd.xn--p1ai"),
        ("élodie@example.fr", "élodie@example.fr"),
        ("e\u{301}lodie@example.fr", "élodie@example.fr"),
        (
            "\u{200b}reader@example.org\u{3000}\r\n",
            "reader@example.org",
        ),
        ("\u{202a}reader@example.org\u{202c}", "reader@example.org"),
        ("иван2026@example.org", "иван2026@example.org"),
        ("nursultan@почта.рф", "nursultan@xn--80a1acny.xn--p1ai"),
        ("हिन्दी@example.com", "हिन्दी@example.com"),
        ("தமிழ்@example.com", "தமிழ்@example.com"),
        ("ไทยคำ@example.com", "ไทยคำ@example.com"),
        // No letter of Unicode is composed of these two.
        ("ы\u{301}ра@example.com", "ы\u{301}ра@example.com"),
        ("a@हिन्दी.example", "a@xn--j2bd4cyah0f.example"),
    ] {
        assert_eq!(EmailAddress::parse(given)?.to_string(), shown);
    }
    Ok(())
}

#[test]
fn refuses_with_the_reason() {
    use AddressError::{
        BadDomain, BadLocalPart, Decorated, Missing, MixedScripts, NoAtSign, TooLong, Unseen,
    };
    let long_local = format!("{}@example.org", "a".repeat(65));
    let long_domain = format!("a@{}.org", "b.".repeat(130));
    for (given, reason) in [
        ("", Missing),
        ("   ", Missing),
        ("reader", NoAtSign),
        ("@example.org", NoAtSign),
        ("reader@", NoAtSign),
        (long_local.as_str(), TooLong),
        (long_domain.as_str(), BadDomain),
        ("\"quoted nonsense\"@example.org", Unseen(' ')),
        ("two words@example.org", Unseen(' ')),
        (".dot@example.org", BadLocalPart),
        ("dot.@example.org", BadLocalPart),
        ("do..t@example.org", BadLocalPart),
        ("a@b@example.org", BadLocalPart),
        ("\u{94d}a@example.org", BadLocalPart),
        ("a.\u{301}b@example.org", BadLocalPart),
        ("\u{301}@example.org", BadLocalPart),
        ("a<b>@example.org", BadLocalPart),
        ("a\r\nRCPT TO:<x@y.z>@example.org", Unseen('\r')),
        ("a\0@example.org", Unseen('\0')),
        ("a@example.org\r\nBcc: x@example.org", Unseen('\r')),
        ("a@example.org\r\nBcc: x", Unseen('\r')),
        ("a\u{200b}b@example.org", Unseen('\u{200b}')),
        ("a@localhost", BadDomain),
        ("a@127.0.0.1", BadDomain),
        ("a@[127.0.0.1]", BadDomain),
        ("a@-example.org", BadDomain),
        ("a@exa mple.org", Unseen(' ')),
        ("a@example..org", BadDomain),
        ("a@example.org.", Decorated),
        ("a@example.org,", Decorated),
        ("a@example.org;", Decorated),
        ("mailto:a@example.org", Decorated),
        ("MAILTO:a@example.org", Decorated),
        ("<a@example.org>", Decorated),
        ("Anna <a@example.org>", Decorated),
        ("anna@gmail.\u{441}om", MixedScripts('\u{441}')),
        ("\u{430}nna@gmail.com", MixedScripts('\u{430}')),
        ("\u{3bf}lga@example.org", MixedScripts('\u{3bf}')),
    ] {
        assert_eq!(EmailAddress::parse(given).err(), Some(reason), "{given:?}");
    }
}

#[test]
fn one_mailbox_has_one_key() -> Result<(), AddressError> {
    assert_eq!(
        EmailAddress::parse("Élodie@BÜCHER.example")?,
        EmailAddress::parse("élodie@bücher.example")?
    );
    Ok(())
}

#[test]
fn spellings_of_one_mailbox_fold() -> Result<(), AddressError> {
    for (given, mailbox) in [
        ("Victim+1@Example.org", "victim@example.org"),
        ("victim+a+b@example.org", "victim@example.org"),
        ("victim+@example.org", "victim@example.org"),
        ("+tag@example.org", "+tag@example.org"),
        ("vic.tim@example.org", "vic.tim@example.org"),
        ("victim-1@example.org", "victim-1@example.org"),
        ("v.i.c.t.i.m+x@gmail.com", "victim@gmail.com"),
        ("Vic.Tim@GoogleMail.com", "victim@gmail.com"),
        ("victim@gmail.example.org", "victim@gmail.example.org"),
        ("\u{ff56}ictim+1@example.org", "victim@example.org"),
        ("\u{fb01}n@example.org", "fin@example.org"),
        ("ПОЧТА+1@example.org", "почта@example.org"),
    ] {
        assert_eq!(EmailAddress::parse(given)?.mailbox(), mailbox, "{given}");
    }
    Ok(())
}

proptest! {
    #[test]
    fn whatever_is_accepted_is_safe_in_an_envelope(text in "\\PC{0,20}@?[\\PC]{0,20}|[a-zé.+]{1,10}@[a-zü]{1,9}\\.(org|рф)") {
        if let Ok(address) = EmailAddress::parse(&text) {
            let shown = address.to_string();
            prop_assert!(!shown.chars().any(|c| c.is_control() || c.is_whitespace() || "<>\"(),;:[]\\".contains(c)));
            prop_assert_eq!(EmailAddress::parse(&shown), Ok(address));
        }
    }
}
