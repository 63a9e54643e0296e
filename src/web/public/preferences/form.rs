//! Reading the preferences form.

use crate::domain::{
    AnswersByNewsletter, BadPause, CountrySet, Frequency, Language, Newsletter, PauseRequest, Slug,
};
use crate::service::Service;
use crate::subscribe::{Choices, Pause};
use crate::web::pages::TypedAnswers;

/// The form's fields, as they were sent.
#[derive(Debug, Default)]
pub(super) struct Form {
    language: Option<Language>,
    countries: Vec<String>,
    /// Whether they were not asked.
    countries_kept: bool,
    frequency: Option<String>,
    newsletters: Option<Vec<String>>,
    pub(super) pause: String,
    pub(super) pause_date: String,
    pub(super) resume: bool,
    pub(super) answers: TypedAnswers,
}

impl Form {
    pub(super) fn parse(fields: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in fields {
            match name.as_str() {
                "language" => form.language = Language::from_tag(&value).ok(),
                "countries" => form.countries.push(value),
                "countries_kept" => form.countries_kept = true,
                "frequency" => form.frequency = Some(value),
                // An empty value means that newsletters could be selected.
                "letters" => {
                    let selected = form.newsletters.get_or_insert_default();
                    selected.extend(Some(value).filter(|slug| !slug.is_empty()));
                }
                "pause" => form.pause = value,
                "pause_date" => form.pause_date = value,
                "resume" => form.resume = true,
                other => form.answers.take(other, value),
            }
        }
        form
    }

    /// The choices without pause and answers; None when the form is not one of this service.
    pub(super) fn choices(&self) -> Option<Choices> {
        if self.resume {
            return Some(Choices {
                pause: Some(Pause::End),
                ..Choices::default()
            });
        }
        let countries = CountrySet::from_codes(self.countries.iter().map(String::as_str));
        let frequency = self.frequency.as_deref().map(str::parse::<Frequency>);
        let selected = self.newsletters.as_ref();
        let selected = selected.map(|slugs| slugs.iter().map(|slug| Slug::parse(slug)).collect());
        Some(Choices {
            language: Some(self.language?),
            countries: Some(countries.ok()?).filter(|_| !self.countries_kept),
            frequency: frequency.transpose().ok()?,
            newsletters: selected.transpose().ok()?,
            pause: None,
            answers: AnswersByNewsletter::default(),
        })
    }

    /// The pause that is chosen.
    pub(super) fn pause(
        &self,
        service: &Service,
        newsletter: &Newsletter,
    ) -> Result<Option<Pause>, BadPause> {
        let request = match &*self.pause {
            "" => return Ok(None),
            "2" => PauseRequest::Weeks(2),
            "4" => PauseRequest::Weeks(4),
            _ => PauseRequest::Until(self.pause_date.trim().parse().map_err(|_| BadPause)?),
        };
        let today = newsletter.day(service.clock.now());
        let end = request.end(today, &newsletter.time_zone)?;
        Ok(Some(Pause::Until(end)))
    }
}
