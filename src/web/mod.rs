//! What readers and editors meet over HTTP.

pub mod pages;
