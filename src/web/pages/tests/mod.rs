//! Every page in every language.

mod archive;
mod fields;
mod form;
mod frame;

use jiff::civil::date;
use std::collections::BTreeSet;

use super::*;
use crate::domain::{CountrySet, Frequency, Slug};
mod consent_audit;
mod rights;
mod validity;
mod words;

const NASTY: &str = "A & B <script>{{7*7}}</script> \"'";

fn frame(language: Language) -> Frame<'static> {
    Frame {
        language,
        site_name: "Asie centrale",
        imprint: "La rédaction d’Asie centrale\n12 rue du Canal\n67000 Strasbourg, France",
        subscribe_href: "/subscribe?newsletter=asie-centrale",
        archive_href: "/archive/asie-centrale",
        embedded: false,
        branding: Branding {
            theme_href: "/theme/7a1f3d",
            logo_href: "/logo/0123.png",
            logo_width: 120,
            imprint_url: "https://example.org/mentions",
            privacy_url: "https://example.org/vie-privee",
        },
        here: "/subscribe?newsletter=asie-centrale",
    }
}

static GUARD: FormGuard = FormGuard {
    stamp: String::new(),
    wait: String::new(),
    seconds: 0,
    work: false,
    again: None,
};
fn shown<P: Page>(language: Language, page: &P) -> (&'static str, String) {
    (P::TEMPLATE, render(&frame(language), page).unwrap())
}

fn subscribe<'a>(slug: &'a Slug, words: &'a str) -> Subscribe<'a> {
    Subscribe {
        newsletter: NewsletterCard {
            slug,
            title: words,
            description: "",
            language: Language::Fr,
            language_name: language_name(Language::Fr),
            public_url: Some("https://news.example.org/subscribe?newsletter=asie-centrale"),
        },
        action: "/subscribe",
        return_to: "",
        newsletters: Vec::new(),
        others_href: "/subscribe?lang=en".to_owned(),
        questions: false,
        email: words,
        countries: Some(CountrySet::default()),
        frequency: Frequency::Each,
        fields: Vec::new(),
        consent: false,
        errors: SubscribeErrors::default(),
        guard: &GUARD,
    }
}

/// The same page in a house with two newsletters.
fn subscribe_to_several<'a>(slug: &'a Slug, words: &'a str) -> Subscribe<'a> {
    Subscribe {
        newsletters: two_options(slug, words),
        ..subscribe(slug, words)
    }
}

fn two_options<'a>(slug: &'a Slug, words: &'a str) -> Vec<NewsletterOption<'a>> {
    let option = |chosen| NewsletterOption {
        slug,
        title: words,
        language: Language::De,
        language_name: language_name(Language::De),
        chosen,
    };
    vec![option(true), option(false)]
}

fn accepted(words: &str) -> Accepted<'_> {
    Accepted {
        email: words,
        sender: words,
        sender_address: "news@example.org".to_owned(),
        subject: words.to_owned(),
        action: "/subscribe",
        typed: &[],
        guard: &GUARD,
        mailbox: true,
        limits: AddressLimits {
            in_15_minutes: 1,
            a_day: 3,
        },
    }
}

fn caught(words: &str) -> CaughtMail<'_> {
    CaughtMail {
        href: "/mailbox/1".to_owned(),
        from: words,
        to: words,
        subject: words,
        received: "2024-07-08T06:00:00Z",
    }
}

fn newsletter(language: Language) -> crate::domain::Newsletter {
    let id = crate::domain::NewsletterId(uuid::Uuid::nil());
    let first = crate::config::Settings::defaults().unwrap().newsletter;
    crate::domain::Newsletter {
        language,
        ..first.to_newsletter(id).unwrap()
    }
}

/// Every page, shown with these words wherever a text of others can stand.
fn all(language: Language, words: &str) -> Vec<(&'static str, String)> {
    let slug = Slug::parse("asie-centrale").unwrap();
    let preferences_href = "/preferences/TOKEN";
    let invalid = |why, advice| {
        let data_href = Some("/preferences/TOKEN/data".to_owned());
        let page = LinkInvalid {
            why,
            advice,
            data_href,
        };
        shown(language, &page)
    };
    let mut pages = vec![
        shown(language, &subscribe(&slug, words)),
        shown(language, &subscribe_to_several(&slug, words)),
        shown(language, &accepted(words)),
        shown(
            language,
            &Confirm {
                newsletter_title: words,
                several: two_options(&slug, words),
                confirm_href: "/confirm/TOKEN",
                decline_href: "/confirm/TOKEN/decline",
            },
        ),
        shown(
            language,
            &ConfirmSuperseded {
                decline_href: "/confirm/TOKEN/decline",
            },
        ),
        shown(language, &NotMeUndone {}),
        shown(language, &NotMe::default()),
        shown(
            language,
            &Confirmed {
                newsletter_title: words,
                several: Vec::new(),
                latest: vec![LatestIssue {
                    href: "/archive/asie-centrale/sommet".to_owned(),
                    subject: words.to_owned(),
                    language: Language::Fr,
                }],
                countries: Some(CountrySet::default()),
                frequency: Frequency::Each,
                preferences_href,
            },
        ),
        invalid(LinkFault::Expired, LinkAdvice::SignUp),
        invalid(LinkFault::ExpiredAddress, LinkAdvice::NewAddress),
        invalid(LinkFault::ExpiredUndo, LinkAdvice::SignUp),
        invalid(LinkFault::Confirmed, LinkAdvice::Nothing),
        invalid(LinkFault::Gone, LinkAdvice::SignUp),
        invalid(LinkFault::Forged, LinkAdvice::OtherMail),
        invalid(LinkFault::Copy, LinkAdvice::Nothing),
        shown(
            language,
            &Unsubscribe {
                newsletter_title: words,
                several: two_options(&slug, words),
                preferences_href,
            },
        ),
        shown(
            language,
            &Unsubscribed {
                newsletter_title: words,
                ended: two_options(&slug, words),
                how: LeftHow::Ended,
                several: two_options(&slug, words),
                undo_href: "/undo/TOKEN",
                data_href: Some("/preferences/TOKEN/data".to_owned()),
            },
        ),
        shown(
            language,
            &Undone {
                several: two_options(&slug, words),
                preferences_href,
            },
        ),
        shown(
            language,
            &Mailbox {
                mails: vec![caught(words)],
                others: 1,
                all: true,
                sent: Some(21),
            },
        ),
        shown(
            language,
            &Mailbox {
                mails: Vec::new(),
                others: 20,
                all: false,
                sent: None,
            },
        ),
        shown(
            language,
            &DemoStart {
                corrected_href: Some("/archive/asie-centrale/un-numero".to_owned()),
                fields_href: Some("/subscribe?newsletter=central-asia".to_owned()),
            },
        ),
        shown(language, &ErrorPage::of(404)),
    ];
    pages.extend(archive::all(language, words));
    pages.extend(rights::rights(language, words));
    pages.extend(consent_audit::all(language, words));
    pages.push(shown(language, &preferences(&slug, words)));
    for view in [MailView::Html, MailView::Text, MailView::Headers] {
        let page = MailboxMail {
            mail: caught(words),
            views: &[MailView::Html, MailView::Text, MailView::Headers],
            view,
            text: vec![TextPiece {
                text: words,
                is_link: false,
            }],
            headers: words,
            sandbox: "allow-popups",
        };
        pages.push(shown(language, &page));
    }
    pages
}

fn preferences<'a>(slug: &'a Slug, words: &'a str) -> Preferences<'a> {
    Preferences {
        newsletter_title: words,
        email: Some(words.to_owned()),
        newsletters: two_options(slug, words),
        pause: PauseChoice {
            until: Some(date(2026, 12, 7)),
            chosen: "date",
            date: words,
            first: date(2026, 11, 24),
            last: date(2027, 11, 24),
            error: Some("pause-bad-day"),
        },
        countries: Some(CountrySet::parse("kz,region").unwrap()),
        frequency: Frequency::Monthly,
        fields: Vec::new(),
        language: Language::De,
        languages: LanguageChoice::all(),
        saved: true,
        unsubscribe_href: "/unsubscribe/TOKEN",
        data_href: "/preferences/TOKEN/data",
    }
}

#[test]
fn every_page_renders_in_every_language() {
    for language in Language::ALL {
        let pages = all(*language, "Mots");
        let seen: BTreeSet<_> = pages.iter().map(|(name, _)| *name).collect();
        assert_eq!(seen, frame::templates_for_readers());
        for (name, html) in pages {
            assert!(
                html.contains(&format!("<html lang=\"{language}\">")),
                "{name}"
            );
            assert_eq!(html.matches("<h1").count(), 1, "{name}");
        }
    }
}

/// A page without its data for search engines, which is no script and is not run.
fn without_data(html: &str) -> String {
    let scripts = [
        "<script type=\"application/ld+json\">",
        "<script type=\"module\" src=\"/demo/mailbox.js\">",
    ];
    let html = html.to_owned();
    scripts
        .iter()
        .fold(html, |html, ours| html.replace(ours, ""))
}

#[test]
fn the_content_security_policy_suffices() {
    for (name, html) in all(Language::De, "Worte") {
        let html = without_data(&html);
        for refused in [
            "<script",
            " style=",
            "<style",
            " onclick",
            "javascript:",
            "//fonts",
        ] {
            assert!(!html.contains(refused), "{name}: {refused}");
        }
        let framed = html.contains("<iframe");
        assert_eq!(framed, html.contains("sandbox=\"allow-popups"), "{name}");
    }
    assert!(!SITE_CSS.contains("url(") && !SITE_CSS.contains("@import"));
}

#[test]
fn a_form_that_has_the_browser_work_loads_one_script_of_ours() {
    let slug = Slug::parse("asie-centrale").unwrap();
    let guard = FormGuard {
        wait: "until".to_owned(),
        seconds: 30,
        work: true,
        again: Some("gate-work"),
        ..FormGuard::stamped("then".to_owned())
    };
    for language in Language::ALL {
        let page = Subscribe {
            guard: &guard,
            ..subscribe(&slug, "Words")
        };
        let html = render(&frame(*language), &page).unwrap();
        assert_eq!(html.matches("<script").count(), 1);
        assert!(html.contains("<script type=\"module\" src=\"/static/proof.js?v="));
        assert!(html.contains("30"));
        assert!(
            !html.contains(" style=") && !html.contains("gate-"),
            "{html}"
        );
    }
}

#[test]
fn only_posts_change_anything_and_only_public_pages_are_found() {
    for (name, html) in all(Language::En, "Words") {
        for form in html.split("<form").skip(1) {
            let asks = form.contains("role=\"search\"");
            assert!(form.contains("method=\"post\"") != asks, "{name}");
        }
        let public = [
            "subscribe.html",
            "archive_home.html",
            "archive_index.html",
            "archive_issue.html",
        ];
        assert_eq!(
            html.contains("content=\"noindex\""),
            !public.contains(&name),
            "{name}"
        );
    }
}
