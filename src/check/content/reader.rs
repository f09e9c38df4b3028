//! A client of the portal that asks as a sync does, and is watched.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use understudy_provider::{AccessToken, Config, HttpClient, PortalClient, ShownUrl, TokenFuture, TokenSource};
use url::Url;

use super::super::examination::{Event, Examination};
use super::super::plugin::Seen;

/// A token that somebody else got.
#[derive(Debug)]
struct Given(AccessToken);

impl TokenSource for Given {
    fn token(&self) -> TokenFuture<'_> {
        Box::pin(async { Ok(self.0.clone()) })
    }
}

/// A client of the portal that asks as a sync does, and what was seen of its requests.
pub(super) struct Reader {
    pub(super) client: PortalClient,
    watched: Arc<Mutex<Watched>>,
}

#[derive(Default)]
struct Watched {
    /// A line for each request since they were told.
    lines: Vec<String>,
    seen: Seen,
}

impl Reader {
    pub(super) fn new(config: &Config, token: AccessToken) -> Result<Self, String> {
        let watched: Arc<Mutex<Watched>> = Arc::default();
        let (told, base) = (Arc::clone(&watched), base(config));
        let http = HttpClient::new(config).map_err(|error| error.to_string())?.observed(move |exchange| {
            let mut watched = lock(&told);
            let came = match exchange.result {
                Ok(answer) => format!("{}, {} bytes", answer.status().as_u16(), answer.body().len()),
                Err(error) => format!("no answer: {error}"),
            };
            let url = ShownUrl::of(exchange.url);
            watched.lines.push(format!("{} {url} {came}, {} ms", exchange.method, exchange.elapsed.as_millis()));
            if let Some(path) = exchange.url.as_str().strip_prefix(&base) {
                watched.seen.take(path, exchange);
            }
        });
        let client = PortalClient::new(config, http, Arc::new(Given(token)));
        Ok(Self { client, watched })
    }

    /// Tells of the requests that were made since.
    pub(super) fn tell(&self, exam: &Examination) {
        let lines = std::mem::take(&mut lock(&self.watched).lines);
        lines.iter().for_each(|line| exam.tell(&Event::Asked(line)));
    }

    /// What was seen until now, which is then forgotten.
    pub(super) fn seen(&self) -> Seen {
        std::mem::take(&mut lock(&self.watched).seen)
    }
}

/// What the addresses of the portal's requests begin with: its URL as the requests have it, not as it was written.
fn base(config: &Config) -> String {
    let mut base = Url::parse(config.portal.as_str()).map_or_else(|_| String::new(), String::from);
    // One of a host alone is given a slash, and one that is written with more keeps them.
    if !config.portal.as_str().ends_with('/') && base.ends_with('/') {
        base.pop();
    }
    base
}

fn lock(watched: &Mutex<Watched>) -> MutexGuard<'_, Watched> {
    // Each change of it is whole when the lock is given back.
    watched.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use understudy_provider::{ServerUrl, TokenEndpoint};

    use super::*;

    #[test]
    fn a_portal_s_requests_are_known_however_its_url_is_written() {
        let base = |url: &str| {
            let endpoint = TokenEndpoint::at("http://idp.example/token").unwrap();
            base(&Config::new(ServerUrl::as_is(url).unwrap(), endpoint, "backstage", "secret"))
        };
        assert_eq!(base("HTTP://Portal.Example:80/a/../v1/"), "http://portal.example/v1");
        assert_eq!(base("https://portal.example"), "https://portal.example");
        assert_eq!(base("https://portal.example//"), "https://portal.example/");
    }
}
