//! What a newsletter asks its readers besides the address, with the form as they will see it.

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;

use super::fields_form::{Sent, Typed, WrongFields, read};
use super::page::{PageState, SettingsForm, SettingsPage, made_from};
use super::trouble::Trouble;
use super::{Opened, SlugInPath, Tab};
use crate::domain::{FieldKind, Language, Newsletter};
use crate::publish;
use crate::service::Service;
use crate::texts::{TextValue, text};
use crate::web::desk::csrf::CsrfBody;
use crate::web::desk::pages;
use crate::web::desk::{DeskError, SignedIn};
use crate::web::inert_html::preview_html;
use crate::web::public::{self, PageQuery};

#[derive(Debug, Serialize)]
struct FieldsForm {
    fields: Vec<Typed>,
    kinds: &'static [FieldKind],
    /// The newsletter's language first.
    languages: Vec<Language>,
    /// The element where the keyboard goes on.
    focus: String,
}

impl SettingsForm for FieldsForm {
    const TAB: Tab = Tab::Fields;
    const TEMPLATE: &'static str = "desk/settings/fields.html";
}

impl FieldsForm {
    fn new(fields: Vec<Typed>, newsletter: &Newsletter) -> Self {
        let own = newsletter.language;
        let others = Language::ALL.iter().copied();
        let others = others.filter(|language| *language != own);
        Self {
            fields,
            kinds: FieldKind::ALL,
            languages: std::iter::once(own).chain(others).collect(),
            focus: String::new(),
        }
    }
}

/// Why fields do not fit, in words, and the element where they are mended.
fn trouble(language: Language, wrong: WrongFields) -> Trouble {
    let (key, row) = match wrong {
        WrongFields::NoLabel(row) => ("desk-set-fields-no-label", Some(row)),
        WrongFields::LongLabel(row) => ("desk-set-fields-long-label", Some(row)),
        WrongFields::NoChoiceLabel(row) => ("desk-set-fields-no-choice-label", Some(row)),
        WrongFields::FewChoices(row) => ("desk-set-fields-few-choices", Some(row)),
        WrongFields::TooMany => ("desk-set-fields-too-many", None),
        WrongFields::TwoGreetings => ("desk-set-fields-two-greetings", None),
        WrongFields::Other => ("desk-set-fields-other", None),
    };
    let number = row.and_then(|row| i64::try_from(row + 1).ok());
    let says = match number {
        Some(number) => text(language, key, &[("number", TextValue::from(number))]),
        None => text(language, key, &[]),
    };
    Trouble::with(
        &row.map(|row| format!("row-{row}")).unwrap_or_default(),
        says,
    )
}

/// GET /desk/settings/{slug}/fields
pub(super) async fn show(
    State(service): State<Service>,
    signed_in: SignedIn,
    SlugInPath(slug): SlugInPath,
    PageQuery(state): PageQuery<PageState>,
) -> Result<Response, DeskError> {
    let opened = Opened::find(&service, signed_in, &slug).await?;
    let fields = opened.newsletter.fields.iter().map(Typed::from).collect();
    let form = FieldsForm::new(fields, &opened.newsletter);
    Ok(SettingsPage::new(&opened, form).show(&opened, &state))
}

/// POST /desk/settings/{slug}/fields
pub(super) async fn save(
    State(service): State<Service>,
    signed_in: SignedIn,
    SlugInPath(slug): SlugInPath,
    CsrfBody(body): CsrfBody,
) -> Result<Response, DeskError> {
    let opened = Opened::find(&service, signed_in, &slug).await?;
    let actor = opened.may_change(Tab::Fields)?;
    let mut sent = Sent::parse(&body);
    let focus = sent.arrange();
    let mut form = FieldsForm::new(sent.fields, &opened.newsletter);
    if let Some(focus) = focus {
        form.focus = focus;
        return Ok(SettingsPage::new(&opened, form).unsaved(&opened, sent.version));
    }
    let language = opened.language();
    let refuse = |form: FieldsForm, trouble: Trouble| {
        Ok(SettingsPage::new(&opened, form).refuse(&opened, sent.version, trouble))
    };
    let fields = match read(&form.fields, opened.newsletter.language) {
        Ok(fields) => fields,
        Err(wrong) => return refuse(form, trouble(language, wrong)),
    };
    let version = made_from(&sent.action, sent.version)?;
    let slug = &opened.newsletter.slug;
    match publish::set_fields(&service, slug, &fields, version, &actor).await {
        Ok(_) => opened.saved(Tab::Fields, ""),
        Err(error) => refuse(form, Trouble::of(&service, &opened, error).await?),
    }
}

/// GET /desk/settings/{slug}/fields/preview: as it is saved.
pub(super) async fn preview(
    State(service): State<Service>,
    signed_in: SignedIn,
    SlugInPath(slug): SlugInPath,
) -> Result<Response, DeskError> {
    let opened = Opened::find(&service, signed_in, &slug).await?;
    Ok(render(&service, &opened.newsletter))
}

/// POST /desk/settings/{slug}/fields/preview: as it is typed.
pub(super) async fn preview_typed(
    State(service): State<Service>,
    signed_in: SignedIn,
    SlugInPath(slug): SlugInPath,
    CsrfBody(body): CsrfBody,
) -> Result<Response, DeskError> {
    let opened = Opened::find(&service, signed_in, &slug).await?;
    let sent = Sent::parse(&body);
    match read(&sent.fields, opened.newsletter.language) {
        Ok(fields) => {
            let typed = Newsletter {
                fields,
                ..opened.newsletter.clone()
            };
            Ok(render(&service, &typed))
        }
        Err(wrong) => said(&opened, &trouble(opened.language(), wrong).says),
    }
}

fn render(service: &Service, newsletter: &Newsletter) -> Response {
    let logo = newsletter
        .logo
        .as_ref()
        .map(|logo| format!("/logo/{}", logo.name));
    public::signup_preview(
        &service.links,
        newsletter,
        newsletter.language,
        logo.as_deref(),
    )
}

/// Instead of a preview: why there is none.
pub(super) fn said(opened: &Opened, words: &str) -> Result<Response, DeskError> {
    #[derive(Serialize)]
    struct Said<'a> {
        words: &'a str,
    }
    let said = pages::render(opened.language(), "desk/settings/said.html", Said { words });
    let said = said.map_err(|error| DeskError::Internal(error.to_string()))?;
    Ok(preview_html(&said))
}
