//! A connection's socket, which can be reset on purpose and tells when all that was written has left.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU8, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// The socket of one connection. Whoever has its [`Line`] can have it end with a reset.
#[derive(Debug)]
pub(super) struct Wire {
    stream: TcpStream,
    line: Arc<Line>,
}

/// What is asked of a connection's socket from outside of it.
#[derive(Debug, Default)]
pub(super) struct Line {
    resets: AtomicBool,
    flush: AtomicU8,
    waiting: Mutex<Option<Waker>>,
}

/// Nobody waits for a flush.
const IDLE: u8 = 0;
/// Somebody does, and none has come yet.
const AWAITED: u8 = 1;
/// It has come.
const FLUSHED: u8 = 2;

impl Line {
    /// Has the connection end with a TCP RST in place of a FIN.
    pub(super) fn reset(&self) {
        self.resets.store(true, Ordering::Release);
    }

    /// Ready once all that was written before the first call has been handed to the system.
    pub(super) fn poll_flushed(&self, context: &mut Context<'_>) -> Poll<()> {
        if self.flush.load(Ordering::Acquire) == FLUSHED {
            self.flush.store(IDLE, Ordering::Release);
            return Poll::Ready(());
        }
        *self.waiting.lock().unwrap_or_else(PoisonError::into_inner) = Some(context.waker().clone());
        // The socket is written by the same task, so no flush can come between.
        self.flush.store(AWAITED, Ordering::Release);
        Poll::Pending
    }

    fn flushed(&self) {
        if self.flush.load(Ordering::Acquire) == AWAITED {
            self.flush.store(FLUSHED, Ordering::Release);
            if let Some(waker) = self.waiting.lock().unwrap_or_else(PoisonError::into_inner).take() {
                waker.wake();
            }
        }
    }
}

impl Wire {
    pub(super) fn new(stream: TcpStream) -> (Self, Arc<Line>) {
        let line = Arc::new(Line::default());
        (Self { stream, line: Arc::clone(&line) }, line)
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        if self.line.resets.load(Ordering::Acquire) {
            // With nothing to linger for, the system discards what is unsent and resets (`SO_LINGER` of 0).
            let _ = self.stream.set_zero_linger();
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, into)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    /// Only asked for when nothing is left to be written.
    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(context);
        if flushed.is_ready() {
            self.line.flushed();
        }
        flushed
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.line.resets.load(Ordering::Acquire) {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
