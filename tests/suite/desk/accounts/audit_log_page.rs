//! The audit log at the desk, and its CSV file.

use xabar::accounts::audit_log;
use xabar::domain::{AuditAction, AuditEvent, Language, Role, Slug};
use xabar::publish::{self, Change, LogoChange};
use xabar::store::audit;

use crate::desk::{click, expect, inspect, open, until, until_said};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::browser::{Browser, Viewport};
use crate::support::world::World;

on_both_databases!(
    the_log_is_read_by_person_and_kind_page_by_page,
    the_log_is_a_file_for_owners_and_says_who_fetched_it,
    what_of_a_newsletter_was_changed_is_said_in_the_persons_words,
    who_is_lost_at_the_desk_is_led_back_to_it,
);

async fn many(world: &World, editor: &xabar::domain::Editor, action: AuditAction, count: usize) {
    let service = &world.service;
    let mut tx = service.store.write().await.unwrap();
    for n in 0..count {
        let event = editor.did(action, service.clock.now());
        let event: AuditEvent = event.saying(format!("=number {n}"));
        let key = service.links.key();
        audit::append(&mut tx, key, &event).await.unwrap();
    }
    tx.commit().await.unwrap();
}

async fn the_log_is_read_by_person_and_kind_page_by_page(db: TestDb) {
    let world = World::start(&db).await;
    let olga = world.person("Olga", Role::Owner, Language::En).await;
    let anna = world.person("Anna", Role::Editor, Language::En).await;
    many(&world, &anna.editor, AuditAction::Imported, 60).await;
    many(&world, &olga.editor, AuditAction::Exported, 60).await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    browser.signed_in(&world, &olga).await;
    open(&browser, &world, "/desk/people/log").await;
    // The time is that of the newsletter; the exact instant is there for programs.
    until_said(&browser, "td.time", "23 November 2026, 08:00").await;
    until_said(&browser, "main", "Europe/Paris").await;
    let exact = expect(&browser, "td.time time")
        .await
        .attr("datetime")
        .await;
    assert_eq!(exact.unwrap().unwrap(), "2026-11-23T07:00:00Z");
    let rows = "return document.querySelectorAll('tbody tr').length";
    let who = expect(&browser, "select[name=who]").await;
    who.select_by_label("Anna").await.unwrap();
    let action = expect(&browser, "select[name=action]").await;
    action.select_by_value("imported").await.unwrap();
    click(&browser, ".filter button").await;
    until_said(&browser, "tbody", "=number 59").await;
    assert_eq!(until(&browser, rows).await, 50);
    inspect(&browser, &world, "log-filtered").await;
    until_said(&browser, ".pager", "Older entries").await;
    click(&browser, ".pager a").await;
    until_said(&browser, "tbody", "=number 9").await;
    assert_eq!(
        until(&browser, rows).await,
        10,
        "what was chosen stays chosen"
    );
    let page = browser.source().await.unwrap();
    assert!(!page.contains("<td>Olga</td>"), "{page}");
    click(&browser, ".pager a").await;
    until_said(&browser, "tbody", "=number 59").await;
    let action = expect(&browser, "select[name=action]").await;
    action.select_by_value("relay-paused").await.unwrap();
    click(&browser, ".filter button").await;
    until_said(&browser, ".empty", "Nothing fits").await;
    inspect(&browser, &world, "log-empty").await;
}

async fn the_log_is_a_file_for_owners_and_says_who_fetched_it(db: TestDb) {
    let world = World::start(&db).await;
    let olga = world.person("Olga", Role::Owner, Language::En).await;
    let anna = world.person("Anna", Role::Editor, Language::En).await;
    // More than are read at once.
    many(&world, &anna.editor, AuditAction::Imported, 1_100).await;
    let refused = anna.post("/desk/people/log.csv", &[]).send().await.unwrap();
    assert_eq!(refused.status(), 403);
    let hers = anna.editor.actor().identity();
    let form = [("who", hers.as_str()), ("action", "imported")];
    let file = olga
        .post("/desk/people/log.csv", &form)
        .send()
        .await
        .unwrap();
    assert_eq!(file.status(), 200);
    let file = file.text().await.unwrap();
    let lines: Vec<&str> = file.lines().collect();
    assert_eq!(lines.len(), 1_101, "a head and a line each");
    assert_eq!(
        lines[0],
        "\u{feff}number,at,actor,name,action,newsletter,object,detail"
    );
    assert!(lines[1].contains("2026-11-23T07:00:00Z"), "{}", lines[1]);
    assert!(lines[1].ends_with(",'=number 1099"), "{}", lines[1]);
    assert!(lines[1100].ends_with(",'=number 0"), "{}", lines[1100]);
    let all = audit::EventFilter::default();
    let newest = audit_log::newest(&world.service, &all, None, 1).await;
    let newest = newest.unwrap().remove(0).event.unwrap();
    assert_eq!(newest.action, AuditAction::Exported);
    assert_eq!(newest.actor, olga.editor.actor().identity());
    assert!(audit_log::verify(&world.service).await.unwrap().intact);
    let page = olga.get("/desk/people/log").send().await.unwrap();
    let page = page.text().await.unwrap();
    assert!(page.contains("this log"), "{page}");
}

async fn what_of_a_newsletter_was_changed_is_said_in_the_persons_words(db: TestDb) {
    let world = World::start(&db).await;
    let fleur = world.person("Fleur", Role::Owner, Language::Fr).await;
    let (service, actor) = (&world.service, fleur.editor.actor());
    let slug = Slug::parse("asie-centrale").unwrap();
    let look = Change::Look {
        accent: "#0b5c68".to_owned(),
        logo: LogoChange::Remove,
    };
    let changed = publish::change_newsletter(service, &slug, look, None, &actor).await;
    let id = changed.unwrap().id;
    let title = (Language::Fr, "welcome-title");
    let worded = publish::set_text(service, &slug, title, Some("Bonjour"), None, &actor).await;
    worded.unwrap();
    let mut tx = service.store.write().await.unwrap();
    let edited = fleur
        .editor
        .did(AuditAction::NewsletterEdited, service.clock.now());
    let old = edited.in_newsletter(Some(id)).saying("accent, was_once");
    audit::append(&mut tx, service.links.key(), &old)
        .await
        .unwrap();
    tx.commit().await.unwrap();

    let page = fleur.get("/desk/people/log").send().await.unwrap();
    let page = page.text().await.unwrap();
    let file = fleur
        .post("/desk/people/log.csv", &[])
        .send()
        .await
        .unwrap();
    let file = file.text().await.unwrap();
    // As Excel reads it in France; reqwest takes the byte order mark away.
    assert!(file.contains("number;at;actor;"), "{file}");
    let texts = "textes des e-mails (Français)\u{a0}: Bienvenue (Titre)";
    for words in ["couleur, logo", "couleur, was_once", texts] {
        assert!(page.contains(words), "{words} in {page}");
        assert!(file.contains(words), "{words} in {file}");
    }
    // The chain keeps what it had.
    let kept = audit_log::newest(service, &audit::EventFilter::default(), None, 50).await;
    let kept = kept.unwrap().into_iter();
    let kept: Vec<String> = kept.map(|one| one.event.unwrap().detail).collect();
    for raw in [
        "accent, logo",
        "accent, was_once",
        "texts (fr): welcome-title",
    ] {
        assert!(kept.iter().any(|detail| detail == raw), "{raw} in {kept:?}");
    }
    assert!(audit_log::verify(service).await.unwrap().intact);
}

async fn who_is_lost_at_the_desk_is_led_back_to_it(db: TestDb) {
    let world = World::start(&db).await;
    let anna = world.person("Anna", Role::Editor, Language::En).await;
    let nowhere = [
        "/desk/nowhere",
        "/desk/issues/00000000-0000-7000-8000-000000000000/watch",
    ];
    for path in nowhere {
        let answer = anna.get(path).header("accept-language", "en");
        let answer = answer.send().await.unwrap();
        assert_eq!(answer.status(), 404, "{path}");
        let page = answer.text().await.unwrap();
        assert!(page.contains("Go to the desk"), "{page}");
        for link in ["/subscribe", "/archive"] {
            assert!(!page.contains(link), "{link} in {page}");
        }
    }
}
