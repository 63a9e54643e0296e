//! Content that is still being written: it may lack a subject, a headline or a whole address.

use super::{IssueContent, Item, Part, web_address};

/// What stands in a preview for a headline that is not written yet.
const NOT_WRITTEN_YET: &str = "…";

impl IssueContent {
    /// The content with a mark where a subject or headline is missing, and without addresses that lead
    /// nowhere yet: it can be rendered, and validated for its lengths, at every moment of writing.
    #[must_use]
    pub fn presentable(&self) -> Self {
        let mut content = self.without_blanks();
        fill(&mut content.subject);
        for part in &mut content.parts {
            if part
                .title
                .as_deref()
                .is_some_and(|title| title.trim().is_empty())
            {
                part.title = None;
            }
            for item in &mut part.items {
                fill(&mut item.title);
                item.url = item.url.take().filter(|url| web_address(url).is_ok());
                item.image = item
                    .image
                    .take()
                    .filter(|image| web_address(&image.url).is_ok());
            }
        }
        content
    }

    /// The content without items and parts that say nothing: cards that an editor opened and left empty.
    #[must_use]
    pub fn without_blanks(&self) -> Self {
        let mut content = self.clone();
        for part in &mut content.parts {
            part.items.retain(|item| !item.is_blank());
        }
        content.parts.retain(|part| !part.is_blank());
        content
    }
}

fn fill(text: &mut String) {
    if text.trim().is_empty() {
        NOT_WRITTEN_YET.clone_into(text);
    }
}

impl Part {
    /// Whether it says nothing besides its heading.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.body.trim().is_empty() && self.items.iter().all(Item::is_blank)
    }
}

impl Item {
    /// An item in which nothing is written yet.
    #[must_use]
    pub fn blank() -> Self {
        Self {
            title: String::new(),
            url: None,
            summary: String::new(),
            countries: super::super::CountrySet::default(),
            image: None,
            access: None,
        }
    }

    /// Whether it says nothing.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        self.title.trim().is_empty()
            && self.url.as_deref().is_none_or(|url| url.trim().is_empty())
            && self.summary.trim().is_empty()
            && self.image.is_none()
    }
}

#[cfg(test)]
mod tests {
    use validator::Validate;

    use crate::domain::{Image, IssueContent, Item, Part, PartKind};

    fn content(items: Vec<Item>) -> IssueContent {
        let part = |items| Part {
            kind: PartKind::News,
            title: Some(" ".to_owned()),
            body: String::new(),
            items,
        };
        IssueContent {
            subject: String::new(),
            preheader: String::new(),
            intro: "Hello".to_owned(),
            parts: vec![part(items), part(Vec::new())],
        }
    }

    #[test]
    fn what_is_half_written_can_be_shown() {
        let half = Item {
            url: Some("exampl".to_owned()),
            image: Some(Image {
                url: "http".to_owned(),
                alt: String::new(),
                credit: String::new(),
                width: None,
                height: None,
            }),
            summary: "A text".to_owned(),
            ..Item::blank()
        };
        let shown = content(vec![Item::blank(), half]).presentable();
        assert!(shown.validate().is_ok(), "{shown:?}");
        assert_eq!((shown.subject.as_str(), shown.parts.len()), ("…", 1));
        let item = &shown.parts[0].items[0];
        assert_eq!(
            (item.title.as_str(), &item.url, &item.image),
            ("…", &None, &None)
        );
        assert_eq!(item.summary, "A text");
    }

    #[test]
    fn an_empty_card_is_not_part_of_the_issue() {
        let written = Item {
            title: "A headline".to_owned(),
            ..Item::blank()
        };
        let content = content(vec![written.clone(), Item::blank()]).without_blanks();
        assert_eq!(content.parts.len(), 1);
        assert_eq!(content.parts[0].items, [written]);
    }
}
