//! What a form of choices says.

use crate::domain::{
    AnswersByNewsletter, BadPause, CountrySet, Frequency, Language, Newsletter, PauseRequest, Slug,
};
use crate::service::Service;
use crate::subscribe::{Choices, Pause};
use crate::web::pages::Typed;

/// The form's fields, as they came.
#[derive(Debug, Default)]
pub(super) struct Form {
    language: Option<Language>,
    countries: Vec<String>,
    frequency: Option<String>,
    letters: Option<Vec<String>>,
    pub(super) pause: String,
    pub(super) pause_date: String,
    pub(super) resume: bool,
    pub(super) typed: Typed,
}

impl Form {
    pub(super) fn parse(body: &[u8]) -> Self {
        let mut form = Self::default();
        for (name, value) in url::form_urlencoded::parse(body) {
            match &*name {
                "language" => form.language = Language::from_tag(&value).ok(),
                "countries" => form.countries.push(value.into_owned()),
                "frequency" => form.frequency = Some(value.into_owned()),
                // An empty one says that they could be chosen.
                "letters" => {
                    let letters = form.letters.get_or_insert_default();
                    letters.extend(Some(value.into_owned()).filter(|slug| !slug.is_empty()));
                }
                "pause" => form.pause = value.into_owned(),
                "pause_date" => form.pause_date = value.into_owned(),
                "resume" => form.resume = true,
                other => form.typed.take(other, value.into_owned()),
            }
        }
        form
    }

    /// What the reader wishes; none where the form is not one of ours.
    pub(super) fn choices(&self) -> Option<Choices> {
        if self.resume {
            return Some(Choices {
                pause: Some(Pause::End),
                ..Choices::default()
            });
        }
        let countries = CountrySet::from_codes(self.countries.iter().map(String::as_str));
        let frequency = self.frequency.as_deref().map(str::parse::<Frequency>);
        let letters = self.letters.as_ref();
        let letters = letters.map(|those| those.iter().map(|slug| Slug::parse(slug)).collect());
        Some(Choices {
            language: Some(self.language?),
            countries: Some(countries.ok()?),
            frequency: frequency.transpose().ok()?,
            letters: letters.transpose().ok()?,
            pause: None,
            answers: AnswersByNewsletter::default(),
        })
    }

    /// The pause that is wished.
    pub(super) fn pause(
        &self,
        service: &Service,
        newsletter: &Newsletter,
    ) -> Result<Option<Pause>, BadPause> {
        let wish = match &*self.pause {
            "" => return Ok(None),
            "2" => PauseRequest::Weeks(2),
            "4" => PauseRequest::Weeks(4),
            _ => PauseRequest::Until(self.pause_date.trim().parse().map_err(|_| BadPause)?),
        };
        let today = newsletter.day(service.clock.now());
        let end = wish.end(today, &newsletter.time_zone)?;
        Ok(Some(Pause::Until(end)))
    }
}
