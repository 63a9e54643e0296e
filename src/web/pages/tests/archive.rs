//! The pages of the archive.

use jiff::civil::date;

use super::*;
use crate::domain::{ExcerptPart, IssueContent};
use crate::texts::locale_file;

fn body_html(language: Language) -> String {
    let content: IssueContent =
        serde_json::from_str(locale_file(Language::Fr, "demo/issue.json").unwrap()).unwrap();
    let id = crate::domain::NewsletterId(uuid::Uuid::nil());
    let first = crate::config::Settings::defaults().unwrap().newsletter;
    let newsletter = crate::domain::Newsletter {
        language,
        ..first.to_newsletter(id).unwrap()
    };
    crate::mail::render_digest_web(&newsletter, &content).unwrap()
}

/// Every page of the archive, shown with these words wherever a text of others can stand.
pub(super) fn all(language: Language, words: &str) -> Vec<(&'static str, String)> {
    fn shown<P: Page>(language: Language, page: &P) -> (&'static str, String) {
        (P::TEMPLATE, render(&frame(language), page).unwrap())
    }
    let search = SearchField {
        newsletter: "asie-centrale",
        typed: words,
    };
    let published_at = "2024-07-08T06:00:00Z".parse().unwrap();
    let issue = ArchiveIssue {
        newsletter_title: words,
        language,
        subject: words,
        preheader: words,
        date: date(2024, 7, 8),
        published_at,
        corrected: Some((published_at, date(2024, 7, 9))),
        canonical_url: Some("https://news.example.org/archive/asie-centrale/sommet"),
        structured_data: "{}".to_owned(),
        share_href: "mailto:?subject=Sommet".to_owned(),
        older: Some(NeighbourIssue {
            href: "/archive/asie-centrale/avant".to_owned(),
            subject: words.to_owned(),
        }),
        newer: None,
        image: Some(SocialImage {
            url: "https://example.org/archive/lettre/ete/card.png".to_owned(),
            alt: words,
            drawn: Some((1200, 630)),
        }),
        body_html: &body_html(language),
    };
    vec![
        shown(language, &home(words)),
        shown(language, &index(words, search)),
        shown(language, &issue),
        shown(
            language,
            &IssueGone {
                newsletter_title: words,
            },
        ),
        shown(language, &results(words, search)),
    ]
}

fn home(words: &str) -> ArchiveHome<'_> {
    ArchiveHome {
        canonical_url: "https://news.example.org/archive",
        search: SearchField {
            newsletter: "",
            typed: "",
        },
        newsletters: vec![ArchivedNewsletter {
            title: words,
            description: words,
            language: Language::Fr,
            language_name: language_name(Language::Fr),
            href: "/archive/asie-centrale".to_owned(),
            feed_href: "/archive/asie-centrale/feed.xml".to_owned(),
            latest: Some(entry(words, 8)),
        }],
    }
}

fn entry(words: &str, day: i8) -> ArchiveEntry<'_> {
    ArchiveEntry {
        href: "/archive/asie-centrale/sommet".to_owned(),
        subject: words,
        preheader: words,
        date: date(2024, 7, day),
    }
}

fn index<'a>(words: &'a str, search: SearchField<'a>) -> ArchiveIndex<'a> {
    ArchiveIndex {
        newsletter_title: words,
        canonical_url: "https://news.example.org/archive/asie-centrale?page=2",
        feed_href: "/archive/asie-centrale/feed.xml",
        search,
        issues: vec![entry(words, 8), entry(words, 1)],
        number: 2,
        newer_href: Some("/archive/asie-centrale".to_owned()),
        older_href: Some("/archive/asie-centrale?page=3".to_owned()),
        home_href: Some("/archive"),
    }
}

fn results<'a>(words: &'a str, search: SearchField<'a>) -> Search<'a> {
    let piece = |hit| ExcerptPart { text: words, hit };
    Search {
        search,
        searched: true,
        results: vec![SearchResult {
            href: "/archive/asie-centrale/sommet".to_owned(),
            newsletter_title: Some(words),
            language: Language::Fr,
            date: date(2024, 7, 8),
            subject: vec![piece(true)],
            excerpt: vec![piece(false), piece(true)],
        }],
        newer_href: None,
        older_href: Some("/search?q=sommet&page=2".to_owned()),
        everywhere_href: Some("/search?q=sommet".to_owned()),
        archive_href: "/archive/asie-centrale".to_owned(),
    }
}
