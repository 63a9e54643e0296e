//! The public sign-up call.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::CACHE_CONTROL;
use axum::response::IntoResponse;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use super::auth::Voucher;
use super::json::ApiJson;
use super::problem::Problem;
use super::problem_kind::ProblemKind;
use crate::config::ProofOfWork;
use crate::domain::{
    AgreedTo, AnswersByNewsletter, Chosen, ClientNetwork, ConsentMethod, CountrySet, EmailAddress,
    Frequency, InvalidField, Language, Newsletter, RateLimited, Signup, SignupTrust, Slug,
    invalid_fields, is_one_line, null_as_default,
};
use crate::metrics::SignupRefusal;
use crate::service::Service;
use crate::subscribe::{self, ProofError};
use crate::web::client_ip::Client;

/// A wish to be signed up.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewSubscription {
    /// Where to.
    #[validate(length(max = 1000))]
    email: String,
    /// A newsletter's slug; the first newsletter when left out.
    newsletter: Option<String>,
    /// Several newsletters' slugs, instead of `newsletter`: one mail asks to confirm them all.
    #[validate(length(min = 1, max = 20))]
    newsletters: Option<Vec<String>>,
    /// A language of the service, as in `fr`; the newsletter's language when left out.
    language: Option<String>,
    /// Countries to follow; all when left out.
    #[validate(length(max = 20))]
    countries: Option<Vec<String>>,
    /// How often letters come: `each` issue, which is the default, or a `monthly` summary.
    frequency: Option<Frequency>,
    /// Answers to what the newsletter asks, by the key of the field; of several, what the first asks.
    #[serde(default, deserialize_with = "null_as_default")]
    answers: BTreeMap<String, String>,
    /// Answers to what the others of `newsletters` ask: by slug, and then by the key of the field.
    #[serde(default, deserialize_with = "null_as_default")]
    other_answers: BTreeMap<String, BTreeMap<String, String>>,
    /// The person's name.
    #[validate(length(max = 200))]
    name: Option<String>,
    /// A solution of `/api/v1/challenge`, packed as ALTCHA's widget does. Asked for where the
    /// settings say so; with one, the mail does not wait when many sign up.
    #[validate(length(max = 4000))]
    altcha: Option<String>,
}

/// Taken in, durably.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct Accepted {
    /// Always `accepted`.
    status: &'static str,
}

impl Default for Accepted {
    fn default() -> Self {
        Self { status: "accepted" }
    }
}

/// A challenge of ALTCHA's protocol: pass it on to its widget or to one of its libraries.
#[derive(ToSchema)]
#[expect(dead_code, reason = "it is in the document alone")]
pub(crate) struct ChallengeView {
    /// What to compute.
    parameters: BTreeMap<String, serde_json::Value>,
    /// The signature, to be sent back with the solution.
    signature: String,
}

/// Signs an address up; the person confirms by the link in a mail. No token is needed; with an
/// editor's token for all of these newsletters no limit per IP address holds, and the mail does not wait in an attack.
#[utoipa::path(post, operation_id = "create_subscription", path = "/subscriptions", tag = "readers",
    request_body = NewSubscription, security((), ("bearer" = [])),
    responses(
        (status = 202, description = "Taken in, durably; the same whatever was known of the address", body = Accepted),
        (status = 401, description = "A token was sent that is none"),
        (status = 403, description = "A token was sent that may not write"),
        (status = 429, description = "Too many sign-ups from this network")))]
pub(crate) async fn create(
    State(service): State<Service>,
    client: Client,
    voucher: Option<Voucher>,
    ApiJson(wish): ApiJson<NewSubscription>,
) -> Result<impl IntoResponse, Problem> {
    wish.validate()
        .map_err(|errors| Problem::fields(invalid_fields(&errors)))?;
    let address = EmailAddress::parse(&wish.email).map_err(|e| Problem::field("email", e))?;
    if service.disposable.contains(&address) {
        service
            .metrics
            .signup_refused(SignupRefusal::DisposableDomain);
        let why = "is at a domain whose addresses may not sign up here";
        return Err(Problem::field("email", why));
    }
    let codes = wish.countries.iter().flatten().map(String::as_str);
    let countries = CountrySet::from_codes(codes).map_err(|e| Problem::field("countries", e))?;
    let language = wish.language.as_deref().map(Language::from_tag).transpose();
    let language = language.map_err(|e| Problem::field("language", e))?;
    let name = wish
        .name
        .as_deref()
        .map(str::trim)
        .filter(|name| !name.is_empty());
    if name.is_some_and(|name| !is_one_line(name)) {
        return Err(Problem::field("name", "must be one line of text"));
    }
    let (newsletter, others) = meant(&service, &wish).await?;
    let answers = answers(&newsletter, &others, &wish)?;
    let mut all = std::iter::once(&*newsletter).chain(&others);
    let vouched = voucher.is_some_and(|token| all.all(|one| token.covers(one.id)));
    let trusted = match vouched {
        true => SignupTrust::Network,
        false => subscribe::network_trust(&service, client.ip),
    };
    let network = (trusted != SignupTrust::Network).then(|| client.network());
    // Before the proof, which takes work to check.
    if let Some(network) = network
        && let Some(limited) = subscribe::check_network(&service, network).await?
    {
        return Err(too_many(limited));
    }
    let trust = match (network, &wish.altcha) {
        (Some(network), Some(solution)) => proven(&service, solution, network).await?,
        _ => trusted,
    };
    if trust == SignupTrust::None && service.settings.signup.proof_of_work == ProofOfWork::Always {
        let why = "is missing: send a solution of a challenge from /api/v1/challenge";
        return Err(Problem::field("altcha", why));
    }
    // Last, so that a flood that is over its limits does not become one for the DNS.
    if subscribe::domain_is_undeliverable(&service, &address, network).await? {
        return Err(Problem::field("email", "is at a domain that takes no mail"));
    }
    let signup = Signup {
        address,
        name: name.map(str::to_owned),
        chosen: Chosen {
            language: language.unwrap_or(newsletter.language),
            countries,
            frequency: wish.frequency.unwrap_or_default(),
        },
        answers,
        method: ConsentMethod::Api,
        page: "/api/v1/subscriptions".to_owned(),
        ip: client.ip,
        others,
        agreed_to: AgreedTo::OneNamed,
        trust,
    };
    if let Some(limited) = subscribe::sign_up(&service, &newsletter, &signup).await? {
        return Err(too_many(limited));
    }
    Ok((StatusCode::ACCEPTED, Json(Accepted::default())))
}

fn too_many(limited: RateLimited) -> Problem {
    let detail = "too many sign-ups from your network; wait as long as Retry-After says";
    let problem = Problem::new(ProblemKind::TooMany, detail);
    problem.retry_after(limited.retry_after)
}

/// The newsletter that is asked for, and the others if it is several.
async fn meant(
    service: &Service,
    wish: &NewSubscription,
) -> Result<(Arc<Newsletter>, Vec<Newsletter>), Problem> {
    let slugs: Vec<(String, Option<&str>)> = match (&wish.newsletter, &wish.newsletters) {
        (Some(_), Some(_)) => {
            let why = "give either newsletter or newsletters, not both";
            return Err(Problem::field("newsletters", why));
        }
        (slug, None) => vec![("newsletter".to_owned(), slug.as_deref())],
        (None, Some(slugs)) => {
            let named = slugs.iter().enumerate();
            let named = named.map(|(n, slug)| (format!("newsletters[{n}]"), Some(slug.as_str())));
            named.collect()
        }
    };
    let mut found = Vec::with_capacity(slugs.len());
    for (field, slug) in slugs {
        let slug = slug.map(Slug::parse).transpose();
        let slug = slug.map_err(|e| Problem::field(&field, e))?;
        let newsletter = subscribe::resolve_newsletter(service, slug.as_ref()).await?;
        let missing = || Problem::field(&field, "there is no such newsletter");
        found.push(newsletter.ok_or_else(missing)?);
    }
    let mut found = found.into_iter();
    let first = found
        .next()
        .ok_or_else(|| Problem::field("newsletters", "must name at least one"))?;
    Ok((first, found.map(Arc::unwrap_or_clone).collect()))
}

/// The trust in a call with this solution of a challenge.
async fn proven(
    service: &Service,
    solution: &str,
    network: ClientNetwork,
) -> Result<SignupTrust, Problem> {
    let checked = subscribe::check_proof(service, solution, network).await;
    checked.map_err(|error| match error {
        ProofError::Store(error) => error.into(),
        error => {
            service.metrics.signup_refused(SignupRefusal::Proof);
            Problem::field("altcha", error)
        }
    })
}

/// A challenge by ALTCHA's protocol, which its widget and its libraries solve.
#[utoipa::path(get, operation_id = "get_challenge", path = "/challenge", tag = "readers",
    responses(
        (status = 200, description = "The challenge, to be solved within ten minutes, for one sign-up", body = ChallengeView)))]
pub(crate) async fn challenge(
    State(service): State<Service>,
) -> Result<impl IntoResponse, Problem> {
    match subscribe::challenge(&service).await {
        Ok(challenge) => Ok(([(CACHE_CONTROL, "no-store")], Json(challenge))),
        Err(ProofError::Store(error)) => Err(error.into()),
        Err(error) => {
            tracing::error!(%error, "answered 500");
            let detail = "no challenge could be made; the service's operator finds it in the log";
            Err(Problem::new(ProblemKind::Internal, detail))
        }
    }
}

/// A program is told of each answer that does not fit, and of answers to nothing that was asked.
fn answers(
    first: &Newsletter,
    others: &[Newsletter],
    wish: &NewSubscription,
) -> Result<AnswersByNewsletter, Problem> {
    let given = |one: &Newsletter| match one.id == first.id {
        true => Some(&wish.answers),
        false => wish.other_answers.get(one.slug.as_str()),
    };
    let place = |one: &Newsletter| match one.id == first.id {
        true => "answers".to_owned(),
        false => format!("other_answers.{}", one.slug),
    };
    let all: Vec<&Newsletter> = subscribe::unique_newsletters(first, others).collect();
    let mut problems = to_nobody(&all, wish);
    for one in &all {
        let asked = |key: &String| one.fields.iter().any(|field| field.key == *key);
        let unasked = given(one).into_iter().flat_map(BTreeMap::keys);
        let unasked = unasked.filter(|key| !asked(key));
        let why = "is not asked by this newsletter";
        problems.extend(unasked.map(|key| problem(&place(one), key, why)));
    }
    match AnswersByNewsletter::read(all.iter().copied(), given) {
        Ok(answers) if problems.is_empty() => Ok(answers),
        read => {
            let wrong = read.err().unwrap_or_default();
            for one in &all {
                let wrong = wrong.get(&one.id).into_iter().flatten();
                problems.extend(wrong.map(|(key, why)| problem(&place(one), key, why)));
            }
            Err(Problem::fields(problems))
        }
    }
}

/// What is wrong with whom the other answers are for.
fn to_nobody(all: &[&Newsletter], wish: &NewSubscription) -> Vec<InvalidField> {
    let named = wish.other_answers.keys();
    let wrong = named.filter_map(|slug| {
        let why = match all.iter().position(|one| one.slug.as_str() == slug) {
            Some(0) => "is the first newsletter, which `answers` are for",
            Some(_) => return None,
            None => "is not among the newsletters that are asked for",
        };
        Some(problem("other_answers", slug, why))
    });
    wrong.collect()
}

fn problem(place: &str, key: &str, why: impl Display) -> InvalidField {
    let key: String = key.chars().take(40).collect();
    InvalidField::new(&format!("{place}.{key}"), why)
}
