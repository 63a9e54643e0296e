//! The pages about a reader's own data.

use super::*;
use crate::domain::{Certificate, EndReason, Frequency, SubscriptionState};
use crate::subscribe::privacy::{
    Dossier, DossierAnswer, DossierDelivery, DossierEvent, DossierMail, DossierSubscription, Extent,
};

pub(super) fn rights(language: Language, words: &str) -> Vec<(&'static str, String)> {
    let dossier = dossier(words);
    let my_data = |notice| MyData {
        dossier: &dossier,
        typed: words,
        notice,
        limits: AddressLimits {
            in_15_minutes: 1,
            a_day: 3,
        },
        proof_until: Some("2029-11-22".to_owned()),
        time_zone: "Europe/Paris",
        here: "/my-data/TOKEN".to_owned(),
    };
    let certificate = Certificate {
        at: "2026-11-23T07:00:00Z".to_owned(),
        subscriptions: 1,
        deliveries: 1,
        mails: 0,
        proof_remains: true,
        proof_until: Some("2029-11-22".to_owned()),
    };
    let ask = |sent| DataLinkRequest {
        email: Some(words.to_owned()),
        hours: 1,
        sent,
    };
    let address = |done| NewAddress {
        newsletter_title: words,
        done,
        confirm_href: "/new-address/TOKEN",
        decline_href: "/new-address/TOKEN/decline",
    };
    let request_href = "/preferences/TOKEN/data".to_owned();
    let mut pages = vec![
        shown(language, &ask(false)),
        shown(language, &ask(true)),
        shown(language, &MyDataExpired { request_href }),
        shown(language, &my_data(None)),
        shown(
            language,
            &Erased {
                certificate: &certificate,
            },
        ),
        shown(language, &address(false)),
        shown(language, &address(true)),
    ];
    let notices = [
        MyDataNotice::Saved,
        MyDataNotice::NameWrong,
        MyDataNotice::AddressRequested,
        MyDataNotice::AddressSame,
        MyDataNotice::AddressTooOften,
        MyDataNotice::AddressWrong(AddressFault::of("address-missing")),
        MyDataNotice::AddressPostponed("2026-11-23T08:00:00Z".to_owned()),
        MyDataNotice::AddressLimited(7),
        MyDataNotice::EraseUnticked,
    ];
    pages.extend(notices.map(|notice| shown(language, &my_data(Some(notice)))));
    pages
}

fn dossier(words: &str) -> Dossier {
    let at = || "2026-11-23T07:00:00Z".to_owned();
    Dossier {
        extent: Extent::All,
        language: Language::De,
        address: words.to_owned(),
        made_at: at(),
        name: Some(words.to_owned()),
        new_address: Some(words.to_owned()),
        known_since: Some(at()),
        subscriptions: vec![DossierSubscription {
            number: None,
            newsletter: words.to_owned(),
            slug: "asie-centrale".to_owned(),
            state: SubscriptionState::Ended,
            end_reason: Some(EndReason::Unsubscribed),
            language: Language::De,
            answers: std::collections::BTreeMap::from([("trade".to_owned(), words.to_owned())]),
            answers_in_words: vec![DossierAnswer {
                question: words.to_owned(),
                answer: words.to_owned(),
            }],
            countries: CountrySet::parse("kz,region").unwrap().iter().collect(),
            frequency: Frequency::Monthly,
            created_at: at(),
            imported_at: None,
            confirmed_at: Some(at()),
            ended_at: Some(at()),
            paused_until: Some(at()),
            consent: vec![DossierEvent {
                event: 1,
                at: at(),
                kind: "requested".to_owned(),
                method: "page".to_owned(),
                page: words.to_owned(),
                ip: Some("192.0.2.1".to_owned()),
                wording: words.to_owned(),
                wording_version: Some("de-2".to_owned()),
                language: Some("de".to_owned()),
                hash: "00".to_owned(),
                genuine: true,
            }],
            deliveries: vec![DossierDelivery {
                subject: words.to_owned(),
                state: "sent".to_owned(),
                at: Some(at()),
                reply: Some(words.to_owned()),
            }],
            mails: vec![DossierMail {
                kind: "welcome".to_owned(),
                state: "sent".to_owned(),
                at: Some(at()),
                reply: None,
            }],
        }],
    }
}

#[test]
fn labels_have_a_colon_in_running_text_and_none_in_a_table() {
    for language in Language::ALL {
        let mine = rights(*language, "x").into_iter();
        for (_, html) in mine.filter(|(name, _)| *name == "my_data.html") {
            assert!(!html.contains(":</dt>"), "{language}");
            for label in ["dossier-page", "dossier-ip", "dossier-wording"] {
                let label = crate::texts::text(*language, label, &[]);
                let colon = if *language == Language::Fr {
                    "\u{a0}: "
                } else {
                    ": "
                };
                assert!(
                    html.contains(&format!("{label}{colon}")),
                    "{language}: {label}"
                );
            }
        }
    }
}

#[test]
fn behind_a_link_to_an_earlier_address_none_is_named() {
    for language in Language::ALL {
        for sent in [false, true] {
            let page = DataLinkRequest {
                email: None,
                hours: 1,
                sent,
            };
            let (_, html) = shown(*language, &page);
            assert!(!html.contains("my-data-") && !html.contains('@'), "{html}");
        }
        let slug = Slug::parse("asie-centrale").unwrap();
        let page = Preferences {
            email: None,
            ..preferences(&slug, "Words")
        };
        let (_, html) = shown(*language, &page);
        assert!(!html.contains("preferences-what"), "{html}");
    }
}
