//! People who have unsubscribed elsewhere (`--left`), and imports that are undone.

use std::io::Cursor;

use jiff::tz::TimeZone;
use xabar::domain::{Actor, Purpose};
use xabar::store;
use xabar::subscribe::suppression::Execution;
use xabar::subscribe::{
    DateOrder, ImportReport, Importer, RefusedRow, UndoReport, audit_consents, find_import,
    undo_import,
};
use xabar::worker::retention;

use super::{HEADER, good, import, sums};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

on_both_databases!(
    who_has_left_elsewhere_is_told_ended_and_free_to_come_back,
    both_imports_see_the_same_people_leave,
    an_unconfirmed_sign_up_does_not_forget_who_left_elsewhere,
    a_list_without_a_status_is_of_those_who_left,
    an_undone_import_leaves_what_has_happened_since,
);

/// Imports with a number in the audit log.
async fn run(world: &World, file: &str, left: bool) -> (ImportReport, Vec<RefusedRow>) {
    run_with(world, file, left, |importer| importer).await
}

type FileImporter<'a> = Importer<'a, Cursor<String>>;

async fn run_with(
    world: &World,
    file: &str,
    left: bool,
    with: impl for<'a> FnOnce(FileImporter<'a>) -> FileImporter<'a>,
) -> (ImportReport, Vec<RefusedRow>) {
    let newsletters = store::newsletter::list(&mut world.service.store.read().await.unwrap()).await;
    let newsletter = newsletters.unwrap().remove(0);
    let file = Cursor::new(file.to_owned());
    let importer = Importer::new(&world.service, &newsletter, file, &[]).unwrap();
    let mut importer = with(importer.logged(Actor::CommandLine));
    if left {
        importer = importer.of_those_who_left(None);
    }
    let mut refused = Vec::new();
    let report = importer.run(|row| {
        refused.push(row.clone());
        Ok(())
    });
    let report = report.await.unwrap();
    let all = report.imported + report.ended + report.known + report.refused + report.not_left;
    assert_eq!(report.rows, all, "{report:?}");
    (report, refused)
}

async fn assert_genuine(world: &World) {
    let report = audit_consents(&world.service, None).await.unwrap();
    assert_eq!(report.breaks.len(), 0);
}

async fn who_has_left_elsewhere_is_told_ended_and_free_to_come_back(db: TestDb) {
    let world = World::start(&db).await;
    let lines = ["a", "b", "again"].map(good);
    assert_eq!(sums(&import(&world, &lines).await.0), [3, 0, 0]);
    world.join("here@example.org").await;
    // The newer export of the other service.
    let row = |name: &str, status: &str, at: &str| {
        format!("{name}@example.org,2024-07-31,salon,Je signe,{status},{at}\n")
    };
    let file = format!(
        "email,consent_at,consent_source,consent_wording,status,Unsubscribed at\n{}{}{}{}{}nobody,,,,unsubscribed,\n",
        row("A", "unsubscribed", "2026-11-20 10:00"),
        row("b", "subscribed", ""),
        row("again", "unsubscribed", "2023-01-01"),
        row("here", "unsubscribed", ""),
        row("new", "unsubscribed", "2025-03-04"),
    );
    let (report, refused) = run(&world, &file, false).await;
    assert_eq!(sums(&report), [0, 1, 5]);
    assert_eq!(report.active_here, 2, "{refused:?}");
    let told: Vec<u64> = refused
        .iter()
        .filter(|r| r.why.contains("--left"))
        .map(|r| r.line)
        .collect();
    assert_eq!(told, [2, 4]);
    assert_eq!(world.state("a@example.org").await, "active");

    let (report, refused) = run(&world, &file, true).await;
    assert_eq!(
        (report.imported, report.ended, report.not_left),
        (1, 1, 1),
        "{refused:?}"
    );
    assert_eq!(report.told_by, ["status", "Unsubscribed at"]);
    let why = |line| {
        refused
            .iter()
            .find(|row| row.line == line)
            .unwrap()
            .why
            .as_str()
    };
    assert!(why(4).contains("agreed again"), "{refused:?}");
    assert!(why(5).contains("confirmed here"), "{refused:?}");
    assert!(why(7).starts_with("email:"), "{refused:?}");
    for (name, state) in [
        ("a", "ended"),
        ("b", "active"),
        ("again", "active"),
        ("here", "active"),
        ("new", "ended"),
    ] {
        assert_eq!(
            world.state(&format!("{name}@example.org")).await,
            state,
            "{name}"
        );
    }
    let gone = world.subscription("a@example.org").await.unwrap();
    let events = world.proof(&gone).await;
    let [_, left] = events.as_slice() else {
        panic!("{events:?}")
    };
    assert_eq!(
        (left.kind.as_str(), left.method.as_str()),
        ("withdrawn", "import")
    );
    assert_eq!(left.at.to_string(), "2026-11-20T09:00:00Z");
    // Once more it changes nothing, and an import does not bring them back.
    let (report, _) = run(&world, &file, true).await;
    assert_eq!((report.imported, report.ended, report.known), (0, 0, 2));
    let (_, refused) = import(&world, &[good("a"), good("new")]).await;
    assert_eq!(refused.len(), 2);
    // Their owners come back by the form.
    for email in ["a@example.org", "new@example.org"] {
        world.join(email).await;
        assert_eq!(world.state(email).await, "active");
    }
    assert_genuine(&world).await;
}

fn told_how_to_read(importer: FileImporter<'_>) -> FileImporter<'_> {
    importer
        .accepting(&["Statut=premium".parse().unwrap()])
        .ignoring(&["bounce rate".to_owned()])
        .reading_times(Some(DateOrder::DayFirst), Some(TimeZone::UTC))
}

async fn both_imports_see_the_same_people_leave(db: TestDb) {
    let world = World::start(&db).await;
    import(&world, &["a", "b", "c", "d", "e"].map(good)).await;
    let row = |cells: &str| {
        let (name, rest) = cells.split_once(' ').unwrap();
        format!("{name}@example.org,2024-07-31,salon,Je signe,{rest}\n")
    };
    let file = format!(
        "email,consent_at,consent_source,consent_wording,Statut,CONFIRM_TIME,UNSUB_TIME,Bounce rate\n{}{}{}{}{}{}",
        row("a abonné,2024-07-31,,10"),
        row("A désabonnée,2024-07-31,,10"),
        row("b premium,2024-07-31,,10"),
        row("c pending,,,10"),
        row("d abonné,,05/03/2026 10:00,10"),
        row("e abonné,2024-07-31,,10,shifted"),
    );
    let (report, refused) = run_with(&world, &file, false, told_how_to_read).await;
    assert_eq!(sums(&report), [0, 1, 5], "{refused:?}");
    let told = refused.iter().filter(|row| row.why.contains("--left"));
    let mut told: Vec<u64> = told.map(|row| row.line).collect();
    told.sort_unstable();
    assert_eq!((told, report.active_here), (vec![2, 3, 6], 3));
    let (report, refused) = run_with(&world, &file, true, told_how_to_read).await;
    let counts = (report.ended, report.not_left, report.refused);
    assert_eq!(counts, (2, 3, 1), "{refused:?}");
    assert_eq!(report.told_by, ["Statut", "CONFIRM_TIME", "UNSUB_TIME"]);
    for (name, state) in [
        ("a", "ended"),
        ("b", "active"),
        ("c", "active"),
        ("d", "ended"),
        ("e", "active"),
    ] {
        let email = format!("{name}@example.org");
        assert_eq!(world.state(&email).await, state, "{name}");
    }
    let gone = world.subscription("d@example.org").await.unwrap();
    let left = world.proof(&gone).await.pop().unwrap();
    assert_eq!(left.at.to_string(), "2026-03-05T10:00:00Z");
}

async fn an_unconfirmed_sign_up_does_not_forget_who_left_elsewhere(db: TestDb) {
    let world = World::start(&db).await;
    run(&world, "email\na@example.org\n", true).await;
    assert_eq!(world.sign_up("a@example.org").await.status(), 202);
    assert_eq!(world.state("a@example.org").await, "pending");
    world.pass(8 * 24 * 60);
    let removed = retention::run(&world.service).await.unwrap();
    assert_eq!(removed.unconfirmed, 1);
    assert_eq!(world.state("a@example.org").await, "ended");
    let (_, refused) = import(&world, &[good("a")]).await;
    assert_eq!(refused.len(), 1);
    assert_genuine(&world).await;
}

async fn a_list_without_a_status_is_of_those_who_left(db: TestDb) {
    let world = World::start(&db).await;
    let lines: Vec<String> = (0..5_000).map(|n| good(&format!("r{n}"))).collect();
    import(&world, &lines).await;
    let rows = (0..10_000).map(|n| format!("{n},R{n}@example.org\n"));
    let file = format!("id,E-Mail\n{}0,r0@example.org\n", rows.collect::<String>());
    let (report, _) = run(&world, &file, true).await;
    assert_eq!(
        (report.imported, report.ended, report.known),
        (5_000, 5_000, 1)
    );
    assert!(report.told_by.is_empty());
    let ended =
        "SELECT COUNT(*) FROM subscription WHERE state = 'ended' AND end_reason = 'unsubscribed'";
    assert_eq!(db.number(ended).await, 10_000);
    let events = "SELECT COUNT(*) FROM consent_event WHERE kind = 'withdrawn'";
    assert_eq!(db.number(events).await, 10_000);
    assert_genuine(&world).await;
}

async fn undo(world: &World, number: i64, execution: Execution) -> UndoReport {
    let import = find_import(&world.service, number).await.unwrap();
    undo_import(&world.service, import, &Actor::CommandLine, execution)
        .await
        .unwrap()
}

async fn an_undone_import_leaves_what_has_happened_since(db: TestDb) {
    let world = World::start(&db).await;
    world.join("known@example.org").await;
    let file = |names: &[&str]| {
        let lines: Vec<String> = names.iter().map(|name| good(name)).collect();
        format!("{HEADER}\n{}\n", lines.join("\n"))
    };
    let (first, _) = run(&world, &file(&["early"]), false).await;
    let issue = world.draft("Sommet").await;
    world.act(&issue, "send").await;
    world.work().await;
    let names = ["known", "early", "left", "wrong1", "wrong2", "erased"];
    let (second, _) = run(&world, &file(&names), false).await;
    assert_eq!(sums(&second), [4, 2, 0]);
    let leave = world.link("left@example.org", Purpose::Unsubscribe).await;
    assert_eq!(world.submit(&leave, &[]).await.status(), 200);
    let address = "erased@example.org".parse().unwrap();
    let erase =
        xabar::subscribe::privacy::erase_by_owner(&world.service, &address, &Actor::CommandLine);
    erase.await.unwrap();

    let (first, second) = (first.number.unwrap(), second.number.unwrap());
    let early = undo(&world, first, Execution::Real).await;
    assert_eq!((early.removed, early.got_an_issue), (0, 1));
    let plan = undo(&world, second, Execution::DryRun).await;
    assert_eq!(world.state("wrong1@example.org").await, "active");
    let done = undo(&world, second, Execution::Real).await;
    assert_eq!((done, done.removed, done.changed), (plan, 2, 2));
    for (name, state) in [
        ("known", "active"),
        ("early", "active"),
        ("left", "ended"),
        ("wrong1", "none"),
    ] {
        assert_eq!(
            world.state(&format!("{name}@example.org")).await,
            state,
            "{name}"
        );
    }
    let people = "SELECT COUNT(*) FROM subscriber WHERE address_key LIKE 'wrong%'";
    assert_eq!(db.number(people).await, 0);
    let noted = "SELECT COUNT(*) FROM consent_chain WHERE removed_why = 'import-undone'";
    assert_eq!(db.number(noted).await, 2);
    assert_genuine(&world).await;
    assert_eq!(undo(&world, second, Execution::Real).await.removed, 0);
    // What is no import, and the right import afterwards.
    assert!(find_import(&world.service, second + 1_000).await.is_err());
    assert!(find_import(&world.service, second + 1).await.is_err());
    assert_eq!(
        sums(&run(&world, &file(&["wrong1"]), false).await.0),
        [1, 0, 0]
    );
    // Without the list of who got an issue nobody is removed.
    db.execute("DELETE FROM delivery").await.unwrap();
    let why = find_import(&world.service, first)
        .await
        .unwrap_err()
        .to_string();
    assert!(why.contains("1 issues went out"), "{why}");
}
