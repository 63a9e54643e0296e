//! Error pages, and the links around every page.

use super::*;

/// All templates but those of the desk, which browsers look at: tests/suite/desk.
pub(super) fn templates_for_readers() -> BTreeSet<&'static str> {
    let all = ALL_TEMPLATES.iter().copied();
    all.filter(|name| !name.starts_with("desk/")).collect()
}

#[test]
fn every_status_has_a_page() {
    for status in [400, 404, 405, 410, 413, 415, 422, 429, 500, 502, 503] {
        let html = render(&frame(Language::Fr), &ErrorPage::of(status)).unwrap();
        assert!(html.contains(&status.to_string()));
        assert!(!html.contains("error-"), "{status}");
    }
}

#[test]
fn language_links_lead_to_the_same_page() {
    let html = render(&frame(Language::Fr), &accepted("x")).unwrap();
    assert!(html.contains("href=\"/subscribe?newsletter=asie-centrale&amp;lang=de\""));
    assert!(html.contains(
        "<span aria-current=\"true\" lang=\"fr\" data-code=\"fr\"><span>Français</span></span>"
    ));
    let mut alone = frame(Language::Fr);
    alone.here = "";
    let html = render(&alone, &accepted("x")).unwrap();
    assert!(!html.contains("class=\"languages\""));
}
