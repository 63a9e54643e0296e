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

mod house;
mod schema;
mod signup_together;
mod support;
mod support_works;
