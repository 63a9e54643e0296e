//! How a sign-up form is shown.

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderValue};
use axum::response::Response;
use url::Url;

use super::form::Form;
use crate::domain::{AgreedTo, Asked, CountrySet, Language, Newsletter, Site};
use crate::links::Links;
use crate::texts::language_name;
use crate::web::headers::{POLICY_WITH_WORK, Trust};
use crate::web::pages::{
    Asking, FieldGroup, Guard, NewsletterCard, NewsletterOption, Subscribe, SubscribeErrors,
};
use crate::web::public::layout::PageLayout;

/// The longest address that is shown again; a longer one is refused anyway.
const SHOWN: usize = 300;

/// The form of one newsletter of all.
pub(super) fn render(
    links: &Links,
    (newsletter, all): (&Newsletter, &[Newsletter]),
    language: Language,
    form: &Form,
    errors: SubscribeErrors<'_>,
    guard: &Guard,
    status: StatusCode,
) -> Response {
    let is_own = |letter: &Newsletter| letter.id == newsletter.id;
    // A private one is shown only on its own form, and to who has named it.
    let shown = |letter: &&Newsletter| letter.is_public() || is_own(letter) || form.ticks(letter);
    let letters: Vec<&Newsletter> = all
        .iter()
        .filter(|_| !form.embedded)
        .filter(shown)
        .collect();
    let letters = letters.iter().filter(|_| letters.len() > 1);
    let letters = letters.map(|letter| NewsletterOption::new(letter, form.ticks(letter)));
    let letters: Vec<NewsletterOption<'_>> = letters.collect();
    // Nobody has agreed to other words than those beside the box that was ticked.
    let wording = match letters.is_empty() {
        true => AgreedTo::OneNamed,
        false => AgreedTo::AllTicked,
    };
    // What is asked of a newsletter that is not ticked would be thrown away.
    let asks = |one: &&Newsletter| form.ticks(one) || is_own(one) && !form.offers_several();
    let asking = all.iter().filter(asks);
    let asking = asking.map(|one| Asking {
        newsletter: one,
        asked: Asked::All,
        filled: form.typed.to(one, newsletter),
        new: !form.asked(one, newsletter),
    });
    let email: String = form.email.chars().take(SHOWN).collect();
    let countries =
        CountrySet::from_codes(form.countries.iter().map(String::as_str)).unwrap_or_default();
    let public_url = &links.signup(newsletter);
    let action = match form.embedded {
        true => format!("/embed/{}", newsletter.slug),
        false => "/subscribe".to_owned(),
    };
    let return_to = newsletter.answer_at(&form.return_to);
    let page = Subscribe {
        action: &action,
        return_to: return_to.as_ref().map_or("", Url::as_str),
        newsletter: NewsletterCard {
            slug: &newsletter.slug,
            title: &newsletter.title,
            description: &newsletter.description,
            language: newsletter.language,
            language_name: language_name(newsletter.language),
            public_url: newsletter.is_public().then_some(public_url.as_str()),
        },
        letters,
        email: &email,
        countries,
        frequency: form.frequency().unwrap_or_default(),
        fields: FieldGroup::all(asking, newsletter, language, &errors.answers),
        consent: form.consent == Some(wording),
        errors,
        guard,
    };
    let mut answer = surroundings(newsletter, language, form).answer(status, &page);
    // The form is fresh each time, as are its stamps.
    let headers = answer.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if guard.work {
        let policy = HeaderValue::from_static(POLICY_WITH_WORK);
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    trusting(newsletter, form, answer)
}

pub(super) fn surroundings(newsletter: &Newsletter, language: Language, form: &Form) -> PageLayout {
    let here = match form.embedded {
        true => format!("/embed/{}", newsletter.slug),
        false => format!("/subscribe?newsletter={}", newsletter.slug),
    };
    let around = PageLayout::of(newsletter, language);
    if form.embedded {
        around.embedded(format!("{here}?lang={language}"))
    } else {
        around.here(here)
    }
}

/// Lets the answer be framed by the sites that the newsletter trusts, or its form end on one.
pub(super) fn trusting(newsletter: &Newsletter, form: &Form, mut answer: Response) -> Response {
    let trust = match newsletter.answer_at(&form.return_to) {
        _ if form.embedded => {
            let sites = newsletter.sites.iter().map(Site::to_string);
            Some(Trust::Embed(sites.collect()))
        }
        Some(address) => {
            let site = address.origin().ascii_serialization();
            Some(Trust::Return(vec![site]))
        }
        None => None,
    };
    if let Some(trust) = trust {
        answer.extensions_mut().insert(trust);
    }
    answer
}
