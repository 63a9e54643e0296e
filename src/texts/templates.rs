//! The template engine of mails and pages.

use std::fmt::Write as _;

use jiff::Timestamp;
use jiff::civil::Date;
use minijinja::value::{Kwargs, Serde};
use minijinja::{
    AutoEscape, Environment, Error, ErrorKind, Output, State, UndefinedBehavior, Value,
    escape_formatter, syntax::SyntaxConfig,
};
use serde::Serialize;

use super::overrides::say;
use super::{TextValue, duration, language_name, local_time, long_date, number, text};
use crate::domain::{Country, Frequency, Language, time_zone};

/// The length of a date alone, as in `2024-07-31`: its time is not known.
const DATE_LEN: usize = 10;

/// Where a context holds the newsletter's text overrides, a [`TextOverrides`](super::TextOverrides).
const TEXT_OVERRIDES: &str = "text_overrides";

/// A mail or page that could not be rendered. Always a fault of ours, never of the content.
#[derive(Debug, thiserror::Error)]
pub enum TemplateError {
    /// The template engine refused.
    #[error("a template could not be rendered: {0:#}")]
    Template(#[from] Error),
    /// The MJML compiler could not read what the template produced.
    #[error("the MJML of a mail could not be read")]
    Mjml(#[from] mrml::prelude::parser::Error),
    /// The MJML compiler could not write HTML.
    #[error("the HTML of a mail could not be written")]
    Html(#[from] mrml::prelude::render::Error),
    /// The templates built into this binary do not parse.
    #[error("the built-in templates are broken: {0}")]
    BuiltIn(String),
}

/// A set of templates, ready in every language.
///
/// They see their context and these names, nothing else: `t("key", name=value)`
/// and the filters `long_date`, `duration` and `grouped` (a number, its thousands apart) in the language of the reader, `utc` (an RFC 3339
/// time for people), `local_time(zone)` (the same in a time zone), `date_value` (a date, or nothing when it is
/// none), `language_name`, `lang`, `all_countries` and `all_frequencies`. Where the context has `text_overrides`, `t` says those before the shipped ones. Names ending in `.html` or `.mjml` are escaped.
#[derive(Debug)]
pub struct Templates(Vec<Environment<'static>>);

impl Templates {
    /// Reads the templates, given as name and source; `extend` may add filters.
    ///
    /// # Errors
    /// When a source does not parse.
    pub fn new(
        sources: &[(&'static str, &'static str)],
        extend: impl Fn(&mut Environment<'static>),
    ) -> Result<Self, TemplateError> {
        let in_language = |language: &Language| {
            let mut environment = environment(*language);
            extend(&mut environment);
            for (name, source) in sources {
                environment.add_template(name, source)?;
            }
            Ok(environment)
        };
        Language::ALL
            .iter()
            .map(in_language)
            .collect::<Result<_, _>>()
            .map(Self)
    }

    /// Renders one template.
    ///
    /// # Errors
    /// When it does not exist, or uses what its context does not have.
    pub fn render(
        &self,
        language: Language,
        name: &str,
        context: impl Serialize,
    ) -> Result<String, TemplateError> {
        let template = self.0[language as usize].get_template(name)?;
        Ok(template.render(Value::from(Serde(context)))?)
    }
}

fn environment(language: Language) -> Environment<'static> {
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build();
    environment.set_syntax(syntax.unwrap_or_default());
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|name| {
        if name.ends_with(".html") || name.ends_with(".mjml") {
            AutoEscape::Html
        } else {
            AutoEscape::None
        }
    });
    environment.set_formatter(escape_without_slashes);
    environment.add_function(
        "t",
        move |state: &State<'_, '_>, key: &str, values: Kwargs| {
            translate(state, language, key, &values)
        },
    );
    environment.add_filter("long_date", move |date: &str| -> Result<String, Error> {
        let date = date
            .parse()
            .map_err(|_| Error::new(ErrorKind::InvalidOperation, "long_date needs a date"))?;
        Ok(long_date(language, date))
    });
    // A date field of HTML takes nothing else as its value.
    environment.add_filter("date_value", |text: &str| match text.parse::<Date>() {
        Ok(date) => date.to_string(),
        Err(_) => String::new(),
    });
    environment.add_filter("grouped", move |count: i64| number(language, count));
    environment.add_filter("duration", move |hours: u32| duration(language, hours));
    environment.add_filter("language_name", |tag: &str| match Language::from_tag(tag) {
        Ok(named) => language_name(named),
        Err(_) => tag.to_owned(),
    });
    environment.add_filter("utc", |at: &str| -> Result<String, Error> {
        if at.parse::<Date>().is_ok() && at.len() == DATE_LEN {
            return Ok(at.to_owned());
        }
        let at: Timestamp = at
            .parse()
            .map_err(|_| Error::new(ErrorKind::InvalidOperation, "utc needs a time or a date"))?;
        Ok(at.strftime("%Y-%m-%d %H:%M:%S UTC").to_string())
    });
    environment.add_filter(
        "local_time",
        move |at: &str, zone: &str| -> Result<String, Error> {
            if let (Ok(date), DATE_LEN) = (at.parse(), at.len()) {
                return Ok(long_date(language, date));
            }
            let invalid = || Error::new(ErrorKind::InvalidOperation, "local_time needs a time");
            let at: Timestamp = at.parse().map_err(|_| invalid())?;
            let zone = time_zone(zone).map_err(|_| invalid())?;
            Ok(local_time(language, zone.to_datetime(at)))
        },
    );
    environment.add_global("lang", language.as_str());
    let codes: Vec<_> = Country::ALL.iter().map(|c| c.as_str()).collect();
    environment.add_global("all_countries", codes);
    let codes: Vec<_> = Frequency::ALL.iter().map(|f| f.as_str()).collect();
    environment.add_global("all_frequencies", codes);
    environment
}

fn translate(
    state: &State<'_, '_>,
    language: Language,
    key: &str,
    values: &Kwargs,
) -> Result<String, Error> {
    let mut named = Vec::new();
    for name in values.args() {
        let value: Value = values.get(name)?;
        let value = match i64::try_from(value.clone()) {
            Ok(number) if value.is_number() => TextValue::from(number),
            _ => TextValue::from(value.to_string()),
        };
        named.push((name, value));
    }
    let own = state
        .lookup(TEXT_OVERRIDES)
        .and_then(|own| own.get_attr(key).ok());
    Ok(match own.as_ref().and_then(Value::as_str) {
        Some(wording) => say(language, wording, &named),
        None => text(language, key, &named),
    })
}

/// The engine's own escaping also turns `/` into an entity, and no address
/// could be found again in a mail to put a reader's own link in its place.
fn escape_without_slashes(
    out: &mut Output<'_>,
    state: &mut State<'_, '_>,
    value: &Value,
) -> Result<(), Error> {
    let escapes = matches!(state.auto_escape(), AutoEscape::Html);
    match value.as_str() {
        Some(text) if escapes && !value.is_safe() => {
            escape_html(out, text).map_err(|e| Error::new(ErrorKind::WriteFailure, e.to_string()))
        }
        _ => escape_formatter(out, state, value),
    }
}

fn escape_html(out: &mut Output<'_>, text: &str) -> std::fmt::Result {
    for character in text.chars() {
        match character {
            '&' => out.write_str("&amp;")?,
            '<' => out.write_str("&lt;")?,
            '>' => out.write_str("&gt;")?,
            '"' => out.write_str("&quot;")?,
            '\'' => out.write_str("&#39;")?,
            other => out.write_char(other)?,
        }
    }
    Ok(())
}
