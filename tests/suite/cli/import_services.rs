//! `xabar import` of what other newsletter services export.

use crate::support::binary::Installation;
use crate::support::both::{TestDb, on_both_databases};

on_both_databases!(a_file_of_another_service_is_known_and_its_gaps_are_filled,);

async fn a_file_of_another_service_is_known_and_its_gaps_are_filled(db: TestDb) {
    let installation = Installation::new(&db.url);
    let to = ["--newsletter", "asie-centrale"];
    let proof = ["--consent-source", "salon", "--consent-wording", "Je signe"];
    installation.write(
        "listmonk.csv",
        "uuid,email,name,attributes,status,created_at,updated_at\n\
         1,a@example.org,Left,{},enabled,2023-03-02 15:04:05.1 +0600 +06,x\n",
    );
    let import = ["import", "listmonk.csv", "--map", "consent_at=created_at"];
    let import = [&import[..], &to, &proof].concat();
    let said = installation
        .run(&[&import[..], &["--dry-run"]].concat())
        .await;
    assert_eq!(said.status, Some(0), "{said:?}");
    assert!(
        said.stdout.contains("This is an export of listmonk"),
        "{said:?}"
    );
    let said = installation.ok(&import).await;
    assert!(said.contains("1 new subscribers"), "{said}");

    installation.write(
        "table.csv",
        "email,Date\nb@example.org,03/05/2024 2:30 PM\n",
    );
    let import = ["import", "table.csv", "--map", "consent_at=Date"];
    let import = [&import[..], &to, &proof].concat();
    let with = |options: &[&'static str]| [&import[..], options].concat();
    let said = installation.run(&import).await.stderr;
    assert!(
        said.contains("add --date-order dmy or --date-order mdy"),
        "{said}"
    );
    let said = installation
        .refused(&with(&["--time-zone", "Mars/Base"]))
        .await;
    assert!(said.contains("--time-zone"), "{said}");
    installation
        .ok(&with(&["--date-order", "mdy", "--time-zone", "UTC"]))
        .await;
    let at = "SELECT COUNT(*) FROM consent_event WHERE at = 1709649000000000";
    assert_eq!(db.number(at).await, 1, "2024-03-05T14:30:00Z");

    let utf16: Vec<u8> = "email,consent_at\n"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    for (octets, why) in [
        (
            b"PK\x03\x04\x14\0".to_vec(),
            "an Excel workbook or a zip file",
        ),
        (utf16, "UTF-16 without a byte order mark"),
    ] {
        installation.write("strange.csv", octets);
        let said = installation
            .refused(&[&["import", "strange.csv"][..], &to].concat())
            .await;
        assert!(said.contains(why), "{said}");
    }
    installation.write("none.csv", "email,registered,activated\n");
    let said = installation
        .refused(&[&["import", "none.csv"][..], &to].concat())
        .await;
    assert!(said.contains("--map consent_at=\"activated\""), "{said}");
}
