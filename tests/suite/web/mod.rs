//! HTTP and pages in general: odd requests, outages, the request log, branding, page weight.

mod branding;
mod fuzz;
mod malformed_requests;
pub mod outages;
mod page_weight;
mod request_log;
mod robustness;
