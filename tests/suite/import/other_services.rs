//! Exports of other newsletter services with their real headers: who is taken in, and who is not.

use std::io::Cursor;

use xabar::store;
use xabar::subscribe::{DateOrder, ImportError, ImportReport, Importer, ProofOfFile, RefusedRow};

use super::sums;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

on_both_databases!(
    nobody_who_has_left_another_service_is_taken_in,
    a_cell_in_another_encoding_refuses_its_row_in_any_column,
    who_has_left_by_one_row_is_not_taken_in_by_another,
    columns_without_a_name_are_checked_and_named,
    proof_for_the_whole_file_holds_where_a_row_has_none,
);

type Service<'a> = (
    &'a str,
    &'a [&'a str],
    &'a str,
    &'a [&'a str],
    &'a [&'a str],
);

/// The mapping, the header, rows of readers and rows of others; `@` in a row is its address.
const SERVICES: &[Service] = &[
    (
        "Mailchimp",
        &[
            "email=Email Address",
            "consent_at=CONFIRM_TIME",
            "name=First Name",
        ],
        "Email Address,First Name,Last Name,MEMBER_RATING,OPTIN_TIME,OPTIN_IP,CONFIRM_TIME,CONFIRM_IP,LATITUDE,LONGITUDE,\
         GMTOFF,DSTOFF,TIMEZONE,CC,REGION,LAST_CHANGED,LEID,EUID,NOTES,TAGS,UNSUB_TIME,UNSUB_CAMPAIGN_TITLE,CLEAN_TIME",
        &[
            "@,Left,Stop,2,,,2023-03-02 15:04:05,192.0.2.1,,,,,Europe/Paris,FR,IDF,2023-03-02 15:04:05,1,a,,\"press\",,,",
            "@,Spam,Pending,2,2023-03-02 15:04:05,,2023-03-02 15:04:05,,,,,,,,,,2,b,Stop by our stand,,,,",
        ],
        &[
            "@,A,B,2,,,2023-03-02 15:04:05,,,,,,,,,,3,c,,,2024-03-02 15:04:05,Mai,",
            "@,A,B,2,,,2023-03-02 15:04:05,,,,,,,,,,4,d,,,,,2024-03-02 15:04:05",
            "@,A,B,2,,,2023-03-02 15:04:05,,,,,,,,,,5,e,abgemeldet per Telefon,,,,",
            "@,A,B,2,,,,,,,,,,,,,6,f,,,,,",
        ],
    ),
    (
        "MailPoet in French",
        &["email=Adresse e-mail", "consent_at=Inscrit le"],
        "Adresse e-mail,Prénom,Nom,Statut de la liste,Statut global,Inscrit le",
        &["@,Anne,Désiré,subscribed,subscribed,2023-03-02 15:04:05"],
        &[
            "@,A,B,unsubscribed,subscribed,2023-03-02 15:04:05",
            "@,A,B,subscribed,unconfirmed,2023-03-02 15:04:05",
            "@,A,B,subscribed,inactive,2023-03-02 15:04:05",
            "@,A,B,subscribed,bounced,2023-03-02 15:04:05",
        ],
    ),
    (
        "Ghost",
        &["consent_at=created_at"],
        "id,email,name,note,subscribed_to_emails,complimentary_plan,stripe_customer_id,created_at,deleted_at,labels,tiers",
        &["1,@,Ann,,true,false,,2023-03-02T15:04:05.000Z,,,"],
        &[
            "2,@,Ann,,false,false,,2023-03-02T15:04:05.000Z,,,",
            "3,@,Ann,,true,false,,2023-03-02T15:04:05.000Z,2024-03-02T15:04:05.000Z,,",
        ],
    ),
    (
        "Substack",
        &["consent_at=created_at"],
        "email,active_subscription,expiry,plan,email_disabled,created_at,first_payment_at",
        &[
            "@,false,,other,false,2023-03-02T15:04:05.000Z,",
            "@,true,2027-03-02,yearly,false,2023-03-02T15:04:05.000Z,",
        ],
        &["@,true,2027-03-02,yearly,true,2023-03-02T15:04:05.000Z,"],
    ),
    (
        "listmonk",
        &["consent_at=created_at"],
        "uuid,email,name,attributes,status,created_at,updated_at",
        &[
            "1b3,@,Left,\"{\"\"unsubscribed\"\": false}\",enabled,2023-03-02 15:04:05.1 +0600 +06,2023-03-02 15:04:05.1 +0600 +06",
        ],
        &[
            "1b4,@,Ann,{},blocklisted,2023-03-02 15:04:05.1 +0000 UTC,",
            "1b5,@,Ann,{},disabled,2023-03-02 15:04:05.1 +0000 UTC,",
        ],
    ),
    (
        "Brevo",
        &["consent_at=ADDED_TIME"],
        "CONTACT ID;EMAIL;FIRSTNAME;LASTNAME;SMS;OPT_IN;DOUBLE_OPT-IN;EMAIL_BLACKLIST;ADDED_TIME;MODIFIED_TIME",
        &[
            "1;@;Ann;B;;;1;;02-03-2023 15:04:05;02-03-2023 15:04:05",
            "2;@;Ann;B;;Yes;;;02-03-2023 15:04:05;",
        ],
        &[
            "3;@;Ann;B;;No;;;02-03-2023 15:04:05;",
            "4;@;Ann;B;;;2;;02-03-2023 15:04:05;",
            "5;@;Ann;B;;;1;Yes;02-03-2023 15:04:05;",
        ],
    ),
    (
        "Mailjet",
        &["consent_at=CreatedAt"],
        "Email,Name,IsExcludedFromCampaigns,IsOptInPending,IsUnsubscribed,IsSpamComplaining,CreatedAt",
        &["@,Ann,false,false,false,false,2023-03-02T15:04:05Z"],
        &[
            "@,Ann,true,false,false,false,2023-03-02T15:04:05Z",
            "@,Ann,false,true,false,false,2023-03-02T15:04:05Z",
            "@,Ann,false,false,true,false,2023-03-02T15:04:05Z",
            "@,Ann,false,false,false,true,2023-03-02T15:04:05Z",
        ],
    ),
    (
        "CleverReach",
        &["consent_at=registered"],
        "email;registered;activated;deactivated;source;vorname",
        &["@;2023-03-02 15:04:05;2023-03-02 15:05:05;0;Formular;Anna"],
        &[
            "@;2023-03-02 15:04:05;0;0;Formular;Anna",
            "@;2023-03-02 15:04:05;2023-03-02 15:05:05;2024-03-02 15:04:05;;Anna",
        ],
    ),
    (
        "Buttondown",
        &["consent_at=creation_date"],
        "email,notes,type,creation_date,source,tags",
        &[
            "@,,regular,2023-03-02T15:04:05Z,organic,",
            "@,,premium,2023-03-02T15:04:05Z,organic,",
        ],
        &[
            "@,,unactivated,2023-03-02T15:04:05Z,organic,",
            "@,,unsubscribed,2023-03-02T15:04:05Z,organic,",
            "@,,removed,2023-03-02T15:04:05Z,organic,",
            "@,,undeliverable,2023-03-02T15:04:05Z,organic,",
            "@,,complained,2023-03-02T15:04:05Z,organic,",
        ],
    ),
    (
        "Campaign Monitor",
        &["email=Email Address", "consent_at=Date"],
        "Email Address,Name,State,Date",
        &["@,Ann,Active,2023-03-02"],
        &[
            "@,Ann,Deleted,2023-03-02",
            "@,Ann,Unconfirmed,2023-03-02",
            "@,Ann,Bounced,2023-03-02",
        ],
    ),
    (
        "rapidmail",
        &["consent_at=created"],
        "email;firstname;lastname;status;created",
        &["@;Anna;B;active;05.03.2023 9:30"],
        &[
            "@;Anna;B;bounced;05.03.2023 9:30",
            "@;Anna;B;deleted;05.03.2023 9:30",
            "@;Anna;B;new;05.03.2023 9:30",
        ],
    ),
    (
        "a table kept by hand",
        &["consent_at=Datum"],
        "Email;Vorname;Ort;Datum;Newsletter;",
        &[
            "@;Anna;Weg;05.03.2023;x;",
            "@;Left;Spam;05.03.2023;ja;Messe Bonn",
        ],
        &[
            "@;Anna;Ort;05.03.2023;x;abgemeldet",
            "@;Anna;Ort;05.03.2023;nein;",
            "@;Anna;Ort;05.03.2023;;",
        ],
    ),
];

type Outcome = (Result<ImportReport, ImportError>, Vec<RefusedRow>);

async fn import(world: &World, file: &[u8], mapping: &[&str], proof: ProofOfFile) -> Outcome {
    let newsletters = store::newsletter::list(&mut world.service.store.read().await.unwrap()).await;
    let newsletter = newsletters.unwrap().remove(0);
    let mapping: Vec<_> = mapping.iter().map(|text| text.parse().unwrap()).collect();
    let importer = Importer::new(
        &world.service,
        &newsletter,
        Cursor::new(file.to_vec()),
        &mapping,
    );
    let mut refused = Vec::new();
    let report = importer
        .unwrap()
        .with_proof(proof)
        .reading_times(Some(DateOrder::DayFirst), None)
        .run(|row| {
            refused.push(row.clone());
            Ok(())
        })
        .await;
    (report, refused)
}

fn of_file(at: Option<&str>) -> ProofOfFile {
    ProofOfFile {
        at: at.map(str::to_owned),
        source: Some("the form of our site".into()),
        wording: Some("I want the letter".into()),
    }
}

async fn nobody_who_has_left_another_service_is_taken_in(db: TestDb) {
    let world = World::start(&db).await;
    for (number, (service, mapping, header, readers, others)) in SERVICES.iter().enumerate() {
        let rows = readers.iter().chain(*others).enumerate();
        let rows: Vec<String> = rows
            .map(|(row, cells)| cells.replace('@', &format!("s{number}r{row}@example.org")))
            .collect();
        let file = format!("{header}\n{}\n", rows.join("\n"));
        let (report, refused) = import(&world, file.as_bytes(), mapping, of_file(None)).await;
        let report = report.unwrap_or_else(|e| panic!("{service}: {e}"));
        let expected = [readers.len() as u64, 0, others.len() as u64];
        assert_eq!(sums(&report), expected, "{service}: {refused:?}");
        for (row, line) in refused.iter().zip(2 + readers.len() as u64..) {
            assert_eq!(row.line, line, "{service}: {refused:?}");
            let why = &row.why;
            let is_told = why.contains("is not imported") || why.contains("consent_at is empty");
            assert!(is_told, "{service}: {why}");
        }
        for row in 0..readers.len() {
            let state = world.state(&format!("s{number}r{row}@example.org")).await;
            assert_eq!(state, "active", "{service}");
        }
    }
}

async fn a_cell_in_another_encoding_refuses_its_row_in_any_column(db: TestDb) {
    let world = World::start(&db).await;
    let file = b"email;Statut\na@example.org;abonn\xc3\xa9\nb@example.org;D\xe9sabonn\xe9\n";
    let (report, refused) = import(&world, file, &[], of_file(Some("01/03/2024"))).await;
    assert_eq!(sums(&report.unwrap()), [1, 0, 1]);
    assert_eq!(refused[0].line, 3);
    let why = "the column `Statut` is not UTF-8: save the file as CSV UTF-8";
    assert_eq!(refused[0].why, why);
    assert_eq!(world.state("b@example.org").await, "none");
}

async fn who_has_left_by_one_row_is_not_taken_in_by_another(db: TestDb) {
    let world = World::start(&db).await;
    let file = "email,list,status\n\
        dora@example.org,A,subscribed\nann@example.org,A,subscribed\nDora@example.org,B,unsubscribed\n\
        dora@example.org,C,subscribed\nann@example.org,B,unconfirmed\nnobody,A,subscribed\n";
    let (report, refused) = import(&world, file.as_bytes(), &[], of_file(Some("2024-03-01"))).await;
    let report = report.unwrap();
    assert_eq!(sums(&report), [1, 0, 5], "{refused:?}");
    assert_eq!(report.leavers, 4);
    assert_eq!(world.state("dora@example.org").await, "none");
    assert_eq!(
        world.state("ann@example.org").await,
        "active",
        "confirmed in another list"
    );
    let lines: Vec<u64> = refused.iter().map(|row| row.line).collect();
    assert_eq!(lines, [4, 6, 7, 2, 5]);
    assert!(
        refused[3].why.contains("line 4 has the same address"),
        "{}",
        refused[3].why
    );
    assert!(
        refused[1].why.contains("who has not confirmed"),
        "{}",
        refused[1].why
    );
}

async fn columns_without_a_name_are_checked_and_named(db: TestDb) {
    let world = World::start(&db).await;
    let file = "email;;Ort;;\na@example.org;;Bonn;;\nb@example.org;;Bonn;abgemeldet;\nc@example.org;;Bonn;Messe;\n";
    let (report, refused) = import(&world, file.as_bytes(), &[], of_file(Some("2024-03-01"))).await;
    let report = report.unwrap();
    assert_eq!(sums(&report), [2, 0, 1], "{refused:?}");
    assert!(
        refused[0]
            .why
            .contains("the column `column 4` says `abgemeldet`"),
        "{refused:?}"
    );
    let unread: Vec<&str> = report
        .ignored_columns
        .iter()
        .map(|one| one.name.as_str())
        .collect();
    assert_eq!(unread, ["Ort", "column 4"], "those with text");
}

async fn proof_for_the_whole_file_holds_where_a_row_has_none(db: TestDb) {
    let world = World::start(&db).await;
    let file =
        "email,consent_at,consent_wording\na@example.org,,\nb@example.org,05/03/2023,Je signe\n";
    let (report, _) = import(&world, file.as_bytes(), &[], of_file(Some("01/03/2024"))).await;
    assert_eq!(sums(&report.unwrap()), [2, 0, 0]);
    let proof = super::face(&world, "a@example.org").await;
    for text in [
        "the form of our site",
        "I want the letter",
        "2024-02-29T23:00:00Z",
    ] {
        assert!(proof.contains(text), "{text} in {proof}");
    }
    let own = super::face(&world, "b@example.org").await;
    assert!(
        own.contains("Je signe") && own.contains("2023-03-04T23:00:00Z"),
        "{own}"
    );
    for (at, why) in [
        ("2030-01-01", "lies in the future"),
        ("soon", "is not a date"),
    ] {
        let (report, _) = import(&world, file.as_bytes(), &[], of_file(Some(at))).await;
        let error = report.unwrap_err().to_string();
        assert!(
            error.starts_with("the proof for all rows: consent_at") && error.contains(why),
            "{error}"
        );
    }
    let none = ProofOfFile::default();
    let error = import(&world, file.as_bytes(), &[], none)
        .await
        .0
        .unwrap_err()
        .to_string();
    assert!(error.contains("add --consent-source TEXT"), "{error}");
}
