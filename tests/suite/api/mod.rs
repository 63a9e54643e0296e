//! The JSON API: its OpenAPI document, and how it reads requests. What its calls do is tested beside the capability.

mod event_stream;
mod generated_clients;
mod idempotency_key;
mod newsletters;
mod openapi;
mod pagination;
mod request_validation;
