//! Those who write and send: people with an account at the desk.

use std::collections::BTreeMap;

use super::{Actor, EditorId, EmailAddress, Language, NewsletterId, Role};

/// A person with an account at the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Editor {
    /// The account.
    pub id: EditorId,
    /// The address by which the person signs in.
    pub email: EmailAddress,
    /// The name that colleagues see.
    pub name: String,
    /// The language of the desk for this person.
    pub language: Language,
    /// What the person may do, and where.
    pub roles: Roles,
}

impl Editor {
    /// This person as the one who acts.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::Editor {
            id: self.id,
            name: self.name.clone(),
        }
    }
}

/// What somebody may do: a role for all newsletters, also later ones, and roles for single ones.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roles {
    everywhere: Option<Role>,
    by_newsletter: BTreeMap<NewsletterId, Role>,
}

impl Roles {
    /// One role in all newsletters.
    #[must_use]
    pub fn everywhere(role: Role) -> Self {
        Self {
            everywhere: Some(role),
            by_newsletter: BTreeMap::new(),
        }
    }

    /// Adds a role, in one newsletter or in all (`None`). It replaces the one given there before.
    pub fn give(&mut self, newsletter: Option<NewsletterId>, role: Role) {
        match newsletter {
            None => self.everywhere = Some(role),
            Some(newsletter) => {
                self.by_newsletter.insert(newsletter, role);
            }
        }
    }

    /// The role in a newsletter: the higher one of that given there and that given everywhere.
    #[must_use]
    pub fn in_newsletter(&self, newsletter: NewsletterId) -> Option<Role> {
        let here = self.by_newsletter.get(&newsletter).copied();
        here.max(self.everywhere)
    }

    /// The highest role in any newsletter.
    #[must_use]
    pub fn highest(&self) -> Option<Role> {
        let anywhere = self.by_newsletter.values().copied().max();
        anywhere.max(self.everywhere)
    }

    /// Whether this is an owner of all newsletters, who manages people and the service.
    #[must_use]
    pub fn is_owner_everywhere(&self) -> bool {
        self.everywhere == Some(Role::Owner)
    }

    /// What was given, where: in all newsletters (`None`) first.
    pub fn given(&self) -> impl Iterator<Item = (Option<NewsletterId>, Role)> + '_ {
        let single = self.by_newsletter.iter();
        let everywhere = self.everywhere.map(|role| (None, role));
        everywhere
            .into_iter()
            .chain(single.map(|(newsletter, role)| (Some(*newsletter), *role)))
    }
}

#[cfg(test)]
mod tests {
    use super::Roles;
    use crate::domain::{NewsletterId, Role};
    use uuid::Uuid;

    #[test]
    fn the_higher_role_counts() {
        let [one, other] = [1, 2].map(|n| NewsletterId(Uuid::from_u128(n)));
        let mut roles = Roles::default();
        assert_eq!(roles.highest(), None);
        roles.give(Some(one), Role::Owner);
        assert_eq!(roles.in_newsletter(one), Some(Role::Owner));
        assert_eq!(roles.in_newsletter(other), None);
        assert!(!roles.is_owner_everywhere());
        roles.give(None, Role::Viewer);
        assert_eq!(roles.in_newsletter(one), Some(Role::Owner));
        assert_eq!(roles.in_newsletter(other), Some(Role::Viewer));
        assert_eq!(roles.highest(), Some(Role::Owner));
    }
}
