//! One examination under way: what it is told, what it has found, and how it asks.

use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use http::header::{ACCEPT, AUTHORIZATION, HeaderMap, HeaderValue};
use http::{Method, Response};
use secrecy::{ExposeSecret as _, SecretString};
use understudy_provider::{
    Clock, Config, ConfigError, ConnectionFailure, FailureKind, HttpClient, HttpError, Retries, ServerUrl, ShownUrl,
    TokenEndpoint,
};
use url::Url;

use super::catalogue::{Check, Part};
use super::configuration::Names;
use super::facts::Facts;
use super::finding::{Finding, Status, View};
use super::plan::{Against, LogSource, Observer, Plan, Source, Variables};
use super::report::Report;
use super::selection::Selection;

/// Something that happens during an examination.
#[derive(Debug)]
#[non_exhaustive]
pub enum Event<'e> {
    /// A part begins.
    Began(Part),
    /// A request was answered, or was not: a line without what is secret.
    Asked(&'e str),
    /// A check that is wanted has ended.
    Found(&'e Finding),
}

/// One examination under way.
pub(super) struct Examination {
    /// Where the configuration is told.
    pub(super) source: Source,
    /// The configuration; none until its part has been gone through, and where it is not whole.
    pub(super) config: Option<Config>,
    /// The same, or one that is good enough to ask whatever servers are named: its client may be missing.
    pub(super) asking: Option<Config>,
    /// The portal, where that is named, whatever else is missing.
    pub(super) portal: Option<ServerUrl>,
    /// Where tokens come from, where that is named, whatever else is missing.
    pub(super) token_endpoint: Option<TokenEndpoint>,
    /// The issuer, where that is named, also where the token endpoint is and wins over it.
    pub(super) issuer: Option<String>,
    /// What the configuration's values are called where they are set, for remedies.
    pub(super) names: Names,
    /// Whether the plugin is told to log more.
    pub(super) debug_logging: bool,
    pub(super) backstage: Option<Url>,
    pub(super) log: Option<LogSource>,
    pub(super) against: Option<Against>,
    pub(super) facts: Facts,
    pub(super) clock: Arc<dyn Clock>,
    selection: Selection,
    variables: Variables,
    observer: Option<Observer>,
    http: Option<HttpClient>,
    /// All findings, those that are not wanted too: other checks stand on them.
    findings: Vec<Finding>,
    /// What is never to be told, whatever it was found in.
    secrets: Vec<SecretString>,
    began: Instant,
    last: Instant,
}

/// What a check that found something may say beside it.
#[derive(Default)]
pub(super) struct Beside {
    pub(super) view: Option<View>,
    pub(super) asked: Option<String>,
    pub(super) remedy: Option<String>,
    pub(super) kind: Option<FailureKind>,
}

impl Examination {
    pub(super) fn new(plan: Plan) -> Self {
        let Plan { source, backstage, log, against, selection, clock, variables, observer } = plan;
        Self {
            source,
            config: None,
            asking: None,
            portal: None,
            token_endpoint: None,
            issuer: None,
            names: Names::default(),
            debug_logging: false,
            backstage,
            log,
            against,
            facts: Facts::default(),
            clock,
            selection,
            variables,
            observer,
            http: None,
            findings: Vec::new(),
            secrets: Vec::new(),
            began: Instant::now(),
            last: Instant::now(),
        }
    }

    /// A variable of the environment; none where it is not set, or empty.
    pub(super) fn variable(&self, name: &str) -> Option<String> {
        (self.variables)(name).filter(|value| !value.is_empty())
    }

    /// The environment, for who reads more of it.
    pub(super) fn variables(&self) -> Variables {
        Arc::clone(&self.variables)
    }

    pub(super) fn now(&self) -> SystemTime {
        self.clock.now()
    }

    /// Whether the check is to be made: it is wanted, or one that is wanted stands on it.
    pub(super) fn wants(&self, check: &Check) -> bool {
        self.selection.runs(check)
    }

    /// Whether the part is to be gone through.
    pub(super) fn begin(&mut self, part: Part) -> bool {
        let has_object = match part {
            Part::Backstage => self.backstage.is_some(),
            Part::Log => self.log.is_some(),
            Part::Drift => self.against.is_some() && !matches!(self.source, Source::None),
            // What it should hold is known from the portal.
            _ => !matches!(self.source, Source::None),
        };
        let is_wanted = part.checks().iter().any(|check| self.wants(check));
        self.last = Instant::now();
        if part == Part::Configuration && has_object && !is_wanted {
            // Whatever is looked at, it is known from there.
            return true;
        }
        if !has_object || !is_wanted {
            return false;
        }
        self.tell(&Event::Began(part));
        // Nothing can be asked of servers that nobody names.
        let can_ask = match part {
            Part::Configuration | Part::Backstage | Part::Log => true,
            Part::Network => self.portal.is_some() || self.token_endpoint.is_some(),
            Part::Issuer => self.token_endpoint.is_some(),
            _ => self.config.is_some(),
        };
        if !can_ask {
            let wanted: Vec<_> = part.checks().iter().filter(|check| self.wants(check)).collect();
            for check in wanted {
                self.skip(check, "the configuration is not whole, so that there is nothing to ask by");
            }
            return false;
        }
        true
    }

    /// Makes sure that each wanted check of the part that was gone through has ended.
    pub(super) fn end(&mut self, part: Part) {
        let silent = part.checks().iter().filter(|check| self.wants(check) && self.status(check).is_none());
        for check in silent.copied().collect::<Vec<_>>() {
            match check.needs.iter().find_map(|need| Check::find(need).filter(|need| !self.holds(need))) {
                Some(need) => self.missing(check, need),
                None => self.skip(check, "there was nothing to look at"),
            }
        }
    }

    pub(super) fn pass(&mut self, check: &'static Check, message: impl Into<String>) {
        self.found(check, Status::Pass, message, Beside::default());
    }

    pub(super) fn warn(&mut self, check: &'static Check, message: impl Into<String>, remedy: impl Into<String>) {
        self.found(check, Status::Warn, message, Beside { remedy: Some(remedy.into()), ..Beside::default() });
    }

    pub(super) fn fail(&mut self, check: &'static Check, message: impl Into<String>, remedy: impl Into<String>) {
        self.found(check, Status::Fail, message, Beside { remedy: Some(remedy.into()), ..Beside::default() });
    }

    /// A failure since a request got no whole answer.
    pub(super) fn no_answer(&mut self, check: &'static Check, error: &AskError, remedy: impl Into<String>) {
        let kind = match error {
            AskError::Config(_) => FailureKind::Configuration,
            AskError::Http(HttpError::Connection(error)) if error.failure() == ConnectionFailure::Setup => {
                FailureKind::Configuration
            }
            AskError::Http(HttpError::Connection(_)) => FailureKind::Unreachable,
            AskError::Http(_) | AskError::Token => FailureKind::Invalid,
        };
        // What is wrong with the way is told where the way was looked at.
        let is_broken = |finding: &&Finding| finding.check.part == Part::Network && finding.status == Status::Fail;
        let broken = self.findings.iter().find(is_broken).filter(|_| kind == FailureKind::Unreachable);
        let remedy = match broken {
            Some(broken) => format!("The way there is broken: what `{}` says to do comes first.", broken.check.id),
            None => remedy.into(),
        };
        let beside = Beside { remedy: Some(remedy), kind: Some(kind), ..Beside::default() };
        self.found(check, Status::Fail, error.to_string(), beside);
    }

    pub(super) fn skip(&mut self, check: &'static Check, why: impl Into<String>) {
        self.found(check, Status::Skip, why, Beside::default());
    }

    /// A skip since another check did not give what this one stands on.
    pub(super) fn missing(&mut self, check: &'static Check, giver: &'static Check) {
        let ended = match self.status(giver) {
            Some(Status::Fail) => "which failed",
            Some(Status::Skip) => "which was not made",
            _ => "which did not give it",
        };
        self.skip(check, format!("it needs what `{}` finds, {ended}", giver.id));
    }

    /// Takes down what a check found. A check may find several things.
    pub(super) fn found(&mut self, check: &'static Check, status: Status, message: impl Into<String>, beside: Beside) {
        let Beside { view, asked, remedy, kind } = beside;
        let kind = (status == Status::Fail).then(|| kind.unwrap_or_else(|| usual_kind(check.part)));
        let now = Instant::now();
        let finding = Finding {
            check,
            status,
            view,
            asked: asked.map(|asked| self.without_secrets(asked)),
            message: self.without_secrets(message.into()),
            remedy: remedy.map(|remedy| self.without_secrets(remedy)),
            kind,
            elapsed: now - self.last,
        };
        self.last = now;
        if self.selection.has(check) {
            self.tell(&Event::Found(&finding));
        }
        self.findings.push(finding);
    }

    /// How a check ended: the worst of what it found; none where it has found nothing yet.
    pub(super) fn status(&self, check: &Check) -> Option<Status> {
        let found = self.findings.iter().filter(|finding| finding.check.id == check.id).map(|finding| finding.status);
        found.max_by_key(|status| match status {
            Status::Skip => 0,
            Status::Pass => 1,
            Status::Warn => 2,
            Status::Fail => 3,
        })
    }

    /// Whether a check has passed, or only warned.
    pub(super) fn holds(&self, check: &Check) -> bool {
        matches!(self.status(check), Some(Status::Pass | Status::Warn))
    }

    /// Has a text never be told from now on, whatever it is found in.
    pub(super) fn keep_secret(&mut self, secret: &SecretString) {
        // One of a few characters would blot out every sentence, and keeps nothing from anybody.
        if secret.expose_secret().len() >= 6 {
            self.secrets.push(secret.clone());
        }
    }

    fn without_secrets(&self, text: String) -> String {
        self.secrets.iter().fold(text, |text, secret| text.replace(secret.expose_secret(), "…"))
    }

    /// The client that everything is asked by: as the provider's, but that nothing is asked twice.
    ///
    /// # Errors
    /// When the configuration's roots can't be used.
    pub(super) fn http(&mut self) -> Result<HttpClient, ConfigError> {
        if let Some(http) = &self.http {
            return Ok(http.clone());
        }
        let http = match &self.asking {
            Some(config) => {
                let mut config = config.clone();
                config.retries = Retries::none();
                config.request_timeout = config.request_timeout.min(LONGEST);
                HttpClient::new(&config)?
            }
            None => HttpClient::with_limits(LONGEST, MOST),
        };
        self.http = Some(http.clone());
        Ok(http)
    }

    /// Gets what is at a URL, with a bearer token where there is one. Any status is an answer.
    ///
    /// # Errors
    /// When the server can't be reached, breaks off, or answers too much.
    pub(super) async fn get(
        &mut self,
        url: &Url,
        bearer: Option<&SecretString>,
    ) -> Result<Response<Vec<u8>>, AskError> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(token) = bearer {
            let header = HeaderValue::try_from(format!("Bearer {}", token.expose_secret()));
            let mut header = header.map_err(|_| AskError::Token)?;
            header.set_sensitive(true);
            headers.insert(AUTHORIZATION, header);
        }
        self.ask(Method::GET, url, headers, Vec::new()).await
    }

    /// Sends a request and takes down a line about it. Any status is an answer.
    ///
    /// # Errors
    /// When the server can't be reached, breaks off, or answers too much.
    pub(super) async fn ask(
        &mut self,
        method: Method,
        url: &Url,
        headers: HeaderMap,
        body: Vec<u8>,
    ) -> Result<Response<Vec<u8>>, AskError> {
        let http = self.http()?;
        let asked = asked(&method, url);
        let began = Instant::now();
        let answer = http.send(method, url.clone(), headers, body).await;
        let took = began.elapsed().as_millis();
        let came = match &answer {
            Ok(answer) => format!("{}, {} bytes", answer.status().as_u16(), answer.body().len()),
            Err(error) => format!("no answer: {error}"),
        };
        let line = self.without_secrets(format!("{asked} {came}, {took} ms"));
        self.tell(&Event::Asked(&line));
        Ok(answer?)
    }

    pub(super) fn tell(&self, event: &Event<'_>) {
        if let Some(observer) = &self.observer {
            observer(event);
        }
    }

    pub(super) fn finish(self) -> Report {
        let is_idle = |finding: &Finding| finding.status == Status::Skip || !self.selection.has(finding.check);
        // Where nothing could be looked at for what the configuration lacks, that is what there is to tell.
        let lacks = self.findings.iter().all(is_idle);
        let is_told = |finding: &Finding| {
            self.selection.has(finding.check)
                || (lacks && finding.check.part == Part::Configuration && finding.status == Status::Fail)
        };
        let told = self.findings.iter().filter(|finding| is_told(finding)).cloned().collect();
        Report::new(told, self.began.elapsed())
    }
}

/// How long a request may take: an answer that takes longer is none to wait for in front of a terminal.
const LONGEST: Duration = Duration::from_secs(15);
/// How many bytes an answer may have.
const MOST: u64 = 100_000_000;

/// `GET https://…`: a request in a few words, without what is secret.
pub(super) fn asked(method: &Method, url: &Url) -> String {
    format!("{method} {}", ShownUrl::of(url))
}

/// What a failure of a part usually is.
fn usual_kind(part: Part) -> FailureKind {
    match part {
        Part::Configuration => FailureKind::Configuration,
        Part::Network => FailureKind::Unreachable,
        _ => FailureKind::Refused,
    }
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum AskError {
    /// The client could not be made.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The server did not give a whole answer.
    #[error(transparent)]
    Http(#[from] HttpError),
    /// The token has characters that no header can hold.
    #[error("the token has characters that no header can hold")]
    Token,
}
