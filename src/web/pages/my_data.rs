//! What the pages about a reader's own data show.

use serde::Serialize;

use crate::domain::Certificate;
use crate::subscribe::privacy::Dossier;

/// The way to a fresh link.
#[derive(Debug, Clone, Serialize)]
pub struct MyDataAsk<'a> {
    /// Where it goes, as far as its owner needs to recognise it.
    pub email: &'a str,
    /// How long it works.
    pub hours: u32,
    /// Whether it was just asked for.
    pub asked: bool,
}

/// A link that has run out.
#[derive(Debug, Clone, Serialize)]
pub struct MyDataExpired {
    /// Where the button posts to.
    pub ask_href: String,
}

/// All that is held of a reader.
#[derive(Debug, Clone, Serialize)]
pub struct MyData<'a> {
    /// What is held.
    pub dossier: &'a Dossier,
    /// What became of what was just sent.
    pub notice: Option<MyDataNotice>,
    /// Until when the proof of consent would remain after an erasure: a date, if it has an end.
    pub proof_until: Option<String>,
    /// The path of this page.
    pub here: String,
}

/// What became of what a reader has just sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case", tag = "what", content = "why")]
pub enum MyDataNotice {
    /// It is saved.
    Saved,
    /// It is no name.
    NameWrong,
    /// A mail goes to the new address, if it can be had.
    AddressAsked,
    /// It is the address already.
    AddressSame,
    /// It was asked for too often.
    AddressTooOften,
    /// It is no address: the code of an `AddressError`.
    AddressWrong(&'static str),
}

/// After an erasure.
#[derive(Debug, Clone, Serialize)]
pub struct Erased<'a> {
    /// What was deleted, and what remains.
    pub certificate: &'a Certificate,
}

/// One button that confirms a new address, and what is shown afterwards.
#[derive(Debug, Clone, Serialize)]
pub struct NewAddress<'a> {
    /// What comes there.
    pub newsletter_title: &'a str,
    /// Whether it is done.
    pub done: bool,
}
