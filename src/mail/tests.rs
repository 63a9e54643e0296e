//! Every mail in every language, as it is and under attack.

use std::sync::LazyLock;

use jiff::civil::date;
use jiff::tz::TimeZone;
use validator::Validate;

use super::digest_tests::unreferenced;
use super::*;
use crate::domain::{
    Certificate, Country, CountrySet, Image, IssueContent, Item, Language, Newsletter,
    NewsletterId, Part, PartKind,
};
use crate::texts::{TextOverrides, locale_file};

pub(super) const LINKS: DigestLinks<'static> = DigestLinks {
    unsubscribe: "https://news.example.org/unsubscribe/TOKEN-1",
    preferences: "https://news.example.org/preferences/TOKEN-2",
    web_view: "https://news.example.org/archive/asie-centrale/sommet",
    logo: None,
};

pub(super) fn newsletter(language: Language) -> Newsletter {
    let sample: serde_json::Value =
        serde_json::from_str(locale_file(language, "demo/newsletter.json").unwrap()).unwrap();
    let sampled = |field: &str| sample[field].as_str().unwrap().to_owned();
    let first = crate::config::Settings::defaults().unwrap().newsletter;
    Newsletter {
        title: sampled("title"),
        language,
        sender_name: sampled("sender_name"),
        sender_address: "lettre@news.example.org".parse().unwrap(),
        postal_address: "12 rue du Canal\n67000 Strasbourg, France".to_owned(),
        time_zone: TimeZone::UTC,
        ..first
            .to_newsletter(NewsletterId(uuid::Uuid::nil()))
            .unwrap()
    }
}

pub(super) fn sample(language: Language) -> IssueContent {
    let json = locale_file(language, "demo/issue.json").unwrap();
    serde_json::from_str(json).unwrap()
}

pub(super) fn digest(language: Language, content: &IssueContent, followed: &str) -> RenderedMail {
    let followed = CountrySet::parse(followed).unwrap();
    let meta = DigestMeta {
        date: date(2024, 7, 8),
    };
    render_digest(&newsletter(language), content, followed, &LINKS, &meta).unwrap()
}

pub(super) fn mails() -> [MailLinks<'static>; 11] {
    [
        MailLinks::Confirmation {
            confirm_url: "https://news.example.org/confirm/TOKEN-0",
            hours_valid: 168,
        },
        MailLinks::AlreadySubscribed {
            preferences_url: LINKS.preferences,
            unsubscribe_url: LINKS.unsubscribe,
        },
        MailLinks::Welcome {
            preferences_url: LINKS.preferences,
            unsubscribe_url: LINKS.unsubscribe,
            latest_url: Some("https://news.example.org/archive/asie-centrale/sommet"),
        },
        MailLinks::DataLink {
            my_data_url: "https://news.example.org/my-data/TOKEN-0",
            hours_valid: 1,
        },
        MailLinks::NewAddress {
            new_address_url: "https://news.example.org/new-address/TOKEN-0",
            hours_valid: 24,
        },
        MailLinks::AddressChanged {},
        MailLinks::Erased {
            certificate: &CERTIFICATE,
        },
        MailLinks::EditorInvitation {
            invitation_url: "https://news.example.org/desk/invitation/TOKEN-0",
            hours_valid: 168,
        },
        MailLinks::PasswordReset {
            reset_url: "https://news.example.org/desk/reset/TOKEN-0",
            hours_valid: 1,
        },
        MailLinks::NewBrowser {
            forgot_url: "https://news.example.org/desk/forgot",
            account_url: "https://news.example.org/desk/account",
            time: "TIME",
            zone: "Europe/Paris",
            browser: "Firefox, Linux",
            quiet_until: Some("UNTIL"),
        },
        MailLinks::CodesOff {
            forgot_url: "https://news.example.org/desk/forgot",
            account_url: "https://news.example.org/desk/account",
        },
    ]
}

static CERTIFICATE: LazyLock<Certificate> = LazyLock::new(|| Certificate {
    at: "2026-11-23T07:00:00Z".to_owned(),
    subscriptions: 1,
    deliveries: 52,
    mails: 3,
    proof_remains: true,
    proof_until: Some("2029-11-22".to_owned()),
});

fn system_mail(language: Language, links: MailLinks<'_>) -> RenderedMail {
    system_mail_about(language, links, &[])
}

fn system_mail_about(
    language: Language,
    links: MailLinks<'_>,
    several: &[OneOfSeveral],
) -> RenderedMail {
    system_mail_of(&newsletter(language), language, links, several)
}

pub(super) fn system_mail_of(
    newsletter: &Newsletter,
    language: Language,
    links: MailLinks<'_>,
    several: &[OneOfSeveral],
) -> RenderedMail {
    render_system_mail(&SystemMail {
        latest: None,
        newsletter,
        several,
        language,
        logo_url: None,
        links,
        greet: None,
        words: &TextOverrides::default(),
    })
    .unwrap()
}

fn snapshot(name: &str, mail: &RenderedMail) {
    let seen = format!("Subject: {}\n\n{}", mail.subject, mail.text);
    insta::assert_snapshot!(name, seen);
}

/// Every address that the HTML would fetch by itself.
fn fetched(html: &str) -> Vec<&str> {
    ["src=\"", "url(", "<link", "@import", "background=\""]
        .iter()
        .flat_map(|sign| html.split(sign).skip(1))
        .map(|rest| rest.split(['"', ')']).next().unwrap_or_default())
        .collect()
}

#[test]
fn system_mails_read_well() {
    for language in Language::ALL {
        for links in mails() {
            let mail = system_mail(*language, links);
            snapshot(&format!("{}-{language}", links.kind()), &mail);
            assert!(mail.html.contains(&format!("<html lang=\"{language}\"")));
            assert_eq!(fetched(&mail.html), Vec::<&str>::new());
            assert!(mail.html.contains("67000 Strasbourg"));
        }
    }
}

/// The newsletters of all languages.
fn several() -> Vec<OneOfSeveral> {
    let one = |language: &Language| {
        let page = |of| format!("https://news.example.org/{of}/{language}");
        let (archive, leave) = (page("archive"), page("unsubscribe"));
        OneOfSeveral::new(&newsletter(*language), Some(archive), leave)
    };
    Language::ALL.iter().map(one).collect()
}

#[test]
fn mails_about_several_newsletters_name_them_all() {
    for language in Language::ALL {
        for links in [mails()[0], mails()[2]] {
            let mail = system_mail_about(*language, links, &several());
            snapshot(&format!("{}-several-{language}", links.kind()), &mail);
            for language in Language::ALL {
                let title = newsletter(*language).title;
                assert!(mail.html.contains(&format!(">{title}<")), "{}", mail.html);
            }
        }
    }
}

#[test]
fn a_confirmation_links_to_nothing_but_itself() {
    let mails = Language::ALL.iter().flat_map(|language| {
        let one = system_mail(*language, mails()[0]);
        [one, system_mail_about(*language, mails()[0], &several())]
    });
    for mail in mails {
        let links = mail.html.matches("href=\"").count();
        let own = mail
            .html
            .matches("href=\"https://news.example.org/confirm/TOKEN-0\"");
        assert_eq!((links, own.count()), (2, 2));
        assert_eq!(mail.text.matches("https://").count(), 1);
    }
}

#[test]
fn samples_are_valid_and_digests_read_well() {
    for language in Language::ALL {
        let content = sample(*language);
        content.validate().unwrap();
        assert!(
            PartKind::ALL
                .iter()
                .all(|k| content.parts.iter().any(|p| p.kind == *k))
        );
        let mail = digest(*language, &content, "");
        assert_eq!(mail.subject, content.subject);
        snapshot(&format!("digest-{language}"), &mail);
        assert_eq!(
            fetched(&mail.html),
            ["https://example.org/mailbox/karakoul.png"]
        );
        let html = mail.html.replace("&#160;", "\u{a0}");
        assert!(
            html.replace("&#8239;", "\u{202f}")
                .contains(&content.preheader)
        );
        for link in [LINKS.unsubscribe, LINKS.preferences, LINKS.web_view] {
            assert_eq!(mail.text.matches(&format!("<{link}>")).count(), 1);
            assert_eq!(mail.html.matches(&format!("\"{link}\"")).count(), 1);
        }
    }
}

#[test]
fn an_alternative_text_arrives_as_it_was_written() {
    let mut content = sample(Language::Fr);
    let alt = "Dessin\u{a0}: «\u{a0}C:\\lac\u{a0}»\u{202f}!\u{200d} \"l’été\" <b> & e\u{301}";
    let items = content.parts.iter_mut().flat_map(|part| &mut part.items);
    for image in items.filter_map(|item| item.image.as_mut()) {
        alt.clone_into(&mut image.alt);
    }
    let mail = digest(Language::Fr, &content, "");
    let written = mail.html.split("alt=\"").nth(1).unwrap();
    let written = written.split('"').next().unwrap();
    assert_eq!(unreferenced(written), alt);
}

#[test]
fn a_lead_may_have_a_picture_and_a_page_keeps_its_place() {
    let mut content = sample(Language::En);
    let mut pictures = content.parts.iter().flat_map(|part| &part.items);
    let picture = pictures.find_map(|item| item.image.clone()).unwrap();
    content.parts.truncate(1);
    content.parts[0].items[0].image = Some(picture.clone());
    let mail = digest(Language::En, &content, "");
    assert_eq!(fetched(&mail.html), [picture.url.as_str()]);
    assert!(mail.html.contains(&format!("alt=\"{}\"", picture.alt)));
    assert!(!mail.text.contains(&picture.url));
    let page = render_digest_web(&newsletter(Language::En), &content).unwrap();
    assert!(page.contains("width=\"1120\" height=\"630\""));
    content.parts[0].items[0].image.as_mut().unwrap().height = None;
    let page = render_digest_web(&newsletter(Language::En), &content).unwrap();
    assert!(page.contains("<img") && !page.contains("width="));
}

#[test]
fn html_of_the_digest() {
    let mail = digest(Language::Fr, &sample(Language::Fr), "");
    insta::assert_snapshot!("digest-fr-html", mail.html);
}

#[test]
fn followed_countries_come_first_and_the_rest_is_folded() {
    let mail = digest(Language::En, &sample(Language::En), "uz,tj");
    let place = |text: &str| mail.text.find(text).unwrap_or_else(|| panic!("no {text}"));
    let folded = place("Also in this issue");
    // The valley lies in three countries; it stands under the first that is followed.
    assert!(place("Samarkand and its guests") < place("Fergana: one valley"));
    assert!(place("Fergana: one valley") < place("A winter without lorries"));
    assert!(place("A winter without lorries") < place("The Aral Sea"));
    assert!(
        place("The Aral Sea") < folded,
        "what concerns all is for all"
    );
    for other in ["- Baikonur still", "- Gardens above", "- Ashgabat"] {
        assert!(folded < place(other), "{other}");
    }
    assert!(!mail.text.contains("between two countdowns"));
    assert!(!mail.html.contains("between two countdowns"));
    assert!(mail.html.contains("https://example.org/en/baikonur"));
}

#[test]
fn a_letter_is_never_empty() {
    let mut content = sample(Language::En);
    content.parts.retain(|part| part.kind == PartKind::Articles);
    content.parts[0]
        .items
        .retain(|item| item.countries.contains(Country::Kazakhstan));
    let mail = digest(Language::En, &content, "tm");
    assert!(mail.text.contains("between two countdowns"));
    assert!(!mail.text.contains("Also in this issue"));
}

#[test]
fn parts_without_content_leave_no_heading() {
    let mut content = sample(Language::En);
    content.parts.iter_mut().for_each(|part| {
        part.items.clear();
        part.body.clear();
    });
    let mail = digest(Language::En, &content, "");
    assert!(!mail.text.contains("Don’t miss this week"));
    assert!(mail.text.contains("Dear reader"));
}

const NASTY: &str = "A & B <mj-text> {{7*7}} “x” </td> &amp; <script>y</script> --> 'z' {% x";
const SHOWN: &str = "A &amp; B &lt;mj-text&gt; {{7*7}} “x” &lt;/td&gt; &amp;amp; \
     &lt;script&gt;y&lt;/script&gt; --&gt; &#39;z&#39; {% x";

fn nasty() -> IssueContent {
    let item = || Item {
        title: NASTY.to_owned(),
        url: Some("https://example.org/?a=1&b=\"><x>'".to_owned()),
        summary: NASTY.to_owned(),
        countries: CountrySet::default(),
        image: Some(Image {
            url: "https://example.org/i.jpg?a=1&b=\"><x>'".to_owned(),
            alt: NASTY.to_owned(),
            credit: NASTY.to_owned(),
            width: None,
            height: None,
        }),
        access: None,
    };
    let part = |kind: &PartKind| Part {
        kind: *kind,
        title: Some(NASTY.to_owned()),
        body: NASTY.to_owned(),
        items: vec![item()],
    };
    IssueContent {
        subject: NASTY.to_owned(),
        preheader: NASTY.to_owned(),
        intro: NASTY.to_owned(),
        parts: PartKind::ALL.iter().map(part).collect(),
    }
}

#[test]
fn whatever_is_written_stays_text() {
    let content = nasty();
    let mut attacked = newsletter(Language::Fr);
    attacked.title = NASTY.to_owned();
    attacked.sender_name = NASTY.to_owned();
    attacked.postal_address = format!("{NASTY}\n{NASTY}");
    let meta = DigestMeta {
        date: date(2024, 7, 8),
    };
    let followed = CountrySet::parse("kz").unwrap();
    let mail = render_digest(&attacked, &content, followed, &LINKS, &meta).unwrap();
    let web = render_digest_web(&attacked, &content).unwrap();
    assert_eq!(mail.subject, NASTY);
    for html in [&mail.html, &web] {
        for live in ["<script", "<mj-", "<x>", "49"] {
            assert!(!html.contains(live), "{live}");
        }
        // Headings, titles, descriptions and credits: four of each part at least.
        assert!(html.matches(SHOWN).count() >= 4 * PartKind::ALL.len());
    }
    assert!(mail.text.contains("A & B <mj-text> {{7*7}} “x”"));
    assert!(!mail.text.contains("&lt;"));
}

#[test]
fn a_subject_cannot_break_out_of_its_header() {
    let mut content = sample(Language::Fr);
    content.subject = "A\r\nBcc: everyone@example.org".to_owned();
    let mail = digest(Language::Fr, &content, "");
    assert_eq!(mail.subject, "A Bcc: everyone@example.org");
}
