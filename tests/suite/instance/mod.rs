//! What a process does when its surroundings fail: its log, its key, its database, a second process.

mod backups;
mod copies;
mod poolers;
mod processes;
