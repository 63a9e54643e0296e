//! Reaching a relay over one of its addresses.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long each address may take to answer. Shorter than what a whole connection may take where there is another
/// relay, so that it is known what did not answer.
const CONNECT_LIMIT: Duration = Duration::from_secs(20);
/// How long an address is waited for before the next is tried beside it (RFC 8305 §5 and §8: at most 2 s). A relay
/// should rarely see a connection that is not used.
const HEAD_START: Duration = Duration::from_secs(1);

/// A connection to the first of the addresses that answers, in their order. One that does not answer costs a second, not
/// the whole time.
///
/// # Errors
/// Why the last of them could not be reached.
pub(super) async fn reach(
    addresses: impl Iterator<Item = SocketAddr>,
) -> Result<TcpStream, String> {
    let mut addresses = addresses.peekable();
    let mut attempts = FuturesUnordered::new();
    let mut why = "its name has no address".to_owned();
    loop {
        match addresses.next() {
            Some(address) => attempts.push(timeout(CONNECT_LIMIT, TcpStream::connect(address))),
            None if attempts.is_empty() => return Err(why),
            None => {}
        }
        let ended = match addresses.peek() {
            Some(_) => timeout(HEAD_START, attempts.next()).await.ok().flatten(),
            None => attempts.next().await,
        };
        match ended {
            Some(Ok(Ok(tcp))) => return without_delay(tcp).map_err(|error| error.to_string()),
            Some(Ok(Err(error))) => why = error.to_string(),
            Some(Err(_)) => "it cannot be reached in time".clone_into(&mut why),
            None => {}
        }
    }
}

/// The end of a text must not wait until the relay acknowledges its beginning.
fn without_delay(tcp: TcpStream) -> io::Result<TcpStream> {
    tcp.set_nodelay(true)?;
    Ok(tcp)
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, SocketAddr};

    use tokio::net::{TcpListener, TcpSocket, TcpStream};

    use super::reach;

    /// An address whose connections are never answered: its queue is full, so the kernel drops what comes.
    async fn silent() -> (SocketAddr, TcpListener, Vec<TcpStream>) {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
        let listener = socket.listen(1).unwrap();
        let address = listener.local_addr().unwrap();
        let mut queued = Vec::new();
        let soon = std::time::Duration::from_millis(200);
        while let Ok(tcp) = tokio::time::timeout(soon, TcpStream::connect(address)).await {
            queued.push(tcp.unwrap());
        }
        (address, listener, queued)
    }

    #[tokio::test]
    async fn an_address_that_does_not_answer_is_passed_over() {
        let good = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let good_address = good.local_addr().unwrap();
        let refused = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let refused_address = refused.local_addr().unwrap();
        drop(refused);
        let (silent_address, _listener, _queued) = silent().await;
        for addresses in [
            vec![good_address],
            vec![refused_address, good_address],
            vec![silent_address, good_address],
            vec![silent_address, refused_address, good_address],
            vec![good_address, silent_address],
        ] {
            let reached = reach(addresses.clone().into_iter()).await.unwrap();
            assert_eq!(reached.peer_addr().unwrap(), good_address, "{addresses:?}");
        }
        let why = reach([refused_address].into_iter()).await.unwrap_err();
        assert!(why.contains("refused"), "{why}");
        let why = reach(std::iter::empty()).await.unwrap_err();
        assert_eq!(why, "its name has no address");
    }
}
