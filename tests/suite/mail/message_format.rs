//! Headers, MIME, SMTPUTF8 and TLS: every mail as a strict parser of its receiver reads it.

use std::sync::Arc;

use serde_json::json;
use xabar::domain::Purpose;
use xabar::mail::Relays;
use xabar::store;

use crate::support::both::{TestDb, on_both_databases};
use crate::support::mail::{ParsedMail, strict_parse};
use crate::support::smtp::{Options, Tls};
use crate::support::world::World;

const SUBJECTS: [&str; 4] = [
    "Sommet de l’Organisation des États turciques : quelles priorités ?",
    "Хабар: новости Центральной Азии, 23 ноября — «что дальше?»",
    "=?utf-8?q?not_encoded?= and a very long plain subject that goes on and on, past every limit that one line of a header should keep to",
    "🐎 Naadam",
];

/// A letter with every kind of part, and words that mails stumble over.
fn letter(subject: &str) -> serde_json::Value {
    let item = |n: u32| {
        json!({
        "title": format!("Titre {n} — «{{{{7*7}}}}» & <b>"), "url": format!("https://example.org/{n}?a=1&b=été"),
        "summary": ".\n..\nFrom here on, *dots* and = signs = stay.", "countries": ["kz", "tj"],
        "image": { "url": "https://example.org/i.jpg", "alt": "Une yourte" }, "access": "paid" })
    };
    let long = format!("{} {}", "mot ".repeat(2_000), "x".repeat(3_000));
    json!({
        "newsletter": "asie-centrale", "subject": subject, "preheader": "Қазақстан, O‘zbekiston, Тоҷикистон",
        "intro": format!("Bonjour,\n\n.\n\n{long}"),
        "parts": [
            { "kind": "news", "items": [item(1), item(2)] },
            { "kind": "analysis", "items": [item(3)] },
            { "kind": "articles", "items": [item(4), item(5)] },
            { "kind": "photo", "items": [item(6)] },
            { "kind": "agenda", "items": [item(7)] },
            { "kind": "press", "items": [item(8)] },
            { "kind": "support", "title": "Soutenir", "body": "Merci !" },
            { "kind": "text", "title": "Mot", "body": "> citation\n\n- un\n- deux" },
        ]
    })
}

/// What the contract says of each header, whatever the mail.
fn assert_common(mail: &ParsedMail, to: &str) {
    let of = |name: &str| {
        mail.header(name)
            .unwrap_or_else(|| panic!("no {name}: {:?}", mail.headers))
    };
    assert_eq!(of("From"), "Asie centrale <lettre@example.org>");
    assert_eq!(of("To"), to);
    assert_eq!(of("Reply-To"), "redaction@example.org");
    assert_eq!(of("X-Auto-Response-Suppress"), "OOF, AutoReply");
    assert_eq!(of("MIME-Version"), "1.0");
    assert!(of("Content-Type").starts_with("multipart/alternative"));
    assert!(
        of("Date").starts_with("Mon, 23 Nov 2026 "),
        "{}",
        of("Date")
    );
    let id = of("Message-ID");
    assert!(id.starts_with('<') && id.ends_with("@example.org>"), "{id}");
    for name in [
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Reply-To",
        "MIME-Version",
    ] {
        let times = mail
            .headers
            .iter()
            .filter(|(n, _)| n.eq_ignore_ascii_case(name))
            .count();
        assert_eq!(times, 1, "{name}");
    }
    assert!(!mail.html.contains("<script") && !mail.html.contains("<form"));
    // No pixel, nothing that tells who opened it.
    assert!(!mail.html.contains("width=\"1\"") && !mail.html.to_lowercase().contains("track"));
}

const LIST_HEADERS: [&str; 4] = [
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Feedback-ID",
];

fn assert_listed(mail: &ParsedMail, world: &World) {
    assert_eq!(mail.header("List-Id"), Some("<asie-centrale.example.org>"));
    let unsubscribe = mail.header("List-Unsubscribe").expect("List-Unsubscribe");
    assert!(
        unsubscribe.starts_with(&format!("<{}/unsubscribe/", world.base)),
        "{unsubscribe}"
    );
    assert!(
        unsubscribe.contains("<mailto:unsubscribe@example.org?subject="),
        "{unsubscribe}"
    );
    assert_eq!(
        mail.header("List-Unsubscribe-Post"),
        Some("List-Unsubscribe=One-Click")
    );
    let feedback = mail.header("Feedback-ID").expect("Feedback-ID");
    let parts: Vec<&str> = feedback.split(':').collect();
    assert_eq!((parts.len(), parts[3]), (4, "exampleorg"), "{feedback}");
}

on_both_databases!(
    a_digest_has_every_header_and_survives_every_subject,
    system_mails_are_plain_and_honest,
    a_relay_without_smtputf8_refuses_only_those_who_need_it,
    addresses_with_combining_marks_get_their_mails,
    mail_goes_over_tls_with_a_login_where_it_is_asked_for,
);

async fn a_digest_has_every_header_and_survives_every_subject(db: TestDb) {
    let world = World::start(&db).await;
    world.join("reader@example.org").await;
    for (number, subject) in SUBJECTS.iter().enumerate() {
        let answer = world
            .post("/api/v1/issues")
            .json(&letter(subject))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 201);
        let issue: serde_json::Value = answer.json().await.unwrap();
        world.act(issue["id"].as_str().unwrap(), "send").await;
        world.work().await;
        let caught = &world.caught_for("reader@example.org")[2 + number];
        assert!(caught.raw.is_ascii(), "7-bit clean");
        let lines: Vec<&[u8]> = caught.raw.split(|octet| *octet == b'\n').collect();
        let longest = lines.iter().map(|line| line.len()).max();
        assert!(longest <= Some(999), "{longest:?}");
        let bare = caught
            .raw
            .windows(2)
            .filter(|pair| pair[1] == b'\n' && pair[0] != b'\r')
            .count();
        assert_eq!(bare, 0, "no bare LF");
        let mail = strict_parse(&caught.raw);
        assert_common(&mail, "reader@example.org");
        assert_listed(&mail, &world);
        assert_eq!(mail.header("Subject"), Some(*subject));
        assert_eq!(mail.header("Auto-Submitted"), None);
        for body in [&mail.text, &mail.html] {
            assert!(body.contains("{{7*7}}"), "a name in braces stays text");
            assert!(body.contains(&"x".repeat(3_000)), "a long word survives");
            assert!(body.contains("/unsubscribe/") && body.contains("/preferences/"));
            assert!(body.contains("67000 Strasbourg"), "who sends it");
        }
        assert!(
            mail.text.lines().any(|line| line.trim_end() == "."),
            "a lone dot survives"
        );
        assert!(mail.html.contains("alt=\"Une yourte\""));
        assert!(
            caught.mail_from.starts_with("bounce+") && caught.mail_from.ends_with("@example.org")
        );
    }
    let senders: std::collections::BTreeSet<_> = world
        .smtp
        .messages()
        .into_iter()
        .map(|m| m.mail_from)
        .collect();
    assert_eq!(
        senders.len(),
        world.smtp.messages().len(),
        "each mail has an envelope sender of its own"
    );
}

async fn system_mails_are_plain_and_honest(db: TestDb) {
    let world = World::start(&db).await;
    for (lang, language) in [("fr", "fr"), ("en", "en"), ("de", "de"), ("ru", "ru")] {
        let to = format!("{lang}@example.org");
        let form = [
            ("email", to.as_str()),
            ("lang", language),
            ("consent", "yes"),
        ];
        assert_eq!(world.submit("/subscribe", &form).await.status(), 200);
        world.work().await;
        let confirm = world.link(&to, Purpose::Confirm).await;
        world.submit(&confirm, &[]).await;
        world.work().await;
        world.submit("/subscribe", &form).await;
        world.work().await;
        let mails = world.mails_to(&to);
        let [confirmation, welcome, already] = mails.as_slice() else {
            panic!("{lang}: {} mails", mails.len());
        };
        for mail in [confirmation, welcome, already] {
            assert_common(mail, &to);
            assert_eq!(mail.header("Auto-Submitted"), Some("auto-generated"));
            assert!(mail.html.contains(&format!("lang=\"{lang}\"")), "{lang}");
            assert!(
                !mail.text.contains('{') && !mail.html.contains("{{"),
                "{lang}: a text is missing"
            );
        }
        // Nobody is on a list before the confirmation, and no advertisement comes with it.
        for name in LIST_HEADERS {
            assert_eq!(confirmation.header(name), None, "{name}");
        }
        let links = confirmation.html.matches("href=\"").count();
        assert!(links <= 2, "{lang}: the link and nothing to lure: {links}");
        assert!(confirmation.text.contains("/confirm/") && !confirmation.html.contains("<img"));
        assert_listed(welcome, &world);
        // The same for everybody, or complaints could not be counted.
        assert_eq!(
            welcome.header("Feedback-ID"),
            Some("welcome:asie-centrale:transactional:exampleorg")
        );
        assert_listed(already, &world);
    }
    let subjects: std::collections::BTreeSet<_> = world
        .smtp
        .messages()
        .iter()
        .map(|m| strict_parse(&m.raw).header("Subject").unwrap().to_owned())
        .collect();
    assert_eq!(
        subjects.len(),
        12,
        "three mails in four languages: {subjects:?}"
    );
}

async fn a_relay_without_smtputf8_refuses_only_those_who_need_it(db: TestDb) {
    let options = Options {
        without_smtputf8: true,
        ..Options::default()
    };
    let world = World::with(&db, options, |_| {}).await;
    for needs_it in ["почта@example.org", "हिन्दी@example.org", "தமிழ்@example.org"]
    {
        assert_eq!(world.sign_up(needs_it).await.status(), 202);
    }
    world.sign_up("ok@пример.example.org").await;
    world.work().await;
    let caught = world.smtp.messages();
    assert_eq!(caught.len(), 1);
    assert_eq!(caught[0].recipients, ["ok@xn--e1afmkfd.example.org"]);
    world.assert_idle().await;
}

async fn addresses_with_combining_marks_get_their_mails(db: TestDb) {
    let world = World::start(&db).await;
    let emails = [
        "हिन्दी@example.com",
        "தமிழ்@example.com",
        "ไทยคำ@example.com",
        "ы\u{301}ра@example.com",
    ];
    for email in emails {
        assert_eq!(world.sign_up(email).await.status(), 202, "{email}");
        world.work().await;
        let link = world.link(email, Purpose::Confirm).await;
        assert_eq!(world.submit(&link, &[]).await.status(), 200);
        assert_eq!(world.state(email).await, "active", "{email}");
    }
    world.work().await;
    let issue = world.draft("Lundi").await;
    world.act(&issue, "send").await;
    world.work().await;
    for email in emails {
        let mails = world.caught_for(email);
        assert_eq!(mails.len(), 3, "confirmation, welcome and issue to {email}");
        for mail in mails {
            let raw = String::from_utf8(mail.raw).unwrap();
            assert!(raw.contains(&format!("\r\nTo: {email}\r\n")), "{raw}");
        }
    }
}

async fn mail_goes_over_tls_with_a_login_where_it_is_asked_for(db: TestDb) {
    for (tls, reader) in [
        (Tls::StartTls, "one@example.org"),
        (Tls::Implicit, "two@example.org"),
    ] {
        let options = Options {
            tls: Some(tls),
            auth: Some(("mailer", "s3cret")),
            ..Options::default()
        };
        let mut world = World::with(&db, options, |_| {}).await;
        world.sign_up(reader).await;
        world.work().await;
        // The certificate was signed by nobody we know: nothing is handed over.
        assert_eq!(world.smtp.messages().len(), 0);
        let mut look = world.service.store.read().await.unwrap();
        assert_eq!(
            store::outbox::waiting(&mut look).await.unwrap(),
            1,
            "it waits for a better day"
        );
        drop(look);

        let mut settings = (*world.service.settings).clone();
        settings.smtp.trusted_certificates = world.smtp.certificate();
        world.relays = Arc::new(Relays::from_settings(&settings).unwrap());
        world.pass(2);
        world.work().await;
        assert_eq!(world.mails_to(reader).len(), 1);

        settings.smtp.url.set_password(Some("wrong")).unwrap();
        world.relays = Arc::new(Relays::from_settings(&settings).unwrap());
        let confirm = world.link(reader, Purpose::Confirm).await;
        assert_eq!(world.submit(&confirm, &[]).await.status(), 200);
        world.work().await;
        assert_eq!(
            world.mails_to(reader).len(),
            1,
            "nobody is let in with a wrong password"
        );
        settings.smtp.url.set_password(Some("s3cret")).unwrap();
        world.relays = Arc::new(Relays::from_settings(&settings).unwrap());
        world.pass(2);
        world.work().await;
        assert_eq!(world.mails_to(reader).len(), 2);
        world.assert_idle().await;
    }
}
