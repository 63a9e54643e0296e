//! Pasting into the writing page.

use serde_json::{Value, json};

use super::writing::{begin, saved, writer};
use super::{expect, until_said};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::browser::{Browser, Viewport};

on_both_databases!(
    what_cannot_be_pasted_is_said,
    lines_lists_and_notes_are_pasted_as_they_were_meant,
);

/// Pastes into the intro; returns what stands there then.
async fn paste(browser: &Browser, kind: &str, what: &str) -> Value {
    let script = "
        const [kind, what] = arguments;
        const field = document.getElementById('intro-text');
        field.focus(); field.select();
        const data = new DataTransfer();
        data.setData(kind, what);
        field.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
        return field.value";
    let with = vec![json!(kind), json!(what)];
    browser.execute(script, with).await.unwrap()
}

async fn what_cannot_be_pasted_is_said(db: TestDb) {
    let (world, _anna, browser) = writer(&db, Viewport::DESKTOP).await;
    begin(&browser, &world).await;
    expect(&browser, "#intro-text").await;
    let word = "<body><p>Before</p>
        <p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>·<span>&nbsp;&nbsp;&nbsp; </span></span><![endif]>One</p>
        <p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>o<span>&nbsp; </span></span>Inner</p>
        <p class=MsoListParagraphCxSpLast>·&nbsp;&nbsp;&nbsp;&nbsp; Two</p>
        <p><a href='https://a.example.net/'><img src='data:image/png;base64,AAAA'></a></p><p>After</p></body>";
    let pasted = paste(&browser, "text/html", word).await;
    assert_eq!(pasted, "Before\n\n-   One\n    -   Inner\n-   Two\n\nAfter");
    until_said(&browser, "#intro .paste-note", "cannot have pictures").await;
    saved(&browser).await;
    // What Word has deleted or remarked on stays away; what loses its form is said.
    let word = "<body><p>Le président <del>a menti</del><ins>s’est trompé</ins> hier<a class=msocomanchor href='#_msocom_1'>[A1]</a>. <s>20 €</s> 15 €</p>
        <div style='mso-element:comment-list'><p class=MsoCommentText>[A1]à vérifier !</p></div></body>";
    let pasted = paste(&browser, "text/html", word).await;
    assert_eq!(pasted, "Le président s’est trompé hier. 20 € 15 €");
    until_said(&browser, "#intro .paste-note", "lose their form").await;
    saved(&browser).await;
    for kind in ["text/plain", "text/html"] {
        let long = "long ".repeat(4_001);
        assert_eq!(paste(&browser, kind, &long).await, pasted, "{kind}");
        until_said(&browser, "#intro .paste-note", "takes 20,000 characters").await;
    }
}

async fn lines_lists_and_notes_are_pasted_as_they_were_meant(db: TestDb) {
    let (world, _anna, browser) = writer(&db, Viewport::DESKTOP).await;
    begin(&browser, &world).await;
    expect(&browser, "#intro-text").await;
    let wrapped = "word ".repeat(14);
    let wrapped = format!("{wrapped}\n{wrapped}\nend");
    for (plain, markdown) in [
        (
            "18 h: doors\r\n19 h: film\n\nend",
            "18 h: doors  \n19 h: film\n\nend",
        ),
        ("Heading\n---\n2*3*4", "Heading\n\n---\n2\\*3\\*4"),
    ] {
        let pasted = paste(&browser, "text/plain", plain).await;
        assert_eq!(pasted, markdown);
    }
    // The browser itself pastes what is as it should be, which an event of a script does not do.
    for as_it_is in ["Take:\n- one\n- two", &wrapped] {
        let pasted = paste(&browser, "text/plain", as_it_is).await;
        assert_eq!(pasted, "Heading\n\n---\n2\\*3\\*4");
    }
    let docs = "<ul><li>One</li><ul><li>Inner</li></ul><li>Two</li></ul>";
    let pasted = paste(&browser, "text/html", docs).await;
    assert_eq!(pasted, "-   One\n    -   Inner\n-   Two");
    // A note of Word, and a file on somebody's disk.
    let word = "<p>A claim<a href='#_ftn1'>[1]</a>, <a href='file:///C:/a.docx'>source</a>, <a href='wiki/x'>wiki</a></p>";
    let pasted = paste(&browser, "text/html", word).await;
    assert_eq!(pasted, "A claim\\[1\\], source, [wiki](wiki/x)");
    // What leads nowhere keeps the issue from going out.
    until_said(&browser, "#checks", "“wiki/x” is no web address").await;
    expect(&browser, "#check-count.has-error").await;
}
