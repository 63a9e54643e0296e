//! The tests' own tools, shown to work and to be able to fail.

mod browser;
mod databases;
mod mail;
mod mail_servers;
mod scripted_smtp;
mod smtp;
