//! Fuzzing: generated values in every path and query parameter of pages and API never lead to a 5xx.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use reqwest::Method;
use serde_json::Value;

use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

/// Values for each place.
const CASES: usize = 25;

/// The places of pages; those of the API are in its document.
const PAGES: [&str; 19] = [
    "/theme/{}",
    "/logo/{}",
    "/archive/{}",
    "/archive/{}/{}",
    "/archive/{}/{}/card.png",
    "/archive/asie-centrale/{}?key={}",
    "/archive/{}/feed.xml",
    "/confirm/{}",
    "/confirm/{}/decline",
    "/unsubscribe/{}",
    "/preferences/{}/data",
    "/my-data/{}/my-data.json",
    "/new-address/{}",
    "/undo/{}",
    "/embed/{}?lang={}",
    "/sitemap/{}",
    "/subscribe?newsletter={}&lang={}&email={}",
    "/search?q={}&newsletter={}&page={}",
    "/archive/asie-centrale?page={}",
];

on_both_databases!(no_path_and_no_query_is_a_fault_of_the_service,);

/// What people and attackers put into addresses, percent-encoded.
fn values() -> impl Strategy<Value = String> {
    let encoded = |octets: Vec<u8>| {
        octets
            .iter()
            .map(|o| format!("%{o:02X}"))
            .collect::<String>()
    };
    let words = prop_oneof![
        Just("asie-centrale"),
        Just("..%2F.."),
        Just("%00"),
        Just("a%0D%0Ab"),
        Just("'%20OR%201=1--"),
        Just("-1"),
        Just("0"),
        Just("99999999999999999999"),
        Just("1e309"),
        Just("NaN"),
        Just("%ED%A0%80"),
        Just("%F0%9F%90%AA"),
        Just("019ac000-0000-7000-8000-000000000000"),
        Just("2026-02-31T25:61"),
        Just("{}"),
        Just(""),
    ];
    prop_oneof![
        words.prop_map(str::to_owned),
        any::<String>().prop_map(move |text| encoded(text.into_bytes())),
        vec(any::<u8>(), 0..40).prop_map(encoded),
        "[a-zA-Z0-9_-]{1,90}",
        "[a-z]{1000,2000}",
        any::<i64>().prop_map(|number| number.to_string()),
        "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(Z|%2B05:00|)(\\[Asia/Almaty\\])?",
    ]
}

/// The paths of the API with a place for each parameter.
async fn calls(world: &World) -> Vec<String> {
    let document = world.get("/openapi.json").send().await.unwrap();
    let document: Value = document.json().await.unwrap();
    let mut calls = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        let mut places = path.clone();
        while let Some((begin, end)) = places.find('{').zip(places.find('}')) {
            if end == begin + 1 {
                break;
            }
            places.replace_range(begin..=end, "\u{1}");
        }
        let places = places.replace('\u{1}', "{}");
        calls.push(places.clone());
        let parameters = operations.as_object().unwrap().values();
        let parameters =
            parameters.flat_map(|one| one["parameters"].as_array().into_iter().flatten());
        for parameter in parameters.filter(|one| one["in"] == "query") {
            calls.push(format!(
                "{places}?{}={{}}",
                parameter["name"].as_str().unwrap()
            ));
        }
    }
    calls
}

async fn no_path_and_no_query_is_a_fault_of_the_service(db: TestDb) {
    let world = World::start(&db).await;
    let calls = calls(&world).await;
    assert!(
        calls.iter().any(|call| call.ends_with("/issues?status={}")),
        "{calls:?}"
    );
    let mut runner = TestRunner::deterministic();
    let values = values();
    for place in calls.iter().map(String::as_str).chain(PAGES) {
        for _ in 0..CASES {
            let mut url = String::new();
            for (number, literal) in place.split("{}").enumerate() {
                if number > 0 {
                    url.push_str(&values.new_tree(&mut runner).unwrap().current());
                }
                url.push_str(literal);
            }
            for method in [Method::GET, Method::POST, Method::DELETE] {
                let request = world.http.request(method.clone(), world.url(&url));
                let answer = request.bearer_auth(&world.token).send().await;
                let answer = answer.unwrap_or_else(|e| panic!("{method} {url}: {e}"));
                let status = answer.status().as_u16();
                assert!(status < 500, "{method} {url} answered {status}");
            }
        }
    }
}
