//! AUTH: mechanisms and prompts, as servers really ask for them.

use super::Campaign;
use crate::support::both::TestDb;
use crate::support::scripted_smtp::{Reply, Script, Stage};

const READERS: usize = 20;
/// A lane pauses after each try of a relay that cannot be used.
const FEW: usize = 4;

fn asking(mechanisms: &str) -> Script {
    let announced = ["PIPELINING", "8BITMIME", mechanisms];
    Script::default()
        .announces(&announced)
        .asks_for_login("xabar", "secret")
}

async fn reaches_everybody(case: &str, script: Script) -> Campaign {
    let db = TestDb::sqlite();
    let campaign = Campaign::to(&db, READERS, 2, script).await;
    campaign.work().await;
    campaign.assert_everybody_once(case).await;
    campaign
}

/// Nothing was tried, so nobody is deferred; and the issue says what is wrong, in these words.
async fn cannot_be_used(case: &str, script: Script, words: &[&str]) {
    let db = TestDb::sqlite();
    let campaign = Campaign::to(&db, FEW, 2, script).await;
    campaign.work().await;
    let counts = campaign.counts().await;
    assert_eq!(
        counts,
        format!("queued={FEW}"),
        "{case}: {}",
        campaign.replies().await
    );
    assert_eq!(campaign.relay.commands_named("MAIL").len(), 0, "{case}");
    // Wherever the API says it.
    let told = campaign.for_owner().await.to_string();
    for word in words {
        assert!(told.contains(word), "{case}: no {word} in {told}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_usual_way_to_sign_in_is_taken() {
    for mechanisms in [
        "AUTH PLAIN",
        "AUTH LOGIN",
        "AUTH LOGIN PLAIN",
        "AUTH CRAM-MD5 PLAIN",
        "auth plain",
    ] {
        let campaign = reaches_everybody(mechanisms, asking(mechanisms)).await;
        assert_eq!(
            campaign.relay.most_on_one_connection("EHLO"),
            1,
            "{mechanisms}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ehlo_is_not_said_again_after_the_login() {
    let script = asking("AUTH PLAIN").ehlo_signs_out();
    reaches_everybody("EHLO signs out", script).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_order_of_prompts_decides_and_not_their_words() {
    // "Benutzer" and "Kennwort", nothing at all, and what is no Base64.
    for prompts in [
        ["QmVudXR6ZXI=", "S2VubndvcnQ="],
        ["", ""],
        ["Username:", "Password:"],
    ] {
        let script = asking("AUTH LOGIN").login_prompts(prompts);
        reaches_everybody(&format!("{prompts:?}"), script).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_form_before_the_standard_is_understood() {
    for mechanisms in ["AUTH=LOGIN PLAIN", "AUTH=PLAIN", "AUTH=LOGIN"] {
        reaches_everybody(mechanisms, asking(mechanisms)).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_next_mechanism_is_tried_where_one_is_not_taken() {
    for reply in [
        "504 5.5.4 Unrecognized authentication type",
        "534 5.7.9 Mechanism is too weak",
    ] {
        let script = asking("AUTH PLAIN LOGIN").on(Stage::Auth, move |moment| {
            let plain = moment.line.to_ascii_uppercase().starts_with("AUTH PLAIN");
            plain.then(|| Reply::line(reply))
        });
        let campaign = reaches_everybody(reply, script).await;
        let tried = campaign.relay.commands_named("AUTH");
        let login = tried
            .iter()
            .filter(|command| command.line.contains("LOGIN"));
        assert!(login.count() > 0, "{tried:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_relay_without_a_usable_mechanism_is_named_with_what_it_offers() {
    for offered in ["CRAM-MD5", "XOAUTH2", "GSSAPI NTLM"] {
        let script = asking(&format!("AUTH {offered}"));
        cannot_be_used(offered, script, &[offered.split(' ').next().unwrap()]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_defers_nobody() {
    let script = asking("AUTH PLAIN LOGIN").on(Stage::Auth, |_| {
        Some(Reply::line("535 5.7.8 Authentication credentials invalid"))
    });
    cannot_be_used("a wrong password", script, &["535", "smtp.url"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_password_is_not_tried_for_each_mail() {
    let script = asking("AUTH PLAIN").on(Stage::Auth, |_| {
        Some(Reply::line("535 5.7.8 Authentication credentials invalid"))
    });
    let db = TestDb::sqlite();
    let campaign = Campaign::to(&db, FEW, 1, script).await;
    campaign.work().await;
    assert_eq!(campaign.counts().await, format!("queued={FEW}"));
    campaign.work().await;
    assert_eq!(campaign.relay.commands_named("AUTH").len(), 1);
}
