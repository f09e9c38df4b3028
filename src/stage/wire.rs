//! A connection's socket, which can be ended on purpose and tells when all that was written has left.

use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// The socket of one connection. Whoever has its [`Line`] can have it end.
#[derive(Debug)]
pub(super) struct Wire {
    stream: TcpStream,
    line: Arc<Line>,
}

/// What is asked of a connection's socket from outside of it.
#[derive(Debug, Default)]
pub(super) struct Line {
    ending: AtomicU8,
    /// Whether somebody waits for a flush.
    awaited: AtomicBool,
    /// How many of the flushes that somebody waited for have come.
    flushes: AtomicU64,
    waiting: Mutex<Vec<Waker>>,
    /// Whether somebody has begun to wait since this was last asked.
    has_news: AtomicBool,
}

/// The connection goes on.
const OPEN: u8 = 0;
/// It ends with a FIN.
const CLOSES: u8 = 1;
/// It ends with an RST.
const RESETS: u8 = 2;

impl Line {
    /// Has the connection end with a TCP RST in place of a FIN.
    pub(super) fn reset(&self) {
        self.ending.store(RESETS, Ordering::Release);
    }

    /// Has the connection end with a TCP FIN, whatever of the peer's has not been read by then.
    pub(super) fn close(&self) {
        self.ending.store(CLOSES, Ordering::Release);
    }

    /// Whether the connection is to end, with all that is under way on it.
    pub(super) fn is_over(&self) -> bool {
        self.ending.load(Ordering::Acquire) != OPEN
    }

    /// Ready once all that was written before the first call with this `since`, which is none then, has been handed to the
    /// system. The socket is written by the same task, so that no flush can come between.
    pub(super) fn poll_flushed(&self, since: &mut Option<u64>, context: &mut Context<'_>) -> Poll<()> {
        let flushes = self.flushes.load(Ordering::Acquire);
        match *since {
            Some(before) if flushes > before => {
                *since = None;
                return Poll::Ready(());
            }
            Some(_) => {}
            None => {
                *since = Some(flushes);
                self.has_news.store(true, Ordering::Release);
            }
        }
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if !waiting.iter().any(|waker| waker.will_wake(context.waker())) {
            waiting.push(context.waker().clone());
        }
        self.awaited.store(true, Ordering::Release);
        Poll::Pending
    }

    /// Whether somebody has begun to wait for a flush since this was last asked.
    pub(super) fn takes_news(&self) -> bool {
        self.has_news.swap(false, Ordering::AcqRel)
    }

    fn flushed(&self) {
        if self.awaited.load(Ordering::Acquire) {
            self.awaited.store(false, Ordering::Release);
            self.flushes.fetch_add(1, Ordering::AcqRel);
            let waiting = std::mem::take(&mut *self.waiting.lock().unwrap_or_else(PoisonError::into_inner));
            waiting.into_iter().for_each(Waker::wake);
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
        match self.line.ending.load(Ordering::Acquire) {
            // With nothing to linger for, the system discards what is unsent and resets (`SO_LINGER` of 0).
            RESETS => drop(self.stream.set_zero_linger()),
            // The system resets where something is unread; a FIN that went before is what the peer sees first. It takes no
            // waiting.
            CLOSES => {
                let _ = Pin::new(&mut self.stream).poll_shutdown(&mut Context::from_waker(Waker::noop()));
            }
            _ => {}
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
        if self.line.ending.load(Ordering::Acquire) == RESETS {
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
