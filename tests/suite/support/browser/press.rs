//! A click that is over when the page it leads to is there.

use std::time::Duration;

use fantoccini::elements::Element;
use serde_json::json;

use super::Browser;

/// Notes on the page that is about to be left that it will be. The page that follows has no such
/// note. A form that the browser finds incomplete sends no `submit`, and a script that answers in
/// the page's place prevents the default.
const WATCH: &str = "
    const away = (event) => {
        if (event.defaultPrevented) return;
        if (event.type === 'submit') {
            const aimed = event.submitter && event.submitter.formTarget;
            window.leaving = !event.target.target && !aimed;
            return;
        }
        const link = event.target.closest ? event.target.closest('a[href]') : null;
        if (!link || link.target || link.hasAttribute('download')) return;
        if (document.querySelector('base[target]')) return;
        const here = location.href.split('#')[0];
        window.leaving = !link.hash || link.href.split('#')[0] !== here;
    };
    window.watching = new AbortController();
    const signal = window.watching.signal;
    window.addEventListener('click', away, { signal });
    window.addEventListener('submit', away, { signal });
";

/// What comes after the click is not the click's doing.
const ARRIVED: &str = "
    if (window.watching) window.watching.abort();
    return !window.leaving && document.readyState !== 'loading'";

impl Browser {
    /// Clicks. If the click follows a link or sends a form, returns once the next page is there.
    /// The driver's own click may return earlier when the machine is busy, and what the test then
    /// finds is on the page before.
    pub async fn press(&self, element: &Element) {
        assert!(self.press_if_there(element).await, "it has been replaced");
    }

    /// The same, but false if the page has replaced the element since it was found: nothing was clicked.
    pub async fn press_if_there(&self, element: &Element) -> bool {
        self.execute(WATCH, Vec::new()).await.unwrap();
        match element.click().await {
            Err(why) if why.is_stale_element_reference() => return false,
            clicked => clicked.unwrap(),
        }
        for _ in 0..400 {
            // Between two pages there is none to ask.
            let arrived = self.execute(ARRIVED, Vec::new()).await;
            if arrived.is_ok_and(|arrived| arrived == json!(true)) {
                return true;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let at = self.current_url().await;
        panic!("the click leads to no page: {at:?} is still there");
    }
}
