//! Xabar, a self-hosted newsletter service.
//!
//! A row travels in one direction, and the modules stand in that order:
//!
//! visitor → [`web`] → [`subscribe`]: a pending subscription and a mail in the
//! outbox, in one transaction → confirmation mail → confirm → active subscription.
//!
//! editor → [`web`] or [`cli`] → [`publish`]: draft, frozen audience, a ledger of
//! deliveries → [`worker`] → [`deliver`]: claim, render, lane, record → SMTP.
//!
//! Beneath them: [`domain`], the nouns; [`membership`], which alone activates and ends a
//! subscription and builds its consent event; [`store`], all SQL; [`mail`], from text to
//! octets to the relay; [`texts`], every word a reader sees; [`links`], every
//! address a mail carries. [`app`] alone knows everything and puts it together.
//! `docs/ARCHITECTURE.md` is the longer map.

// Tests may tell a long story.
#![cfg_attr(not(test), warn(clippy::too_many_lines))]

// What a visitor does.
pub mod subscribe;
// What an editor does.
pub mod publish;
// What a worker does.
pub mod deliver;
pub mod worker;

// What an operator asks.
pub mod doctor;

// The ways in.
pub mod cli;
pub mod web;

// What they stand on.
pub mod accounts;
pub mod bucket;
pub mod dns;
pub mod domain;
pub mod fetch;
pub mod group_commit;
pub mod heartbeat;
pub mod heavy_work;
pub mod instance;
pub mod json_input;
pub mod links;
mod log_limiter;
pub mod mail;
pub mod membership;
pub mod metrics;
pub mod service;
pub mod store;
pub mod texts;

// One process.
pub mod app;
pub mod clock;
pub mod config;
pub mod monitoring;
pub mod own_files;
pub mod secret;
pub mod service_manager;
pub mod telemetry;
mod traces;
