//! What can be found of an issue.

use super::markdown::bare_words;
use crate::domain::{IssueContent, Item, Language};
use crate::texts::text;

/// Everything that an issue says but its subject, as one line: its words without addresses,
/// and the names of its countries in its language.
#[must_use]
pub fn searchable_text(language: Language, content: &IssueContent) -> String {
    let mut said = vec![content.preheader.clone(), bare_words(&content.intro)];
    for part in &content.parts {
        said.extend(part.title.clone());
        said.push(bare_words(&part.body));
        for item in &part.items {
            said.extend(of_item(language, item));
        }
    }
    said.retain(|passage| !passage.trim().is_empty());
    said.join(" · ")
}

fn of_item(language: Language, item: &Item) -> Vec<String> {
    let mut said = vec![item.title.clone(), bare_words(&item.summary)];
    if let Some(image) = &item.image {
        said.extend([image.alt.clone(), image.credit.clone()]);
    }
    let name = |country| text(language, &format!("country-{country}"), &[]);
    said.extend(item.countries.iter().map(name));
    said
}

#[cfg(test)]
mod tests {
    use super::searchable_text;
    use crate::domain::Language;

    #[test]
    fn says_words_and_no_addresses() -> Result<(), serde_json::Error> {
        let content = serde_json::from_str(
            r##"{"subject":"S","preheader":"Bref","intro":"# Été\n\n*Un* [lien](https://example.org/x)<b>",
            "parts":[{"kind":"news","title":"À lire","items":[{"title":"Le sommet","url":"https://example.org/y",
            "summary":"- un\n- deux","countries":["kz"],"image":{"url":"https://example.org/z.jpg","credit":"Anna"}}]}]}"##,
        )?;
        assert_eq!(
            searchable_text(Language::Fr, &content),
            "Bref · Été Un lien<b> · À lire · Le sommet · un deux · Anna · Kazakhstan"
        );
        Ok(())
    }
}
