//! The sign-up form.

use super::*;

#[test]
fn a_refused_form_keeps_what_was_typed_and_says_what_is_wrong_where() {
    let slug = Slug::parse("asie-centrale").unwrap();
    let mut page = subscribe(&slug, "name(at)example.org");
    page.countries = Some(CountrySet::parse("uz").unwrap());
    page.errors = SubscribeErrors {
        email: Some(AddressFault::of("address-no-at-sign")),
        consent: Some("consent-missing"),
        ..SubscribeErrors::default()
    };
    let html = render(&frame(Language::En), &page).unwrap();
    assert!(html.contains("value=\"name(at)example.org\""));
    assert!(html.contains("value=\"uz\" checked"));
    assert!(!html.contains("value=\"kz\" checked"));
    assert!(html.contains("aria-describedby=\"email-error\" aria-invalid=\"true\""));
    assert!(html.contains("id=\"email-error\">An email address has a name"));
    assert!(html.contains("id=\"consent-error\">Please tick this box"));
    assert!(html.contains("role=\"alert\""));
}

#[test]
fn the_consent_shown_is_the_consent_recorded() {
    let slug = Slug::parse("asie-centrale").unwrap();
    for language in Language::ALL {
        let page = subscribe(&slug, "Asie centrale");
        let html = render(&frame(*language), &page).unwrap();
        let recorded = crate::texts::consent_wording(*language, "Asie centrale").wording;
        assert!(
            html.contains(&format!("<span>{recorded}</span>")),
            "{language}"
        );
        let page = subscribe_to_several(&slug, "Asie centrale");
        let html = render(&frame(*language), &page).unwrap();
        let recorded = crate::texts::consent_wording_of_ticked(*language).wording;
        assert!(
            html.contains(&format!(
                "value=\"ticked\" required> <span>{recorded}</span>"
            )),
            "{language}: {html}"
        );
    }
}
