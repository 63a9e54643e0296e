//! A TCP stream that can keep back the end of what is written to it.
//!
//! lettre writes a command and reads the answer in one step. With this under it, the text of a
//! mail travels while something is still waited for, and the dot that makes it a mail does not.

use std::io::{self, IoSlice};
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// Says how much of what is written may pass. Whatever encrypts above the stream makes its
/// octets more, so that an end that is kept back in the clear is kept back then, too.
#[derive(Debug, Clone, Default)]
pub(crate) struct Hold(Arc<Mutex<State>>);

#[derive(Debug, Default)]
struct State {
    passage: Passage,
    writer: Option<Waker>,
}

#[derive(Debug, Default, Clone, Copy)]
enum Passage {
    /// Everything passes.
    #[default]
    Free,
    /// So many octets pass; the end behind them needs leave.
    Text { octets: usize, leave: bool },
}

impl Hold {
    /// Lets `octets` pass and keeps back the end that follows, until [`Hold::release`].
    pub(crate) fn after(&self, octets: usize) {
        let leave = false;
        self.state().passage = Passage::Text { octets, leave };
    }

    /// Lets the end pass.
    pub(crate) fn release(&self) {
        let mut state = self.state();
        if let Passage::Text { leave, .. } = &mut state.passage {
            *leave = true;
        }
        if let Some(writer) = state.writer.take() {
            writer.wake();
        }
    }

    /// Whether any octet of the end was given to the network.
    pub(crate) fn end_has_begun(&self) -> bool {
        matches!(self.state().passage, Passage::Free)
    }

    /// How many octets may pass now.
    fn room(&self, context: &Context<'_>) -> Poll<usize> {
        let mut state = self.state();
        match state.passage {
            Passage::Free | Passage::Text { leave: true, .. } => Poll::Ready(usize::MAX),
            Passage::Text { octets: 0, .. } => {
                state.writer = Some(context.waker().clone());
                Poll::Pending
            }
            Passage::Text { octets, .. } => Poll::Ready(octets),
        }
    }

    /// Whether what comes next is an end that waited for leave.
    fn is_at_end(&self) -> bool {
        matches!(
            self.state().passage,
            Passage::Text {
                octets: 0,
                leave: true
            }
        )
    }

    fn has_passed(&self, passed: usize) {
        let mut state = self.state();
        if let Passage::Text { octets, .. } = &mut state.passage {
            match octets.checked_sub(passed) {
                Some(left) => *octets = left,
                None => state.passage = Passage::Free,
            }
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The stream.
#[derive(Debug)]
pub(crate) struct HeldStream {
    pub(crate) tcp: TcpStream,
    pub(crate) hold: Hold,
}

impl HeldStream {
    /// Whether the other side has said anything that was not read, or has hung up.
    fn has_been_spoken_to(&self, context: &mut Context<'_>) -> bool {
        let mut one = [0];
        let peeked = self.tcp.poll_peek(context, &mut ReadBuf::new(&mut one));
        peeked.is_ready()
    }
}

impl AsyncTokioStream for HeldStream {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.tcp.peer_addr()
    }
}

impl AsyncRead for HeldStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_read(context, buffer)
    }
}

impl AsyncWrite for HeldStream {
    fn poll_write(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        octets: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_write_vectored(context, &[IoSlice::new(octets)])
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        pieces: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let room = ready!(self.hold.room(context));
        if self.hold.is_at_end() && self.has_been_spoken_to(context) {
            // That would be taken for the answer to the end, or the end be lost and nobody could tell.
            let why = "the relay spoke or hung up before the end of the text";
            return Poll::Ready(Err(io::Error::other(why)));
        }
        let fits = pieces.iter().map(|piece| piece.len()).sum::<usize>() <= room;
        let tcp = Pin::new(&mut self.tcp);
        let written = if fits {
            tcp.poll_write_vectored(context, pieces)
        } else {
            let first = pieces.iter().find(|piece| !piece.is_empty());
            let first = first.map_or(&[][..], |piece| &piece[..room.min(piece.len())]);
            tcp.poll_write(context, first)
        };
        if let Poll::Ready(Ok(octets)) = written {
            self.hold.has_passed(octets);
        }
        written
    }

    fn is_write_vectored(&self) -> bool {
        self.tcp.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests;
