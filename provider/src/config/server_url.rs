//! The portal's base URL, kept as it was written.

use std::fmt;

use url::Url;

use super::UrlProblem;

/// The base URL of the portal's REST server, such as `http://localhost:31080/v1`.
///
/// It is kept as it was written, because the entities' `managed-by-location` annotations hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerUrl(String);

impl ServerUrl {
    /// Takes the URL as the plugin takes its `portalServerUrl`: one trailing slash is dropped, nothing is added.
    ///
    /// # Errors
    /// When it is no http or https URL, or has credentials, a query or a fragment.
    pub fn as_is(url: &str) -> Result<Self, UrlProblem> {
        let url = base_url(url)?;
        Ok(Self(url.strip_suffix('/').unwrap_or(url).to_owned()))
    }

    /// Takes the URL with or without the `/v1` that it ends in, which is added where it is missing.
    ///
    /// # Errors
    /// When it is no http or https URL, or has credentials, a query or a fragment.
    pub fn with_v1(url: &str) -> Result<Self, UrlProblem> {
        let url = base_url(url)?.trim_end_matches('/');
        let url = if url.ends_with("/v1") { url.to_owned() } else { format!("{url}/v1") };
        Ok(Self(url))
    }

    /// The URL's text, without a trailing slash.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The URL of something under this server, by the segments of its path, which may be any text: all but unreserved
    /// characters are percent-encoded (RFC 3986 section 3.3).
    #[must_use]
    pub fn at(&self, segments: &[&str]) -> Url {
        let path: String = segments.iter().map(|segment| format!("/{}", path_segment(segment))).collect();
        self.under(&path)
    }

    /// The URL of something under this server; `path` starts with `/` and is percent-encoded already.
    pub(crate) fn under(&self, path: &str) -> Url {
        Url::parse(&format!("{}{path}", self.0)).expect("a checked base URL stays one with a path after it")
    }
}

impl fmt::Display for ServerUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A text as one segment of a path.
fn path_segment(id: &str) -> String {
    let mut segment = String::with_capacity(id.len());
    for byte in id.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            segment.push(char::from(byte));
        } else {
            segment.push_str(&format!("%{byte:02X}"));
        }
    }
    segment
}

/// A URL that paths can be added to.
fn base_url(text: &str) -> Result<&str, UrlProblem> {
    let url = web_url(text)?;
    if url.query().is_some() || url.fragment().is_some() {
        return Err(UrlProblem::Query);
    }
    Ok(text.trim())
}

/// Parses a URL that can be asked over HTTP without a secret of its own.
pub(crate) fn web_url(text: &str) -> Result<Url, UrlProblem> {
    // `Url` would silently drop these; the text is used as it is, so they are refused instead.
    if text.trim().contains(|character: char| character.is_whitespace() || character.is_control()) {
        return Err(UrlProblem::WhiteSpace);
    }
    let url = Url::parse(text.trim()).map_err(|error| match error {
        url::ParseError::RelativeUrlWithoutBase => UrlProblem::Scheme,
        error => UrlProblem::Malformed(error.to_string()),
    })?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(UrlProblem::Scheme);
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(UrlProblem::Credentials);
    }
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_url_is_taken_as_it_is_but_for_one_trailing_slash() {
        for (written, taken) in [
            ("http://localhost:31080/v1", "http://localhost:31080/v1"),
            ("http://localhost:31080/v1/", "http://localhost:31080/v1"),
            ("HTTP://Portal.Example:80//", "HTTP://Portal.Example:80/"),
            ("https://portal.example", "https://portal.example"),
        ] {
            assert_eq!(ServerUrl::as_is(written).unwrap().as_str(), taken);
        }
    }

    #[test]
    fn a_portal_url_gets_its_v1_where_it_is_missing() {
        for written in ["http://localhost:31080", "http://localhost:31080/", "http://localhost:31080/v1/"] {
            assert_eq!(ServerUrl::with_v1(written).unwrap().as_str(), "http://localhost:31080/v1");
        }
        assert_eq!(ServerUrl::with_v1("https://a.example/portal").unwrap().as_str(), "https://a.example/portal/v1");
    }

    #[test]
    fn paths_go_under_the_server_url() {
        let url = ServerUrl::as_is("http://localhost:31080/v1").unwrap();
        assert_eq!(url.under("/apis/a%2Fb/schema").as_str(), "http://localhost:31080/v1/apis/a%2Fb/schema");
    }

    #[test]
    fn an_id_stays_one_segment_of_the_path() {
        assert_eq!(path_segment("petstore-v1.0_~"), "petstore-v1.0_~");
        assert_eq!(path_segment("a b/c?d#%2e\n€"), "a%20b%2Fc%3Fd%23%252e%0A%E2%82%AC");
        let server = ServerUrl::as_is("http://localhost:31080/v1").unwrap();
        assert_eq!(server.at(&["apis", "a/b", "schema"]).as_str(), "http://localhost:31080/v1/apis/a%2Fb/schema");
    }
}
