//! Parsing of replies: the digits decide, whatever else is in it.

use super::Campaign;
use crate::support::both::TestDb;
use crate::support::scripted_smtp::{Reply, Script, Stage};

const READERS: usize = 6;

/// The words of a relay in Cyrillic (CP1251, KOI8-R), Chinese (GBK) and French (Latin-1).
const CHARSETS: [(&str, &[u8]); 4] = [
    (
        "CP1251",
        b"\xcf\xe8\xf1\xfc\xec\xee \xef\xf0\xe8\xed\xff\xf2\xee",
    ),
    (
        "KOI8-R",
        b"\xf0\xc9\xd3\xd8\xcd\xcf \xd0\xd2\xc9\xce\xd1\xd4\xcf",
    ),
    ("GBK", b"\xd3\xca\xbc\xfe\xd2\xd1\xbd\xd3\xca\xdc"),
    ("Latin-1", b"Message accept\xe9, \xe0 bient\xf4t"),
];

/// A reply with these octets for its text.
fn with_text(code: &str, text: &[u8]) -> Reply {
    Reply::octets([code.as_bytes(), b" ", text, b"\r\n"].concat())
}

async fn reaches_everybody(case: &str, script: Script) {
    let db = TestDb::sqlite();
    let campaign = Campaign::to(&db, READERS, 2, script).await;
    campaign.work().await;
    campaign.assert_everybody_once(case).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_alone_is_a_reply() {
    for (stage, code) in [
        (Stage::Greeting, "220"),
        (Stage::Mail, "250"),
        (Stage::Rcpt, "250"),
        (Stage::Data, "354"),
        (Stage::Dot, "250"),
    ] {
        let script = Script::default().always(stage, Reply::line(code));
        reaches_everybody(&format!("{code} at {stage:?}"), script).await;
    }
    let greeting = Reply::octets("220-scripted.example.org\r\n220\r\n");
    let script = Script::default().always(Stage::Greeting, greeting);
    reaches_everybody("220 in the last line of a greeting", script).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_answered_with_250_after_the_text_is_sent() {
    for answer in [
        "250 \r\n",
        "250 4.7.1 queued\r\n",
        "250 550 5.1.1\r\n",
        "250-2.0.0 queued\r\n250-\r\n250\r\n",
        "250-\r\n250 \r\n",
        "250\t2.0.0 queued\r\n",
    ] {
        let script = Script::default().always(Stage::Dot, Reply::octets(answer));
        reaches_everybody(&format!("{answer:?}"), script).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn words_in_any_charset_are_no_obstacle() {
    for (charset, text) in CHARSETS {
        let mut script = Script::default();
        for (stage, code) in [
            (Stage::Greeting, "220"),
            (Stage::Mail, "250 2.1.0"),
            (Stage::Rcpt, "250 2.1.5"),
            (Stage::Data, "354"),
            (Stage::Dot, "250 2.0.0"),
        ] {
            script = script.always(stage, with_text(code, text));
        }
        reaches_everybody(charset, script).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_who_is_unknown_in_any_charset_has_bounced() {
    for (charset, text) in CHARSETS {
        let script = Script::default().on(Stage::Rcpt, move |moment| {
            let unknown = moment.recipient == "reader3@example.org";
            unknown.then(|| with_text("550 5.1.1", text))
        });
        let db = TestDb::sqlite();
        let campaign = Campaign::to(&db, READERS, 2, script).await;
        campaign.work().await;
        let counts = campaign.counts().await;
        assert_eq!(
            counts,
            "sent=5 bounced=1",
            "{charset}: {}",
            campaign.replies().await
        );
        let replies = campaign.replies().await;
        assert!(
            replies.contains("550") && replies.contains("5.1.1"),
            "{replies}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn replies_may_end_in_a_line_feed_alone() {
    let ehlo = Reply::octets("250-scripted\n250-PIPELINING\n250 8BITMIME\n");
    let script = Script::default()
        .always(Stage::Greeting, Reply::octets("220-scripted\n220 ready\n"))
        .always(Stage::Ehlo, ehlo)
        .always(Stage::Mail, Reply::octets("250 ok\n"))
        .always(Stage::Rcpt, Reply::octets("250-ok\r\n250 ok\n"))
        .always(Stage::Data, Reply::octets("354\n"))
        .always(Stage::Dot, Reply::octets("250 taken\n"));
    reaches_everybody("LF", script).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn long_replies_are_read_to_their_end() {
    let long_line = format!("250 2.0.0 {}", "taken ".repeat(3_000));
    let lines = |code: &str| format!("{code}-line\n").repeat(200) + code + " end";
    let script = Script::default()
        .always(Stage::Greeting, Reply::line(&lines("220")))
        .always(Stage::Mail, Reply::line(&lines("250")))
        .always(Stage::Dot, Reply::line(&long_line));
    let db = TestDb::sqlite();
    let campaign = Campaign::to(&db, READERS, 2, script).await;
    campaign.work().await;
    campaign.assert_everybody_once("long replies").await;
    let kept = campaign.replies().await;
    assert!(kept.len() < 2_000, "the ledger keeps the beginning: {kept}");
}
