//! Accessibility, as axe-core sees it.

use fantoccini::Client;
use serde_json::json;

use super::target;

/// Fails with axe-core's findings against WCAG 2.2 AA.
pub async fn assert_accessible(client: &Client) {
    let path = target().join("axe/axe.min.js");
    let axe = std::fs::read_to_string(&path)
        .unwrap_or_else(|_| panic!("{} is missing; tests/run fetches it", path.display()));
    // The driver runs this past the page's Content-Security-Policy.
    client.execute(&axe, vec![]).await.unwrap();
    let check = "
        const done = arguments[0];
        axe.run(document, {
            runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
            rules: { 'target-size': { enabled: true } },
            resultTypes: ['violations'],
        }).then(
            found => done(found.violations.map(violation => ({
                rule: violation.id,
                help: violation.help,
                nodes: violation.nodes.map(node => node.html + ' — ' + node.failureSummary),
            }))),
            error => done([String(error)]));";
    let findings = client.execute_async(check, vec![]).await.unwrap();
    assert_eq!(findings, json!([]), "not accessible: {findings:#}");
}
