//! Who did something: for the log and the audit log.

use std::fmt;

use uuid::Uuid;

use super::EditorId;

/// Who changes, sends, imports or suppresses something. Each way in makes the one it knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// Whoever may run the program on the server.
    CommandLine,
    /// A person who is signed in at the desk.
    Editor {
        /// The account.
        id: EditorId,
        /// The person's name, for pages. A log has the identity alone.
        name: String,
    },
    /// A program or a person with an API token.
    Token {
        /// The token's identity.
        id: Uuid,
        /// The name that it was given when it was made.
        name: String,
        /// Whose it is, if it is that of a person.
        editor: Option<EditorId>,
    },
    /// The service itself, at a time that was set before.
    Schedule,
}

impl Actor {
    /// Who this is, in one word that stays the same when a name changes: `editor:UUID`, `token:UUID`,
    /// `command-line` or `schedule`.
    #[must_use]
    pub fn identity(&self) -> String {
        match self {
            Self::CommandLine => "command-line".to_owned(),
            Self::Editor { id, .. } => format!("editor:{id}"),
            Self::Token { id, .. } => format!("token:{id}"),
            Self::Schedule => "schedule".to_owned(),
        }
    }

    /// The person who acts, where a person is known, with whatever token: of two steps that need two persons one
    /// person takes one. Otherwise the [`identity`](Self::identity).
    #[must_use]
    pub fn person(&self) -> String {
        let editor = self.editor().map(|id| format!("editor:{id}"));
        editor.unwrap_or_else(|| self.identity())
    }

    /// The account of that person.
    #[must_use]
    pub fn editor(&self) -> Option<EditorId> {
        match self {
            Self::Editor { id, .. } => Some(*id),
            Self::Token { editor, .. } => *editor,
            Self::CommandLine | Self::Schedule => None,
        }
    }

    /// The name of the person or the token.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self {
            Self::Editor { name, .. } | Self::Token { name, .. } => Some(name),
            Self::CommandLine | Self::Schedule => None,
        }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::CommandLine => f.write_str("command line"),
            Self::Editor { id, .. } => write!(f, "editor {id}"),
            // A log carries no address, also where somebody named a token by one.
            Self::Token { id, name, .. } if name.contains('@') => write!(f, "token {id}"),
            Self::Token { name, .. } => write!(f, "token {name:?}"),
            Self::Schedule => f.write_str("schedule"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Actor;
    use uuid::Uuid;

    #[test]
    fn a_token_is_logged_by_its_name_unless_that_is_an_address() {
        let token = |name: &str| Actor::Token {
            id: Uuid::nil(),
            name: name.to_owned(),
            editor: None,
        };
        assert_eq!(token("desk\n").to_string(), "token \"desk\\n\"");
        assert!(!token("anna@example.org").to_string().contains("anna"));
    }
}
