//! Writes the text of a mail at once, and the dot that makes it a mail when that is permitted.
//!
//! Before the dot there is no mail (RFC 5321 §4.1.1.4). The dot is kept back before TLS, so that it
//! cannot be in a record that is on its way already.

use std::pin::{Pin, pin};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::AsyncWrite;
use tokio::time::Instant;

use super::{Channel, HUNG_UP, Lost, NOT_READ, in_words};
use crate::mail::smtp::wire::Text;

/// How a text went out.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum TextOutcome {
    /// All of it was given to the network: the answer to it comes next.
    Written,
    /// The relay said something before the dot, which it was not asked: read that. No mail was made.
    SpokeBeforeDot,
    /// The connection was lost before any octet of the dot was given to the network.
    LostBeforeDot(Lost),
    /// The connection was lost, and the relay may have got the dot: it may have answered, too.
    LostAtDot,
}

/// How far a text is written.
struct Gate {
    written: usize,
    flushed: bool,
    /// Set by the permission: until then all has to be written.
    deadline: Option<Instant>,
}

impl Channel {
    /// Writes a text up to its dot, waits for `permission`, and writes the rest; in one piece where
    /// there is permission already. What is to be written then must leave within `limit`.
    ///
    /// # Errors
    /// What `permission` says against it. The relay then has a text without an end.
    pub(crate) async fn write_text<E>(
        &mut self,
        text: &Text,
        limit: Duration,
        permission: impl Future<Output = Result<(), E>>,
    ) -> Result<TextOutcome, E> {
        let mut permission = pin!(permission);
        let mut gate = Gate {
            written: 0,
            flushed: true,
            deadline: None,
        };
        let outcome = std::future::poll_fn(|context| {
            if gate.deadline.is_none()
                && let Poll::Ready(answer) = permission.as_mut().poll(context)
            {
                if let Err(against) = answer {
                    return Poll::Ready(Err(against));
                }
                gate.deadline = Some(Instant::now() + limit);
            }
            self.poll_text(context, text, &mut gate).map(Ok)
        });
        let outcome = outcome.await;
        self.open &= !matches!(outcome, Err(_) | Ok(TextOutcome::LostBeforeDot(_)));
        outcome
    }

    fn poll_text(
        &mut self,
        context: &mut Context<'_>,
        text: &Text,
        gate: &mut Gate,
    ) -> Poll<TextOutcome> {
        // What comes before the dot would be taken for the answer to it.
        if gate.written <= text.dot
            && let Poll::Ready(spoke) = self.poll_spoke(context)
        {
            return Poll::Ready(spoke);
        }
        let mut written = self.poll_write_up_to_gate(context, text, gate);
        if let (true, Some(deadline)) = (written.is_pending(), gate.deadline) {
            let late = self.timer.poll_elapsed(deadline, context);
            written = late.map(|()| Err(Lost(NOT_READ.to_owned())));
        }
        match ready!(written) {
            Ok(()) if gate.deadline.is_some() => Poll::Ready(TextOutcome::Written),
            // The permission wakes this up, or the relay.
            Ok(()) => Poll::Pending,
            Err(_) if gate.written > text.dot => Poll::Ready(TextOutcome::LostAtDot),
            Err(lost) => Poll::Ready(TextOutcome::LostBeforeDot(lost)),
        }
    }

    /// Ready when all that may be written was given to the network.
    fn poll_write_up_to_gate(
        &mut self,
        context: &mut Context<'_>,
        text: &Text,
        gate: &mut Gate,
    ) -> Poll<Result<(), Lost>> {
        let end = if gate.deadline.is_some() {
            text.octets.len()
        } else {
            text.dot
        };
        let lost = |error: std::io::Error| Lost(in_words(&error));
        while gate.written < end {
            let slices = text.octets.slices(gate.written, end);
            let stream = Pin::new(&mut self.stream);
            let written = ready!(stream.poll_write_vectored(context, &slices));
            match written {
                Ok(0) => return Poll::Ready(Err(Lost(HUNG_UP.to_owned()))),
                Ok(written) => gate.written += written,
                Err(error) => return Poll::Ready(Err(lost(error))),
            }
            gate.flushed = false;
        }
        if !gate.flushed {
            let flushed = ready!(Pin::new(&mut self.stream).poll_flush(context));
            if let Err(error) = flushed {
                return Poll::Ready(Err(lost(error)));
            }
            gate.flushed = true;
        }
        Poll::Ready(Ok(()))
    }

    fn poll_spoke(&mut self, context: &mut Context<'_>) -> Poll<TextOutcome> {
        let lost = |why: String| Poll::Ready(TextOutcome::LostBeforeDot(Lost(why)));
        while self.only_line_ends_are_unread() {
            match ready!(self.poll_receive(context)) {
                Ok(0) => return lost(HUNG_UP.to_owned()),
                Ok(_) => {}
                Err(error) => return lost(in_words(&error)),
            }
        }
        Poll::Ready(TextOutcome::SpokeBeforeDot)
    }
}
