//! File formats: encodings, separators and column names, as spreadsheets and other programs save them.

use xabar::store;
use xabar::subscribe::Importer;

use super::{HEADER, face, good, import_octets, sums};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

on_both_databases!(
    files_of_every_program_are_read,
    a_file_as_spreadsheets_save_it_is_read,
    columns_have_other_names_and_near_misses_are_named,
);

async fn files_of_every_program_are_read(db: TestDb) {
    let world = World::start(&db).await;
    let (report, _) = import_octets(&world, HEADER.as_bytes()).await;
    assert_eq!(
        (report.as_ref().unwrap().rows, sums(&report.unwrap())),
        (0, [0, 0, 0]),
        "only a header"
    );
    for (program, begin, end) in [
        ("unix", "", "\n"),
        ("windows", "\u{feff}", "\r\n"),
        ("old-mac", "", "\r"),
        ("quoting", "\u{feff}", "\n"),
    ] {
        let mut header = HEADER.to_uppercase();
        if program == "quoting" {
            header = format!("\"{}\"", header.replace(',', "\",\""));
        }
        let rows = [
            good(&format!("{program}1")),
            String::new(),
            "nobody".into(),
            good(&format!("{program}2")),
        ];
        let wording = format!("{program}3@example.org,2024-07-31,salon,\"Un{end}deux\",fr,kz,A");
        let last = format!("{program}4@example.org,nie,salon,x,,,");
        let file = format!(
            "{begin}{header}{end}{}{end}{wording}{end}{last}",
            rows.join(end)
        );
        let (report, refused) = import_octets(&world, file.as_bytes()).await;
        assert_eq!(sums(&report.unwrap()), [3, 0, 2], "{program}: {refused:?}");
        let lines: Vec<u64> = refused.iter().map(|row| row.line).collect();
        assert_eq!(
            lines,
            [4, 8],
            "{program}: the lines as an editor counts them"
        );
        assert!(
            face(&world, &format!("{program}3@example.org"))
                .await
                .contains("Un\\ndeux"),
            "{program}"
        );
        assert_eq!(
            world.state(&format!("{program}2@example.org")).await,
            "active"
        );
    }
}

async fn a_file_as_spreadsheets_save_it_is_read(db: TestDb) {
    let world = World::start(&db).await;
    let file = |name: &str| {
        format!(
            "{HEADER}\r\n{}\r\n,,,,,,\r\n{name}2@example.org,2024-07-31,salon,Je signe\r\n{}, ,\r\n",
            good(&format!("{name}1")),
            good(&format!("{name}3"))
        )
    };
    let utf16 = |text: &str, big: bool| {
        let units = std::iter::once(0xfeff).chain(text.encode_utf16());
        let octets = |unit: u16| {
            if big {
                unit.to_be_bytes()
            } else {
                unit.to_le_bytes()
            }
        };
        units.flat_map(octets).collect::<Vec<u8>>()
    };
    let plain = |name: &str| file(name);
    for (name, octets) in [
        (
            "semicolons",
            plain("semicolons").replace(',', ";").into_bytes(),
        ),
        ("tabs", plain("tabs").replace(',', "\t").into_bytes()),
        (
            "excel",
            format!("\u{feff}sep=;\r\n{}", plain("excel").replace(',', ";")).into_bytes(),
        ),
        ("sep", format!("sep=,\n{}", plain("sep")).into_bytes()),
        (
            "doubled",
            format!("\u{feff}\u{feff}{}", plain("doubled")).into_bytes(),
        ),
        ("little", utf16(&plain("little"), false)),
        ("big", utf16(&plain("big").replace(',', "\t"), true)),
    ] {
        let (report, refused) = import_octets(&world, &octets).await;
        let report = report.unwrap();
        assert_eq!(sums(&report), [3, 0, 0], "{name}: {refused:?}");
        let kept = world
            .subscription(&format!("{name}1@example.org"))
            .await
            .unwrap();
        assert_eq!(kept.chosen.countries.to_string(), "kz", "{name}");
    }
    // The lines are those that an editor of texts counts.
    let wrong = format!(
        "sep=;\n{};\n\nnobody;2024-07-31;salon;Je signe\n",
        HEADER.replace(',', ";")
    );
    let (_, refused) = import_octets(&world, wrong.as_bytes()).await;
    assert_eq!(refused[0].line, 4, "{refused:?}");
}

async fn columns_have_other_names_and_near_misses_are_named(db: TestDb) {
    let world = World::start(&db).await;
    let file = "Email Address,consent_at,consent_source,consent_wording,lang,Notes\n\
        a@example.org,2024-07-31,salon,Je signe,de,x\n";
    let (report, _) = import_octets(&world, file.as_bytes()).await;
    let error = report.unwrap_err().to_string();
    assert!(error.contains("--map email=\"Email Address\""), "{error}");
    let read = async |mapping: &[&str]| {
        let mapping: Vec<_> = mapping.iter().map(|text| text.parse().unwrap()).collect();
        let newsletters =
            store::newsletter::list(&mut world.service.store.read().await.unwrap()).await;
        let newsletter = newsletters.unwrap().remove(0);
        let importer = Importer::new(
            &world.service,
            &newsletter,
            std::io::Cursor::new(file.to_owned()),
            &mapping,
        )
        .unwrap();
        importer.run(|_| Ok(())).await
    };
    let report = read(&["email=email address"]).await.unwrap();
    let ignored: Vec<_> = report
        .ignored_columns
        .iter()
        .map(|one| (one.name.as_str(), one.perhaps))
        .collect();
    assert_eq!(ignored, [("lang", Some("language")), ("Notes", None)]);
    assert_eq!(sums(&report), [1, 0, 0]);
    assert_eq!(
        world
            .subscription("a@example.org")
            .await
            .unwrap()
            .chosen
            .language
            .as_str(),
        "fr"
    );
    let error = read(&["email=Mail"]).await.unwrap_err().to_string();
    assert!(error.contains("no column `mail`"), "{error}");
    assert!("mail=x".parse::<xabar::subscribe::ColumnName>().is_err());
    let doubled = format!("{HEADER},email\n{},b@example.org\n", good("c"));
    let error = import_octets(&world, doubled.as_bytes())
        .await
        .0
        .unwrap_err()
        .to_string();
    assert!(error.contains("`email` is there twice"), "{error}");
}
