//! Where connections come from: TCP, a Unix socket, or a socket that systemd has opened.

use std::io;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::os::unix::fs::{FileTypeExt, PermissionsExt};
use std::os::unix::net::UnixStream as StdUnixStream;
use std::path::{Path, PathBuf};

use axum::extract::ConnectInfo;
use axum::http::Request;
use listenfd::ListenFd;
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio_util::either::Either;

use crate::config::ListenAddress;

/// Who may connect to our Unix socket: the members of its group, such as a proxy.
const SOCKET_MODE: u32 = 0o660;

/// A socket that accepts connections.
#[derive(Debug)]
pub enum Listener {
    /// A port.
    Tcp(TcpListener),
    /// A file.
    Unix(UnixSocket),
}

/// A Unix socket. Its file is removed when it is dropped, unless somebody else made it.
#[derive(Debug)]
pub struct UnixSocket {
    listener: UnixListener,
    own_file: Option<PathBuf>,
}

/// The other end of a connection.
#[derive(Debug, Clone, Copy)]
pub(super) enum Peer {
    Remote(SocketAddr),
    /// Whoever may open our Unix socket. That is our proxy, so what it says of its clients is believed.
    Local,
}

/// Marks the requests that came over a Unix socket.
#[derive(Debug, Clone, Copy)]
pub(super) struct OverUnixSocket;

impl Listener {
    /// The socket that systemd has opened for us, or else one at `address`.
    ///
    /// # Errors
    /// When systemd passes no socket that can be used, or the address is in use or not ours.
    pub async fn open(address: &ListenAddress) -> io::Result<Self> {
        match Self::from_systemd()? {
            Some(passed) => Ok(passed),
            None => Self::bind(address).await,
        }
    }

    /// The socket of `LISTEN_FDS` (`sd_listen_fds(3)`), if there is one.
    fn from_systemd() -> io::Result<Option<Self>> {
        let mut passed = ListenFd::from_env();
        match passed.len() {
            0 => return Ok(None),
            1 => {}
            several => {
                let why = format!("systemd passes {several} sockets; name one ListenStream alone");
                return Err(io::Error::other(why));
            }
        }
        if let Ok(Some(tcp)) = passed.take_tcp_listener(0) {
            tcp.set_nonblocking(true)?;
            return TcpListener::from_std(tcp).map(|tcp| Some(Self::Tcp(tcp)));
        }
        let unix = passed.take_unix_listener(0)?;
        let unix = unix.ok_or_else(|| io::Error::other("systemd's socket is taken already"))?;
        unix.set_nonblocking(true)?;
        Ok(Some(Self::Unix(UnixSocket {
            listener: UnixListener::from_std(unix)?,
            own_file: None,
        })))
    }

    /// A socket at `address`, whatever systemd passes.
    ///
    /// # Errors
    /// When the address is in use or not ours.
    pub async fn bind(address: &ListenAddress) -> io::Result<Self> {
        match address {
            ListenAddress::Tcp(address) => TcpListener::bind(address).await.map(Self::Tcp),
            ListenAddress::Unix(path) => UnixSocket::bind(path).map(Self::Unix),
        }
    }

    /// The next connection.
    pub(super) async fn accept(&self) -> io::Result<(Either<TcpStream, UnixStream>, Peer)> {
        match self {
            Self::Tcp(listener) => {
                let (stream, peer) = listener.accept().await?;
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "TCP_NODELAY could not be set");
                }
                Ok((Either::Left(stream), Peer::Remote(peer)))
            }
            Self::Unix(socket) => {
                let (stream, _) = socket.listener.accept().await?;
                Ok((Either::Right(stream), Peer::Local))
            }
        }
    }

    /// Where it listens, for the log.
    ///
    /// # Errors
    /// When the system does not tell.
    pub fn address(&self) -> io::Result<String> {
        match self {
            Self::Tcp(listener) => Ok(listener.local_addr()?.to_string()),
            Self::Unix(socket) => {
                let address = socket.listener.local_addr()?;
                let path = address.as_pathname().map(Path::display);
                Ok(path.map_or("unix:".to_owned(), |path| format!("unix:{path}")))
            }
        }
    }
}

impl From<TcpListener> for Listener {
    fn from(listener: TcpListener) -> Self {
        Self::Tcp(listener)
    }
}

impl UnixSocket {
    /// A file that a process has left behind is replaced; one that answers is not.
    fn bind(path: &Path) -> io::Result<Self> {
        let is_socket = path
            .symlink_metadata()
            .is_ok_and(|file| file.file_type().is_socket());
        if is_socket
            && let Err(error) = StdUnixStream::connect(path)
            && error.kind() == io::ErrorKind::ConnectionRefused
        {
            std::fs::remove_file(path)?;
        }
        let listener = UnixListener::bind(path)?;
        let socket = Self {
            listener,
            own_file: Some(path.to_owned()),
        };
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(SOCKET_MODE))?;
        Ok(socket)
    }
}

impl Drop for UnixSocket {
    fn drop(&mut self) {
        if let Some(path) = &self.own_file
            && let Err(error) = std::fs::remove_file(path)
        {
            tracing::debug!(%error, "the file of the Unix socket could not be removed");
        }
    }
}

impl Peer {
    /// The address that its connections are counted under.
    pub(super) fn ip(self) -> IpAddr {
        match self {
            Self::Remote(address) => address.ip(),
            Self::Local => IpAddr::V4(Ipv4Addr::LOCALHOST),
        }
    }

    /// Tells the routes where a request came from.
    pub(super) fn mark<B>(self, request: &mut Request<B>) {
        match self {
            Self::Remote(address) => request
                .extensions_mut()
                .insert(ConnectInfo(address))
                .map(drop),
            Self::Local => request.extensions_mut().insert(OverUnixSocket).map(drop),
        };
    }
}
