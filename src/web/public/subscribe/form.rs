//! What a sign-up form says.

use crate::domain::{
    AddressError, AgreedTo, AnswersByNewsletter, CountrySet, EmailAddress, Frequency, Newsletter,
    Site,
};
use crate::service::Service;
use crate::web::pages::{SubscribeErrors, Typed};
use crate::web::public::signup_guard::SignupEvidence;

/// The form's fields, as they came.
#[derive(Debug, Default)]
pub(super) struct Form {
    pub(super) email: String,
    /// The newsletter whose form it is, where several can be ticked.
    pub(super) form: String,
    pub(super) newsletters: Vec<String>,
    pub(super) lang: String,
    pub(super) countries: Vec<String>,
    pub(super) frequency: String,
    pub(super) typed: Typed,
    pub(super) consent: Option<AgreedTo>,
    pub(super) website: String,
    pub(super) signs: SignupEvidence,
    pub(super) return_to: String,
    /// It stands in a frame on another site's page.
    pub(super) embedded: bool,
    /// The other site that it was pasted into.
    pub(super) site: Option<Site>,
}

impl Form {
    pub(super) fn parse(body: &[u8]) -> Self {
        let mut form = Self::default();
        for (name, value) in url::form_urlencoded::parse(body) {
            let value = value.into_owned();
            match &*name {
                "email" => form.email = value,
                "form" => form.form = value,
                "newsletter" if !value.is_empty() => form.newsletters.push(value),
                "lang" => form.lang = value,
                "countries" => form.countries.extend(value.split(',').map(str::to_owned)),
                "frequency" => form.frequency = value,
                "consent" => form.consent = agreed_to(&value),
                "website" => form.website = value,
                "stamp" => form.signs.stamp = value,
                "wait" => form.signs.wait = value,
                "altcha" => form.signs.altcha = value,
                "return" => form.return_to = value,
                other => form.typed.take(other, value),
            }
        }
        form
    }

    /// Whether a newsletter is ticked.
    pub(super) fn ticks(&self, newsletter: &Newsletter) -> bool {
        self.newsletters
            .iter()
            .any(|slug| slug == newsletter.slug.as_str())
    }

    /// Whether several newsletters could be ticked on it; a pasted form never says so.
    pub(super) fn offers_several(&self) -> bool {
        !self.form.is_empty()
    }

    /// Whether the form asked what a newsletter wants to know. A pasted form need not say that it
    /// asks for its own.
    pub(super) fn asked(&self, newsletter: &Newsletter, own: &Newsletter) -> bool {
        !self.offers_several() && newsletter.id == own.id || self.typed.was_asked(newsletter, own)
    }

    /// How often, which a pasted form need not ask; none where it is no such word.
    pub(super) fn frequency(&self) -> Option<Frequency> {
        match &*self.frequency {
            "" => Some(Frequency::default()),
            word => word.parse().ok(),
        }
    }
}

/// The value tells under which words the box stood.
fn agreed_to(value: &str) -> Option<AgreedTo> {
    match value {
        "" | "no" => None,
        "ticked" => Some(AgreedTo::AllTicked),
        _ => Some(AgreedTo::OneNamed),
    }
}

/// The page on which the consent was given, for the record.
pub(super) fn page_of(newsletter: &Newsletter, form: &Form) -> String {
    let slug = &newsletter.slug;
    match &form.site {
        _ if form.embedded => format!("/embed/{slug}"),
        Some(site) => format!("{site} (/subscribe?newsletter={slug})"),
        None => format!("/subscribe?newsletter={slug}"),
    }
}

/// What a form says that is complete.
pub(super) struct Complete {
    pub(super) address: EmailAddress,
    pub(super) first: Newsletter,
    pub(super) others: Vec<Newsletter>,
    pub(super) countries: CountrySet,
    pub(super) frequency: Frequency,
    pub(super) answers: AnswersByNewsletter,
    pub(super) agreed_to: AgreedTo,
}

/// Why a form is shown once more.
pub(super) enum Incomplete {
    /// Something is missing or wrong.
    Wrong(SubscribeErrors<'static>),
    /// What is ticked wants to know something that the form has not asked yet.
    NotAsked,
}

/// Reads a form, or tells what it lacks. Nothing here depends on what is known of the address.
pub(super) fn complete(
    service: &Service,
    form: &Form,
    own: &Newsletter,
    asked_for: Vec<Newsletter>,
) -> Result<Complete, Incomplete> {
    let address = address(service, &form.email);
    let countries = CountrySet::from_codes(form.countries.iter().map(String::as_str));
    let frequency = form.frequency();
    let not_asked = |one: &&Newsletter| !one.fields.is_empty() && !form.asked(one, own);
    let all_asked = !asked_for.iter().any(|one| not_asked(&one));
    let asked = asked_for.iter().filter(|one| !not_asked(one));
    let answers = AnswersByNewsletter::read(asked, |one| form.typed.to(one, own));
    let errors = SubscribeErrors {
        answers: answers.as_ref().err().cloned().unwrap_or_default(),
        email: address.as_ref().err().copied(),
        letters: asked_for.is_empty().then_some("letters-missing"),
        countries: countries.is_err().then_some("country-unknown"),
        frequency: frequency.is_none().then_some("frequency-unknown"),
        consent: form.consent.is_none().then_some("consent-missing"),
        limited_minutes: None,
    };
    let mut asked_for = asked_for.into_iter();
    let chosen = countries.ok().zip(frequency);
    match (address, asked_for.next(), chosen, answers, form.consent) {
        (Ok(_), Some(_), Some(_), Ok(_), Some(_)) if !all_asked => Err(Incomplete::NotAsked),
        (Ok(address), Some(first), Some((countries, frequency)), Ok(answers), Some(agreed_to)) => {
            Ok(Complete {
                address,
                first,
                others: asked_for.collect(),
                countries,
                frequency,
                answers,
                agreed_to,
            })
        }
        _ => Err(Incomplete::Wrong(errors)),
    }
}

fn address(service: &Service, typed: &str) -> Result<EmailAddress, &'static str> {
    let address = EmailAddress::parse(typed).map_err(AddressError::code)?;
    if service.disposable.has(&address) {
        return Err("address-disposable");
    }
    Ok(address)
}
