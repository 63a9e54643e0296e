//! What newsletters ask, in the forms of readers.

use super::*;
use crate::domain::{
    AnswerError, FieldSelection, Fields, Newsletter, NewsletterId, WrongAnswers, WrongByNewsletter,
};

const ASKED: &str = r#"[{ "key": "name", "kind": "text", "labels": { "fr": "Prénom", "en": "First <name>" } },
    { "key": "trade", "kind": "choice", "required": true, "labels": { "fr": "Métier" }, "choices": [
        { "value": "press", "labels": { "fr": "Presse", "en": "Press" } }, { "value": "other", "labels": { "fr": "Autre" } }] },
    { "key": "member", "kind": "yes-no", "labels": { "fr": "Membre" } },
    { "key": "born", "kind": "date", "labels": { "fr": "Date" } },
    { "key": "age", "kind": "number", "labels": { "fr": "Nombre" } },
    { "key": "age-error", "kind": "text", "labels": { "fr": "Erreur" } }]"#;

fn asking(slug: &str, title: &str) -> Newsletter {
    Newsletter {
        id: NewsletterId(uuid::Uuid::from_u128(slug.len() as u128)),
        slug: Slug::parse(slug).unwrap(),
        title: title.to_owned(),
        fields: serde_json::from_str::<Fields>(ASKED).unwrap(),
        ..newsletter(Language::Fr)
    }
}

/// The sign-up form of the first of these newsletters, with the fields of them all.
fn form(language: Language, asking: &[(&Newsletter, bool)], typed: &TypedAnswers) -> String {
    let own = asking[0].0;
    let wrong = WrongAnswers::from([("age".to_owned(), AnswerError::NoNumber)]);
    let last = asking.last().unwrap().0;
    let wrong = WrongByNewsletter::from([(last.id, wrong)]);
    let questions = asking.iter().any(|(_, new)| *new);
    let asking = asking.iter().map(|(newsletter, new)| FieldGroupInput {
        newsletter,
        selection: FieldSelection::All,
        filled: typed.to(newsletter, own),
        new: *new,
    });
    let mut page = subscribe(&own.slug, "Asie centrale");
    page.fields = FieldGroup::all(asking, own, language, &wrong);
    page.questions = questions;
    render(&frame(language), &page).unwrap()
}

fn typed(fields: &[(&str, &str)]) -> TypedAnswers {
    let mut typed = TypedAnswers::default();
    for (name, value) in fields {
        typed.take(name, (*value).to_owned());
    }
    typed
}

#[test]
fn what_a_newsletter_asks_is_shown_in_the_visitors_language() {
    let own = asking("asie-centrale", "Asie centrale");
    let typed = typed(&[
        ("field-name", "\"><script>"),
        ("field-trade", "press"),
        ("field-member", "yes"),
    ]);
    let html = form(Language::En, &[(&own, false)], &typed);
    assert!(html.contains("First &lt;name&gt; <span class=\"optional\">(optional)</span>"));
    assert!(html.contains("value=\"&quot;&gt;&lt;script&gt;\""));
    assert!(html.contains("<option value=\"press\" selected>Press</option>"));
    assert!(
        html.contains("<option value=\"other\" lang=\"fr\">Autre</option>"),
        "a label falls back, and says so"
    );
    assert!(html.contains("<span lang=\"fr\">Métier</span>"));
    assert!(html.contains("<span lang=\"fr\">Membre</span>"));
    let french = form(Language::Fr, &[(&own, false)], &typed);
    assert!(french.contains("<label for=\"field-trade\">Métier"));
    assert!(french.contains("<option value=\"other\">Autre</option>"));
    assert!(html.contains("name=\"field-member\" value=\"yes\" checked"));
    assert!(html.contains("type=\"date\"") && html.contains("inputmode=\"decimal\""));
    assert!(html.contains("id=\"error-field-age\">Please enter a number."));
    assert!(html.contains("role=\"alert\"") && html.contains("your answers above"));
    assert!(html.contains("name=\"asked\" value=\"asie-centrale\""));
    assert!(!html.contains("class=\"field questions\"") && !html.contains("One more step"));
}

#[test]
fn fields_of_several_newsletters_stand_under_their_titles_and_are_not_mixed_up() {
    let own = asking("asie-centrale", "Asie centrale");
    let other = asking("caucase", "Le « Caucase » <b>");
    let typed = typed(&[
        ("field-name", "Aïgerim"),
        ("field-caucase/name", "Bolot"),
        ("field-caucase/trade", "press"),
    ]);
    for language in Language::ALL {
        let html = form(*language, &[(&own, false), (&other, true)], &typed);
        assert!(!html.contains("<legend lang=\"fr\">Asie centrale</legend>"));
        assert!(html.contains("<legend lang=\"fr\">Le « Caucase » &lt;b&gt;</legend>"));
        assert!(html.contains("type=\"hidden\" name=\"field-name\" value=\"Aïgerim\""));
        assert!(html.contains(
            "name=\"field-caucase/name\" type=\"text\" maxlength=\"200\" value=\"Bolot\""
        ));
        assert_eq!(html.matches("value=\"press\" selected").count(), 1);
        let described = html.split("aria-describedby=\"").skip(1);
        let mut described = described.filter_map(|rest| rest.split('"').next());
        let reason = "error-field-caucase/age";
        assert!(described.any(|ids| ids.split_whitespace().any(|id| id == reason)));
        assert!(!html.contains("id=\"error-field-age\""));
        for slug in ["asie-centrale", "caucase"] {
            assert!(html.contains(&format!("name=\"asked\" value=\"{slug}\"")));
        }
        let said = crate::texts::text(*language, "fields-asked", &[]);
        assert!(
            html.contains(&format!("role=\"alert\" id=\"asked\">{said}")),
            "{html}"
        );
        let ids: Vec<&str> = html
            .split(" id=\"")
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        let different: BTreeSet<&&str> = ids.iter().collect();
        assert_eq!(different.len(), ids.len(), "{ids:?}");
    }
}

#[test]
fn whose_fields_they_are_is_said_where_it_is_not_the_forms_own() {
    let mut own = asking("asie-centrale", "Asie centrale");
    own.fields = Fields::default();
    let other = asking("caucase", "Caucase");
    let html = form(
        Language::De,
        &[(&own, false), (&other, false)],
        &TypedAnswers::default(),
    );
    assert!(html.contains("<legend lang=\"fr\">Caucase</legend>"));
    assert!(!html.contains("<legend lang=\"fr\">Asie centrale</legend>"));
    assert!(!html.contains("name=\"asked\" value=\"asie-centrale\""));
}

#[test]
fn a_form_says_which_newsletters_fields_stood_on_it() {
    let own = asking("asie-centrale", "Asie centrale");
    let other = asking("caucase", "Caucase");
    let asked = |typed: &TypedAnswers| [&own, &other].map(|one| typed.had_fields_of(one, &own));
    assert_eq!(asked(&typed(&[("field-caucas/name", "x")])), [false, false]);
    assert_eq!(asked(&typed(&[("asked", "caucase")])), [false, true]);
    assert_eq!(asked(&typed(&[("field-name", "")])), [true, false]);
    assert_eq!(asked(&typed(&[("field-caucase/name", "x")])), [false, true]);
}

#[test]
fn the_form_goes_on_where_something_is_wrong_or_else_new() {
    let own = asking("asie-centrale", "Asie centrale");
    let other = asking("caucase", "Caucase");
    let nothing = TypedAnswers::default();
    let focused = |new: [bool; 2], wrong: WrongByNewsletter, errors: SubscribeErrors<'static>| {
        let both = [&own, &other].into_iter().zip(new);
        let asking = both.map(|(newsletter, new)| FieldGroupInput {
            newsletter,
            selection: FieldSelection::All,
            filled: nothing.to(newsletter, &own),
            new,
        });
        let mut page = subscribe(&own.slug, "Asie centrale");
        page.fields = FieldGroup::all(asking, &own, Language::En, &wrong);
        page.errors = errors;
        let html = render(&frame(Language::En), &page).unwrap();
        let tags = html.split('<').filter(|tag| tag.contains(" autofocus>"));
        let names = tags.map(|tag| tag.split("name=\"").nth(1).unwrap());
        let names = names.map(|name| name.split('"').next().unwrap().to_owned());
        names.collect::<Vec<String>>().join(" ")
    };
    let right = WrongByNewsletter::new;
    let wrong = || {
        let age = WrongAnswers::from([("age".to_owned(), AnswerError::NoNumber)]);
        WrongByNewsletter::from([(other.id, age)])
    };
    let fine = SubscribeErrors::default;
    let no_consent = || SubscribeErrors {
        consent: Some("consent-missing"),
        ..fine()
    };
    let no_address = || SubscribeErrors {
        email: Some(AddressFault::of("address-missing")),
        ..no_consent()
    };
    assert_eq!(focused([false, false], right(), fine()), "");
    assert_eq!(
        focused([false, true], right(), fine()),
        "field-caucase/name"
    );
    assert_eq!(focused([true, true], right(), fine()), "field-name");
    assert_eq!(focused([true, false], wrong(), fine()), "field-caucase/age");
    assert_eq!(
        focused([false, false], wrong(), no_consent()),
        "field-caucase/age"
    );
    assert_eq!(focused([true, true], right(), no_consent()), "consent");
    assert_eq!(focused([true, false], wrong(), no_address()), "email");
}
