//! Looking at an issue before it goes out.

use std::collections::HashMap;

use super::{PublishError, issue, newsletter_of};
use crate::domain::{
    CountrySet, Issue, IssueContent, IssueId, Language, Newsletter, shipped_recipe,
};
use crate::mail::{
    GMAIL_CLIPS_AT, RenderedMail, TemplateError, render_editors_copy, render_sample,
};
use crate::service::Service;
use crate::store;
use crate::store::issue::IssueFilter;
use crate::texts::locale_file;

/// The issue as a reader who follows `countries` would get it; its personal links lead nowhere personal.
///
/// # Errors
/// When there is no such issue.
pub async fn preview(
    service: &Service,
    id: IssueId,
    countries: CountrySet,
) -> Result<RenderedMail, PublishError> {
    let mut db = service.store.read().await?;
    let issue = issue(&mut db, id).await?;
    let newsletter = newsletter_of(&mut db, issue.newsletter).await?;
    Ok(render_preview(service, &newsletter, &issue, countries)?)
}

/// An issue of this newsletter as a reader who follows `countries` would get it, whether it is saved or not.
///
/// # Errors
/// When a template is broken.
pub fn render_preview(
    service: &Service,
    newsletter: &Newsletter,
    issue: &Issue,
    countries: CountrySet,
) -> Result<RenderedMail, TemplateError> {
    let at = issue
        .started_at
        .or(issue.scheduled_at)
        .unwrap_or_else(|| service.clock.now());
    render_editors_copy(&service.links, newsletter, issue, countries, at)
}

/// A newsletter as its mails would look, whether it is saved or not, with the picture at `logo`: its latest issue,
/// or the sample of its language while it has none.
///
/// # Errors
/// When the database cannot be used.
pub async fn preview_look(
    service: &Service,
    newsletter: &Newsletter,
    logo: Option<&str>,
) -> Result<RenderedMail, PublishError> {
    let mut db = service.store.read().await?;
    let filter = IssueFilter {
        newsletter: Some(newsletter.id),
        state: None,
    };
    let latest = store::issue::list(&mut db, filter, None, LATEST).await?;
    drop(db);
    let mut contents = latest.into_iter().map(|(issue, _)| issue.content);
    let written = contents.find(|content| !content.subject.is_empty() && !content.parts.is_empty());
    let content = written.unwrap_or_else(|| sample(newsletter.language));
    let now = service.clock.now();
    Ok(render_sample(
        &service.links,
        newsletter,
        &content,
        logo,
        now,
    )?)
}

/// How many issues are looked at for one in which something is written.
const LATEST: i64 = 5;

fn sample(language: Language) -> IssueContent {
    let json = locale_file(language, "demo/issue.json").unwrap_or_default();
    let sample = serde_json::from_str::<IssueContent>(json);
    let mut sample = sample.unwrap_or_else(|_| IssueContent::from_recipe(&shipped_recipe()));
    // Its picture is in the demo alone.
    for item in sample.parts.iter_mut().flat_map(|part| &mut part.items) {
        item.image = None;
    }
    sample
}

/// One of the letters that an issue becomes.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, utoipa::ToSchema)]
pub struct VariantCount {
    /// The countries that come first and in full; empty for the letter with everything in full.
    #[schema(value_type = Vec<crate::domain::Country>)]
    pub countries: CountrySet,
    /// How many readers get it.
    pub readers: i64,
    /// How many articles it only names.
    pub named_only: usize,
    /// The size of its HTML in octets, with the links of a preview.
    pub html_bytes: usize,
    /// Whether it is so large that Gmail hides its end.
    pub clipped: bool,
}

/// The letters that an issue becomes, those with most readers first: for the audience that
/// was frozen, or for everybody who would be in it now.
///
/// # Errors
/// When there is no such issue.
pub async fn variants(service: &Service, id: IssueId) -> Result<Vec<VariantCount>, PublishError> {
    let mut db = service.store.read().await?;
    let issue = issue(&mut db, id).await?;
    let choices = if issue.started_at.is_some() {
        store::issue::audience::frozen_choices(&mut db, id).await?
    } else {
        let now = service.clock.now();
        let everybody = store::issue::audience::everybody(&mut db, issue.audience(), now).await?;
        everybody.choices
    };
    let mut readers: HashMap<CountrySet, i64> = HashMap::new();
    for (followed, some) in choices {
        *readers.entry(issue.content.variant(followed)).or_default() += some;
    }
    let newsletter = newsletter_of(&mut db, issue.newsletter).await?;
    // Up to 64 letters are made, and others need the connection.
    drop(db);
    let one = |(countries, readers)| {
        let html_bytes = render_preview(service, &newsletter, &issue, countries)?
            .html
            .len();
        Ok(VariantCount {
            countries,
            readers,
            named_only: issue.content.named_only(countries),
            html_bytes,
            clipped: html_bytes > GMAIL_CLIPS_AT,
        })
    };
    let variants: Result<Vec<VariantCount>, TemplateError> = readers.into_iter().map(one).collect();
    let mut variants = variants?;
    variants.sort_by_key(|one| (std::cmp::Reverse(one.readers), one.countries.to_string()));
    Ok(variants)
}
