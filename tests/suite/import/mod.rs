//! Imports of subscribers from a file: who is taken, who is refused, and what is kept as proof.

mod file_formats;
mod other_services;
mod rejected_rows;
mod unsubscribed_elsewhere;

use std::io::Cursor;

use sqlx::{Connection, PgConnection, SqliteConnection};
use xabar::domain::{CountrySet, EmailAddress, Language, Purpose};
use xabar::store;
use xabar::subscribe::privacy::{Extent, dossier_of_address};
use xabar::subscribe::{ImportError, ImportReport, Importer, RefusedRow, audit_consents};

use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

const HEADER: &str = "email,consent_at,consent_source,consent_wording,language,countries,name";
/// A row's cells after the address, all in order.
const PROOF: &str = "2024-07-31,https://old.example.org/join,Je veux la lettre,fr,kz,Aigerim";

type Outcome = (Result<ImportReport, ImportError>, Vec<RefusedRow>);

async fn import_octets(world: &World, file: &[u8]) -> Outcome {
    let newsletters = store::newsletter::list(&mut world.service.store.read().await.unwrap()).await;
    let newsletter = newsletters.unwrap().remove(0);
    let mut refused = Vec::new();
    let report = Importer::new(&world.service, &newsletter, Cursor::new(file.to_vec()), &[])
        .unwrap()
        .run(|row| {
            refused.push(row.clone());
            Ok(())
        })
        .await;
    if let Ok(report) = &report {
        let sum = report.imported + report.known + report.refused;
        assert_eq!(report.rows, sum, "{report:?}");
        assert_eq!(report.refused as usize, refused.len());
    }
    (report, refused)
}

/// Imports lines below the usual header.
async fn import(world: &World, lines: &[String]) -> (ImportReport, Vec<RefusedRow>) {
    let file = format!("{HEADER}\n{}\n", lines.join("\n"));
    let (report, refused) = import_octets(world, file.as_bytes()).await;
    (report.unwrap(), refused)
}

fn good(name: &str) -> String {
    format!("{name}@example.org,{PROOF}")
}

/// `imported known refused`
fn sums(report: &ImportReport) -> [u64; 3] {
    [report.imported, report.known, report.refused]
}

/// Everything that an import might change for one address.
async fn face(world: &World, email: &str) -> String {
    let subscription = world.subscription(email).await.expect("a subscription");
    let mut db = world.service.store.read().await.unwrap();
    let consent = store::consent::of_subscription(&mut db, subscription.id).await;
    format!("{subscription:?} {:?}", consent.unwrap())
}

/// One value that no page shows yet.
async fn look_up<T>(url: &str, query: &'static str) -> T
where
    T: Send + Unpin,
    for<'r> T: sqlx::Decode<'r, sqlx::Postgres> + sqlx::Decode<'r, sqlx::Sqlite>,
    T: sqlx::Type<sqlx::Postgres> + sqlx::Type<sqlx::Sqlite>,
{
    if url.starts_with("postgres") {
        let mut database = PgConnection::connect(url).await.unwrap();
        sqlx::query_scalar(query).fetch_one(&mut database).await
    } else {
        let mut database = SqliteConnection::connect(url).await.unwrap();
        sqlx::query_scalar(query).fetch_one(&mut database).await
    }
    .unwrap()
}

on_both_databases!(
    an_imported_reader_is_active_has_proof_and_gets_the_next_digest,
    a_consent_of_a_day_is_proved_as_that_day,
    a_proof_says_that_it_was_imported_and_invents_no_language,
    a_formula_is_kept_as_the_text_it_is,
    columns_may_come_in_any_order_and_unneeded_ones_are_passed_over,
    doubles_and_the_same_file_again_change_nothing,
    two_imports_of_one_file_at_once_are_one_import,
    whoever_is_known_keeps_what_they_chose,
);

async fn an_imported_reader_is_active_has_proof_and_gets_the_next_digest(db: TestDb) {
    let world = World::start(&db).await;
    let lines = [
            "Aigerim@Example.org,2024-07-31T10:00:00Z,https://old.example.org/join,\"Oui, la \"\"lettre\"\"\nchaque lundi\",de,kg;KZ,Aigerim Ö.".to_owned(),
            "bolot@example.org,2024-07-31,salon 2024,Je signe,,,".to_owned(),
        ];
    let (report, refused) = import(&world, &lines).await;
    assert_eq!(
        (report.rows, sums(&report), refused),
        (2, [2, 0, 0], vec![])
    );
    world.work().await;
    assert_eq!(world.smtp.messages().len(), 0, "an import mails nobody");
    world.assert_idle().await;

    let reader = world.subscription("aigerim@example.org").await.unwrap();
    assert_eq!(reader.address.to_string(), "Aigerim@example.org");
    assert_eq!(
        (
            reader.chosen.language.as_str(),
            reader.chosen.countries.to_string().as_str()
        ),
        ("de", "kz,kg")
    );
    assert_eq!(
        world
            .subscription("bolot@example.org")
            .await
            .unwrap()
            .chosen
            .language
            .as_str(),
        "fr",
        "the newsletter's"
    );
    let mut look = world.service.store.read().await.unwrap();
    let events = store::consent::of_subscription(&mut look, reader.id)
        .await
        .unwrap();
    drop(look);
    let [event] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert_eq!(
        (event.kind.as_str(), event.method.as_str()),
        ("imported", "import")
    );
    assert_eq!(event.wording, "Oui, la \"lettre\"\nchaque lundi");
    assert_eq!(event.page, "https://old.example.org/join");
    assert_eq!(event.wording_version, event.page);
    assert_eq!(event.at.to_string(), "2024-07-31T10:00:00Z");
    // A bare date begins in the newsletter's time zone.
    assert!(
        face(&world, "bolot@example.org")
            .await
            .contains("2024-07-30T22:00:00Z")
    );

    let id = world.draft("Sommet").await;
    world.act(&id, "send").await;
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=2");
    let digest = &world.mails_to("Aigerim@example.org")[0];
    assert!(digest.header("Subject").unwrap().contains("Sommet"));
    // The links in it work as everybody's do.
    let leave = world
        .link("aigerim@example.org", Purpose::Unsubscribe)
        .await;
    assert_eq!(world.submit(&leave, &[]).await.status(), 200);
    assert_eq!(world.state("aigerim@example.org").await, "ended");
}

async fn a_consent_of_a_day_is_proved_as_that_day(db: TestDb) {
    let world = World::start(&db).await;
    let row = |email: &str, at: &str| format!("{email},{at},salon,Je signe,fr,kz,A");
    let lines = [
        row("day@example.org", "2024-07-31"),
        row("moment@example.org", "2024-07-31T10:00:00Z"),
    ];
    assert_eq!(sums(&import(&world, &lines).await.0), [2, 0, 0]);
    for (email, at, shown) in [
        ("day@example.org", "2024-07-31", "2024-07-31 ·"),
        (
            "moment@example.org",
            "2024-07-31T10:00:00Z",
            "2024-07-31 10:00:00 UTC ·",
        ),
    ] {
        let address = EmailAddress::parse(email).unwrap();
        let proof = dossier_of_address(&world.service, &address, Extent::All).await;
        let proof = proof.unwrap().expect("known");
        assert_eq!(proof.subscriptions[0].consent[0].at, at);
        assert_eq!(proof.subscriptions[0].confirmed_at.as_deref(), Some(at));
        for language in Language::ALL {
            let text = proof.to_text(*language).unwrap();
            assert!(text.contains(shown), "{language}: {text}");
        }
    }
}

async fn a_proof_says_that_it_was_imported_and_invents_no_language(db: TestDb) {
    let world = World::start(&db).await;
    let lines = ["a@example.org,2024-03-05T10:00:00Z,salon,I agree,,,".to_owned()];
    import(&world, &lines).await;
    let address = EmailAddress::parse("a@example.org").unwrap();
    let proof = dossier_of_address(&world.service, &address, Extent::Consent).await;
    let proof = proof.unwrap().expect("known");
    let json = serde_json::to_value(&proof).unwrap();
    let subscription = &json["subscriptions"][0];
    assert_eq!(subscription["imported_at"], subscription["created_at"]);
    let event = &subscription["consent"][0];
    assert!(event["language"].is_null() && event["wording_version"].is_null());
    for (language, words, not) in [
        (
            Language::En,
            ["Confirmed: ", "Imported: "],
            ["Requested", "version"],
        ),
        (
            Language::De,
            ["Bestätigt: ", "Importiert: "],
            ["Angefragt", "Version"],
        ),
        (
            Language::Fr,
            ["Confirmation\u{a0}: ", "Import\u{a0}: "],
            ["Demande", "version"],
        ),
        (
            Language::Ru,
            ["Подтверждена: ", "Импортирована: "],
            ["Запрошена", "версия"],
        ),
    ] {
        let text = proof.to_text(language).unwrap();
        let said = [
            format!("\n{}2024-03-05 10:00:00 UTC\n", words[0]),
            format!("{}2026-11-23 07:00:00 UTC\n", words[1]),
        ];
        assert!(text.contains(&said.concat()), "{text}");
        assert!(!not.iter().any(|word| text.contains(word)), "{text}");
    }
}

async fn a_formula_is_kept_as_the_text_it_is(db: TestDb) {
    let world = World::start(&db).await;
    let name = "=HYPERLINK(\"\"https://evil.example\"\";\"\"x\"\")";
    let (report, _) = import(
        &world,
        &[format!(
            "a@example.org,2024-07-31,+salon,@Je signe,fr,kz,\"{name}\""
        )],
    )
    .await;
    assert_eq!(sums(&report), [1, 0, 0]);
    assert_eq!(
        look_up::<String>(&db.url, "SELECT name FROM subscriber").await,
        "=HYPERLINK(\"https://evil.example\";\"x\")"
    );
    let face = face(&world, "a@example.org").await;
    assert!(
        face.contains("\"+salon\"") && face.contains("\"@Je signe\""),
        "{face}"
    );
}

async fn columns_may_come_in_any_order_and_unneeded_ones_are_passed_over(db: TestDb) {
    let world = World::start(&db).await;
    let file = "note,consent_wording, Consent_At ,email,consent_source,frequency\nx,Je signe,2024-07-31, A@example.org ,salon,monthly\nx,Je signe,2024-07-31,b@example.org,salon,\nx,Je signe,2024-07-31,c@example.org,salon,daily\n";
    let (report, _) = import_octets(&world, file.as_bytes()).await;
    assert_eq!(sums(&report.unwrap()), [2, 0, 1]);
    let reader = world.subscription("a@example.org").await.unwrap();
    assert_eq!(reader.chosen.frequency.as_str(), "monthly");
    let other = world.subscription("b@example.org").await.unwrap();
    assert_eq!(other.chosen.frequency.as_str(), "each");
    assert_eq!(
        (reader.chosen.language.as_str(), reader.chosen.countries),
        ("fr", CountrySet::default())
    );
}

async fn doubles_and_the_same_file_again_change_nothing(db: TestDb) {
    let world = World::start(&db).await;
    let lines = [
        good("a"),
        good("b"),
        good("a"),
        format!("B@EXAMPLE.org,{}", PROOF.replace("fr,kz", "de,uz")),
        "nobody".into(),
    ];
    let (report, refused) = import(&world, &lines).await;
    assert_eq!((sums(&report), refused[0].line), ([2, 2, 1], 6));
    let before = (
        face(&world, "a@example.org").await,
        face(&world, "b@example.org").await,
    );
    assert!(
        before.1.contains("local: \"b\"") && before.1.contains("language: Fr"),
        "the first row counts: {}",
        before.1
    );
    world.pass(60);
    let (report, refused) = import(&world, &lines).await;
    assert_eq!((sums(&report), refused.len()), ([0, 4, 1], 1));
    assert_eq!(
        (
            face(&world, "a@example.org").await,
            face(&world, "b@example.org").await
        ),
        before
    );
    assert_eq!(
        world.consents("a@example.org").await,
        ["imported by import"]
    );
    // More rows than one transaction takes, with doubles far apart.
    let words = "mot ".repeat(900);
    let many: Vec<String> = (0..4_100)
        .map(|n| good(&format!("m{}", n % 4_050)).replace("Je veux la lettre", &words))
        .collect();
    let (report, _) = import(&world, &many).await;
    assert_eq!(sums(&report), [4_050, 50, 0]);
    let audit = audit_consents(&world.service, None).await.unwrap();
    assert_eq!((audit.intact, audit.events), (true, 4_052), "{audit:?}");
    world.work().await;
    assert_eq!(world.smtp.messages().len(), 0);
}

async fn two_imports_of_one_file_at_once_are_one_import(db: TestDb) {
    let world = World::start(&db).await;
    let lines: Vec<String> = (0..3_000).map(|n| good(&format!("r{n}"))).collect();
    let all = futures_util::future::join_all((0..3).map(|_| import(&world, &lines))).await;
    let imported: u64 = all.iter().map(|(report, _)| report.imported).sum();
    assert_eq!(imported, 3_000, "{all:?}");
    for (table, wanted) in [
        ("SELECT COUNT(*) FROM subscription", 3_000),
        ("SELECT COUNT(*) FROM consent_event", 3_000),
    ] {
        assert_eq!(look_up::<i64>(&db.url, table).await, wanted, "{table}");
    }
}

async fn whoever_is_known_keeps_what_they_chose(db: TestDb) {
    let world = World::start(&db).await;
    world.join("active@example.org").await;
    world.join("ended@example.org").await;
    let leave = world.link("ended@example.org", Purpose::Unsubscribe).await;
    world.submit(&leave, &[]).await;
    world.sign_up("pending@example.org").await;
    world.work().await;
    let mut before = Vec::new();
    for name in ["active", "ended", "pending"] {
        before.push(face(&world, &format!("{name}@example.org")).await);
    }
    let mails = world.smtp.messages().len();
    // A double is refused as the row before it is.
    let lines = ["active", "PENDING", "new", "ended", "pending"].map(good);
    let (report, refused) = import(&world, &lines).await;
    assert_eq!(sums(&report), [1, 1, 3], "{refused:?}");
    let states = [(3, "pending"), (5, "ended"), (6, "pending")];
    for (row, (line, state)) in refused.iter().zip(states) {
        assert_eq!(row.line, line);
        assert!(
            row.why.contains(&format!(
                "a subscription that is {state}; only its owner can confirm it"
            )),
            "{}",
            row.why
        );
    }
    for (name, before) in ["active", "ended", "pending"].iter().zip(&before) {
        assert_eq!(&face(&world, &format!("{name}@example.org")).await, before);
    }
    world.work().await;
    assert_eq!(world.smtp.messages().len(), mails, "an import mails nobody");
    let id = world.draft("Sommet").await;
    world.act(&id, "send").await;
    world.work().await;
    assert_eq!(world.counts(&id).await, "sent=2", "active and new");
    assert_eq!(
        world.caught_for("pending@example.org").len(),
        1,
        "only its confirmation mail"
    );
}
