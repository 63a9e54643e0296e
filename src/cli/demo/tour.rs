//! The whole main job over real HTTP and real SMTP, step by step.

use std::time::Duration;

use reqwest::{Client, StatusCode};
use serde_json::{Value, json};

use super::{Running, sample};
use crate::cli::CliError;
use crate::cli::output::Output;
use crate::domain::Language;

const READER: &str = "aigerim@example.org";
/// How long to wait for what a worker does.
const STEP_TIMEOUT: Duration = Duration::from_secs(30);
const POLL_INTERVAL: Duration = Duration::from_millis(50);

/// Plays the tour; fails at the first step that did not really happen.
pub(super) async fn play(running: &Running, out: Output) -> Result<(), CliError> {
    let tour = Tour {
        running,
        http: Client::new(),
        out,
    };
    tour.sign_up().await?;
    let link = tour.confirmation_mail().await?;
    tour.confirm(&link).await?;
    let issue = tour.write_issue().await?;
    tour.send(&issue).await?;
    let digest = tour.digest(&issue).await?;
    tour.unsubscribe(&digest).await?;
    tour.stays_away().await?;
    tour.say("done", "the main job works from end to end")
}

struct Tour<'a> {
    running: &'a Running,
    http: Client,
    out: Output,
}

impl Tour<'_> {
    fn say(&self, step: &str, seen: &str) -> Result<(), CliError> {
        if self.out.json {
            return self.out.line(json!({ "step": step, "seen": seen }));
        }
        self.out.line(format_args!("{step:<14}{seen}"))
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.running.base)
    }

    async fn sign_up(&self) -> Result<(), CliError> {
        let form = [
            ("email", READER),
            ("newsletter", "asie-centrale"),
            ("lang", "fr"),
            ("countries", "kz"),
            ("countries", "kg"),
            ("consent", "on"),
        ];
        let answer = self
            .http
            .post(self.url("/subscribe"))
            .form(&form)
            .send()
            .await
            .map_err(failed("sign-up"))?;
        expect("sign-up", answer.status(), StatusCode::OK)?;
        self.say(
            "sign-up",
            &format!("POST /subscribe for {READER} answered 200"),
        )
    }

    async fn confirmation_mail(&self) -> Result<String, CliError> {
        let mail = self
            .wait_for_mail("confirmation", |mail| {
                text(mail, "text").contains("/confirm/")
            })
            .await?;
        let link = find_link(text(&mail, "text"), "/confirm/")?;
        self.say(
            "mail",
            &format!(
                "“{}” came over SMTP with a confirmation link",
                text(&mail, "subject")
            ),
        )?;
        Ok(link)
    }

    async fn confirm(&self, link: &str) -> Result<(), CliError> {
        let page = self
            .http
            .get(link)
            .send()
            .await
            .map_err(failed("confirm"))?;
        expect("confirm", page.status(), StatusCode::OK)?;
        let pressed = self
            .http
            .post(link)
            .send()
            .await
            .map_err(failed("confirm"))?;
        expect("confirm", pressed.status(), StatusCode::OK)?;
        self.wait_for_mail("welcome", |mail| {
            text(mail, "text").contains("/preferences/")
        })
        .await?;
        self.say(
            "confirm",
            "the button of the page activated the subscription; a welcome mail came",
        )
    }

    async fn write_issue(&self) -> Result<String, CliError> {
        let content = sample::issue(Language::Fr, &self.running.base)?;
        let mut issue =
            serde_json::to_value(content).map_err(|e| CliError::Failed(e.to_string()))?;
        issue["newsletter"] = json!("asie-centrale");
        let answer = self
            .http
            .post(self.url("/api/v1/issues"))
            .bearer_auth(&self.running.token)
            .json(&issue);
        let answer = answer.send().await.map_err(failed("issue"))?;
        expect("issue", answer.status(), StatusCode::CREATED)?;
        let issue: Value = answer.json().await.map_err(failed("issue"))?;
        let id = text(&issue, "id").to_owned();
        self.say(
            "issue",
            &format!(
                "POST /api/v1/issues made the draft “{}”",
                text(&issue, "subject")
            ),
        )?;
        Ok(id)
    }

    async fn send(&self, issue: &str) -> Result<(), CliError> {
        let url = self.url(&format!("/api/v1/issues/{issue}/send"));
        for _ in 0..2 {
            let answer = self
                .http
                .post(&url)
                .bearer_auth(&self.running.token)
                .send()
                .await;
            expect(
                "send",
                answer.map_err(failed("send"))?.status(),
                StatusCode::ACCEPTED,
            )?;
        }
        self.say(
            "send",
            "POST …/send answered 202; a second click changed nothing",
        )
    }

    async fn digest(&self, issue: &str) -> Result<Value, CliError> {
        let mail = self
            .wait_for_mail("digest", |mail| text(mail, "headers").contains(":digest:"))
            .await?;
        let url = self.url(&format!("/api/v1/issues/{issue}"));
        let state = self
            .wait("the issue to be sent", async || {
                let answer = self
                    .http
                    .get(&url)
                    .bearer_auth(&self.running.token)
                    .send()
                    .await;
                let state: Value = answer
                    .map_err(failed("digest"))?
                    .json()
                    .await
                    .map_err(failed("digest"))?;
                Ok((state["status"] == "sent").then_some(state))
            })
            .await?;
        let counts = &state["counts"];
        if counts["audience"] != 1 || counts["sent"] != 1 {
            return Err(CliError::Failed(format!(
                "digest: the counts are {counts}, not 1 of 1 sent"
            )));
        }
        self.say(
            "digest",
            &format!(
                "“{}” is in the mailbox; the ledger says 1 of 1 sent",
                text(&mail, "subject")
            ),
        )?;
        Ok(mail)
    }

    async fn unsubscribe(&self, digest: &Value) -> Result<(), CliError> {
        let unfolded = text(digest, "headers").replace("\r\n ", " ");
        let header = unfolded
            .lines()
            .find(|line| line.starts_with("List-Unsubscribe:"))
            .unwrap_or_default();
        let link = find_link(header, "/unsubscribe/")?;
        let click = self
            .http
            .post(&link)
            .form(&[("List-Unsubscribe", "One-Click")])
            .send()
            .await;
        expect(
            "unsubscribe",
            click.map_err(failed("unsubscribe"))?.status(),
            StatusCode::OK,
        )?;
        self.say("unsubscribe", "the one-click POST of RFC 8058 answered 200")
    }

    /// A second issue has nobody to go to.
    async fn stays_away(&self) -> Result<(), CliError> {
        let issue = self.write_issue().await?;
        let url = self.url(&format!("/api/v1/issues/{issue}/send"));
        let request = self.http.post(&url).bearer_auth(&self.running.token);
        let answer = request.send().await.map_err(failed("goodbye"))?;
        expect("goodbye", answer.status(), StatusCode::UNPROCESSABLE_ENTITY)?;
        let refusal: Value = answer.json().await.map_err(failed("goodbye"))?;
        let why = text(&refusal, "detail");
        if !why.contains("nobody would get it") {
            return Err(CliError::Failed(format!(
                "goodbye: the next issue was refused with “{why}”"
            )));
        }
        self.say(
            "goodbye",
            "the next issue is refused, as nobody would get it: the reader has left",
        )
    }

    async fn wait_for_mail(
        &self,
        what: &str,
        is_it: impl Fn(&Value) -> bool,
    ) -> Result<Value, CliError> {
        self.wait(&format!("the {what} mail"), async || {
            let mails = self
                .http
                .get(self.url("/mailbox.json"))
                .send()
                .await
                .map_err(failed(what))?;
            let mails: Vec<Value> = mails.json().await.map_err(failed(what))?;
            Ok(mails
                .into_iter()
                .find(|mail| text(mail, "to").contains(READER) && is_it(mail)))
        })
        .await
    }

    async fn wait<T>(
        &self,
        what: &str,
        look: impl AsyncFn() -> Result<Option<T>, CliError>,
    ) -> Result<T, CliError> {
        let search = async {
            loop {
                if let Some(found) = look().await? {
                    return Ok(found);
                }
                tokio::time::sleep(POLL_INTERVAL).await;
            }
        };
        let too_long = || {
            CliError::Failed(format!(
                "waited {} s in vain for {what}",
                STEP_TIMEOUT.as_secs()
            ))
        };
        tokio::time::timeout(STEP_TIMEOUT, search)
            .await
            .map_err(|_| too_long())?
    }
}

fn text<'a>(value: &'a Value, field: &str) -> &'a str {
    value[field].as_str().unwrap_or_default()
}

fn find_link(text: &str, part: &str) -> Result<String, CliError> {
    text.split(|c: char| c.is_whitespace() || "<>()\"".contains(c))
        .find(|word| word.starts_with("http") && word.contains(part))
        .map(str::to_owned)
        .ok_or_else(|| {
            CliError::Failed(format!("there is no link with {part} where one should be"))
        })
}

fn failed(step: &str) -> impl FnOnce(reqwest::Error) -> CliError {
    move |error| CliError::Failed(format!("{step}: {error}"))
}

fn expect(step: &str, seen: StatusCode, wanted: StatusCode) -> Result<(), CliError> {
    if seen == wanted {
        return Ok(());
    }
    Err(CliError::Failed(format!(
        "{step}: answered {seen} instead of {wanted}"
    )))
}
