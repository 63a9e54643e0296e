//! Tests of the suite's own tools: they work, and they can fail.

mod browser;
mod databases;
mod mail;
mod mail_servers;
mod scripted_smtp;
mod smtp;
