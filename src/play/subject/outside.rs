//! A subject outside this process, started for one scenario: what it is told of the stage, and what of it can be seen.

use std::fs;
use std::io::Write as _;
use std::path::Path;
use std::time::Duration;

use tempfile::TempDir;
use understudy_scenarios::{ErrorWish, Expect};

use super::address::Watched;
use super::backstage::Backstage;
use super::exec::Exec;
use super::http::Http;
use super::leaks::Secrets;
use super::named::{Addressed, CommandLine};
use super::{Limits, SubjectError, Surroundings, SyncOutcome};
use crate::Stage;
use crate::play::ground::Ground;

/// How long a subject at an address may take to its first request, once it is told what its configuration must be.
const PATIENCE: Duration = Duration::from_secs(120);

/// A subject outside this process.
pub(in crate::play) struct Outside(Kind);

enum Kind {
    Exec {
        exec: Box<Exec>,
        /// Holds the app-config.
        _folder: TempDir,
    },
    Http(Box<Http>),
    Backstage(Box<Backstage>),
}

impl Outside {
    pub(super) fn exec(line: &CommandLine, ground: &Ground, limits: Limits) -> Result<Self, SubjectError> {
        let cant = |source| SubjectError::Start { command: line.command.clone(), source };
        let folder = tempfile::Builder::new().prefix("understudy-").tempdir().map_err(cant)?;
        let app_config = folder.path().join("app-config.yaml");
        write(&app_config, &ground.app_config()?.to_string()).map_err(cant)?;
        let variables = ground.variables()?;
        let secrets = Secrets::of(&ground.clients());
        let surroundings = Surroundings { variables, app_config, timeout: limits.sync };
        let exec = Box::new(Exec::new(line.command.clone(), line.keep, surroundings, secrets));
        Ok(Self(Kind::Exec { exec, _folder: folder }))
    }

    pub(super) async fn http(at: &Addressed, stage: &Stage, limits: Limits) -> Result<Self, SubjectError> {
        at.fits(stage)?;
        let mut http = Http::new(at.url.clone(), at.watched(stage, limits), at.setup.restart.clone());
        if at.is_used() {
            http.restart().await?;
        }
        Ok(Self(Kind::Http(Box::new(http))))
    }

    pub(super) async fn backstage(at: &Addressed, stage: &Stage, limits: Limits) -> Result<Self, SubjectError> {
        at.fits(stage)?;
        let (token, restart) = (at.setup.token.clone(), at.setup.restart.clone());
        let backstage = Backstage::new(at.url.clone(), token, at.watched(stage, limits), restart);
        if at.is_used() {
            backstage.renew().await?;
        }
        Ok(Self(Kind::Backstage(Box::new(backstage))))
    }

    pub(super) async fn sync(&mut self) -> Result<SyncOutcome, SubjectError> {
        match &mut self.0 {
            Kind::Exec { exec, .. } => exec.sync().await,
            Kind::Http(http) => http.sync().await,
            Kind::Backstage(backstage) => backstage.sync().await,
        }
    }

    pub(super) async fn restart(&mut self) -> Result<(), SubjectError> {
        match &mut self.0 {
            Kind::Exec { exec, .. } => exec.restart().await,
            Kind::Http(http) => http.restart().await,
            Kind::Backstage(backstage) => backstage.restart().await,
        }
    }

    pub(super) fn log(&self) -> String {
        match &self.0 {
            Kind::Exec { exec, .. } => exec.log(),
            Kind::Http(_) | Kind::Backstage(_) => String::new(),
        }
    }

    pub(super) fn leaks(&self) -> Vec<String> {
        match &self.0 {
            Kind::Exec { exec, .. } => exec.leaks(),
            Kind::Http(_) | Kind::Backstage(_) => Vec::new(),
        }
    }

    /// What can be judged of an expectation. A subject that syncs by itself tells its errors elsewhere, so that only those
    /// that show from outside are known, and how much it asks depends on how long it is watched.
    pub(super) fn judgeable(&self, expect: &Expect) -> Expect {
        match &self.0 {
            Kind::Exec { .. } => expect.clone(),
            Kind::Http(_) | Kind::Backstage(_) => {
                let error = expect.error.filter(|wish| *wish == ErrorWish::None);
                Expect { error, requests: Vec::new(), ..expect.clone() }
            }
        }
    }
}

impl Addressed {
    /// Waits until the subject, which is told the stage's app-config, has asked the stage for its list of APIs.
    pub(super) async fn meet(&self, stage: &Stage, limits: Limits) -> Result<(), SubjectError> {
        self.fits(stage)?;
        self.watched(stage, limits).first_requests(PATIENCE).await
    }

    /// Whether the stage is one that the subject's configuration, which is the first scenario's, leads to.
    fn fits(&self, stage: &Stage) -> Result<(), SubjectError> {
        let app_config = stage.app_config()?.to_string();
        if *self.learnt.app_config.get_or_init(|| app_config.clone()) == app_config {
            return Ok(());
        }
        let reason = "the subject's configuration is for another client or issuer: this scenario needs one of its own";
        Err(SubjectError::Misfit(reason.to_owned()))
    }

    /// Whether another scenario was played against it, which it may remember, and it can be started anew to forget.
    fn is_used(&self) -> bool {
        let is_first = self.learnt.has_played.set(()).is_ok();
        !is_first && self.setup.restart.is_some()
    }

    fn watched(&self, stage: &Stage, limits: Limits) -> Watched {
        Watched {
            controls: stage.controls().clone(),
            portal_url: stage.portal_url().to_owned(),
            learnt: std::sync::Arc::clone(&self.learnt),
            sync_every: self.setup.sync_every,
            timeout: limits.sync,
        }
    }
}

/// Writes a file that holds a secret: for this user's eyes only, where the system knows how.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}

#[cfg(test)]
mod tests {
    use understudy_scenarios::Scenario;

    use super::*;
    use crate::play::{Options, Setup, Subject};

    async fn started(scenario: &str) -> Stage {
        Stage::start(Scenario::from_yaml("test", scenario).unwrap()).await.unwrap()
    }

    #[tokio::test]
    async fn a_command_finds_the_app_config_where_it_is_told() {
        let scenario = Scenario::from_yaml("test", "{}").unwrap();
        let ground = Ground::start(&scenario, &Subject::Provider, &Options::default(), false).await.unwrap();
        let line = CommandLine {
            command:
                r#"printf '{"error": "%s"}' "$(grep -c "tokenEndpoint: $TOKEN_ENDPOINT" "$UNDERSTUDY_APP_CONFIG")""#
                    .to_owned(),
            keep: false,
        };
        let mut outside = Outside::exec(&line, &ground, Limits::default()).unwrap();
        if cfg!(unix) {
            assert_eq!(outside.sync().await.unwrap(), SyncOutcome::failed("1"));
        }
    }

    #[tokio::test]
    async fn a_subject_that_is_configured_for_another_client_is_no_fit() {
        let (first, other) = (started("{}").await, started("identity: {clients: [{id: a, secret: b-c-d-e}]}").await);
        let Subject::Http(at) = Subject::named("http:http://localhost:1/a.yaml").unwrap() else { panic!("no http") };
        Outside::http(&at, &first, Limits::default()).await.unwrap();
        let error = Outside::http(&at, &other, Limits::default()).await.err().unwrap();
        assert!(matches!(error, SubjectError::Misfit(_)));
    }

    #[tokio::test]
    async fn a_subject_that_is_used_is_started_anew() {
        let stage = started("{}").await;
        let setup = Setup { restart: Some("exit 7".to_owned()), ..Setup::default() };
        let subject = Subject::named("http:http://localhost:1/a.yaml").unwrap().with(setup).unwrap();
        let Subject::Http(at) = subject else { panic!("no http") };
        Outside::http(&at, &stage, Limits::default()).await.unwrap();
        let error = Outside::http(&at, &stage, Limits::default()).await.err().unwrap();
        assert!(error.to_string().starts_with("`exit 7`"), "{error}");
    }
}
