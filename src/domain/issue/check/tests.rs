use std::collections::HashMap;

use jiff::civil::{Date, date};
use url::Url;

use super::dates::dates_of;
use super::texts::{mixed_word, placeholder};
use super::{
    CheckContext, EarlierIssues, Finding, FindingCode, FindingPlace, SentLink, Severity,
    check_content, normalised_link,
};
use crate::domain::{IssueContent, Language};

const DAY: Date = date(2026, 3, 12);

fn content(json: serde_json::Value) -> IssueContent {
    serde_json::from_value(json).unwrap()
}

/// One item in a part of a kind.
fn with_item(kind: &str, item: serde_json::Value) -> IssueContent {
    let mut item = item;
    let title = item.as_object_mut().unwrap();
    title.entry("title").or_insert("Bichkek en fleurs".into());
    content(serde_json::json!({
        "subject": "Bonjour", "preheader": "Bref", "parts": [{ "kind": kind, "items": [item] }]
    }))
}

fn found_with(
    content: &IssueContent,
    adapt: impl FnOnce(&mut CheckContext<'_>),
) -> Vec<(FindingCode, FindingPlace)> {
    let sent = EarlierIssues::default();
    let mut context = CheckContext {
        language: Language::Fr,
        own_host: Some("news.magazine.org"),
        sender_domain: "magazine.org",
        day: DAY,
        sent: &sent,
        min_articles: 1,
    };
    adapt(&mut context);
    let found = check_content(content, &context);
    found.into_iter().map(|one| (one.code, one.place)).collect()
}

fn found(content: &IssueContent) -> Vec<FindingCode> {
    let found = found_with(content, |_| {});
    found.into_iter().map(|(code, _)| code).collect()
}

#[test]
fn what_is_missing_is_named_with_its_place() {
    let empty = content(serde_json::json!({ "subject": " ", "parts": [
        { "kind": "articles", "items": [
            { "title": "A", "image": "https://magazine.org/a.jpg", "url": "https://magazine.org/a" },
            { "title": "B" },
            { "title": "C", "summary": "Lire [ici](https://magazine.org/c)" } ] },
        { "kind": "agenda", "items": [{ "title": "Concert" }] },
        { "kind": "text" }] }));
    assert_eq!(
        found_with(&empty, |_| {}),
        [
            (FindingCode::SubjectMissing, FindingPlace::Subject),
            (FindingCode::PreheaderMissing, FindingPlace::Preheader),
            (FindingCode::PartEmpty, FindingPlace::Part(2)),
            (FindingCode::AltMissing, FindingPlace::Item(0, 0)),
            (FindingCode::LinkMissing, FindingPlace::Item(0, 1)),
        ]
    );
    let nothing = content(serde_json::json!({ "subject": "S", "preheader": "P" }));
    assert_eq!(found(&nothing), [FindingCode::ContentMissing]);
    assert_eq!(
        FindingPlace::Item(2, 7).anchor().as_deref(),
        Some("part-2-item-7")
    );
    let alt = Finding::warning(FindingCode::AltMissing, FindingPlace::Item(0, 0));
    assert_eq!(alt.anchor().as_deref(), Some("part-0-item-0-alt"));
}

#[test]
fn a_link_that_readers_cannot_open_is_an_error() {
    use FindingCode::{LinkExample, LinkPreview, LinkPrivate, LinkStaging};
    for (link, code) in [
        ("http://localhost:8080/x", Some(LinkPrivate)),
        ("http://127.0.0.1/x", Some(LinkPrivate)),
        ("http://2130706433/x", Some(LinkPrivate)),
        ("http://0x7f.1/x", Some(LinkPrivate)),
        ("http://192.168.1.4/x", Some(LinkPrivate)),
        ("http://[::1]/", Some(LinkPrivate)),
        ("http://[::ffff:10.0.0.1]/", Some(LinkPrivate)),
        ("http://intranet/x", Some(LinkPrivate)),
        ("http://wiki.lan/x", Some(LinkPrivate)),
        ("https://example.com/x", Some(LinkExample)),
        ("https://www.site.example/x", Some(LinkExample)),
        ("https://staging.magazine.org/x", Some(LinkStaging)),
        ("https://magazine-preprod.org/x", Some(LinkStaging)),
        (
            "https://magazine.org/wp-admin/post.php?post=12",
            Some(LinkPreview),
        ),
        ("https://magazine.org/?p=12&preview=true", Some(LinkPreview)),
        ("https://news.magazine.org/desk/issues/1", Some(LinkPreview)),
        ("https://news.magazine.org/archive/a", None),
        ("https://magazine.org/preview-of-the-week", None),
        ("https://onstaging.magazine.org/", None),
        ("https://1.1.1.1/", None),
    ] {
        for issue in [
            with_item("articles", serde_json::json!({ "url": link })),
            content(
                serde_json::json!({ "subject": "S", "preheader": "P", "intro": format!("Voir [ici]({link}).") }),
            ),
        ] {
            let found = found_with(&issue, |_| {});
            let codes: Vec<_> = found.iter().map(|(found, _)| *found).collect();
            assert_eq!(codes, Vec::from_iter(code), "{link}");
        }
    }
    let trial = with_item(
        "articles",
        serde_json::json!({ "url": "https://example.org/a" }),
    );
    let at_home = found_with(&trial, |context| context.sender_domain = "example.org");
    assert_eq!(at_home, []);
}

#[test]
fn a_link_in_a_text_that_leads_nowhere_is_an_error() {
    use FindingPlace::{Intro, Item, Part};
    for to in [
        "magazine.org/enquete",
        "red@magazine.org",
        "htps://magazine.org",
        "",
        "url",
        "wiki/x",
        "file:///C:/a.docx",
        "#_ftn1",
    ] {
        let link = format!("Lire [notre enquête]({to}).");
        let written = content(serde_json::json!({
            "subject": "S", "preheader": "P", "intro": link,
            "parts": [{ "kind": "news", "body": link, "items": [{ "title": "A", "summary": link }] }]
        }));
        let mut found = found_with(&written, |_| {});
        found.retain(|(code, _)| *code == FindingCode::LinkBroken);
        let places: Vec<FindingPlace> = found.into_iter().map(|(_, place)| place).collect();
        assert_eq!(places, [Intro, Part(0), Item(0, 0)], "{to}");
    }
    let fine = content(serde_json::json!({
        "subject": "S", "preheader": "P",
        "intro": "[a](https://magazine.org/a b), [b](www.magazine.org), [c](mailto:red@magazine.org), <red@magazine.org>"
    }));
    assert_eq!(found(&fine), []);
}

#[test]
fn placeholders_are_found_and_plain_words_are_not() {
    for text in [
        "Lorem ipsum dolor",
        "Une phrase TODO",
        "XXX",
        "Bonjour {{ first_name }},",
        "Bonjour *|FNAME|*",
        "[Insérer le lien]",
        "Siehe [hier Text einfügen] bitte",
        "[вставить ссылку]",
        "Titre de l’article",
        "**Заголовок**",
        "Überschrift",
        "Untitled",
    ] {
        assert!(placeholder(text).is_some(), "{text}");
    }
    for text in [
        "Le titre de l’article dit tout",
        "Todo lo que sabemos",
        "[hier](https://magazine.org)",
        "[votre avis](https://magazine.org)",
        "Die XX. Spiele, 100 %% sicher",
        "Le taux {prime} et [sic]",
        "Название статьи говорит само за себя",
    ] {
        assert_eq!(placeholder(text), None, "{text}");
    }
}

#[test]
fn what_mails_do_not_show_is_told_in_markdown_alone() {
    use FindingPlace::{Intro, Item, Part};
    let written = content(serde_json::json!({
        "subject": "![vue](https://magazine.org/a.png)", "intro": "![vue](data:image/png;base64,AA)",
        "parts": [{ "kind": "news", "body": "| a |\n| - |\n| 1 |",
            "items": [{ "title": "[^1]", "summary": "- [ ] lire" }, { "title": "B", "summary": "- lire" }] }]
    }));
    let mut found = found_with(&written, |_| {});
    found.retain(|(code, _)| *code == FindingCode::NotShown);
    let places: Vec<FindingPlace> = found.into_iter().map(|(_, place)| place).collect();
    assert_eq!(places, [Intro, Part(0), Item(0, 0)]);
}

#[test]
fn look_alikes_in_one_word_are_found() {
    // With a Cyrillic о, а Latin c and a Latin a.
    for word in ["Kazakhstаn", "Алмaты", "Cовет", "Бишкeк"] {
        assert_eq!(mixed_word(&format!("À {word}, hier")), Some(word));
    }
    for fine in [
        "IT-компания",
        "YouTubeом",
        "TikTokер",
        "Алматы и Almaty",
        "H₂O, вода",
        "Ықылас",
    ] {
        assert_eq!(mixed_word(fine), None, "{fine}");
    }
}

#[test]
fn the_same_article_twice_or_again_is_told() {
    let json = |url: &str| serde_json::json!({ "title": url, "url": url });
    let issue = content(
        serde_json::json!({ "subject": "S", "preheader": "P", "parts": [
        { "kind": "news", "items": [json("https://www.magazine.org/a/?utm_source=x#top")] },
        { "kind": "articles", "items": [json("http://magazine.org/a"), json("https://magazine.org/b?id=2")] },
        { "kind": "support", "items": [json("https://magazine.org/don")] }] }),
    );
    let earlier = SentLink {
        subject: "Avant".to_owned(),
        day: date(2026, 3, 5),
    };
    let keys = ["magazine.org/b?id=2", "magazine.org/don"];
    let sent = keys.map(|key| (key.to_owned(), earlier.clone()));
    let sent = EarlierIssues {
        links: HashMap::from(sent),
        subjects: HashMap::from([("un sujet".to_owned(), date(2026, 3, 5))]),
    };
    let context = CheckContext {
        language: Language::Fr,
        own_host: None,
        sender_domain: "magazine.org",
        day: DAY,
        sent: &sent,
        min_articles: 1,
    };
    let found = check_content(&issue, &context);
    let told: Vec<_> = found.iter().map(|one| (one.code, one.place)).collect();
    assert_eq!(
        told,
        [
            (FindingCode::LinkTwice, FindingPlace::Item(1, 0)),
            (FindingCode::SentBefore, FindingPlace::Item(1, 1)),
        ]
    );
    assert_eq!(found[1].values["subject"], "Avant");
    assert!(found.iter().all(|one| one.severity == Severity::Warning));
    let normal = |url: &str| normalised_link(&Url::parse(url).unwrap());
    assert_ne!(normal("https://a.org/?p=1"), normal("https://a.org/?p=2"));
    assert_eq!(
        normal("https://a.org/?b=1&a=2"),
        normal("http://A.org?a=2&b=1&fbclid=z")
    );
}

#[test]
fn dates_are_read_in_four_languages() {
    for text in [
        "le 12 mars 2026 à Paris",
        "am 12. März 2026, 19 Uhr",
        "12 March 2026",
        "March 12, 2026",
        "12 марта 2026 г.",
        "2026-03-12",
        "12.03.2026",
        "du 10 au 12 mars 2026",
    ] {
        assert_eq!(dates_of(text), [DAY], "{text}");
    }
    assert_eq!(
        dates_of("1er mai 2026, 1st May 2026"),
        [date(2026, 5, 1); 2]
    );
    for text in [
        "mars 2026",
        "12 mars",
        "31 février 2026",
        "tel. 12 34 2026",
        "12 2026 mars",
        "3.14.15",
    ] {
        assert_eq!(dates_of(text), [], "{text}");
    }
}

#[test]
fn an_event_that_is_over_is_told_in_the_agenda_alone() {
    let event = |kind: &str, title: &str| {
        let item = serde_json::json!({ "title": title, "url": "https://magazine.org/a" });
        found(&with_item(kind, item))
    };
    assert_eq!(
        event("agenda", "Concert, 11 mars 2026"),
        [FindingCode::DatePassed]
    );
    assert_eq!(event("agenda", "Concert, 12 mars 2026"), []);
    assert_eq!(event("agenda", "Salon, 3 mars 2026 – 14 mars 2026"), []);
    assert_eq!(event("news", "Concert, 11 mars 2026"), []);
}

#[test]
fn a_thin_letter_is_told_where_a_minimum_is_set() {
    let item = |n: u8, country: &str| serde_json::json!({ "title": format!("Un article {n}"), "url": format!("https://magazine.org/{n}"), "countries": [country] });
    let issue = content(
        serde_json::json!({ "subject": "S", "preheader": "P", "parts": [
        { "kind": "articles", "items": [item(1, "kz"), item(2, "kz"), item(3, "kg")] }] }),
    );
    assert_eq!(found(&issue), []);
    let thin = found_with(&issue, |context| context.min_articles = 2);
    assert_eq!(thin, [(FindingCode::VariantThin, FindingPlace::Part(0))]);
}

fn sample(language: Language) -> IssueContent {
    let root = env!("CARGO_MANIFEST_DIR");
    let json = std::fs::read_to_string(format!("{root}/locales/{language}/demo/issue.json"));
    serde_json::from_str(&json.unwrap()).unwrap()
}

#[test]
fn the_language_is_told_and_never_wrongly() {
    for written in Language::ALL {
        for wanted in Language::ALL {
            let found = found_with(&sample(*written), |context| {
                context.language = *wanted;
                context.sender_domain = "example.org";
            });
            let others = found
                .iter()
                .filter(|(code, _)| *code == FindingCode::OtherLanguage);
            let places: Vec<_> = others.map(|(_, place)| *place).collect();
            if written == wanted {
                assert_eq!(places, [], "{written}");
            } else {
                assert_eq!(places, [FindingPlace::Issue], "{written}, not {wanted}");
            }
        }
    }
    // One text that was not translated.
    let mut mixed = sample(Language::Fr);
    mixed.parts[1].items[0].summary = sample(Language::En).parts[1].items[0].summary.clone();
    let found = found_with(&mixed, |context| context.sender_domain = "example.org");
    assert_eq!(
        found,
        [(FindingCode::OtherLanguage, FindingPlace::Item(1, 0))]
    );
}

#[test]
fn the_sample_issues_have_nothing_to_mend() {
    for language in Language::ALL {
        let found = found_with(&sample(*language), |context| {
            context.language = *language;
            context.sender_domain = "example.org";
            context.day = date(2020, 1, 1);
        });
        assert_eq!(found, [], "{language}");
    }
}
