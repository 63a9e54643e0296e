//! Links that readers cannot open, that stand twice, or that were sent before.

use std::collections::HashMap;
use std::net::{Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

use super::texts::{links_of, markdown_of};
use super::{
    CheckContext, Finding, FindingCode, FindingPlace, IssueContent, Item, PartKind, items, parts,
};
use crate::domain::issue::content::web_address;
use crate::domain::issue::markdown::links_nowhere;

/// A link of an issue, and whether it is that of a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkUse {
    /// Where it stands.
    pub place: FindingPlace,
    /// Where it leads.
    pub url: Url,
    /// Whether it is a picture that the mail shows.
    pub is_picture: bool,
}

impl IssueContent {
    /// Every link to a page and every picture, in the order of the letter; links to mail addresses
    /// are not among them.
    #[must_use]
    pub fn links(&self) -> Vec<LinkUse> {
        let mut all = Vec::new();
        let mut add = |place, text: &str, is_picture| {
            let url = Url::parse(text).ok();
            if let Some(url) = url.filter(|url| matches!(url.scheme(), "http" | "https")) {
                all.push(LinkUse {
                    place,
                    url,
                    is_picture,
                });
            }
        };
        for link in links_of(&self.intro) {
            add(FindingPlace::Intro, &link, false);
        }
        for (place, part) in parts(self) {
            for link in links_of(&part.body) {
                add(place, &link, false);
            }
        }
        for (place, _, item) in items(self) {
            if let Some(url) = &item.url {
                add(place, url, false);
            }
            if let Some(image) = &item.image {
                add(place, &image.url, true);
            }
            for link in links_of(&item.summary) {
                add(place, &link, false);
            }
        }
        all.sort_by_key(|link| link.place);
        all
    }

    /// The pages that its articles lead to, as [`normalised_link`] makes them. Events and calls for
    /// support are not among them: those come again in every issue.
    pub fn article_links(&self) -> impl Iterator<Item = String> {
        let articles = items(self).filter(|(_, part, _)| is_of_articles(part.kind));
        articles.filter_map(|(_, _, item)| Some(normalised_link(&link_of(item)?)))
    }
}

fn is_of_articles(kind: PartKind) -> bool {
    matches!(
        kind,
        PartKind::News | PartKind::Analysis | PartKind::Articles | PartKind::Press
    )
}

fn link_of(item: &Item) -> Option<Url> {
    item.url.as_deref().and_then(|url| Url::parse(url).ok())
}

/// The same for all addresses of one page: without scheme, `www.`, fragment, the last slash and what
/// is added to count visitors.
#[must_use]
pub fn normalised_link(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    let port = url.port().map(|port| format!(":{port}"));
    let mut pairs: Vec<(String, String)> = url
        .query_pairs()
        .into_owned()
        .filter(|(name, _)| !counts_visitors(name))
        .collect();
    pairs.sort();
    let pairs: Vec<String> = pairs.iter().map(|(n, v)| format!("{n}={v}")).collect();
    let query = match pairs.join("&") {
        none if none.is_empty() => none,
        query => format!("?{query}"),
    };
    let path = url.path().trim_end_matches('/');
    format!("{host}{}{path}{query}", port.unwrap_or_default())
}

fn counts_visitors(name: &str) -> bool {
    const NAMES: [&str; 6] = ["fbclid", "gclid", "mc_cid", "mc_eid", "igshid", "xtor"];
    let name = name.to_ascii_lowercase();
    name.starts_with("utm_") || name.starts_with("at_") || NAMES.contains(&name.as_str())
}

pub(super) fn check(content: &IssueContent, context: &CheckContext<'_>, found: &mut Vec<Finding>) {
    for (place, _, item) in items(content) {
        let picture = item.image.as_ref().map(|image| image.url.as_str());
        for link in [item.url.as_deref(), picture].into_iter().flatten() {
            if !link.trim().is_empty() && web_address(link).is_err() {
                found.push(Finding::error(FindingCode::LinkBroken, place).with("link", link));
            }
        }
    }
    for (place, text) in markdown_of(content) {
        for link in links_nowhere(text) {
            found.push(Finding::error(FindingCode::LinkBroken, place).with("link", link));
        }
    }
    for link in content.links() {
        if let Some(code) = unfit(&link.url, context) {
            found.push(Finding::error(code, link.place).with("link", &link.url));
        }
    }
    let mut seen: HashMap<String, &str> = HashMap::new();
    for (place, part, item) in items(content) {
        let Some(url) = link_of(item) else {
            continue;
        };
        let link = normalised_link(&url);
        if let Some(first) = seen.get(&link) {
            let finding = Finding::warning(FindingCode::LinkTwice, place).title_of(item);
            found.push(finding.with("first", first));
        } else if let Some(sent) = context.sent.links.get(&link)
            && is_of_articles(part.kind)
        {
            let finding = Finding::warning(FindingCode::SentBefore, place).title_of(item);
            let finding = finding.with("subject", &sent.subject);
            found.push(finding.with("date", sent.day));
        }
        seen.entry(link).or_insert(&item.title);
    }
}

/// Why readers cannot open a link, if its address tells.
fn unfit(url: &Url, context: &CheckContext<'_>) -> Option<FindingCode> {
    let ours = context.own_host.is_some() && context.own_host == url.host_str();
    let private = match url.host()? {
        Host::Ipv4(ip) => is_private(ip),
        Host::Ipv6(ip) => is_private_v6(ip),
        Host::Domain(_) => false,
    };
    if private && !ours {
        return Some(FindingCode::LinkPrivate);
    }
    let domain = url.host_str()?.trim_end_matches('.');
    let numeric = url.domain().is_none();
    let labels: Vec<&str> = domain.split('.').collect();
    let last = labels.last().copied().unwrap_or_default();
    let local = [
        "localhost",
        "local",
        "internal",
        "lan",
        "home",
        "test",
        "invalid",
    ];
    if !ours && !numeric && (labels.len() == 1 || local.contains(&last)) {
        return Some(FindingCode::LinkPrivate);
    }
    // A newsletter that lives at such a domain is being tried out.
    let at_home =
        is_below(context.sender_domain, domain) || is_below(domain, context.sender_domain);
    if is_example(&labels) && !at_home && !ours {
        return Some(FindingCode::LinkExample);
    }
    let staging = ["staging", "preprod", "preproduction", "recette"];
    let mut words = labels.iter().flat_map(|label| label.split('-'));
    if words.any(|word| staging.contains(&word)) {
        return Some(FindingCode::LinkStaging);
    }
    let path = url.path();
    let admin = [
        "/wp-admin",
        "/wp-login.php",
        "/administrator",
        "/ghost/",
        "/user/login",
    ];
    let of_desk =
        ours && (path == "/desk" || path.starts_with("/desk/") || path.starts_with("/api/"));
    let preview = url.query_pairs().any(|(name, value)| {
        matches!(name.as_ref(), "preview" | "preview_id" | "preview_nonce") && value != "false"
    });
    let admin = admin.iter().any(|begin| path.starts_with(begin));
    (of_desk || preview || admin).then_some(FindingCode::LinkPreview)
}

/// Whether a domain is another one or stands below it.
fn is_below(domain: &str, other: &str) -> bool {
    domain
        .strip_suffix(other)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

/// The domains of RFC 2606.
fn is_example(labels: &[&str]) -> bool {
    matches!(
        labels,
        [.., "example"] | [.., "example", "com" | "net" | "org"]
    )
}

fn is_private(ip: Ipv4Addr) -> bool {
    ip.is_private() || ip.is_loopback() || ip.is_link_local() || ip.is_unspecified()
}

fn is_private_v6(ip: Ipv6Addr) -> bool {
    let mapped = ip.to_ipv4_mapped().is_some_and(is_private);
    mapped
        || ip.is_loopback()
        || ip.is_unspecified()
        || ip.is_unique_local()
        || ip.is_unicast_link_local()
}
