//! What readers do after the sign-up: links in mails, preferences, unsubscribing.

mod expired_links;
mod link_scanners;
mod link_tokens;
mod preferences;
mod unsubscribe;
