//! What an issue says. Texts are Markdown, titles are plain.

use std::borrow::Cow;
use std::fmt;

use data_encoding::HEXLOWER;
use serde::de::value::MapAccessDeserializer;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use sha2::{Digest, Sha256};
use utoipa::openapi::schema::{ObjectBuilder, OneOfBuilder, Schema, Type};
use utoipa::openapi::{Ref, RefOr};
use utoipa::{PartialSchema, ToSchema};
use validator::{Validate, ValidationError};

use crate::domain::text_enum::text_enum;
use crate::domain::{CountrySet, is_blank, is_one_line};

text_enum! {
    /// The parts of a letter. Any may be left out, repeated, renamed or reordered.
    pub enum PartKind as "part" {
        /// Things not to miss.
        News = "news",
        /// The long read of the week.
        Analysis = "analysis",
        /// The articles of the week, grouped by country.
        Articles = "articles",
        /// A picture with caption and credit.
        Photo = "photo",
        /// Events.
        Agenda = "agenda",
        /// What others wrote.
        Press = "press",
        /// A call to subscribe or donate.
        Support = "support",
        /// Free text.
        Text = "text",
    }
}

text_enum! {
    /// Who can read the linked text.
    pub enum Access as "access" {
        /// Everybody.
        Free = "free",
        /// Paying readers.
        Paid = "paid",
    }
}

/// A whole issue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueContent {
    /// The Subject line.
    #[validate(length(min = 1, max = 250), custom(function = one_line))]
    pub subject: String,
    /// The words that mail programs show beside the subject.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "String::is_empty"
    )]
    #[validate(length(max = 250), custom(function = one_line))]
    pub preheader: String,
    /// The editor's greeting, Markdown.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "String::is_empty"
    )]
    #[validate(length(max = 20_000))]
    pub intro: String,
    /// The letter, in its order.
    #[serde(default, deserialize_with = "null_as_default")]
    #[validate(length(max = 50), nested)]
    pub parts: Vec<Part>,
}

impl IssueContent {
    /// Whether it says nothing but its subject.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        let says_nothing = |part: &Part| part.body.trim().is_empty() && part.items.is_empty();
        self.intro.trim().is_empty() && self.parts.iter().all(says_nothing)
    }

    /// The SHA-256 of all that it says, in hexadecimal: the same for the same content in every process.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        // Fields stand in one order, and no map is among them.
        let json = serde_json::to_vec(self).unwrap_or_default();
        HEXLOWER.encode(&Sha256::digest(json))
    }
}

/// One part of a letter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Part {
    /// Which.
    pub kind: PartKind,
    /// Its heading; the usual one of the language when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(length(min = 1, max = 250), custom(function = one_line))]
    pub title: Option<String>,
    /// Markdown.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "String::is_empty"
    )]
    #[validate(length(max = 100_000))]
    pub body: String,
    /// The items, in their order.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "Vec::is_empty"
    )]
    #[validate(length(max = 200), nested)]
    pub items: Vec<Item>,
}

/// An article, an event, a link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// The headline, plain text.
    #[validate(length(min = 1, max = 500), custom(function = one_line))]
    pub title: String,
    /// Where it leads; `http` or `https`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[validate(custom(function = web_address))]
    pub url: Option<String>,
    /// A few sentences, Markdown.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "String::is_empty"
    )]
    #[validate(length(max = 20_000))]
    pub summary: String,
    /// What it is about: codes such as `kz`, read back in small letters.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "CountrySet::is_empty_ref"
    )]
    #[schema(value_type = Vec<String>)]
    pub countries: CountrySet,
    /// A picture; a plain address is taken too, and read back as an object.
    #[schema(value_type = Option<ImageOrAddress>)]
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        deserialize_with = "image_or_address"
    )]
    #[validate(nested)]
    pub image: Option<Image>,
    /// Whether it is free to read; nothing is said when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access: Option<Access>,
}

/// A picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Image {
    /// Where it lies; `http` or `https`.
    #[validate(custom(function = web_address))]
    pub url: String,
    /// What it shows, for those who cannot see it; the item's title when left out.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "String::is_empty"
    )]
    #[validate(length(max = 500), custom(function = one_line))]
    pub alt: String,
    /// Who took it.
    #[serde(
        default,
        deserialize_with = "null_as_default",
        skip_serializing_if = "String::is_empty"
    )]
    #[validate(length(max = 250), custom(function = one_line))]
    pub credit: String,
    /// Its width in pixels; with the height, the page of the issue keeps its place until it is loaded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 20_000)]
    #[validate(range(min = 1, max = 20_000))]
    pub width: Option<u32>,
    /// Its height in pixels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 20_000)]
    #[validate(range(min = 1, max = 20_000))]
    pub height: Option<u32>,
}

impl Image {
    /// What it shows, in words; those of its item where it has none of its own.
    #[must_use]
    pub fn described_by<'a>(&'a self, item: &'a Item) -> &'a str {
        if self.alt.trim().is_empty() {
            &item.title
        } else {
            &self.alt
        }
    }
}

impl CountrySet {
    // serde hands a reference to `skip_serializing_if`.
    #[allow(clippy::trivially_copy_pass_by_ref)]
    fn is_empty_ref(&self) -> bool {
        self.is_empty()
    }
}

fn one_line(text: &str) -> Result<(), ValidationError> {
    if is_blank(text) && !text.is_empty() {
        return Err(ValidationError::new("blank").with_message("must not be blank".into()));
    }
    if !is_one_line(text) {
        return Err(ValidationError::new("control")
            .with_message("must be one line without control characters".into()));
    }
    Ok(())
}

pub(crate) fn web_address(text: &str) -> Result<(), ValidationError> {
    let refused = |why: &'static str| Err(ValidationError::new("url").with_message(why.into()));
    if text.len() > 2_000 {
        return refused("must be at most 2,000 characters long");
    }
    match url::Url::parse(text) {
        // The parser drops line breaks, which have no place in a mail's attributes.
        Ok(url)
            if matches!(url.scheme(), "http" | "https")
                && url.has_host()
                && !text.contains(|c: char| c.is_control() || c.is_whitespace()) =>
        {
            Ok(())
        }
        _ => refused("must be a full web address that starts with http:// or https://"),
    }
}

/// Reads `null` as what is left out: many clients send all members that they know.
pub(crate) fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Option::deserialize(deserializer).map(Option::unwrap_or_default)
}

fn image_or_address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Image>, D::Error> {
    deserializer.deserialize_any(ImageOrAddress)
}

/// Reads a picture's address alone, all of it, or that there is none.
struct ImageOrAddress;

impl PartialSchema for ImageOrAddress {
    fn schema() -> RefOr<Schema> {
        let address = ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("Its address alone."));
        let image = Ref::from_schema_name(Image::name());
        OneOfBuilder::new().item(address).item(image).into()
    }
}

impl ToSchema for ImageOrAddress {
    fn name() -> Cow<'static, str> {
        Cow::Borrowed("ImageOrAddress")
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((Image::name().into_owned(), Image::schema()));
        Image::schemas(schemas);
    }
}

impl<'de> Visitor<'de> for ImageOrAddress {
    type Value = Option<Image>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a web address, or an object with `url`")
    }

    fn visit_str<E: de::Error>(self, url: &str) -> Result<Self::Value, E> {
        Ok(Some(Image {
            url: url.to_owned(),
            alt: String::new(),
            credit: String::new(),
            width: None,
            height: None,
        }))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Self::Value, A::Error> {
        Image::deserialize(MapAccessDeserializer::new(map)).map(Some)
    }

    fn visit_unit<E: de::Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }
}

#[cfg(test)]
mod tests {
    use super::IssueContent;
    use validator::Validate;

    fn problems(json: &str) -> Result<String, serde_json::Error> {
        let content: IssueContent = serde_json::from_str(json)?;
        Ok(content
            .validate()
            .err()
            .map(|e| e.to_string())
            .unwrap_or_default())
    }

    #[test]
    fn names_the_field_that_is_wrong() -> Result<(), serde_json::Error> {
        let item = |fields: &str| {
            format!(r#"{{"subject":"s","parts":[{{"kind":"news","items":[{{{fields}}}]}}]}}"#)
        };
        for (json, field) in [
            (r#"{"subject":""}"#.to_owned(), "subject"),
            (r#"{"subject":"a\nBcc: x"}"#.to_owned(), "subject"),
            (item(r#""title":"t","url":"javascript:alert(1)""#), "url"),
            (
                item(r#""title":"t","image":"data:image/png;base64,AA""#),
                "url",
            ),
            (item(r#""title":"""#), "title"),
        ] {
            let found = problems(&json)?;
            assert!(found.contains(field), "{json}: {found}");
        }
        assert_eq!(
            problems(&item(
                r#""title":"t","image":"https://example.org/a.jpg","countries":["KZ"],"access":"paid""#
            ))?,
            ""
        );
        Ok(())
    }

    #[test]
    fn null_is_as_left_out() -> Result<(), serde_json::Error> {
        let null = r#"{"subject":"s","preheader":null,"intro":null,"parts":[{"kind":"news","title":null,"body":null,
            "items":[{"title":"t","url":null,"summary":null,"countries":null,"image":null,"access":null}]},
            {"kind":"text","items":null}]}"#;
        let left_out =
            r#"{"subject":"s","parts":[{"kind":"news","items":[{"title":"t"}]},{"kind":"text"}]}"#;
        let read = |json| serde_json::from_str::<IssueContent>(json);
        assert_eq!(read(null)?, read(left_out)?);
        assert!(read(r#"{"subject":null}"#).is_err());
        Ok(())
    }

    #[test]
    fn names_unknown_fields_and_kinds() {
        let unknown = |json: &str| {
            serde_json::from_str::<IssueContent>(json)
                .err()
                .map(|e| e.to_string())
                .unwrap_or_default()
        };
        assert!(unknown(r#"{"subject":"s","partz":[]}"#).contains("partz"));
        assert!(unknown(r#"{"subject":"s","parts":[{"kind":"nws"}]}"#).contains("nws"));
    }
}
