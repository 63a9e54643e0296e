//! The searchable text of an issue.

use super::markdown::words_only;
use crate::domain::{IssueContent, Item, Language};
use crate::texts::text;

/// The words of an issue without its subject, on one line: without markup and URLs, but with the names of its
/// countries in its language.
#[must_use]
pub fn searchable_text(language: Language, content: &IssueContent) -> String {
    let mut texts = vec![content.preheader.clone(), words_only(&content.intro)];
    for part in &content.parts {
        texts.extend(part.title.clone());
        texts.push(words_only(&part.body));
        for item in &part.items {
            texts.extend(item_texts(language, item));
        }
    }
    texts.retain(|passage| !passage.trim().is_empty());
    texts.join(" · ")
}

fn item_texts(language: Language, item: &Item) -> Vec<String> {
    let mut texts = vec![item.title.clone(), words_only(&item.summary)];
    if let Some(image) = &item.image {
        texts.extend([image.alt.clone(), image.credit.clone()]);
    }
    let name = |country| text(language, &format!("country-{country}"), &[]);
    texts.extend(item.countries.iter().map(name));
    texts
}

#[cfg(test)]
mod tests {
    use super::searchable_text;
    use crate::domain::Language;

    #[test]
    fn has_words_and_no_urls() -> Result<(), serde_json::Error> {
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
