//! Rejected rows and files: what is said of them, and that the good rows stay.

use xabar::domain::{EmailAddress, SuppressionReason};
use xabar::store;

use super::{HEADER, PROOF, good, import, import_octets, sums};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

async fn suppress(world: &World, email: &str) {
    let address = EmailAddress::parse(email).unwrap();
    let hash = world.service.links.address_hash(&address);
    let mut tx = world.service.store.write().await.unwrap();
    let now = world.clock.now();
    let done = store::consent::suppression::insert(
        &mut tx,
        &hash,
        SuppressionReason::Complained,
        now,
        None,
    )
    .await;
    done.unwrap();
    tx.commit().await.unwrap();
}

/// Checks that one row is refused, with its line and a reason that holds `why`, and
/// that the good rows before and after it are kept.
async fn assert_refused(world: &World, case: usize, row: &[u8], why: &str) {
    let (before, after) = (
        good(&format!("before{case}")),
        good(&format!("after{case}")),
    );
    let mut file = format!("{HEADER}\n{before}\n").into_bytes();
    file.extend_from_slice(row);
    file.extend_from_slice(format!("\n{after}\n").as_bytes());
    let (report, refused) = import_octets(world, &file).await;
    let shown = String::from_utf8_lossy(&row[..row.len().min(200)]).into_owned();
    let report = report.unwrap_or_else(|e| panic!("{shown}: {e}"));
    assert_eq!(sums(&report), [2, 0, 1], "{shown}: {refused:?}");
    assert_eq!(refused[0].line, 3, "{shown}");
    assert!(refused[0].why.contains(why), "{shown}: {}", refused[0].why);
    assert!(
        refused[0].why.len() < 300,
        "a reason, not the cell: {}",
        refused[0].why
    );
    for kept in [
        format!("before{case}@example.org"),
        format!("after{case}@example.org"),
    ] {
        assert_eq!(world.state(&kept).await, "active", "{shown}");
    }
}

on_both_databases!(
    dates_that_cannot_be_meant_are_refused,
    a_bad_row_is_refused_with_its_line_and_the_good_ones_are_kept,
    a_header_that_does_not_fit_imports_nothing_and_says_why,
    an_open_quotation_mark_stops_and_what_came_before_stays,
);

async fn a_bad_row_is_refused_with_its_line_and_the_good_ones_are_kept(db: TestDb) {
    let world = World::start(&db).await;
    suppress(&world, "complained@example.org").await;
    let source = "https://old.example.org/join";
    let million = "x".repeat(1_000_000);
    let row = |line: &str| line.as_bytes().to_vec();
    let cases: Vec<(Vec<u8>, &str)> = vec![
        (
            b"a@example.org,2024-07-31,salon,Je signe,fr,kz,Andr\xe9".to_vec(),
            "the column `name` is not UTF-8: save the file as CSV UTF-8",
        ),
        (
            b"a@example.org,2024-07-31,salon,J'esp\xe8re,fr,kz,A".to_vec(),
            "the column `consent_wording` is not UTF-8",
        ),
        (
            b"andr\xe9@example.org,2024-07-31,salon,Je signe,fr,kz,A".to_vec(),
            "the column `email` is not UTF-8",
        ),
        (
            row("a@example.org,2024-07-31,salon,Je \"signe\",fr,kz,A"),
            "a quotation mark in line 3 stands neither around a cell nor doubled",
        ),
        (
            row("a@example.org,2024-07-31,salon,\"Je\" signe,fr,kz,A"),
            "a quotation mark in line 3",
        ),
        (
            row("a@example.org,2024-07-31,salon, \"Je signe\",fr,kz,A"),
            "a quotation mark in line 3",
        ),
        (
            row("a@example.org,2024-07-31,salon,\"Je\nsigne\" ici,fr,kz,A"),
            "a quotation mark in line 4",
        ),
        (
            row(&format!("nobody,{PROOF}")),
            "email: an e-mail address has a name, an @ and a domain",
        ),
        (
            row(&format!(",{PROOF}")),
            "email: an e-mail address is required",
        ),
        (
            row(&format!("\"a@example.org\nBcc: b@example.org\",{PROOF}")),
            "email: ",
        ),
        (
            row(&format!("a@example.org,,{source},Je signe,fr,kz,A")),
            "consent_at is empty: without proof",
        ),
        (
            row("a@example.org,2024-07-31, ,Je signe,fr,kz,A"),
            "consent_source is empty: without proof",
        ),
        (
            row(&format!("a@example.org,2024-07-31,{source},,fr,kz,A")),
            "consent_wording is empty: without proof",
        ),
        (
            row(&format!(
                "a@example.org,2026-11-24,{source},Je signe,fr,kz,A"
            )),
            "consent_at lies in the future",
        ),
        (
            row(&format!(
                "a@example.org,last summer,{source},Je signe,fr,kz,A"
            )),
            "consent_at: `last summer` is not a date such as 2024-07-31",
        ),
        (
            row(&format!(
                "a@example.org,31/07/2024,{source},Je signe,fr,kz,A"
            )),
            "`31/07/2024` does not tell whether its day or its month comes first: add --date-order",
        ),
        (
            row(&format!(
                "a@example.org,2024-02-30,{source},Je signe,fr,kz,A"
            )),
            "`2024-02-30` is not a date",
        ),
        (
            row(&format!(
                "a@example.org,2024-07-31,{source},Je signe,xx,kz,A"
            )),
            "language: `xx` is not a language of this service; use one of: de, en, fr, ru",
        ),
        (
            row(&format!(
                "a@example.org,2024-07-31,{source},Je signe,fr,kz;xx,A"
            )),
            "countries: `xx` is not a country of the region",
        ),
        (
            row(&format!(
                "a@example.org,2024-07-31,{source},Je signe,fr,kz,{million}"
            )),
            "name is longer than 4000 octets",
        ),
        (
            row(&format!(
                "a@example.org,2024-07-31,{source},{million},fr,kz,A"
            )),
            "consent_wording is longer than 4000 octets",
        ),
        (
            row(&format!("{million}@example.org,{PROOF}")),
            "email is longer than 4000 octets",
        ),
        (
            row("a@example.org,2024-07-31,salon"),
            "consent_wording is empty: without proof",
        ),
        (
            row("a@example.org,2024-07-31,salon,Oui, je signe,fr,kz,A"),
            "the row has 8 cells, but there are 7 columns; a text with a comma",
        ),
        (
            row("a@example.org,2024-07-31,salon,Je signe,fr,kz,\"A\nB\""),
            "name has control characters",
        ),
        (
            row("a@example.org,2024-07-31,salon,Je signe,fr,kz,A\u{7}"),
            "name has control characters",
        ),
        (
            row("a@example.org,2024-07-31,salon,Je signe,fr,kz,A\0"),
            "name has control characters",
        ),
        (
            row("a@example.org,2024-07-31,sa\0lon,Je signe,fr,kz,A"),
            "consent_source has control characters",
        ),
        (
            row("a@example.org,2024-07-31,salon,Je\0signe,fr,kz,A"),
            "consent_wording has control characters",
        ),
        (
            row(&format!("complained@example.org,{PROOF}")),
            "the address is suppressed and must not be mailed",
        ),
        (
            row(&format!("COMPLAINED@example.org,{PROOF}")),
            "the address is suppressed",
        ),
    ];
    for (number, (row, why)) in cases.iter().enumerate() {
        assert_refused(&world, number, row, why).await;
    }
    for refused in ["a@example.org", "complained@example.org"] {
        assert_eq!(world.state(refused).await, "none");
    }
}

async fn a_header_that_does_not_fit_imports_nothing_and_says_why(db: TestDb) {
    let world = World::start(&db).await;
    let body = format!("\n{}\n", good("a"));
    for (file, why) in [
        (String::new(), "the file is empty"),
        ("\n\n".into(), "the file is empty"),
        (
            HEADER.replace("consent_at", "date") + &body,
            "there is no column `consent_at`",
        ),
        (
            HEADER.replace("consent_source,", "") + &body,
            "there is no column `consent_source`",
        ),
        (
            HEADER.replace("consent_wording", "wording") + &body,
            "there is no column `consent_wording`",
        ),
        (
            HEADER.replace("email", "mail") + &body,
            "there is no column `email`",
        ),
        (
            "Email Address,Status\na@example.org,active\n".into(),
            "there is no column `email`; if `Email Address` is it, add --map email=\"Email Address\"; there is no \
             column `consent_at` (if all readers signed up on one day, add --consent-at DATE); there is no column \
             `consent_source` (if all readers signed up in one place, add \
             --consent-source TEXT that says where); there is no column `consent_wording` (if",
        ),
        (format!("\"{HEADER}{body}"), "a quotation mark is left open"),
    ] {
        let (report, refused) = import_octets(&world, file.as_bytes()).await;
        let error = report.expect_err(&file).to_string();
        assert!(
            error.contains(why)
                && error.contains("email, consent_at, consent_source and consent_wording"),
            "{file}: {error}"
        );
        assert_eq!(refused, []);
    }
    let latin1 = [
        b"email,consent_at,consent_source,consent_wording,pr\xe9nom\n".as_slice(),
        good("a").as_bytes(),
    ]
    .concat();
    let error = import_octets(&world, &latin1)
        .await
        .0
        .unwrap_err()
        .to_string();
    assert!(error.contains("save the file as CSV UTF-8"), "{error}");
    assert_eq!(world.state("a@example.org").await, "none");
}

async fn dates_that_cannot_be_meant_are_refused(db: TestDb) {
    let world = World::start(&db).await;
    let dates = [
        "0000-01-01",
        "0001-01-01T00:00:00Z",
        "1899-12-30",
        "1989-12-31",
        "2026-12-24",
        "31/07/2024",
        "07.31.2024",
        "45504",
        "2024-02-30",
    ];
    let rows: Vec<String> = dates
        .iter()
        .map(|date| format!("a@example.org,{date},salon,Je signe,fr,kz,A"))
        .collect();
    let (report, refused) = import(&world, &rows).await;
    assert_eq!(sums(&report), [0, 0, dates.len() as u64], "{refused:?}");
    for (row, date) in refused.iter().zip(dates) {
        assert!(row.why.starts_with("consent_at"), "{date}: {}", row.why);
    }
    assert!(
        refused[2].why.contains("spreadsheets"),
        "{}",
        refused[2].why
    );
    assert_eq!(report.refused_rows, refused);
}

async fn an_open_quotation_mark_stops_and_what_came_before_stays(db: TestDb) {
    let world = World::start(&db).await;
    let lines = |name: &str| format!("{HEADER}\n{}\n\n", good(&format!("{name}1")));
    let wording_last = "email,consent_at,consent_source,consent_wording\na1@example.org,2024-07-31,salon,Je signe\n\n\
            a2@example.org,2024-07-31,salon,\"Je signe\na3@example.org,2024-07-31,salon,Je signe\n";
    let huge = good("x").repeat(100_000);
    for (name, file) in [
        ("a", wording_last.to_owned()),
        (
            "b",
            format!(
                "{}b2@example.org,2024-07-31,salon,\"Je signe,fr,kz,A\n{}",
                lines("b"),
                good("b3")
            ),
        ),
        (
            "c",
            format!("{}\"c2@example.org,{PROOF}\n{}\n", lines("c"), good("c3")),
        ),
        (
            "d",
            format!("{}\"d2@example.org,{PROOF}\n{huge}", lines("d")),
        ),
    ] {
        let (report, refused) = import_octets(&world, file.as_bytes()).await;
        let report = report.unwrap();
        let why = report.stopped.clone().expect(name);
        assert!(
            why.contains("quotation mark") && why.contains("left open"),
            "{name}: {why}"
        );
        let where_and_why = if name == "d" {
            "longer than 8 MiB"
        } else {
            "at line 4:"
        };
        assert!(why.contains(where_and_why), "{name}: {why}");
        assert_eq!((sums(&report), refused), ([1, 0, 0], vec![]), "{name}");
        assert_eq!(world.state(&format!("{name}1@example.org")).await, "active");
        assert_eq!(world.state(&format!("{name}2@example.org")).await, "none");
    }
}
