//! Reading a sign-up form.

use super::guard::SignupEvidence;
use crate::domain::{
    AgreedTo, AnswersByNewsletter, CountrySet, EmailAddress, Frequency, Newsletter, Site,
};
use crate::metrics::SignupRefusal;
use crate::service::Service;
use crate::web::pages::{AddressFault, SubscribeErrors, TypedAnswers};

/// The name of the hidden field, and the one that it had.
const TRAP: &str = "q7";
const OLD_TRAP: &str = "website";
/// The most values that are read of a field which may come several times.
const MAX_REPEATED: usize = 100;

/// The form's fields, as they were sent.
#[derive(Debug, Default)]
pub(super) struct Form {
    pub(super) email: String,
    /// The newsletter whose form it is, when several can be ticked.
    pub(super) form: String,
    pub(super) newsletters: Vec<String>,
    pub(super) lang: String,
    pub(super) countries: Vec<String>,
    pub(super) frequency: String,
    pub(super) answers: TypedAnswers,
    pub(super) consent: Option<AgreedTo>,
    /// What stands in the hidden field. Its name means nothing, as programs that help people to fill in
    /// forms fill in what they know.
    pub(super) trap: String,
    pub(super) evidence: SignupEvidence,
    pub(super) return_to: String,
    /// Whether it is in a frame on another site's page.
    pub(super) embedded: bool,
    /// The other site whose page has the form.
    pub(super) site: Option<Site>,
    /// Whether another site's page sent it, known or not.
    pub(super) elsewhere: bool,
    /// Whether it is to be shown once more, to change what was typed.
    pub(super) change: bool,
    /// All of its fields but those that each form has of its own.
    pub(super) typed: Vec<(String, String)>,
    /// Whether the mails are in the demo's mailbox.
    pub(super) mailbox: bool,
}

impl Form {
    pub(super) fn parse(fields: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in fields {
            if ![
                "change", TRAP, OLD_TRAP, "return", "stamp", "wait", "altcha",
            ]
            .contains(&&*name)
            {
                form.typed.push((name.clone(), value.clone()));
            }
            match &*name {
                "change" => form.change = true,
                "email" => form.email = value,
                "form" => form.form = value,
                "newsletter" => {
                    let is_new = !value.is_empty() && !form.newsletters.contains(&value);
                    if is_new && form.newsletters.len() < MAX_REPEATED {
                        form.newsletters.push(value);
                    }
                }
                "lang" => form.lang = value,
                "countries" => {
                    let room = MAX_REPEATED.saturating_sub(form.countries.len());
                    let countries = value.split(',').take(room).map(str::to_owned);
                    form.countries.extend(countries);
                }
                "frequency" => form.frequency = value,
                "consent" => form.consent = agreed_to(&value),
                TRAP => form.trap = value,
                // Pasted forms of before have it.
                OLD_TRAP => {}
                "stamp" => form.evidence.stamp = value,
                "wait" => form.evidence.wait = value,
                "altcha" => form.evidence.altcha = value,
                "return" => form.return_to = value,
                other => form.answers.take(other, value),
            }
        }
        form
    }

    /// Whether a newsletter is ticked.
    pub(super) fn selects(&self, newsletter: &Newsletter) -> bool {
        self.newsletters
            .iter()
            .any(|slug| slug == newsletter.slug.as_str())
    }

    /// Whether several newsletters could be ticked; never so on a form of another site.
    pub(super) fn offers_several(&self) -> bool {
        !self.form.is_empty()
    }

    /// Whether it is shown for several newsletters: because they could be ticked, or because a form
    /// of another site named more than one.
    pub(super) fn is_for_several(&self) -> bool {
        self.offers_several() || self.newsletters.len() > 1
    }

    /// Whether the form had the fields of a newsletter. A form for one newsletter need not have
    /// those that may stay empty.
    pub(super) fn has_fields_of(&self, newsletter: &Newsletter, own: &Newsletter) -> bool {
        let may_stay_empty = !newsletter.fields.any_required();
        !self.offers_several() && newsletter.id == own.id && may_stay_empty
            || self.answers.had_fields_of(newsletter, own)
    }

    /// The frequency, which a form of another site may leave out; None when it is not valid.
    pub(super) fn frequency(&self) -> Option<Frequency> {
        match &*self.frequency {
            "" => Some(Frequency::default()),
            word => word.parse().ok(),
        }
    }
}

/// The wording beside the box, by the value of the box.
fn agreed_to(value: &str) -> Option<AgreedTo> {
    match value {
        "" | "no" => None,
        "ticked" => Some(AgreedTo::AllTicked),
        _ => Some(AgreedTo::OneNamed),
    }
}

/// The page on which consent was given, for the consent record.
pub(super) fn page_of(newsletter: &Newsletter, form: &Form) -> String {
    let slug = &newsletter.slug;
    match &form.site {
        _ if form.embedded => format!("/embed/{slug}"),
        Some(site) => format!("{site} (/subscribe?newsletter={slug})"),
        None if form.elsewhere => format!("another site (/subscribe?newsletter={slug})"),
        None if form.is_for_several() => "/subscribe".to_owned(),
        None => format!("/subscribe?newsletter={slug}"),
    }
}

/// A form that is complete and valid.
pub(super) struct Complete {
    pub(super) address: EmailAddress,
    pub(super) first: Newsletter,
    pub(super) others: Vec<Newsletter>,
    pub(super) countries: CountrySet,
    pub(super) frequency: Frequency,
    pub(super) answers: AnswersByNewsletter,
    pub(super) agreed_to: AgreedTo,
}

/// Why a form is shown again.
pub(super) enum Incomplete {
    /// Something is missing or not valid.
    Invalid(Box<SubscribeErrors<'static>>),
    /// A ticked newsletter has fields that were not on the form yet.
    FieldsMissing,
}

/// Validates a form. Nothing here depends on what is known of the address.
pub(super) fn complete(
    service: &Service,
    form: &Form,
    own: &Newsletter,
    requested: Vec<Newsletter>,
) -> Result<Complete, Incomplete> {
    let address = address(service, &form.email);
    let countries = CountrySet::from_codes(form.countries.iter().map(String::as_str));
    let frequency = form.frequency();
    let lacks_fields = |one: &&Newsletter| !one.fields.is_empty() && !form.has_fields_of(one, own);
    let fields_missing = requested.iter().any(|one| lacks_fields(&one));
    let with_fields = requested.iter().filter(|one| !lacks_fields(one));
    let answers = AnswersByNewsletter::read(with_fields, |one| form.answers.to(one, own));
    let errors = SubscribeErrors {
        answers: answers.as_ref().err().cloned().unwrap_or_default(),
        email: address.as_ref().err().copied(),
        newsletters: requested.is_empty().then_some("letters-missing"),
        countries: countries.is_err().then_some("country-unknown"),
        frequency: frequency.is_none().then_some("frequency-unknown"),
        consent: form.consent.is_none().then_some("consent-missing"),
        limited_minutes: None,
        fields_missing: false,
    };
    let mut requested = requested.into_iter();
    let chosen = countries.ok().zip(frequency);
    match (address, requested.next(), chosen, answers, form.consent) {
        (Ok(_), Some(_), Some(_), Ok(_), Some(_)) if fields_missing => {
            Err(Incomplete::FieldsMissing)
        }
        (Ok(address), Some(first), Some((countries, frequency)), Ok(answers), Some(agreed_to)) => {
            Ok(Complete {
                address,
                first,
                others: requested.collect(),
                countries,
                frequency,
                answers,
                agreed_to,
            })
        }
        _ => Err(Incomplete::Invalid(Box::new(errors))),
    }
}

fn address(service: &Service, typed: &str) -> Result<EmailAddress, AddressFault> {
    let address = EmailAddress::parse(typed)?;
    if service.disposable.contains(&address) {
        service
            .metrics
            .signup_refused(SignupRefusal::DisposableDomain);
        return Err(AddressFault::of("address-disposable"));
    }
    Ok(address)
}
