//! What visitors and editors wrote is shown as it is, on every page.

use super::*;

/// The pages that show nothing that anybody wrote.
const WITHOUT_WORDS: [&str; 8] = [
    "link_invalid.html",
    "error.html",
    "not_me.html",
    "not_me_undone.html",
    "confirm_superseded.html",
    "my_data_expired.html",
    "erased.html",
    "demo_start.html",
];

#[test]
fn words_of_others_stay_words() {
    for (name, html) in all(Language::Fr, NASTY) {
        let html = without_data(&html);
        assert!(!html.contains("<script"), "{name}");
        assert!(!html.contains("49"), "{name}");
        let takes_words = !WITHOUT_WORDS.contains(&name);
        let empty = (name == Mailbox::TEMPLATE && !html.contains("class=\"mails\""))
            || (name == NewAddress::TEMPLATE && !html.contains("<form"))
            || (name == ConsentAudit::TEMPLATE && !html.contains("<form"));
        let escaped = html.contains("A &amp; B &lt;script&gt;{{7*7}}&lt;/script&gt; &quot;&#39;");
        assert_eq!(escaped, takes_words && !empty, "{name}");
    }
}
