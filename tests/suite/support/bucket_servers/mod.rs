//! Servers of other hands that speak like S3, with one bucket.

use std::path::PathBuf;

use super::companion::Companion;
use super::{installed, npm};

/// The bucket that each of them has.
pub const BUCKET: &str = "letters";

/// Whose server it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// s3rver, of npm; it knows its keys, and checks no signature.
    S3rver,
    /// The server of Moto, of Python.
    Moto,
}

/// A server that runs as long as this lives.
pub struct BucketServer {
    pub endpoint: String,
    http: reqwest::Client,
    _companion: Companion,
}

impl BucketServer {
    /// The identifier of the key that s3rver takes, and the key.
    pub const KEY: (&str, &str) = ("S3RVER", "S3RVER");

    pub async fn start(kind: Kind) -> Self {
        let starting = tokio::task::spawn_blocking(move || start(kind));
        let (companion, port) = starting.await.unwrap();
        let server = Self {
            endpoint: format!("http://127.0.0.1:{port}"),
            http: reqwest::Client::new(),
            _companion: companion,
        };
        if kind == Kind::Moto {
            let made = server.http.put(format!("{}/{BUCKET}", server.endpoint));
            assert_eq!(made.send().await.unwrap().status(), 200);
        }
        server
    }

    /// The keys of all objects, in order.
    pub async fn keys(&self) -> Vec<String> {
        let list = format!("{}/{BUCKET}?list-type=2", self.endpoint);
        let list = self.http.get(list).send().await.unwrap();
        let list = list.error_for_status().unwrap().text().await.unwrap();
        let keys = list.split("<Key>").skip(1);
        let mut keys: Vec<String> = keys
            .map(|rest| rest.split_once("</Key>").unwrap().0.to_owned())
            .collect();
        keys.sort();
        keys
    }

    /// What the object has, and its media type.
    pub async fn object(&self, key: &str) -> (String, Vec<u8>) {
        let object = format!("{}/{BUCKET}/{key}", self.endpoint);
        let object = self.http.get(object).send().await.unwrap();
        let object = object.error_for_status().unwrap();
        let kind = object.headers()["content-type"]
            .to_str()
            .unwrap()
            .to_owned();
        (kind, object.bytes().await.unwrap().to_vec())
    }

    /// Removes an object behind the service's back.
    pub async fn remove(&self, key: &str) {
        let object = format!("{}/{BUCKET}/{key}", self.endpoint);
        let removed = self.http.delete(object).send().await.unwrap();
        removed.error_for_status().unwrap();
    }
}

fn start(kind: Kind) -> (Companion, u16) {
    let dir = tempfile::Builder::new()
        .prefix("xabar-test-bucket-")
        .tempdir()
        .unwrap()
        .keep();
    let words = |words: &[&str]| words.iter().map(|word| (*word).into()).collect();
    let (mut command, arguments): (Vec<PathBuf>, Vec<PathBuf>) = match kind {
        Kind::S3rver => (
            vec![npm::node(), npm::installed("s3rver/bin/s3rver.js")],
            words(&["--port", "0", "--configure-bucket", BUCKET, "--directory"]),
        ),
        Kind::Moto => (
            vec![
                installed("bucket-servers/bin/python"),
                "-u".into(),
                installed("bucket-servers/bin/moto_server"),
            ],
            words(&["--port", "0", "--host", "127.0.0.1"]),
        ),
    };
    command.extend(arguments);
    if kind == Kind::S3rver {
        let data = dir.join("data");
        std::fs::create_dir(&data).unwrap();
        command.push(data);
    }
    let companion = Companion::start(&dir, "TERM", &command);
    let port = companion.wait_for("no port of the bucket's server", |log| {
        let (_, rest) = log.split_once("127.0.0.1:")?;
        let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
        rest[digits.len()..]
            .contains('\n')
            .then(|| digits.parse().ok())?
    });
    (companion, port)
}
