//! How a body is sent: in pieces, slowly, padded without being held in memory, or not to its end.

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::time::Sleep;
use understudy_scenarios::SlowBody;

use crate::stage::serve::NoAnswer;
use crate::stage::wire::Line;

/// What padding is made of.
static FILLING: [u8; 64 * 1024] = [b'x'; 64 * 1024];

/// A part of a body.
#[derive(Debug)]
enum Piece {
    Bytes(Bytes),
    /// So many times `x`.
    Filling(u64),
}

/// A body that is sent as a fault has it.
#[derive(Debug)]
pub(super) struct Sending {
    pieces: VecDeque<Piece>,
    /// How many bytes there are yet to be promised.
    promised: u64,
    /// How many there are yet to be sent.
    left: u64,
    pace: Option<SlowBody>,
    pause: Option<Pin<Box<Sleep>>>,
    line: Arc<Line>,
    /// Since which flush it waits for the next; none while it does not.
    waits_since: Option<u64>,
    /// Whether a piece has been handed over that may not have left yet.
    is_under_way: bool,
}

/// The most of a body that ends early that is handed over at a time: what one frame of HTTP/2 holds. What waits in a
/// stream that is reset never leaves.
const FRAME: usize = 16 * 1024;

impl Sending {
    /// The whole of `body`, at once.
    pub(super) fn whole(body: Bytes, line: &Arc<Line>) -> Self {
        let length = body.len() as u64;
        Self {
            pieces: [Piece::Bytes(body)].into(),
            promised: length,
            left: length,
            pace: None,
            pause: None,
            line: Arc::clone(line),
            waits_since: None,
            is_under_way: false,
        }
    }

    /// `body` with a member `x-padding` at `place`, so that it has about `bytes`. Others `follow` the member, or none.
    pub(super) fn padded(body: &Bytes, place: usize, follow: bool, bytes: u64, line: &Arc<Line>) -> Self {
        let (before, after): (Bytes, &[u8]) =
            (Bytes::from_static(b"\"x-padding\":\""), if follow { b"\"," } else { b"\"" });
        let filling = bytes.saturating_sub((body.len() + before.len() + after.len()) as u64);
        let length = (body.len() + before.len() + after.len()) as u64 + filling;
        let pieces = [
            Piece::Bytes(body.slice(..place)),
            Piece::Bytes(before),
            Piece::Filling(filling),
            Piece::Bytes(Bytes::copy_from_slice(after)),
            Piece::Bytes(body.slice(place..)),
        ];
        Self { pieces: pieces.into(), promised: length, left: length, ..Self::whole(Bytes::new(), line) }
    }

    /// How many bytes it has.
    pub(super) fn length(&self) -> u64 {
        self.promised
    }

    /// Sends it in small pieces.
    pub(super) fn slow(&mut self, pace: SlowBody) {
        self.pace = Some(pace);
    }

    /// Ends it after so many bytes, without taking back what was promised.
    pub(super) fn cut(&mut self, after: u64) {
        self.left = self.left.min(after);
    }

    /// The next bytes, `most` of them at most.
    fn take(&mut self, most: usize) -> Bytes {
        loop {
            match self.pieces.front_mut() {
                None => return Bytes::new(),
                Some(Piece::Bytes(bytes)) if bytes.is_empty() => {}
                Some(Piece::Bytes(bytes)) => return bytes.split_to(most.min(bytes.len())),
                Some(Piece::Filling(0)) => {}
                Some(Piece::Filling(left)) => {
                    let length = most.min(FILLING.len()).min(usize::try_from(*left).unwrap_or(usize::MAX));
                    *left -= length as u64;
                    return Bytes::from_static(&FILLING[..length]);
                }
            }
            self.pieces.pop_front();
        }
    }
}

impl Body for Sending {
    type Data = Bytes;
    type Error = NoAnswer;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, NoAnswer>>> {
        if self.left == 0 && self.promised == 0 {
            return Poll::Ready(None);
        }
        let ends_early = self.left < self.promised;
        // What came before must have left, or the end of the connection would take it along. Of a body that is cut off
        // before it begins, that is the answer's head.
        if ends_early && (self.is_under_way || self.left == 0) {
            let this = &mut *self;
            ready!(this.line.poll_flushed(&mut this.waits_since, context));
            self.is_under_way = false;
        }
        if self.left == 0 {
            return Poll::Ready(Some(Err(NoAnswer)));
        }
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(context));
            self.pause = None;
        }
        let mut most = usize::try_from(self.left).unwrap_or(usize::MAX);
        if ends_early {
            most = most.min(FRAME);
        }
        if let Some(SlowBody { bytes, every }) = self.pace {
            most = most.min(bytes as usize);
            self.pause =
                Some(every.forward()).filter(|every| *every > Duration::ZERO).map(tokio::time::sleep).map(Box::pin);
        }
        let bytes = self.take(most);
        self.left -= bytes.len() as u64;
        self.promised -= bytes.len() as u64;
        self.is_under_way = true;
        Poll::Ready(Some(Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0 && self.promised == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.promised)
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt as _;

    use super::*;

    #[tokio::test]
    async fn padding_makes_up_for_what_is_missing_and_stays_json() {
        let line = Arc::default();
        for (body, place, follow) in [(r#"{"a":1}"#, 1, true), ("{}", 1, false)] {
            let padded = Sending::padded(&Bytes::from_static(body.as_bytes()), place, follow, 200_000, &line);
            assert_eq!(padded.length(), 200_000);
            let whole = padded.collect().await.unwrap().to_bytes();
            assert_eq!(whole.len(), 200_000);
            let value: serde_json::Value = serde_json::from_slice(&whole).unwrap();
            assert!(value["x-padding"].as_str().unwrap().bytes().all(|byte| byte == b'x'));
        }
    }

    #[tokio::test]
    async fn a_body_that_is_longer_already_is_padded_with_nothing() {
        let body = Bytes::from_static(br#"{"a":1}"#);
        let whole = Sending::padded(&body, 1, true, 5, &Arc::default()).collect().await.unwrap().to_bytes();
        assert_eq!(whole, r#"{"x-padding":"","a":1}"#);
    }

    #[tokio::test]
    async fn a_slow_body_comes_in_pieces() {
        let mut body = Sending::whole(Bytes::from_static(b"abcdefg"), &Arc::default());
        body.slow(SlowBody { bytes: 3, every: jiff::SignedDuration::from_millis(1).into() });
        let mut pieces = Vec::new();
        while let Some(frame) = body.frame().await {
            pieces.push(frame.unwrap().into_data().unwrap());
        }
        assert_eq!(pieces, ["abc", "def", "g"]);
    }
}
