//! Saving what was typed, and the buttons of the writing page.

use axum::extract::State;
use axum::http::header::HeaderMap;
use axum::response::{IntoResponse, Redirect, Response};

use super::arrange::Arrangement;
use super::form::{Draft, WrittenForm};
use super::undo::{Gone, Undo};
use super::{IssueInPath, Opened, correction, open};
use crate::domain::{ContentMarks, Issue, IssueContent, IssueId, IssueState, Language, Role};
use crate::publish::{self, Base, CheckList, FindingView, PublishError, Saved, Step};
use crate::service::Service;
use crate::store::issue::history::SavedState;
use crate::texts::{local_time, text};
use crate::web::desk::csrf::CsrfBody;
use crate::web::desk::layout::{DeskLayout, Section};
use crate::web::desk::refusal::refusal;
use crate::web::desk::signed_in::is_htmx;
use crate::web::desk::{DeskError, SignedIn};

/// The header in which htmx names the element that the answer goes into.
const TARGET: &str = "hx-target";

/// What the fields of a page had from the issue before it was typed into them.
#[derive(Debug, Default)]
pub(super) struct Shown {
    pub(super) version: i64,
    pub(super) marks: Option<ContentMarks>,
    /// What was typed, where the issue now also has what somebody else has changed.
    pub(super) typed: Option<IssueContent>,
    /// The fields that somebody else has changed, as the API names them.
    pub(super) theirs: Vec<String>,
}

/// One request of the writing page.
pub(super) struct Request<'a> {
    pub(super) service: &'a Service,
    pub(super) signed_in: &'a SignedIn,
    pub(super) layout: DeskLayout,
    pub(super) opened: Opened,
    /// What the fields of the page have from the issue.
    pub(super) shown: Shown,
    /// Whether it comes from the page of an issue that had been sent.
    pub(super) corrects_page: bool,
    /// Whether htmx asks, and gets parts of the page.
    pub(super) htmx: bool,
    /// Whether it puts the answer in the place of the cards.
    pub(super) cards: bool,
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
        shown: Shown::default(),
        corrects_page: false,
        htmx: is_htmx(&headers),
        cards: headers.get(TARGET).is_some_and(|target| target == "parts"),
    };
    if let Some(aside) = correction::confirmed(&body) {
        return request.correct(aside).await;
    }
    request.act(WrittenForm::parse(&body)).await
}

impl Request<'_> {
    pub(super) fn language(&self) -> Language {
        self.layout.language()
    }

    pub(super) fn say(&self, key: &str) -> String {
        text(self.language(), key, &[])
    }

    fn id(&self) -> IssueId {
        self.opened.issue.id
    }

    /// Whether the issue is not written any more on the page that this comes from.
    fn is_over(&self, issue: &Issue) -> bool {
        issue.edit().is_err() || (issue.state == IssueState::Sent && !self.corrects_page)
    }

    pub(super) fn refused(&self, error: PublishError) -> DeskError {
        refusal(self.language(), error)
    }

    /// Saves what was typed, then does what the button says.
    async fn act(mut self, form: WrittenForm) -> Result<Response, DeskError> {
        let mut draft = form.draft;
        self.corrects_page = form.corrects_page;
        // Who was told of another's text and keeps the own one goes on as by the button behind the dash.
        let overwrites = form.action.strip_prefix("overwrite");
        let action = overwrites.map_or(form.action.as_str(), |then| then.trim_start_matches('-'));
        let undo = Undo::parse(action);
        let arrangement = Arrangement::parse(action, form.new_kind);
        let base = match (overwrites, form.version, form.marks.clone()) {
            (Some(_), _, Some(marks)) => Base::Decided(marks),
            (Some(_), ..) | (_, None, _) => Base::Anything,
            (None, Some(version), None) => Base::Version(version),
            (None, Some(version), Some(marks)) => Base::Shown {
                version,
                marks,
                same_parts: undo.is_some() || arrangement.is_some(),
            },
        };
        self.shown.version = form.version.unwrap_or_default();
        self.shown.marks = form.marks;
        if let Some(answer) = self.keep(&mut draft, (base, Step::Typed)).await? {
            return Ok(answer);
        }
        if !self.htmx && self.is_over(&self.opened.issue) {
            // It says what was typed, and goes out or has ended: there is nothing to do here.
            return Ok(self.back_to("watch"));
        }
        match (action, self.opened.issue.state) {
            ("apply", IssueState::Draft | IssueState::Scheduled) => {
                return self.apply(&draft).await;
            }
            ("apply" | "compare", _) => {
                return correction::compare(self.service, &self.layout, &self.opened, &draft).await;
            }
            ("recipe", _) => return self.keep_recipe(&draft, form.newsletter_version).await,
            ("send", _) => return Ok(self.back_to("send")),
            ("issue", _) => return self.back_to_issue().await,
            _ => {}
        }
        if let Some(undo) = undo {
            return self.undo(draft, undo).await;
        }
        match arrangement {
            Some(arrangement) => self.arrange(&mut draft, arrangement).await,
            None => self.answer(&draft),
        }
    }

    /// Saves the draft. An answer is what the person gets instead of what they wanted.
    async fn keep(
        &mut self,
        draft: &mut Draft,
        step: (Base, Step),
    ) -> Result<Option<Response>, DeskError> {
        let (service, actor) = (self.service, &self.opened.actor);
        match publish::save(service, self.id(), &draft.content, step, actor).await {
            // It was still written when this page was opened.
            Ok(Saved::Superseded { now, .. } | Saved::Aside(now)) if self.is_over(&now) => {
                self.opened.issue = now;
                return self.too_late(draft).map(Some);
            }
            Ok(Saved::Superseded { now, by, both }) => {
                let by = self.other(by).await?;
                return self.superseded(draft, now, by, &both).map(Some);
            }
            Ok(Saved::Merged { now, theirs }) => {
                let merged = Draft {
                    folded: draft.folded.clone(),
                    content: now.content.clone(),
                };
                self.shown.typed = Some(std::mem::replace(draft, merged).content);
                self.shown.theirs = theirs;
                self.opened.issue = now;
            }
            Ok(Saved::TooLate(now)) => {
                self.opened.issue = now;
                return self.too_late(draft).map(Some);
            }
            Ok(Saved::Written(issue) | Saved::Aside(issue)) => self.opened.issue = issue,
            Err(error @ PublishError::Invalid(_)) => return self.not_saved(draft, error).map(Some),
            Err(error) => return Err(self.refused(error)),
        }
        Ok(None)
    }

    /// Who has written what cannot be put together with what was typed. The latest state may be the own one, together
    /// with what another has written before.
    async fn other(&self, by: Option<SavedState>) -> Result<(Option<String>, bool), DeskError> {
        let own = self.opened.actor.identity();
        let is_own = by.as_ref().is_some_and(|state| state.actor == own);
        if is_own {
            let other = publish::also_writing(self.service, self.id(), &self.opened.actor).await;
            let other = other.map_err(|error| self.refused(error))?;
            let is_own = other.is_none();
            return Ok((other, is_own));
        }
        Ok((by.map(|state| state.actor_name), false))
    }

    /// A step that can be undone by itself, from the state that was just saved.
    fn own_step(&self) -> (Base, Step) {
        (Base::Version(self.opened.issue.version), Step::Own)
    }

    async fn arrange(
        mut self,
        draft: &mut Draft,
        arrangement: Arrangement,
    ) -> Result<Response, DeskError> {
        let before = draft.content.clone();
        let arranged = arrangement.apply(draft);
        if let Some(answer) = self.keep(draft, self.own_step()).await? {
            return Ok(answer);
        }
        let mut gone = None;
        if let Some(removed) = arranged.removed {
            let state = publish::state_with(self.service, self.id(), &before).await;
            let state = state.map_err(|error| self.refused(error))?;
            let title = removed.title(&before, self.language());
            gone = state.map(|state| Gone::new(Undo { state, removed }, title));
        }
        self.answer_with_cards(draft, gone, &arranged.focus)
    }

    /// Brings back what was removed, and leaves everything else as it was typed.
    async fn undo(mut self, mut draft: Draft, undo: Undo) -> Result<Response, DeskError> {
        let state = publish::saved_state(self.service, self.id(), undo.state).await;
        let state = state.map_err(|error| self.refused(error))?;
        let focus = undo.restore(&mut draft, &state.content);
        if let Some(answer) = self.keep(&mut draft, self.own_step()).await? {
            return Ok(answer);
        }
        self.answer_with_cards(&draft, None, &focus)
    }

    /// Puts aside what the issue says, so that the page begins with that again. What was typed stays in the history.
    async fn back_to_issue(mut self) -> Result<Response, DeskError> {
        let mut draft = Draft::opened(self.opened.issue.content.clone());
        let answer = self.keep(&mut draft, self.own_step()).await?;
        Ok(answer.unwrap_or_else(|| self.back_to("write")))
    }

    /// Changes a scheduled issue. What must be mended before the desk sends it does not come into one that goes out by
    /// itself.
    async fn apply(&self, draft: &Draft) -> Result<Response, DeskError> {
        if let Some(said) = self.new_trouble(draft).await? {
            return self.refused_with(draft, said);
        }
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

    /// What the checks find in this text that has to be mended, and that a scheduled issue does not have already.
    async fn new_trouble(&self, draft: &Draft) -> Result<Option<String>, DeskError> {
        let issue = &self.opened.issue;
        let Some(at) = issue
            .scheduled_at
            .filter(|_| issue.state == IssueState::Scheduled)
        else {
            return Ok(None);
        };
        let language = self.language();
        let errors = async |content: Option<&IssueContent>| {
            let checked = publish::check(self.service, issue.id, content).await;
            let checked = checked.map_err(|error| self.refused(error))?;
            let mut findings = CheckList::new(language, &checked).findings;
            findings.retain(FindingView::keeps_back);
            Ok::<_, DeskError>(findings)
        };
        let now = errors(Some(&draft.content)).await?;
        if now.is_empty() {
            return Ok(None);
        }
        let before = errors(None).await?;
        let is_new = |one: &&FindingView| {
            let same = |old: &FindingView| (old.code, &old.message) == (one.code, &one.message);
            !before.iter().any(same)
        };
        let Some(first) = now.iter().find(is_new) else {
            return Ok(None);
        };
        let at = self.opened.newsletter.time_zone.to_datetime(at);
        let values = [
            ("what", first.message.as_str().into()),
            ("time", local_time(language, at).into()),
        ];
        Ok(Some(text(language, "desk-apply-errors", &values)))
    }

    /// Corrects a paused issue, or the page of one that was sent, with what was compared.
    async fn correct(&self, aside: correction::Confirmed) -> Result<Response, DeskError> {
        let state = publish::saved_state(self.service, self.id(), aside.state).await;
        let state = state.map_err(|error| self.refused(error))?;
        let (service, actor) = (self.service, &self.opened.actor);
        if state.content.without_blanks() != self.opened.issue.content {
            let (content, version) = (state.content, Some(aside.version));
            let corrected = publish::apply(service, self.id(), content, version, actor).await;
            corrected.map_err(|error| self.refused(error))?;
        }
        // Who came back to the comparison and pressed the button again has corrected it already.
        Ok(match self.opened.issue.state {
            IssueState::Sent => self.back_to("report?done=corrected"),
            _ => self.back_to("watch"),
        })
    }

    async fn keep_recipe(
        &self,
        draft: &Draft,
        version: Option<i64>,
    ) -> Result<Response, DeskError> {
        let newsletter = &self.opened.newsletter;
        let actor = self.signed_in.require(newsletter.id, Role::Editor)?;
        let recipe = draft.content.recipe();
        let slug = &newsletter.slug;
        match publish::set_recipe(self.service, slug, Some(&recipe), version, &actor).await {
            Ok(_) => Ok(self.back_to("write?recipe=kept")),
            Err(PublishError::Changed { .. }) => {
                self.refused_with(draft, self.say("desk-recipe-changed"))
            }
            Err(error) => self.not_saved(draft, error),
        }
    }

    pub(super) fn back_to(&self, page: &str) -> Response {
        Redirect::to(&format!("/desk/issues/{}/{page}", self.id())).into_response()
    }
}
