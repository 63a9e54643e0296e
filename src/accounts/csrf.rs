//! What the forms of the desk carry, so that no page of another site can send them.
//!
//! A token is the day on which it was made and a keyed hash of that day and the editor. It belongs to the
//! person and not to the session: who has to sign in again while writing, in another tab, can then
//! send the form that was open.

use subtle::ConstantTimeEq;

use crate::domain::EditorId;
use crate::service::Service;

const SECONDS_OF_DAY: i64 = 86_400;

/// A token for the forms of an editor.
pub(super) fn token(service: &Service, editor: EditorId) -> String {
    of_day(service, editor, today(service))
}

/// Whether this is a token of the editor that is no older than a session may be. The comparison takes
/// equally long for each token of the right length.
#[must_use]
pub fn is_valid(service: &Service, editor: EditorId, given: &str) -> bool {
    let day = given.split_once('.').and_then(|(day, _)| day.parse().ok());
    let Some(day): Option<i64> = day else {
        return false;
    };
    let days = i64::from(service.settings.desk.absolute_days);
    let fresh = (0..=days).contains(&today(service).saturating_sub(day));
    let expected = of_day(service, editor, day);
    fresh && bool::from(expected.as_bytes().ct_eq(given.as_bytes()))
}

fn of_day(service: &Service, editor: EditorId, day: i64) -> String {
    let parts: [&[u8]; 2] = [editor.0.as_bytes(), &day.to_be_bytes()];
    let name = service.links.key().short_name("desk form", &parts);
    format!("{day}.{name}")
}

fn today(service: &Service) -> i64 {
    service.clock.now().as_second().div_euclid(SECONDS_OF_DAY)
}
