//! Whole syncs over TLS.

use understudy::GATEWAY;
use understudy::play::report::Outcome;
use understudy::play::{Options, Subject, play};
use understudy::provider::{Config, Provider};
use understudy::scenarios::{Scenario, Server};
use understudy::{Stage, tls::LocalAuthority};

use crate::client::{fault, stage};

#[tokio::test]
async fn a_sync_over_tls_gives_what_a_plain_one_gives_for_both_families() {
    for scenario in ["quickstart", "gloo-mesh-flat", "gloo-gateway"] {
        let (secure, plain) = (stage(scenario).await, Stage::start(Scenario::find(scenario).unwrap()).await.unwrap());
        for issuer in secure.issuers() {
            assert!(issuer.issuer.starts_with("https://localhost:") && issuer.jwks_uri.starts_with("https://"));
        }
        let ours = secure.provider().unwrap().sync().await.unwrap().mutation;
        let theirs = plain.provider().unwrap().sync().await.unwrap().mutation;
        let entities =
            |stage: &Stage, mutation| serde_json::to_string(&mutation).unwrap().replace(stage.portal_url(), "portal");
        assert_eq!(entities(&secure, ours), entities(&plain, theirs), "{scenario}");
        // The portal fetched the keys over TLS: its port speaks nothing else.
        let keys = secure.journal().exchanges().into_iter().find(|e| e.note.caller.as_deref() == Some(GATEWAY));
        assert_eq!(keys.unwrap().status.unwrap(), 200, "{scenario}");
    }
}

#[tokio::test]
async fn the_variables_are_enough_for_a_provider_that_is_told_by_them() {
    let stage = stage("quickstart").await;
    let variables = stage.variables().unwrap();
    let var = |name: &str| variables.iter().find(|(of, _)| *of == name).map(|(_, value)| value.clone());
    assert_eq!(var("CA_FILE"), var("NODE_EXTRA_CA_CERTS"));
    let config = Config::from_vars(var).unwrap();
    assert_eq!(Provider::new(config).unwrap().sync().await.unwrap().mutation.entities().count(), 5);
    let untrusting = Config::from_vars(|name| if name == "CA_FILE" { None } else { var(name) }).unwrap();
    let error = Provider::new(untrusting).unwrap().sync().await.unwrap_err().to_string();
    assert!(error.contains("UnknownIssuer") || error.contains("certificate"), "{error}");
}

#[tokio::test]
async fn a_sync_that_meets_a_wrong_certificate_says_so_and_the_next_one_is_well() {
    let stage = stage("quickstart").await;
    let provider = stage.provider().unwrap();
    provider.sync().await.unwrap();
    let spoilt = stage.fault(fault("{server: portal, does: {tls: expired}}")).unwrap();
    assert!(!provider.sync().await.unwrap().is_whole());
    // By then no connection is left from before.
    let told = provider.sync().await.unwrap().notices[0].to_string();
    assert!(told.contains("xpired"), "{told}");
    drop(spoilt);
    assert!(provider.sync().await.unwrap().is_whole());
}

#[tokio::test]
async fn the_portal_turns_tokens_away_while_it_cannot_trust_the_issuers_certificate() {
    let stage = stage("quickstart").await;
    let _spoilt = stage.fault(fault("{server: idp, does: {tls: unknown-ca}, when: {nth: 2}}")).unwrap();
    // The first handshake is the provider's, for its token; the second the portal's, for the keys.
    stage.provider().unwrap().sync().await.expect("the provider asks again, with another token");
    let refused = stage.journal().exchanges().into_iter().find(|exchange| exchange.server == Server::Portal).unwrap();
    assert!(refused.status.unwrap().as_u16() >= 400 && refused.note.refusal.is_some());
}

#[tokio::test]
async fn the_file_of_an_authority_in_memory_goes_with_its_stage_and_a_kept_one_stays() {
    let stage = stage("quickstart").await;
    let path = stage.ca_file().unwrap().to_owned();
    assert!(path.exists());
    drop(stage);
    assert!(!path.exists());

    let folder = tempfile::tempdir().unwrap();
    let authority = LocalAuthority::in_folder(folder.path()).unwrap();
    let stage = Stage::builder(Scenario::find("quickstart").unwrap()).tls(authority).start().await.unwrap();
    assert_eq!(stage.ca_file(), Some(&*folder.path().join("ca.pem")));
    drop(stage);
    assert!(folder.path().join("ca.pem").exists());
}

#[tokio::test]
async fn a_scenario_that_spoils_certificates_is_not_played_against_who_is_configured_for_http() {
    let subject = Subject::named("http:http://localhost:9/catalog-info.yaml").unwrap();
    let scenario = Scenario::find("tls-certificate-expired").unwrap();
    let report = play(&scenario, &subject, &Options::default()).await.unwrap();
    let Outcome::Skipped { reason } = report.outcome else { panic!("{:?}", report.outcome) };
    assert_eq!(reason, "it is played over TLS, and the subject is configured for http");
}
