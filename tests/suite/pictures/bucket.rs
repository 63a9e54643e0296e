//! Pictures in a bucket of S3: on two servers of others, on one that fails, and moved there and back.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Method, Response};
use serde_json::{Value, json};
use tokio::net::TcpListener;
use xabar::config::{Pictures, Settings};
use xabar::domain::Actor;
use xabar::instance::hold;
use xabar::{app, publish, worker};

use super::{picture, upload};
use crate::support::binary::Installation;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::bucket_servers::{BUCKET, BucketServer, Kind};
use crate::support::smtp::Options;
use crate::support::world::World;

on_both_databases!(
    a_picture_lives_in_a_bucket_of_s3rver,
    a_picture_lives_in_a_bucket_of_moto,
    the_object_of_an_unused_picture_goes_last_and_never_while_held,
    pictures_move_there_and_back_while_the_service_runs,
    a_bucket_that_fails_is_told_and_nothing_is_half_kept,
    an_object_that_is_not_the_picture_is_never_shown,
    the_doctor_says_what_is_wrong_with_the_bucket,
);

const IN_DATABASE: &str = "SELECT COUNT(*) FROM picture";
const IN_BUCKET: &str = "SELECT COUNT(*) FROM picture_object";
const LEFT_OVER: &str = "SELECT COUNT(*) FROM picture_leftover";

fn use_bucket(pictures: &mut Pictures, endpoint: &str) {
    let (id, key) = BucketServer::KEY;
    pictures.bucket = BUCKET.to_owned();
    pictures.endpoint = endpoint.to_owned();
    pictures.access_key_id = id.to_owned();
    pictures.secret_access_key = key.to_owned();
}

pub async fn world_with(db: &TestDb, endpoint: &str) -> World {
    let adapt = |settings: &mut Settings| use_bucket(&mut settings.pictures, endpoint);
    World::with(db, Options::default(), adapt).await
}

async fn served(world: &World, kept: &Value) -> (u16, Vec<u8>) {
    let url = kept["url"].as_str().unwrap();
    let answer = world.http.get(url).send().await.unwrap();
    let status = answer.status().as_u16();
    assert_eq!(status == 503, answer.headers().contains_key("retry-after"));
    (status, answer.bytes().await.unwrap().to_vec())
}

async fn a_picture_lives_in_a_bucket_of_s3rver(db: TestDb) {
    a_picture_lives_in_a_bucket(db, Kind::S3rver).await;
}

async fn a_picture_lives_in_a_bucket_of_moto(db: TestDb) {
    a_picture_lives_in_a_bucket(db, Kind::Moto).await;
}

async fn a_picture_lives_in_a_bucket(db: TestDb, kind: Kind) {
    let server = BucketServer::start(kind).await;
    let world = world_with(&db, &server.endpoint).await;
    let file = picture(300, 90);
    let (status, kept) = upload(&world, file.clone()).await;
    assert_eq!(status, 201, "{kept}");
    let (status, shown) = served(&world, &kept).await;
    assert_eq!((status, &kept["octets"]), (200, &json!(shown.len())));
    let keys = server.keys().await;
    let (_, name) = kept["url"]
        .as_str()
        .unwrap()
        .split_once("/picture/")
        .unwrap();
    assert_eq!(keys.len(), 1, "{keys:?}");
    assert!(keys[0].starts_with("xabar/") && keys[0].ends_with(name));
    // The other one shows it to nobody without a key.
    if kind == Kind::S3rver {
        let object = server.object(&keys[0]).await;
        assert_eq!(object, ("image/jpeg".to_owned(), shown.clone()));
    }
    assert_eq!(upload(&world, file).await.1["url"], kept["url"]);
    assert_eq!(server.keys().await, keys, "the same file is put once");
    assert_eq!(db.number(IN_DATABASE).await, 0);
    assert_eq!(db.number(IN_BUCKET).await, 1);
    assert_eq!(db.number(LEFT_OVER).await, 0);
    // Another process has nothing of it in memory.
    let settings = Settings::clone(&world.service.settings);
    let other = app::open(settings, world.clock.clone()).await.unwrap();
    let again = publish::picture(&other, name).await.unwrap().unwrap();
    assert_eq!(
        (again.media_type.as_str(), &again.octets[..]),
        ("image/jpeg", &shown[..])
    );
}

async fn the_object_of_an_unused_picture_goes_last_and_never_while_held(db: TestDb) {
    let server = BucketServer::start(Kind::S3rver).await;
    let world = world_with(&db, &server.endpoint).await;
    let (_, used) = upload(&world, picture(50, 20)).await;
    let (_, unused) = upload(&world, picture(20, 50)).await;
    name_in_an_issue(&world, &used).await;
    let retain = async || worker::retention::run(&world.service).await.unwrap();
    world.pass(60 * 24 * 31);
    assert_eq!(retain().await.pictures, 1);
    assert_eq!(served(&world, &unused).await.0, 404);
    assert_eq!(server.keys().await.len(), 2, "a backup may name it");
    // Who uploads it again gets an object that the removal of the old one does not touch.
    let (_, again) = upload(&world, picture(20, 50)).await;
    assert_eq!(again["url"], unused["url"]);
    name_in_an_issue(&world, &again).await;
    assert_eq!(server.keys().await.len(), 3);
    world.pass(60 * 24 * 31);
    let held = hold::hold_all(&world.service, "A test.", &Actor::CommandLine).await;
    assert!(held.unwrap().0);
    retain().await;
    assert_eq!(
        server.keys().await.len(),
        3,
        "a copy removes nothing of its original"
    );
    hold::release(&world.service, &Actor::CommandLine)
        .await
        .unwrap();
    hold::look(&world.service).await.unwrap();
    retain().await;
    assert_eq!(server.keys().await.len(), 2);
    assert_eq!(db.number(LEFT_OVER).await, 0);
    for picture in [used, again] {
        assert_eq!(served(&world, &picture).await.0, 200);
    }
}

async fn name_in_an_issue(world: &World, picture: &Value) {
    let body = json!({ "newsletter": "asie-centrale", "subject": "S", "parts": [
        { "kind": "photo", "items": [{ "title": "Vue", "image": picture["url"] }] }] });
    let answer = world.post("/api/v1/issues").json(&body).send().await;
    assert_eq!(answer.unwrap().status(), 201);
}

async fn pictures_move_there_and_back_while_the_service_runs(db: TestDb) {
    let server = BucketServer::start(Kind::S3rver).await;
    let installation = Installation::new(&db.url);
    let refused = installation
        .refused(&["picture", "move", "--to", "bucket"])
        .await;
    assert!(refused.contains("pictures.bucket"), "{refused}");
    let token = ["token", "add", "--name", "t", "--role", "editor"];
    let token = installation.ok(&token).await;
    let (id, key) = BucketServer::KEY;
    let installation = installation
        .with("PICTURES__ENDPOINT", &server.endpoint)
        .with("PICTURES__BUCKET", BUCKET)
        .with("PICTURES__ACCESS_KEY_ID", id)
        .with("PICTURES__SECRET_ACCESS_KEY", key);
    let serving = installation.serve("web").await;
    let http = reqwest::Client::new();
    let mut pictures = Vec::new();
    for size in 10..15 {
        let put = http.post(format!("{}/api/v1/pictures", serving.base));
        let put = put.bearer_auth(token.trim()).body(picture(size, 9));
        let put = put.send().await.unwrap();
        assert_eq!(put.status(), 201);
        let kept: Value = put.json().await.unwrap();
        let (_, name) = kept["url"]
            .as_str()
            .unwrap()
            .split_once("/picture/")
            .unwrap();
        let shown = http.get(format!("{}/picture/{name}", serving.base));
        let shown = shown.send().await.unwrap().bytes().await.unwrap();
        pictures.push((name.to_owned(), shown));
    }
    let all_are_shown = async || {
        for (name, octets) in &pictures {
            let shown = http.get(format!("{}/picture/{name}", serving.base));
            let shown = shown.send().await.unwrap();
            assert_eq!(shown.status(), 200);
            assert_eq!(shown.bytes().await.unwrap(), octets);
        }
    };
    let count = async || installation.json(&["picture", "count"]).await;
    let moved =
        async |to| installation.json(&["picture", "move", "--to", to]).await["moved"].clone();
    assert_eq!(count().await, json!({ "database": 0, "bucket": 5 }));
    assert_eq!(moved("database").await, 5);
    assert_eq!(count().await, json!({ "database": 5, "bucket": 0 }));
    all_are_shown().await;
    assert_eq!(db.number(LEFT_OVER).await, 5, "removed in a month");
    assert_eq!(moved("bucket").await, 5);
    assert_eq!(count().await, json!({ "database": 0, "bucket": 5 }));
    all_are_shown().await;
    assert_eq!(moved("bucket").await, 0);
    // One that is gone stops the move, by name, and loses nothing.
    assert_eq!(server.keys().await.len(), 10);
    for key in server.keys().await {
        server.remove(&key).await;
    }
    let refused = installation
        .refused(&["picture", "move", "--to", "database"])
        .await;
    assert!(
        refused.contains("the bucket has no object xabar/"),
        "{refused}"
    );
    assert_eq!(count().await, json!({ "database": 0, "bucket": 5 }));
    let backup = installation.ok(&["backup", "backups"]).await;
    assert!(
        backup.contains("The 5 pictures in the bucket are not in it."),
        "{backup}"
    );
    assert_eq!(serving.terminate().await, Some(0));
}

/// What a bucket answers with, in turn; the last one for ever.
#[derive(Debug, Clone, Copy)]
pub enum Answer {
    /// As S3 does.
    Fine,
    Status(u16, &'static str),
    /// A page of a proxy, with success.
    Page,
    /// The beginning, and then nothing.
    BrokenOff,
    Other(&'static [u8]),
}

/// A bucket that keeps one object, and fails as it is told.
#[derive(Clone, Default)]
pub struct ScriptedBucket {
    answers: Arc<Mutex<VecDeque<Answer>>>,
    object: Arc<Mutex<Vec<u8>>>,
    requests: Arc<Mutex<Vec<Method>>>,
}

impl ScriptedBucket {
    pub async fn start(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let router = Router::new().fallback(answer).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        endpoint
    }

    pub fn will(&self, answers: &[Answer]) {
        *self.answers.lock().unwrap() = answers.iter().copied().collect();
        self.requests.lock().unwrap().clear();
    }

    fn requests(&self) -> Vec<Method> {
        self.requests.lock().unwrap().clone()
    }
}

async fn answer(State(bucket): State<ScriptedBucket>, request: Request) -> Response<Body> {
    let method = request.method().clone();
    let body = axum::body::to_bytes(request.into_body(), usize::MAX).await;
    bucket.requests.lock().unwrap().push(method.clone());
    let next = {
        let mut answers = bucket.answers.lock().unwrap();
        let next = *answers.front().unwrap();
        if answers.len() > 1 {
            answers.pop_front();
        }
        next
    };
    let full = Response::builder()
        .header("etag", "\"1\"")
        .header("last-modified", "Sun, 29 Nov 2026 08:00:00 GMT");
    let kept = bucket.object.lock().unwrap().clone();
    let answered = match next {
        Answer::Fine if method == Method::PUT => {
            *bucket.object.lock().unwrap() = body.unwrap().to_vec();
            full.body(Body::empty())
        }
        Answer::Fine => full.body(kept.into()),
        Answer::Other(octets) => full.body(octets.into()),
        Answer::Status(status, code) => {
            let why = format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code></Error>");
            Response::builder().status(status).body(why.into())
        }
        Answer::Page => Response::builder()
            .header("content-type", "text/html")
            .body("<html><p>Please sign in</p></html>".into()),
        Answer::BrokenOff => {
            let begun: Result<_, std::io::Error> = Ok(kept[..kept.len() / 2].to_vec());
            let broken = Err(std::io::Error::other("gone"));
            let parts = futures_util::stream::iter([begun, broken]);
            full.header("content-length", kept.len())
                .body(Body::from_stream(parts))
        }
    };
    answered.unwrap()
}

async fn a_bucket_that_fails_is_told_and_nothing_is_half_kept(db: TestDb) {
    let bucket = ScriptedBucket::default();
    let world = world_with(&db, &bucket.start().await).await;
    let slow = Answer::Status(503, "SlowDown");
    for failing in [
        slow,
        Answer::Status(500, "InternalError"),
        Answer::Status(403, "SignatureDoesNotMatch"),
        Answer::Status(404, "NoSuchBucket"),
        Answer::Status(301, "PermanentRedirect"),
        Answer::Page,
    ] {
        bucket.will(&[failing]);
        let (status, problem) = upload(&world, picture(40, 30)).await;
        assert_eq!(status, 503, "{failing:?}: {problem}");
        let detail = problem["detail"].as_str().unwrap();
        assert!(
            detail.contains("could not be stored; try again"),
            "{detail}"
        );
        assert_eq!(db.number(IN_BUCKET).await + db.number(IN_DATABASE).await, 0);
    }
    // What may have arrived is removed one day, and not before.
    assert_eq!(db.number(LEFT_OVER).await, 6);
    world.work().await;
    hold::look(&world.service).await.unwrap();
    bucket.will(&[Answer::Status(204, "")]);
    worker::retention::run(&world.service).await.unwrap();
    assert_eq!(bucket.requests(), [Method::GET; 0]);
    // A server that asks for patience gets it.
    bucket.will(&[slow, slow, Answer::Fine]);
    let (status, kept) = upload(&world, picture(40, 30)).await;
    assert_eq!(status, 201, "{kept}");
    assert_eq!(bucket.requests(), [Method::PUT, Method::PUT, Method::PUT]);
    assert_eq!(served(&world, &kept).await.0, 200);
    world.pass(60 * 25);
    bucket.will(&[Answer::Status(403, "AccessDenied")]);
    worker::retention::run(&world.service).await.unwrap();
    assert_eq!(db.number(LEFT_OVER).await, 6, "tried again another day");
    bucket.will(&[Answer::Status(204, "")]);
    world.pass(60 * 25);
    worker::retention::run(&world.service).await.unwrap();
    assert_eq!(db.number(LEFT_OVER).await, 0);
    assert_eq!(bucket.requests().len(), 6);
    assert_eq!(
        served(&world, &kept).await.0,
        200,
        "that of the picture is not among them"
    );
}

async fn an_object_that_is_not_the_picture_is_never_shown(db: TestDb) {
    let bucket = ScriptedBucket::default();
    let endpoint = bucket.start().await;
    let world = world_with(&db, &endpoint).await;
    bucket.will(&[Answer::Fine]);
    let (status, kept) = upload(&world, picture(60, 30)).await;
    assert_eq!(status, 201, "{kept}");
    for failing in [
        Answer::Other(b"<script>alert(1)</script>"),
        Answer::Other(b""),
        Answer::BrokenOff,
        Answer::Page,
        Answer::Status(404, "NoSuchKey"),
        Answer::Status(403, "AccessDenied"),
        Answer::Status(500, "InternalError"),
    ] {
        bucket.will(&[failing]);
        let (status, said) = served(&world, &kept).await;
        assert_eq!(status, 503, "{failing:?}");
        assert!(!said.starts_with(b"<script"));
    }
    bucket.will(&[Answer::Fine]);
    let (status, shown) = served(&world, &kept).await;
    assert_eq!(
        (status, shown.len()),
        (200, kept["octets"].as_u64().unwrap() as usize)
    );
    // From memory: readers who open a mail at once do not all ask the bucket.
    bucket.will(&[Answer::Status(500, "InternalError")]);
    assert_eq!(served(&world, &kept).await, (200, shown));
    assert_eq!(bucket.requests(), [Method::GET; 0]);
}

async fn the_doctor_says_what_is_wrong_with_the_bucket(db: TestDb) {
    let server = BucketServer::start(Kind::S3rver).await;
    let mut installation = Installation::new(&db.url);
    let mut examine = async |settings: &[(&str, &str)]| {
        for (name, value) in settings {
            installation.set(&format!("PICTURES__{name}"), value);
        }
        let ran = installation.run(&["--json", "doctor"]).await;
        assert!(!format!("{ran:?}").contains("S3RVER"), "{ran:?}");
        let found: Value = serde_json::from_str(&ran.stdout).unwrap();
        let all = found["checks"].as_array().unwrap().iter();
        let found = all.filter(|one| one["check"] == "pictures");
        let said = found.map(|one| format!("{}: {} {}", one["level"], one["says"], one["mend"]));
        said.collect::<Vec<_>>().join("\n")
    };
    assert_eq!(examine(&[]).await, "", "the database is the default");
    let (id, key) = BucketServer::KEY;
    let right = [
        ("BUCKET", BUCKET),
        ("ENDPOINT", server.endpoint.as_str()),
        ("ACCESS_KEY_ID", id),
        ("SECRET_ACCESS_KEY", key),
    ];
    let said = examine(&right).await;
    assert!(
        said.starts_with("\"green\"") && said.contains("it has 0 pictures"),
        "{said}"
    );
    for (name, value, told) in [
        ("ACCESS_KEY_ID", "unknown", "InvalidAccessKeyId"),
        ("BUCKET", "elsewhere", "NoSuchBucket"),
        ("ENDPOINT", "http://127.0.0.1:9", "Connection refused"),
    ] {
        let mut wrong = right;
        wrong
            .iter_mut()
            .find(|(known, _)| *known == name)
            .unwrap()
            .1 = value;
        let said = examine(&wrong).await;
        let setting = match name {
            "BUCKET" => "create the bucket".to_owned(),
            name => format!("`pictures.{}`", name.to_lowercase()),
        };
        assert!(
            said.starts_with("\"red\"") && said.contains(told) && said.contains(&setting),
            "{said}"
        );
    }
    // s3rver takes any secret.
    let strict = ScriptedBucket::default();
    strict.will(&[Answer::Status(403, "SignatureDoesNotMatch")]);
    let mut wrong = right;
    let endpoint = strict.start().await;
    wrong[1].1 = &endpoint;
    let said = examine(&wrong).await;
    assert!(
        said.starts_with("\"red\"") && said.contains("`pictures.secret_access_key`"),
        "{said}"
    );
    db.execute(
        "INSERT INTO picture_object (name, media_type, object_key, weight, uploaded_at, in_use)
         VALUES ('a.jpg', 'image/jpeg', 'xabar/1/a.jpg', 1, 1, 1)",
    )
    .await
    .unwrap();
    let said = examine(&[("BUCKET", "")]).await;
    assert!(
        said.contains("1 pictures are in a bucket, and none is set"),
        "{said}"
    );
    let said = examine(&right).await;
    assert!(
        said.starts_with("\"red\"") && said.contains("no object xabar/1/a.jpg"),
        "{said}"
    );
}
