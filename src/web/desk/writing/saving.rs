//! Saving what was typed, and the buttons of the writing page.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::{HeaderMap, HeaderName, HeaderValue};
use axum::response::{IntoResponse, Redirect, Response};
use serde_json::json;

use super::arrange::Arrangement;
use super::form::{Draft, WrittenForm};
use super::page::{Conflict, WritePage};
use super::{IssueInPath, Opened, correction, open};
use crate::domain::{Issue, IssueId, IssueState, Language, Role};
use crate::publish::{self, Base, PublishError, Saved, Step};
use crate::service::Service;
use crate::store::issue::history::SavedState;
use crate::texts::{local_time, text};
use crate::web::desk::csrf::CsrfBody;
use crate::web::desk::layout::{DeskLayout, Section};
use crate::web::desk::refusal::refusal;
use crate::web::desk::signed_in::is_htmx;
use crate::web::desk::{DeskError, SignedIn};

/// One request of the writing page.
struct Request<'a> {
    service: &'a Service,
    signed_in: &'a SignedIn,
    layout: DeskLayout,
    opened: Opened,
    /// Whether htmx asks, and gets parts of the page.
    htmx: bool,
}

/// POST /desk/issues/{id}/write
pub(in crate::web::desk) async fn save(
    State(service): State<Service>,
    signed_in: SignedIn,
    IssueInPath(id): IssueInPath,
    headers: HeaderMap,
    CsrfBody(body): CsrfBody,
) -> Result<Response, DeskError> {
    let request = Request {
        service: &service,
        layout: DeskLayout::new(&signed_in, Section::Issues),
        opened: open(&service, &signed_in, id, Role::Editor).await?,
        signed_in: &signed_in,
        htmx: is_htmx(&headers),
    };
    if let Some(aside) = correction::confirmed(&body) {
        return request.correct(aside).await;
    }
    let form = WrittenForm::parse(&body);
    if let Some(number) = form.action.strip_prefix("undo:") {
        return request.undo(number.parse().ok()).await;
    }
    request.act(form).await
}

impl Request<'_> {
    fn language(&self) -> Language {
        self.layout.language()
    }

    fn say(&self, key: &str) -> String {
        text(self.language(), key, &[])
    }

    fn id(&self) -> IssueId {
        self.opened.issue.id
    }

    fn refused(&self, error: PublishError) -> DeskError {
        refusal(self.language(), error)
    }

    fn now(&self) -> String {
        let zone = &self.opened.newsletter.time_zone;
        local_time(self.language(), zone.to_datetime(self.service.clock.now()))
    }

    /// Saves what was typed, then does what the button says.
    async fn act(mut self, form: WrittenForm) -> Result<Response, DeskError> {
        let mut draft = form.draft;
        let base = match (form.action.as_str(), form.version) {
            ("overwrite", _) | (_, None) => Base::Anything,
            (_, Some(version)) => Base::Version(version),
        };
        let typed = (base, Step::Typed);
        let saved = publish::save(
            self.service,
            self.id(),
            &draft.content,
            typed,
            &self.opened.actor,
        );
        match saved.await {
            Ok(Saved::Superseded { now, by }) => return self.superseded(&draft, now, by),
            Ok(Saved::Written(issue) | Saved::Aside(issue)) => self.opened.issue = issue,
            Err(error @ PublishError::Invalid(_)) => return self.not_saved(&draft, error),
            Err(error) => return Err(self.refused(error)),
        }
        match form.action.as_str() {
            "apply" => return self.apply(&draft).await,
            "compare" => {
                return correction::compare(self.service, &self.layout, &self.opened, &draft).await;
            }
            "recipe" => return self.keep_recipe(&draft).await,
            _ => {}
        }
        let Some(arrangement) = Arrangement::parse(&form.action, form.new_kind) else {
            return self.answer(&draft, None, "");
        };
        let before = publish::latest_state(self.service, self.id()).await;
        let before = before.map_err(|error| self.refused(error))?;
        let arranged = arrangement.apply(&mut draft);
        let step = (Base::Version(self.opened.issue.version), Step::Own);
        let saved = publish::save(
            self.service,
            self.id(),
            &draft.content,
            step,
            &self.opened.actor,
        );
        match saved.await.map_err(|error| self.refused(error))? {
            Saved::Superseded { now, by } => return self.superseded(&draft, now, by),
            Saved::Written(issue) | Saved::Aside(issue) => self.opened.issue = issue,
        }
        let undo = before
            .filter(|_| arranged.removed)
            .map(|state| state.number);
        self.answer_with_cards(&draft, undo, &arranged.focus)
    }

    /// Goes back to the state before something was removed.
    async fn undo(mut self, number: Option<i64>) -> Result<Response, DeskError> {
        let number = number.ok_or(DeskError::NotFound)?;
        let state = publish::saved_state(self.service, self.id(), number).await;
        let state = state.map_err(|error| self.refused(error))?;
        let draft = Draft::opened(state.content);
        let step = (Base::Anything, Step::Own);
        let saved = publish::save(
            self.service,
            self.id(),
            &draft.content,
            step,
            &self.opened.actor,
        );
        let saved = saved.await.map_err(|error| self.refused(error))?;
        if let Saved::Written(issue) | Saved::Aside(issue) = saved {
            self.opened.issue = issue;
        }
        self.answer_with_cards(&draft, None, "")
    }

    /// Changes a scheduled issue.
    async fn apply(&self, draft: &Draft) -> Result<Response, DeskError> {
        let version = Some(self.opened.issue.version);
        let content = draft.content.clone();
        let applied = publish::apply(
            self.service,
            self.id(),
            content,
            version,
            &self.opened.actor,
        );
        match applied.await {
            Ok(_) => Ok(self.back_to("send")),
            Err(error) => self.not_saved(draft, error),
        }
    }

    /// Corrects a paused issue with what was compared.
    async fn correct(&self, aside: correction::Confirmed) -> Result<Response, DeskError> {
        let state = publish::saved_state(self.service, self.id(), aside.state).await;
        let state = state.map_err(|error| self.refused(error))?;
        let (service, actor) = (self.service, &self.opened.actor);
        let corrected = publish::apply(
            service,
            self.id(),
            state.content,
            Some(aside.version),
            actor,
        )
        .await;
        corrected.map_err(|error| self.refused(error))?;
        Ok(self.back_to("watch"))
    }

    async fn keep_recipe(&self, draft: &Draft) -> Result<Response, DeskError> {
        let newsletter = &self.opened.newsletter;
        let actor = self.signed_in.require(newsletter.id, Role::Editor)?;
        let recipe = draft.content.recipe();
        publish::set_recipe(self.service, &newsletter.slug, Some(&recipe), None, &actor)
            .await
            .map_err(|error| self.refused(error))?;
        self.answer(draft, Some(self.say("desk-recipe-kept")), "")
    }

    fn back_to(&self, page: &str) -> Response {
        Redirect::to(&format!("/desk/issues/{}/{page}", self.id())).into_response()
    }

    fn page<'p>(&self, draft: &'p Draft) -> Result<WritePage<'p>, DeskError> {
        WritePage::new(self.service, self.signed_in, &self.opened, draft)
    }

    /// What a save is answered with: for htmx, what stands beside the fields.
    fn answer(
        &self,
        draft: &Draft,
        says: Option<String>,
        focus: &str,
    ) -> Result<Response, DeskError> {
        if !self.htmx {
            return Ok(self.back_to("write"));
        }
        let mut page = self.page(draft)?;
        page.says = says.unwrap_or_else(|| self.saved_words());
        Ok(self.saved(&page, focus))
    }

    /// The same with all cards.
    fn answer_with_cards(
        &self,
        draft: &Draft,
        undo: Option<i64>,
        focus: &str,
    ) -> Result<Response, DeskError> {
        let mut page = self.page(draft)?;
        page.undo = undo;
        if !self.htmx {
            // The undo is on this page alone.
            return Ok(match undo {
                Some(_) => self.layout.answer(StatusCode::OK, &page),
                None => self.back_to("write"),
            });
        }
        page.says = self.saved_words();
        page.parts_too = true;
        let focus = if focus == "undo" && undo.is_none() {
            ""
        } else {
            focus
        };
        Ok(self.saved(&page, focus))
    }

    fn saved_words(&self) -> String {
        let key = match self.opened.issue.state {
            IssueState::Draft => "desk-saved",
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
    fn superseded(
        &self,
        draft: &Draft,
        now: Issue,
        by: Option<SavedState>,
    ) -> Result<Response, DeskError> {
        let name = by
            .map(|state| state.actor_name)
            .filter(|name| !name.is_empty());
        let name = name.unwrap_or_else(|| self.say("desk-somebody"));
        let says = text(self.language(), "desk-conflict", &[("name", name.into())]);
        let mut page = self.page(draft)?;
        // The next save of this page must not pass as if it knew of the other one.
        page.version = now.version.min(self.opened.issue.version) - 1;
        page.conflict = Some(Conflict { says });
        page.says = self.say("desk-not-saved");
        page.problem = true;
        Ok(self.refusing(StatusCode::CONFLICT, &page))
    }

    /// What was typed does not fit: it stays on the page.
    fn not_saved(&self, draft: &Draft, error: PublishError) -> Result<Response, DeskError> {
        let said = match self.refused(error) {
            DeskError::Invalid(said) | DeskError::Conflict(said) => said,
            other => return Err(other),
        };
        let mut page = self.page(draft)?;
        page.says.clone_from(&said);
        page.error = Some(said);
        page.problem = true;
        Ok(self.refusing(StatusCode::UNPROCESSABLE_ENTITY, &page))
    }

    fn refusing(&self, status: StatusCode, page: &WritePage<'_>) -> Response {
        if self.htmx {
            self.layout.fragment(status, "desk/_saved.html", page)
        } else {
            self.layout.answer(status, page)
        }
    }
}
