//! Page weight: how many octets a first visit loads.

use reqwest::header::{ACCEPT_ENCODING, ACCEPT_LANGUAGE};

use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

/// Octets of a first visit, compressed as browsers get them.
const MOST: usize = 12_000;

on_both_databases!(a_first_visit_is_light,);

async fn loaded(world: &World, path: &str, language: &str) -> (usize, String) {
    let request = world.http.get(world.url(path));
    let request = request.header(ACCEPT_ENCODING, "gzip");
    let answer = request.header(ACCEPT_LANGUAGE, language).send().await;
    let answer = answer.unwrap().error_for_status().unwrap();
    let octets = answer.bytes().await.unwrap();
    let mut page = String::new();
    let mut packed = flate2::read::GzDecoder::new(&octets[..]);
    // What is too short to be compressed is no page.
    let _ = std::io::Read::read_to_string(&mut packed, &mut page);
    (octets.len(), page)
}

/// The files that a browser loads with a page.
fn files_of(page: &str) -> Vec<&str> {
    let begins = [
        "rel=\"stylesheet\" href=\"",
        "rel=\"icon\" href=\"",
        " src=\"",
    ];
    let files = begins.iter().flat_map(|begin| {
        let behind = page.split(begin).skip(1);
        behind.filter_map(|rest| rest.split('"').next())
    });
    let mut files: Vec<_> = files.collect();
    files.sort_unstable();
    files.dedup();
    files
}

async fn a_first_visit_is_light(db: TestDb) {
    let world = World::start(&db).await;
    world.add_newsletters().await;
    for language in ["fr", "de", "en", "ru"] {
        let (mut total, page) = loaded(&world, "/", language).await;
        let files = files_of(&page);
        let style = |file: &&str| file.starts_with("/static/site.css?v=");
        assert!(files.iter().any(style), "{files:?}");
        for file in files {
            total += loaded(&world, file, language).await.0;
        }
        println!("a first visit in {language}: {total} octets");
        assert!(total <= MOST, "{language}: {total}");
    }
}
