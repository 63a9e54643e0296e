//! Web sites as they are in practice: each path of this server goes wrong in its own way.

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// A few thousand octets that become 30 million when they are unpacked.
static BOMB: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let mut bomb = GzEncoder::new(Vec::new(), Compression::fast());
    bomb.write_all(&vec![0; 30 << 20]).unwrap();
    bomb.finish().unwrap()
});

/// A server that listens on one address of this machine, and counts.
pub struct Site {
    pub address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    _task: JoinSet<()>,
}

impl Site {
    /// Listens on this address; port 0 takes a free one.
    pub async fn listen(at: &str, picture: Vec<u8>) -> Self {
        LazyLock::force(&BOMB);
        let listener = TcpListener::bind(at).await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        let picture = Arc::new(picture);
        let mut task = JoinSet::new();
        task.spawn(async move {
            let mut open = JoinSet::new();
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                open.spawn(answer(stream, Arc::clone(&seen), Arc::clone(&picture)));
            }
        });
        Self {
            address,
            requests,
            _task: task,
        }
    }

    /// The requests so far, as `HEAD /ok`.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

async fn answer(mut stream: TcpStream, seen: Arc<Mutex<Vec<String>>>, picture: Arc<Vec<u8>>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(octet) => head.push(octet),
            Err(_) => return,
        }
    }
    let head = String::from_utf8(head).unwrap();
    let mut words = head.split_whitespace();
    let (method, path) = (words.next().unwrap(), words.next().unwrap());
    seen.lock().unwrap().push(format!("{method} {path}"));
    let plain = |status: &str, more: &str| {
        format!("HTTP/1.1 {status}\r\nConnection: close\r\n{more}Content-Length: 0\r\n\r\n")
    };
    let to = |place: &str| plain("302 Found", &format!("Location: {place}\r\n"));
    let written = match path {
        "/gone" => plain("404 Not Found", ""),
        "/removed" => plain("410 Gone", ""),
        "/forbidden" => plain("403 Forbidden", ""),
        "/down" => plain("503 Service Unavailable", ""),
        "/no-head" if method == "HEAD" => plain("405 Method Not Allowed", ""),
        "/no-head-404" if method == "HEAD" => plain("404 Not Found", ""),
        "/closes" => return,
        "/loop" => to("/loop"),
        "/round" => to("/round?again"),
        "/moved" => {
            let host = head
                .lines()
                .find(|line| line.to_lowercase().starts_with("host:"));
            let port = host.unwrap().rsplit(':').next().unwrap().trim();
            to(&format!("http://other.example:{port}/ok"))
        }
        path if path.starts_with("/to/") => to(path.trim_start_matches("/to/")),
        "/hangs" => {
            tokio::time::sleep(Duration::from_secs(60)).await;
            return;
        }
        "/drips" => {
            for octet in plain("200 OK", "").bytes() {
                tokio::time::sleep(Duration::from_millis(500)).await;
                if stream.write_all(&[octet]).await.is_err() {
                    return;
                }
            }
            return;
        }
        "/picture.jpg" => {
            let head = format!(
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: text/html\r\nContent-Length: {}\r\n\r\n",
                picture.len()
            );
            let _ = stream.write_all(head.as_bytes()).await;
            let _ = stream.write_all(&picture).await;
            return;
        }
        "/endless" if method == "GET" => {
            let head = b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n";
            let mut octets = stream.write_all(head).await;
            while octets.is_ok() {
                octets = stream.write_all(&[b'x'; 16 * 1024]).await;
            }
            return;
        }
        "/bomb" => {
            let bomb = &*BOMB;
            let head = format!(
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
                bomb.len()
            );
            let _ = stream.write_all(head.as_bytes()).await;
            let _ = stream.write_all(bomb).await;
            return;
        }
        _ => plain("200 OK", ""),
    };
    let _ = stream.write_all(written.as_bytes()).await;
    let _ = stream.shutdown().await;
}
