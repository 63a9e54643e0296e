//! Colour and picture, with a preview that follows.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use data_encoding::BASE64;
use serde::{Deserialize, Serialize};

use super::page::{PageState, SettingsForm, SettingsPage, made_from};
use super::texts::with_subject;
use super::trouble::Trouble;
use super::upload::CsrfUpload;
use super::{Opened, SlugInPath, Tab, one_line};
use crate::domain::{
    Accent, AccentError, Language, LogoError, LogoFile, Newsletter, NewsletterPatch,
};
use crate::publish::{self, Change, LogoChange};
use crate::service::Service;
use crate::texts::{TextValue, decimal_point, text};
use crate::web::desk::refusal::refusal;
use crate::web::desk::{DeskError, SignedIn};
use crate::web::inert_html::preview_html;
use crate::web::public::{self, PageQuery};

#[derive(Debug, Serialize)]
struct Look {
    accent: String,
    shipped: String,
    /// What the field for colours shows, which must be one.
    shown: String,
    contrast: Contrast,
    logo: Option<LogoView>,
    /// What the preview shows.
    view: String,
    has_own_accent: bool,
}

#[derive(Debug, Serialize)]
struct LogoView {
    href: String,
    width: u32,
    height: u32,
}

/// What the contrast of a colour is, in words.
#[derive(Debug, Serialize)]
struct Contrast {
    says: String,
    fits: bool,
}

impl SettingsForm for Look {
    const TAB: Tab = Tab::Look;
    const TEMPLATE: &'static str = "desk/settings/look.html";
}

impl Contrast {
    fn of(language: Language, colour: &str) -> Self {
        let say = |key: &str, values: &[(&str, TextValue<'_>)]| text(language, key, values);
        // Rounded down: what is too little must not read as enough.
        let rounded = |contrast: f32| {
            let shown = format!("{:.1}", (f64::from(contrast) * 10.0).floor() / 10.0);
            TextValue::from(shown.replace('.', decimal_point(language)))
        };
        let accent = match colour {
            "" => Ok(Accent::SHIPPED),
            colour => Accent::parse(colour),
        };
        let says = match &accent {
            Ok(accent) if accent.contrast() >= 7.0 => say(
                "desk-set-contrast-high",
                &[("contrast", rounded(accent.contrast()))],
            ),
            Ok(accent) => say(
                "desk-set-contrast-enough",
                &[("contrast", rounded(accent.contrast()))],
            ),
            Err(AccentError::NoColour(_)) => say("desk-set-wrong-accent", &[]),
            Err(AccentError::TooLight { contrast, .. }) => {
                let darker = Accent::near(colour).map(|accent| accent.to_string());
                let darker = darker.unwrap_or_default().into();
                let values = [("contrast", rounded(*contrast)), ("darker", darker)];
                say("desk-set-contrast-low", &values)
            }
        };
        Self {
            says,
            fits: accent.is_ok(),
        }
    }
}

impl Look {
    fn new(opened: &Opened, accent: String, view: &str) -> Self {
        let shipped = Accent::SHIPPED.to_string();
        let logo = opened.newsletter.logo.as_ref();
        Self {
            contrast: Contrast::of(opened.language(), &accent),
            shown: match Accent::near(&accent) {
                Some(_) => accent.clone(),
                None => shipped.clone(),
            },
            logo: logo.map(|logo| LogoView {
                href: format!("/logo/{}", logo.name),
                width: logo.width_at(48),
                height: 48,
            }),
            view: if view == "page" { "page" } else { "mail" }.to_owned(),
            has_own_accent: opened.newsletter.accent.is_some(),
            accent,
            shipped,
        }
    }
}

fn accent_of(newsletter: &Newsletter) -> String {
    let accent = newsletter.accent.unwrap_or(Accent::SHIPPED);
    accent.to_string()
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct LookQuery {
    #[serde(default)]
    view: String,
    #[serde(default)]
    accent: String,
}

/// GET /desk/settings/{slug}/look
pub(super) async fn show(
    State(service): State<Service>,
    signed_in: SignedIn,
    SlugInPath(slug): SlugInPath,
    PageQuery(state): PageQuery<PageState>,
) -> Result<Response, DeskError> {
    let opened = Opened::find(&service, signed_in, &slug).await?;
    let form = Look::new(&opened, accent_of(&opened.newsletter), "mail");
    Ok(SettingsPage::new(&opened, form).show(&opened, &state))
}

/// GET /desk/settings/{slug}/look/contrast: a part of the page.
pub(super) async fn contrast(
    State(service): State<Service>,
    signed_in: SignedIn,
    SlugInPath(slug): SlugInPath,
    PageQuery(query): PageQuery<LookQuery>,
) -> Result<Response, DeskError> {
    let opened = Opened::find(&service, signed_in, &slug).await?;
    let contrast = Contrast::of(opened.language(), &one_line(&query.accent));
    let template = "desk/settings/_contrast.html";
    Ok(opened.layout.fragment(StatusCode::OK, template, &contrast))
}

/// The colour to keep: none where it is the shipped one, which may change with an upgrade.
fn kept(typed: &str) -> String {
    let typed = one_line(typed).to_lowercase();
    if typed == Accent::SHIPPED.to_string() {
        String::new()
    } else {
        typed
    }
}

/// What is wrong with a file, in words.
fn no_logo(language: Language, error: &LogoError) -> Trouble {
    let key = match error {
        LogoError::WrongKind => "desk-set-wrong-logo-kind",
        LogoError::TooLong(_) => "desk-set-wrong-logo-long",
        LogoError::TooLarge => "desk-set-wrong-logo-large",
        LogoError::Damaged => "desk-set-wrong-logo-damaged",
    };
    Trouble::at(language, "logo", key)
}

/// POST /desk/settings/{slug}/look
pub(super) async fn save(
    State(service): State<Service>,
    signed_in: SignedIn,
    SlugInPath(slug): SlugInPath,
    upload: CsrfUpload,
) -> Result<Response, DeskError> {
    let opened = Opened::find(&service, signed_in, &slug).await?;
    let actor = opened.may_change(Tab::Look)?;
    let action = upload.field("do");
    let typed = match action {
        "shipped" => String::new(),
        _ => kept(upload.field("accent")),
    };
    let sent = upload.field("version").parse().ok();
    let view = upload.field("view").to_owned();
    let refuse = |trouble: Trouble| {
        let shown = if typed.is_empty() {
            Accent::SHIPPED.to_string()
        } else {
            typed.clone()
        };
        let page = SettingsPage::new(&opened, Look::new(&opened, shown, &view));
        Ok(page.refuse(&opened, sent, trouble))
    };
    let logo = match (&upload.file, action) {
        (_, "remove-logo") => LogoChange::Remove,
        (None, _) => LogoChange::Keep,
        (Some(octets), _) => match LogoFile::read(octets.clone()) {
            Ok(file) => LogoChange::Replace(file),
            Err(error) => return refuse(no_logo(opened.language(), &error)),
        },
    };
    let change = Change::Look {
        accent: typed.clone(),
        logo,
    };
    let version = made_from(action, sent)?;
    let slug = &opened.newsletter.slug;
    match publish::change_newsletter(&service, slug, change, version, &actor).await {
        Ok(_) => opened.saved(Tab::Look, ""),
        Err(error) => {
            let mut trouble = Trouble::of(&service, &opened, error).await?;
            if trouble.field == "accent" {
                trouble.says = Contrast::of(opened.language(), &typed).says;
            }
            refuse(trouble)
        }
    }
}

/// GET /desk/settings/{slug}/look/preview: as it is saved.
pub(super) async fn preview(
    State(service): State<Service>,
    signed_in: SignedIn,
    SlugInPath(slug): SlugInPath,
    PageQuery(query): PageQuery<LookQuery>,
) -> Result<Response, DeskError> {
    let opened = Opened::find(&service, signed_in, &slug).await?;
    let newsletter = &opened.newsletter;
    let logo = newsletter
        .logo
        .as_ref()
        .map(|logo| format!("/logo/{}", logo.name));
    render(
        &service,
        &opened,
        newsletter,
        (&query.view, logo.as_deref()),
    )
    .await
}

/// POST /desk/settings/{slug}/look/preview: as it is typed, with the file that was chosen.
pub(super) async fn preview_typed(
    State(service): State<Service>,
    signed_in: SignedIn,
    SlugInPath(slug): SlugInPath,
    upload: CsrfUpload,
) -> Result<Response, DeskError> {
    let opened = Opened::find(&service, signed_in, &slug).await?;
    let typed = one_line(upload.field("accent"));
    // A colour that is too light is shown as the tone that stands in for it.
    let accent = Accent::near(&typed).map(|accent| accent.to_string());
    let patch = NewsletterPatch {
        accent: Some(accent.unwrap_or_default()),
        ..NewsletterPatch::default()
    };
    let typed = publish::changed_newsletter(&opened.newsletter, patch);
    let mut newsletter = typed.map_err(|error| refusal(opened.language(), error))?;
    let chosen = upload
        .file
        .as_ref()
        .and_then(|file| LogoFile::read(file.clone()).ok());
    let logo = match chosen {
        Some(file) => {
            let octets = BASE64.encode(&file.octets);
            newsletter.logo = Some(file.logo);
            Some(format!("data:{};base64,{octets}", file.media_type))
        }
        None => newsletter
            .logo
            .as_ref()
            .map(|logo| format!("/logo/{}", logo.name)),
    };
    let view = upload.field("view");
    render(&service, &opened, &newsletter, (view, logo.as_deref())).await
}

async fn render(
    service: &Service,
    opened: &Opened,
    newsletter: &Newsletter,
    (view, logo): (&str, Option<&str>),
) -> Result<Response, DeskError> {
    if view == "page" {
        let language = newsletter.language;
        return Ok(public::signup_preview(
            &service.links,
            newsletter,
            language,
            logo,
        ));
    }
    render_mail(service, opened, newsletter, logo).await
}

/// The latest issue as a mail of a newsletter that need not be saved, with its subject above.
pub(super) async fn render_mail(
    service: &Service,
    opened: &Opened,
    newsletter: &Newsletter,
    logo: Option<&str>,
) -> Result<Response, DeskError> {
    let own = newsletter
        .logo
        .as_ref()
        .map(|logo| format!("/logo/{}", logo.name));
    let logo = logo.or(own.as_deref());
    let mail = publish::preview_look(service, newsletter, logo).await;
    let mail = mail.map_err(|error| refusal(opened.language(), error))?;
    Ok(preview_html(&with_subject(opened, &mail)?))
}
