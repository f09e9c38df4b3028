//! The names of subjects on a command line, and what it may say of them beside.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use secrecy::SecretString;
use url::Url;

use super::Subject;

/// A command that is a subject: `exec:CMD`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CommandLine {
    pub(super) command: String,
    pub(super) keep: bool,
}

/// A subject at an address of its own, which is configured for a stage at fixed ports and syncs by itself.
#[derive(Clone, Debug)]
pub struct Addressed {
    pub(super) url: Url,
    pub(super) setup: Setup,
    /// What is learnt of it in one scenario, and holds for those after it.
    pub(super) learnt: Arc<Learnt>,
}

#[derive(Debug, Default)]
pub(super) struct Learnt {
    /// How often it syncs.
    pub(super) every: OnceLock<Duration>,
    /// The app-config that it must hold: the first scenario's.
    pub(super) app_config: OnceLock<String>,
    /// A scenario has been played against it.
    pub(super) has_played: OnceLock<()>,
}

/// What is said of a subject beside its name.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Of a command: whether it is kept between syncs.
    pub keep: bool,
    /// Of one at an address: the portal's port in its configuration.
    pub portal_port: u16,
    /// Of one at an address: the identity provider's port in its configuration.
    pub idp_port: u16,
    /// Of one at an address: how often it syncs; measured by default.
    pub sync_every: Option<Duration>,
    /// Of one at an address: the command that starts it anew.
    pub restart: Option<String>,
    /// Of a Backstage: what its REST API wants as a bearer token.
    pub token: Option<SecretString>,
}

impl Default for Setup {
    fn default() -> Self {
        Self { keep: false, portal_port: 31080, idp_port: 31090, sync_every: None, restart: None, token: None }
    }
}

impl Subject {
    /// The subject that a command line names: `provider`, `exec:CMD`, `backstage:URL` or `http:URL`.
    ///
    /// # Errors
    /// When there is no such kind of subject: the text says which there are.
    pub fn named(name: &str) -> Result<Self, UnknownSubject> {
        let unknown = |problem: UnknownSubject| Err(problem);
        match name.split_once(':') {
            None if name == "provider" => Ok(Self::Provider),
            Some(("exec", command)) if command.trim().is_empty() => unknown(UnknownSubject::NoCommand),
            Some(("exec", command)) => Ok(Self::Exec(CommandLine { command: command.trim().to_owned(), keep: false })),
            Some(("backstage", url)) => Ok(Self::Backstage(addressed(url)?)),
            // A URL by itself is one too.
            Some(("http", rest)) if rest.starts_with("//") => Ok(Self::Http(addressed(name)?)),
            Some(("https", _)) => Ok(Self::Http(addressed(name)?)),
            Some(("http", url)) => Ok(Self::Http(addressed(url)?)),
            _ => unknown(UnknownSubject::Kind(name.to_owned())),
        }
    }

    /// With what is said of it beside its name.
    ///
    /// # Errors
    /// When it is said of a subject of another kind.
    pub fn with(self, setup: Setup) -> Result<Self, UnknownSubject> {
        let kept = |keep: bool| if keep { Err(UnknownSubject::Misfit("--keep", "exec:CMD")) } else { Ok(()) };
        match self {
            Self::Backstage(backstage) => kept(setup.keep).map(|()| Self::Backstage(Addressed { setup, ..backstage })),
            Self::Http(http) => kept(setup.keep).map(|()| Self::Http(Addressed { setup, ..http })),
            _ if setup.sync_every.is_some() => Err(UnknownSubject::Misfit("--sync-every", "backstage:URL or http:URL")),
            _ if setup.restart.is_some() => Err(UnknownSubject::Misfit("--restart", "backstage:URL or http:URL")),
            Self::Exec(exec) => Ok(Self::Exec(CommandLine { keep: setup.keep, ..exec })),
            subject => kept(setup.keep).map(|()| subject),
        }
    }
}

fn addressed(text: &str) -> Result<Addressed, UnknownSubject> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    let url = url.ok_or_else(|| UnknownSubject::Url(text.to_owned()))?;
    Ok(Addressed { url, setup: Setup::default(), learnt: Arc::default() })
}

/// As the command line names it.
impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Provider => formatter.write_str("provider"),
            Self::Own(own) => formatter.write_str(own.name()),
            Self::Exec(exec) => write!(formatter, "exec:{}", exec.command),
            Self::Backstage(backstage) => write!(formatter, "backstage:{}", shown(&backstage.url)),
            Self::Http(http) => write!(formatter, "http:{}", shown(&http.url)),
        }
    }
}

fn shown(url: &Url) -> understudy_provider::ShownUrl {
    understudy_provider::ShownUrl::of(url)
}

/// What names no subject, or does not go with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum UnknownSubject {
    /// There is no such kind.
    #[error(
        "there is no subject `{0}`; it is `provider`, which is understudy's own, `exec:CMD`, `backstage:URL` or `http:URL`"
    )]
    Kind(String),
    /// There is nothing to run.
    #[error("`exec:` wants a command after it, such as `exec:node drive-provider.mjs ./dist/index.cjs.js`")]
    NoCommand,
    /// What should be a URL is none.
    #[error("`{0}` is no URL; a subject's looks like http://localhost:7007")]
    Url(String),
    /// An option is of another kind of subject.
    #[error("{0} is about a subject `{1}`")]
    Misfit(&'static str, &'static str),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_is_shown_as_it_was_named() {
        for name in ["provider", "exec:node a.mjs ./b#C", "backstage:http://localhost:7007/", "http:http://h/a.yaml"] {
            assert_eq!(Subject::named(name).unwrap().to_string(), name);
        }
        assert_eq!(Subject::named("https://h/a.yaml").unwrap().to_string(), "http:https://h/a.yaml");
    }

    #[test]
    fn what_is_no_subject_is_told_what_is_one() {
        let told = |name| Subject::named(name).unwrap_err().to_string();
        insta::assert_snapshot!(told("plugin"), @"there is no subject `plugin`; it is `provider`, which is understudy's own, `exec:CMD`, `backstage:URL` or `http:URL`");
        insta::assert_snapshot!(told("exec: "), @"`exec:` wants a command after it, such as `exec:node drive-provider.mjs ./dist/index.cjs.js`");
        insta::assert_snapshot!(told("backstage:localhost:7007"), @"`localhost:7007` is no URL; a subject's looks like http://localhost:7007");
    }

    #[test]
    fn an_option_of_another_kind_of_subject_is_refused() {
        let with = |name, setup| Subject::named(name).unwrap().with(setup).unwrap_err().to_string();
        let keep = || Setup { keep: true, ..Setup::default() };
        let restart = || Setup { restart: Some("true".to_owned()), ..Setup::default() };
        assert_eq!(with("provider", keep()), "--keep is about a subject `exec:CMD`");
        assert_eq!(with("http:http://h/a.yaml", keep()), "--keep is about a subject `exec:CMD`");
        assert_eq!(with("exec:a", restart()), "--restart is about a subject `backstage:URL or http:URL`");
        assert!(Subject::named("backstage:http://h").unwrap().with(restart()).is_ok());
    }
}
