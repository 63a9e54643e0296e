//! Static files: scripts of others are served as they were published, and a first visit is light.

use sha2::{Digest, Sha256};
use xabar::domain::{Language, Role};

use crate::support::both::TestDb;
use crate::support::world::World;

const PUBLISHED: [(&str, &str); 4] = [
    (
        "htmx.min.js",
        "d6fdc75f204e6bdefa99b69bf1e6d4ac69b8a364f77929f45c13476b4000f717",
    ),
    (
        "markdown-toolbar.js",
        "1f8dd41b82888cd538bdaf6d4a7bdd368271fb26b0c9942913e5b72fcbb1cf55",
    ),
    (
        "sortable.min.js",
        "bf4241bc73fef7f11c59a283a69fe8051cdd31c6d8ff5a2b9ba219e7831fcf76",
    ),
    (
        "turndown.js",
        "f46330e27d6009ecc3b001237e735cf58293772d2a465436a61de6f536b59a81",
    ),
];

/// What the first visit of any page of the desk may weigh as it is sent, without pictures.
const MOST: usize = 80_000;

#[tokio::test(flavor = "multi_thread")]
async fn files_are_as_published_and_a_first_visit_is_light() {
    let db = TestDb::sqlite();
    let world = World::start(&db).await;
    for (name, sum) in PUBLISHED {
        let answer = world
            .http
            .get(world.url(&format!("/static/desk/{name}")))
            .send()
            .await
            .unwrap();
        assert!(
            answer.headers()["cache-control"]
                .to_str()
                .unwrap()
                .starts_with("public")
        );
        let octets = answer.bytes().await.unwrap();
        let found = data_encoding::HEXLOWER.encode(&Sha256::digest(&octets));
        assert_eq!(found, sum, "{name}");
    }
    let anna = world.person("Anna", Role::Editor, Language::Ru).await;
    let begun = anna.post(
        "/desk/issues/new",
        &[("newsletter", "asie-centrale"), ("start", "recipe")],
    );
    let begun = begun.send().await.unwrap();
    let write = begun.headers()["location"].to_str().unwrap().to_owned();
    for path in ["/desk".to_owned(), "/desk/issues".to_owned(), write] {
        let page = anna
            .get(&path)
            .header("accept-encoding", "gzip")
            .send()
            .await
            .unwrap();
        let mut total = page.bytes().await.unwrap().len();
        let page = anna.get(&path).send().await.unwrap().text().await.unwrap();
        let files = page
            .split(['"', '\''])
            .filter(|text| text.starts_with("/static/"));
        for file in files {
            let loaded = world
                .http
                .get(world.url(file))
                .header("accept-encoding", "gzip");
            let loaded = loaded.send().await.unwrap();
            // A picture is no part of how a page works.
            let kept = loaded.headers()["cache-control"].to_str().unwrap();
            let is_kept = kept.contains("immutable") || file.ends_with(".svg");
            assert!(is_kept, "{file}: {kept}");
            total += loaded.bytes().await.unwrap().len();
        }
        assert!((5_000..MOST).contains(&total), "{path} weighs {total}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_of_another_version_is_not_kept() {
    let db = TestDb::sqlite();
    let world = World::start(&db).await;
    for file in ["site.css", "proof.js", "desk.css", "desk/write.js"] {
        let kept = async |query: &str| {
            let file = world.url(&format!("/static/{file}{query}"));
            let answer = world.http.get(file).send().await.unwrap();
            answer.headers()["cache-control"].clone()
        };
        assert_eq!(kept("?v=0123456789abcdef").await, "no-cache", "{file}");
        assert_eq!(kept("").await, "public, max-age=3600", "{file}");
    }
}
