//! The parts that a new issue of a newsletter begins with.

use crate::domain::{NewsletterId, RecipePart};
use crate::store::dialect::{execute, fetch_optional_scalar, statements};
use crate::store::rows::{Row, json};
use crate::store::{Read, StoreError, Write};

statements! {
    OF = [r"SELECT recipe FROM newsletter WHERE id = $1"];
    SET = [r"UPDATE newsletter SET recipe = $2, version = version + 1 WHERE id = $1"];
}

/// The recipe of a newsletter; none where it has the shipped one.
pub async fn of(
    db: &mut Read,
    newsletter: NewsletterId,
) -> Result<Option<Vec<RecipePart>>, StoreError> {
    let found: Option<Option<String>> = fetch_optional_scalar!(db, OF, newsletter)?;
    let place = Row {
        table: "newsletter",
        id: &newsletter,
    };
    found
        .flatten()
        .map(|recipe| serde_json::from_str(&recipe).map_err(|e| place.corrupt("recipe", &e)))
        .transpose()
}

/// Gives a newsletter a recipe; none is the shipped one.
pub async fn set(
    tx: &mut Write,
    newsletter: NewsletterId,
    recipe: Option<&[RecipePart]>,
) -> Result<(), StoreError> {
    let recipe = recipe.map(|recipe| json(&recipe)).transpose()?;
    execute!(tx, SET, newsletter, recipe)?;
    Ok(())
}
