//! Xabar, a self-hosted newsletter service.
pub mod clock;
pub mod domain;
pub mod mail;
pub mod texts;
pub mod web;
