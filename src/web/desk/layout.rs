//! The frame of the desk's pages: navigation, the person, the token of its forms.

use axum::http::StatusCode;
use axum::http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use axum::response::{Html, IntoResponse, Response};
use serde::Serialize;

use super::SignedIn;
use super::pages::{self, DeskPage};
use crate::domain::Language;
use crate::web::headers::POLICY_WITH_SCRIPT;
use crate::web::public::{HeadedPage, plain_error};

/// Where a page stands in the navigation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(in crate::web) enum Section {
    /// The first page.
    Home,
    /// Issues: writing, sending, reports.
    Issues,
    /// Newsletters and their settings.
    Settings,
    /// People, tokens and the log.
    People,
    /// The person's own account.
    Account,
}

/// The frame of a page for one person.
#[derive(Debug, Clone, Serialize)]
pub(in crate::web) struct DeskLayout {
    #[serde(skip)]
    language: Language,
    person: String,
    csrf: String,
    section: Section,
    links: Vec<NavLink>,
}

#[derive(Debug, Clone, Serialize)]
struct NavLink {
    href: &'static str,
    /// The key of its text.
    text: &'static str,
    current: bool,
}

impl DeskLayout {
    /// The frame for this person, in the person's language.
    pub(in crate::web) fn new(signed_in: &SignedIn, section: Section) -> Self {
        let editor = &signed_in.0.editor;
        let link = |href, text, its: Section| NavLink {
            href,
            text,
            current: its == section,
        };
        let mut links = vec![
            link("/desk", "desk-home", Section::Home),
            link("/desk/issues", "desk-issues", Section::Issues),
            link("/desk/settings", "desk-settings", Section::Settings),
        ];
        if editor.roles.is_owner_everywhere() {
            links.push(link("/desk/people", "desk-people", Section::People));
        }
        Self {
            language: editor.language,
            person: editor.name.clone(),
            csrf: signed_in.0.csrf.clone(),
            section,
            links,
        }
    }

    /// The language of the person.
    pub(in crate::web) fn language(&self) -> Language {
        self.language
    }

    /// The page as an answer.
    pub(in crate::web) fn answer<P: DeskPage>(&self, status: StatusCode, page: &P) -> Response {
        let mut answer = self.render(status, P::TEMPLATE, page);
        answer.extensions_mut().insert(HeadedPage(self.language));
        answer
    }

    /// A part of a page, for htmx.
    pub(in crate::web) fn fragment(
        &self,
        status: StatusCode,
        template: &str,
        page: &impl Serialize,
    ) -> Response {
        self.render(status, template, page)
    }

    /// A part of a page as HTML, for an event; empty if it cannot be rendered.
    pub(in crate::web) fn part(&self, template: &str, page: &impl Serialize) -> String {
        #[derive(Serialize)]
        struct Context<'a, P> {
            frame: &'a DeskLayout,
            page: &'a P,
        }
        let context = Context { frame: self, page };
        pages::render(self.language, template, context).unwrap_or_else(|error| {
            tracing::error!(%error, template, "a part of a page could not be rendered");
            String::new()
        })
    }

    fn render(&self, status: StatusCode, template: &str, page: &impl Serialize) -> Response {
        #[derive(Serialize)]
        struct Context<'a, P> {
            frame: &'a DeskLayout,
            page: &'a P,
        }
        let context = Context { frame: self, page };
        match pages::render(self.language, template, context) {
            Ok(html) => {
                let mut answer = (status, Html(html)).into_response();
                let policy = HeaderValue::from_static(POLICY_WITH_SCRIPT);
                answer.headers_mut().insert(CONTENT_SECURITY_POLICY, policy);
                answer
            }
            Err(error) => {
                tracing::error!(%error, template, "a page of the desk could not be rendered");
                plain_error()
            }
        }
    }
}
