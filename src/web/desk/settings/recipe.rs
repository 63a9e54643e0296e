//! The parts with which a new issue begins.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use url::form_urlencoded;

use super::arrange::Move;
use super::page::{PageState, SettingsForm, SettingsPage, UNREADABLE, made_from};
use super::trouble::Trouble;
use super::{Opened, SlugInPath, Tab, one_line};
use crate::domain::{Language, PartKind, RecipePart};
use crate::publish;
use crate::service::Service;
use crate::texts::text;
use crate::web::desk::csrf::CsrfBody;
use crate::web::desk::refusal::refusal;
use crate::web::desk::{DeskError, SignedIn};
use crate::web::public::PageQuery;

/// The most parts that are read; a form has no more by itself.
const MAX_ROWS: usize = 200;

#[derive(Debug, Serialize)]
struct Recipe {
    parts: Vec<RecipePart>,
    kinds: &'static [PartKind],
    usual_titles: BTreeMap<&'static str, String>,
    /// Whether it is the newsletter's own, and not the shipped one.
    own: bool,
    /// The element where the keyboard goes on.
    focus: String,
}

impl SettingsForm for Recipe {
    const TAB: Tab = Tab::Recipe;
    const TEMPLATE: &'static str = "desk/settings/recipe.html";
}

impl Recipe {
    fn new(parts: Vec<RecipePart>, own: bool, language: Language) -> Self {
        let headed = PartKind::ALL.iter().filter(|kind| **kind != PartKind::Text);
        let title = |kind: &PartKind| {
            let usual = text(language, &format!("part-{kind}"), &[]);
            (kind.as_str(), usual)
        };
        Self {
            parts,
            kinds: PartKind::ALL,
            usual_titles: headed.map(title).collect(),
            own,
            focus: String::new(),
        }
    }
}

/// What was sent.
#[derive(Debug, Default)]
struct Sent {
    version: Option<i64>,
    action: String,
    new_kind: Option<PartKind>,
    parts: Vec<RecipePart>,
    /// Whether there is a part that no issue can have, or more than that.
    unknown: bool,
}

impl Sent {
    fn parse(body: &[u8]) -> Self {
        let mut sent = Self::default();
        for (name, value) in form_urlencoded::parse(body) {
            match &*name {
                "version" => sent.version = value.parse().ok(),
                "do" => sent.action = value.into_owned(),
                "new-kind" => sent.new_kind = value.parse().ok(),
                "part" => match value.parse() {
                    Ok(kind) if sent.parts.len() < MAX_ROWS => {
                        sent.parts.push(RecipePart { kind, title: None });
                    }
                    // A title that follows would be taken for that of another part.
                    _ => sent.unknown = true,
                },
                "part-title" => {
                    let title = Some(one_line(&value)).filter(|title| !title.is_empty());
                    if let Some(part) = sent.parts.last_mut() {
                        part.title = title;
                    }
                }
                _ => {}
            }
        }
        sent
    }

    /// Does what a button says, if it is one that arranges; returns where the keyboard goes on.
    fn arrange(&mut self) -> Option<String> {
        if let Some(step) = Move::parse(&self.action) {
            return Some(step.apply(&mut self.parts));
        }
        match (self.action.as_str(), self.new_kind) {
            ("add", Some(kind)) => {
                self.parts.push(RecipePart { kind, title: None });
                Some(format!("row-{}-title", self.parts.len() - 1))
            }
            ("add" | "arranged", _) => Some(String::new()),
            _ => None,
        }
    }
}

/// GET /desk/settings/{slug}/recipe
pub(super) async fn show(
    State(service): State<Service>,
    signed_in: SignedIn,
    SlugInPath(slug): SlugInPath,
    PageQuery(state): PageQuery<PageState>,
) -> Result<Response, DeskError> {
    let opened = Opened::find(&service, signed_in, &slug).await?;
    let recipe = publish::recipe(&service, &opened.newsletter).await;
    let (parts, own) = recipe.map_err(|error| refusal(opened.language(), error))?;
    let form = Recipe::new(parts, own, opened.newsletter.language);
    Ok(SettingsPage::new(&opened, form).show(&opened, &state))
}

/// POST /desk/settings/{slug}/recipe
pub(super) async fn save(
    State(service): State<Service>,
    signed_in: SignedIn,
    SlugInPath(slug): SlugInPath,
    CsrfBody(body): CsrfBody,
) -> Result<Response, DeskError> {
    let opened = Opened::find(&service, signed_in, &slug).await?;
    let actor = opened.may_change(Tab::Recipe)?;
    let mut sent = Sent::parse(&body);
    let focus = sent.arrange();
    if sent.unknown {
        return Err(UNREADABLE);
    }
    let mut form = Recipe::new(sent.parts, true, opened.newsletter.language);
    if let Some(focus) = focus {
        form.focus = focus;
        return Ok(SettingsPage::new(&opened, form).unsaved(&opened, sent.version));
    }
    let version = made_from(&sent.action, sent.version)?;
    let recipe = match sent.action.as_str() {
        "shipped" => None,
        _ => Some(form.parts.as_slice()),
    };
    let slug = &opened.newsletter.slug;
    match publish::set_recipe(&service, slug, recipe, version, &actor).await {
        Ok(_) => opened.saved(Tab::Recipe, ""),
        Err(error) => {
            let trouble = Trouble::of(&service, &opened, error).await?;
            Ok(SettingsPage::new(&opened, form).refuse(&opened, sent.version, trouble))
        }
    }
}
