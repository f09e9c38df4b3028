//! Who asks, as far as a request tells: the client id of HTTP Basic, of a form, or of a bearer token.
//!
//! Nothing is proved by it. It is only asked for when a fault names a caller.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use base64::Engine as _;
use base64::alphabet;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use bytes::{Bytes, BytesMut};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, Request};
use http_body::{Body as _, Frame, SizeHint};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use serde::Deserialize;

/// How much of a form is read to find out who asks.
const LONGEST_FORM: usize = 64 * 1024;

const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const BASIC: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const JWT: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// Finds out who asks, and gives the request back as it came.
///
/// # Errors
/// When the request breaks off.
pub(super) async fn of(request: Request<Incoming>) -> Result<(Option<String>, Request<Body>), hyper::Error> {
    if let Some(caller) = named_by_header(request.headers()) {
        return Ok((Some(caller), request.map(Body::new)));
    }
    if !is_form(request.headers()) {
        return Ok((None, request.map(Body::new)));
    }
    let (head, mut body) = request.into_parts();
    let mut begin = BytesMut::new();
    while begin.len() <= LONGEST_FORM
        && let Some(frame) = body.frame().await
    {
        if let Ok(bytes) = frame?.into_data() {
            begin.extend_from_slice(&bytes);
        }
    }
    let caller = if body.is_end_stream() { named_by_form(&begin) } else { None };
    let body = Body::new(Reread { begin: Some(begin.freeze()).filter(|begin| !begin.is_empty()), rest: body });
    Ok((caller, Request::from_parts(head, body)))
}

fn is_form(headers: &HeaderMap) -> bool {
    const FORM: &[u8] = b"application/x-www-form-urlencoded";
    let kind = headers.get(CONTENT_TYPE).map(|kind| kind.as_bytes().trim_ascii());
    kind.and_then(|kind| kind.get(..FORM.len())).is_some_and(|kind| kind.eq_ignore_ascii_case(FORM))
}

fn named_by_header(headers: &HeaderMap) -> Option<String> {
    let (scheme, credentials) = headers.get(AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    match () {
        () if scheme.eq_ignore_ascii_case("basic") => named_by_basic(credentials.trim()),
        () if scheme.eq_ignore_ascii_case("bearer") => named_by_token(credentials.trim()),
        () => None,
    }
}

/// The id is form-encoded before it is put into the header (RFC 6749 section 2.3.1).
fn named_by_basic(credentials: &str) -> Option<String> {
    let pair = String::from_utf8(BASIC.decode(credentials).ok()?).ok()?;
    let (id, _) = pair.split_once(':')?;
    let decoded: Vec<(String, String)> = serde_urlencoded::from_str(&format!("id={id}")).ok()?;
    decoded.into_iter().next().map(|(_, id)| id)
}

/// Okta tells its clients as `cid`, Keycloak as `azp` and `client_id`.
fn named_by_token(token: &str) -> Option<String> {
    #[derive(Deserialize)]
    struct Claims {
        cid: Option<String>,
        azp: Option<String>,
        client_id: Option<String>,
    }
    let payload = token.split('.').nth(1)?;
    let claims: Claims = serde_json::from_slice(&JWT.decode(payload).ok()?).ok()?;
    claims.cid.or(claims.azp).or(claims.client_id)
}

fn named_by_form(form: &[u8]) -> Option<String> {
    let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(form).ok()?;
    fields.into_iter().find(|(name, _)| name == "client_id").map(|(_, id)| id)
}

/// A body whose beginning was read already.
struct Reread {
    begin: Option<Bytes>,
    rest: Incoming,
}

impl http_body::Body for Reread {
    type Data = Bytes;
    type Error = hyper::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, hyper::Error>>> {
        match self.begin.take() {
            Some(begin) => Poll::Ready(Some(Ok(Frame::data(begin)))),
            None => Pin::new(&mut self.rest).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.begin.is_none() && self.rest.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let begin = self.begin.as_ref().map_or(0, |begin| begin.len() as u64);
        let rest = self.rest.size_hint();
        let mut hint = SizeHint::new();
        hint.set_lower(rest.lower() + begin);
        if let Some(upper) = rest.upper() {
            hint.set_upper(upper + begin);
        }
        hint
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn named(authorization: &str) -> Option<String> {
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, HeaderValue::from_str(authorization).unwrap());
        named_by_header(&headers)
    }

    #[test]
    fn basic_names_a_client_whose_id_was_form_encoded() {
        assert_eq!(named(&format!("basic {}", BASIC.encode("my%20app:a:b"))).as_deref(), Some("my app"));
        assert_eq!(named("Basic !!!"), None);
    }

    #[test]
    fn a_token_names_its_client_in_the_claim_of_its_vendor() {
        let token = |claims: &str| format!("Bearer e30.{}.sig", JWT.encode(claims));
        assert_eq!(named(&token(r#"{"cid":"okta-app"}"#)).as_deref(), Some("okta-app"));
        assert_eq!(named(&token(r#"{"azp":"kc-app","client_id":"kc-app"}"#)).as_deref(), Some("kc-app"));
        assert_eq!(named(&token(r#"{"client_id":"kc-app"}"#)).as_deref(), Some("kc-app"));
        assert_eq!(named("Bearer opaque"), None);
    }

    #[test]
    fn a_form_names_its_client() {
        let form = b"grant_type=client_credentials&client_id=back%20stage&client_secret=x";
        assert_eq!(named_by_form(form).as_deref(), Some("back stage"));
        assert_eq!(named_by_form(b"grant_type=client_credentials"), None);
    }
}
