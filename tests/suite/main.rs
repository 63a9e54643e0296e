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

mod address_change;
mod after_form;
mod after_sending;
mod archive;
mod at_once;
mod causes;
mod checks;
mod choices;
mod cli;
mod clients;
mod confirmation;
mod consent;
mod corrections;
mod crash;
mod dead_links;
mod deliver;
mod desk;
mod dkim;
mod embed;
mod errata;
mod fairness;
mod fields;
mod flood;
mod forbidden_chars;
mod fuzz;
mod house;
mod import;
mod instance;
mod issues;
mod lanes;
mod leaving;
mod lines;
mod links;
mod lists;
mod lock_order;
mod look;
mod mailboxes;
mod mails;
mod metrics;
mod mx;
mod new_work;
mod newsletters;
mod openapi;
mod overlooked;
mod pages;
mod pictures;
mod proof;
mod proxies;
mod races;
mod relays;
mod repeated;
mod request_log;
mod retention;
mod rights;
mod safety;
mod scanners;
mod schema;
mod several;
mod signup;
mod signup_together;
mod slips;
mod stopping;
mod sturdy;
mod summaries;
mod support;
mod support_works;
mod tables;
mod text_overrides;
mod throttles;
mod traces;
mod trouble;
mod unbuildable;
mod unchanged;
mod unreadable;
mod watching;
mod weight;
