//! What an answer of a portal's list means, whoever gave it: the portal, external auth before it, or what is no portal.

use http::header::{CONTENT_TYPE, DATE, LOCATION, WWW_AUTHENTICATE};
use http::{HeaderMap, Response, StatusCode};
use serde::Deserialize;
use serde_json::value::RawValue;
use understudy_provider::quote;
use url::Url;

/// What came for a list.
#[derive(Debug)]
pub(super) enum Came {
    /// A JSON array, and the shape of its items.
    List(Shape),
    /// JSON that is no list, with its words.
    NoList { status: StatusCode, said: String },
    /// `portal config not found`, as a portal server says before a Portal resource names the host.
    NotConfigured { status: StatusCode, said: String },
    /// 401.
    Unauthorized { said: String },
    /// 403.
    Forbidden { said: String },
    /// A redirect, and where to.
    Redirect { status: StatusCode, to: Option<Url> },
    /// A web page with a status that says that all is well.
    Page { said: String },
    /// 404, with its words.
    NotFound { said: String },
    /// 429.
    RateLimited { said: String },
    /// 5xx.
    Server { status: StatusCode, said: String },
    /// Anything else.
    Other { status: StatusCode, said: String },
}

/// What a list looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::check) enum Shape {
    /// Nothing is in it.
    Empty,
    /// Products with their versions (Gloo Mesh Gateway 2.5 and later).
    Grouped { products: usize },
    /// Versions (Gloo Mesh Gateway 2.4).
    Flat { versions: usize },
    /// Products without their versions (Gloo Gateway).
    Products { products: usize },
    /// Items that are of no portal: the first has neither `apiId`, `apiVersions` nor `id`, or is no object.
    Foreign,
}

#[derive(Deserialize)]
struct Message {
    message: String,
}

/// The members that tell shapes apart.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct First<'a> {
    #[serde(borrow)]
    id: Option<&'a RawValue>,
    api_id: Option<&'a RawValue>,
    api_versions: Option<&'a RawValue>,
}

/// Reads an answer. The token is not quoted even where it is echoed.
pub(super) fn read(url: &Url, answer: &Response<Vec<u8>>, token: &str) -> Came {
    let status = answer.status();
    let body = answer.body();
    let message = serde_json::from_slice::<Message>(body).ok();
    let said = match &message {
        Some(Message { message }) => format!("\"{}\"", quote::words(message, token)),
        None => quote::body(body, token),
    };
    if message.is_some_and(|message| message.message.contains("portal config not found")) {
        return Came::NotConfigured { status, said };
    }
    match status {
        StatusCode::OK => {}
        StatusCode::UNAUTHORIZED => {
            // RFC 6750 section 3: there the reason is, where it is told at all.
            let challenge = answer.headers().get(WWW_AUTHENTICATE).and_then(|header| header.to_str().ok());
            let why = challenge.filter(|challenge| challenge.contains("error"));
            let why = why.map(|why| format!(" ({})", quote::words(why, token))).unwrap_or_default();
            return Came::Unauthorized { said: said + &why };
        }
        StatusCode::FORBIDDEN => return Came::Forbidden { said },
        StatusCode::NOT_FOUND => return Came::NotFound { said },
        StatusCode::TOO_MANY_REQUESTS => return Came::RateLimited { said },
        status if matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308) => {
            return Came::Redirect { status, to: target(url, answer.headers()) };
        }
        status if status.is_server_error() => return Came::Server { status, said },
        status => return Came::Other { status, said },
    }
    match serde_json::from_slice::<Vec<&RawValue>>(body) {
        Ok(items) => Came::List(shape(&items)),
        Err(_) if is_page(answer.headers(), body) => Came::Page { said },
        Err(_) if serde_json::from_slice::<&RawValue>(body).is_ok() => Came::NoList { status, said },
        Err(_) => Came::Other { status, said },
    }
}

fn shape(items: &[&RawValue]) -> Shape {
    let Some(first) = items.first() else { return Shape::Empty };
    // Only an object: a derived struct would also read an array.
    let first = first.get().starts_with('{').then(|| serde_json::from_str::<First<'_>>(first.get()).ok()).flatten();
    match first {
        Some(First { id: Some(_), .. }) => Shape::Products { products: items.len() },
        Some(First { api_versions: Some(_), .. }) => Shape::Grouped { products: items.len() },
        Some(First { api_id: Some(_), .. }) => Shape::Flat { versions: items.len() },
        _ => Shape::Foreign,
    }
}

fn is_page(headers: &HeaderMap, body: &[u8]) -> bool {
    let kind = headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.starts_with("text/html") || body.trim_ascii_start().starts_with(b"<")
}

/// Where a redirect points; without credentials, which would go out in place of the token.
fn target(url: &Url, headers: &HeaderMap) -> Option<Url> {
    let location = headers.get(LOCATION).and_then(|location| location.to_str().ok());
    let mut target = location.and_then(|location| url.join(location).ok())?;
    let _ = target.set_username("");
    let _ = target.set_password(None);
    Some(target)
}

/// Whether a URL is where an OpenID provider has people log in (OpenID Connect Core section 3.1.2.1), or says so.
pub(super) fn is_login(url: &Url) -> bool {
    let asks = |name: &str| url.query_pairs().any(|(key, _)| key == name);
    let path = url.path().to_ascii_lowercase();
    (asks("response_type") && asks("client_id"))
        || ["authorize", "/auth", "login", "signin", "sign-in"].iter().any(|word| path.contains(word))
}

/// The server's time, as its `Date` header tells it.
pub(super) fn date(headers: &HeaderMap) -> Option<std::time::SystemTime> {
    let date = headers.get(DATE).and_then(|date| date.to_str().ok())?;
    httpdate::parse_http_date(date).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn came(status: u16, kind: &str, body: &[u8]) -> Came {
        let answer = Response::builder().status(status).header(CONTENT_TYPE, kind).body(body.to_vec()).unwrap();
        read(&Url::parse("http://portal.example/v1/apis").unwrap(), &answer, "marker-token")
    }

    #[test]
    fn shapes_are_told_by_the_first_item() {
        let shape = |body: &str| match came(200, "application/json", body.as_bytes()) {
            Came::List(shape) => shape,
            other => panic!("{other:?}"),
        };
        assert_eq!(shape("[]"), Shape::Empty);
        assert_eq!(shape(r#"[{"apiProductId":"a","apiVersions":[]}]"#), Shape::Grouped { products: 1 });
        assert_eq!(shape(r#"[{"apiId":"a"},{}]"#), Shape::Flat { versions: 2 });
        assert_eq!(shape(r#"[{"id":"a"}]"#), Shape::Products { products: 1 });
        for foreign in [r#"[{"name":"a"}]"#, "[null]", "[[1]]", "[{\"id\":null}]"] {
            assert_eq!(shape(foreign), Shape::Foreign, "{foreign}");
        }
    }

    #[test]
    fn an_echoed_token_is_not_quoted() {
        let Came::Unauthorized { said } = came(401, "text/plain", b"bad marker-token") else { panic!("it is 401") };
        assert_eq!(said, r#""bad …""#);
    }

    proptest! {
        #[test]
        fn any_answer_means_something(status in 200_u16..600, body in any::<Vec<u8>>(), text in any::<String>()) {
            let _ = came(status, "text/html", &body);
            let _ = came(status, "application/json", text.as_bytes());
        }
    }
}
