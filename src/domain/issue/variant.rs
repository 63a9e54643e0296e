//! What readers who follow some countries get of an issue: the choice becomes a variant.

use crate::domain::{Country, CountrySet, IssueContent, Item, Part, PartKind};

/// How an article comes to a reader.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// In full, under this country.
    Full(Country),
    /// In the list of the rest, by its headline.
    Named,
}

/// How the articles of one part come to readers who follow `followed`; the empty set follows
/// everything. What is about a followed country or about the whole region comes in full. Where
/// that is nothing, everything does: a letter is never empty.
#[must_use]
pub fn shown(articles: &[Item], followed: CountrySet) -> Vec<Shown> {
    let chooses = !followed.is_empty();
    let folds = chooses && articles.iter().any(|item| place(item, followed).is_some());
    let one = |item: &Item| match place(item, followed).filter(|_| folds) {
        Some(country) => Shown::Full(country),
        None if folds => Shown::Named,
        None => Shown::Full(first_country(item)),
    };
    articles.iter().map(one).collect()
}

/// The first of an item's countries; without any, it is about the region.
fn first_country(item: &Item) -> Country {
    item.countries.iter().next().unwrap_or(Country::Region)
}

/// Under which country an article comes in full: the first that the reader follows, or the region.
fn place(item: &Item, followed: CountrySet) -> Option<Country> {
    let own = item.countries.iter().find(|c| followed.contains(*c));
    let regional = item.countries.is_empty() || item.countries.contains(Country::Region);
    own.or(regional.then_some(Country::Region))
}

impl IssueContent {
    /// The set of countries that stands for a choice. Two choices have the same one exactly if
    /// their letters are the same, so that few variants have to be made; the empty set stands
    /// for the letter in which everything is in full. Looks at every letter there can be: to be
    /// remembered where many ask.
    #[must_use]
    pub fn variant(&self, followed: CountrySet) -> CountrySet {
        let letter = |followed| -> Vec<Vec<Shown>> {
            let parts = self.article_parts();
            parts.map(|part| shown(&part.items, followed)).collect()
        };
        let wanted = letter(followed);
        let mut candidates = self.choices().into_iter();
        candidates
            .find(|choice| letter(*choice) == wanted)
            .unwrap_or(followed)
    }

    /// A choice for every letter there can be, those of fewer countries first: no choice at
    /// all, nothing but the region, and every set of the countries that articles are about.
    pub(super) fn choices(&self) -> Vec<CountrySet> {
        let mut about = CountrySet::default();
        for item in self.article_parts().flat_map(|part| &part.items) {
            item.countries
                .iter()
                .for_each(|country| about.insert(country));
        }
        let mut region = CountrySet::default();
        region.insert(Country::Region);
        let mut choices = vec![CountrySet::default()];
        for country in about.iter().filter(|country| *country != Country::Region) {
            let with = choices.clone().into_iter().map(|mut choice| {
                choice.insert(country);
                choice
            });
            choices.extend(with);
        }
        choices.sort_by_key(|choice| choice.iter().count());
        choices.insert(1, region);
        choices
    }

    pub(super) fn article_parts(&self) -> impl Iterator<Item = &Part> {
        let parts = self.parts.iter();
        parts.filter(|part| part.kind == PartKind::Articles)
    }

    /// How many articles come by their headline alone to readers who follow `followed`.
    #[must_use]
    pub fn named_only(&self, followed: CountrySet) -> usize {
        let parts = self.article_parts();
        let shown = parts.flat_map(|part| shown(&part.items, followed));
        shown.filter(|shown| *shown == Shown::Named).count()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Shown, shown};
    use crate::domain::{Country, CountrySet, IssueContent, Item, Part, PartKind};

    fn countries() -> impl Strategy<Value = CountrySet> {
        let codes = prop::collection::vec(0..Country::ALL.len(), 0..4);
        codes.prop_map(|codes| {
            let mut set = CountrySet::default();
            codes
                .iter()
                .for_each(|code| set.insert(Country::ALL[*code]));
            set
        })
    }

    fn items() -> impl Strategy<Value = Vec<Item>> {
        prop::collection::vec(countries(), 0..7).prop_map(|all| {
            let item = |(n, countries): (usize, CountrySet)| Item {
                title: format!("item {n}"),
                url: None,
                summary: String::new(),
                countries,
                image: None,
                access: None,
            };
            all.into_iter().enumerate().map(item).collect()
        })
    }

    fn content() -> impl Strategy<Value = IssueContent> {
        prop::collection::vec(items(), 1..4).prop_map(|parts| IssueContent {
            subject: "s".to_owned(),
            preheader: String::new(),
            intro: String::new(),
            parts: parts
                .into_iter()
                .map(|items| Part {
                    kind: PartKind::Articles,
                    title: None,
                    body: String::new(),
                    items,
                })
                .collect(),
        })
    }

    fn regional(item: &Item) -> bool {
        item.countries.is_empty() || item.countries.contains(Country::Region)
    }

    fn letters(content: &IssueContent, followed: CountrySet) -> Vec<Vec<Shown>> {
        let parts = content.parts.iter();
        parts.map(|part| shown(&part.items, followed)).collect()
    }

    proptest! {
        #[test]
        fn what_is_followed_and_what_is_regional_comes_in_full(items in items(), followed in countries()) {
            let shown = shown(&items, followed);
            prop_assert_eq!(shown.len(), items.len(), "every item is at least named");
            for (item, shown) in items.iter().zip(&shown) {
                if item.countries.intersects(followed) {
                    let under_followed = matches!(shown, Shown::Full(c) if followed.contains(*c));
                    prop_assert!(under_followed, "{:?} {:?}", item, shown);
                } else if regional(item) {
                    prop_assert!(matches!(shown, Shown::Full(_)), "{:?} {:?}", item, shown);
                }
            }
            let full = shown.iter().filter(|s| **s != Shown::Named).count();
            prop_assert!(full > 0 || items.is_empty(), "a letter is never empty");
            if followed.is_empty() {
                prop_assert_eq!(full, items.len(), "no choice means everything");
            }
        }

        #[test]
        fn one_variant_stands_for_all_choices_with_the_same_letter(
            content in content(), one in countries(), other in countries(),
        ) {
            let (variant, another) = (content.variant(one), content.variant(other));
            prop_assert_eq!(letters(&content, variant), letters(&content, one));
            prop_assert_eq!(content.variant(variant), variant);
            let same_letter = letters(&content, one) == letters(&content, other);
            prop_assert_eq!(variant == another, same_letter, "{:?} {:?}", variant, another);
        }
    }

    #[test]
    fn a_choice_that_changes_no_part_shares_its_variant_with_one_that_is_about_none() {
        let set = |codes: &str| CountrySet::parse(codes).unwrap();
        let items = |codes: &str| -> Vec<Item> {
            let json = serde_json::json!([{ "title": "x", "countries": codes.split(' ').collect::<Vec<_>>() }]);
            serde_json::from_value(json).unwrap()
        };
        let part = |codes| Part {
            kind: PartKind::Articles,
            title: None,
            body: String::new(),
            items: items(codes),
        };
        let content = IssueContent {
            subject: "s".to_owned(),
            preheader: String::new(),
            intro: String::new(),
            parts: vec![part("kg"), part("uz region")],
        };
        assert_eq!(content.variant(set("kg")), content.variant(set("tj")));
        assert_ne!(content.variant(set("uz")), content.variant(set("tj")));
    }
}
