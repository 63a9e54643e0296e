//! The templates of the desk.

use std::sync::LazyLock;

use minijinja::UndefinedBehavior;
use serde::Serialize;

use crate::domain::Language;
use crate::texts::{TemplateError, Templates};
use crate::web::static_files;

/// `template!("home.html")`: the name and the source.
macro_rules! template {
    ($name:literal) => {
        (
            concat!("desk/", $name),
            include_str!(concat!("../templates/desk/", $name)),
        )
    };
}

static TEMPLATES: LazyLock<Result<Templates, TemplateError>> = LazyLock::new(|| {
    let sources = [
        template!("base.html"),
        template!("home.html"),
        template!("_issue_list.html"),
        template!("_zone.html"),
        template!("issues.html"),
        template!("new.html"),
        template!("write.html"),
        template!("_do.html"),
        template!("_icon.html"),
        template!("_toolbar.html"),
        template!("_parts.html"),
        template!("_undo.html"),
        template!("_inbox.html"),
        template!("_saved.html"),
        template!("_says.html"),
        template!("_conflict.html"),
        template!("history.html"),
        template!("_old_state.html"),
        template!("correction.html"),
        template!("settings/base.html"),
        template!("settings/list.html"),
        template!("settings/basics.html"),
        template!("settings/look.html"),
        template!("settings/_contrast.html"),
        template!("settings/recipe.html"),
        template!("settings/fields.html"),
        template!("settings/texts.html"),
        template!("settings/signup.html"),
        template!("settings/safety.html"),
        template!("settings/said.html"),
        template!("settings/_arrange.html"),
        template!("settings/_why.html"),
        template!("settings/_subject.html"),
        template!("_checks.html"),
        template!("checks.html"),
        template!("_test_copies.html"),
        template!("picture.html"),
        template!("sending/send.html"),
        template!("sending/watch.html"),
        template!("sending/_live.html"),
        template!("sending/report.html"),
        template!("sending/_web_page.html"),
        template!("sending/_approve.html"),
        template!("sending/failed.html"),
        template!("_proof.html"),
        template!("_tokens_of_person.html"),
        template!("_people_nav.html"),
        template!("account.html"),
        template!("totp.html"),
        template!("recovery_codes.html"),
        template!("people.html"),
        template!("person.html"),
        template!("tokens.html"),
        template!("log.html"),
    ];
    // Fields that an issue leaves out are asked for by `if` and `or`; what is printed must be there.
    Templates::new(&sources, |environment| {
        environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        static_files::add_to(environment);
    })
});

/// A page of the desk, and the template that shows it.
pub(in crate::web) trait DeskPage: Serialize {
    /// The file in `templates/`.
    const TEMPLATE: &'static str;
}

/// Renders a template.
///
/// # Errors
/// When a built-in template is broken.
pub(super) fn render(
    language: Language,
    template: &str,
    context: impl Serialize,
) -> Result<String, TemplateError> {
    match &*TEMPLATES {
        Ok(templates) => templates.render(language, template, context),
        Err(broken) => Err(TemplateError::BuiltIn(broken.to_string())),
    }
}
