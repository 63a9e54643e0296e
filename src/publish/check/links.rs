//! Whether the links and pictures of an issue load.

use std::collections::HashMap;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::time::{Instant, timeout_at};
use url::Url;

use super::heavy;
use crate::domain::{Finding, FindingCode, IssueContent, LinkUse};
use crate::fetch::{FetchError, Probed};
use crate::service::Service;

/// How long all links together may take; what has not answered by then was not checked.
const ALL_LINKS: Duration = Duration::from_secs(50);

type Answer = Result<Probed, FetchError>;

/// Tries all links and pictures of an issue.
pub(super) async fn ask(service: &Service, content: &IssueContent) -> HashMap<Url, Answer> {
    // One request for each page, whatever stands behind its `#`.
    let mut answers: HashMap<Url, Answer> = HashMap::new();
    for link in &foreign(service, content) {
        answers.insert(page(&link.url), Err(FetchError::TooSlow));
    }
    let pages: Vec<Url> = answers.keys().cloned().collect();
    let mut open: FuturesUnordered<_> = pages
        .into_iter()
        .map(|url| async move {
            let answer = service.checks.fetcher.probe(&url).await;
            (url, answer)
        })
        .collect();
    let end = Instant::now() + ALL_LINKS;
    while let Ok(Some((url, answer))) = timeout_at(end, open.next()).await {
        answers.insert(url, answer);
    }
    answers
}

/// What the answers say about an issue, and how many of its links were not among those that were tried.
pub(super) fn found(
    service: &Service,
    content: &IssueContent,
    answers: &HashMap<Url, Answer>,
) -> (Vec<Finding>, usize) {
    let (mut found, mut untried) = (Vec::new(), 0);
    for link in &foreign(service, content) {
        match answers.get(&page(&link.url)) {
            Some(answer) => found.extend(finding(link, answer)),
            None => untried += 1,
        }
    }
    (found, untried)
}

/// Our own pages may be reachable by readers and not by ourselves; what is kept here is looked for in the
/// database.
fn foreign(service: &Service, content: &IssueContent) -> Vec<LinkUse> {
    let ours = service.links.page("/");
    let mut links = content.links();
    links.retain(|link| !link.url.as_str().starts_with(&ours));
    links
}

fn page(url: &Url) -> Url {
    let mut page = url.clone();
    page.set_fragment(None);
    page
}

fn finding(link: &LinkUse, answer: &Answer) -> Option<Finding> {
    let dead = match link.is_picture {
        true => FindingCode::PictureDead,
        false => FindingCode::LinkDead,
    };
    let dead = |why| Finding::error(dead, link.place).with("why", why);
    let unchecked = |why| Finding::note(FindingCode::LinkUnchecked, link.place).with("why", why);
    let found = match answer {
        Ok(probed) if link.is_picture => heavy(link.place, probed.octets?)?,
        Ok(probed) => moved(link, probed)?,
        Err(FetchError::Status(code @ (404 | 410))) => dead("status").with("status", code),
        Err(FetchError::Status(code)) => unchecked("status").with("status", code),
        Err(FetchError::NoSuchHost) => dead("no-host"),
        Err(FetchError::Private) => dead("private"),
        Err(FetchError::Certificate) => dead("certificate"),
        // Some pages send whoever takes no cookie round in circles.
        Err(FetchError::Loop) => unchecked("loop"),
        Err(FetchError::Dns) => unchecked("dns"),
        Err(FetchError::TooSlow) => unchecked("slow"),
        Err(FetchError::NotWeb | FetchError::TooLarge | FetchError::Broken) => unchecked("broken"),
    };
    Some(found.with("link", &link.url))
}

/// A link that leads to another site than the one it names.
fn moved(link: &LinkUse, probed: &Probed) -> Option<Finding> {
    let site = |url: &Url| {
        let host = url.host_str().unwrap_or_default();
        host.strip_prefix("www.").unwrap_or(host).to_owned()
    };
    let (from, to) = (site(&link.url), site(&probed.at));
    let finding = Finding::note(FindingCode::LinkMoved, link.place);
    (from != to).then(|| finding.with("host", to))
}
