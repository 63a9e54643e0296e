//! What a save of the writing page is answered with: the whole page, or for htmx what stands beside the fields.

use axum::http::StatusCode;
use axum::http::header::{HeaderName, HeaderValue};
use axum::response::Response;
use serde_json::json;

use super::form::Draft;
use super::page::{Conflict, OVER, WritePage};
use super::saving::Request;
use super::undo::Gone;
use crate::domain::{ContentMarks, Issue, IssueContent, IssueState};
use crate::publish::PublishError;
use crate::texts::{local_time, text};
use crate::web::desk::DeskError;
use crate::web::desk::refusal::place;

impl Request<'_> {
    fn page<'p>(&self, draft: &'p Draft) -> Result<WritePage<'p>, DeskError> {
        WritePage::new(self.service, self.signed_in, &self.opened, draft)
    }

    fn now(&self) -> String {
        let zone = &self.opened.newsletter.time_zone;
        local_time(self.language(), zone.to_datetime(self.service.clock.now()))
    }

    /// What a save is answered with: for htmx, what stands beside the fields.
    pub(super) fn answer(&self, draft: &Draft) -> Result<Response, DeskError> {
        if !self.htmx {
            return Ok(self.back_to("write"));
        }
        let mut page = self.page(draft)?;
        page.says = self.saved_words(draft);
        if let Some(typed) = &self.shown.typed {
            self.goes_on_from(&mut page, typed);
        }
        Ok(self.saved(&page, ""))
    }

    /// The same with all cards.
    pub(super) fn answer_with_cards(
        &self,
        draft: &Draft,
        gone: Option<Gone>,
        focus: &str,
    ) -> Result<Response, DeskError> {
        let mut page = self.page(draft)?;
        let focus = if gone.is_some() { "undo" } else { focus };
        page.undo = gone;
        page.says = self.saved_words(draft);
        if !self.htmx {
            // The undo is on this page alone.
            return Ok(match page.undo {
                Some(_) => self.layout.answer(StatusCode::OK, &page),
                None => self.back_to("write"),
            });
        }
        page.parts_too = true;
        if let Some(typed) = &self.shown.typed {
            // The cards of the answer are those of the issue.
            let shown = IssueContent {
                parts: draft.content.parts.clone(),
                ..typed.clone()
            };
            self.goes_on_from(&mut page, &shown);
        }
        Ok(self.saved(&page, focus))
    }

    /// The fields of the page keep what they show, which is not all that the issue says: the next save is made from
    /// that.
    fn goes_on_from(&self, page: &mut WritePage<'_>, shown: &IssueContent) {
        page.base = ContentMarks::of(shown).to_string();
        page.version = self.shown.version;
        page.merged = true;
    }

    /// Fields of an issue in words.
    fn fields(&self, fields: &[String]) -> String {
        let named = fields.iter().map(|field| place(self.language(), field));
        named.collect::<Vec<_>>().join(", ")
    }

    fn saved_words(&self, draft: &Draft) -> String {
        let issue = &self.opened.issue;
        if !self.shown.theirs.is_empty() {
            let fields = self.fields(&self.shown.theirs);
            let values = [("time", self.now().into()), ("fields", fields.into())];
            return text(self.language(), "desk-saved-beside", &values);
        }
        let key = match issue.state {
            IssueState::Draft => "desk-saved",
            _ if issue.content == draft.content => "desk-saved-as-shown",
            _ => "desk-kept-aside",
        };
        text(self.language(), key, &[("time", self.now().into())])
    }

    fn saved(&self, page: &WritePage<'_>, focus: &str) -> Response {
        let mut answer = self
            .layout
            .fragment(StatusCode::OK, "desk/_saved.html", page);
        let mut events = json!({ "saved": { "version": page.version } });
        if !focus.is_empty() {
            events["focus-on"] = json!({ "value": focus });
        }
        if let Ok(events) = HeaderValue::from_str(&events.to_string()) {
            let name = HeaderName::from_static("hx-trigger-after-settle");
            answer.headers_mut().insert(name, events);
        }
        answer
    }

    /// Somebody else was quicker: nothing is overwritten, and what was typed stays on the page.
    pub(super) fn superseded(
        &self,
        draft: &Draft,
        now: Issue,
        (name, is_own): (Option<String>, bool),
        both: &[String],
    ) -> Result<Response, DeskError> {
        let name = name.filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| self.say("desk-somebody"));
        let say = |key: &str| match is_own {
            true => self.say(&format!("{key}-own")),
            false => text(self.language(), key, &[("name", name.clone().into())]),
        };
        let mut page = self.page(draft)?;
        // The next save of this page must not pass as if it knew of the other one.
        page.version = now.version.min(self.opened.issue.version) - 1;
        page.conflict = Some(Conflict {
            says: say("desk-conflict"),
            fields: self.fields(both),
            decide: true,
        });
        page.says = say("desk-not-saved");
        page.problem = true;
        page.unsaved = Some("kept");
        Ok(self.refusing(StatusCode::CONFLICT, page))
    }

    /// The issue goes out or has ended: what was typed stays on the page, and is in the history alone.
    pub(super) fn too_late(&self, draft: &Draft) -> Result<Response, DeskError> {
        let issue = &self.opened.issue;
        let zone = &self.opened.newsletter.time_zone;
        let began = issue.started_at.unwrap_or(issue.created_at);
        let began = local_time(self.language(), zone.to_datetime(began));
        let key = format!("desk-too-late-{}", issue.state);
        let mut page = self.page(draft)?;
        page.mode = OVER;
        page.conflict = Some(Conflict {
            says: text(self.language(), &key, &[("time", began.into())]),
            fields: String::new(),
            decide: false,
        });
        page.says = self.say("desk-too-late");
        page.problem = true;
        // For the scripts of the page it is saved: there is nothing to try again.
        let status = match self.htmx {
            true => StatusCode::OK,
            false => StatusCode::CONFLICT,
        };
        Ok(self.refusing(status, page))
    }

    /// What was typed does not fit: it stays on the page.
    pub(super) fn not_saved(
        &self,
        draft: &Draft,
        error: PublishError,
    ) -> Result<Response, DeskError> {
        let said = match self.refused(error) {
            DeskError::Invalid(said) | DeskError::Conflict(said) => said,
            other => return Err(other),
        };
        self.refused_with(draft, said)
    }

    pub(super) fn refused_with(&self, draft: &Draft, said: String) -> Result<Response, DeskError> {
        let mut page = self.page(draft)?;
        page.says.clone_from(&said);
        page.error = Some(said);
        page.problem = true;
        page.unsaved = Some("yes");
        Ok(self.refusing(StatusCode::UNPROCESSABLE_ENTITY, page))
    }

    fn refusing(&self, status: StatusCode, mut page: WritePage<'_>) -> Response {
        // An answer without the cards would leave none on the page.
        page.parts_too = self.cards;
        if let Some(marks) = &self.shown.marks {
            // It has not been saved: it is still made from that.
            page.base = marks.to_string();
        }
        if self.htmx {
            self.layout.fragment(status, "desk/_saved.html", &page)
        } else {
            self.layout.answer(status, &page)
        }
    }
}
