//! Runs a proxy with its sample, in which only ports and paths are replaced.

use std::ffi::OsString;
use std::path::Path;
use std::time::{Duration, Instant};

use tokio::net::TcpStream;
use tokio::process::Command;

use crate::support::companion::Companion;
use crate::support::mail_servers::free_port;

/// The host of the samples.
pub(super) const HOST: &str = "news.example.org";

#[derive(Debug, Clone, Copy)]
pub(super) enum Kind {
    Nginx,
    Caddy,
    Haproxy,
}

/// A proxy that runs until this is dropped.
pub(super) struct Proxy {
    pub(super) http: u16,
    pub(super) https: u16,
    _running: Companion,
}

impl Proxy {
    /// Starts one before the service at this address.
    pub(super) async fn start(kind: Kind, service: &str) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("xabar-test-proxy-")
            .tempdir();
        let folder = folder.unwrap().keep();
        let ports = (free_port(), free_port());
        certificate(&folder);
        let program = match kind {
            Kind::Nginx => nginx(&folder, ports, service),
            Kind::Caddy => caddy(&folder, ports, service),
            Kind::Haproxy => haproxy(&folder, ports, service),
        };
        let running = Companion::start(&folder, "TERM", &program);
        let (http, https) = ports;
        for port in [http, https] {
            let deadline = Instant::now() + Duration::from_secs(60);
            while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
                let said = running.log();
                assert!(Instant::now() < deadline, "{kind:?} did not start: {said}");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
        Self {
            http,
            https,
            _running: running,
        }
    }

    /// As browsers do; what the other tests send is HTTP/1.1.
    pub(super) async fn speaks_http_2(&self) {
        let resolve = format!("{HOST}:{}:127.0.0.1", self.https);
        let url = format!("https://{HOST}:{}/healthz", self.https);
        let shown = ["-w", "%{http_version} %{http_code}", "-o", "/dev/null"];
        let curl = Command::new("curl")
            .args(["--silent", "--insecure", "--http2", "--resolve"])
            .args([&resolve, &url])
            .args(shown)
            .output();
        let curl = curl.await.unwrap();
        assert_eq!(String::from_utf8_lossy(&curl.stdout), "2 200", "{curl:?}");
    }
}

/// The certificate and its key, in a file each and in one.
fn certificate(folder: &Path) {
    let made = rcgen::generate_simple_self_signed([HOST.to_owned()]).unwrap();
    let (chain, key) = (made.cert.pem(), made.signing_key.serialize_pem());
    std::fs::write(folder.join("chain.pem"), &chain).unwrap();
    std::fs::write(folder.join("key.pem"), &key).unwrap();
    std::fs::write(folder.join("both.pem"), chain + &key).unwrap();
}

/// Writes the sample with other ports and paths; each must be in it.
fn adapt(folder: &Path, name: &str, replacements: &[(&str, String)]) -> String {
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("packaging/proxy");
    let mut text = std::fs::read_to_string(sample.join(name)).unwrap();
    for (from, to) in replacements {
        assert!(text.contains(from), "{name} has no longer: {from}");
        text = text.replace(from, to);
    }
    let to = folder.join(name);
    std::fs::write(&to, &text).unwrap();
    to.display().to_string()
}

fn words<const N: usize>(words: [&str; N]) -> Vec<OsString> {
    words.into_iter().map(OsString::from).collect()
}

fn nginx(folder: &Path, (http, https): (u16, u16), service: &str) -> Vec<OsString> {
    let here = folder.display();
    let letsencrypt = format!("/etc/letsencrypt/live/{HOST}");
    let site = adapt(
        folder,
        "nginx.conf",
        &[
            ("listen 80;", format!("listen 127.0.0.1:{http};")),
            ("listen [::]:80;", String::new()),
            ("listen 443 ssl", format!("listen 127.0.0.1:{https} ssl")),
            ("listen [::]:443 ssl http2;", String::new()),
            (
                &format!("{letsencrypt}/fullchain.pem"),
                format!("{here}/chain.pem"),
            ),
            (
                &format!("{letsencrypt}/privkey.pem"),
                format!("{here}/key.pem"),
            ),
            ("127.0.0.1:8080", service.to_owned()),
        ],
    );
    // Its workers would otherwise be a user who may not write here.
    let whole = format!(
        "user root;\ndaemon off;\npid {here}/pid;\nerror_log stderr;\nevents {{}}\nhttp {{\n\
         access_log off;\nclient_body_temp_path {here}/body;\nproxy_temp_path {here}/proxy;\n\
         fastcgi_temp_path {here}/fastcgi;\nuwsgi_temp_path {here}/uwsgi;\n\
         scgi_temp_path {here}/scgi;\ninclude {site};\n}}\n"
    );
    let main = folder.join("main.conf");
    std::fs::write(&main, whole).unwrap();
    words([
        "/usr/sbin/nginx",
        "-e",
        "stderr",
        "-c",
        &main.display().to_string(),
    ])
}

fn caddy(folder: &Path, (http, https): (u16, u16), service: &str) -> Vec<OsString> {
    let site = adapt(
        folder,
        "Caddyfile",
        &[("127.0.0.1:8080", service.to_owned())],
    );
    // A certificate of its own authority: nobody here gives it one.
    let whole = format!(
        "{{\nadmin off\nhttp_port {http}\nhttps_port {https}\nlocal_certs\nskip_install_trust\n\
         }}\nimport {site}\n"
    );
    let main = folder.join("main");
    std::fs::write(&main, whole).unwrap();
    let main = main.display().to_string();
    let home = format!("HOME={}", folder.display());
    let data = format!("XDG_DATA_HOME={}", folder.display());
    let config = format!("XDG_CONFIG_HOME={}", folder.display());
    words([
        "env",
        &home,
        &data,
        &config,
        "caddy",
        "run",
        "--adapter",
        "caddyfile",
        "--config",
        &main,
    ])
}

fn haproxy(folder: &Path, (http, https): (u16, u16), service: &str) -> Vec<OsString> {
    let here = folder.display();
    let site = adapt(
        folder,
        "haproxy.cfg",
        &[
            ("bind :80\n", format!("bind 127.0.0.1:{http}\n")),
            ("bind :443 ssl", format!("bind 127.0.0.1:{https} ssl")),
            (
                &format!("/etc/haproxy/certs/{HOST}.pem"),
                format!("{here}/both.pem"),
            ),
            ("127.0.0.1:8080", service.to_owned()),
        ],
    );
    words(["/usr/sbin/haproxy", "-db", "-f", &site])
}
