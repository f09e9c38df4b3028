//! An answer after what faults do to its body: first to what it says, then to its size, and last to how it is sent.

use std::sync::Arc;

use axum::body::Body;
use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, ETAG, VARY};
use http::response::Parts;
use http::{HeaderValue, Response};
use http_body::Body as _;
use http_body_util::{BodyExt as _, Collected};
use understudy_scenarios::{EncodingFault, FaultKind};

use super::body::Sending;
use super::{Active, content};
use crate::stage::passing::Passing;
use crate::stage::wire::Line;

/// The answer after what `edits` do to it, in order. Those that find nothing to spoil leave it as it is, and are not
/// taken down as played.
pub(super) async fn edited(
    response: Response<Body>,
    edits: &[Arc<Active>],
    passing: &mut Passing,
    line: &Arc<Line>,
) -> Response<Body> {
    let (mut head, body) = response.into_parts();
    // What has no body and must not tell of one, such as a 204, keeps it so.
    if body.is_end_stream() && !head.headers.contains_key(CONTENT_LENGTH) {
        return Response::from_parts(head, body);
    }
    let whole = collected(body).await;
    let bytes = reworded(&whole, &mut head, edits, passing);
    let (mut sending, is_padded) = padded(&bytes, edits, passing, line);
    if is_padded || bytes != whole {
        // The tag names other bytes.
        head.headers.remove(ETAG);
        head.headers.insert(CONTENT_LENGTH, HeaderValue::from(sending.length()));
    }
    hinder(&mut sending, edits, passing);
    Response::from_parts(head, Body::new(sending))
}

/// What the body says then, and what the head says of it.
fn reworded(whole: &Bytes, head: &mut Parts, edits: &[Arc<Active>], passing: &mut Passing) -> Bytes {
    let mut bytes = whole.clone();
    for active in edits {
        let reworded = match &active.fault.does {
            FaultKind::ContentType(text) => {
                // Checked when the fault was put in force.
                if let Ok(text) = HeaderValue::from_str(text) {
                    head.headers.insert(CONTENT_TYPE, text);
                    active.play(passing);
                }
                None
            }
            FaultKind::ContentEncoding(encoding)
                if !bytes.is_empty() && !head.headers.contains_key(CONTENT_ENCODING) =>
            {
                head.headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
                match encoding {
                    EncodingFault::Gzip => {
                        head.headers.append(VARY, HeaderValue::from_static("accept-encoding"));
                        Some(content::packed(&bytes))
                    }
                    EncodingFault::GzipInName => {
                        active.play(passing);
                        None
                    }
                }
            }
            FaultKind::MalformedJson => content::malformed(&bytes),
            FaultKind::NullInList => content::with_null(&bytes),
            FaultKind::Items(items) => content::with_items(&bytes, items),
            FaultKind::EmptyBody if !bytes.is_empty() => Some(Bytes::new()),
            _ => None,
        };
        if let Some(reworded) = reworded {
            bytes = reworded;
            active.play(passing);
        }
    }
    bytes
}

/// The body at its size, and whether that is another one. Of several paddings the first that fits is played.
fn padded(bytes: &Bytes, edits: &[Arc<Active>], passing: &mut Passing, line: &Arc<Line>) -> (Sending, bool) {
    for active in edits {
        if let FaultKind::Pad(padding) = active.fault.does
            && padding.bytes > bytes.len() as u64
            && let Some((place, follow)) = content::place_for_a_member(bytes)
        {
            active.play(passing);
            return (Sending::padded(bytes, place, follow, padding.bytes, line), true);
        }
    }
    (Sending::whole(bytes.clone(), line), false)
}

/// Slows the body down and cuts it off.
fn hinder(sending: &mut Sending, edits: &[Arc<Active>], passing: &mut Passing) {
    for active in edits {
        match active.fault.does {
            FaultKind::SlowBody(pace) if sending.length() > 0 => sending.slow(pace),
            FaultKind::Truncate(cut) if sending.length() > cut.after => sending.cut(cut.after),
            _ => continue,
        }
        active.play(passing);
    }
}

/// A mock's body: it is in memory already, so that nothing can fail.
pub(super) async fn collected(body: Body) -> Bytes {
    body.collect().await.map(Collected::to_bytes).unwrap_or_default()
}
