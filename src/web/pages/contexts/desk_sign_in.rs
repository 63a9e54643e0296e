//! Signing in to the desk: what a person sees who is not signed in yet.

use serde::Serialize;

/// The page with address and password.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DeskSignIn<'a> {
    /// The address as it was typed.
    pub email: &'a str,
    /// The page to which the person wanted.
    pub next: &'a str,
    /// What is wrong.
    pub fault: Option<SignInFault>,
    /// How long to wait, in minutes.
    pub minutes: u64,
    /// What has just been done, as a key of a text; may be empty.
    pub notice: &'static str,
}

/// The page that asks for the code of an app.
#[derive(Debug, Clone, Serialize)]
pub struct DeskCode<'a> {
    /// The proof that the password was right.
    pub step: &'a str,
    /// The page to which the person wanted.
    pub next: &'a str,
    /// What is wrong.
    pub fault: Option<SignInFault>,
    /// How long to wait, in minutes.
    pub minutes: u64,
}

/// Why nobody was signed in; part of the keys of its texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum SignInFault {
    /// No such account, or a wrong password.
    Wrong,
    /// The code is wrong.
    Code,
    /// Too many tries.
    Limited,
    /// The password was given too long ago.
    Expired,
}

/// The page that mails a link for a new password.
#[derive(Debug, Clone, Default, Serialize)]
pub struct DeskForgot<'a> {
    /// The address as it was typed.
    pub email: &'a str,
    /// Whether a link was asked for.
    pub sent: bool,
    /// How long to wait before one may ask again, in minutes.
    pub minutes: u64,
}

/// The page behind the link of a mail, where a password is set.
#[derive(Debug, Clone, Serialize)]
pub struct DeskNewPassword<'a> {
    /// `invitation` or `reset`: part of the keys of its texts.
    pub link: &'static str,
    /// Whose password it is.
    pub name: &'a str,
    /// The address of the account, for the browser's store of passwords.
    pub email: &'a str,
    /// Why the new password is not good enough, as part of the key of a text.
    pub weak: Option<&'static str>,
}

/// The page for a link that does not work any more.
#[derive(Debug, Clone, Serialize)]
pub struct DeskLinkInvalid {}
