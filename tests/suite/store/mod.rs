//! The database: schema and migrations, lock order, races between transactions, retention.

mod concurrent_requests;
mod documented_tables;
mod lock_order;
mod races;
mod retention;
mod schema;
