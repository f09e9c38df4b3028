//! `understudy scenarios new`: a scenario file to begin with, from nothing or from OpenAPI documents.
//!
//! A file is named by its path and not copied: it stays digit for digit as it is, `up` follows it, and the scenario can
//! still be read. What came from a URL has no path, so the scenario holds it.

use std::path::Path;
use std::time::Duration;
use std::{fs, io};

use understudy::Scenario;
use understudy::provider::{HttpClient, HttpError};
use understudy::scenarios::OpenApiDocument;
use url::Url;

use super::super::failure::Failure;
use super::super::output;
use super::super::talk::Talk;
use super::summary_of;

/// What is written without any document.
const MINIMAL: &str = include_str!("new.yaml");

/// What comes after the products of a scenario that was made from documents.
const STEPS: &str = "
# What happens once the world is up, and what must hold then: `understudy run` plays it against a provider.
# steps:
#   - fault: {server: portal, does: {status: 503}}
#   - sync
#   - expect: {catalog: same, error: told}
";

/// No document is larger, in bytes; a scenario takes no more from a file either.
const LARGEST: u64 = 64 * 1024 * 1024;
const TIMEOUT: Duration = Duration::from_secs(30);
/// How many redirects are followed.
const REDIRECTS: usize = 5;

pub(super) fn run(from: &[String], talk: &Talk) -> Result<(), Failure> {
    if from.is_empty() {
        return output::write(MINIMAL.as_bytes());
    }
    let documents = from.iter().map(|source| document(source, talk)).collect::<Result<Vec<_>, _>>()?;
    let file = Scenario::file_of(&documents)?;
    let named: Vec<&str> = documents.iter().map(|document| &*document.shown).collect();
    let text = format!("# Made from {}.\n{}{STEPS}", named.join(", "), file.to_yaml());
    talk.say(format_args!("{}", summary_of(&file.portal.products)));
    output::write(text.as_bytes())
}

/// The document that an argument names.
fn document(source: &str, talk: &Talk) -> Result<OpenApiDocument, Failure> {
    if source.contains("://") {
        let url = Url::parse(source).map_err(|error| Failure::Usage(format!("{source} is no URL: {error}")))?;
        if !matches!(url.scheme(), "http" | "https") {
            return Err(Failure::Usage(format!("{source} can't be fetched: a URL is of http or https")));
        }
        return fetched(url, talk);
    }
    let told = |why: &str| Failure::Usage(format!("can't read the document {source}: {why}"));
    let path = Path::new(source);
    let kind = fs::metadata(path).map_err(|error| told(plain(&error)))?;
    if kind.is_dir() {
        return Err(told(&format!("it is a folder; `understudy up {source}` takes one as it is")));
    }
    if kind.len() > LARGEST {
        return Err(told("it is larger than 64 MiB"));
    }
    let text = fs::read_to_string(path).map_err(|error| told(plain(&error)))?;
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    Ok(OpenApiDocument { shown: source.to_owned(), name, text, path: Some(source.to_owned()) })
}

fn plain(error: &io::Error) -> &'static str {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file",
        io::ErrorKind::PermissionDenied => "permission denied",
        io::ErrorKind::InvalidData => "it is no text in UTF-8",
        _ => "the system can't read it",
    }
}

/// What is at a URL. It was named on the command line, so it is asked wherever it is.
fn fetched(url: Url, talk: &Talk) -> Result<OpenApiDocument, Failure> {
    let client = HttpClient::with_limits(TIMEOUT, LARGEST);
    talk.say(format_args!("fetching {}", shown(&url)));
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(Failure::usage)?;
    let body = runtime.block_on(get(&client, &url))?;
    let text = String::from_utf8(body)
        .map_err(|_| Failure::Refused(format!("what {} answered is no text in UTF-8", shown(&url))))?;
    let name = url.path_segments().and_then(|mut segments| segments.next_back()).unwrap_or_default().to_owned();
    Ok(OpenApiDocument { shown: shown(&url), name, text, path: None })
}

/// The body at `url`, after a few redirects at most. None of them leads from https to http.
async fn get(client: &HttpClient, url: &Url) -> Result<Vec<u8>, Failure> {
    let mut at = url.clone();
    for _ in 0..=REDIRECTS {
        let answer = client.get(at.clone(), None).await.map_err(|error| match error {
            HttpError::Connection(error) => {
                Failure::Unreachable(format!("can't reach {error}. Is that server running, and is the URL right?"))
            }
            error => Failure::Refused(error.to_string()),
        })?;
        let status = answer.status();
        if status.is_success() {
            return Ok(answer.into_body());
        }
        let location = answer.headers().get("location").and_then(|location| location.to_str().ok());
        let Some(next) = location.filter(|_| status.is_redirection()) else {
            let hint = match status.as_u16() {
                401 | 403 => "; it wants credentials, which are not sent: save the document, and name its file",
                404 => "; is the path right?",
                _ => "",
            };
            return Err(Failure::Refused(format!("{} answered {status}{hint}", shown(&at))));
        };
        let next = at.join(next).map_err(|_| Failure::Refused(format!("{} redirects to no URL", shown(&at))))?;
        let stays_safe = next.scheme() == "https" || (next.scheme() == "http" && at.scheme() == "http");
        if !stays_safe {
            return Err(Failure::Refused(format!("{} redirects to {}, which is not https", shown(&at), shown(&next))));
        }
        at = next;
    }
    Err(Failure::Refused(format!("{} redirects more than {REDIRECTS} times", shown(url))))
}

/// A URL without what may be secret in it.
fn shown(url: &Url) -> String {
    let mut url = url.clone();
    url.set_query(None);
    url.set_fragment(None);
    // Only a URL that has no host refuses these.
    let _ = url.set_username("").and_then(|()| url.set_password(None));
    url.to_string()
}
