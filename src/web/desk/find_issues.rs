//! Finding an issue by words of its subject and headlines.

use crate::domain::{Issue, SearchQuery, folded};

/// Whether an issue has every word, or one that begins so, in its subject, preheader or a headline.
pub(super) fn has_words(issue: &Issue, query: &SearchQuery) -> bool {
    let content = &issue.content;
    let mut text = format!("{} {}", content.subject, content.preheader);
    let titles = content.parts.iter().flat_map(|part| {
        let items = part.items.iter().map(|item| item.title.as_str());
        part.title.as_deref().into_iter().chain(items)
    });
    for title in titles {
        text.push(' ');
        text.push_str(title);
    }
    let text = folded(&text);
    let begins = |word: &String| text.split(' ').any(|one| one.starts_with(word.as_str()));
    query.words().iter().all(begins)
}
