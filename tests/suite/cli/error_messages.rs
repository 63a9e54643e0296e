//! Error messages and exit statuses.

use std::process::Stdio;

use sqlx::{Connection, Executor, PgConnection, SqliteConnection};

use super::{csv_of, issue_json, on_sqlite};
use crate::support::binary::Installation;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::mail_servers::free_port;

const NOWHERE: &str =
    "there is no newsletter `nowhere`; `xabar newsletter list` shows those there are";
/// Commands, and what their refusal says.
const CANNOT_BE_DONE: &[(&str, &str)] = &[
    ("newsletter show nowhere", NOWHERE),
    ("newsletter show NoWhere!", "`NoWhere!` is not a slug"),
    (
        "newsletter add --slug x --title X --language xx",
        "language: unknown variant `xx`",
    ),
    (
        "newsletter add --slug x --title X --reply-to x",
        "what you wrote does not fit: reply_to: an e-mail address has",
    ),
    (
        "newsletter add --slug Bad! --title X",
        "what you wrote does not fit: slug: ",
    ),
    ("newsletter set nowhere --title X", NOWHERE),
    (
        "newsletter set asie-centrale --time-zone Mars",
        "what you wrote does not fit: time_zone: ",
    ),
    ("import readers.csv --newsletter nowhere", NOWHERE),
    (
        "import none.csv --newsletter asie-centrale",
        "cannot read none.csv: ",
    ),
    (
        "import columns.csv --newsletter asie-centrale",
        "there is no column `consent_source`",
    ),
    (
        "import readers.csv --newsletter asie-centrale --report no/such/folder",
        "cannot write no/such/folder: ",
    ),
    ("issue new --file none.json", "cannot read none.json: "),
    ("issue new --file readers.csv", "cannot read readers.csv: "),
    (
        "issue new --file cut.json",
        "cannot read cut.json: it is not JSON: EOF while parsing",
    ),
    (
        "issue new --file field.json",
        "field.json: intr: unknown field `intr`",
    ),
    (
        "issue new --file kind.json",
        "kind.json: parts[0].kind: unknown variant `nws`, expected one of `news`",
    ),
    (
        "issue new --file more.json",
        "cannot read more.json: it is not JSON: trailing characters",
    ),
    (
        "issue new --file empty.json",
        "subject: must have 1 to 250 characters",
    ),
    ("issue new --file stranger.json", NOWHERE),
    (
        "issue show 019a0000-0000-7000-8000-000000000000",
        "there is no issue 019a0000-0000-7000-8000-000000000000",
    ),
    (
        "issue send 019a0000-0000-7000-8000-000000000000",
        "there is no issue 019a",
    ),
    (
        "issue watch 019a0000-0000-7000-8000-000000000000",
        "there is no issue 019a",
    ),
];

fn write_bad_files(installation: &Installation) {
    installation.write("readers.csv", csv_of(&["a@example.org"]));
    installation.write(
        "columns.csv",
        "email,consent_at\na@example.org,2024-07-31\n",
    );
    installation.write("cut.json", "{\"newsletter\":");
    installation.write(
        "field.json",
        issue_json("x").replace("\"intro\"", "\"intr\""),
    );
    installation.write("kind.json", issue_json("x").replace("\"news\"", "\"nws\""));
    installation.write("more.json", issue_json("x") + " and more");
    installation.write("empty.json", issue_json(""));
    installation.write(
        "stranger.json",
        issue_json("x").replace("asie-centrale", "nowhere"),
    );
}

#[tokio::test]
async fn wrong_usage_is_status_2() {
    let (_db, installation) = on_sqlite();
    for args in [
        &[][..],
        &["nonsense"],
        &["migrate", "--nonsense"],
        &["migrate", "twice"],
        &["newsletter"],
        &["newsletter", "show"],
        &["newsletter", "add", "--slug", "x"],
        &["token", "add", "--name", "x"],
        &["token", "add", "--name", "x", "--role", "king"],
        &["issue", "new"],
        &["issue", "show", "xyz"],
        &["import", "readers.csv"],
        &["serve", "--role", "king"],
        &["demo", "--listen", "nowhere"],
        &["--config"],
    ] {
        let ran = installation.run_alone(args, "").await;
        assert_eq!(
            (ran.status, ran.stdout.as_str()),
            (Some(2), ""),
            "{args:?}: {ran:?}"
        );
        assert!(ran.stderr.contains("--help"), "{args:?}: {}", ran.stderr);
    }
    for (args, said) in [
        (&["bogus", "--json"][..], "unrecognized subcommand 'bogus'"),
        (&["--json", "issue", "show", "xyz"], "invalid value 'xyz'"),
        (&["issue", "list", "--json", "--limit", "0"], "0 is not in"),
        (&["--json", "newsletter"], "a command is missing"),
        (&["--json"][..], "a command is missing"),
    ] {
        let ran = installation.run_alone(args, "").await;
        assert_eq!((ran.status, ran.stdout.as_str()), (Some(2), ""));
        let line: serde_json::Value = serde_json::from_str(&ran.stderr).unwrap();
        let error = line["error"].as_str().unwrap();
        assert!(error.contains(said) && error.contains("--help"), "{error}");
    }
    assert!(!installation.path("data").exists(), "and nothing is made");
}

#[tokio::test]
async fn a_token_that_nobody_has_seen_is_none() {
    let (_db, installation) = on_sqlite();
    assert_eq!(installation.ok(&["token", "list"]).await, "");
    let add = ["token", "add", "--name", "x", "--role", "owner"];
    let full = std::fs::File::options().write(true).open("/dev/full");
    let mut add = installation.command_to(&add, Stdio::null());
    let status = add.stdout(Stdio::from(full.unwrap())).status().await;
    assert_eq!(status.unwrap().code(), Some(1));
    assert_eq!(installation.ok(&["token", "list"]).await, "");
}

#[tokio::test]
async fn an_unknown_or_wrong_setting_is_named() {
    for (setting, value, named) in [
        ("HTTP__LISTN", "x", "setting `http.listn`: unknown field"),
        ("NONSENSE", "x", "setting `nonsense`: unknown field"),
        ("HTTP__LISTEN", "nowhere", "setting `http.listen`: "),
        (
            "HTTP__PUBLIC_URL",
            "ftp://x",
            "setting `http.public_url`: must start with http",
        ),
        ("SMTP__CONNECTIONS", "0", "setting `smtp.connections`: "),
        ("WORKER__LEASE_SECONDS", "14", "lease_seconds at least 15"),
        ("LOG", "!!", "setting `log`: "),
        (
            "SMTP__URL_FILE",
            "no-such-file",
            "the file no-such-file named by XABAR_SMTP__URL_FILE",
        ),
        (
            "NEWSLETTER__TIME_ZONE",
            "Mars/Base",
            "setting `newsletter.time_zone`: ",
        ),
        (
            "NEWSLETTER__SENDER_ADDRESS",
            "nobody",
            "setting `newsletter.sender_address`: ",
        ),
    ] {
        let (_db, installation) = on_sqlite();
        let refused = installation
            .with(setting, value)
            .refused(&["migrate"])
            .await;
        assert!(refused.contains(named), "{setting}: {refused}");
    }
    let (_db, installation) = on_sqlite();
    for (content, named) in [
        ("[http]\nlistn = 1", "setting `http.listn`: unknown field"),
        ("nonsense = 1", "setting `nonsense`: unknown field"),
        (
            "[http]\nbody_limit = \"large\"",
            "setting `http.body_limit`: ",
        ),
        ("[http", "mine.toml"),
    ] {
        installation.write("mine.toml", content);
        let refused = installation
            .refused(&["migrate", "--config", "mine.toml"])
            .await;
        assert!(refused.contains(named), "{content}: {refused}");
    }
    let refused = installation
        .refused(&["--config", "none.toml", "migrate"])
        .await;
    assert!(refused.contains("none.toml"), "{refused}");
    installation.write("mine.toml", "[newsletter]\nslug = \"mine\"\n");
    installation.ok(&["--config", "mine.toml", "migrate"]).await;
    assert_eq!(
        installation.json(&["newsletter", "list"]).await[0]["slug"],
        "mine"
    );
}

#[tokio::test]
async fn what_cannot_be_done_is_said_in_one_line() {
    let (_db, installation) = on_sqlite();
    write_bad_files(&installation);
    for (command, why) in CANNOT_BE_DONE {
        let args: Vec<&str> = command.split(' ').collect();
        let refused = installation.refused(&args).await;
        assert!(refused.contains(why), "{command}: {refused}");
    }
    let add = ["newsletter", "add", "--slug", "Bad!", "--title", "X"];
    let status = installation.run(&add).await.status;
    assert_eq!(status, Some(1), "no setting is wrong");
    let nameless = installation
        .refused(&["token", "add", "--name", " ", "--role", "owner"])
        .await;
    assert!(nameless.contains("a token needs a name"), "{nameless}");
    assert_eq!(
        installation.json(&["issue", "list"]).await,
        serde_json::json!([])
    );
    assert_eq!(
        installation
            .json(&["newsletter", "show", "asie-centrale"])
            .await["active"],
        0
    );
}

#[tokio::test]
async fn a_database_that_cannot_be_used_is_said_in_one_line_without_its_password() {
    let refusing = format!("127.0.0.1:{}", free_port());
    let refused_port = format!("postgres://xabar:geheim@{refusing}/xabar");
    let cases = [
        (
            "sqlite:///dev/null/xabar.db",
            "the database /dev/null/xabar.db cannot be used",
        ),
        (
            "postgres://xabar:geheim@localhost/xabar?host=%2Fno-such-folder",
            "No such file or directory",
        ),
        (&refused_port, "Connection refused"),
        (
            "mysql://xabar:geheim@localhost/xabar",
            "`mysql:…` is not a database address; use sqlite://PATH or postgres://",
        ),
    ];
    let tries = cases.map(|(url, why)| async move {
        let refused = Installation::new(url).refused(&["migrate"]).await;
        assert!(refused.contains(why), "{url}: {refused}");
        assert!(!refused.contains("geheim"), "{refused}");
    });
    futures_util::future::join_all(tries).await;
}

#[tokio::test]
async fn serve_does_not_start_where_it_cannot_work() {
    for (setting, value, why, status) in [
        (
            "HTTP__LISTEN",
            "192.0.2.1:80",
            "cannot listen on 192.0.2.1:80",
            1,
        ),
        (
            "DATABASE__URL",
            "mysql://h/x",
            "is not a database address",
            78,
        ),
        (
            "SMTP__URL",
            "smtp://relay.example.org?tls=maybe",
            "setting `smtp.url`: ",
            78,
        ),
        (
            "PROFILE",
            "production",
            "the secret file data/xabar.key does not exist; in production",
            78,
        ),
    ] {
        let (_db, installation) = on_sqlite();
        let ran = installation.with(setting, value).run(&["serve"]).await;
        let said = ran.stderr.lines().last().unwrap_or_default();
        assert_eq!(ran.status, Some(status), "{setting}: {said}");
        assert!(
            said.starts_with("xabar: ") && said.contains(why),
            "{setting}: {said}"
        );
    }
}

on_both_databases!(a_database_of_a_newer_program_is_left_alone,);

async fn a_database_of_a_newer_program_is_left_alone(db: TestDb) {
    let installation = Installation::new(&db.url).with("LOG", "error");
    installation.ok(&["migrate"]).await;
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
            SELECT 9999, description, success, checksum, execution_time FROM _sqlx_migrations LIMIT 1";
    if db.url.starts_with("postgres") {
        PgConnection::connect(&db.url)
            .await
            .unwrap()
            .execute(newer)
            .await
            .unwrap();
    } else {
        SqliteConnection::connect(&db.url)
            .await
            .unwrap()
            .execute(newer)
            .await
            .unwrap();
    }
    for command in [
        &["migrate"][..],
        &["serve"],
        &["newsletter", "list"],
        &["token", "add", "--name", "x", "--role", "owner"],
    ] {
        let refused = installation.refused(command).await;
        assert!(
            refused.contains("schema version 9999, newer than this program knows"),
            "{command:?}: {refused}"
        );
    }
}
