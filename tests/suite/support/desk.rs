//! People who sign in at the desk, and their browsers.

use reqwest::{Client, RequestBuilder};
use serde_json::json;
use xabar::accounts::session;
use xabar::domain::{Editor, EditorId, Language, Role, Roles};
use xabar::store;

use super::browser::Browser;
use super::world::World;

/// Somebody who is signed in.
pub struct Person {
    pub editor: Editor,
    /// The value of the session's cookie.
    pub cookie: String,
    /// What forms carry.
    pub csrf: String,
    http: Client,
    base: String,
}

impl World {
    /// Adds an account with a role in all newsletters, and signs the person in.
    pub async fn person(&self, name: &str, role: Role, language: Language) -> Person {
        self.person_with(name, Roles::everywhere(role), language)
            .await
    }

    /// The same with other roles.
    pub async fn person_with(&self, name: &str, roles: Roles, language: Language) -> Person {
        let service = &self.service;
        let editor = Editor {
            id: EditorId(service.clock.new_uuid()),
            email: format!("{}@desk.example", name.to_lowercase())
                .parse()
                .unwrap(),
            name: name.to_owned(),
            language,
            roles,
        };
        let now = service.clock.now();
        let mut tx = service.store.write().await.unwrap();
        store::accounts::editor::insert(&mut tx, &editor, now)
            .await
            .unwrap();
        let cookie = session::begin(service, &mut tx, editor.id, "test")
            .await
            .unwrap();
        tx.commit().await.unwrap();
        let found = session::find(service, &cookie).await.unwrap().unwrap();
        Person {
            editor,
            cookie,
            csrf: found.csrf,
            http: self.http.clone(),
            base: self.base.clone(),
        }
    }
}

impl Person {
    pub fn get(&self, path: &str) -> RequestBuilder {
        let cookie = format!("xabar-desk={}", self.cookie);
        self.http
            .get(format!("{}{path}", self.base))
            .header("cookie", cookie)
    }

    /// A form that is sent without the page that has it.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        let cookie = format!("xabar-desk={}", self.cookie);
        let mut all = vec![("csrf", self.csrf.as_str())];
        all.extend_from_slice(fields);
        self.http
            .post(format!("{}{path}", self.base))
            .header("cookie", cookie)
            .form(&all)
    }
}

impl Browser {
    /// Gives this browser the session of a person.
    pub async fn signed_in(&self, world: &World, person: &Person) {
        let cookie = json!({
            "name": "xabar-desk", "value": person.cookie, "url": world.base, "httpOnly": true,
        });
        self.devtools("Network.setCookie", cookie).await;
    }
}
