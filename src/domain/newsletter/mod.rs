//! A publication that readers sign up for.

mod branding;
mod reader_figures;
mod trusted_site;

pub use branding::{Accent, AccentError, Legal, LegalLinks, Logo, LogoError, LogoFile};
pub use reader_figures::{DayFigures, ReaderFigures};
pub use trusted_site::{Site, SiteError};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;

use super::issue::web_address;
use super::text_enum::text_enum;
use super::{EmailAddress, Fields, Language, NewsletterId, Slug, is_one_line, time_zone, xml_text};

text_enum! {
    /// Who may find a newsletter.
    #[derive(Default)]
    pub enum Visibility as "visibility" {
        /// Everybody: sign-up pages, archive, search, feed and sitemap show it.
        #[default]
        Public = "public",
        /// Only who was told of it. Its issues open by the links in its mails alone.
        Private = "private",
    }
}

text_enum! {
    /// A setting of a newsletter that is no field of [`NewsletterPatch`].
    pub enum OtherSetting as "setting" {
        /// The picture of its mails and pages.
        Logo = "logo",
        /// What it asks its readers.
        Fields = "fields",
        /// The parts with which its issues begin.
        Recipe = "recipe",
    }
}

/// A newsletter as it is kept.
#[derive(Debug, Clone)]
pub struct Newsletter {
    /// Its identity.
    pub id: NewsletterId,
    /// Goes up with every change; the API's ETag.
    pub version: i64,
    /// Its name in addresses of pages and in the API.
    pub slug: Slug,
    /// Its name for people.
    pub title: String,
    /// One sentence for the sign-up page; may be empty.
    pub description: String,
    /// The language of its issues, and of its mails unless a reader chose another.
    pub language: Language,
    /// The name in the From header.
    pub sender_name: String,
    /// The address in the From header; its domain also receives bounces.
    pub sender_address: EmailAddress,
    /// Where answers go.
    pub reply_to: EmailAddress,
    /// Who sends this, from where: the legal notice at the foot of each mail.
    pub postal_address: String,
    /// The time zone in which schedules without an offset are meant.
    pub time_zone: TimeZone,
    /// Who may find it.
    pub visibility: Visibility,
    /// Its colour; the shipped one where there is none.
    pub accent: Option<Accent>,
    /// Where its legal texts are.
    pub legal: Legal,
    /// Its picture.
    pub logo: Option<Logo>,
    /// What it asks its readers besides the address.
    pub fields: Fields,
    /// The web sites that may embed its sign-up.
    pub sites: Vec<Site>,
    /// Whether a welcome mail carries its latest issue.
    pub welcome_issue: bool,
    /// Whether its mails show and load nothing that could bring readers into trouble.
    pub safety_mode: bool,
    /// The subject of its issues in safety mode; empty for the shipped one.
    pub neutral_subject: String,
    /// Whether an issue goes out only after a second person has approved it.
    pub needs_approval: bool,
}

impl Newsletter {
    /// How long a newsletter in safety mode keeps who got an issue, and from which network somebody signed up.
    pub const SAFETY_MODE_DAYS: u32 = 7;

    /// The day it is then, where the newsletter is made.
    #[must_use]
    pub fn day(&self, at: Timestamp) -> Date {
        self.time_zone.to_datetime(at).date()
    }

    /// Its time zone as the IANA database names it, as in `Europe/Paris`.
    #[must_use]
    pub fn zone_name(&self) -> &str {
        self.time_zone.iana_name().unwrap_or("UTC")
    }

    /// The identifier of RFC 2919, without angle brackets.
    #[must_use]
    pub fn list_id(&self) -> String {
        format!("{}.{}", self.slug, self.sender_address.domain())
    }

    /// Whether a page with this origin may embed its sign-up.
    #[must_use]
    pub fn trusts(&self, origin: &str) -> bool {
        self.sites.iter().any(|site| site.is_origin(origin))
    }

    /// The address to which a form of another site wants to send people after their sign-up,
    /// if that site is named among those trusted.
    #[must_use]
    pub fn answer_at(&self, wish: &str) -> Option<Url> {
        let address = Url::parse(wish).ok()?;
        let trusted = self.sites.iter().any(|site| site.has(&address));
        trusted.then_some(address)
    }

    /// Whether everybody may find it.
    #[must_use]
    pub fn is_public(&self) -> bool {
        self.visibility == Visibility::Public
    }
}

/// A newsletter as somebody writes it down, in the settings or on the command line.
/// Nothing in it has been checked.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[allow(missing_docs)]
pub struct NewsletterInput {
    pub slug: String,
    pub title: String,
    pub description: String,
    pub language: Language,
    pub sender_name: String,
    pub sender_address: String,
    pub reply_to: String,
    pub postal_address: String,
    pub time_zone: String,
    pub visibility: Visibility,
    pub accent: String,
    #[serde(default)]
    pub legal: Legal,
    pub sites: Vec<String>,
    pub welcome_issue: bool,
    #[serde(default)]
    pub safety_mode: bool,
    #[serde(default)]
    pub neutral_subject: String,
    pub needs_approval: bool,
}

/// What is to be different; what is left out stays.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewsletterPatch {
    /// Its name for people.
    pub title: Option<String>,
    /// One sentence for the sign-up page.
    pub description: Option<String>,
    /// The language of its issues.
    pub language: Option<Language>,
    /// The name mails come from.
    pub sender_name: Option<String>,
    /// The address mails come from.
    pub sender_address: Option<String>,
    /// Where answers go.
    pub reply_to: Option<String>,
    /// The legal notice in each mail.
    pub postal_address: Option<String>,
    /// As in `Europe/Paris`.
    pub time_zone: Option<String>,
    /// `public`, or `private`: in no list, search, feed, sitemap or archive.
    pub visibility: Option<Visibility>,
    /// The colour of links and buttons, as in `#0b5c68`; empty for the shipped one.
    pub accent: Option<String>,
    /// The addresses of imprint and privacy notice by language, all of them.
    pub legal: Option<Legal>,
    /// The web sites that may embed its sign-up, all of them, as in `https://magazine.example.org`;
    /// `*` is any, but none that people are sent back to.
    pub sites: Option<Vec<String>>,
    /// Whether a welcome mail carries its latest issue.
    pub welcome_issue: Option<bool>,
    /// For readers who could get into trouble: every article in full, nothing that is loaded, a neutral subject, and
    /// deliveries that are removed after a week.
    pub safety_mode: Option<bool>,
    /// The subject of every issue in safety mode; empty for the shipped one.
    pub neutral_subject: Option<String>,
    /// Whether an issue goes out only after a second person has approved it.
    pub needs_approval: Option<bool>,
}

/// A field of a newsletter that does not fit, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WrongField {
    /// Its name, as in `sender_address` or `legal.en.imprint_url`.
    pub field: String,
    /// What is wrong with it.
    pub why: String,
}

impl NewsletterInput {
    /// The longest title, sender's name or description, in characters.
    const MAX_TEXT_CHARS: usize = 250;

    /// The newsletter that these words describe, in its first version.
    ///
    /// # Errors
    /// Names the first field that does not fit.
    pub fn to_newsletter(&self, id: NewsletterId) -> Result<Newsletter, WrongField> {
        let wrong = |field: &str, why: &dyn std::fmt::Display| WrongField {
            field: field.to_owned(),
            why: why.to_string(),
        };
        let address = |field, text: &str| EmailAddress::parse(text).map_err(|e| wrong(field, &e));
        let postal_address =
            xml_text(&self.postal_address).map_err(|e| wrong("postal_address", &e))?;
        // A sender with such letters needs SMTPUTF8 of every receiver (RFC 6531).
        let own_address = |field, text: &str| match address(field, text)? {
            own if own.needs_smtputf8() => Err(wrong(
                field,
                &"must have only ASCII letters before the @, as many mail servers take no others",
            )),
            own => Ok(own),
        };
        for (field, text, may_be_empty) in [
            ("title", &self.title, false),
            ("sender_name", &self.sender_name, false),
            ("description", &self.description, true),
        ] {
            let empty = text.trim().is_empty() && !may_be_empty;
            xml_text(text).map_err(|e| wrong(field, &e))?;
            if empty || !is_one_line(text) {
                return Err(wrong(field, &"must be one line of text"));
            }
            if text.chars().count() > Self::MAX_TEXT_CHARS {
                return Err(wrong(field, &"must have at most 250 characters"));
            }
        }
        if self.postal_address.chars().count() > 1_000 {
            return Err(wrong(
                "postal_address",
                &"must have at most 1,000 characters",
            ));
        }
        for (field, address) in self.legal.addresses() {
            web_address(address).map_err(|e| wrong(&format!("legal.{field}"), &e))?;
        }
        Ok(Newsletter {
            id,
            version: 1,
            slug: Slug::parse(&self.slug).map_err(|e| wrong("slug", &e))?,
            title: self.title.clone(),
            description: self.description.clone(),
            language: self.language,
            sender_name: self.sender_name.clone(),
            sender_address: own_address("sender_address", &self.sender_address)?,
            reply_to: own_address("reply_to", &self.reply_to)?,
            postal_address: postal_address.into_owned(),
            time_zone: time_zone(&self.time_zone).map_err(|e| wrong("time_zone", &e))?,
            visibility: self.visibility,
            accent: match self.accent.as_str() {
                "" => None,
                colour => Some(Accent::parse(colour).map_err(|e| wrong("accent", &e))?),
            },
            fields: Fields::default(),
            legal: self.legal.clone(),
            logo: None,
            sites: self
                .sites
                .iter()
                .filter(|site| !site.is_empty())
                .map(|site| Site::parse(site).map_err(|e| wrong("sites", &e)))
                .collect::<Result<_, _>>()?,
            welcome_issue: self.welcome_issue,
            safety_mode: self.safety_mode,
            neutral_subject: neutral_subject(&self.neutral_subject)
                .map_err(|why| wrong("neutral_subject", &why))?,
            needs_approval: self.needs_approval,
        })
    }

    /// The same with the changes.
    #[must_use]
    pub fn with(mut self, patch: NewsletterPatch) -> Self {
        macro_rules! take {
            ($($field:ident),+) => {
                $(if let Some(value) = patch.$field { self.$field = value; })+
            };
        }
        take!(
            title,
            description,
            language,
            sender_name,
            sender_address,
            reply_to,
            postal_address,
            time_zone,
            visibility,
            accent,
            legal,
            sites,
            welcome_issue,
            safety_mode,
            neutral_subject,
            needs_approval
        );
        self
    }
}

fn neutral_subject(text: &str) -> Result<String, String> {
    let line = xml_text(text).map_err(|e| e.to_string())?;
    if !is_one_line(&line) {
        return Err("must be one line of text".to_owned());
    }
    if line.chars().count() > 150 {
        return Err("must have at most 150 characters".to_owned());
    }
    Ok(line.trim().to_owned())
}

impl From<&Newsletter> for NewsletterInput {
    fn from(kept: &Newsletter) -> Self {
        Self {
            slug: kept.slug.to_string(),
            title: kept.title.clone(),
            description: kept.description.clone(),
            language: kept.language,
            sender_name: kept.sender_name.clone(),
            sender_address: kept.sender_address.to_string(),
            reply_to: kept.reply_to.to_string(),
            postal_address: kept.postal_address.clone(),
            time_zone: kept.zone_name().to_owned(),
            visibility: kept.visibility,
            accent: kept
                .accent
                .map(|accent| accent.to_string())
                .unwrap_or_default(),
            legal: kept.legal.clone(),
            sites: kept.sites.iter().map(Site::to_string).collect(),
            welcome_issue: kept.welcome_issue,
            safety_mode: kept.safety_mode,
            neutral_subject: kept.neutral_subject.clone(),
            needs_approval: kept.needs_approval,
        }
    }
}
