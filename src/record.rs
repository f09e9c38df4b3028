//! A live portal as a scenario: all that a service account sees of it, its identity provider's ways, and no secret.
//!
//! [`record`] asks a portal for everything that its contract has to read, replaces in the answers what must not be kept
//! ([`Redaction`]), and makes a scenario of them. A [`Destination`] writes it to a folder, whole or not at all, once
//! [`prove`](Recording::prove) has shown that a sync of it gives the same entities. [`drift()`] tells how a portal has changed
//! since.
//!
//! Nothing here knows the ways of our own mocks: the portal may be any server that speaks the contract, and nothing is ever
//! written to it.
//!
//! ```
//! use understudy::record::{Redaction, record};
//! use understudy::{Scenario, Stage};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let live = Stage::start(Scenario::find("quickstart")?).await?;
//! let config = live.provider_config(&live.issuer()?)?;
//! let recording = record(&config, &Redaction::default()).await?;
//! let proof = recording.prove(&recording.scenario()?).await?;
//! assert_eq!((proof.entities, proof.differences.len()), (5, 0));
//! # Ok(())
//! # }
//! ```

mod answers;
mod drift;
mod email;
mod error;
mod folder;
mod issuer;
mod json;
mod model;
mod proof;
mod redacted;
mod redaction;
mod scan;
mod secrets;
mod shape;
mod tape;
mod tokens;

use std::sync::Arc;

use secrecy::ExposeSecret as _;
use understudy_provider::{Config, HttpClient, TokenSource as _};
use understudy_scenarios::file::{ClientFile, IdentityFile, IssuerFile, ScenarioFile, SpecFile};
use understudy_scenarios::{Scenario, Spec};

use answers::Answers;
use issuer::Issuer;
use model::Model;
use redaction::Redactor;
use secrets::Secrets;
use tape::Tape;
use tokens::Remembering;

pub use drift::{Aspect, Difference, drift};
pub use error::RecordError;
pub use folder::{Destination, Written};
pub use model::Document;
pub use proof::Proof;
pub use redacted::Tally;
pub use redaction::{InvalidReplacement, Redaction, Replaced};
pub use scan::Leak;
pub use shape::Shape;

/// The scenario's file within a recording's folder.
const SCENARIO: &str = "scenario.yaml";
const HEADER: &str = "# Recorded from a live portal by `understudy record`; its documents are in `specs`.\n";
/// The secret of the bundled scenarios' client, which stands in place of the real one.
const STAND_IN: &str = "backstage-dev-secret";
/// What stands there where that is the very secret of the portal that is recorded.
const OTHER_STAND_IN: &str = "recording-dev-secret";

/// A portal as it was recorded, before it is written anywhere.
#[derive(Debug)]
pub struct Recording {
    file: ScenarioFile,
    documents: Vec<Document>,
    notes: Vec<String>,
    tally: Tally,
    redactor: Redactor,
    /// The portal's answers, with everything replaced.
    answers: Answers,
}

/// Records the portal of a configuration. Its state file, its schedule and its profile do not matter.
///
/// # Errors
/// When the portal can't be synced: the sync's own error. When it shows nothing, or changes while it is recorded. When a
/// secret is left where it can't be replaced, and when what the portal shows is no scenario.
pub async fn record(config: &Config, redaction: &Redaction) -> Result<Recording, RecordError> {
    let synced = proof::entities(proof::enriched(config)).await?;
    let http = HttpClient::new(config)?;
    let tokens = Arc::new(Remembering::new(config, http.clone()));
    let answers = Answers::of(config, http.clone(), tokens.clone()).await?;
    let token =
        tokens.token().await.map_err(|error| RecordError::Sync(understudy_provider::SyncError::Token(error)))?;
    let Issuer { file: issuer, urls, mut notes } = Issuer::look(config, &http, &token).await;

    let tape = Tape::play(&answers).await?;
    let played = proof::entities(proof::enriched(&tape.config())).await?;
    if !proof::differences(&synced, &played).is_empty() {
        return Err(RecordError::Changed(config.portal.to_string()));
    }

    let mut secrets = Secrets::default();
    let secret = config.client_secret.expose_secret();
    let is_searchable = secrets.add("the client secret", secret);
    if !is_searchable && !secret.is_empty() {
        notes.push(
            "the client secret is shorter than 8 characters, and such a text may stand anywhere: it was not looked for"
                .to_owned(),
        );
    }
    tokens.each(|token| {
        secrets.add_token(token);
    });
    let mut redactor = Redactor::new(redaction, secrets);
    redactor.add_portal(config.portal.as_str());
    urls.iter().for_each(|url| redactor.add_issuer(url));

    let mut tally = Tally::default();
    let answers = redacted::answers(&answers, &redactor, &mut tally);
    let Model { portal, documents, notes: of_portal } = Model::of(&answers)?;
    notes.extend(of_portal);
    if portal.products.is_empty() {
        return Err(RecordError::Empty { portal: config.portal.to_string() });
    }
    let client = ClientFile {
        secret: Some(if secret == STAND_IN { OTHER_STAND_IN } else { STAND_IN }.into()),
        ..ClientFile::new(redactor.quietly(&config.client_id))
    };
    let identity = IdentityFile {
        issuers: Some(vec![without_names(issuer, &redactor)]),
        clients: Some(vec![client]),
        ..IdentityFile::default()
    };
    let file = ScenarioFile { identity, portal, ..ScenarioFile::default() };
    let recording = Recording { file, documents, notes, tally, redactor, answers };
    let leaks = recording.leaks();
    if leaks.is_empty() { Ok(recording) } else { Err(RecordError::Leak(leaks)) }
}

/// The issuer with everything replaced that is to be.
fn without_names(issuer: IssuerFile, redactor: &Redactor) -> IssuerFile {
    let one = |text: Option<String>| text.map(|text| redactor.quietly(&text));
    let all = |texts: Option<Vec<String>>| texts.map(|texts| texts.iter().map(|text| redactor.quietly(text)).collect());
    IssuerFile {
        server: one(issuer.server),
        realm: one(issuer.realm),
        path: one(issuer.path),
        audience: one(issuer.audience),
        scopes: all(issuer.scopes),
        default_scopes: all(issuer.default_scopes),
        ..issuer
    }
}

impl Recording {
    /// The scenario's file, which names the documents by their paths.
    #[must_use]
    pub fn file(&self) -> &ScenarioFile {
        &self.file
    }

    /// The documents, each with its path beside the scenario's file.
    #[must_use]
    pub fn documents(&self) -> &[Document] {
        &self.documents
    }

    /// What a scenario has no room for, and what else there is to know of the recording.
    #[must_use]
    pub fn notes(&self) -> &[String] {
        &self.notes
    }

    /// What was replaced.
    #[must_use]
    pub fn tally(&self) -> &Tally {
        &self.tally
    }

    /// The files of the recording, the scenario's first, each by its path and with its text. From equal answers they are
    /// equal, byte for byte.
    #[must_use]
    pub fn files(&self) -> Vec<(&str, String)> {
        let scenario = format!("{HEADER}{}", self.file.to_yaml());
        let documents = self.documents.iter().map(|document| (document.path.as_str(), document.text.clone()));
        [(SCENARIO, scenario)].into_iter().chain(documents).collect()
    }

    /// The secrets that are left in the files: none in a recording that [`record`] gave.
    #[must_use]
    pub fn leaks(&self) -> Vec<Leak> {
        let files = self.files();
        files.iter().flat_map(|(path, text)| scan::file(path, text, &self.redactor.secrets)).collect()
    }

    /// The recording as a scenario with its documents within.
    ///
    /// # Errors
    /// When it is none: what the portal shows can't be said in one.
    pub fn scenario(&self) -> Result<Scenario, RecordError> {
        let mut file = self.file.clone();
        let mut documents = self.documents.iter();
        for version in file.portal.products.iter_mut().flat_map(|product| &mut product.versions) {
            if let Some(SpecFile::Path(_)) = version.spec {
                let document = documents.next().expect("each version that names a document has one, in the same order");
                let spec = Spec::from_json(&document.text)
                    .or_else(|_| understudy_scenarios::read_text(&document.path, &document.text));
                version.spec = Some(SpecFile::Inline(spec.map_err(RecordError::Scenario)?));
            }
        }
        Scenario::from_file("recording", file).map_err(RecordError::Scenario)
    }

    /// Plays a scenario, which should be this recording's, and compares what a sync of it gives with what a sync of the
    /// portal's own answers gives: by the plugin's profile, and by the enriched one, which shows all that a portal tells.
    ///
    /// # Errors
    /// When it can't be played, or not be synced.
    pub async fn prove(&self, scenario: &Scenario) -> Result<Proof, RecordError> {
        proof::prove(&self.answers, scenario).await
    }
}
