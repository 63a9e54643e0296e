//! Showing a sign-up form.

use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderValue};
use axum::response::Response;
use url::Url;

use super::form::Form;
use crate::domain::{
    AgreedTo, CountrySet, FieldSelection, Language, Newsletter, Site, readable_address,
};
use crate::links::Links;
use crate::texts::language_name;
use crate::web::headers::{POLICY_WITH_PROOF_OF_WORK, Trust};
use crate::web::pages::{
    FieldGroup, FieldGroupInput, FormGuard, NewsletterCard, NewsletterOption, Subscribe,
    SubscribeErrors,
};
use crate::web::public::layout::PageLayout;

/// How much of a typed address is shown again; a longer one is refused anyway.
const MAX_SHOWN_CHARS: usize = 300;

/// A form and what is needed to show it.
pub(super) struct FormView<'a> {
    pub(super) links: &'a Links,
    /// The newsletter whose form it is.
    pub(super) newsletter: &'a Newsletter,
    /// All newsletters of the service.
    pub(super) all: &'a [Newsletter],
    pub(super) language: Language,
    pub(super) form: &'a Form,
}

/// The page with the form.
pub(super) fn render(
    view: &FormView<'_>,
    errors: SubscribeErrors<'_>,
    guard: &FormGuard,
    status: StatusCode,
) -> Response {
    let (newsletter, form) = (view.newsletter, view.form);
    let layout = layout_of(newsletter, view.language, form);
    let answer = page_of_form(view, errors, guard, &layout, status);
    allow_sites(newsletter, form, with_proof_of_work(guard, answer))
}

/// The page in a layout, under the usual policy.
pub(super) fn page_of_form(
    view: &FormView<'_>,
    errors: SubscribeErrors<'_>,
    guard: &FormGuard,
    layout: &PageLayout,
    status: StatusCode,
) -> Response {
    let questions = errors.asks_questions_alone();
    let FormView {
        links,
        newsletter,
        all,
        language,
        form,
    } = *view;
    let is_own = |one: &Newsletter| one.id == newsletter.id;
    // A private newsletter is shown only on its own form, or when the form named it.
    let shown = |one: &&Newsletter| one.is_public() || is_own(one) || form.selects(one);
    let listed: Vec<&Newsletter> = all
        .iter()
        .filter(|_| !form.embedded)
        .filter(shown)
        .collect();
    let several = listed.len() > 1;
    let options = listed.iter().filter(|_| several && form.is_for_several());
    let options = options.map(|one| NewsletterOption::new(one, form.selects(one)));
    let options: Vec<NewsletterOption<'_>> = options.collect();
    let asks_countries = !newsletter.safety_mode || !options.is_empty();
    // The box stays ticked only if the wording beside it is the one that was agreed to.
    let wording = match options.is_empty() {
        true => AgreedTo::OneNamed,
        false => AgreedTo::AllTicked,
    };
    // Only the fields of requested newsletters: other answers are not stored.
    let has_fields = |one: &&Newsletter| form.selects(one) || is_own(one) && !form.offers_several();
    // What must be answered is asked by a page of its own, when everything else is right.
    let asks_now = |one: &&Newsletter| {
        questions || form.answers.had_fields_of(one, newsletter) || !one.fields.any_required()
    };
    let groups = all.iter().filter(has_fields).filter(asks_now);
    let groups = groups.map(|one| FieldGroupInput {
        newsletter: one,
        selection: FieldSelection::All,
        filled: form.answers.to(one, newsletter),
        new: questions && !form.has_fields_of(one, newsletter),
    });
    let email: String = form.email.chars().take(MAX_SHOWN_CHARS).collect();
    let email = readable_address(&email);
    let countries =
        CountrySet::from_codes(form.countries.iter().map(String::as_str)).unwrap_or_default();
    let public_url = &links.signup(newsletter);
    let action = action_of(newsletter, form);
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
        newsletters: options,
        others_href: match several && !form.is_for_several() {
            true => format!("/subscribe?lang={language}"),
            false => String::new(),
        },
        questions,
        email: &email,
        countries: asks_countries.then_some(countries),
        frequency: form.frequency().unwrap_or_default(),
        fields: FieldGroup::all(groups, newsletter, language, &errors.answers),
        consent: form.consent == Some(wording),
        errors,
        guard,
    };
    let mut answer = layout.answer(status, &page);
    // Each form has its own stamps.
    let headers = answer.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

/// The path to which a form is sent.
pub(super) fn action_of(newsletter: &Newsletter, form: &Form) -> String {
    match form.embedded {
        true => format!("/embed/{}", newsletter.slug),
        false => "/subscribe".to_owned(),
    }
}

/// Allows the scripts of a page with a form whose browser has to work.
pub(super) fn with_proof_of_work(guard: &FormGuard, mut answer: Response) -> Response {
    if guard.work {
        let policy = HeaderValue::from_static(POLICY_WITH_PROOF_OF_WORK);
        answer.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
    }
    answer
}

pub(super) fn layout_of(newsletter: &Newsletter, language: Language, form: &Form) -> PageLayout {
    let here = match form.embedded {
        true => format!("/embed/{}", newsletter.slug),
        false if form.is_for_several() => "/subscribe".to_owned(),
        false => format!("/subscribe?newsletter={}", newsletter.slug),
    };
    let layout = PageLayout::of(newsletter, language);
    if form.embedded {
        layout.embedded(format!("{here}?lang={language}"))
    } else {
        layout.here(here)
    }
}

/// Allows the sites that the newsletter trusts to frame the answer, or its form to end on one.
pub(super) fn allow_sites(newsletter: &Newsletter, form: &Form, mut answer: Response) -> Response {
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
