//! The parts with which the issues of a newsletter begin.

use super::PublishError;
use super::edited::Edited;
use super::newsletter::{finish, lock};
use crate::domain::{
    Actor, InvalidField, Newsletter, OtherSetting, RecipePart, Slug, is_one_line, shipped_recipe,
    xml_text,
};
use crate::service::Service;
use crate::store;

/// The most parts of a recipe, and the longest heading, in characters: those of an issue.
const MAX_PARTS: usize = 50;
const MAX_TITLE_CHARS: usize = 250;

/// The parts with which an issue of the newsletter begins, and whether they are its own.
///
/// # Errors
/// When the database cannot be used.
pub async fn recipe(
    service: &Service,
    newsletter: &Newsletter,
) -> Result<(Vec<RecipePart>, bool), PublishError> {
    let mut db = service.store.read().await?;
    let own = store::newsletter::recipe::of(&mut db, newsletter.id).await?;
    let is_own = own.is_some();
    Ok((own.unwrap_or_else(shipped_recipe), is_own))
}

/// Gives a newsletter the parts with which its issues begin; `None` is the shipped recipe, also as it will be after
/// an upgrade. Issues that are already begun stay as they are. `version`, when given, must be the newsletter's that
/// the change was made from.
///
/// # Errors
/// When a heading does not fit; when there is no such newsletter, or it has changed meanwhile.
pub async fn set_recipe(
    service: &Service,
    slug: &Slug,
    recipe: Option<&[RecipePart]>,
    version: Option<i64>,
    actor: &Actor,
) -> Result<Newsletter, PublishError> {
    check(recipe.unwrap_or_default())?;
    let mut tx = service.store.write().await?;
    let id = lock(&mut tx, slug, version).await?.id;
    store::newsletter::recipe::set(&mut tx, id, recipe).await?;
    finish(service, tx, id, &Edited::other(OtherSetting::Recipe), actor).await
}

fn check(recipe: &[RecipePart]) -> Result<(), PublishError> {
    let mut wrong = Vec::new();
    if recipe.len() > MAX_PARTS {
        let why = format!("there may be at most {MAX_PARTS} parts");
        wrong.push(InvalidField::new("parts", why));
    }
    for (index, part) in recipe.iter().enumerate() {
        let title = part.title.as_deref().unwrap_or_default();
        let place = format!("parts[{index}].title");
        if let Err(why) = xml_text(title) {
            wrong.push(InvalidField::new(&place, why));
        } else if !is_one_line(title) {
            wrong.push(InvalidField::new(&place, "must be one line of text"));
        } else if title.chars().count() > MAX_TITLE_CHARS {
            wrong.push(InvalidField::new(
                &place,
                "must have at most 250 characters",
            ));
        }
    }
    if wrong.is_empty() {
        Ok(())
    } else {
        Err(PublishError::Invalid(wrong))
    }
}
