//! The test suite: one binary, so that the crate is linked once and servers start once.
#![allow(
    missing_docs,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr
)]

mod api;
mod archive;
mod cli;
mod consent;
mod crash;
mod deliver;
mod desk;
mod fields;
mod house;
mod import;
mod instance;
mod issues;
mod mail;
mod metrics;
mod pages;
mod pictures;
mod privacy;
mod proxies;
mod relays;
mod signup;
mod store;
mod subscriptions;
mod summaries;
mod support;
mod support_works;
mod traces;
mod web;
