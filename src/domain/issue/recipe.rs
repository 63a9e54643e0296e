//! What a new issue of a newsletter begins with.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{IssueContent, Item, Part, PartKind};

/// One part of the issues of a newsletter, in its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RecipePart {
    /// Which.
    pub kind: PartKind,
    /// Its heading, where it is another than the usual one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
}

/// The recipe of a newsletter that has none of its own.
#[must_use]
pub fn shipped_recipe() -> Vec<RecipePart> {
    use PartKind::{Agenda, Analysis, Articles, News, Photo, Press, Support};
    [News, Analysis, Articles, Photo, Agenda, Press, Support]
        .map(|kind| RecipePart { kind, title: None })
        .into()
}

impl PartKind {
    /// Whether its usual content is items, and not one text.
    #[must_use]
    pub fn has_items(self) -> bool {
        !matches!(self, Self::Support | Self::Text)
    }
}

impl IssueContent {
    /// An issue in which nothing is written yet, with the parts of a recipe, each with an empty item.
    #[must_use]
    pub fn from_recipe(recipe: &[RecipePart]) -> Self {
        let part = |part: &RecipePart| Part {
            kind: part.kind,
            title: part.title.clone(),
            body: String::new(),
            items: Vec::from_iter(part.kind.has_items().then(Item::blank)),
        };
        Self {
            subject: String::new(),
            preheader: String::new(),
            intro: String::new(),
            parts: recipe.iter().map(part).collect(),
        }
    }

    /// Its parts as a recipe.
    #[must_use]
    pub fn recipe(&self) -> Vec<RecipePart> {
        let part = |part: &Part| RecipePart {
            kind: part.kind,
            title: part.title.clone(),
        };
        self.parts.iter().map(part).collect()
    }
}
