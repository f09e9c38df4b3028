//! A portal recorded and played again: the same entities, no secret, the same bytes every time.

#![allow(clippy::unwrap_used, reason = "tests may unwrap, and so may what they share")]

mod any_world;
mod content;
mod drifting;
mod folders;
mod others;
mod secrets;

use understudy::provider::Config;
use understudy::record::{RecordError, Recording, Redaction, record};
use understudy::scenarios::file::{ClientFile, FaceFile, IdentityFile, IssuerFile, ScenarioFile};
use understudy::{Scenario, Stage};

/// The secret of the live portal's client; no recording may hold it.
pub(crate) const SECRET: &str = "marker+secret/of the-client";

/// A live portal and identity provider, which stands for any: its client has a secret of its own.
pub(crate) struct Live {
    pub(crate) stage: Stage,
}

impl Live {
    /// One of the bundled scenarios, with an issuer of this face.
    pub(crate) async fn bundled(name: &str, issuer: IssuerFile) -> Self {
        Self::of(Scenario::find(name).unwrap(), issuer).await
    }

    /// The portal of a scenario, with an issuer of this face.
    pub(crate) async fn of(scenario: Scenario, issuer: IssuerFile) -> Self {
        let identity = IdentityFile {
            issuers: Some(vec![issuer]),
            clients: Some(vec![ClientFile { secret: Some(SECRET.into()), ..ClientFile::new("portal-sync") }]),
            ..IdentityFile::default()
        };
        let identity = Scenario::from_file("identity", ScenarioFile { identity, ..ScenarioFile::default() }).unwrap();
        let stage = Stage::start(scenario).await.unwrap();
        stage.world().edit(|before| {
            let mut world = before.clone();
            world.identity = identity.world().identity.clone();
            world.portal.access = identity.world().portal.access.clone();
            world
        });
        Self { stage }
    }

    pub(crate) async fn quickstart() -> Self {
        Self::bundled("quickstart", okta()).await
    }

    /// The portal that a text describes.
    pub(crate) async fn showing(portal: &str) -> Self {
        Self::of(Scenario::from_yaml("live", &format!("portal:\n{portal}")).unwrap(), okta()).await
    }

    pub(crate) fn config(&self) -> Config {
        self.stage.provider_config(&self.stage.issuer().unwrap()).unwrap()
    }

    pub(crate) async fn try_record(&self, redaction: &Redaction) -> Result<Recording, RecordError> {
        record(&self.config(), redaction).await
    }

    pub(crate) async fn record(&self) -> Recording {
        self.try_record(&Redaction::default()).await.unwrap()
    }
}

pub(crate) fn okta() -> IssuerFile {
    IssuerFile::new(FaceFile::Okta)
}

pub(crate) fn keycloak() -> IssuerFile {
    IssuerFile::new(FaceFile::Keycloak)
}

/// Everything that a recording would write, one after the other.
pub(crate) fn written(recording: &Recording) -> String {
    recording.files().iter().map(|(path, text)| format!("== {path}\n{text}\n")).collect()
}

/// Plays a recording, and panics where a sync of it gives anything else.
pub(crate) async fn assert_proven(recording: &Recording) -> usize {
    let proof = recording.prove(&recording.scenario().unwrap()).await.unwrap();
    assert_eq!(proof.differences, [""; 0], "{}", written(recording));
    proof.entities
}
