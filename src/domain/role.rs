//! What a person or a program may do.

use super::text_enum::text_enum;

text_enum! {
    /// Ascending rights: a viewer reads, an editor also writes and sends, an
    /// owner also manages newsletters and people.
    #[derive(PartialOrd, Ord)]
    pub enum Role as "role" {
        /// Reads.
        Viewer = "viewer",
        /// Reads, writes and sends.
        Editor = "editor",
        /// May do everything.
        Owner = "owner",
    }
}
