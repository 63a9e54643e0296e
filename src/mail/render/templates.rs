//! The mail templates, which are part of the binary, and rendering them to mails.

use std::sync::LazyLock;

use mrml::prelude::render::RenderOptions;
use serde::Serialize;

use super::plain_text;
use crate::domain::{
    Accent, Language, LegalLinks, Newsletter, is_xml_char, without_forbidden_chars,
};
use crate::mail::{RenderedMail, TemplateError};
use crate::texts::Templates;

/// `template!("digest/text.txt")`: the name and the source.
macro_rules! template {
    ($name:literal) => {
        (
            $name,
            include_str!(concat!("../../../email_templates/", $name)),
        )
    };
}

static TEMPLATES: LazyLock<Result<Templates, TemplateError>> = LazyLock::new(|| {
    let sources = [
        template!("_shared/base.mjml"),
        template!("_shared/mail.css"),
        template!("_shared/foot.txt"),
        template!("_shared/neutral.txt"),
        template!("confirmation/subject.txt"),
        template!("confirmation/text.txt"),
        template!("confirmation/html.mjml"),
        template!("already_subscribed/subject.txt"),
        template!("already_subscribed/text.txt"),
        template!("already_subscribed/html.mjml"),
        template!("welcome/subject.txt"),
        template!("welcome/text.txt"),
        template!("welcome/html.mjml"),
        template!("data_link/subject.txt"),
        template!("data_link/text.txt"),
        template!("data_link/html.mjml"),
        template!("new_address/subject.txt"),
        template!("new_address/text.txt"),
        template!("new_address/html.mjml"),
        template!("address_changed/subject.txt"),
        template!("address_changed/text.txt"),
        template!("address_changed/html.mjml"),
        template!("erased/subject.txt"),
        template!("erased/text.txt"),
        template!("erased/html.mjml"),
        template!("editor_invitation/subject.txt"),
        template!("editor_invitation/text.txt"),
        template!("editor_invitation/html.mjml"),
        template!("password_reset/subject.txt"),
        template!("password_reset/text.txt"),
        template!("password_reset/html.mjml"),
        template!("new_browser/subject.txt"),
        template!("new_browser/text.txt"),
        template!("new_browser/html.mjml"),
        template!("codes_off/subject.txt"),
        template!("codes_off/text.txt"),
        template!("codes_off/html.mjml"),
        template!("digest/parts.txt"),
        template!("digest/parts.mjml"),
        template!("digest/subject.txt"),
        template!("digest/text.txt"),
        template!("digest/html.mjml"),
        template!("digest/item.mjml"),
        template!("digest/web.html"),
    ];
    Templates::new(&sources, |environment| {
        environment.add_filter("wrap", |text: &str| plain_text::wrap(text));
        environment.add_filter("underlined", plain_text::underlined);
        environment.add_filter("accented", |html: &str, accent: &str| {
            let style = format!("style=\"color:{accent};\"");
            html.replace("style=\"color:#0b5c68;\"", &style)
        });
    })
});

/// What every template shows of the newsletter.
#[derive(Debug, Serialize)]
pub(crate) struct Sender<'a> {
    title: &'a str,
    sender: &'a str,
    reply_to: String,
    postal_lines: Vec<&'a str>,
    accent: String,
    accent_dark: String,
    logo: Option<LogoView<'a>>,
    #[serde(flatten)]
    legal: LegalLinks,
}

#[derive(Debug, Serialize)]
struct LogoView<'a> {
    url: &'a str,
    width: u32,
}

/// The height of a logo in mails, in pixels.
const LOGO_HEIGHT: u32 = 48;

impl<'a> Sender<'a> {
    /// The newsletter with the URL of its logo, for a mail in `language`.
    pub(crate) fn new(
        newsletter: &'a Newsletter,
        language: Language,
        logo_url: Option<&'a str>,
    ) -> Self {
        let lines = newsletter.postal_address.lines().map(str::trim);
        let accent = newsletter.accent.unwrap_or(Accent::SHIPPED);
        // A picture that is fetched tells when a mail is opened.
        let logo = newsletter.logo.as_ref().zip(logo_url);
        let logo = logo.filter(|_| !newsletter.safety_mode);
        let legal = newsletter.legal.links(language, newsletter.language);
        Self {
            accent: accent.light(),
            accent_dark: accent.dark(),
            logo: logo.map(|(logo, url)| LogoView {
                url,
                width: logo.width_at(LOGO_HEIGHT),
            }),
            legal: LegalLinks {
                imprint_url: Some(legal.imprint_url.unwrap_or_default()),
                privacy_url: Some(legal.privacy_url.unwrap_or_default()),
            },
            title: &newsletter.title,
            sender: &newsletter.sender_name,
            reply_to: newsletter.reply_to.to_string(),
            postal_lines: lines.filter(|line| !line.is_empty()).collect(),
        }
    }
}

/// Renders one template.
pub(crate) fn render(
    language: Language,
    name: &str,
    context: impl Serialize,
) -> Result<String, TemplateError> {
    match &*TEMPLATES {
        // What was stored before such characters were refused must not keep a mail from being sent.
        Ok(templates) => match templates.render(language, name, context)? {
            text if text.chars().all(is_xml_char) => Ok(text),
            text => Ok(without_forbidden_chars(&text).into_owned()),
        },
        Err(broken) => Err(TemplateError::BuiltIn(broken.to_string())),
    }
}

/// Renders the templates in the folder of a mail: subject, text and HTML.
pub(crate) fn render_mail(
    language: Language,
    folder: &str,
    context: &impl Serialize,
) -> Result<RenderedMail, TemplateError> {
    #[derive(Serialize)]
    struct WithSubject<'a, C> {
        subject: &'a str,
        #[serde(flatten)]
        context: &'a C,
    }
    let subject = render(language, &format!("{folder}/subject.txt"), context)?;
    let subject = plain_text::one_line(&subject);
    let context = WithSubject {
        subject: &subject,
        context,
    };
    let text = render(language, &format!("{folder}/text.txt"), &context)?;
    let mjml = render(language, &format!("{folder}/html.mjml"), &context)?;
    Ok(RenderedMail {
        text: plain_text::tidy(&text),
        html: compile(&mjml)?,
        subject,
    })
}

/// Compiles MJML to HTML that loads nothing: without the web fonts that the compiler would link to.
fn compile(mjml: &str) -> Result<String, TemplateError> {
    let options = RenderOptions {
        disable_comments: true,
        social_icon_origin: None,
        fonts: std::collections::HashMap::new(),
    };
    Ok(mrml::parse(escape_for_mrml(mjml))?
        .element
        .render(&options)?)
}

/// Replaces characters by character references where the compiler would write them into attributes as Rust
/// escapes. No-break spaces are among them, which are frequent in French.
fn escape_for_mrml(mjml: &str) -> String {
    let mut document = String::with_capacity(mjml.len());
    for letter in mjml.chars() {
        let is_escaped = letter == '\\' || !letter.is_ascii() && letter.escape_debug().len() > 1;
        if is_escaped {
            document.push_str(&format!("&#{};", u32::from(letter)));
        } else {
            document.push(letter);
        }
    }
    document
}
